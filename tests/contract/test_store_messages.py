"""What every store does to a message: one fold for pages, once, and by whom it may be done."""

from collections.abc import Callable
from typing import Any

import pytest

from nexus.core.entries import (
    Amend,
    Amended,
    Denied,
    Draft,
    Entry,
    Event,
    Kind,
    MakeRoom,
    NonceReused,
    Reaction,
    Register,
    RenameAccount,
    Stored,
)
from nexus.ports import Store

ANN, BO, CY = 1, 2, -77
NAMES = {ANN: "Ann", BO: "Bo", CY: "Cy"}
ROOM = 1
THUMB = "\U0001f44d"


def does(kind: Kind, author: int, target: int | None, text: str = "", nonce: str | None = None, **more: Any) -> Amend:
    at = more.pop("at", 2000)
    return Amend(Draft(ROOM, author, NAMES[author], kind, at, text, nonce, target), **more)


def post(author: int, text: str, nonce: str | None = None, at: int = 1000) -> Draft:
    return Draft(ROOM, author, NAMES[author], Kind.POSTED, at, text, nonce)


def one(store: Store, entry: Entry) -> Any:
    return store.commit([entry])[0]


def event(store: Store, seq: int = 1) -> Event:
    return store.page(ROOM, after=seq - 1, before=seq + 1, limit=1, newest=False)[0]


def test_what_is_pinned_is_listed_the_last_pin_first(garden: Store) -> None:
    garden.commit([post(BO, "second"), post(CY, "third"), MakeRoom("kitchen", "kitchen", 1)])
    for seq in (3, 1, 2):
        assert one(garden, does(Kind.PINNED, ANN, seq, role="admin")).first
    one(garden, does(Kind.UNPINNED, ANN, 1, role="admin"))

    pinned = garden.pinned(ROOM, 9)
    assert [event.text for event in pinned] == ["second", "third"]
    assert pinned == [event(garden, 2), event(garden, 3)]
    assert garden.pinned(ROOM, 1) == pinned[:1]
    assert garden.pinned(2, 9) == []
    one(garden, does(Kind.DELETED, BO, 2))
    assert garden.pinned(ROOM, 9) == pinned[1:]


@pytest.fixture
def garden(store: Store) -> Store:
    """The garden, in which Ann has said something."""
    store.commit(
        [
            Register(0, "Ann", "ann", "ann", "hash", "admin", 1),
            Register(0, "Bo", "bo", "bo", "hash", "member", 1),
            MakeRoom("garden", "garden", 1),
            post(ANN, "hello", "n1"),
        ]
    )
    return store


def test_an_edit_is_the_text_that_pages_tell(garden: Store) -> None:
    edited = one(garden, does(Kind.EDITED, ANN, 1, "hello, all"))
    assert edited == Stored(Event(ROOM, 2, 2000, Kind.EDITED, ANN, "Ann", "hello, all", None, 1), True)
    assert (event(garden).text, event(garden).amended) == ("hello, all", Amended(2, edit=2, edited=2000))
    assert event(garden, 2) == edited.event


def test_an_edit_that_another_one_follows_has_no_text_any_more(garden: Store) -> None:
    garden.commit([does(Kind.EDITED, ANN, 1, "two"), does(Kind.EDITED, ANN, 1, "three", at=3000)])
    assert [event(garden, seq).text for seq in (1, 2, 3)] == ["three", "", "three"]
    assert event(garden).amended == Amended(3, edit=3, edited=3000)


def test_of_a_deleted_message_nothing_is_left(garden: Store, reopen: Callable[[], Store]) -> None:
    garden.commit([does(Kind.EDITED, ANN, 1, "two"), does(Kind.REACTED, CY, 1, THUMB)])
    garden.commit([does(Kind.PINNED, BO, 1, role="member"), does(Kind.DELETED, ANN, 1)])
    again = reopen()
    assert [event(again, seq).text for seq in (1, 2, 3, 4, 5)] == ["", "", THUMB, "", ""]
    assert event(again).amended == Amended(5, deleted=True)


def test_reactions_are_told_in_order_under_the_names_of_today(garden: Store) -> None:
    garden.commit([does(Kind.REACTED, who, 1, THUMB) for who in (CY, BO, ANN)])
    garden.commit([does(Kind.UNREACTED, ANN, 1, THUMB), RenameAccount(BO, 0, "Bob", "bob", "bob")])
    reactions = (Reaction(2, THUMB, CY, "Cy"), Reaction(3, THUMB, BO, "Bob"))
    assert event(garden).amended == Amended(5, reactions=reactions)


def test_who_reacts_again_is_told_of_the_first_time(garden: Store) -> None:
    first = one(garden, does(Kind.REACTED, BO, 1, THUMB))
    assert one(garden, does(Kind.REACTED, BO, 1, THUMB, at=9000)) == Stored(first.event, False)
    pinned = one(garden, does(Kind.PINNED, BO, 1, role="member"))
    assert one(garden, does(Kind.PINNED, ANN, 1, role="admin")) == Stored(pinned.event, False)


@pytest.mark.parametrize(
    ("amend", "code"),
    [
        (does(Kind.EDITED, BO, 1, "x", role="admin"), "forbidden"),
        (does(Kind.EDITED, ANN, 1, "x", within=999), "forbidden"),
        (does(Kind.DELETED, BO, 1, role="member"), "forbidden"),
        (does(Kind.PINNED, CY, 1), "forbidden"),
        (does(Kind.UNPINNED, ANN, 1, role="member"), "not_found"),
        (does(Kind.UNREACTED, ANN, 1, THUMB), "not_found"),
        (does(Kind.EDITED, ANN, 2, "x"), "not_found"),
        (does(Kind.EDITED, ANN, None, "x"), "not_found"),
        (does(Kind.REACTED, ANN, 1 << 39, THUMB), "not_found"),
        (does(Kind.REACTED, BO, 1, THUMB, emoji=0), "too_many"),
        (does(Kind.REACTED, BO, 1, THUMB, reactions=0), "too_many"),
    ],
)
def test_what_may_not_be_done_is_denied_and_stores_nothing(garden: Store, amend: Amend, code: str) -> None:
    denied = one(garden, amend)
    assert isinstance(denied, Denied)
    assert denied.code == code
    assert event(garden).amended is None
    assert one(garden, post(ANN, "next")).event.seq == 2


def test_an_edit_in_time_and_a_deletion_by_an_administrator_are_done(garden: Store) -> None:
    assert one(garden, does(Kind.EDITED, ANN, 1, "x", within=1000)).first
    assert one(garden, does(Kind.DELETED, BO, 1, role="admin")).first


def test_a_deleted_message_takes_nothing_more(garden: Store) -> None:
    one(garden, does(Kind.DELETED, ANN, 1))
    for kind in (Kind.EDITED, Kind.DELETED, Kind.REACTED, Kind.UNREACTED, Kind.PINNED, Kind.UNPINNED):
        assert one(garden, does(kind, ANN, 1, "x", role="admin")).code == "not_found"
        assert one(garden, does(kind, ANN, 2, "x", role="admin")).code == "not_found", "It is no message."


# Exactly once


def test_a_retry_of_what_was_done_is_the_first_event(garden: Store) -> None:
    first = one(garden, does(Kind.REACTED, BO, 1, THUMB, "n2"))
    assert one(garden, does(Kind.REACTED, BO, 1, THUMB, "n2")) == Stored(first.event, False)
    one(garden, does(Kind.UNREACTED, BO, 1, THUMB))
    assert one(garden, does(Kind.REACTED, BO, 1, THUMB, "n2")) == Stored(first.event, False)
    for other in (
        does(Kind.REACTED, BO, 1, "\U0001f331", "n2"),
        does(Kind.UNREACTED, BO, 1, THUMB, "n2"),
        post(BO, THUMB, "n2"),
    ):
        assert one(garden, other) == NonceReused(2)


def test_an_edited_text_is_still_told_from_another(garden: Store, reopen: Callable[[], Store]) -> None:
    garden.commit([does(Kind.EDITED, ANN, 1, "two", "e1"), does(Kind.EDITED, ANN, 1, "three", "e2")])
    again = reopen()
    outcomes = [one(again, post(ANN, text, "n1")) for text in ("hello", "two", "three", "")]
    assert [isinstance(outcome, Stored) for outcome in outcomes] == [True, False, False, False]
    outcomes = [one(again, does(Kind.EDITED, ANN, 1, text, "e1")) for text in ("two", "hello", "three", "")]
    assert [isinstance(outcome, Stored) for outcome in outcomes] == [True, False, False, False]
    assert one(again, does(Kind.EDITED, ANN, 1, "three", "e2")).event.seq == 3
    assert one(again, post(ANN, "next")).event.seq == 4


def test_the_nonces_of_a_deleted_message_are_known(garden: Store) -> None:
    garden.commit([does(Kind.EDITED, ANN, 1, "two", "e1"), does(Kind.DELETED, ANN, 1, "", "d1")])
    assert one(garden, post(ANN, "hello", "n1")).event.seq == 1
    assert one(garden, does(Kind.EDITED, ANN, 1, "two", "e1")).event.seq == 2
    assert one(garden, does(Kind.DELETED, ANN, 1, "", "d1")).event.seq == 3
    assert one(garden, does(Kind.DELETED, ANN, 1, "", "e1")) == NonceReused(2)


def test_everything_is_in_one_order_within_a_group_with_a_retry(garden: Store) -> None:
    outcomes = garden.commit(
        [
            post(ANN, "hello", "n1"),
            post(BO, "second", "n2"),
            does(Kind.EDITED, BO, 2, "Second", "n3"),
            does(Kind.EDITED, BO, 2, "Second", "n3"),
            post(BO, "second", "n2"),
            does(Kind.DELETED, BO, 2),
            does(Kind.REACTED, ANN, 2, THUMB),
        ]
    )
    told = [(outcome.event.seq, outcome.first) for outcome in outcomes if isinstance(outcome, Stored)]
    assert told == [(1, False), (2, True), (3, True), (3, False), (2, False), (4, True)]
    assert isinstance(outcomes[-1], Denied)
