"""Coming back to rooms: what was missed, where one is not any more, and histories that were replaced."""

from nexus.protocol import commands as c
from nexus.protocol.events import (
    Member,
    Notice,
    Posted,
    Reset,
    Skipped,
)
from nexus.protocol.types import Position
from nexus.settings import Limits
from tests.world.node import World


def test_resuming_brings_exactly_what_was_missed() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    ann.says("seen")
    seen = bo.heard(Posted)[-1]
    bo.drops()
    for number in range(20):
        ann.says(f"m{number}")

    again = world.connect("Bo")
    again.hello(session=bo.secret, resume={"garden": Position(seen.seq, seen.at)})
    ann.says("after")

    assert again.texts() == [*(f"m{number}" for number in range(20)), "after"]


def test_resuming_after_a_crash_needs_no_name_and_loses_nothing() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    ann.says("seen")
    seen = bo.heard(Posted)[-1]
    ann.says("missed")
    world.crash()

    again = world.connect("Bo")
    done = again.hello(session=bo.secret, resume={"garden": Position(seen.seq, seen.at)})

    assert done.you is not None
    assert done.you.name == "Bo"
    assert again.texts() == ["missed"]


def test_a_hello_makes_no_room_and_nobody_a_member_of_one() -> None:
    world = World()
    world.guest("Ann", "garden")
    world.member("Bo", "kitchen").drops()

    again = world.connect("Bo")
    done = again.hello(
        name="Bo", password="correct horse", resume={name: Position(0) for name in ("garden", "kitchen", "shed")}
    )

    assert [(room.name, room.here) for room in done.rooms or []] == [("kitchen", ["Bo"])]
    assert sorted(room.name for room in world.durable.rooms.values()) == ["garden", "kitchen"]
    assert [notice.text for notice in again.heard(Notice)] == ["There is no room 'shed'."]
    assert again.heard(Member) == [Member(room="garden", member=False)]


def test_who_left_a_room_on_another_device_is_not_back_in_it_by_coming_back() -> None:
    world = World()
    phone = world.member("Bo", "garden")
    laptop = world.connect("Bo")
    laptop.hello(name="Bo", password="correct horse")
    laptop.join()
    laptop.drops()
    phone.ask(c.Leave, room="garden")

    done = world.connect("Bo").hello(session=laptop.secret, resume={"garden": Position(0)})

    assert done.rooms == []
    assert not world.durable.members


def test_a_guest_goes_on_only_where_their_session_was() -> None:
    world = World()
    world.guest("Ann", "garden", "kitchen")
    bo = world.guest("Bo", "garden")
    bo.drops()

    done = world.connect("Bo").hello(session=bo.secret, resume={"garden": Position(0), "kitchen": Position(0)})
    assert [room.name for room in done.rooms or []] == ["garden"]

    stranger = world.connect("Cy").hello(name="Cy", resume={"garden": Position(0)})
    assert stranger.rooms == []


def test_someone_far_behind_gets_a_skipped_event() -> None:
    world = World(limits=Limits(catch_up=10, tail_events=5))
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    ann.says("seen")
    seen = bo.heard(Posted)[-1]
    bo.drops()
    for number in range(30):
        ann.says(f"m{number}")

    again = world.connect("Bo")
    again.hello(session=bo.secret, resume={"garden": Position(seen.seq, seen.at)})

    assert again.heard(Skipped) == [Skipped(room="garden", from_=2, to=21)]
    assert [event.seq for event in again.heard(Posted)] == list(range(22, 32))


def test_a_history_that_was_replaced_is_reset() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    ann.says("one")
    for wrong in (Position(99, 1), Position(1, 12345)):
        bo = world.guest(f"Bo{wrong.seq}")

        bo.join(after=wrong)

        assert bo.heard(Reset) == [Reset(room="garden")]
        assert bo.texts() == ["one"]


def test_a_position_without_its_time_is_taken_by_its_seq() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    for number in range(8):
        ann.says(f"m{number}")

    bo = world.guest("Bo")
    bo.join(after=Position(2))

    assert bo.texts() == [f"m{number}" for number in range(2, 8)]
    assert not bo.heard(Reset)


def test_resuming_brings_who_is_here_now() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    ann.says("hello")
    seen = bo.heard(Posted)[-1]
    bo.drops()
    ann.ask(c.Leave, room="garden")
    world.guest("Cy", "garden")

    again = world.connect("Bo")
    rooms = again.hello(session=bo.secret, resume={"garden": Position(seen.seq, seen.at)}).rooms

    assert rooms is not None
    assert rooms[0].here == ["Bo", "Cy"]


def test_a_client_of_another_epoch_starts_over() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    ann.says("one")
    at = ann.heard(Posted)[0].at

    bo = world.connect("Bo")
    bo.hello(name="Bo", epoch="another", resume={"garden": Position(1, at)})

    assert bo.heard(Reset) == [Reset(room="garden")]
    assert bo.texts() == ["one"]


def test_no_more_rooms_are_looked_for_than_one_may_be_in() -> None:
    world = World(limits=Limits(rooms=3))
    cy = world.connect("Cy")
    before = world.node.counters.reads

    cy.hello(name="Cy", resume={f"nowhere-{number}": Position(1) for number in range(1000)})

    assert world.node.counters.reads - before < 20
    told = [notice.text for notice in cy.heard(Notice)]
    assert (len(told), told[-1]) == (4, "You are in 3 rooms, which is the limit; leave one first.")
