"""What is unread, who is mentioned, and what one wants to be told: the same on all of a person's devices."""

from typing import Any

import pytest

from nexus.protocol import commands as c
from nexus.protocol.events import Edited, Level, Member, Posted, Read, Renamed, Skipped
from nexus.protocol.types import Position, RoomInfo
from nexus.settings import Limits
from tests.world.node import World
from tests.world.people import Person


def device(world: World, name: str, *rooms: str) -> Person:
    """One more device of an account."""
    person = world.connect(name)
    person.hello(name=name, password="correct horse")
    for room in rooms:
        person.join(room)
    return person


def told(rooms: list[RoomInfo] | None, name: str = "garden") -> tuple[Any, ...]:
    """What is told of the own state in a room."""
    (info,) = [room for room in rooms or [] if room.name == name]
    return info.read, info.unread, info.mentions, info.level


def joined(person: Person, **fields: Any) -> tuple[Any, ...]:
    info = person.join(**fields).room
    assert info is not None
    return told([info])


# Mentions


def test_a_message_carries_its_mentions_live_in_the_history_and_for_newcomers() -> None:
    world = World()
    ann, bo = world.member("Ann", "garden"), world.member("Bo", "garden")
    ann.says("@bo: look, @here. `@ann`, nobody@bo, @nobody")
    ann.says("no name")

    cy = world.guest("Cy", "garden")

    for person in (bo, cy):
        assert [(one.mentions, one.here) for one in person.heard(Posted)] == [(("Bo",), True), ((), False)]
    page = [one for one in cy.history() if isinstance(one, Posted)]
    assert [(one.mentions, one.here) for one in page] == [(("Bo",), True), ((), False)]
    world.crash()
    assert [one.mentions for one in world.guest("Dot").history() if isinstance(one, Posted)] == [("Bo",), ()]


def test_an_edit_summons_nobody_and_keeps_who_was_summoned() -> None:
    world = World()
    ann, bo, cy = world.member("Ann", "garden"), world.member("Bo", "garden"), world.member("Cy", "garden")
    seq = ann.says("@Bo").seq
    ann.ask(c.Edit, room="garden", seq=seq, text="@Cy")

    assert [type(event) for event in cy.heard(object) if isinstance(event, Posted | Edited)] == [Posted, Edited]
    assert [one.mentions for one in cy.history() if isinstance(one, Posted)] == [("Bo",)]
    assert (joined(bo)[1:3], joined(cy)[1:3]) == ((1, 1), (1, 0))
    ann.ask(c.Delete, room="garden", seq=seq)
    assert joined(bo)[1:3] == (0, 0)


def test_after_deletions_those_who_had_them_unread_hear_their_counts_once() -> None:
    world = World()
    ann, bo, cy = world.member("Ann", "garden"), world.member("Bo", "garden"), world.member("Cy", "garden")
    elsewhere = device(world, "Bo")
    seqs = [ann.says(text).seq for text in ("@Bo", "@here", "x", "y")]
    cy.ask(c.Read, room="garden", seq=seqs[-1])
    for person in (bo, cy, elsewhere):
        person.frames.clear()

    for seq in seqs[:2]:
        ann.ask(c.Delete, room="garden", seq=seq)
    world.clock.advance(1)

    head = world.store.rooms(1)[0].head
    for person in (bo, elsewhere):
        (told,) = person.heard(Read)
        assert (told.head, told.unread, told.mentions) == (head, 2, 0)
    assert cy.heard(Read) == []


def test_a_mark_is_moved_back_on_all_devices() -> None:
    world = World()
    bo, ann = world.member("Bo", "garden"), world.member("Ann", "garden")
    phone = device(world, "Bo", "garden")
    seqs = [ann.says(text).seq for text in ("a", "@Bo", "c")]
    bo.ask(c.Read, room="garden", seq=seqs[-1])
    phone.frames.clear()

    bo.ask(c.Read, room="garden", seq=seqs[0], back=True)

    told = Read(room="garden", seq=seqs[0] or 0, head=seqs[-1] or 0, unread=2, mentions=1, back=True)
    assert phone.heard(Read) == [told]
    assert joined(bo)[:3] == (seqs[0], 2, 1)
    world.crash()
    assert joined(device(world, "Bo"))[:3] == (seqs[0], 2, 1)


def test_a_guest_moves_their_mark_back_too() -> None:
    world = World()
    cy, ann = world.guest("Cy", "garden"), world.guest("Ann", "garden")
    seqs = [ann.says(text).seq or 0 for text in ("a", "b")]
    cy.ask(c.Read, room="garden", seq=seqs[-1])
    cy.ask(c.Read, room="garden", seq=0)
    cy.ask(c.Read, room="garden", seq=seqs[0], back=True)

    assert [(one.seq, one.unread, one.back) for one in cy.heard(Read)] == [(seqs[1], 0, False), (seqs[0], 1, True)]


def test_an_account_that_took_another_name_is_mentioned_under_it() -> None:
    world = World()
    ann, bo = world.member("Ann", "garden"), world.member("Bo", "garden")
    ann.says("@Bo")
    bo.ask(c.Rename, name="Robert")

    assert ann.heard(Renamed) == [Renamed(from_="Bo", to="Robert")]
    assert world.guest("Cy", "garden").heard(Posted)[0].mentions == ("Robert",)
    assert joined(bo)[1:3] == (1, 1)


def test_a_guest_is_counted_for_from_when_they_came() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    world.guest("Cy")
    ann.says("@Cy, are you there?")
    ann.says("@here")
    cy = world.guest("Dot")

    assert joined(cy) == (2, 0, 0, "everything")
    ann.says("@Dot")
    ann.says("@here")
    ann.says("@Ann")
    assert joined(cy) == (2, 3, 2, "everything")
    cy.ask(c.Read, room="garden", seq=3)
    assert cy.heard(Read) == [Read(room="garden", seq=3, head=5, unread=2, mentions=1)]
    assert told(cy.ask(c.Rooms).rooms) == (3, 2, 1, "everything")


# Read marks


def test_read_reaches_every_device_of_the_account_and_nobody_else() -> None:
    world = World()
    bo, ann = world.member("Bo", "garden"), world.member("Ann", "garden")
    phone, elsewhere = device(world, "Bo", "garden"), device(world, "Bo")
    for text in ("@Bo", "a", "@here", "@Bo"):
        ann.says(text)
    head = ann.heard(Posted)[-1].seq

    phone.ask(c.Read, room="garden", seq=head - 1)

    left = [Read(room="garden", seq=head - 1, head=head, unread=1, mentions=1)]
    assert phone.heard(Read) == bo.heard(Read) == elsewhere.heard(Read) == left
    assert not ann.heard(Read)


def test_a_mark_never_goes_back_and_an_unchanged_one_is_not_announced() -> None:
    world = World()
    bo, ann = world.member("Bo", "garden"), world.guest("Ann", "garden")
    for number in range(4):
        ann.says(f"m{number}")

    for seq in (3, 2, 3, 0):
        bo.ask(c.Read, room="garden", seq=seq)

    assert [event.seq for event in bo.heard(Read)] == [3]
    assert bo.refused(c.Read, room="garden", seq=99).code == "not_found"


def test_a_room_is_marked_as_read_without_being_in_it() -> None:
    world = World()
    ann, bo = world.member("Ann", "garden"), world.member("Bo", "garden")
    ann.says("@Bo")
    phone = device(world, "Bo")

    phone.ask(c.Read, room="garden", seq=3)
    cy = world.guest("Cy")
    cy.ask(c.Read, room="garden", seq=2)

    assert phone.heard(Read) == bo.heard(Read) == [Read(room="garden", seq=3, head=3, unread=0, mentions=0)]
    assert told(device(world, "Bo").ask(c.Rooms).rooms) == (3, 0, 0, "everything")
    assert cy.heard(Read) == [Read(room="garden", seq=2, head=3, unread=1, mentions=0)]


def test_marks_and_levels_survive_leaving_and_a_restart() -> None:
    world = World()
    ann, bo = world.member("Ann", "garden"), world.member("Bo", "garden")
    ann.says("@Bo")
    bo.ask(c.Read, room="garden", seq=3)
    bo.ask(c.Level, room="garden", level="mentions")
    bo.ask(c.Leave, room="garden")
    ann.says("@Bo again")
    assert joined(bo) == (6, 0, 0, "mentions")  # who comes back has read what was said without them
    ann.says("@Bo at last")

    world.crash()
    again = world.connect("Bo")
    assert told(again.hello(name="Bo", password="correct horse").rooms) == (6, 1, 1, "mentions")


def test_a_guest_who_registers_takes_along_what_they_have_read() -> None:
    world = World()
    ann, cy = world.guest("Ann", "garden"), world.guest("Cy")
    for _ in range(3):
        ann.says("@here")
    cy.join()
    ann.says("@Cy")

    done = cy.ask(c.Register, name="Cy", password="correct horse")

    assert told(done.rooms) == (3, 1, 0, "everything")  # that mention was of a guest
    ann.says("@Cy")
    assert joined(cy)[1:3] == (2, 1)


def test_a_mark_stored_without_a_reply_is_still_sent() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.member("Bo", "garden")
    ann.says("hello")

    def fail(point: str) -> None:
        if point == "synced":
            world.store.fail = None
            raise OSError("no space left on device")

    world.store.fail = fail
    assert bo.refused(c.Read, room="garden", seq=2).code == "unavailable"
    bo.ask(c.Read, room="garden", seq=2)
    assert [event.seq for event in bo.heard(Read)] == [2]


def test_counts_for_a_skipped_stretch_are_sent() -> None:
    world = World(limits=Limits(catch_up=3, tail_events=3))
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    ann.says("seen")
    bo.stuck = True
    for _ in range(10):
        ann.says("@Bo")

    bo.drains()

    skipped = bo.heard(Skipped)[-1]
    assert [event.seq for event in bo.heard(Posted)][-1] == 11
    assert bo.heard(Read) == [Read(room="garden", seq=0, head=11, unread=11, mentions=10)]
    assert skipped.to == 8


def test_who_resumes_is_counted_for_once() -> None:
    world = World(limits=Limits(catch_up=3, tail_events=3))
    ann, bo = world.guest("Ann", "garden"), world.member("Bo", "garden")
    bo.drops()
    for _ in range(10):
        ann.says("@Bo")

    again = world.connect("Bo")
    done = again.hello(session=bo.secret, resume={"garden": Position(1, 0)})

    assert told(done.rooms) == (1, 10, 10, "everything")
    assert again.heard(Skipped)
    assert not again.heard(Read)


# Levels


@pytest.mark.parametrize("level", ["everything", "mentions", "nothing"])
def test_a_level_reaches_every_device_of_the_account_and_changes_no_count(level: str) -> None:
    world = World()
    ann, bo = world.member("Ann", "garden"), world.member("Bo", "garden")
    phone = device(world, "Bo")

    bo.ask(c.Level, room="garden", level=level)
    ann.says("@Bo")

    assert bo.heard(Level) == phone.heard(Level) == [Level(room="garden", level=level)]  # type: ignore[arg-type]
    assert not ann.heard(Level)
    assert joined(bo) == joined(phone) == (2, 1, 1, level)


def test_a_guests_level_lasts_as_long_as_the_session_and_mutes_rooms_not_entered_too() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    ann.says("hello")
    cy = world.guest("Cy")
    cy.ask(c.Level, room="garden", level="nothing")
    assert joined(cy) == (1, 0, 0, "nothing")
    cy.drops()

    again = world.connect("Cy")
    assert told(again.hello(session=cy.secret, resume={"garden": Position(1, 0)}).rooms)[-1] == "nothing"


def test_a_favourite_is_one_on_every_device_and_keeps_its_level() -> None:
    world = World()
    bo = world.member("Bo", "garden")
    phone = device(world, "Bo")
    bo.ask(c.Level, room="garden", level="mentions")
    bo.ask(c.Level, room="garden", favourite=True)
    assert phone.heard(Level)[-1] == Level(room="garden", level="mentions", favourite=True)
    (told,) = [one for one in device(world, "Bo").ask(c.Rooms).rooms or [] if one.name == "garden"]
    assert (told.level, told.favourite) == ("mentions", True)

    phone.ask(c.Level, room="garden", level="everything")
    assert bo.heard(Level)[-1] == Level(room="garden", level="everything", favourite=True)
    phone.ask(c.Level, room="garden", favourite=False)
    assert bo.heard(Level)[-1] == Level(room="garden", level="everything")


def test_a_room_that_is_not_there_has_no_level() -> None:
    assert World().guest("Ann").refused(c.Level, room="nowhere", level="nothing").code == "not_found"


# Memberships


def test_joining_and_leaving_reaches_only_the_accounts_other_devices() -> None:
    world = World()
    ann, bo = world.member("Ann", "garden"), world.member("Bo")
    phone = device(world, "Bo")
    phone.forgets()

    bo.join("garden")
    assert phone.heard(Member) == [Member(room="garden", member=True)]
    phone.join("garden")
    assert (bo.heard(Member), ann.heard(Member)) == ([], [])

    phone.forgets()
    bo.ask(c.Leave, room="garden")
    ann.says("behind their back")
    assert phone.heard(Member) == [Member(room="garden", member=False)]
    assert not phone.heard(Posted)
    assert (bo.heard(Member), ann.heard(Member)) == ([], [])


def test_a_device_that_knew_of_a_membership_but_was_not_in_the_room_hears_its_end() -> None:
    world = World()
    bo = world.member("Bo", "garden")
    phone = device(world, "Bo")

    bo.ask(c.Leave, room="garden")

    assert phone.heard(Member) == [Member(room="garden", member=False)]


def test_a_guest_who_logs_in_brings_their_rooms_to_the_other_devices() -> None:
    world = World()
    bo = world.member("Bo")
    cy = world.guest("Cy", "garden")

    cy.ask(c.Login, name="Bo", password="correct horse")

    assert bo.heard(Member) == [Member(room="garden", member=True)]
    assert not cy.heard(Member)
