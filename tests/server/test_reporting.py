"""What people report, and what becomes of it."""

import pytest

from nexus.protocol import commands as c
from nexus.protocol.events import Notice, Posted
from tests.server.private_rooms import private
from tests.server.test_moderation import of_role
from tests.world.node import World
from tests.world.people import events_of


def test_a_report_brings_a_copy_to_the_moderators_which_outlives_the_message() -> None:
    world = World()
    ann, bo, cy = of_role(world, "Ann", "moderator"), world.member("Bo", "garden"), world.guest("Cy", "garden")
    seqs = [bo.says(f"line {number}").seq or 0 for number in range(9)]
    cy.ask(c.Report, room="garden", seq=seqs[4], reason="Rude.")
    bo.ask(c.Delete, room="garden", seq=seqs[4])

    (report,) = ann.ask(c.Reports).reports or []

    assert (report.by, report.room, report.seq, report.reason) == ("Cy", "garden", seqs[4], "Rude.")
    texts = [event.text for event in events_of(report.events) if isinstance(event, Posted)]
    assert texts == [f"line {number}" for number in range(2, 8)]
    assert [one.text for one in ann.heard(Notice)] == ["Somebody reported a message; the list of reports has it."]
    assert bo.heard(Notice) == []
    done = ann.ask(c.Mute, person=report.person, minutes=5)
    assert done.act is not None
    ann.ask(c.Settle, report=report.report, outcome="Muted.")
    assert ann.ask(c.Reports).reports == []
    assert ann.refused(c.Settle, report=report.report).code == "not_found"
    world.clock.advance(168 * 3600 + 61)
    assert not world.durable.reports


def test_the_same_message_is_reported_once_by_each_and_nobody_else_sees_it() -> None:
    world = World()
    ann, bo, cy = of_role(world, "Ann", "moderator"), world.member("Bo", "garden"), world.guest("Cy", "garden")
    seq = bo.says("rude")
    for person in (cy, cy, bo):
        person.ask(c.Report, room="garden", seq=seq.seq)
    assert [report.by for report in ann.ask(c.Reports).reports or []] == ["Cy", "Bo"]
    for command, fields in ((c.Reports, {}), (c.Settle, {"report": 1})):
        assert bo.refused(command, **fields).code == "forbidden"


@pytest.mark.parametrize("seq", [1, 99])
def test_what_is_no_message_of_a_room_that_one_may_read_is_not_reported(seq: int) -> None:
    world = World()
    ann, cy = world.member("Ann", "garden"), world.guest("Cy", "garden")
    assert cy.refused(c.Report, room="garden", seq=seq).code == "not_found"
    room = private(ann)
    ann.says("a secret", room)
    assert cy.refused(c.Report, room=room, seq=2).code == "not_found"
