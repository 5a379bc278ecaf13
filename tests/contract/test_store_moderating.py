"""Rooms that are not open, rights, and what moderators do: the same in every store."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from nexus.core import moderating as m
from nexus.core import purging as p
from nexus.core.changes import (
    BANNED,
    INVALID_INVITE,
    AddInvite,
    AddMember,
    Admit,
    Amend,
    Configure,
    Denied,
    EndMember,
    HideRoom,
    MakeDirect,
    MakeRoom,
    NameTaken,
    Placed,
    Promote,
    Register,
    Remove,
)
from nexus.core.inviting import NOT_FOR_ACCOUNTS, Accept, Accepted
from nexus.core.log import Record
from nexus.core.names import person_name
from nexus.core.people import Account, Registered, RoomRow
from nexus.core.reporting import AddReport, ForgetReports, SettleReport
from nexus.core.searching import Query
from nexus.ports import Store
from nexus.protocol import events as e
from tests.contract.groups import commit, message, one, record, whole

ANN, BO, CY = 1, 2, 3
ROOM = 1
PLANS = f"p-{'a' * 20}"


@pytest.fixture
def town(store: Store) -> Store:
    """Ann, Bo and Cy have accounts, and Ann a private room."""
    for number, name in enumerate(("Ann", "Bo", "Cy"), 1):
        made = one(store, Register(70 + number, *person_name(name), "hash", "owner" if name == "Ann" else "member", 1))
        assert isinstance(made, Account)
    room = one(store, MakeRoom(PLANS, f" {PLANS}", 5, new=True, maker=ANN, kind="private", title="Plans"))
    assert isinstance(room, RoomRow)
    assert (room.id, room.rules.kind, room.title) == (ROOM, "private", "Plans")
    assert one(store, Admit(joined(ANN, "Ann"), 0)).place == "owner"
    return store


def joined(account: int, name: str) -> Record:
    """The event of someone who comes in."""
    return record(e.Joined, account, name)


def said(author: int, by: str, text: str, **more: Any) -> Record:
    """A message whose author's right is looked at when it is stored."""
    made = record(e.Posted, author, by, text, **more)
    made.checked = True
    return made


def removed(by: int, name: str, target: int) -> Remove:
    """Someone takes another out."""
    event = e.Removed(room=PLANS, seq=0, at=1000, by="By", name=name, person=f"a{target}")
    return Remove(Record(ROOM, by, event), target)


def promoted(by: int, name: str, target: int, role: str) -> Promote:
    """Someone gives another a role in the room."""
    event = e.Promoted(room=PLANS, seq=0, at=1000, by="By", name=name, person=f"a{target}", role=role)
    return Promote(Record(ROOM, by, event), target)


def test_a_private_room_is_nobodys_who_was_not_let_in(town: Store) -> None:
    assert one(town, AddMember(joined(BO, "Bo"))) == Placed("")
    assert [row.name for row in town.rooms(9, BO)] == []
    assert [row.name for row in town.rooms(9, ANN)] == [PLANS]
    assert [row.title for row in town.rooms(9)] == ["Plans"]
    assert isinstance(one(town, Admit(joined(BO, "Bo"), CY)), Denied)
    placed = one(town, Admit(joined(BO, "Bo"), ANN))
    assert (placed.place, len(placed.records)) == ("member", 1)
    assert one(town, Admit(joined(BO, "Bo"), ANN)) == Placed("member")
    assert (town.place(ROOM, BO), town.place(ROOM, CY)) == ("member", "")
    (mine,) = town.memberships(BO)
    assert (mine.place, mine.row.title, mine.row.rules.kind) == ("member", "Plans", "private")


def test_what_is_said_in_it_is_found_by_its_members_alone(town: Store) -> None:
    one(town, record(e.Posted, ANN, "Ann", "tulips"))
    query = Query(phrases=(("tulips",),))
    found = {
        reader: len(town.search(query, room=None, before=None, limit=9, reader=reader).hits) for reader in (0, ANN, BO)
    }
    assert found == {0: 0, ANN: 1, BO: 0}


def test_who_was_removed_stores_nothing_more_and_a_known_nonce_is_no_way_in(town: Store) -> None:
    one(town, Admit(joined(BO, "Bo"), ANN))
    stored = said(BO, "Bo", "hello", nonce="n1")
    outcomes = commit(
        town, [stored, removed(ANN, "Bo", BO), said(BO, "Bo", "too late"), said(BO, "Bo", "hello", nonce="n1")]
    )
    assert isinstance(outcomes[0], Record)
    assert isinstance(outcomes[1], Record)
    assert [outcome.code for outcome in outcomes[2:]] == ["not_joined", "not_joined"]
    react = Amend(record(e.Reacted, BO, "Bo", "x", target=3), "member")
    react.record.checked = True
    assert one(town, react).code == "not_joined"
    assert isinstance(one(town, said(ANN, "Ann", "still here")), Record)


@pytest.mark.parametrize("together", [True, False])
def test_rights_are_asked_of_what_is_so_when_it_is_stored(town: Store, together: bool) -> None:
    one(town, Admit(joined(BO, "Bo"), ANN))
    one(town, said(BO, "Bo", "warm"))
    configured = e.Configured(room=PLANS, seq=0, at=1000, by="Ann", topic="", posting="moderators")
    steps: list[Any] = [
        Configure(Record(ROOM, ANN, configured)),
        said(BO, "Bo", "no"),
        promoted(ANN, "Bo", BO, "moderator"),
    ]
    steps.append(said(BO, "Bo", "yes"))
    outcomes: list[Any] = commit(town, steps) if together else [one(town, step) for step in steps]
    assert [getattr(outcome, "code", "") for outcome in outcomes] == ["", "forbidden", "", ""]


def test_ranks_hold_in_the_transaction(town: Store) -> None:
    for account, name in ((BO, "Bo"), (CY, "Cy")):
        one(town, Admit(joined(account, name), ANN))
    assert one(town, promoted(ANN, "Bo", BO, "moderator")).event.role == "moderator"
    assert one(town, promoted(ANN, "Bo", BO, "moderator")) is None
    denied: list[Any] = [
        removed(BO, "Ann", ANN),
        removed(CY, "Bo", BO),
        promoted(BO, "Cy", CY, "moderator"),
        promoted(BO, "Bo", BO, "owner"),
        promoted(ANN, "Ann", ANN, "member"),
    ]
    assert [one(town, change).code for change in denied] == ["forbidden"] * 5
    left = one(town, EndMember(record(e.Left, ANN, "Ann")))
    assert [type(made.event) for made in left.records] == [e.Left, e.Promoted]
    assert (town.place(ROOM, BO), town.place(ROOM, ANN)) == ("owner", "")


def test_a_direct_room_is_its_people_and_hides_until_the_next_message(town: Store, reopen: Callable[[], Store]) -> None:
    first = one(town, MakeDirect((ANN, BO), f"p-{'b' * 20}", 9))
    again = one(town, MakeDirect((BO, ANN), f"p-{'c' * 20}", 9))
    assert first.id == again.id
    assert first.name == again.name
    alone = one(town, MakeDirect((CY,), f"p-{'d' * 20}", 9))
    assert alone.id != first.id
    assert town.room_by_id(first.id).people == ("Ann", "Bo")  # type: ignore[union-attr]
    assert one(town, HideRoom(first.id, BO)) == 0
    assert one(town, HideRoom(ROOM, ANN)) is None
    assert first.id not in [row.id for row in town.rooms(9, BO)]
    assert town.hidden(first.id) == {BO: 0}
    one(town, said(ANN, "Ann", "hello", room=first.id))
    assert first.id in [one.row.id for one in reopen().memberships(BO)]


def test_names_and_ids_do_not_meet(town: Store) -> None:
    assert isinstance(one(town, MakeRoom(PLANS, PLANS, 5, new=True)), NameTaken)
    assert isinstance(one(town, MakeRoom("plans", "plans", 5, new=True)), RoomRow)


def test_a_muted_author_stores_nothing_until_it_is_over(town: Store) -> None:
    one(town, Admit(joined(BO, "Bo"), ANN))
    act = one(town, m.Mute(ANN, 1000, BO, "Bo", "Loud.", 2000))
    assert act == 1
    outcomes = [one(town, said(BO, "Bo", text, at=at)) for text, at in (("no", 1500), ("yes", 2000))]
    assert [getattr(outcome, "code", "") for outcome in outcomes] == ["forbidden", ""]
    assert town.muted(BO) == 2000
    assert one(town, m.Mute(BO, 1000, ANN, "Ann")).code == "forbidden"
    assert one(town, m.Mute(BO, 1000, CY, "Cy")).code == "forbidden"
    assert one(town, m.Undo(ANN, 3000, BO, "Bo", "", act)) == 2
    assert town.muted(BO) is None
    assert one(town, m.Undo(ANN, 3000, BO, "Bo", "", act)).code == "forbidden"
    assert one(town, m.Undo(ANN, 3000, BO, "Bo", "", 9)).code == "not_found"
    told = [(act.verb, act.name, act.doer, act.detail, act.undone, act.undoes) for act in town.acts(9)]
    assert told == [("unmute", "Bo", "Ann", "", False, 1), ("mute", "Bo", "Ann", "Loud.", True, 0)]


def test_a_mute_that_is_taken_back_leaves_the_one_before_as_it_was(town: Store) -> None:
    first = one(town, m.Mute(ANN, 1000, BO, "Bo"))
    for wrong in (2000, 2500):
        act = one(town, m.Mute(ANN, 1100, BO, "Bo", "", wrong))
        assert town.muted(BO) == wrong
        one(town, m.Undo(ANN, 1200, BO, "Bo", "", act))
        assert town.muted(BO) == 0
    over = one(town, m.Mute(ANN, 1300, CY, "Cy", "", 1400))
    again = one(town, m.Mute(ANN, 1350, CY, "Cy"))
    one(town, m.Undo(ANN, 1500, CY, "Cy", "", again))
    assert town.muted(CY) is None
    assert one(town, m.Undo(ANN, 1500, CY, "Cy", "", over)).code == "forbidden"
    one(town, m.Undo(ANN, 1500, BO, "Bo", "", first))
    assert town.muted(BO) is None
    assert {act.detail for act in town.acts(9)} == {""}


def test_what_somebody_said_just_before_they_were_sent_away_is_not_stored_behind_that(town: Store) -> None:
    one(town, Admit(joined(BO, "Bo"), ANN))
    act = one(town, m.Ban(ANN, 1000, BO, "Bo", "", 2000))
    outcomes = [one(town, said(BO, "Bo", text, at=at)) for text, at in (("no", 1500), ("yes", 2000))]
    assert [getattr(outcome, "code", "") for outcome in outcomes] == ["forbidden", ""]
    one(town, m.Undo(ANN, 1600, ANN, "Ann", "", act))
    assert isinstance(one(town, said(BO, "Bo", "again", at=1700)), Record)


def test_guests_store_nothing_while_the_server_is_paused(town: Store, reopen: Callable[[], Store]) -> None:
    garden = one(town, MakeRoom("garden", "garden", 5, new=True)).id
    act = one(town, m.Pause(ANN, 1000))
    assert one(town, m.Pause(ANN, 1000)) == m.IS_PAUSED
    assert one(town, m.Pause(BO, 1000)).code == "forbidden"
    assert town.paused()
    one(town, Admit(record(e.Joined, BO, "Bo", room=garden), ANN))
    outcomes = [one(town, said(author, "X", "hello", room=garden)) for author in (-7, BO)]
    assert [getattr(outcome, "code", "") for outcome in outcomes] == ["forbidden", ""]
    again = reopen()
    assert again.paused()
    one(again, m.Undo(ANN, 3000, 0, "", "", act))
    assert not again.paused()
    assert one(again, m.Unpause(ANN, 4000)) == m.NOT_PAUSED
    assert getattr(one(again, said(-7, "X", "hello", room=garden)), "code", "") == ""
    assert [act.verb for act in again.acts(9)] == ["unpause", "pause"]


def test_bans_and_roles_are_kept_and_taken_back(town: Store, reopen: Callable[[], Store]) -> None:
    ban = one(town, m.Ban(ANN, 1000, BO, "Bo", "Spam.", 0, "192.0.2.1"))
    (row,) = town.bans(9)
    assert (row.author, row.address, row.until, row.act.doer) == (BO, "192.0.2.1", 0, "Ann")
    role = one(town, m.GiveRole(ANN, 1000, CY, "Cy", "", "admin"))
    store = reopen()
    assert store.account_by_id(CY).role == "admin"  # type: ignore[union-attr]
    one(store, m.GiveRole(ANN, 1000, CY, "Cy", "", "moderator"))
    assert one(store, m.Undo(ANN, 1000, CY, "Cy", "", role)) == m.CHANGED
    assert one(store, m.Undo(ANN, 5000, BO, "Bo", "", ban, 1000)) == m.TOO_LATE
    assert isinstance(one(store, m.Undo(ANN, 1500, BO, "Bo", "", ban, 1000)), int)
    assert store.bans(9) == []


def test_what_was_hidden_with_a_ban_comes_back_also_after_they_were_let_in_again(town: Store) -> None:
    ban = one(town, m.Ban(ANN, 1000, BO, "Bo", "", since=1))
    one(town, p.FinishPurge(ban, p.DONE))
    one(town, m.Unban(ANN, 1100, BO, "Bo", "", town.bans(9)[0].id))
    assert isinstance(one(town, m.Undo(ANN, 1200, BO, "Bo", "", ban)), int)
    assert [(row.act, row.state) for row in town.purges()] == [(ban, p.UNDOING)]
    assert one(town, m.Undo(ANN, 1300, BO, "Bo", "", ban)) == m.UNDONE


def test_a_pause_hides_what_guests_said_and_its_undoing_shows_it_however_it_ended(town: Store) -> None:
    commit(
        town, [record(e.Posted, -9, "Cy", "buy"), record(e.Posted, ANN, "Ann", "no"), record(e.Posted, -8, "Eve", "b")]
    )
    for ends in (True, False):
        act = one(town, m.Pause(ANN, 1000, since=1))
        (row,) = town.purges()
        assert (row.act, row.author, row.address, row.name) == (act, 0, p.GUESTS, p.GUESTS_NAME)
        found, _ = town.said_since(0, 1, before=None, limit=99, address=p.GUESTS)
        seqs = tuple(sorted(seq for room, seq in found if room == 1))
        assert len(seqs) == 2
        event = e.Purged(room="", seq=0, at=1, by="Ann", name=row.name, act=act)
        hidden = one(town, p.PurgeStep(Record(1, ANN, event), act, 0, (*seqs, 3), row.address))
        assert hidden.event.targets == list(seqs)
        assert one(town, m.Undo(ANN, 1200, act=act)) == m.BUSY
        one(town, p.FinishPurge(act, p.DONE))
        if ends:
            one(town, m.Unpause(ANN, 1100))
        assert isinstance(one(town, m.Undo(ANN, 1200, act=act)), int)
        assert (town.paused(), [row.state for row in town.purges()]) == (False, [p.UNDOING])
        one(
            town, p.RestoreStep(Record(1, ANN, e.Restored(room="", seq=0, at=1, by="Ann", name="", act=act)), act, seqs)
        )
        one(town, p.FinishPurge(act, p.UNDONE))


def test_hidden_messages_come_back_as_they_were(town: Store, reopen: Callable[[], Store]) -> None:
    one(town, Admit(joined(BO, "Bo"), ANN))
    commit(town, [record(e.Posted, BO, "Bo", "spam @ann", names=("ann",)), record(e.Posted, ANN, "Ann", "stop")])
    for kind, text in ((e.Edited, "spam again @ann"), (e.Reacted, "x"), (e.Pinned, "")):
        one(town, Amend(record(kind, ANN if kind is e.Reacted else BO, "By", text, target=3), "member"))
    before, counts = message(town, 3), town.counts(ROOM, ANN, after=0, upto=9, most=99)
    assert (before.text, before.mentions, before.pinned) == ("spam again @ann", ("Ann",), True)
    act = one(town, m.Purge(ANN, 1000, BO, "Bo"))
    assert [row.act for row in town.purges()] == [act]
    assert town.said_since(BO, 0, before=None, limit=99) == ([(ROOM, 3)], None)

    purged = e.Purged(room=PLANS, seq=0, at=1000, by="Ann", name="Bo", act=act)
    done = one(town, p.PurgeStep(Record(ROOM, ANN, purged), act, BO, (3, 4, 99)))
    assert done.event.targets == [3]
    assert one(town, p.PurgeStep(Record(ROOM, ANN, replace(purged, seq=0)), act, BO, (3,))) is None
    assert one(town, m.Undo(ANN, 1000, BO, "Bo", "", act)) == m.BUSY
    one(town, p.FinishPurge(act, p.DONE))
    hidden = message(town, 3)
    assert (hidden.text, hidden.deleted, hidden.mentions, hidden.pinned, hidden.reactions) == ("", True, (), False, {})
    assert "spam" not in str(whole(town))
    assert town.counts(ROOM, ANN, after=0, upto=99, most=99) == (0, 0)
    assert town.purged(act, 9) == [(ROOM, 3)]

    undone = one(town, m.Undo(ANN, 1000, BO, "Bo", "", act))
    assert isinstance(undone, int)
    store = reopen()
    (row,) = store.purges()
    assert (row.act, row.state, row.doer, row.name) == (act, p.UNDOING, "Ann", "Bo")
    restored = e.Restored(room=PLANS, seq=0, at=1000, by="Ann", name="Bo", act=act)
    back = one(store, p.RestoreStep(Record(ROOM, ANN, restored), act, (3,)))
    assert replace(message(store, 3), changed=None) == replace(before, changed=None)
    assert message(store, 3).changed == back.event.seq
    assert store.counts(ROOM, ANN, after=0, upto=9, most=99) == counts
    assert one(store, p.ForgetPurged(9999, 9)) == 0


def test_what_cannot_be_taken_back_any_more_is_gone(town: Store) -> None:
    one(town, record(e.Posted, BO, "Bo", "spam"))
    act = one(town, m.Purge(ANN, 1000, BO, "Bo"))
    purged = e.Purged(room=PLANS, seq=0, at=1000, by="Ann", name="Bo", act=act)
    one(town, p.PurgeStep(Record(ROOM, ANN, purged), act, BO, (2,)))
    assert one(town, p.ForgetPurged(1000, 9)) == 0
    assert one(town, p.ForgetPurged(1001, 9)) == 1
    assert town.purged(act, 9) == []


# Invitations


def test_who_made_a_private_room_and_left_it_to_others_comes_back_as_a_member(town: Store) -> None:
    one(town, Admit(joined(BO, "Bo"), ANN))
    one(town, EndMember(record(e.Left, ANN, "Ann")))
    assert town.place(ROOM, BO) == "owner"
    assert one(town, Admit(joined(ANN, "Ann"), BO)).place == "member"


def test_an_invitation_leads_into_its_room_and_is_spent_by_who_was_not_there(town: Store) -> None:
    number = one(town, AddInvite(b"code", "member", 2, 10, 2000, room=ROOM, by=ANN))
    accepted = one(town, Accept(b"code", BO, "Bo", 1000))
    (record_of_bo,) = accepted.placed.records
    assert (accepted.room, accepted.placed.place) == (ROOM, "member")
    assert (record_of_bo.event.by, record_of_bo.event.added) == ("Bo", "Ann")
    assert one(town, Accept(b"code", BO, "Bo", 1000)) == Accepted(ROOM, Placed("member"))
    (invite,) = town.invites()
    assert (invite.id, invite.uses, invite.place, invite.doer, invite.used) == (number, 1, PLANS, "Ann", ("Bo",))
    made = one(town, Register(80, *person_name("Dot"), "hash", "member", 1000, b"code"))
    assert isinstance(made, Registered)
    assert (made.account.name, len(made.records), town.place(ROOM, made.account.id)) == ("Dot", 1, "member")
    assert one(town, Accept(b"code", CY, "Cy", 1000)) == INVALID_INVITE
    assert [(invite.uses, invite.used) for invite in town.invites()] == [(0, ("Bo", "Dot"))]


def test_an_invitation_is_worth_what_its_maker_may_by_then(town: Store) -> None:
    one(town, Admit(joined(BO, "Bo"), ANN))
    one(town, promoted(ANN, "Bo", BO, "moderator"))
    for code in (b"1", b"2"):
        one(town, AddInvite(code, "member", 9, 10, 0, room=ROOM, by=BO))
    assert isinstance(one(town, Accept(b"1", CY, "Cy", 1000)), Accepted)
    one(town, EndMember(record(e.Left, CY, "Cy")))
    one(town, promoted(ANN, "Bo", BO, "member"))
    assert one(town, Accept(b"1", CY, "Cy", 1000)) == INVALID_INVITE
    one(town, AddInvite(b"3", "member", 9, 10, 0, by=CY))
    assert one(town, Register(80, *person_name("Dot"), "hash", "member", 1000, b"3")) == INVALID_INVITE
    one(town, AddInvite(b"4", "member", 9, 10, 0, by=ANN))
    assert one(town, Accept(b"4", CY, "Cy", 1000)) == NOT_FOR_ACCOUNTS
    assert isinstance(one(town, Register(80, *person_name("Dot"), "hash", "member", 1000, b"4")), Account)


def test_a_banned_maker_and_a_banned_guest_of_it_come_to_nothing(town: Store) -> None:
    one(town, AddInvite(b"1", "member", 9, 10, 0, room=ROOM, by=ANN))
    one(town, m.Ban(ANN, 1000, CY, "Cy"))
    assert one(town, Accept(b"1", CY, "Cy", 1000)) == BANNED
    one(town, Admit(joined(BO, "Bo"), ANN))
    one(town, promoted(ANN, "Bo", BO, "moderator"))
    one(town, AddInvite(b"2", "member", 9, 10, 0, room=ROOM, by=BO))
    one(town, m.Ban(ANN, 1000, BO, "Bo"))
    assert [invite.by for invite in town.invites()] == [ANN]


# Reports


def test_reports_are_kept_once_until_a_while_after_they_are_settled(town: Store, reopen: Callable[[], Store]) -> None:
    report = AddReport(1000, BO, "Bo", ROOM, 1, ANN, "Rude.", "[]")
    first = one(town, report)
    assert one(town, report) == first
    other = one(town, AddReport(1100, -7, "Guest", ROOM, 1, ANN, "", "[]"))
    store = reopen()
    assert [(row.id, row.name, row.place, row.reason) for row in store.reports(9)] == [
        (first, "Bo", PLANS, "Rude."),
        (other, "Guest", PLANS, ""),
    ]
    assert commit(store, [SettleReport(first, ANN, 2000, "Done."), SettleReport(first, ANN, 2000, "")]) == [True, False]
    assert [row.id for row in store.reports(9)] == [other]
    assert [one(store, ForgetReports(at)) for at in (2000, 2001, 9999)] == [0, 1, 0]
