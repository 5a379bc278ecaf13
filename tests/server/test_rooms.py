"""What people see of each other in rooms, on a node in memory."""

from msgspec import UNSET

from nexus.protocol import commands as c
from nexus.protocol.events import (
    Configured,
    Joined,
    Left,
    Posted,
    Presence,
    Read,
    RoomEvent,
    Typing,
)
from nexus.protocol.replies import Done
from nexus.protocol.types import Position
from nexus.settings import History, Limits, Rooms
from nexus.settings import Presence as PresenceSettings
from tests.world.node import World
from tests.world.people import events_of


def test_everyone_in_a_room_hears_a_message_and_nobody_else_does() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    cy = world.guest("Cy", "kitchen")

    done = ann.says("hello")

    assert bo.texts() == ann.texts() == ["hello"]
    assert done.seq == 1
    assert not cy.heard(Posted)


def test_a_message_is_stored_before_anybody_sees_it() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    world.threads.held = True

    ref = ann.sends(c.Post, room="garden", text="hello")
    world.settle()
    assert not bo.heard(Posted)
    assert not [frame for frame in ann.frames if getattr(frame, "ref", None) == ref]

    world.threads.held = False
    world.threads.release()
    assert bo.texts() == ["hello"]


def test_the_authors_done_comes_in_one_write_with_the_message() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    assert ann.session is not None
    room = ann.session.rooms["garden"]
    writes: list[bytes] = []
    room.stop_listening(ann.session)
    room.go_live(ann.session, ann.dialect, writes.append)

    ann.sends(c.Post, room="garden", text="hello")
    world.settle()

    assert [write.count(b"\n") for write in writes] == [2]


def test_a_newcomer_gets_the_last_five_messages_and_then_live_ones() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    for number in range(8):
        ann.says(f"m{number}")

    bo = world.guest("Bo", "garden")
    assert bo.texts() == ["m3", "m4", "m5", "m6", "m7"]

    ann.says("live")
    assert bo.texts()[-1] == "live"


def test_memberships_between_the_messages_do_not_count_as_messages() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    for number in range(6):
        ann.says(f"m{number}")
        world.member(f"Mem{number}", "garden")

    bo = world.guest("Bo", "garden")

    assert bo.texts() == ["m1", "m2", "m3", "m4", "m5"]
    seqs = [event.seq for event in bo.frames if isinstance(event, Posted | Joined)]
    assert seqs == list(range(seqs[0], 13))


def test_more_or_fewer_last_messages_can_be_asked_for() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    for number in range(8):
        ann.says(f"m{number}")

    bo, cy = world.guest("Bo"), world.guest("Cy")
    bo.join(last=7)
    cy.join(last=0)

    assert len(bo.texts()) == 7
    assert cy.texts() == []


def test_joins_done_precedes_the_events_it_brings() -> None:
    world = World()
    world.guest("Ann", "garden").says("hello")
    bo = world.guest("Bo")
    bo.forgets()

    bo.join()

    assert [isinstance(frame, kind) for frame, kind in zip(bo.frames, (Done, Posted), strict=True)] == [True, True]


def test_a_cold_room_is_read_from_the_log() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    for number in range(300):
        ann.says(f"m{number}")
    world.crash()

    bo = world.guest("Bo", "garden")

    assert bo.texts() == [f"m{number}" for number in range(295, 300)]
    assert len(bo.history(limit=200)) == 200
    assert [e.text for e in bo.history(after=0, limit=2) if isinstance(e, Posted)] == ["m0", "m1"]


def test_a_stalled_reader_falls_behind_and_catches_up_without_a_hole() -> None:
    world = World(limits=Limits(tail_events=10))
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    ann.says("m0")
    bo.stuck = True
    for number in range(1, 100):
        ann.says(f"m{number}")
    assert len(bo.texts()) < 3  # what was written before the socket was full

    bo.drains()
    ann.says("m100")

    assert bo.texts() == [f"m{number}" for number in range(101)]


def test_presence_comes_in_batches_and_a_flap_shows_nothing() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    world.clock.advance(1)
    ann.forgets()

    people = [world.guest(f"Guest{number}", "garden") for number in range(5)]
    world.clock.advance(1)
    assert [(event.online, sorted(event.here or [])) for event in ann.heard(Presence)] == [
        (6, [f"Guest{number}" for number in range(5)])
    ]

    ann.forgets()
    people[0].drops()
    world.connect("x").hello(session=people[0].secret, resume={"garden": Position(0, 0)})
    world.clock.advance(30)
    assert not ann.heard(Presence)


def test_a_dropped_session_is_gone_after_the_grace_time_and_its_name_is_free() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    world.clock.advance(1)
    ann.forgets()
    bo.drops()
    assert world.connect("Bo").refused(c.Hello, name="Bo").code == "name_taken"

    world.clock.advance(world.settings.session.grace + 1)

    assert [event.gone for event in ann.heard(Presence)] == [["Bo"]]
    world.guest("Bo")


def test_large_rooms_get_only_the_number_of_people() -> None:
    world = World(presence=PresenceSettings(names=3))
    ann = world.guest("Ann", "garden")
    for number in range(5):
        world.guest(f"Guest{number}", "garden")
    world.clock.advance(1)

    last = ann.heard(Presence)[-1]

    assert (last.online, last.here, last.gone) == (6, UNSET, UNSET)
    assert world.guest("Late").join().here == []


def test_who_has_left_hears_nothing_more() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    bo.ask(c.Leave, room="garden")

    ann.says("secret")

    assert not bo.texts()
    assert bo.refused(c.Post, room="garden", text="hi").code == "not_joined"


def test_a_members_joining_and_leaving_are_events_of_the_log() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    bo = world.member("Bo", "garden")
    bo.ask(c.Leave, room="garden")

    assert [event.by for event in ann.heard(Joined)] == ["Bo"]
    assert [event.by for event in ann.heard(Left)] == ["Bo"]
    assert [type(event) for event in ann.history()] == [Joined, Left]


def test_a_topic_is_an_event_and_is_remembered() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")

    ann.ask(c.Configure, room="garden", topic="Roses")

    assert [event.topic for event in bo.heard(Configured)] == ["Roses"]
    world.crash()
    room = world.guest("Cy").join().room
    assert room is not None
    assert room.topic == "Roses"


def test_typing_is_shown_to_the_others_only() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")

    ann.ask(c.Typing, room="garden")

    assert bo.heard(Typing) == [Typing(room="garden", by="Ann")]
    assert not ann.heard(Typing)


def test_a_read_mark_moves_forward_on_all_own_devices_and_counts_what_is_unread() -> None:
    world = World()
    bo = world.member("Bo", "garden")
    phone = world.connect("Bo")
    phone.hello(name="Bo", password="correct horse")
    ann = world.guest("Ann", "garden")
    for number in range(5):
        ann.says(f"m{number}")

    bo.ask(c.Read, room="garden", seq=4)
    bo.ask(c.Read, room="garden", seq=2)

    assert phone.heard(Read) == bo.heard(Read) == [Read(room="garden", seq=4, head=6, unread=2, mentions=0)]
    tablet = world.connect("Bo")
    rooms = tablet.hello(name="Bo", password="correct horse").rooms
    assert rooms is not None
    assert [(room.name, room.read, room.unread) for room in rooms] == [("garden", 4, 2)]


def test_who_may_make_rooms_is_a_setting() -> None:
    world = World(rooms=Rooms(create="members"))

    assert world.guest("Cy").refused(c.Join, room="garden").code == "not_found"
    assert world.guest("Dee").refused(c.Create, room="garden").code == "forbidden"
    world.member("Ann").ask(c.Create, room="garden", topic="Roses")
    assert world.guest("Bo").join().room is not None


def test_rooms_are_listed_with_the_newest_first() -> None:
    world = World()
    ann = world.guest("Ann", "garden", "kitchen")
    ann.says("later", "kitchen")

    rooms = ann.ask(c.Rooms).rooms

    assert rooms is not None
    assert [room.name for room in rooms] == ["kitchen", "garden"]
    assert [room.online for room in rooms] == [1, 1]


def test_who_names_members_and_guests() -> None:
    world = World()
    world.member("Bo", "garden").drops()
    world.clock.advance(100)
    ann = world.guest("Ann", "garden")

    members = ann.ask(c.Who, room="garden").members

    assert members is not None
    assert [(one.name, one.guest, one.here) for one in members] == [("Bo", False, False), ("Ann", True, True)]


def test_a_page_of_history_has_a_before_an_after_and_an_around() -> None:
    world = World(history=History(on_join=0))
    ann = world.guest("Ann", "garden")
    for number in range(1, 31):
        ann.says(f"m{number}")

    def page(**fields: int) -> tuple[list[int], bool]:
        done = ann.ask(c.History, room="garden", **fields)
        return [event.seq for event in events_of(done.events) if isinstance(event, RoomEvent)], bool(done.more)

    assert page(limit=3) == ([28, 29, 30], True)
    assert page(before=3, limit=5) == ([1, 2], False)
    assert page(after=27, limit=5) == ([28, 29, 30], False)
    assert page(after=3, limit=2) == ([4, 5], True)
    assert page(around=10, limit=4) == ([8, 9, 10, 11], True)
    assert page(after=99, limit=5) == ([], False)
