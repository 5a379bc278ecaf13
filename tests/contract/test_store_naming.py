"""What rooms are called: renaming, the names that lead to them, and a private room that is opened."""

from typing import Any

import pytest

from nexus.core.access import MOST_FORMER
from nexus.core.changes import Admit, Configure, Denied, DropRooms, MakeRoom, NameTaken, Register
from nexus.core.log import Record
from nexus.core.names import person_name, room_name
from nexus.core.people import RoomRow
from nexus.core.searching import read_query
from nexus.ports import Store
from nexus.protocol import events as e
from tests.contract.groups import commit, one, record, whole

ANN, BO = 1, 2
PLANS = f"p-{'a' * 20}"
LOOKALIKE = "g\u0430rden"
"""Looks like "garden"."""


@pytest.fixture
def town(store: Store) -> Store:
    """Ann administers and made garden, kitchen and a private room; Bo has an account."""
    one(store, Register(0, *person_name("Ann"), "hash", "admin", 0))
    one(store, Register(0, *person_name("Bo"), "hash", "member", 0))
    for name in ("garden", "kitchen"):
        one(store, make(name))
    one(store, MakeRoom(PLANS, f" {PLANS}", 0, maker=ANN, kind="private", title="Plans"))
    return store


def make(name: str, *, new: bool = False) -> MakeRoom:
    room = room_name(name)
    return MakeRoom(room.key, room.skeleton, 0, new=new)


def rename(room: int, name: str, author: int = ANN, **changed: Any) -> Configure:
    named = room_name(name)
    event = e.Configured(room="", seq=0, at=1000, by="", topic="", name=named.key, **changed)
    return Configure(Record(room, author, event), skeleton=named.skeleton)


def found(store: Store, name: str) -> RoomRow | None:
    named = room_name(name)
    return store.room(named.key, named.skeleton)


def id_of(store: Store, name: str) -> int:
    row = found(store, name)
    return 0 if row is None else row.id


def test_a_renamed_room_is_found_by_both_names_and_its_events_carry_the_new_one(town: Store) -> None:
    one(town, record(e.Posted, ANN, "Ann", "roses"))
    assert one(town, rename(1, "meadow")).event.seq == 2
    row = found(town, "garden")
    assert row == found(town, "meadow") == town.room_by_id(1)
    assert row is not None
    assert (row.name, row.former, row.folder) == ("meadow", ("garden",), "garden")
    assert {one.event.room for one in whole(town, 1)} == {"meadow"}
    assert [one.name for one in town.rooms(9) if one.former] == ["meadow"]
    hits = town.search(read_query("roses"), room=None, before=None, limit=9).hits
    assert [hit.event.room for hit in hits] == ["meadow"]


def test_a_name_is_one_rooms_and_so_is_what_looks_like_it(town: Store) -> None:
    for name in ("kitchen", "kltchen"):
        assert one(town, rename(1, name)) == NameTaken("kitchen")
    assert one(town, rename(1, LOOKALIKE)).event.name == LOOKALIKE  # one's own name is no obstacle
    assert id_of(town, "garden") == id_of(town, LOOKALIKE) == 1


@pytest.mark.parametrize("together", [True, False])
def test_of_two_renames_to_one_name_one_wins(town: Store, together: bool) -> None:
    steps: list[Any] = [rename(1, "meadow"), rename(2, "meadow")]
    outcomes: list[Any] = commit(town, steps) if together else [one(town, step) for step in steps]
    assert isinstance(outcomes[0], Record)
    assert outcomes[1] == NameTaken("meadow")
    assert (id_of(town, "meadow"), id_of(town, "kitchen")) == (1, 2)


@pytest.mark.parametrize("taker", ["garden", LOOKALIKE])
def test_an_old_name_leads_to_its_room_until_another_takes_it(town: Store, taker: str) -> None:
    one(town, rename(1, "meadow"))
    row = one(town, make("garden"))
    assert (row.id, row.name) == (1, "meadow")  # who only wants in is led
    other = one(town, make(taker, new=True))
    assert (other.id, id_of(town, taker)) == (4, 4)
    meadow = town.room_by_id(1)
    assert meadow is not None
    assert meadow.former == ()
    kept = town.room_by_id(4)
    assert kept is not None
    assert kept.folder == ("garden 4" if taker == "garden" else "")  # the transcripts of meadow are there already


def test_another_room_may_be_renamed_to_an_old_name(town: Store) -> None:
    one(town, rename(1, "meadow"))
    one(town, rename(2, "garden"))
    assert [id_of(town, name) for name in ("garden", "kitchen", "meadow")] == [2, 2, 1]


def test_a_room_can_have_its_old_name_again(town: Store) -> None:
    for name in ("meadow", "garden"):
        one(town, rename(1, name))
    row = found(town, "meadow")
    assert row is not None
    assert (row.name, row.former, row.folder) == ("garden", ("meadow",), "garden")


def test_so_many_old_names_lead_to_a_room_and_the_oldest_is_forgotten(town: Store) -> None:
    for number in range(MOST_FORMER + 1):
        one(town, rename(1, f"room-{number}"))
    row = town.room_by_id(1)
    assert row is not None
    assert row.former == tuple(f"room-{number}" for number in reversed(range(MOST_FORMER)))
    assert found(town, "garden") is None


def test_the_old_names_of_a_room_that_is_gone_lead_nowhere(town: Store) -> None:
    one(town, rename(2, "pantry"))
    town.commit([], [DropRooms((2,), 10)])
    assert id_of(town, "kitchen") == 2  # it has an event: it is not unused
    assert one(town, DropRooms((1,), 10)) == (1,)
    assert found(town, "garden") is None


def test_a_private_room_is_opened_by_its_owner_under_a_name(town: Store) -> None:
    for account, name in ((ANN, "Ann"), (BO, "Bo")):
        one(town, Admit(Record(3, account, e.Joined(room=PLANS, seq=0, at=1, by=name)), 0))
    assert one(town, rename(3, "plans", BO, kind="open")).code == "forbidden"
    assert isinstance(one(town, rename(3, "plans")), Denied)  # a name alone is nothing for it
    assert one(town, rename(3, "kitchen", kind="open", title="")) == NameTaken("kitchen")
    assert [one.name for one in town.rooms(9, 0)] == ["kitchen", "garden"]
    one(town, rename(3, "plans", kind="open", title=""))
    row = found(town, PLANS)
    assert row is not None
    assert row == found(town, "plans")
    assert (row.name, row.title, row.rules.kind, row.former, row.folder) == ("plans", "", "open", (PLANS,), PLANS)
    assert isinstance(one(town, rename(3, "projects", kind="open")), Denied)  # it is open already


def test_who_runs_the_server_renames_any_open_room(town: Store) -> None:
    change = rename(1, "meadow", 0)
    assert one(town, change).code == "forbidden"
    done = one(town, Configure(change.record, here=False, operator=True, skeleton=change.skeleton))
    assert done.event.seq == 1
    assert town.page(1, after=0, before=9, limit=9, newest=False)[0].event.by == ""
