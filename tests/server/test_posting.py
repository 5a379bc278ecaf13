"""Posts: exactly once, in one order, refused clearly, and never half-stored."""

import pytest

from nexus.core.log import Record
from nexus.protocol import commands as c
from nexus.protocol.events import Goodbye, Joined, Posted
from nexus.protocol.replies import Done
from nexus.server.later import start
from nexus.settings import Limits, Pace
from tests.world.node import World


def test_the_same_nonce_again_returns_the_first_seq_and_shows_nothing_twice() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")

    first = ann.says("hello", nonce="n1")
    again = ann.says("hello", nonce="n1")

    assert (again.seq, again.at) == (first.seq, first.at)
    assert bo.texts() == ["hello"]
    assert world.node.counters.retries == 1


def test_the_same_nonce_twice_in_one_group_is_stored_once() -> None:
    world = World()
    ann = world.guest("Ann", "garden")

    refs = [ann.sends(c.Post, room="garden", text="hello", nonce="n1") for _ in range(3)]

    assert [ann.reply(ref).seq for ref in refs if isinstance(ann.reply(ref), Done)] == [1, 1, 1]  # type: ignore[union-attr]
    assert ann.texts() == ["hello"]


def test_a_nonce_with_another_text_is_refused() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    ann.says("hello", nonce="n1")

    refused = ann.refused(c.Post, room="garden", text="goodbye", nonce="n1")

    assert refused.code == "nonce_reused"
    assert "1" in refused.message


def test_two_people_may_use_the_same_nonce() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")

    assert ann.says("hello", nonce="n1").seq == 1
    assert bo.says("hello", nonce="n1").seq == 2


def test_a_retry_after_a_crash_finds_what_was_stored() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    ann.says("hello", nonce="n1")
    world.crash()
    bo = world.guest("Bo", "garden")

    again = world.connect("Ann")
    again.hello(session=ann.secret)
    again.join()

    assert again.says("hello", nonce="n1").seq == 1
    assert bo.texts() == ["hello"]


def test_a_guest_whose_session_ended_is_still_the_same_author() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    ann.says("hello", nonce="n1")
    ann.drops()
    world.clock.advance(3600)

    again = world.connect("Ann")
    again.hello(session=ann.secret, name="Ann")
    again.join()

    assert again.says("hello", nonce="n1").seq == 1


def test_a_reply_names_a_message_that_is_there() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    ann.says("hello")
    ann.says("yes", reply_to=1)

    assert [event.reply_to for event in bo.heard(Posted)] == [None, 1]
    assert ann.refused(c.Post, room="garden", text="no", reply_to=9).code == "not_found"


@pytest.mark.parametrize("point", ["begin", "written"])
def test_a_group_that_was_not_stored_is_refused_and_leaves_no_hole(point: str) -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    _fail_once(world, point)

    refused = ann.refused(c.Post, room="garden", text="lost", nonce="n1")
    done = ann.says("kept", nonce="n2")

    assert refused.code == "unavailable"
    assert done.seq == 1
    assert bo.texts() == ["kept"]


def test_a_group_stored_without_anyone_hearing_of_it_appears_once_and_in_order() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    _fail_once(world, "synced")

    assert ann.refused(c.Post, room="garden", text="doubtful", nonce="n1").code == "unavailable"
    assert ann.says("doubtful", nonce="n1").seq == 1
    ann.says("next")

    assert bo.texts() == ["doubtful", "next"]
    assert [event.seq for event in bo.heard(Posted)] == [1, 2]


def _fail_once(world: World, point: str) -> None:
    def fail(reached: str) -> None:
        if reached == point:
            world.store.fail = None
            raise OSError("no space left on device")

    world.store.fail = fail


def test_posts_of_one_wave_share_a_group() -> None:
    world = World()
    people = [world.guest(f"Guest{number}", "garden") for number in range(10)]
    groups = sum(world.node.counters.group_sizes.values())

    for person in people:
        person.sends(c.Post, room="garden", text="at once")
    world.settle()

    assert sum(world.node.counters.group_sizes.values()) == groups + 1
    assert people[0].texts() == ["at once"] * 10


def test_too_many_posts_at_once_are_refused_and_say_how_long_to_wait() -> None:
    world = World(pace=Pace(posts=2, posts_burst=3))
    ann = world.guest("Ann", "garden")
    for _ in range(3):
        ann.says("fast")

    refused = ann.refused(c.Post, room="garden", text="faster")

    assert refused.code == "too_fast"
    assert refused.retry_after == pytest.approx(0.5)
    world.clock.advance(0.5)
    ann.says("slower")


def test_one_address_cannot_outrun_its_pace_with_many_sessions() -> None:
    world = World(pace=Pace(address=1, address_burst=4))
    people = [world.guest(f"Guest{number}", "garden") for number in range(3)]

    replies = [person.reply(person.sends(c.Post, room="garden", text="x")) for person in people * 2]

    assert [isinstance(reply, Done) for reply in replies] == [True] * 4 + [False] * 2


def test_a_session_with_many_posts_in_flight_is_read_later_not_refused() -> None:
    world = World(limits=Limits(in_flight=5))
    ann = world.guest("Ann", "garden")
    world.threads.held = True
    for number in range(20):
        ann.sends(c.Post, room="garden", text=f"m{number}")
    assert len(ann.waiting) == 15

    world.threads.held = False
    world.threads.release()

    assert ann.texts() == [f"m{number}" for number in range(20)]


def test_posts_are_refused_when_the_disk_does_not_keep_up() -> None:
    world = World(limits=Limits(waiting_bytes=1000))
    ann = world.guest("Ann", "garden")
    world.threads.held = True
    refs = [ann.sends(c.Post, room="garden", text="x" * 500) for _ in range(5)]
    world.threads.held = False
    world.threads.release()

    stored = [isinstance(ann.reply(ref), Done) for ref in refs]

    assert stored == [True, True, False, False, False]


def test_stopping_stores_what_waits_and_sends_everyone_away_at_different_times() -> None:
    world = World()
    people = [world.guest(f"Guest{number}", "garden") for number in range(4)]
    refs = [person.sends(c.Post, room="garden", text="last words") for person in people]

    start(world.chat.stop())
    world.settle()

    for person, ref in zip(people, refs, strict=True):
        assert isinstance(person.reply(ref), Done)
        assert len(person.texts()) == 4
        assert person.closed
        assert person.close_code == 1012
    goodbyes = [person.heard(Goodbye)[0] for person in people]
    assert {goodbye.code for goodbye in goodbyes} == {"restarting"}
    assert len({goodbye.retry_after for goodbye in goodbyes}) == 4


def test_a_post_while_stopping_is_refused_not_ignored() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    world.threads.held = True
    bo.sends(c.Post, room="garden", text="in flight")
    world.settle()
    start(world.chat.stop())

    refused = ann.refused(c.Post, room="garden", text="too late")

    assert refused.code == "unavailable"


def test_the_wall_clock_going_back_does_not_turn_events_around() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    ann.says("before")
    world.clock.wall_offset -= 3_600_000
    ann.says("after")

    ats = [event.at for event in ann.heard(Posted)]

    assert ats == sorted(ats)


def test_every_stored_event_is_noted_once_for_the_transcript() -> None:
    world = World()
    ann = world.member("Ann", "garden")
    ann.says("hello", nonce="n1")
    ann.says("hello", nonce="n1")

    assert [(record.event.seq, type(record.event)) for record in world.noted] == [(1, Joined), (2, Posted)]


def test_a_record_and_its_event_cost_the_garbage_collector_nothing() -> None:
    assert Record.__struct_config__.gc is False
    assert Posted.__struct_config__.gc is False


def test_history_is_as_long_as_what_was_delivered() -> None:
    ann = World().member("Ann", "garden")
    ann.says("one")
    assert [event.text for event in ann.history() if isinstance(event, Posted)] == ["one"]
