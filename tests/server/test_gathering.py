"""A private room made out of a direct one: for the same people, at once, and for nobody else."""

from typing import Any

import pytest

from nexus.protocol import commands as c
from nexus.protocol.events import Joined, Member, Posted
from nexus.protocol.replies import Done
from nexus.protocol.types import RoomInfo
from nexus.server.gathering import MOST_COPIED
from nexus.settings import Limits, Rooms
from tests.world.node import World
from tests.world.people import Person


def town(**settings: Any) -> tuple[World, Person, Person, Person, str]:
    """Ann and Bo talk by themselves; Cy has an account too."""
    world = World(**settings)
    ann, bo, cy = (world.member(name, "garden") for name in ("Ann", "Bo", "Cy"))
    room = ann.ask(c.Direct, names=["Bo"]).room
    assert room is not None
    ann.join(room.name)
    ann.says("secret plan", room.name)
    bo.join(room.name)
    bo.says("agreed", room.name)
    return world, ann, bo, cy, room.name


def gather(person: Person, room: str, *, history: bool = True, title: str = "Plans") -> RoomInfo:
    made = person.ask(c.Create, kind="private", title=title, from_=room, history=history).room
    assert made is not None
    return made


@pytest.mark.parametrize("history", [True, False])
def test_its_people_have_the_room_at_once_on_every_device(history: bool) -> None:
    world, ann, bo, cy, direct = town()
    second = world.connect("Bo")
    second.hello(name="Bo", password="correct horse")

    made = gather(ann, direct, history=history)

    assert (made.kind, made.title, made.role, made.member) == ("private", "Plans", "owner", True)
    for device in (bo, second):
        told = [one for one in device.heard(Member) if one.room == made.name]
        assert told == [Member(room=made.name, member=True, name="Bo", role="member", by="Ann")]
    bo.join(made.name, last=10)
    assert bo.texts(made.name) == (["secret plan", "agreed"] if history else [])
    assert [one.by for one in bo.history(made.name) if isinstance(one, Joined)] == ["Ann", "Bo"]
    assert {one.name: one.place for one in bo.ask(c.Who, room=made.name).members or ()} == {
        "Ann": "owner",
        "Bo": "member",
    }
    ann.join(made.name)
    ann.says("welcome", made.name)
    assert bo.texts(made.name)[-1] == "welcome"
    ann.ask(c.Add, room=made.name, name="Cy")
    cy.join(made.name, last=10)
    assert cy.texts(made.name) == [*(["secret plan", "agreed"] if history else []), "welcome"]
    assert len([one for one in ann.history(direct) if isinstance(one, Posted)]) == 2


def test_what_was_unread_stays_so() -> None:
    _, ann, bo, _, direct = town()
    bo.ask(c.Read, room=direct, seq=1)
    ann.says("unread @Bo", direct)
    made = gather(ann, direct)
    told = {one.name: (one.unread, one.mentions) for one in bo.ask(c.Rooms).rooms or ()}
    assert told[made.name] == told[direct] == (1, 1)


def test_only_its_people_make_a_room_of_it_and_only_of_a_direct_one() -> None:
    world, ann, bo, cy, direct = town()
    private = gather(bo, direct).name
    wanted = {"kind": "private", "title": "Plans"}
    assert cy.refused(c.Create, **wanted, from_=direct).code == "not_found"
    assert world.guest("Dot").refused(c.Create, **wanted, from_=direct).code == "not_found"
    for room in ("garden", private):
        assert bo.refused(c.Create, **wanted, from_=room).code == "bad_request"
    assert ann.refused(c.Create, kind="open", room="plans", from_=direct).code == "bad_request"
    assert ann.refused(c.Create, kind="private", title=" ", from_=direct).code == "bad_request"
    assert ann.refused(c.Create, **wanted, from_="nowhere").code == "not_found"


def test_who_may_make_no_rooms_makes_none_of_a_direct_one() -> None:
    world = World(rooms=Rooms(create="admins"))
    ann = world.member("Ann")
    direct = getattr(ann.ask(c.Direct, names=[]).room, "name", "")
    assert ann.refused(c.Create, kind="private", title="Plans", from_=direct).code == "forbidden"


def test_so_much_is_copied_and_no_more() -> None:
    world, ann, _, _, direct = town()
    room = next(room for room in world.node.active_rooms.by_id.values() if room.name == direct)
    room.head = MOST_COPIED + 1
    refused = ann.refused(c.Create, kind="private", title="Plans", from_=direct, history=True)
    assert refused.code == "too_large"
    assert gather(ann, direct, history=False).member


def test_what_is_copied_counts_as_stored() -> None:
    _, ann, _, _, direct = town(limits=Limits(day_bytes=6000))
    for number in range(12):
        ann.says(f"{number}", direct)
    refusals = [
        ann.reply(ann.sends(c.Create, kind="private", title="Plans", from_=direct, history=True)) for _ in range(5)
    ]
    assert getattr(refusals[-1], "code", "") == "too_many"


def test_one_room_is_made_at_a_time() -> None:
    world, ann, bo, _, direct = town()
    world.threads.held = True
    first = ann.sends(c.Create, kind="private", title="One", from_=direct)
    world.settle()
    assert bo.refused(c.Create, kind="private", title="Two", from_=direct).retry_after == 1.0
    world.threads.held = False
    world.threads.release()
    assert isinstance(ann.reply(first), Done)
    assert gather(bo, direct, title="Two").title == "Two"


def test_what_a_crash_interrupted_is_finished_by_the_next_start() -> None:
    world, ann, _, _, direct = town()
    steps = 0

    def crash(point: str) -> None:
        nonlocal steps
        steps += point == "begin"
        if steps == 3:
            raise SystemExit

    world.store.fail = crash
    with pytest.raises(SystemExit):
        ann.ask(c.Create, kind="private", title="Plans", from_=direct, history=True)
    assert len(world.store.copies()) == 1
    world.store.fail = None
    world.crash()
    world.settle()

    assert world.store.copies() == []
    bo = world.connect("Bo")
    told = bo.hello(name="Bo", password="correct horse").rooms or []
    (made,) = [room.name for room in told if room.title == "Plans"]
    assert [one.text for one in bo.history(made) if isinstance(one, Posted)] == ["secret plan", "agreed"]


def test_a_full_disk_delays_the_room_and_does_not_lose_it() -> None:
    world, ann, bo, _, direct = town()
    steps = 0

    def full(point: str) -> None:
        nonlocal steps
        steps += point == "begin"
        if steps >= 3:
            raise OSError("full")

    world.store.fail = full
    assert ann.refused(c.Create, kind="private", title="Plans", from_=direct, history=True).code == "unavailable"
    world.store.fail = None
    world.clock.advance(120)
    assert [room.title for room in bo.ask(c.Rooms).rooms or () if room.title] == ["Plans"]
    assert [one.by for one in bo.heard(Member) if one.by == "Ann"] == ["Ann"]
