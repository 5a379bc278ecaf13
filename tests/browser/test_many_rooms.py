"""The list of rooms goes by need, and the switcher finds what one most likely means."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.browser.test_news import NOTIFIED, asks_for_news, with_tray
from tests.conformance.peer import Peer, fresh
from tests.live.server import Server


@pytest.fixture
def peer(server: Server) -> Iterator[Peer]:
    """Somebody with an account, who talks from elsewhere."""
    one = Peer(server.ws)
    one.greet(fresh("Dot"))
    one.done("register", name=one.name, password="correct horse")
    yield one
    one.leave()


def section(person: Person, name: str) -> Locator:
    """The rooms in one part of the list."""
    return person.page.get_by_role("navigation", name="Rooms").get_by_role("list", name=name, exact=True)


def names(found: Locator) -> list[str]:
    """What the rooms of a list are called, in its order."""
    return found.get_by_role("listitem").locator(".name").all_inner_texts()


def about(person: Person, room: str, what: str) -> None:
    """Choose something in the dialog about a room, from the list."""
    person.page.get_by_role("button", name=f"About {room}").click()
    dialog = person.page.get_by_role("dialog")
    dialog.get_by_role("radio", name=what).or_(dialog.get_by_role("button", name=what)).click()
    person.page.keyboard.press("Escape")
    expect(person.page.get_by_role("dialog")).to_have_count(0)


def test_rooms_stand_by_need_those_that_call_first_and_those_that_are_muted_last(comes: Comes, peer: Peer) -> None:
    apple, birch, cedar, daisy = (fresh(word) for word in ("apple", "birch", "cedar", "daisy"))
    ann = comes("Ann").opens(apple).registers()
    for room in (birch, cedar, daisy):
        ann.opens(room)
        peer.done("join", room=room)
    about(ann, birch, "Add to favourites")
    about(ann, cedar, "Nothing")
    expect(section(ann, "Muted").get_by_role("listitem")).to_have_count(1)
    ann.opens(apple)
    for room in (cedar, daisy):
        peer.post(room, f"@{ann.name} look")

    expect(ann.unread_in(daisy)).to_be_visible()
    parts = {part: names(section(ann, part)) for part in ("Unread", "Favourites", "Rooms", "Muted")}
    assert parts == {"Unread": [daisy], "Favourites": [birch], "Rooms": [apple], "Muted": [cedar]}
    expect(ann.unread_in(cedar)).to_have_class("dot")
    expect(ann.page).to_have_title(f"(1) #{apple} · Nexus")

    ann.goes_to(daisy)
    ann.sees("look")
    expect(ann.page).to_have_title(f"#{daisy} · Nexus")
    assert names(section(ann, "Unread")) == [daisy], "it stays under one's finger while one reads it"
    ann.goes_to(birch)
    assert names(section(ann, "Rooms")) == [apple, daisy]
    ann.page.reload()
    ann.is_in(birch)
    expect(section(ann, "Favourites").get_by_role("listitem")).to_have_count(1)
    assert names(section(ann, "Favourites")) == [birch]


def test_a_room_with_something_half_written_is_marked(ann: Person) -> None:
    garden = ann.room
    ann.types("half a thought")
    ann.opens(fresh("kitchen"))
    link = ann.page.get_by_role("navigation", name="Rooms").get_by_role("link", name=garden)
    expect(link).to_have_accessible_name(f"{garden} draft")
    ann.goes_to(garden)
    expect(link).to_have_accessible_name(garden)
    ann.box.fill("")


def test_the_switcher_puts_what_calls_first_and_finds_people_too(comes: Comes, peer: Peer) -> None:
    word = fresh("plan")
    rooms = [f"{word}-a", f"{word}-b", f"{word}-c"]
    ann = comes("Ann").opens(rooms[0]).registers()
    for room in rooms:
        ann.opens(room)
        peer.done("join", room=room)
    ann.opens(rooms[2])
    peer.post(rooms[0], "look")
    expect(ann.unread_in(rooms[0])).to_be_visible()

    ann.page.keyboard.press("Control+k")
    box, options = ann.page.get_by_role("combobox", name="Room or person"), ann.page.get_by_role("option")
    box.fill(word)
    expect(options.nth(0)).to_contain_text(rooms[0])
    expect(options.nth(1)).to_contain_text(rooms[2])
    box.fill(peer.name.lower())
    expect(options.first).to_contain_text(peer.name)
    box.press("Enter")
    expect(ann.page.get_by_role("heading", name=peer.name, level=1)).to_be_visible()


def test_an_account_in_many_rooms_counts_what_is_said_in_those_it_is_not_in(
    comes: Comes, server: Server, peer: Peer
) -> None:
    rooms = [fresh(f"room{number:02}") for number in range(30)]
    ann = comes("Ann").opens(rooms[0]).registers()
    other = Peer(server.ws)
    other.greet(ann.name, password="correct horse")
    for room in rooms:
        other.done("join", room=room)
    for room in rooms:
        peer.done("join", room=room)
    ann.page.reload()
    ann.is_in(rooms[0])
    for room in rooms[1:]:
        peer.post(room, f"hello, @{ann.name}")
    expect(ann.page).to_have_title(f"(29) #{rooms[0]} · Nexus")
    ann.goes_to(rooms[1])
    ann.sees("hello")
    expect(ann.page).to_have_title(f"(28) #{rooms[1]} · Nexus")
    other.leave()


def plain(comes: Comes, room: str) -> Person:
    """Ann, in a room."""
    return comes("Ann").opens(room)


def far_rooms(
    comes: Comes, server: Server, peer: Peer, opens: Callable[[Comes, str], Person] = plain
) -> tuple[Person, list[str]]:
    """Ann belongs to thirty rooms and looks at the first; in the last twenty something was said more recently."""
    rooms = [fresh(f"room{number:02}") for number in range(30)]
    ann = opens(comes, rooms[0]).registers()
    other = Peer(server.ws)
    other.greet(ann.name, password="correct horse")
    for room in rooms:
        other.done("join", room=room)
        peer.done("join", room=room)
    other.leave()
    for room in rooms[10:]:
        peer.post(room, "quiet")
    ann.page.reload()
    return ann.is_in(rooms[0]), rooms


def test_a_room_that_was_far_opens_at_what_is_new_and_counts_until_it_is_seen(
    comes: Comes, server: Server, peer: Peer
) -> None:
    ann, rooms = far_rooms(comes, server, peer)
    far = rooms[1]
    for number in range(60):
        peer.post(far, f"news {number}\n\nwith more lines")
    expect(ann.unread_in(far)).to_have_accessible_name("60 unread messages")
    ann.goes_to(far)
    expect(ann.page.get_by_role("group", name="60 new messages")).to_be_visible()
    ann.page.get_by_role("button", name="Jump to first").click()
    expect(ann.message("news 0")).to_be_in_viewport()
    peer.done("typing", room=far)
    ann.says("I am here")
    ann.sees("I am here")


def test_a_favourite_is_one_on_every_device_also_one_from_before_there_was_an_account(
    comes: Comes, server: Server
) -> None:
    apple, birch = fresh("apple"), fresh("birch")
    ann = comes("Ann").opens(apple)
    about(ann, apple, "Add to favourites")
    ann.registers().opens(birch)
    about(ann, birch, "Add to favourites")
    phone = Peer(server.ws)
    phone.done("hello", name=ann.name, password="correct horse")
    chosen = [room["name"] for room in phone.done("rooms")["rooms"] if room.get("favourite")]
    assert sorted(chosen) == sorted([apple, birch])

    phone.done("level", room=birch, favourite=False)

    expect(section(ann, "Favourites").get_by_role("link", name=apple)).to_be_visible()
    expect(section(ann, "Favourites").get_by_role("link", name=birch)).to_have_count(0)
    phone.leave()


def test_a_far_room_is_muted_favoured_and_left_from_the_list(comes: Comes, server: Server, peer: Peer) -> None:
    ann, rooms = far_rooms(comes, server, peer)
    about(ann, rooms[1], "Nothing")
    about(ann, rooms[2], "Add to favourites")
    about(ann, rooms[3], "Leave room")
    expect(section(ann, "Muted").get_by_role("link", name=rooms[1])).to_be_visible()
    expect(section(ann, "Favourites").get_by_role("link", name=rooms[2])).to_be_visible()
    expect(ann.page.get_by_role("navigation", name="Rooms").get_by_role("link", name=rooms[3])).to_have_count(0)
    expect(ann.page.get_by_role("heading", name=rooms[0], level=1)).to_be_visible()


def test_a_far_room_notifies_with_its_text_which_is_taken_back_when_it_is_deleted(
    comes: Comes, server: Server, peer: Peer
) -> None:
    ann, rooms = far_rooms(comes, server, peer, with_tray)
    asks_for_news(ann)
    seq = peer.post(rooms[1], "a secret of mine")
    ann.page.evaluate(NOTIFIED, [f"{peer.name}: a secret of mine"])
    peer.done("delete", room=rooms[1], seq=seq)
    ann.page.evaluate(NOTIFIED, [])
