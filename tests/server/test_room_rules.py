"""What may be done in a room, and by whom: rooms that are archived, slowed, for members, or not for guests."""

from collections.abc import Callable

import pytest

from nexus.core.person import person_of
from nexus.ports import Unavailable
from nexus.protocol import commands as c
from nexus.protocol.events import Member
from nexus.protocol.replies import Done, Refused
from nexus.settings import Limits
from tests.world.node import World
from tests.world.people import Person


def test_an_archived_room_is_read_only() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.guest("Bo")
    ann.ask(c.Create, room="shed")
    ann.join("shed")
    bo.join("shed")
    seq = bo.says("hello", "shed").seq or 0
    assert bo.refused(c.Configure, room="shed", archived=True).code == "forbidden"
    ann.ask(c.Configure, room="shed", archived=True)
    for person in (ann, bo):
        assert person.refused(c.Post, room="shed", text="more").code == "forbidden"
        assert person.refused(c.React, room="shed", seq=seq, emoji="👍").code == "forbidden"
    bo.ask(c.Delete, room="shed", seq=seq)
    assert len(bo.history("shed")) > 1
    ann.ask(c.Configure, room="shed", archived=False)
    bo.says("again", "shed")


@pytest.mark.parametrize(
    ("posting", "may"), [("everyone", ["Ann", "Bo", "Cy"]), ("members", ["Ann", "Bo"]), ("moderators", ["Ann"])]
)
def test_who_talks_in_a_room_is_said_by_it(posting: str, may: list[str]) -> None:
    world = World()
    ann, bo, cy = world.member("Ann"), world.member("Bo"), world.guest("Cy")
    ann.ask(c.Create, room="shed")
    for person in (ann, bo, cy):
        person.join("shed")
    ann.ask(c.Configure, room="shed", posting=posting)
    talked = [person.name for person in (ann, bo, cy) if says(person, "shed")]
    assert talked == may


def says(person: Person, room: str) -> bool:
    """Whether they may say something."""
    reply = person.reply(person.sends(c.Post, room=room, text="hello"))
    assert reply is not None
    return getattr(reply, "code", "") != "forbidden"


def test_slow_mode_makes_everyone_wait_but_moderators() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo")
    ann.ask(c.Create, room="shed")
    for person in (ann, bo):
        person.join("shed")
    ann.ask(c.Configure, room="shed", slow=30)
    bo.says("one", "shed")
    refused = bo.refused(c.Post, room="shed", text="two")
    assert (refused.code, refused.retry_after) == ("too_fast", 30)
    ann.says("one", "shed")
    ann.says("two", "shed")
    world.clock.advance(30)
    bo.says("two", "shed")


def slow_shed(world: World, seconds: int = 30) -> tuple[Person, Person]:
    """Ann, who moderates a room where everybody else waits between two messages, and Bo."""
    ann, bo = world.member("Ann"), world.member("Bo")
    ann.ask(c.Create, room="shed")
    for person in (ann, bo):
        person.join("shed")
    ann.ask(c.Configure, room="shed", slow=seconds)
    return ann, bo


def test_a_message_that_is_not_stored_makes_nobody_wait() -> None:
    world = World(limits=Limits(text=10))
    _, bo = slow_shed(world)
    assert bo.refused(c.Post, room="shed", text="far too long").code == "too_large"
    assert bo.refused(c.Post, room="shed", text="what?", reply_to=99).code == "not_found"
    world.store.fail = failing("written")
    assert bo.refused(c.Post, room="shed", text="lost").code == "unavailable"
    world.store.fail = None
    bo.says("one", "shed")


def failing(point: str) -> Callable[[str], None]:
    """A disk that fails at a point of a commit."""

    def fail(reached: str) -> None:
        if reached == point:
            raise Unavailable("The disk failed.")

    return fail


def test_a_retry_in_a_slowed_room_is_answered_with_what_was_stored() -> None:
    world = World()
    _, bo = slow_shed(world)
    seq = bo.says("one", "shed", nonce="n1").seq
    assert bo.says("one", "shed", nonce="n1").seq == seq
    assert bo.refused(c.Post, room="shed", text="two", nonce="n2").retry_after == 30
    world.crash()
    again = world.connect("Bo")
    again.hello(session=bo.secret)
    again.join("shed")
    assert again.says("one", "shed", nonce="n1").seq == seq
    assert again.refused(c.Post, room="shed", text="two", nonce="n2").retry_after == 30
    world.clock.advance(30)
    again.says("two", "shed", nonce="n2")


def test_two_messages_of_one_moment_are_one_too_many() -> None:
    world = World()
    _, bo = slow_shed(world)
    first, second = (bo.sends(c.Post, room="shed", text=text) for text in ("one", "two"))
    assert isinstance(bo.reply(first), Done)
    assert isinstance(bo.reply(second), Refused)
    assert bo.texts("shed") == ["one"]


def test_guests_who_may_not_be_in_a_room_leave_it_at_once_and_find_it_no_more() -> None:
    world = World()
    ann, cy = world.member("Ann"), world.guest("Cy")
    ann.ask(c.Create, room="shed")
    ann.join("shed")
    cy.join("shed")
    ann.ask(c.Configure, room="shed", guests="read")
    assert cy.refused(c.Post, room="shed", text="hello").code == "forbidden"

    ann.ask(c.Configure, room="shed", guests="none")
    ann.says("alone", "shed")

    assert cy.heard(Member)[-1].member is False
    assert cy.texts("shed") == []
    for command in (c.History, c.Join, c.Who):
        assert cy.refused(command, room="shed").code == "not_found"
    assert [one.name for one in cy.ask(c.Rooms).rooms or ()] == []


def test_a_guest_who_was_taken_out_does_not_come_back() -> None:
    world = World()
    ann, cy = world.member("Ann"), world.guest("Cy")
    ann.ask(c.Create, room="shed")
    ann.join("shed")
    cy.join("shed")
    person = {one.name: one.person for one in ann.ask(c.Who, room="shed").members or ()}["Cy"]

    ann.ask(c.Remove, room="shed", person=person)

    assert cy.refused(c.Join, room="shed").code == "forbidden"
    assert cy.refused(c.Post, room="shed", text="hello").code == "not_joined"
    world.crash()
    again = world.connect("Cy")
    again.hello(session=cy.secret)
    assert again.refused(c.Join, room="shed").code == "forbidden"


def test_the_id_of_a_guest_says_nothing_of_their_session() -> None:
    world = World()
    cy = world.guest("Cy")
    assert cy.session is not None
    assert str(cy.session.id) not in person_of(cy.session.author, world.store.key)
