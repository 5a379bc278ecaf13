"""What people are told of: mentions, levels, and rooms that another device entered or left."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.browser.wire import Wire
from tests.conformance.peer import fresh

SECRET = "correct horse"
"""The password that `registers` takes."""

NOTE_TITLES = """() => {
  window.titles = [];
  const note = () => titles.push(document.title);
  new MutationObserver(note).observe(document.querySelector('title'), { childList: true });
}"""
"""From now on keeps every title that the window has."""


def mentions_in(person: Person, room: str) -> Locator:
    """What the list says of a room's mentions."""
    link = person.page.get_by_role("navigation", name="Rooms").get_by_role("link", name=room)
    return link.get_by_role("img", name=re.compile("mention"))


def chooses(person: Person, level: str) -> None:
    """Say of what in the room one wants to be told."""
    person.page.get_by_role("button", name="About this room").click()
    person.page.get_by_role("radio", name=level).check()
    expect(person.page.get_by_text("Done.")).to_be_visible()
    person.page.keyboard.press("Escape")


def elsewhere(comes: Comes, ann: Person) -> Person:
    """The same account on another device."""
    phone = comes("Ann")
    phone.page.goto(f"{phone.url}/r/{ann.room}")
    phone.page.get_by_role("button", name="I have an account").click()
    phone.page.get_by_label("Your name").fill(ann.name)
    phone.page.get_by_label("Password").fill(SECRET)
    phone.page.keyboard.press("Enter")
    phone.name = ann.name
    return phone.is_in(ann.room)


def test_a_mention_is_counted_pointed_out_and_gone_once_it_is_seen(ann: Person, bo: Person) -> None:
    garden = ann.room
    ann.opens(fresh("kitchen"))
    bo.says("Nobody in particular")
    bo.says(f"@{ann.name} look, and @here too")
    bo.sees("look")
    expect(bo.message("look").get_by_text("@here", exact=True)).to_have_class("mention")
    expect(mentions_in(ann, garden)).to_have_accessible_name("1 message that mentions you")
    expect(ann.unread_in(garden)).to_have_accessible_name("2 unread messages")

    ann.goes_to(garden)
    expect(ann.message("look").get_by_text(f"@{ann.name}", exact=True)).to_have_class("mention own")
    expect(mentions_in(ann, garden)).to_have_count(0)
    expect(ann.unread_in(garden)).to_have_count(0)


def test_what_is_unread_is_told_also_where_the_mouse_rests(ann: Person, bo: Person) -> None:
    garden = ann.room
    ann.opens(fresh("kitchen"))
    ann.page.get_by_role("navigation", name="Rooms").get_by_role("link", name=garden).hover()
    bo.says(f"@{ann.name} look")

    expect(ann.unread_in(garden)).to_be_visible()
    link = ann.page.get_by_role("navigation", name="Rooms").get_by_role("link", name=garden)
    link.locator(".name").hover()  # it stands among the unread now
    more = ann.page.get_by_role("button", name=f"About {garden}").bounding_box()
    count = ann.unread_in(garden).bounding_box()
    assert more is not None
    assert count is not None
    assert count["x"] + count["width"] <= more["x"], "The two do not lie over each other."


def test_the_level_of_a_room_decides_what_the_title_counts(comes: Comes, garden: str, bo: Person) -> None:
    ann = comes("Ann").opens(garden)
    chooses(ann, "Mentions")
    ann.opens(fresh("kitchen"))
    bo.says("Not for Ann")
    expect(ann.unread_in(garden)).to_have_class("count faint")
    expect(ann.page).to_have_title(re.compile(r"^#kitchen"))
    bo.says(f"@{ann.name}, this is")
    expect(ann.page).to_have_title(re.compile(r"^\(1\) #kitchen"))
    expect(mentions_in(ann, garden)).to_have_class("count named")

    ann.goes_to(garden)
    chooses(ann, "Nothing")
    ann.opens(fresh("kitchen"))
    bo.says(f"@{ann.name} again")
    expect(ann.unread_in(garden)).to_have_class("dot")
    expect(ann.unread_in(garden)).to_have_accessible_name("1 message that mentions you, 1 unread message")
    expect(ann.page.get_by_role("link", name=f"{garden} muted")).to_be_visible()
    expect(ann.page).to_have_title(re.compile(r"^#kitchen"))


def test_what_one_device_does_the_other_shows(comes: Comes, garden: str, bo: Person) -> None:
    ann = comes("Ann").opens(garden).registers()
    phone, kitchen = elsewhere(comes, ann), fresh("kitchen")
    ann.opens(kitchen)
    expect(phone.page.get_by_role("link", name=kitchen)).to_be_visible()
    chooses(ann, "Nothing")
    expect(phone.page.get_by_role("link", name=f"{kitchen} muted")).to_be_visible()

    phone.opens(kitchen)
    bo.says("Read on the phone")
    expect(phone.unread_in(garden)).to_be_visible()
    phone.goes_to(garden)
    expect(phone.unread_in(garden)).to_have_count(0)
    expect(ann.unread_in(garden)).to_have_count(0)

    ann.box.fill("/leave")
    ann.box.press("Enter")
    expect(phone.page.get_by_role("link", name=kitchen)).to_have_count(0)


def test_a_room_that_was_left_elsewhere_meanwhile_is_not_entered_again(
    comes: Comes, wire: Wire, garden: str, bo: Person
) -> None:
    ann = comes("Ann", wire.url).opens(garden).registers()
    kitchen = fresh("kitchen")
    bo.opens(kitchen)
    ann.opens(kitchen)
    ann.goes_to(garden)
    phone = elsewhere(comes, ann)
    phone.opens(kitchen)
    link = ann.page.get_by_role("navigation", name="Rooms").get_by_role("link", name=kitchen)
    expect(link).to_be_visible()
    ann.loses(wire)
    leaves(phone, kitchen)
    ann.gets_back(wire)
    ann.says("Here again")
    phone.sees("Here again")
    expect(link).to_have_count(0)

    phone.opens(kitchen)
    expect(link).to_be_visible()
    ann.page.goto("about:blank")
    leaves(phone, kitchen)
    ann.page.goto(f"{wire.url}/r/{garden}")
    ann.is_in(garden)
    ann.says("And again")
    phone.sees("And again")
    expect(link).to_have_count(0)
    expect(phone.page.get_by_role("link", name=kitchen)).to_have_count(0)


def leaves(person: Person, room: str) -> None:
    """Leave a room, and look at the garden, where the other device is."""
    person.opens(room)
    person.box.fill("/leave")
    person.box.press("Enter")
    expect(person.page.get_by_role("link", name=room)).to_have_count(0)
    person.page.get_by_role("navigation", name="Rooms").get_by_role("link").first.click()


def test_messages_in_view_are_not_counted(comes: Comes, garden: str, bo: Person) -> None:
    ann = comes("Ann").opens(garden)
    expect(ann.page).to_have_title(re.compile(f"^#{ann.room}"))
    ann.page.evaluate(NOTE_TITLES)
    for number in range(5):
        bo.says(f"no. {number}")
        ann.sees(f"no. {number}")
    assert ann.page.evaluate("() => titles") == []
