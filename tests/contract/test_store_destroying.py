"""Rooms that are taken away, and messages of others that are deleted: the same in every store."""

from collections.abc import Callable
from typing import Any

import pytest

from nexus.core import destroying as d
from nexus.core import moderating as m
from nexus.core import purging as p
from nexus.core.changes import (
    INVALID_INVITE,
    AddInvite,
    AddMember,
    Admit,
    Amend,
    Configure,
    Denied,
    EndMember,
    MakeRoom,
    MarkRead,
    NonceReused,
    Placed,
    Register,
    Repeated,
)
from nexus.core.erasing import Erase
from nexus.core.inviting import Accept
from nexus.core.log import Record
from nexus.core.names import person_name
from nexus.core.people import Account, RoomRow
from nexus.core.searching import Query
from nexus.ports import Store
from nexus.protocol import events as e
from tests.contract.groups import commit, message, one, record, texts, whole

ANN, BO, CY, EVE = 1, 2, 3, 4
OPEN, PLANS = 1, 2
GARDEN, SECRET = "garden", f"p-{'a' * 20}"


@pytest.fixture
def town(store: Store) -> Store:
    """Ann made the garden, which is open, and a private room; Bo is in both, Cy in the garden, Eve moderates."""
    for number, name in enumerate(("Ann", "Bo", "Cy", "Eve"), 1):
        role = "moderator" if name == "Eve" else "member"
        assert isinstance(one(store, Register(70 + number, *person_name(name), "hash", role, 1)), Account)
    for room, name, kind in ((OPEN, GARDEN, "open"), (PLANS, SECRET, "private")):
        skeleton, title = (name, "") if kind == "open" else (f" {name}", "Plans")
        made = one(store, MakeRoom(name, skeleton, 5, new=True, maker=ANN, kind=kind, title=title))  # type: ignore[arg-type]
        assert isinstance(made, RoomRow)
        for account, by in ((ANN, "Ann"), (BO, "Bo")):
            one(store, Admit(record(e.Joined, account, by, room=room), 0))
        one(store, said(ANN, "Ann", f"roses {room}", room=room))
    one(store, Admit(record(e.Joined, CY, "Cy"), 0))
    return store


def said(author: int, by: str, text: str, **more: Any) -> Record:
    """A message whose author's right is looked at when it is stored."""
    made = record(e.Posted, author, by, text, **more)
    made.checked = True
    return made


def destroyed(by: int, room: int = OPEN, at: int = 1000) -> d.Destroy:
    """Someone takes a room away."""
    event = e.Destroyed(room=GARDEN if room == OPEN else SECRET, seq=0, at=at, by="By")
    return d.Destroy(Record(room, by, event), GARDEN, "Winter.")


def revived(by: int, act: int, within: int = 0, at: int = 1000) -> d.Revive:
    """Someone brings one back."""
    return d.Revive(Record(0, by, e.Revived(room="", seq=0, at=at, by="By")), act, GARDEN, within)


def deletes(by: int, seq: int, nonce: str | None = None, room: int = OPEN) -> Amend:
    """Someone deletes a message."""
    return Amend(record(e.Deleted, by, "By", target=seq, nonce=nonce, room=room), "member")


# --- rooms ----------------------------------------------------------------------------------------


def test_of_a_room_that_was_taken_away_nothing_is_read(town: Store, reopen: Callable[[], Store]) -> None:
    query = Query(phrases=(("roses",),))
    done = one(town, destroyed(ANN))
    assert (done.act, done.records[0].event.act, done.records[0].event.seq) == (1, 1, 5)
    for store in (town, None):
        store = store or reopen()  # noqa: PLW2901
        assert (store.room(GARDEN, GARDEN), store.room_by_id(OPEN)) == (None, None)
        assert [row.id for row in store.rooms(9)] == [PLANS]
        assert [one.row.id for one in store.memberships(BO)] == [PLANS]
        assert whole(store, OPEN) == []
        assert store.replies(OPEN, 3, 9, before=99) == []
        assert store.pinned(OPEN, 9).hits == []
        assert store.search(query, room=OPEN, before=None, limit=9).hits == []
        assert texts(store.search(query, room=None, before=None, limit=9).hits) == ["roses 2"]
        assert store.destroyed() == [d.Gone(OPEN, GARDEN, 1, GARDEN)]


def test_nothing_is_stored_in_it_and_nobody_takes_its_name_or_its_number(town: Store) -> None:
    one(town, AddInvite(b"code", "member", 9, 10, 0, room=OPEN, by=ANN))
    configured = e.Configured(room=GARDEN, seq=0, at=1000, by="Ann", topic="hello")
    react = Amend(record(e.Reacted, BO, "Bo", "x", target=3), "member")
    react.record.checked = True
    outcomes = commit(
        town,
        [
            destroyed(ANN),
            said(BO, "Bo", "too late"),
            react,
            deletes(ANN, 3),
            Configure(Record(OPEN, ANN, configured)),
            Admit(record(e.Joined, EVE, "Eve"), ANN),
            Accept(b"code", EVE, "Eve", 1000),
            MakeRoom(GARDEN, GARDEN, 9),
            MakeRoom("look-alike", GARDEN, 9, new=True),
            destroyed(ANN),
        ],
    )
    codes = [getattr(outcome, "code", outcome) for outcome in outcomes[1:]]
    assert codes == ["not_joined"] * 2 + ["not_found"] * 3 + [INVALID_INVITE.code] + ["name_taken"] * 2 + ["not_found"]
    assert one(town, AddMember(record(e.Joined, EVE, "Eve"))) == Placed("")
    assert one(town, EndMember(record(e.Left, BO, "Bo"))) == Placed("")
    another = one(town, MakeRoom("kitchen", "kitchen", 9, new=True))
    assert another.id == PLANS + 1
    assert isinstance(one(town, revived(ANN, 1)), d.Done)
    assert [event.event.seq for event in whole(town)][-2:] == [5, 6]


def test_it_comes_back_as_it_was(town: Store, reopen: Callable[[], Store]) -> None:
    one(town, MarkRead(OPEN, BO, 2))
    row, places = town.room_by_id(OPEN), [town.place(OPEN, one) for one in (ANN, BO, CY)]
    before, marks = texts(whole(town)), town.memberships(BO)[0].mark
    act = one(town, destroyed(ANN)).act
    store = reopen()
    assert one(store, revived(BO, act)) == d.NOT_YOURS
    assert one(store, revived(ANN, 99)) == m.NO_ACT
    assert one(store, revived(ANN, act, within=10, at=1011)) == m.TOO_LATE

    done = one(store, revived(ANN, act, within=10, at=1010))

    assert (done.act, done.records[0].room, done.records[0].event.room) == (act + 1, OPEN, GARDEN)
    store = reopen()
    again = store.room_by_id(OPEN)
    assert row is not None
    assert again is not None
    assert (again.name, again.rules, again.head) == (row.name, row.rules, row.head + 2)
    assert [store.place(OPEN, one) for one in (ANN, BO, CY)] == places
    assert store.memberships(BO)[0].mark == marks
    assert texts(whole(store))[: len(before)] == before
    assert one(store, revived(ANN, act)) == m.UNDONE
    assert isinstance(one(store, said(BO, "Bo", "again")), Record)
    assert [(act.verb, act.name, act.place, act.undone) for act in store.acts(9)] == [
        ("revive", GARDEN, GARDEN, False),
        ("destroy", GARDEN, GARDEN, True),
    ]


def test_only_its_owners_may_and_acts_of_a_private_room_are_for_them_alone(town: Store) -> None:
    assert one(town, destroyed(BO)) == d.NOT_YOURS
    assert one(town, destroyed(EVE)) == d.NOT_YOURS
    assert one(town, destroyed(EVE, PLANS)) == d.NOT_YOURS
    act = one(town, destroyed(ANN, PLANS)).act
    assert m.PRIVATE <= act < 1 << 53
    assert town.acts(9) == []
    assert town.acts(9, server=True, reader=EVE) == []
    assert town.acts(9, server=False, reader=BO) == []
    (mine,) = town.acts(9, server=False, reader=ANN)
    assert (mine.id, mine.verb, mine.name, mine.place, mine.doer) == (act, "destroy", "Plans", SECRET, "Ann")
    assert one(town, m.Mute(EVE, 1000, BO, "Bo")) == 1
    assert [one.id for one in town.acts(9, server=True, reader=ANN)] == [act, 1]
    assert [one.id for one in town.acts(9, before=act, server=True, reader=ANN)] == [1]
    assert one(town, revived(ANN, act)).act == act + 1, "The same moment, so the next number."


def test_what_cannot_come_back_any_more_is_erased_in_steps(town: Store, reopen: Callable[[], Store]) -> None:
    for number in range(20):
        one(town, said(BO, "Bo", f"more {number} @ann", names=("ann",)))
    one(town, Amend(record(e.Edited, BO, "Bo", "changed", target=8), "member"))
    one(town, Amend(record(e.Reacted, ANN, "Ann", "x", target=8), "member"))
    act = one(town, destroyed(ANN)).act
    assert not one(town, d.EraseDestroyed(1000, 5))
    steps = 0
    while one(town, d.EraseDestroyed(1001, 5)):
        steps += 1
        assert steps > 1 or town.destroyed() == [] or one(town, revived(ANN, act)) == m.CHANGED
        town = reopen()
    assert town.destroyed() == []
    assert one(town, revived(ANN, act)) == m.CHANGED
    assert town.search(Query(phrases=(("more",),)), room=None, before=None, limit=9).hits == []
    assert town.members(OPEN, 9) == []
    made = one(town, MakeRoom(GARDEN, GARDEN, 9, new=True))
    assert (made.id, made.head) == (PLANS + 1, 0)
    one(town, Admit(record(e.Joined, CY, "Cy", room=made.id), 0))
    one(town, said(CY, "Cy", "new roses", room=made.id))
    found = town.search(Query(phrases=(("roses",),)), room=None, before=None, limit=9, reader=CY)
    assert texts(found.hits) == ["new roses"]


def test_an_author_erases_in_it_what_they_said(town: Store) -> None:
    act = one(town, destroyed(ANN, PLANS)).act
    one(town, Erase(ANN, 1000, 0, remove=True))
    assert (PLANS, 3) in town.said_by(ANN, after=0, limit=99)[0]
    gone = record(e.Deleted, ANN, "former member", target=3, room=PLANS)
    assert isinstance(one(town, Amend(gone, anyway=True)), Record)
    assert isinstance(one(town, revived(BO, act)), Denied)


# --- messages of others ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "seq", "may"),
    [
        (EVE, 3, True),  # a moderator of the server, a message of the room's owner
        (BO, 3, False),  # a member
        (CY, 5, False),  # a member, another's
        (ANN, 5, True),  # the room's owner
        (ANN, 6, True),  # and that of a moderator of the server
        (EVE, 6, None),  # one's own
        (-7, 3, False),
    ],
)
def test_a_message_is_deleted_by_who_stands_above_its_author(town: Store, by: int, seq: int, may: bool | None) -> None:
    commit(town, [record(e.Posted, BO, "Bo", "by Bo"), record(e.Posted, EVE, "Eve", "by Eve")])
    done = one(town, deletes(by, seq))
    if may is False:
        assert done.code == "forbidden"
        assert not message(town, seq).deleted
        return
    assert isinstance(done.event, e.Purged if may else e.Deleted)
    assert message(town, seq).deleted
    assert [act.verb for act in town.acts(9)] == (["delete"] if may else [])


def test_in_a_private_room_only_a_place_in_it_counts(town: Store) -> None:
    commit(town, [record(e.Posted, BO, "Bo", "by Bo", room=PLANS)])
    assert one(town, deletes(EVE, 4, room=PLANS)).code == "forbidden"
    assert one(town, deletes(BO, 3, room=PLANS)).code == "forbidden"
    done = one(town, deletes(ANN, 4, room=PLANS))
    assert (done.event.name, done.event.targets, done.event.act >= m.PRIVATE) == ("Bo", [4], True)
    assert town.acts(9, server=True, reader=EVE) == []
    assert [act.verb for act in town.acts(9, server=False, reader=ANN)] == ["delete"]


def test_a_deletion_of_anothers_message_is_done_once_and_taken_back_wholly(
    town: Store, reopen: Callable[[], Store]
) -> None:
    before = message(town, 3)
    done = one(town, deletes(EVE, 3, nonce="n1"))
    assert isinstance(one(town, deletes(EVE, 3, nonce="n1")), Repeated)
    assert one(town, deletes(EVE, 4, nonce="n1")) == NonceReused(done.event.seq)
    assert "roses 1" not in texts(whole(town))
    act = done.event.act
    store = reopen()
    assert one(store, m.Undo(BO, 1000, ANN, "Ann", "", act)) == m.BELOW
    assert one(store, m.Undo(EVE, 9999, ANN, "Ann", "", act, 10)) == m.TOO_LATE
    assert one(store, m.Undo(EVE, 1000, ANN, "Ann", "", act)) == act + 1
    (row,) = store.purges()
    assert (row.act, row.author, row.state) == (act, ANN, p.UNDOING)
    back = e.Restored(room=GARDEN, seq=0, at=1000, by="Eve", name="Ann", act=act)
    one(store, p.RestoreStep(Record(OPEN, EVE, back), act, (3,)))
    one(store, p.FinishPurge(act, p.UNDONE))
    assert message(store, 3).text == before.text
    assert one(store, m.Undo(EVE, 1000, ANN, "Ann", "", act)) == m.UNDONE


# --- rooms with other names -----------------------------------------------------------------------


def renamed(room: int, name: str) -> Configure:
    """Ann gives a room another name."""
    event = e.Configured(room="", seq=0, at=1000, by="Ann", topic="", name=name)
    return Configure(Record(room, ANN, event), skeleton=name)


def test_a_name_is_kept_from_other_rooms_also_where_they_are_renamed(town: Store) -> None:
    kitchen = one(town, MakeRoom("kitchen", "kitchen", 9, new=True, maker=ANN)).id
    one(town, Admit(record(e.Joined, ANN, "Ann", room=kitchen), 0))
    one(town, destroyed(ANN))
    assert one(town, renamed(kitchen, GARDEN)).code == "name_taken"
    assert one(town, renamed(kitchen, "shed")).event.name == "shed"


def test_a_room_that_comes_back_keeps_its_transcripts_apart_from_one_that_took_its_old_name(
    town: Store, reopen: Callable[[], Store]
) -> None:
    one(town, renamed(OPEN, "park"))
    act = one(town, destroyed(ANN)).act
    assert town.room(GARDEN, GARDEN) is None
    assert town.destroyed() == [d.Gone(OPEN, "park", act, GARDEN)]
    another = one(town, MakeRoom(GARDEN, GARDEN, 9, new=True)).id
    assert town.destroyed() == [d.Gone(OPEN, "park", act, "")]
    one(town, revived(ANN, act))
    rooms = {row.id: row.folder or row.name for row in reopen().rooms(9)}
    assert rooms == {OPEN: f"park {OPEN}", another: GARDEN, PLANS: SECRET}


def test_a_room_that_comes_back_has_the_folder_that_it_had(town: Store) -> None:
    one(town, renamed(OPEN, "park"))
    one(town, revived(ANN, one(town, destroyed(ANN)).act))
    row = town.room("park", "park")
    assert row is not None
    assert (row.folder, row.former) == (GARDEN, (GARDEN,))
    assert town.room(GARDEN, GARDEN) == row
