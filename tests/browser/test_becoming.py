"""What a room becomes: it is renamed, opened to everyone, or made out of a conversation."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.browser.test_private import about_room, begins, makes_private, members
from tests.browser.wire import Wire
from tests.live.server import Server


@pytest.fixture
def wire(server: Server) -> Iterator[Wire]:
    wire = Wire(server.port)
    yield wire
    wire.cut()


def called(garden: str) -> str:
    """Another name for the room, which no other test uses."""
    return f"meadow-{garden}"[:60]


def rooms_of(person: Person) -> list[str]:
    """The rooms in the list."""
    return person.page.get_by_role("navigation", name="Rooms").get_by_role("link").all_inner_texts()


def renames(person: Person, name: str) -> None:
    """Give the room another name, in its dialog."""
    about = about_room(person)
    about.get_by_label("Name").fill(name)
    about.get_by_role("button", name="Rename").click()
    expect(person.page.get_by_role("dialog", name=f"#{name}")).to_be_visible()
    person.page.keyboard.press("Escape")


def test_a_room_is_renamed_while_people_are_in_it(comes: Comes, garden: str) -> None:
    ann, bo = members(comes, garden)
    shed = f"shed-{garden}"[:60]
    for person in (ann, bo):
        person.opens(shed)
    bo.types("half a thought")
    name = called(garden)

    renames(ann, name)

    for person in (ann, bo):
        person.is_in(name)
        expect(person.page).to_have_url(re.compile(f"/r/{name}$"))
        person.sees_said(f"{ann.name} renamed this room to #{name}")
        assert not any(one.startswith(shed) for one in rooms_of(person))
    expect(bo.box).to_have_value("half a thought")
    bo.says("a whole thought")
    ann.sees("a whole thought")
    ann.page.goto(ann.page.url.replace(name, shed))
    ann.is_in(name)
    expect(ann.page).to_have_url(re.compile(f"/r/{name}$"))
    ann.sees("a whole thought")


def test_who_was_away_finds_the_room_under_its_new_name(comes: Comes, wire: Wire, garden: str) -> None:
    ann = comes("Ann").opens(garden).registers()
    bo = comes("Bo", wire.url).opens(garden)
    shed, name = f"shed-{garden}"[:60], called(garden)
    for person in (ann, bo):
        person.opens(shed)
    bo.loses(wire)
    bo.says("while away")

    renames(ann, name)
    bo.gets_back(wire)

    bo.is_in(name)
    ann.sees("while away")
    expect(bo.page).to_have_url(re.compile(f"/r/{name}$"))


def test_a_private_room_is_opened_once_its_owner_has_read_what_that_means(comes: Comes, garden: str) -> None:
    ann, bo = members(comes, garden)
    makes_private(ann, "Spring plans")
    ann.says("roses along the wall")
    about = about_room(ann)
    about.get_by_role("button", name="Make it open to everyone").click()
    expect(about.get_by_role("alert")).to_contain_text(
        "Everyone will be able to read everything that was ever said here"
    )
    expect(about.get_by_label("Name")).to_have_value("spring-plans")
    about.get_by_role("button", name="Leave it private").click()
    expect(about.get_by_role("alert")).to_have_count(0)
    about.get_by_role("button", name="Make it open to everyone").click()
    name = called(garden)
    about.get_by_label("Name").fill(name)
    about.get_by_role("button", name="Open it to everyone").click()

    ann.sees_said(f"{ann.name} opened this room to everyone, as #{name}")
    ann.page.keyboard.press("Escape")
    ann.is_in(name)
    bo.opens(name)
    bo.sees("roses along the wall")


def test_a_conversation_becomes_a_private_room_with_what_was_said(comes: Comes, garden: str) -> None:
    ann, bo = members(comes, garden)
    begins(ann, "Write to someone", bo.name, "Write")
    ann.is_in(bo.name)
    ann.says("who brings the cake?")
    bo.goes_to(ann.name)
    about = about_room(ann)
    about.get_by_label("Make it a private room").fill("Cake")
    about.get_by_role("button", name="Create room").click()

    ann.is_in("Cake")
    ann.sees("who brings the cake?")
    bo.goes_to("Cake")
    bo.sees("who brings the cake?")
    about = about_room(ann)
    expect(about.get_by_role("button", name=bo.name)).to_be_visible()
