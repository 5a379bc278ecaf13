"""What every store keeps of accounts beside their names: passwords, codes, names given up, what was done to them."""

from collections.abc import Callable

from nexus.core.changes import (
    INVALID_INVITE,
    OFFICIAL_NAME,
    Acted,
    AddInvite,
    AddLogin,
    AddMember,
    AddReset,
    Change,
    ChangePassword,
    Denied,
    DropRooms,
    EndInvite,
    EndLogin,
    EndLogins,
    MakeRoom,
    NameTaken,
    OpenSession,
    Post,
    Register,
    RenameAccount,
    SetRole,
    SignedIn,
    UseReset,
)
from nexus.core.erasing import EndRemoval, Erase
from nexus.core.inviting import InviteFirst, digest, first_code
from nexus.core.names import person_name
from nexus.core.people import FORMER, FORMER_NAME, Account, Act, Invite, Profile
from nexus.ports import Store
from nexus.protocol.events import Joined, Posted
from tests.contract.groups import commit, one, record, whole

ANN, BO = 1, 2

KEY = b"key"


def register(name: str, *, invite: bytes | None = None, official: bool = False) -> Register:
    return Register(0, *person_name(name), f"hash of {name}", "member", 1000, invite, official)


def ann_and_bo(store: Store) -> None:
    commit(store, [register("Ann"), register("Bo")])


def hash_of(store: Store, account: int) -> str:
    found = store.account_by_id(account)
    assert found is not None
    return found.hash


# Invites


def test_an_invite_gives_its_role_as_often_as_it_may_be_used(store: Store) -> None:
    one(store, AddInvite(b"code", "admin", 2, at=10))

    made = commit(store, [register(name, invite=b"code") for name in ("Ann", "Bo", "Cy")])

    assert [getattr(account, "role", account) for account in made] == ["admin", "admin", INVALID_INVITE]
    assert [(invite.uses, invite.used) for invite in store.invites()] == [(0, ("Ann", "Bo"))]


def test_an_invite_is_not_spent_by_anyone_who_gets_no_account(store: Store) -> None:
    ann_and_bo(store)
    one(store, AddInvite(b"code", "member", 1, at=10))

    assert one(store, register("Ann", invite=b"code")) == NameTaken("Ann")
    assert one(store, register("Admin", invite=b"code", official=True)) == OFFICIAL_NAME
    assert isinstance(one(store, register("Cy", invite=b"code")), Account)


def test_an_official_name_is_an_administrators(store: Store) -> None:
    one(store, AddInvite(b"code", "admin", 1, at=10))

    assert one(store, register("Admin", official=True)) == OFFICIAL_NAME
    assert isinstance(one(store, register("Admin", invite=b"code", official=True)), Account)


def test_an_invite_that_expired_or_was_taken_back_is_worth_nothing(store: Store) -> None:
    one(store, AddInvite(b"old", "member", 1, at=10, expires=1000))
    kept = one(store, AddInvite(b"back", "member", 1, at=10))
    assert [invite.id for invite in store.invites()] == [1, 2]

    assert commit(store, [EndInvite(kept), EndInvite(kept)]) == [True, False]
    assert one(store, register("Ann", invite=b"old")) == INVALID_INVITE  # it is 1000 now
    assert one(store, register("Ann", invite=b"back")) == INVALID_INVITE


def test_the_code_of_the_first_administrator_is_the_same_until_another_takes_its_place(store: Store) -> None:
    first, again, *_ = commit(
        store, [InviteFirst(KEY, 10, False), InviteFirst(KEY, 20, False), AddInvite(b"m", "member", 5, 10)]
    )
    assert first == again == first_code(KEY, 10)
    assert one(store, InviteFirst(KEY, 30, True)) == first_code(KEY, 30)

    assert one(store, register("Ann", invite=digest(first))) == INVALID_INVITE
    assert store.invites() == [Invite(2, "member", 5, 10, 0), Invite(3, "admin", 1, 30, 0)]


def test_a_code_of_the_first_administrator_that_was_taken_back_or_used_never_counts_again(store: Store) -> None:
    one(store, InviteFirst(KEY, 10, False))
    one(store, EndInvite(1))
    code = one(store, InviteFirst(KEY, 20, False))
    assert code == first_code(KEY, 20)
    assert not isinstance(one(store, register("Ann", invite=digest(code))), Denied)
    assert [one(store, InviteFirst(KEY, 30, fresh)) for fresh in (False, True)] == ["", ""]
    one(store, SetRole(1, "member"))
    assert one(store, InviteFirst(KEY, 40, False)) == first_code(KEY, 40)


def test_a_code_for_an_administrator_that_an_operator_made_is_not_shown_as_the_first_ones(store: Store) -> None:
    one(store, AddInvite(b"1", "admin", 1, 10))
    assert one(store, InviteFirst(KEY, 20, False)) == first_code(KEY, 20)


def test_an_expired_invite_is_forgotten_with_the_next_one(store: Store) -> None:
    one(store, AddInvite(b"old", "member", 1, at=10, expires=1000))
    one(store, AddInvite(b"new", "member", 1, at=1000))
    assert [invite.id for invite in store.invites()] == [2]


# Passwords


def test_another_password_ends_every_login_and_session_but_one(store: Store) -> None:
    ann_and_bo(store)
    commit(store, [AddLogin(ANN, b"1", "web", 50), AddLogin(ANN, b"2", "web", 50), AddLogin(BO, b"3", "web", 50)])
    commit(store, [OpenSession(7, 1, account=ANN, login=1), OpenSession(8, 1, account=ANN, login=1)])
    one(store, OpenSession(9, 1, account=BO, login=3))

    changed = one(store, ChangePassword(ANN, "hash of Ann", "new", 7, b"4", "", 60))

    assert isinstance(changed, SignedIn)
    assert hash_of(store, ANN) == "new"
    assert [login.id for login in store.logins(ANN)] == [changed.login]
    assert store.login(b"1") is None
    kept = store.session(7)
    assert kept is not None
    assert kept.login == changed.login
    assert store.session(8) is None
    assert store.session(9) is not None


def test_a_password_that_was_changed_meanwhile_is_not_changed_again(store: Store) -> None:
    ann_and_bo(store)
    one(store, AddLogin(ANN, b"1", "web", 50))

    assert one(store, ChangePassword(ANN, "a guess", "new", 7, b"4", "", 60)) is None
    assert hash_of(store, ANN) == "hash of Ann"
    assert len(store.logins(ANN)) == 1


def test_nobody_signs_in_by_a_password_that_was_changed_meanwhile(store: Store) -> None:
    ann_and_bo(store)

    assert one(store, AddLogin(ANN, b"1", "web", 50, hash="hash of Ann")) == SignedIn(1)
    assert one(store, AddLogin(ANN, b"2", "web", 50, hash="older")) is None


def test_where_there_are_too_many_logins_those_unused_for_the_longest_end(store: Store) -> None:
    ann_and_bo(store)
    commit(store, [AddLogin(ANN, bytes([n]), "web", at) for n, at in enumerate((30, 10, 20))])
    one(store, OpenSession(7, 1, account=ANN, login=2))

    signed = one(store, AddLogin(ANN, b"new", "web", 40, most=2))

    assert signed == SignedIn(4, (3, 2))
    assert [login.id for login in store.logins(ANN)] == [1, 4]
    assert store.session(7) is None


def test_a_reset_code_gives_another_password_once(store: Store) -> None:
    ann_and_bo(store)
    commit(store, [AddLogin(ANN, b"1", "web", 50), OpenSession(7, 1, account=ANN, login=1)])
    commit(store, [AddReset(ANN, b"first", 1000), AddReset(ANN, b"code", 1000)])

    assert one(store, UseReset(b"first", "new", 500)) is None
    account = one(store, UseReset(b"code", "new", 500))

    assert account == Account(ANN, "Ann", "member", "new")
    assert store.logins(ANN) == []
    assert store.session(7) is None
    assert one(store, UseReset(b"code", "newer", 500)) is None


def test_a_reset_code_expires(store: Store) -> None:
    ann_and_bo(store)
    one(store, AddReset(ANN, b"code", 1000))

    assert one(store, UseReset(b"code", "new", 1000)) is None
    assert hash_of(store, ANN) == "hash of Ann"


def test_a_reset_code_is_worth_nothing_once_the_password_was_changed(store: Store) -> None:
    ann_and_bo(store)
    one(store, AddReset(ANN, b"code", 1000))
    one(store, ChangePassword(ANN, "hash of Ann", "new", 7, b"4", "", 60))

    assert one(store, UseReset(b"code", "newer", 70)) is None


def test_all_logins_of_an_account_end_with_its_sessions(store: Store) -> None:
    ann_and_bo(store)
    commit(store, [AddLogin(ANN, b"1", "web", 50), OpenSession(7, 1, account=ANN, login=1)])

    assert commit(store, [EndLogins(ANN), EndLogins(99)]) == [True, False]
    assert store.logins(ANN) == []
    assert store.session(7) is None


# Names that were given up


def test_a_name_that_an_account_gave_up_is_held_for_it(store: Store) -> None:
    ann_and_bo(store)
    one(store, RenameAccount(ANN, 0, *person_name("Zoe"), at=100, until=200))

    assert store.taken([person_name("Ann").skeleton]) == {person_name("Ann").skeleton}
    assert one(store, OpenSession(7, 1, *person_name("ANN"), at=150)) == NameTaken("Ann")
    assert one(store, RenameAccount(BO, 0, *person_name("Ann"), at=199)) == NameTaken("Ann")
    assert one(store, RenameAccount(ANN, 0, *person_name("Ann"), at=150)) is None


def test_a_name_is_free_when_it_was_held_for_long_enough(store: Store) -> None:
    ann_and_bo(store)
    one(store, RenameAccount(ANN, 0, *person_name("Zoe"), at=100, until=200))

    assert one(store, OpenSession(7, 1, *person_name("Ann"), at=200)) is None


# Roles, erasing, acts


def test_a_role_is_changed(store: Store) -> None:
    ann_and_bo(store)

    assert commit(store, [SetRole(ANN, "admin"), SetRole(99, "admin")]) == [True, False]
    assert store.has_admin()


def test_of_an_account_that_is_erased_nothing_is_left_but_its_messages(store: Store) -> None:
    ann_and_bo(store)
    commit(store, [MakeRoom("garden", "garden", 10), AddLogin(ANN, b"1", "web", 50)])
    commit(store, [OpenSession(7, 1, account=ANN, login=1), AddReset(ANN, b"code", 1000)])
    one(store, AddMember(record(Joined, ANN, "Ann", room=1, at=1000)))
    one(store, Post(record(Posted, ANN, "Ann", "hello", room=1, at=1000)))
    calling = record(Posted, BO, "Bo", "@Ann, are you there?", room=1, at=1000)
    calling.names = ("ann",)
    one(store, Post(calling))

    assert commit(store, [Erase(ANN, 2000, 3000), Erase(ANN, 2000, 3000), Erase(99, 0, 0)]) == [True, False, False]

    assert store.account("ann") is None
    assert store.account_by_id(ANN) == Account(ANN, FORMER_NAME, FORMER, "")
    assert store.logins(ANN) == []
    assert store.session(7) is None
    assert store.members(1, 10) == []
    hello, call = [entry.event for entry in whole(store, 1) if isinstance(entry.event, Posted)]
    assert hello.by == FORMER_NAME
    assert not call.mentions
    assert store.counts(1, ANN, after=0, upto=9, most=10).mentions == 0
    assert one(store, UseReset(b"code", "new", 500)) is None
    assert one(store, register("Ann")) == NameTaken("Ann")  # it is 1000 now, and the name held until 3000
    assert not one(store, SetRole(ANN, "admin"))


def test_what_is_still_to_be_deleted_of_an_account_is_known_until_it_is_done(
    store: Store, reopen: Callable[[], Store]
) -> None:
    ann_and_bo(store)

    assert one(store, Erase(ANN, 2000, 3000, remove=True, hash="another")) is False
    assert store.removals() == []
    assert one(store, Erase(ANN, 2000, 3000, remove=True, hash=hash_of(store, ANN))) is True
    assert one(store, Erase(BO, 2000, 3000)) is True

    again = reopen()
    assert again.removals() == [ANN]
    one(again, EndRemoval(ANN))
    assert again.removals() == []


def test_where_an_account_spoke_is_found_step_by_step(store: Store) -> None:
    ann_and_bo(store)
    one(store, MakeRoom("garden", "garden", 10))
    commit(store, [Post(record(Posted, who, "x", f"{n}", room=1, at=1000)) for n, who in enumerate((ANN, BO, ANN))])

    first, after = store.said_by(ANN, after=0, limit=2)
    assert after is not None
    rest, end = store.said_by(ANN, after=after, limit=2)

    assert first + rest == [(1, 1), (1, 3)]
    assert end is None


def test_what_was_done_is_noted_with_what_it_changed(store: Store) -> None:
    ann_and_bo(store)
    changes: list[Change[bool]] = [
        Acted(SetRole(ANN, "admin"), 100, 0, "role", ANN, "admin"),
        Acted(EndLogin(BO, 1), 110, ANN, "end-login", BO),
    ]

    assert commit(store, changes) == [True, False]
    (first,) = store.acts(10)
    assert first == Act(1, 100, 0, "role", ANN, "admin", name="Ann")
    assert one(store, Acted(EndLogins(BO), 120, ANN, "end-logins", BO))
    newest, first = store.acts(10)
    assert newest.verb == "end-logins"
    assert store.acts(10, before=newest.id) == [first]


def test_accounts_are_listed_by_name(store: Store) -> None:
    commit(store, [register("Bo"), register("Ann")])
    commit(store, [AddLogin(2, b"1", "web", 50), AddLogin(2, b"2", "web", 70)])

    assert store.profiles("", 10) == [
        Profile(2, "Ann", "ann", "member", 1000, 2, 70),
        Profile(1, "Bo", "bo", "member", 1000, 0, 0),
    ]
    assert [one.name for one in store.profiles("ann", 10)] == ["Bo"]


def test_rooms_that_nobody_used_are_found_and_dropped_unless_they_are_used_meanwhile(store: Store) -> None:
    ann_and_bo(store)
    commit(store, [MakeRoom(name, name, 10) for name in ("garden", "kitchen", "shed")] + [MakeRoom("new", "new", 90)])
    one(store, Post(record(Posted, ANN, "Ann", "hello", room=1, at=1000)))

    first, after = store.unused_rooms(before=50, after=0, limit=2)
    assert after is not None
    rest, end = store.unused_rooms(before=50, after=after, limit=2)
    assert (first, rest) == ([2], [3])
    one(store, AddMember(record(Joined, ANN, "Ann", room=3, at=1000)))

    assert one(store, DropRooms((1, 2, 3, 4, 99), 50)) == (2,)
    assert store.room("kitchen", "kitchen") is None
    assert [row.name for row in store.rooms(10)] == ["shed", "garden", "new"]
    made = one(store, MakeRoom("kitchen", "kitchen", 95))
    assert made.head == 0
    assert end in (None, 4)


def test_a_room_without_an_event_is_listed_behind_those_that_have_one(store: Store) -> None:
    ann_and_bo(store)
    commit(store, [MakeRoom("garden", "garden", 10), MakeRoom("junk", "junk", 9000)])
    one(store, Post(record(Posted, ANN, "Ann", "hello", room=1, at=1000)))

    assert [row.name for row in store.rooms(1)] == ["garden"]
