"""Reading a long room: the document stays small, nothing jumps, and links lead to their message."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.person import Person, shown
from tests.conformance.peer import Peer, fresh
from tests.live.server import Server

MOST = 300
"""Messages that may be in the document (engine/stretch.js)."""

LONG = 800


@pytest.fixture(scope="module")
def dot(server: Server) -> Iterator[Peer]:
    """A bot that says much."""
    dot = Peer(server.ws)
    dot.greet(fresh("Dot"))
    yield dot
    dot.leave()


@pytest.fixture(scope="module")
def archive(dot: Peer) -> str:
    """A room in which much was said."""
    room = fresh("archive")
    dot.done("join", room=room)
    say(dot, room, [f"no. {number}." for number in range(1, LONG + 1)])
    return room


def say(dot: Peer, room: str, texts: list[str]) -> None:
    """Post many messages at once, and wait until all are stored."""
    for ref in [dot.say("post", room=room, text=text) for text in texts]:
        assert dot.reply(ref)["type"] == "done"


def scroll_to(person: Person, text: str, by: int) -> None:
    """Turn the wheel until a message is there; the document never holds too many."""
    person.log.hover()
    while person.message(text).count() == 0:
        person.page.mouse.wheel(0, by)
        assert shown(person.page) <= MOST


STANDS_AT = """([text, top]) => {
  const one = [...document.querySelectorAll('[role=log] article')].find((each) => each.textContent.includes(text));
  return one !== undefined && Math.abs(one.getBoundingClientRect().top - top) < 2;
}"""


def top_of(person: Person, text: str) -> float:
    box = person.message(text).bounding_box()
    assert box is not None
    return box["y"]


def test_a_long_room_is_read_to_its_beginning_and_back(archive: str, ann: Person) -> None:
    ann.opens(archive)
    ann.sees(f"no. {LONG}.")

    scroll_to(ann, "no. 1.", -3000)
    ann.page.get_by_role("button", name="Jump to newest").click()

    ann.sees(f"no. {LONG}.")
    expect(ann.page.get_by_role("button", name="Jump to newest")).to_have_count(0)


def test_nothing_jumps_while_one_reads(dot: Peer, garden: str, ann: Person) -> None:
    dot.done("join", room=garden)
    say(dot, garden, [f"no. {number}." for number in range(1, 120)])
    ann.sees("no. 119.")
    scroll_to(ann, "no. 60.", -500)
    ann.message("no. 80.").scroll_into_view_if_needed()
    expect(ann.page.get_by_role("button", name="Jump to newest")).to_be_visible()
    before = top_of(ann, "no. 80.")

    say(dot, garden, [f"later {number}." for number in range(30)])
    expect(ann.page.get_by_role("button", name="30 new messages")).to_be_visible()

    assert top_of(ann, "no. 80.") == before


def test_a_link_opens_its_message_with_what_is_around(archive: str, ann: Person) -> None:
    ann.opens(archive)

    ann.page.goto(f"{ann.url}/r/{archive}/400")

    expect(ann.message("no. 400.")).to_be_in_viewport()
    expect(ann.message("no. 399.")).to_be_in_viewport()
    scroll_to(ann, f"no. {LONG}.", 3000)


def test_a_room_keeps_its_place_over_switching_and_over_a_reload(archive: str, garden: str, ann: Person) -> None:
    ann.opens(archive)
    ann.sees(f"no. {LONG}.")
    scroll_to(ann, "no. 700.", -500)
    ann.message("no. 720.").scroll_into_view_if_needed()
    expect(ann.page.get_by_role("button", name=re.compile("newest"))).to_be_visible()
    before = top_of(ann, "no. 720.")

    ann.goes_to(garden)
    ann.goes_to(archive)
    expect(ann.message("no. 720.")).to_be_in_viewport()
    assert top_of(ann, "no. 720.") == before
    ann.page.reload()

    ann.is_in(archive).is_online()  # until then a line above the messages may say that there is no connection
    expect(ann.message("no. 720.")).to_be_in_viewport()
    ann.page.wait_for_function(STANDS_AT, arg=["no. 720.", before])  # once what is above it has been read


def test_a_flood_stops_nobody_from_typing(dot: Peer, garden: str, ann: Person) -> None:
    dot.done("join", room=garden)
    refs = [dot.say("post", room=garden, text=f"flood {number} **bold** `code`.") for number in range(1500)]

    ann.types("still here")
    expect(ann.box).to_have_value("still here")
    assert shown(ann.page) <= MOST
    for ref in refs:
        dot.reply(ref)

    ann.sees("flood 1499 ")
    assert shown(ann.page) <= MOST


def test_a_link_to_a_message_that_there_is_not_says_so_and_shows_the_newest(ann: Person, archive: str) -> None:
    ann.opens(archive)
    ann.page.goto(f"{ann.url}/r/{archive}/99999")
    ann.sees_said("That message does not exist")
    ann.sees(f"no. {LONG}.")
    expect(ann.page).to_have_url(re.compile(rf"/r/{archive}$"))


def test_an_unknown_address_is_reported_and_leads_to_the_previous_room(ann: Person, garden: str) -> None:
    ann.page.goto(f"{ann.url}/r/{garden}/7/seven")
    ann.sees_said("There is nothing at this address")
    ann.page.get_by_role("button", name=f"Go to #{garden}").click()
    ann.is_in(garden)


IN_VIEW = """(seq) => {
  const row = document.querySelector(`[data-seq="${seq}"]`)?.getBoundingClientRect();
  const log = document.querySelector('.log').getBoundingClientRect();
  return row !== undefined && row.bottom > log.top && row.top < log.bottom;
}"""


def test_a_link_to_an_edit_shows_what_was_said_around_it(dot: Peer, ann: Person) -> None:
    room = fresh("meadow")
    dot.done("join", room=room)
    say(dot, room, [f"no. {number}." for number in range(1, 301)])
    edit = dot.done("edit", room=room, seq=290, text="no. 290, corrected.")["seq"]
    say(dot, room, [f"no. {number}." for number in range(302, 601)])
    ann.opens(room)

    ann.page.goto(f"{ann.url}/r/{room}/{edit}")

    expect(ann.message("no. 300.")).to_be_in_viewport()
    assert ann.page.evaluate(IN_VIEW, 300)


def test_where_much_is_unread_a_button_leads_to_the_first(dot: Peer, garden: str, ann: Person) -> None:
    ann.opens(fresh("kitchen"))
    dot.done("join", room=garden)
    say(dot, garden, [f"news {number}." for number in range(200)])
    expect(ann.unread_in(garden)).to_have_accessible_name("200 unread messages")
    ann.goes_to(garden)
    expect(ann.message("news 199.")).to_be_in_viewport()
    expect(ann.page.get_by_text(re.compile("^200 new messages since [0-9]+:[0-9]+ .M$"))).to_be_in_viewport()
    ann.log.hover()  # a room that one points at in the list shows a button in the place of its count
    expect(ann.unread_in(garden)).to_have_accessible_name("200 unread messages")

    ann.page.get_by_role("button", name="Jump to first").click()

    expect(ann.message("news 0.")).to_be_in_viewport()
    expect(ann.page.get_by_role("separator", name="New")).to_be_in_viewport()
    expect(ann.unread_in(garden)).not_to_have_accessible_name("200 unread messages")
    expect(ann.unread_in(garden)).to_be_visible()  # what is below is not read yet
    ann.page.get_by_role("button", name=re.compile("new message|Jump to newest")).last.click()
    expect(ann.unread_in(garden)).to_have_count(0)


def test_much_that_is_unread_is_marked_as_read_where_one_says_so(dot: Peer, garden: str, ann: Person) -> None:
    ann.opens(fresh("kitchen"))
    dot.done("join", room=garden)
    say(dot, garden, [f"news {number}." for number in range(60)])
    ann.goes_to(garden)
    ann.log.hover()
    expect(ann.unread_in(garden)).to_have_accessible_name("60 unread messages")

    ann.page.get_by_role("button", name="Mark as read").click()

    expect(ann.unread_in(garden)).to_have_count(0)
    expect(ann.page.get_by_role("button", name="Jump to first")).to_have_count(0)
    expect(ann.message("news 59.")).to_be_in_viewport()


def test_whose_button_goes_away_is_among_the_messages_and_hears_them(dot: Peer, garden: str, ann: Person) -> None:
    keys = ann.page.keyboard
    ann.opens(fresh("kitchen"))
    dot.done("join", room=garden)
    say(dot, garden, [f"*news* {number}." for number in range(60)])
    ann.opens(garden)

    ann.page.get_by_role("button", name="Jump to first").press("Enter")
    expect(ann.message("news 0.")).to_be_in_viewport()
    expect(ann.log).to_be_focused()
    keys.press("ArrowDown")
    expect(ann.log.locator("article:focus")).to_be_in_viewport()
    expect(ann.log.locator("article:focus")).to_have_accessible_name(re.compile(r", \d.*M news \d+\.$"))

    ann.page.get_by_role("button", name=re.compile("new message|Jump to newest")).last.press("Enter")
    expect(ann.log).to_be_focused()
    keys.press("ArrowUp")
    expect(ann.message("news 59.")).to_be_focused()
    expect(ann.message("news 59.")).to_have_accessible_name(re.compile(r"Dot.*, \d.*[MP]M news 59\.$"))


def test_a_message_is_unread_again_from_where_one_says_so(dot: Peer, garden: str, ann: Person) -> None:
    ann.opens(garden)
    dot.done("join", room=garden)
    say(dot, garden, ["one.", "two.", "three."])
    ann.sees("three.")

    message = ann.message("two.")
    message.hover()
    message.get_by_role("button", name="Mark unread from here").click()

    expect(ann.unread_in(garden)).to_have_accessible_name("2 unread messages")
    below = "() => document.querySelector('.new')?.nextElementSibling?.querySelector('.text')?.textContent"
    ann.page.wait_for_function(f"() => ({below})() === 'two.'")
    say(dot, garden, ["four."])
    expect(ann.unread_in(garden)).to_have_accessible_name("3 unread messages")
    ann.page.reload()
    ann.is_in(garden).is_online()
    ann.log.hover()
    expect(ann.unread_in(garden)).to_have_accessible_name("3 unread messages")
    ann.page.evaluate("() => dispatchEvent(new Event('focus'))")  # as somebody does who comes back
    expect(ann.unread_in(garden)).to_have_accessible_name("3 unread messages")
    ann.opens(fresh("kitchen"))
    ann.goes_to(garden)
    expect(ann.unread_in(garden)).to_have_count(0)


def test_the_line_new_is_drawn_again_for_each_absence(dot: Peer, garden: str, comes: Comes) -> None:
    ann = comes("Ann").opens(garden)
    dot.done("join", room=garden)
    ann.page.evaluate("() => { document.hasFocus = () => false; dispatchEvent(new Event('blur')); }")
    say(dot, garden, ["first absence"])
    ann.sees("first absence")
    ann.page.evaluate("() => { document.hasFocus = () => true; dispatchEvent(new Event('focus')); }")
    expect(ann.page.get_by_role("separator", name="New")).to_be_visible()
    say(dot, garden, ["while she looks on"])
    ann.sees("while she looks on")
    ann.page.wait_for_function("() => !document.title.startsWith('(')")
    ann.page.evaluate("() => { document.hasFocus = () => false; dispatchEvent(new Event('blur')); }")
    say(dot, garden, ["second absence"])
    ann.sees("second absence")

    below = "() => document.querySelector('.new')?.nextElementSibling?.querySelector('.text')?.textContent"
    ann.page.wait_for_function(f"() => ({below})() === 'second absence'")
