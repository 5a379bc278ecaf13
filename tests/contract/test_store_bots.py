"""Bots, which belong to an account and do no more than it may: the same in every store."""

from typing import Any

import pytest

from nexus.core import moderating as m
from nexus.core.access import BOT
from nexus.core.bots import NO_OWNER, Made, MakeBot, too_many
from nexus.core.changes import (
    BANNED,
    AddMember,
    Admit,
    Change,
    Denied,
    EndMember,
    MakeDirect,
    MakeRoom,
    NameTaken,
    Placed,
    Promote,
    Register,
    Remove,
    SetRole,
)
from nexus.core.copying import BeginCopy, FinishCopy
from nexus.core.erasing import Erase
from nexus.core.log import Record
from nexus.core.names import person_name
from nexus.core.people import FORMER, Account
from nexus.ports import Store
from nexus.protocol import events as e
from tests.contract.groups import one, record

ANN, BO, CY, DOT = 1, 2, 3, 4
PLANS, GARDEN = 1, 2
BETWEEN, COPY = (f"p-{letter * 20}" for letter in "bc")


@pytest.fixture
def town(store: Store) -> Store:
    """Ann owns the private room plans and the open garden, Bo is a moderator of both, and Dot is a bot of Bo's."""
    for number, name in enumerate(("Ann", "Bo", "Cy"), 1):
        one(store, Register(70 + number, *person_name(name), "hash", "owner" if name == "Ann" else "member", 1))
    one(store, MakeRoom("plans", "plans", 5, kind="private", title="Plans", maker=ANN))
    one(store, MakeRoom("garden", "garden", 5, maker=ANN))
    assert made(store, "Dot").account == Account(DOT, "Dot", BOT, "", owner=BO)
    for room in (PLANS, GARDEN):
        for account, name in ((ANN, "Ann"), (BO, "Bo")):
            one(store, Admit(joined(account, name, room), 0))
    return store


def joined(account: int, name: str, room: int = PLANS) -> Record:
    return record(e.Joined, account, name, room=room)


def made(store: Store, name: str, owner: int = BO, digest: bytes = b"token", most: int = 3) -> Made:
    done = one(store, MakeBot(owner, *person_name(name), digest, 1000, most))
    assert isinstance(done, Made), done
    return done


def promote(by: int, target: int, role: str, room: int = PLANS) -> Promote:
    event = e.Promoted(room="", seq=0, at=1000, by="Ann", name="", person=f"a{target}", role=role)
    return Promote(Record(room, by, event), target)


def remove(by: int, target: int, room: int = PLANS) -> Remove:
    return Remove(Record(room, by, e.Removed(room="", seq=0, at=1000, by="Ann", name="", person=f"a{target}")), target)


def leave(account: int, room: int = PLANS) -> EndMember:
    return EndMember(record(e.Left, account, "Bo", room=room))


def kinds(outcome: object) -> list[str]:
    assert isinstance(outcome, Placed), outcome
    return [type(one.event).__name__ for one in outcome.records]


# --- made, listed, ended ---------------------------------------------------------------------------


def test_a_bot_is_known_by_its_token_alone_and_is_one_of_its_owners(town: Store) -> None:
    found = town.login(b"token")
    assert found is not None
    assert found[1] == town.account("dot") == Account(DOT, "Dot", BOT, "", owner=BO)
    assert [(one.name, one.role, one.owner, one.logins) for one in town.profiles("", 9, BO)] == [("Dot", BOT, "Bo", 1)]
    assert town.profiles("", 9, ANN) == []


def test_making_the_same_bot_again_ends_the_token_that_it_had(town: Store) -> None:
    again = made(town, "dot", digest=b"other")
    assert again.account.id == DOT
    assert town.login(b"token") is None
    assert town.login(b"other") is not None


def test_nobody_gets_more_bots_than_so_many_nor_a_name_that_is_somebodys(town: Store) -> None:
    assert one(town, MakeBot(BO, *person_name("Dash"), b"d", 1000, 1)) == too_many(1)
    assert one(town, MakeBot(ANN, *person_name("D\u03bft"), b"d", 1000, 3)) == NameTaken("Dot")
    assert one(town, MakeBot(DOT, *person_name("Dash"), b"d", 1000, 3)) == NO_OWNER
    one(town, m.Limit(ANN, 1000, CY, "Cy"))
    assert one(town, MakeBot(CY, *person_name("Dash"), b"d", 1000, 3)) == NO_OWNER


def test_a_bot_ends_with_its_owner(town: Store) -> None:
    one(town, Admit(joined(DOT, "Dot"), BO))
    assert one(town, Erase(BO, 1000, 2000))
    assert (town.login(b"token"), town.account("dot"), town.place(PLANS, DOT)) == (None, None, "")
    bot = town.account_by_id(DOT)
    assert bot is not None
    assert bot.role == FORMER
    assert one(town, MakeBot(BO, *person_name("Dash"), b"d", 1000, 3)) == NO_OWNER


def test_a_ban_of_its_owner_is_one_of_the_bot(town: Store) -> None:
    one(town, AddMember(joined(DOT, "Dot", GARDEN)))
    one(town, m.Ban(ANN, 1000, BO, "Bo"))
    assert town.login(b"token") is None
    assert one(town, MakeBot(BO, *person_name("Dot"), b"d", 1000, 3)) == BANNED
    said = record(e.Posted, DOT, "Dot", "beep", room=GARDEN)
    said.checked = True
    assert one(town, said) == BANNED


def test_a_mute_of_its_owner_is_one_of_the_bot(town: Store) -> None:
    one(town, AddMember(joined(DOT, "Dot", GARDEN)))
    said = record(e.Posted, DOT, "Dot", "beep", room=GARDEN)
    said.checked = True
    one(town, m.Mute(ANN, 1000, BO, "Bo", "", 0))
    denied = one(town, said)
    assert isinstance(denied, Denied)
    assert "muted" in denied.message
    one(town, m.Unmute(ANN, 1000, BO, "Bo"))
    assert isinstance(one(town, said), Record)


def test_who_is_limited_from_now_on_has_no_bot_any_more(town: Store) -> None:
    one(town, m.Limit(ANN, 1000, BO, "Bo"))
    assert town.login(b"token") is None


def test_a_bot_gets_no_role_on_the_server(town: Store) -> None:
    assert one(town, SetRole(DOT, "moderator")) is False
    assert one(town, m.GiveRole(ANN, 1000, DOT, "Dot", "", "moderator")) == m.IS_BOT
    assert one(town, m.Limit(ANN, 1000, DOT, "Dot")) == m.IS_BOT


# --- in rooms --------------------------------------------------------------------------------------


def test_a_bot_comes_into_a_private_room_only_where_its_owner_is(town: Store) -> None:
    dash = made(town, "Dash", CY, b"dash").account
    assert isinstance(one(town, Admit(joined(dash.id, "Dash"), ANN)), Denied)
    assert kinds(one(town, Admit(joined(DOT, "Dot"), ANN))) == ["Joined"]
    assert kinds(one(town, Admit(joined(dash.id, "Dash", GARDEN), ANN))) == ["Joined"]


def test_a_bot_moderates_where_its_owner_does_and_owns_nothing(town: Store) -> None:
    one(town, Admit(joined(DOT, "Dot"), ANN))
    assert isinstance(one(town, promote(ANN, DOT, "moderator")), Denied)
    one(town, promote(ANN, BO, "moderator"))
    assert isinstance(one(town, promote(ANN, DOT, "moderator")), Record)
    one(town, promote(ANN, BO, "owner"))
    assert isinstance(one(town, promote(ANN, DOT, "owner")), Denied)
    assert town.place(PLANS, DOT) == "moderator"


@pytest.mark.parametrize("room", [PLANS, GARDEN])
def test_whose_owner_moderates_no_more_does_not_either(town: Store, room: int) -> None:
    one(town, Admit(joined(DOT, "Dot", room), ANN))
    for account in (BO, DOT):
        one(town, promote(ANN, account, "moderator", room))
    assert kinds(one(town, promote(ANN, BO, "member", room))) == ["Promoted", "Promoted"]
    assert [town.place(room, account) for account in (BO, DOT)] == ["member", "member"]


@pytest.mark.parametrize("ends", ["left", "removed"])
def test_who_goes_out_of_a_private_room_takes_their_bots_along(town: Store, ends: str) -> None:
    one(town, Admit(joined(DOT, "Dot"), ANN))
    done = one(town, leave(BO) if ends == "left" else remove(ANN, BO))
    assert kinds(done) == ["Left" if ends == "left" else "Removed", "Removed"]
    assert done.records[1].event.person == f"a{DOT}"
    assert [one.name for one in town.members(PLANS, 9)] == ["Ann"]
    said = record(e.Posted, DOT, "Dot", "beep")
    said.checked = True
    assert getattr(one(town, said), "code", "") == "not_joined"


def test_who_leaves_an_open_room_leaves_a_bot_there_that_moderates_nothing(town: Store) -> None:
    one(town, AddMember(joined(DOT, "Dot", GARDEN)))
    for account in (BO, DOT):
        one(town, promote(ANN, account, "moderator", GARDEN))
    assert kinds(one(town, leave(BO, GARDEN))) == ["Left", "Promoted"]
    assert town.place(GARDEN, DOT) == "member"


def test_a_bot_never_follows_as_the_owner_of_a_room(town: Store) -> None:
    one(town, Admit(joined(DOT, "Dot"), ANN))
    one(town, promote(ANN, BO, "moderator"))
    one(town, promote(ANN, DOT, "moderator"))
    one(town, leave(ANN))
    assert [town.place(PLANS, account) for account in (BO, DOT)] == ["owner", "moderator"]


def test_a_bot_of_none_of_them_stays_out_of_the_room_that_is_made_of_a_direct_one(town: Store) -> None:
    direct = one(town, MakeDirect((ANN, DOT, CY), BETWEEN, 9))
    copy = one(town, BeginCopy(direct.id, ANN, COPY, "Copy", 9, history=False))
    assert kinds(one(town, FinishCopy(copy.id, 9, 9))) == ["Joined", "Joined"]
    assert [one.name for one in town.members(copy.id, 9)] == ["Ann", "Cy"]


# --- who follows -----------------------------------------------------------------------------------


@pytest.mark.parametrize("leaves", [leave(ANN), Erase(ANN, 1000, 1000)], ids=["left", "erased"])
def test_who_may_not_come_in_follows_an_owner_only_where_nobody_else_is_left(town: Store, leaves: Change[Any]) -> None:
    one(town, Admit(joined(CY, "Cy"), ANN))
    one(town, promote(ANN, BO, "moderator"))
    one(town, m.Ban(ANN, 1000, BO, "Bo"))
    one(town, leaves)
    assert (town.place(PLANS, BO), town.place(PLANS, CY)) == ("moderator", "owner")
    one(town, leave(CY))
    assert town.place(PLANS, BO) == "owner"
