"""Messages that are older than a room keeps them: they vanish for everyone, whatever one was doing meanwhile."""

from typing import Any

from nexus.core.lines import DAY_MS
from nexus.protocol import commands as c
from nexus.protocol.events import Configured, Expired, Posted, Read, Skipped
from nexus.protocol.replies import Done
from nexus.protocol.types import Position
from nexus.settings import History, Limits
from tests.server.test_moderation import of_role
from tests.world.node import World
from tests.world.people import Person, events_of


def kept(days: int = 30) -> World:
    """A server that keeps messages for so many days."""
    return World(history=History(keep=days))


def passes(world: World, days: int) -> None:
    """So many days pass in a moment."""
    world.clock.wall_offset += days * DAY_MS


def later(world: World, days: int) -> None:
    """Time passes, and it is looked for what is too old."""
    passes(world, days)
    world.clock.advance(601)


def seqs(person: Person, room: str = "garden", **fields: Any) -> list[int]:
    """The numbers of a page of history."""
    return [getattr(event, "seq", 0) for event in person.history(room, **fields)]


def test_what_is_too_old_goes_and_everyone_who_is_there_hears_of_it() -> None:
    world = kept()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    for text in ("one", "two"):
        ann.says(text)
    passes(world, 20)
    ann.says("three")
    assert [info.unread for info in bo.ask(c.Rooms).rooms or ()] == [3]

    later(world, 15)

    assert [(event.room, event.first) for event in bo.heard(Expired)] == [("garden", 3)]
    assert [(event.seq, event.unread) for event in bo.heard(Read)][-1] == (0, 1)
    done = bo.ask(c.History, room="garden")
    assert (done.first, done.more, seqs(bo)) == (3, False, [3])
    assert [(info.first, info.head, info.unread) for info in bo.ask(c.Rooms).rooms or ()] == [(3, 3, 1)]
    assert ann.says("four").seq == 4
    late = world.guest("Cy")
    late.join("garden", last=50)
    assert late.texts() == ["three", "four"]


def test_a_clock_that_leaps_ahead_by_years_deletes_nothing_before_it_can_be_put_right() -> None:
    world = kept()
    ann = world.guest("Ann", "garden")
    ann.says("one")
    later(world, 4000)
    assert seqs(ann) == [1]
    world.clock.wall_offset -= 4000 * DAY_MS
    world.clock.advance(3601)
    assert seqs(ann) == [1]

    world.crash()  # and at the start
    world.clock.wall_offset += 4000 * DAY_MS
    world.start()
    bo = world.guest("Bo", "garden")
    world.clock.advance(3000)
    assert seqs(bo) == [1]
    world.clock.advance(1201)
    assert seqs(bo) == []


def test_by_itself_a_server_keeps_everything() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    ann.says("hello")
    later(world, 4000)
    assert ann.texts() == ["hello"]
    assert seqs(ann) == [1]
    assert ann.heard(Expired) == []


def test_the_owner_of_a_room_says_for_how_long_it_keeps_messages_and_that_is_so_at_once() -> None:
    world = kept(0)
    ann, bo, cy = world.member("Ann"), world.member("Bo"), of_role(world, "Cy", "admin")
    ann.ask(c.Create, room="shed")
    for person in (ann, bo, cy):
        person.join("shed")
    ann.ask(c.Promote, room="shed", name="Bo", role="moderator")
    old = ann.says("old", "shed").seq or 0
    passes(world, 5)
    assert bo.refused(c.Configure, room="shed", keep=1).code == "forbidden"

    info = ann.ask(c.Configure, room="shed", keep=3).room

    assert info is not None
    assert info.keep == 3
    assert [event.keep for event in bo.heard(Configured)] == [3]
    assert bo.heard(Expired)[-1].first > old
    assert old not in seqs(bo, "shed")
    assert world.durable.rooms[2].rules.keep == 3
    assert getattr(cy.ask(c.Configure, room="shed", keep=0).room, "keep", None) == 0
    kept_now = ann.ask(c.Configure, room="shed", keep=-1).room
    assert kept_now is not None
    assert not isinstance(kept_now.keep, int)


def test_a_room_may_keep_more_than_the_server_and_another_less() -> None:
    world = kept(10)
    ann = of_role(world, "Ann", "owner")
    for room, keep in (("garden", 0), ("kitchen", 2), ("shed", -1)):
        ann.join(room)
        ann.ask(c.Configure, room=room, keep=keep)
        ann.says("hello", room)
    later(world, 5)
    assert [len(ann.history(room)) > 0 for room in ("garden", "kitchen", "shed")] == [True, False, True]
    later(world, 10)
    assert [len(ann.history(room)) > 0 for room in ("garden", "kitchen", "shed")] == [True, False, False]


def spoken(world: World, old: int = 5, new: int = 5) -> Person:
    """Ann said something old and something new, and the old has expired."""
    ann = world.guest("Ann", "garden")
    for number in range(old):
        ann.says(f"old {number}", nonce=f"n{number}")
    passes(world, 20)
    for number in range(new):
        ann.says(f"new {number}")
    later(world, 15)
    return ann


def test_who_comes_back_after_what_has_expired_is_told_that_it_is_gone() -> None:
    world = kept()
    first = world.guest("Bo", "garden")
    ann = spoken(world)
    first.drops()
    bo = world.connect("Bo")
    bo.hello(session=first.secret, resume={"garden": Position(2, 1_700_000_000_000)})
    told = [(event.from_, event.to, event.gone) for event in bo.heard(Skipped)]
    assert told == [(3, 5, True)]
    assert bo.texts() == [f"new {number}" for number in range(5)]
    bo.forgets()
    bo.join("garden", after=Position(5, 1))
    assert bo.heard(Skipped) == []
    assert len(bo.texts()) == 5
    ann.says("hello")
    assert bo.texts()[-1] == "hello"


def test_who_is_far_behind_is_told_of_what_is_gone_and_of_what_is_left_out() -> None:
    world = kept()
    spoken(world, new=1500)
    bo = world.guest("Bo")
    bo.join("garden", after=Position(0, 0))
    told = [(event.from_, event.to, event.gone) for event in bo.heard(Skipped)]
    assert told == [(1, 5, True), (6, 505, False)]
    assert [event.seq for event in bo.heard(Posted)] == list(range(506, 1506))


def test_paging_stops_where_there_is_no_more() -> None:
    world = kept()
    ann = spoken(world)
    assert seqs(ann, limit=3) == [8, 9, 10]
    back = ann.ask(c.History, room="garden", before=8, limit=3)
    assert (seqs(ann, before=8, limit=3), back.more, back.first) == ([6, 7], False, 6)
    assert seqs(ann, before=6) == []
    assert seqs(ann, after=0, limit=2) == [6, 7]
    assert seqs(ann, around=3, limit=4) == [6, 7, 8, 9]
    assert seqs(ann, around=6, limit=4) == [6, 7, 8, 9]
    around = ann.ask(c.History, room="garden", around=9, limit=2)
    assert around.more is True


def test_what_has_expired_is_not_there_by_any_path() -> None:
    world = kept()
    ann = spoken(world)
    for command, fields in ((c.React, {"emoji": "👍"}), (c.Delete, {}), (c.Edit, {"text": "more"}), (c.Replies, {})):
        assert ann.refused(command, room="garden", seq=2, **fields).code == "not_found"
    assert ann.refused(c.Post, room="garden", text="yes", reply_to=5).code == "not_found"
    assert ann.says("yes", reply_to=6).seq
    assert ann.ask(c.Search, query="old").hits == []
    assert ann.ask(c.Search, query="from:ann", room="garden").hits != []
    assert [event.seq for event in ann.heard(Posted)][-1] == 11


def test_a_message_that_is_sent_again_after_it_expired_is_known() -> None:
    world = kept()
    ann = spoken(world)
    assert ann.says("old 3", nonce="n3").seq == 4
    assert seqs(ann) == list(range(6, 11))


def test_edits_and_pins_go_with_their_message() -> None:
    world = kept()
    ann = world.member("Ann", "garden")
    seq = ann.says("old").seq or 0
    passes(world, 29)
    ann.ask(c.Edit, room="garden", seq=seq, text="another")
    ann.ask(c.Pin, room="garden", seq=seq)
    later(world, 2)
    assert ann.ask(c.Pins, room="garden").events == []
    newcomer = world.guest("Bo")
    newcomer.join("garden", last=50)
    assert "another" not in str(newcomer.frames)
    assert "another" not in str(world.durable.records)


def test_someone_who_is_slow_gets_what_is_left() -> None:
    world = World()
    ann, bo = of_role(world, "Ann", "owner"), world.guest("Bo", "garden")
    ann.join("garden")
    bo.stuck = True
    for number in range(300):
        ann.says(f"old {number}")
    passes(world, 5)
    new = ann.says("new").seq or 0
    ann.ask(c.Configure, room="garden", keep=1)
    world.clock.advance(60)
    bo.drains()
    told = [event for event in bo.heard(Skipped) if event.gone]
    assert told[-1].to == new - 1
    assert bo.texts()[-1] == "new"
    assert all(event.seq < told[0].from_ or event.seq >= new for event in bo.heard(Posted))


def test_a_page_that_was_read_before_it_expired_is_shown_to_nobody() -> None:
    world = World()
    ann = of_role(world, "Ann", "owner")
    ann.join("garden")
    ann.says("old")
    passes(world, 5)
    bo = world.guest("Bo", "garden")
    world.threads.held = True
    asked = bo.sends(c.History, room="garden")
    world.settle()
    world.threads.work()  # it is read, and on its way
    world.threads.held = False
    ann.sends(c.Configure, room="garden", keep=1)
    assert bo.heard(Expired)
    world.threads.arrive()
    reply = bo.reply(asked)
    assert isinstance(reply, Done)
    assert [getattr(event, "seq", 0) for event in events_of(reply.events)] == []


def test_a_crash_in_the_middle_does_not_end_it() -> None:
    world = World()
    ann = of_role(world, "Ann", "owner")
    ann.join("garden")
    for number in range(250):
        ann.says(f"old {number}")
    passes(world, 5)
    ann.ask(c.Configure, room="garden", keep=1)
    first = world.durable.rooms[1].first
    assert 1 < first < 250
    world.crash()
    world.clock.advance(1)
    assert world.durable.rooms[1].first > 250
    assert "old" not in str([record.event for record in world.durable.records.values()])


def test_a_room_that_was_being_opened_meanwhile_begins_where_it_begins_now() -> None:
    world = kept()
    ann = world.guest("Ann", "garden")
    ann.says("old")
    ann.ask(c.Leave, room="garden")
    world.clock.advance(180)
    assert not world.node.active_rooms.by_id
    passes(world, 35)
    world.threads.held = True
    ann.sends(c.Join, room="garden")
    world.settle()
    world.threads.work()  # the room is read, and on its way
    world.threads.held = False
    world.clock.advance(601)
    assert world.durable.rooms[1].first == 2
    world.threads.arrive()
    world.settle()
    assert world.node.active_rooms.by_id[1].first == 2
    assert ann.texts() == ["old"]
    assert seqs(ann) == []


def test_what_expired_though_nobody_heard_of_it_is_told_all_the_same() -> None:
    world = World(limits=Limits(tail_events=2))
    ann = of_role(world, "Ann", "owner")
    ann.join("garden")
    for number in range(20):
        ann.says(f"old {number}")
    passes(world, 5)
    ann.ask(c.Configure, room="garden", keep=10)
    passes(world, 9)

    def fail(reached: str) -> None:
        if reached == "synced":
            world.store.fail = None
            raise OSError("the cable is loose")

    world.store.fail = fail
    world.clock.advance(601)
    assert ann.heard(Expired)[-1].first == world.durable.rooms[1].first == 22
    bo = world.guest("Bo")
    bo.join("garden", after=Position(3, 0))
    world.clock.advance(5)
    assert [(event.from_, event.to, event.gone) for event in bo.heard(Skipped)] == [(4, 21, True)]
    ann.says("new")
    assert bo.texts() == ["new"]
