"""Moderators let nobody new in for a while, and guests only read: the brake for when many come who should not."""

from nexus.protocol import commands as c
from nexus.protocol.events import Notice, Posted, Purged
from tests.server.test_moderation import acts, of_role
from tests.world.node import World

PASSWORD = "correct horse battery"


def test_a_pause_may_hide_what_guests_said_and_its_undoing_shows_it_again() -> None:
    world = World()
    ann, bo = of_role(world, "Ann", "moderator"), world.member("Bo", "garden")
    cy, eve = (world.guest(name, "garden") for name in ("Cy", "Eve"))
    bo.says("good day")
    for guest in (cy, eve):
        guest.says(f"buy, says {guest.name}")
    act = ann.ask(c.Pause, purge=1)
    assert act.count == 2
    assert [one.name for one in bo.heard(Purged)] == ["guests"]
    assert [one.text for one in bo.history() if isinstance(one, Posted)] == ["good day", "", ""]
    ann.ask(c.Pause, on=False)
    ann.ask(c.Pause)
    ann.ask(c.Undo, act=act.act)
    assert [one.text for one in bo.history() if isinstance(one, Posted)][1:] == ["buy, says Cy", "buy, says Eve"]
    assert cy.refused(c.Post, room="garden", text="more").code == "forbidden"  # the other pause goes on


def test_nobody_new_comes_in_and_guests_only_read_until_it_is_over() -> None:
    world = World()
    ann, bo, cy = of_role(world, "Ann", "moderator"), world.member("Bo", "garden"), world.guest("Cy", "garden")
    seq = cy.says("before").seq or 0

    ann.ask(c.Pause, reason="Spam.")

    assert ["paused" in one.text for one in cy.heard(Notice)] == [True]
    assert bo.heard(Notice) == []
    for command, fields in (
        (c.Post, {"text": "more"}),
        (c.Edit, {"seq": seq, "text": "more"}),
        (c.React, {"seq": seq, "emoji": "👍"}),
        (c.Typing, {}),
        (c.Configure, {"topic": "more"}),
    ):
        assert cy.refused(command, room="garden", **fields).code == "forbidden"
    assert cy.refused(c.Create, room="attic").code == "forbidden"
    assert "paused" in cy.refused(c.Register, name="Cy", password=PASSWORD).message
    for fields in ({}, {"password": PASSWORD, "register": True}):
        assert "paused" in world.connect("Dot").refused(c.Hello, name="Dot", **fields).message
    bo.says("still here")
    assert cy.texts()[-1] == "still here"

    ann.ask(c.Pause, on=False)

    cy.says("after")
    world.guest("Dot", "garden").says("hello")
    assert [(act.verb, act.by) for act in reversed(acts(ann))] == [("pause", "Ann"), ("unpause", "Ann")]


def test_it_holds_over_a_restart_and_who_was_here_comes_back_to_read() -> None:
    world = World()
    ann, cy = of_role(world, "Ann", "moderator"), world.guest("Cy", "garden")
    ann.ask(c.Pause)
    world.crash()

    again = world.connect("Cy")
    again.hello(session=cy.secret)
    again.join("garden")

    assert again.refused(c.Post, room="garden", text="hello").code == "forbidden"
    assert "paused" in world.connect("Dot").refused(c.Hello, name="Dot").message


def test_it_is_one_act_that_can_be_taken_back_once() -> None:
    world = World()
    ann, cy = of_role(world, "Ann", "moderator"), world.guest("Cy", "garden")
    act = ann.ask(c.Pause).act or 0
    assert ann.refused(c.Pause).code == "bad_request"
    assert ann.ask(c.Acts).paused is True

    ann.ask(c.Undo, act=act)

    assert ann.ask(c.Acts).paused is False
    cy.says("as before")
    assert ann.refused(c.Undo, act=act).code == "forbidden"
    assert ann.refused(c.Pause, on=False).code == "bad_request"
    for person in (cy, world.member("Bo")):
        assert person.refused(c.Pause).code == "forbidden"


def test_what_a_guest_says_is_looked_at_again_where_it_is_stored() -> None:
    world = World()
    cy = world.guest("Cy", "garden")
    world.durable.pause[1] = 1  # decided a moment ago; nobody here knows yet

    refused = cy.refused(c.Post, room="garden", text="late", nonce="n-1")

    assert "paused" in refused.message
    assert "late" not in [getattr(one.event, "text", "") for one in world.log(1)]
