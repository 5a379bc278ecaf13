"""Whom people ignore, and who reaches them: the same in every store."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from nexus.core.changes import (
    AddMember,
    Amend,
    Denied,
    EndSessions,
    Failed,
    MakeDirect,
    MakeRoom,
    OpenSession,
    Register,
    RenameAccount,
    RetireSession,
)
from nexus.core.erasing import Erase
from nexus.core.log import Record
from nexus.core.names import person_name
from nexus.core.people import FORMER_NAME, Counts
from nexus.core.protecting import MOST_IGNORED, TOO_MANY, Ignore, Prefer, Unignore
from nexus.ports import Store
from nexus.protocol import events as e
from tests.contract.groups import commit, message, one, record

ANN, BO, CY = 1, 2, 3
DOT = -70
GARDEN = 1
BETWEEN = f"p-{'b' * 20}"


@pytest.fixture
def town(store: Store) -> Store:
    """Ann, Bo and Cy have accounts and are in the garden; Dot is a guest."""
    for number, name in enumerate(("Ann", "Bo", "Cy"), 1):
        one(store, Register(80 + number, *person_name(name), "hash", "owner" if name == "Ann" else "member", 1))
    one(store, OpenSession(-DOT, store.run, *person_name("Dot")))
    one(store, MakeRoom("garden", "garden", 5))
    for number, name in enumerate(("Ann", "Bo", "Cy"), 1):
        one(store, AddMember(record(e.Joined, number, name)))
    return store


def said(author: int, by: str, text: str = "hello", **more: Any) -> Record:
    """A message whose author's right is looked at when it is stored."""
    made = record(e.Posted, author, by, text, **more)
    made.checked = True
    return made


def unread(store: Store, reader: int, room: int = GARDEN) -> Counts:
    """What a reader who has read nothing has not read."""
    return store.counts(room, reader, after=0, upto=1000, most=1000)


def names(store: Store, reader: int) -> list[tuple[int, str]]:
    """Whom a reader ignores."""
    return [(row.author, row.name) for row in store.ignored(reader)]


def test_whom_one_ignores_is_listed_by_the_name_of_today_and_stays(town: Store, reopen: Callable[[], Store]) -> None:
    assert [one(town, Ignore(ANN, other, 9)) for other in (CY, BO, BO, DOT)] == [True, True, False, True]
    one(town, RenameAccount(BO, 0, *person_name("Zoe"), 10, 10))
    assert names(town, ANN) == [(CY, "Cy"), (DOT, "Dot"), (BO, "Zoe")]
    assert [one(town, Unignore(ANN, other)) for other in (CY, CY)] == [True, False]
    assert names(reopen(), ANN) == [(DOT, "Dot"), (BO, "Zoe")]
    assert names(reopen(), BO) == []


def test_what_the_ignored_say_is_unread_for_nobody_who_ignores_them(town: Store) -> None:
    commit(town, [said(BO, "Bo", names=("ann",)), said(CY, "Cy", names=("ann",)), said(BO, "Bo", names=("here",))])
    assert [unread(town, reader) for reader in (ANN, CY)] == [Counts(3, 3), Counts(2, 1)]
    one(town, Ignore(ANN, BO, 9))
    assert [unread(town, reader) for reader in (ANN, CY)] == [Counts(1, 1), Counts(2, 1)]
    one(town, Unignore(ANN, BO))
    assert unread(town, ANN) == Counts(3, 3)


def test_a_guest_ignores_while_their_session_lasts_and_is_ignored(town: Store) -> None:
    commit(town, [Ignore(DOT, BO, 9), Ignore(ANN, DOT, 9), said(BO, "Bo"), said(DOT, "Dot"), said(CY, "Cy")])
    assert [unread(town, reader) for reader in (DOT, ANN)] == [Counts(1, 0), Counts(2, 0)]
    one(town, EndSessions((-DOT,)))
    assert (names(town, DOT), names(town, ANN)) == ([], [])
    one(town, OpenSession(-DOT, town.run, *person_name("Dotty")))
    assert (names(town, DOT), names(town, ANN)) == ([], [(DOT, "Dotty")])
    one(town, Ignore(DOT, BO, 9))
    one(town, RetireSession(-DOT))
    assert names(town, DOT) == []


def test_one_ignores_so_many_and_guests_who_are_gone_make_room(town: Store) -> None:
    assert one(town, OpenSession(71, town.run, *person_name("Eve"))) is None
    commit(town, [Ignore(ANN, other, 9) for other in (-71, *range(1000, 1000 + MOST_IGNORED - 1))])
    assert one(town, Ignore(ANN, BO, 9)) == TOO_MANY
    assert one(town, Ignore(CY, BO, 9)) is True
    one(town, EndSessions((71,)))
    assert one(town, Ignore(ANN, BO, 9)) is True
    assert one(town, Ignore(ANN, CY, 9)) == TOO_MANY


def test_an_erased_account_ignores_nobody_and_is_ignored_by_nobody(town: Store) -> None:
    commit(town, [Ignore(ANN, BO, 9), Ignore(BO, CY, 9), Prefer(BO, "nobody"), said(BO, "Bo")])
    assert one(town, Erase(BO, 20, 20)) is True
    assert (names(town, ANN), names(town, BO), town.directs(BO)) == ([], [], "everyone")
    assert unread(town, ANN) == Counts(1, 0)


# --- who reaches whom ------------------------------------------------------------------------------


def asks(store: Store, *people: int, names: tuple[str, ...] = ()) -> Any:
    """The first of some people asks for the room between them."""
    return one(store, MakeDirect(people, f"p-{'z' * 20}", 9, names or ("", "bo", "cy")[: len(people)]))


def test_a_direct_room_is_between_as_many_as_before_when_one_of_them_is_erased(town: Store) -> None:
    def between(id: int) -> tuple[str, ...]:
        found = town.room_by_id(id)
        assert found is not None
        return found.people

    made, alone = (one(town, MakeDirect(who, f"p-{len(who):a>20}", 9)) for who in ((ANN, BO, CY), (ANN,)))
    assert between(made.id) == ("Ann", "Bo", "Cy")
    one(town, Erase(BO, 20, 20))
    assert between(made.id) == ("Ann", "Cy", FORMER_NAME)
    assert between(alone.id) == ("Ann",)


REASONS = [[Ignore(BO, ANN, 9)], [Prefer(BO, "nobody")], [Ignore(BO, ANN, 9), Prefer(BO, "nobody")]]


@pytest.mark.parametrize("reasons", REASONS)
def test_who_is_refused_learns_that_and_nothing_else(town: Store, reasons: list[Any]) -> None:
    made = one(town, MakeDirect((ANN, BO), BETWEEN, 9, ("", "bo")))
    kept = one(town, said(ANN, "Ann", room=made.id)).event.seq
    commit(town, reasons)
    unreached = Denied("not_found", "bo cannot be reached.")
    assert asks(town, ANN, BO) == unreached
    assert asks(town, ANN, BO, CY) == unreached
    assert one(town, said(ANN, "Ann", room=made.id)) == Denied("not_found", "Bo cannot be reached.")
    edit = replace(record(e.Edited, ANN, "Ann", "again", target=kept, room=made.id), checked=True)
    assert one(town, Amend(edit)) == Denied("not_found", "Bo cannot be reached.")
    deletion = replace(record(e.Deleted, ANN, "Ann", target=kept, room=made.id), checked=True)
    assert isinstance(one(town, Amend(deletion)), Record)  # one's own words one always takes back
    assert not isinstance(asks(town, ANN, CY, names=("", "cy")), Denied)


def test_who_refuses_somebody_does_not_write_to_them_either(town: Store) -> None:
    room = one(town, MakeDirect((ANN, BO), BETWEEN, 9, ("", "bo"))).id
    one(town, Ignore(BO, ANN, 9))
    for denied in (one(town, said(BO, "Bo", room=room)), one(town, MakeDirect((BO, ANN), BETWEEN, 9, ("", "ann")))):
        assert denied.code == "forbidden"
        assert "You ignore" in denied.message
    commit(town, [Unignore(BO, ANN), Prefer(BO, "nobody")])
    assert "switched" in one(town, said(BO, "Bo", room=room)).message
    one(town, Prefer(BO, "everyone"))
    assert isinstance(one(town, said(ANN, "Ann", room=room)), Record)


def test_between_three_and_alone_one_talks_on(town: Store) -> None:
    three, alone = (one(town, MakeDirect(people, f"p-{'c' * len(people)}", 9)).id for people in ((ANN, BO, CY), (BO,)))
    commit(town, [Ignore(BO, ANN, 9), Prefer(BO, "nobody")])
    assert isinstance(one(town, said(ANN, "Ann", room=three)), Record)
    assert isinstance(one(town, said(BO, "Bo", room=alone)), Record)


def test_who_is_refused_in_one_group_with_the_refusal_is_refused(town: Store) -> None:
    room = one(town, MakeDirect((ANN, BO), BETWEEN, 9)).id
    assert isinstance(one(town, said(ANN, "Ann", room=room)), Record)
    ignored, denied = commit(town, [Ignore(BO, ANN, 9), said(ANN, "Ann", room=room)])
    assert (ignored, denied.code) == (True, "not_found")
    assert not isinstance(denied, Failed)


# --- who mentions everyone -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "heard"), [("everyone", [ANN, BO, DOT]), ("members", [ANN, BO]), ("moderators", [ANN])]
)
def test_only_whom_the_setting_names_mention_everyone(town: Store, here: Any, heard: list[int]) -> None:
    mentioned = []
    for author, by in ((ANN, "Ann"), (BO, "Bo"), (DOT, "Dot")):
        made = replace(said(author, by, "@here and @cy", names=("here", "cy")), here=here)
        seq = one(town, made).event.seq
        assert message(town, seq).mentions == ("Cy",)
        mentioned += [author] if message(town, seq).here else []
    assert mentioned == heard
    assert unread(town, CY) == Counts(3, 3)


def test_in_a_direct_room_everyone_mentions_everyone(town: Store) -> None:
    room = one(town, MakeDirect((ANN, BO), BETWEEN, 9)).id
    made = replace(said(BO, "Bo", "@here", names=("here",), room=room), here="moderators")
    assert one(town, made).event.here is True
