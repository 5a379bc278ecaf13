"""Accounts that find only the rooms that they belong to, and the people in them: the same in every store."""

from collections.abc import Callable

import pytest

from nexus.core import moderating as m
from nexus.core.changes import (
    INVALID_INVITE,
    AddInvite,
    AddMember,
    Admit,
    Denied,
    MakeDirect,
    MakeRoom,
    Placed,
    Promote,
    Register,
    SetRole,
)
from nexus.core.inviting import Accept, Accepted
from nexus.core.limiting import NO_ROOMS
from nexus.core.log import Record
from nexus.core.names import person_name
from nexus.core.people import Account, Registered
from nexus.core.searching import read_query
from nexus.ports import Store
from nexus.protocol import events as e
from tests.contract.groups import commit, one, record

ANN, BO, DEE, CY = 1, 2, 3, 4
GARDEN, KITCHEN = 1, 2
REACHED = f"p-{'b' * 20}"


@pytest.fixture
def town(store: Store) -> Store:
    """Ann and Bo are in garden and kitchen, Dee in the kitchen; Cy came to the garden, limited."""
    for number, name in enumerate(("Ann", "Bo", "Dee"), 1):
        one(store, Register(70 + number, *person_name(name), "hash", "owner" if name == "Ann" else "member", 1))
    for name in ("garden", "kitchen"):
        one(store, MakeRoom(name, name, 5, maker=ANN))
    for account, name in ((ANN, "Ann"), (BO, "Bo")):
        commit(store, [AddMember(joined(account, name)), AddMember(joined(account, name, KITCHEN))])
    one(store, AddMember(joined(DEE, "Dee", KITCHEN)))
    one(store, AddInvite(b"code", "member", 9, 10, 0, room=GARDEN, by=ANN, limited=True))
    made = one(store, Register(80, *person_name("Cy"), "hash", "member", 1000, b"code"))
    assert isinstance(made, Registered)
    assert made.account == Account(CY, "Cy", "member", "hash", limited=True)
    return store


def joined(account: int, name: str, room: int = GARDEN) -> Record:
    """The event of someone who comes in."""
    return record(e.Joined, account, name, room=room)


def direct(*people: int) -> MakeDirect:
    """The room between them."""
    return MakeDirect(people, REACHED, 9)


def test_it_lasts_and_is_listed(town: Store, reopen: Callable[[], Store]) -> None:
    assert town.account("cy") is not None
    store = reopen()
    accounts = [store.account("cy"), store.account_by_id(CY)]
    assert [account and account.limited for account in accounts] == [True, True]
    assert [(row.name, row.limited) for row in store.profiles("", 9)] == [
        ("Ann", False),
        ("Bo", False),
        ("Cy", True),
        ("Dee", False),
    ]
    assert [invite.limited for invite in store.invites()] == [True]


def test_it_enters_no_room_by_itself_and_makes_none(town: Store) -> None:
    assert one(town, AddMember(joined(CY, "Cy", KITCHEN))) == Placed("")
    assert one(town, AddMember(joined(CY, "Cy"))) == Placed("member")
    assert one(town, MakeRoom("attic", "attic", 9, maker=CY)) == NO_ROOMS
    assert one(town, MakeRoom(REACHED, f" {REACHED}", 9, new=True, maker=CY, kind="private", title="x")) == NO_ROOMS
    assert one(town, Admit(joined(CY, "Cy", KITCHEN), ANN)).place == "member"


def test_it_lists_and_searches_only_its_rooms(town: Store) -> None:
    for room in (GARDEN, KITCHEN):
        one(town, record(e.Posted, ANN, "Ann", "roses", room=room))
    assert [row.name for row in town.rooms(9, CY)] == ["garden"]
    assert {row.name for row in town.rooms(9, BO)} == {"garden", "kitchen"}
    hits = town.search(read_query("roses"), room=None, before=None, limit=9, reader=CY).hits
    assert [hit.event.room for hit in hits] == ["garden"]


def test_it_meets_those_in_its_rooms_and_reaches_nobody_else(town: Store) -> None:
    assert [town.meet(CY, other) for other in (ANN, BO, DEE)] == [True, True, False]
    denied = one(town, direct(CY, DEE))
    assert denied == Denied("not_found", "Dee cannot be reached.")
    assert not isinstance(one(town, direct(CY, BO)), Denied)
    assert not isinstance(one(town, MakeDirect((CY,), f"p-{'c' * 20}", 9)), Denied)


def test_a_direct_room_is_one_that_it_knows_of_once_something_was_said(town: Store) -> None:
    room = one(town, direct(DEE, CY))
    assert not town.meet(CY, DEE)
    one(town, record(e.Posted, DEE, "Dee", "hello Cy", room=room.id))
    assert town.meet(CY, DEE)


def test_it_brings_nobody_into_a_room_whom_it_does_not_meet(town: Store) -> None:
    promoted = e.Promoted(room="garden", seq=0, at=9, by="Ann", name="Cy", person="a4", role="moderator")
    one(town, Promote(Record(GARDEN, ANN, promoted), CY))
    assert one(town, Admit(joined(DEE, "Dee"), CY)) == Denied("not_found", "There is no account 'Dee'.")
    one(town, Admit(joined(CY, "Cy", KITCHEN), ANN))
    assert one(town, Admit(joined(DEE, "Dee"), CY)).place == "member"


def test_it_mentions_only_who_belongs_to_the_room(town: Store) -> None:
    names = ("ann", "dee")
    by_cy = one(town, record(e.Posted, CY, "Cy", "@ann @dee", names=names))
    by_bo = one(town, record(e.Posted, BO, "Bo", "@ann @dee", names=names))
    assert [said.event.mentions for said in (by_cy, by_bo)] == [("Ann",), ("Ann", "Dee")]


def test_an_administrator_limits_an_account_and_lets_it_find_everything_again_and_both_are_undone(town: Store) -> None:
    def limited(account: int) -> bool:
        found = town.account_by_id(account)
        return found is not None and found.limited

    lifted = one(town, m.Unlimit(ANN, 100, CY, "Cy"))
    assert not limited(CY)
    assert one(town, m.Unlimit(ANN, 100, CY, "Cy")) == m.NOT_LIMITED
    one(town, m.Undo(ANN, 200, CY, "Cy", "", lifted, 1000))
    assert limited(CY)
    act = one(town, m.Limit(ANN, 300, BO, "Bo", "Only the garden."))
    assert limited(BO)
    assert one(town, m.Limit(ANN, 300, BO, "Bo")) == m.LIMITED_ALREADY
    one(town, m.Undo(ANN, 400, BO, "Bo", "", act, 1000))
    assert not limited(BO)
    assert one(town, m.Undo(ANN, 400, BO, "Bo", "", act, 1000)) == m.UNDONE
    assert [row.verb for row in town.acts(9)] == ["unlimit", "limit", "limit", "unlimit"]


def test_who_is_limited_has_no_role_and_who_has_one_is_not_limited(town: Store) -> None:
    assert one(town, m.GiveRole(ANN, 100, CY, "Cy", "", "moderator")) == m.IS_LIMITED
    assert one(town, SetRole(CY, "moderator")) is False
    one(town, m.GiveRole(ANN, 100, BO, "Bo", "", "moderator"))
    assert one(town, m.Limit(ANN, 100, BO, "Bo")) == m.HAS_ROLE
    assert one(town, m.Limit(BO, 100, DEE, "Dee")) == m.ABOVE  # which is for administrators
    assert isinstance(one(town, m.Limit(0, 100, DEE, "Dee")), int)  # by the operator


def test_what_a_limited_account_invited_to_is_worth_nothing(town: Store) -> None:
    one(town, AddInvite(b"2", "member", 9, 10, 0, room=GARDEN, by=CY))
    assert one(town, Accept(b"2", DEE, "Dee", 1000)) == INVALID_INVITE


def test_an_invitation_gives_a_role_that_its_maker_may_give_by_then(town: Store) -> None:
    one(town, AddInvite(b"2", "member", 9, 10, 0, room=GARDEN, by=ANN, room_role="moderator"))
    accepted = one(town, Accept(b"2", DEE, "Dee", 1000))
    assert isinstance(accepted, Accepted)
    assert (accepted.placed.place, town.place(GARDEN, DEE)) == ("moderator", "moderator")
    came, promoted = [one.event for one in accepted.placed.records]
    assert isinstance(came, e.Joined)
    assert isinstance(promoted, e.Promoted)
    assert (came.by, came.added, promoted.by, promoted.name, promoted.role) == ("Dee", "Ann", "Ann", "Dee", "moderator")
    assert promoted.seq == came.seq + 1
    one(town, AddInvite(b"3", "member", 9, 10, 0, room=GARDEN, by=DEE, room_role="moderator"))
    assert one(town, Register(81, *person_name("Eve"), "hash", "member", 1000, b"3")) == INVALID_INVITE
    one(town, AddInvite(b"4", "admin", 9, 10, 0, by=ANN))
    made = one(town, Register(81, *person_name("Eve"), "hash", "member", 1000, b"4"))
    assert made.role == "admin"
    one(town, AddInvite(b"5", "admin", 9, 10, 0, by=made.id))
    assert one(town, Register(82, *person_name("Fay"), "hash", "member", 1000, b"5")) == INVALID_INVITE
