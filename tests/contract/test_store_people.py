"""What every store keeps of rooms and people: unique names, accounts, logins, sessions, members, read marks."""

from collections.abc import Callable

import pytest

from nexus.core.changes import (
    AddLogin,
    AddMember,
    Configure,
    EndLogin,
    EndMember,
    EndSessions,
    MakeRoom,
    MarkRead,
    NameTaken,
    OpenSession,
    Placed,
    Register,
    Rehash,
    RenameAccount,
    RenameGuest,
    SignedIn,
    UseLogin,
)
from nexus.core.log import Record
from nexus.core.names import person_name
from nexus.core.people import Account, Login, Mark, Member, Membership, RoomRow, SessionRow
from nexus.ports import Store
from nexus.protocol.events import Configured, Joined, Left, Posted, RoomEvent
from tests.contract.groups import commit, one, record, whole

ANN, BO = 1, 2
GARDEN, KITCHEN = 1, 2
CYRILLIC = "\u0430nn"
"""Looks like "ann"."""


def guest(id: int, name: str, run: int = 1) -> OpenSession:
    return OpenSession(id, run, *person_name(name))


def register(name: str, session: int = 0, role: str = "member") -> Register:
    return Register(session, *person_name(name), f"hash of {name}", role, 1000)


def rename(session: int, name: str) -> RenameGuest:
    return RenameGuest(session, *person_name(name))


def rename_account(account: int, name: str, session: int = 0) -> RenameAccount:
    return RenameAccount(account, session, *person_name(name))


def sign_in(store: Store, change: AddLogin) -> int:
    """The login's id."""
    signed = one(store, change)
    assert isinstance(signed, SignedIn)
    return signed.login


def event(author: int, kind: type[RoomEvent], text: str = "", *, room: int = GARDEN, at: int = 1000) -> Record:
    return record(kind, author, {ANN: "Ann", BO: "Bo"}.get(author, "Cy"), text, room=room, at=at)


@pytest.fixture
def town(store: Store) -> Store:
    """A store with the accounts Ann (admin) and Bo, and the rooms garden and kitchen."""
    commit(
        store,
        [
            register("Ann", role="admin"),
            register("Bo"),
            MakeRoom("garden", "garden", 10),
            MakeRoom("kitchen", "kitchen", 20),
        ],
    )
    return store


# Names


@pytest.mark.parametrize("name", ["Cy", "CY", "\u0441y"])
def test_a_guests_name_and_all_that_look_like_it_are_taken(store: Store, name: str) -> None:
    one(store, guest(7, "Cy"))
    assert one(store, guest(8, name)) == NameTaken("Cy")
    assert one(store, register(name)) == NameTaken("Cy")
    assert store.session(8) is None
    assert store.account("cy") is None


@pytest.mark.parametrize("name", ["Ann", "aNN", CYRILLIC])
def test_an_accounts_name_and_all_that_look_like_it_are_taken(town: Store, name: str) -> None:
    one(town, guest(7, "Cy"))
    assert one(town, guest(8, name)) == NameTaken("Ann")
    assert one(town, register(name)) == NameTaken("Ann")
    assert one(town, rename(7, name)) == NameTaken("Ann")
    assert one(town, rename_account(BO, name)) == NameTaken("Ann")
    assert town.session(7) == SessionRow(7, "Cy", None, None)
    account = town.account_by_id(BO)
    assert account is not None
    assert account.name == "Bo"


def test_the_key_alone_makes_a_name_taken(store: Store) -> None:
    one(store, OpenSession(7, 1, "Cy", "cy", "an old skeleton"))
    assert one(store, OpenSession(8, 1, "Cy", "cy", "a new skeleton")) == NameTaken("Cy")


def test_of_two_claims_in_one_group_the_first_wins(store: Store) -> None:
    assert commit(store, [guest(7, "Cy"), guest(8, "Cy"), guest(9, "Di")]) == [None, NameTaken("Cy"), None]
    assert store.session(8) is None


def test_a_session_may_claim_its_own_name_again_in_other_letters(store: Store) -> None:
    assert commit(store, [guest(7, "Cy"), guest(7, "CY"), rename(7, "cY"), rename(7, "\u0441y")]) == [None] * 4
    assert store.session(7) == SessionRow(7, "\u0441y", None, None)


def test_a_guest_who_takes_another_name_frees_the_old_one(store: Store) -> None:
    assert commit(store, [guest(7, "Cy"), rename(7, "Di"), guest(8, "Cy"), guest(7, "Ed")]) == [None] * 4
    assert store.taken(["cy", "dl", "ed"]) == {"cy", "ed"}


def test_a_refused_rename_keeps_the_old_name(store: Store) -> None:
    commit(store, [guest(7, "Cy"), guest(8, "Di")])
    assert commit(store, [rename(7, "Di"), guest(7, "Di", run=2)]) == [NameTaken("Di")] * 2
    assert store.session(7) == SessionRow(7, "Cy", None, None)
    assert one(store, guest(9, "Cy")) == NameTaken("Cy")


def test_an_account_may_change_the_letters_of_its_name_and_take_its_sessions(town: Store) -> None:
    one(town, guest(7, "Annie"))
    assert one(town, rename_account(ANN, "ANN")) is None
    assert one(town, rename_account(ANN, "Annie")) == NameTaken("Annie")
    assert one(town, rename_account(ANN, "annie", session=7)) is None
    assert town.account("annie") == Account(ANN, "annie", "admin", "hash of Ann")
    assert town.account("ann") is None
    assert one(town, guest(8, "Ann")) is None


def test_a_session_or_an_account_that_is_not_there_takes_no_name(town: Store) -> None:
    assert commit(town, [rename(99, "Cy"), rename_account(99, "Di")]) == [None, None]
    assert town.taken(["cy", "dl"]) == set()


def test_taken_knows_guests_and_accounts(town: Store) -> None:
    one(town, guest(7, "Cy"))
    assert town.taken(["ann", "cy", "ann2", 'a"\\\u2028']) == {"ann", "cy"}
    assert town.taken([]) == set()


# Sessions


def test_a_guests_session_is_there_after_a_restart(store: Store, reopen: Callable[[], Store]) -> None:
    one(store, guest(7, "Cy"))
    again = reopen()
    assert again.session(7) == SessionRow(7, "Cy", None, None)
    assert one(again, guest(8, "Cy", run=2)) == NameTaken("Cy")


def test_a_session_opened_again_by_its_id_keeps_its_name_and_belongs_to_this_run(town: Store) -> None:
    login = sign_in(town, AddLogin(ANN, b"1", "web", 50))
    commit(town, [guest(7, "Cy"), guest(8, "Di"), OpenSession(9, 1, account=ANN, login=login)])
    assert commit(town, [OpenSession(7, 2), OpenSession(9, 2), EndSessions(before_run=2)]) == [None] * 3
    assert town.session(7) == SessionRow(7, "Cy", None, None)
    assert town.session(8) is None
    assert town.session(9) == SessionRow(9, "Ann", ANN, login)
    assert town.taken(["cy", "dl"]) == {"cy"}


def test_a_session_that_has_ended_cannot_be_opened_by_its_id(store: Store) -> None:
    commit(store, [guest(7, "Cy"), EndSessions((7,))])
    assert one(store, OpenSession(7, 1)) == NameTaken("")
    assert store.session(7) is None


def test_an_ended_session_frees_its_name(store: Store) -> None:
    commit(store, [guest(7, "Cy"), guest(8, "Di"), guest(9, "Ed")])
    assert commit(store, [EndSessions((7, 9, 99)), guest(10, "Cy")]) == [None, None]
    assert [store.session(id) is None for id in (7, 8, 9, 10)] == [True, False, True, False]


def test_ending_sessions_by_their_run_and_by_their_ids_go_together(store: Store) -> None:
    commit(store, [guest(7, "Cy"), guest(8, "Di", run=2), guest(9, "Ed", run=3)])
    one(store, EndSessions((9,), before_run=2))
    assert [store.session(id) is None for id in (7, 8, 9)] == [True, False, True]


def test_an_accounts_session_has_its_name_of_today_and_holds_none(town: Store) -> None:
    one(town, OpenSession(7, 1, account=ANN))
    one(town, rename_account(ANN, "Anna", session=7))
    assert town.session(7) == SessionRow(7, "Anna", ANN, None)
    assert commit(town, [rename(7, "Zed"), guest(8, "Ann")]) == [None, None]
    assert town.session(7) == SessionRow(7, "Anna", ANN, None)
    assert town.taken(["zed"]) == set()


def test_session_ids_may_be_as_large_as_62_bits(store: Store) -> None:
    id = (1 << 62) - 1
    one(store, guest(id, "Cy"))
    commit(store, [MakeRoom("garden", "garden", 1), event(-id, Posted, "a")])
    assert store.session(id) == SessionRow(id, "Cy", None, None)
    assert store.page(1, after=0, before=2, limit=1, newest=True)[0].author == -id


# Accounts and logins


def test_a_guest_may_register_the_own_name_and_holds_it_no_longer_as_a_guest(store: Store) -> None:
    one(store, guest(7, "Cy"))
    account = one(store, register("Cy", session=7, role="admin"))
    assert account == Account(1, "Cy", "admin", "hash of Cy") == store.account("cy") == store.account_by_id(1)
    assert one(store, OpenSession(7, 1, account=account.id)) is None
    assert store.session(7) == SessionRow(7, "Cy", 1, None)
    assert commit(store, [rename_account(1, "Di", session=7), guest(8, "Cy")]) == [None, None]


def test_accounts_that_are_not_there(store: Store) -> None:
    assert store.account("ann") is None
    assert store.account("") is None
    assert store.account_by_id(1) is None
    one(store, guest(7, "Cy"))
    assert store.account("cy") is None


def test_whether_there_is_an_admin(store: Store) -> None:
    one(store, register("Bo"))
    assert store.has_admin() is False
    one(store, register("Ann", role="admin"))
    assert store.has_admin() is True


def test_a_hash_is_replaced(town: Store) -> None:
    assert commit(town, [Rehash(ANN, "hash of Ann", "better"), Rehash(99, "nobody's", "better")]) == [None, None]
    assert town.account("ann") == Account(ANN, "Ann", "admin", "better")


def test_a_login_is_found_by_its_digest_and_remembers_its_use(town: Store) -> None:
    id = sign_in(town, AddLogin(ANN, b"\x00\xff1", "web", 50))
    other = sign_in(town, AddLogin(ANN, b"2", "tui", 60))
    commit(town, [UseLogin(id, 99), UseLogin(1234, 99)])
    account = town.account("ann")
    assert town.login(b"\x00\xff1") == (Login(id, ANN, "web", 50, 99), account)
    assert town.login(b"3") is None
    assert town.logins(ANN) == [Login(id, ANN, "web", 50, 99), Login(other, ANN, "tui", 60, 60)]
    assert town.logins(BO) == []


def test_the_same_token_again_is_the_same_login(town: Store) -> None:
    assert len(set(commit(town, [AddLogin(ANN, b"1", "web", 50), AddLogin(ANN, b"1", "web", 60)]))) == 1
    assert [login.used for login in town.logins(ANN)] == [60]


def test_a_revoked_login_takes_its_sessions_along(town: Store) -> None:
    first, second = [sign_in(town, AddLogin(ANN, token, "web", 50)) for token in (b"1", b"2")]
    assert isinstance(first, int)
    assert isinstance(second, int)
    commit(town, [OpenSession(id, 1, account=ANN, login=login) for id, login in [(7, first), (8, first), (9, second)]])
    assert commit(town, [EndLogin(BO, first), EndLogin(ANN, first), EndLogin(ANN, first)]) == [False, True, False]
    assert town.login(b"1") is None
    assert [town.session(id) is None for id in (7, 8, 9)] == [True, True, False]
    assert sign_in(town, AddLogin(ANN, b"3", "web", 50)) > second


def test_no_session_is_opened_with_a_login_that_has_ended(town: Store) -> None:
    login = sign_in(town, AddLogin(ANN, b"1", "web", 50))
    commit(town, [EndLogin(ANN, login)])

    assert one(town, OpenSession(7, 1, account=ANN, login=login)) == NameTaken("")
    assert town.session(7) is None


def test_a_room_that_has_to_be_new_is_made_once(town: Store) -> None:
    first, second = commit(town, [MakeRoom("attic", "attic", 1, new=True), MakeRoom("attic", "attic", 1, new=True)])

    assert isinstance(first, RoomRow)
    assert second == NameTaken("attic")
    assert commit(town, [MakeRoom("attic", "attic", 1)]) == [first]


def test_the_id_of_a_revoked_login_never_comes_back(town: Store, reopen: Callable[[], Store]) -> None:
    first = sign_in(town, AddLogin(ANN, b"1", "web", 50))
    one(town, EndLogin(ANN, first))
    assert sign_in(reopen(), AddLogin(BO, b"2", "web", 50)) > first


# Rooms


def test_a_room_is_made_once_and_found_by_its_key(town: Store) -> None:
    assert one(town, MakeRoom("garden", "garden", 99)) == RoomRow(GARDEN, "garden", "", 0, 0)
    assert town.room("garden", "garden") == RoomRow(GARDEN, "garden", "", 0, 0)
    assert town.room("attic", "attlc") is None
    assert town.room_by_id(99) is None


def test_a_room_that_looks_like_another_is_not_made(town: Store) -> None:
    assert one(town, MakeRoom("g\u0430rden", "garden", 99)) == NameTaken("garden")
    row = town.room("g\u0430rden", "garden")
    assert row is not None
    assert row.name == "garden"


def test_the_room_of_that_exact_key_comes_before_a_lookalike(store: Store) -> None:
    commit(store, [MakeRoom("a", "x", 1), MakeRoom("b", "y", 1)])
    found = store.room("a", "y")
    assert found is not None
    assert found.name == "a"
    assert one(store, MakeRoom("a", "y", 1)) == found


def test_a_room_found_has_its_topic_and_its_head(town: Store) -> None:
    one(town, Configure(event(ANN, Configured, "Roses", at=70)))
    row = RoomRow(GARDEN, "garden", "Roses", 1, 70)
    assert one(town, MakeRoom("garden", "garden", 99)) == row
    assert town.room("garden", "garden") == row == town.room_by_id(GARDEN)
    (configured,) = whole(town)
    assert configured.event == Configured(room="garden", seq=1, at=70, by="Ann", topic="Roses")


def test_the_most_recently_active_room_comes_first(town: Store) -> None:
    assert [row.name for row in town.rooms(9)] == ["kitchen", "garden"]
    one(town, event(ANN, Posted, "a", at=500))
    one(town, MakeRoom("shed", "shed", 400))
    assert [(row.name, row.head, row.at) for row in town.rooms(9)] == [
        ("garden", 1, 500),
        ("shed", 0, 0),
        ("kitchen", 0, 0),
    ]
    assert [row.name for row in town.rooms(1)] == ["garden"]
    assert town.rooms(0) == []


# Members and read marks


def test_a_membership_begins_and_ends_once(town: Store) -> None:
    joined, left = event(BO, Joined), event(BO, Left)
    outcomes = commit(town, [AddMember(joined), AddMember(joined), EndMember(left), EndMember(left)])
    log = whole(town)
    assert [type(one.event) for one in log] == [Joined, Left]
    assert outcomes == [Placed("member", (log[0],)), Placed("member"), Placed("", (log[1],)), Placed("")]
    assert town.members(GARDEN, 9) == []
    assert one(town, AddMember(joined)).records[0].event.seq == 3


def test_members_are_listed_by_name(town: Store) -> None:
    commit(town, [AddMember(event(account, Joined)) for account in (BO, ANN)])
    assert town.members(GARDEN, 9) == [
        Member(ANN, "Ann", "admin", since=1000),
        Member(BO, "Bo", "member", since=1000),
    ]
    one(town, rename_account(ANN, "Zoe"))
    assert town.members(GARDEN, 1) == [Member(BO, "Bo", "member", since=1000)]
    assert town.members(KITCHEN, 9) == []


def test_memberships_come_with_their_read_marks(town: Store, reopen: Callable[[], Store]) -> None:
    one(town, AddMember(event(ANN, Joined, room=KITCHEN)))
    one(town, AddMember(event(ANN, Joined, room=GARDEN), read=0))
    expected = [
        Membership(RoomRow(GARDEN, "garden", "", 1, 1000), Mark(), "member"),
        Membership(RoomRow(KITCHEN, "kitchen", "", 1, 1000), Mark(1), "member"),
    ]
    assert town.memberships(ANN) == expected
    assert town.memberships(BO) == []
    assert reopen().memberships(ANN) == expected


def test_who_becomes_a_member_has_read_what_was_there(town: Store) -> None:
    one(town, MarkRead(GARDEN, ANN, 0))
    commit(town, [event(BO, Posted, "a"), event(BO, Posted, "b"), AddMember(event(ANN, Joined))])
    assert town.mark(GARDEN, ANN) == Mark(3)
    commit(town, [event(BO, Posted, "c"), AddMember(event(ANN, Joined))])
    assert town.mark(GARDEN, ANN) == Mark(3)  # a member already


def test_a_read_mark_moves_forward_only_and_to_the_head_at_most(town: Store) -> None:
    commit(town, [event(ANN, Posted, "a"), event(ANN, Posted, "b"), event(ANN, Posted, "c")])
    marks = [MarkRead(GARDEN, BO, seq) for seq in (2, 1, -5, 1 << 53)]
    assert commit(town, [*marks, MarkRead(KITCHEN, BO, 5)]) == [2, 2, 2, 3, 0]
    assert (town.mark(GARDEN, BO), town.mark(GARDEN, ANN), town.mark(KITCHEN, BO)) == (Mark(3), Mark(), Mark())


def test_a_read_mark_sees_the_messages_before_it_in_its_group(town: Store) -> None:
    outcomes = commit(town, [event(ANN, Posted, "a"), MarkRead(GARDEN, BO, 9), event(ANN, Posted, "b")])
    assert outcomes[1] == 1
