"""People erase their account: what is left of them, and what comes of what they said."""

import pytest

from nexus.core.people import FORMER_NAME
from nexus.protocol import commands as c
from nexus.protocol.events import Deleted, Goodbye, Posted
from tests.server.test_moderation import acts, of_role
from tests.world.node import World
from tests.world.people import Person

PASSWORD = "correct horse"


def said(person: Person, room: str = "garden") -> list[tuple[str, str]]:
    """Who said what in a room; the text is empty where it is deleted."""
    events = person.history(room)
    return [(event.by, event.text) for event in events if isinstance(event, Posted)]


@pytest.mark.parametrize(("messages", "left"), [("keep", "hello"), ("remove", "")])
def test_an_account_is_gone_and_its_messages_are_those_of_a_former_member(messages: str, left: str) -> None:
    world = World()
    bo, cy = world.member("Bo", "garden"), world.guest("Cy", "garden")
    room = bo.ask(c.Create, kind="private", title="Plans").room
    assert room is not None
    ann = world.member("Ann", "garden")
    bo.ask(c.Add, room=room.name, name="Ann")
    ann.says("hello")
    ann.join(room.name)
    ann.says("a secret", room.name)

    ann.ask(c.Erase, password=PASSWORD, messages=messages)

    assert [event.code for event in ann.heard(Goodbye)] == ["ended"]
    assert said(cy) == [(FORMER_NAME, left)]
    assert said(bo, room.name) == [(FORMER_NAME, "a secret" if left else "")]
    assert len(cy.heard(Deleted)) == (0 if left else 1)
    assert world.connect("Ann").refused(c.Hello, name="Ann", password=PASSWORD).code == "unauthorised"
    assert world.durable.removals == {}
    assert [(act.verb, act.by) for act in acts(of_role(world, "Mo", "moderator"))][-1] == ("erase", FORMER_NAME)


def test_only_who_knows_the_password_erases_an_account_and_a_guest_has_none() -> None:
    world = World()
    ann, cy = world.member("Ann", "garden"), world.guest("Cy", "garden")

    assert ann.refused(c.Erase, password="wrong horse").code == "unauthorised"
    assert cy.refused(c.Erase, password=PASSWORD).code == "forbidden"

    ann.says("still here")


def test_a_crash_in_the_middle_does_not_keep_what_was_to_be_deleted() -> None:
    world = World()
    ann, bo = world.member("Ann", "garden"), world.member("Bo", "garden")
    ann.says("one")
    ann.says("two")
    account = next(one.id for one in world.durable.accounts.values() if one.name == "Ann")
    world.durable.removals[account] = True  # as the transaction of an erasure leaves it

    world.crash()

    again = world.connect("Bo")
    again.hello(session=bo.secret)
    again.join("garden")
    assert [text for _, text in said(again)] == ["", ""]
    assert world.durable.removals == {}
