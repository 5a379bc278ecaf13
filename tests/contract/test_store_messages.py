"""What every store does to a message: one fold for pages, once, and by whom it may be done."""

from collections.abc import Callable
from typing import Any

import pytest

from nexus.core.changes import Amend, Denied, MakeRoom, NonceReused, Register, RenameAccount, Repeated
from nexus.core.log import Record
from nexus.ports import Store
from nexus.protocol.events import Deleted, Edited, Pinned, Posted, Reacted, RoomEvent, Unpinned, Unreacted
from nexus.protocol.types import Person
from tests.contract.groups import commit, message, one, record, same, stored, texts, whole

ANN, BO, CY = 1, 2, -77
NAMES = {ANN: "Ann", BO: "Bo", CY: "Cy"}
ROOM = 1
THUMB = "\U0001f44d"


def does(
    kind: type[RoomEvent], author: int, target: int | None, text: str = "", nonce: str | None = None, **more: Any
) -> Amend:
    at = more.pop("at", 2000)
    return Amend(record(kind, author, NAMES[author], text, nonce, target, at=at), **more)


def post(author: int, text: str, nonce: str | None = None, at: int = 1000) -> Record:
    return record(Posted, author, NAMES[author], text, nonce, at=at)


def test_what_is_pinned_is_listed_the_last_pin_first(garden: Store) -> None:
    commit(garden, [post(BO, "second"), post(CY, "third"), MakeRoom("kitchen", "kitchen", 1)])
    for seq in (3, 1, 2):
        assert stored(one(garden, does(Pinned, ANN, seq, role="admin")))
    one(garden, does(Unpinned, ANN, 1, role="admin"))

    pinned = garden.pinned(ROOM, 9).hits
    assert texts(pinned) == ["second", "third"]
    assert [one.event for one in pinned] == [message(garden, 2), message(garden, 3)]
    assert garden.pinned(ROOM, 1).hits == pinned[:1]
    assert garden.pinned(2, 9).hits == []
    one(garden, does(Deleted, BO, 2))
    assert garden.pinned(ROOM, 9).hits == pinned[1:]


def reply(author: int, text: str, to: int) -> Record:
    one = record(Posted, author, NAMES[author], text, at=1000)
    one.event.reply_to = to  # type: ignore[attr-defined]
    return one


def test_the_replies_to_a_message_are_listed_the_newest_first(garden: Store) -> None:
    commit(garden, [post(BO, "aside"), reply(CY, "yes", 1), reply(BO, "no", 1), reply(ANN, "to another", 2)])
    commit(garden, [MakeRoom("kitchen", "kitchen", 1), reply(BO, "perhaps", 1)])

    assert texts(garden.replies(ROOM, 1, 9, before=99)) == ["perhaps", "no", "yes"]
    assert texts(garden.replies(ROOM, 1, 1, before=99)) == ["perhaps"]
    assert texts(garden.replies(ROOM, 1, 9, before=4)) == ["yes"]
    assert texts(garden.replies(ROOM, 1, 9, before=99, size=1)) == ["perhaps"]
    assert garden.replies(2, 1, 9, before=99) == []
    one(garden, does(Edited, BO, 4, "not at all"))
    one(garden, does(Deleted, CY, 3))
    assert texts(garden.replies(ROOM, 1, 9, before=99)) == ["perhaps", "not at all"]


@pytest.fixture
def garden(store: Store) -> Store:
    """The garden, in which Ann has said something."""
    commit(
        store,
        [
            Register(0, "Ann", "ann", "ann", "hash", "admin", 1),
            Register(0, "Bo", "bo", "bo", "hash", "member", 1),
            MakeRoom("garden", "garden", 1),
            post(ANN, "hello", "n1"),
        ],
    )
    return store


def test_an_edit_is_the_text_that_pages_tell(garden: Store) -> None:
    edited = one(garden, does(Edited, ANN, 1, "hello, all"))
    event = Edited(room="garden", seq=2, at=2000, by="Ann", target=1, text="hello, all")
    assert edited == Record(ROOM, ANN, event)
    now = message(garden)
    assert (now.text, now.changed, now.edited) == ("hello, all", 2, 2000)
    assert whole(garden)[1] == edited


def test_an_edit_that_another_one_follows_has_no_text_any_more(garden: Store) -> None:
    commit(garden, [does(Edited, ANN, 1, "two"), does(Edited, ANN, 1, "three", at=3000)])
    assert texts(whole(garden)) == ["three", "", "three"]
    assert (message(garden).changed, message(garden).edited) == (3, 3000)


def test_of_a_deleted_message_nothing_is_left(garden: Store, reopen: Callable[[], Store]) -> None:
    commit(garden, [does(Edited, ANN, 1, "two"), does(Reacted, CY, 1, THUMB)])
    commit(garden, [does(Pinned, BO, 1, role="member"), does(Deleted, ANN, 1)])
    again = reopen()
    assert texts(whole(again)) == ["", "", THUMB, "", ""]
    common = {"room": "garden", "seq": 1, "at": 1000, "by": "Ann"}
    assert message(again) == Posted(text="", changed=5, deleted=True, **common)  # type: ignore[arg-type]


def test_reactions_are_listed_in_order_under_the_current_names(garden: Store) -> None:
    commit(garden, [does(Reacted, who, 1, THUMB) for who in (CY, BO, ANN)])
    commit(garden, [does(Unreacted, ANN, 1, THUMB), RenameAccount(BO, 0, "Bob", "bob", "bob")])
    assert message(garden).reactions == {THUMB: [Person("Cy", True), Person("Bob")]}
    assert message(garden).changed == 5


def test_the_same_reaction_twice_returns_the_first_seq(garden: Store) -> None:
    first = one(garden, does(Reacted, BO, 1, THUMB))
    assert one(garden, does(Reacted, BO, 1, THUMB, at=9000)) == Repeated(first)
    pinned = one(garden, does(Pinned, BO, 1, role="member"))
    assert one(garden, does(Pinned, ANN, 1, role="admin")) == Repeated(pinned)


@pytest.mark.parametrize(
    ("amend", "code"),
    [
        (does(Edited, BO, 1, "x", role="admin"), "forbidden"),
        (does(Edited, ANN, 1, "x", within=999), "forbidden"),
        (does(Deleted, BO, 1, role="member"), "forbidden"),
        (does(Deleted, BO, 1, role="admin"), "forbidden"),  # which the store does not find true
        (does(Pinned, CY, 1), "forbidden"),
        (does(Unpinned, ANN, 1, role="member"), "not_found"),
        (does(Unreacted, ANN, 1, THUMB), "not_found"),
        (does(Edited, ANN, 2, "x"), "not_found"),
        (does(Edited, ANN, None, "x"), "not_found"),
        (does(Reacted, ANN, 1 << 39, THUMB), "not_found"),
        (does(Reacted, BO, 1, THUMB, emoji=0), "too_many"),
        (does(Reacted, BO, 1, THUMB, reactions=0), "too_many"),
    ],
)
def test_what_may_not_be_done_is_denied_and_stores_nothing(garden: Store, amend: Amend, code: str) -> None:
    denied = one(garden, amend)
    assert isinstance(denied, Denied)
    assert denied.code == code
    assert message(garden).changed is None
    assert one(garden, post(ANN, "next")).event.seq == 2


def test_an_edit_in_time_is_done(garden: Store) -> None:
    assert stored(one(garden, does(Edited, ANN, 1, "x", within=1000)))


def test_a_deleted_message_takes_nothing_more(garden: Store) -> None:
    one(garden, does(Deleted, ANN, 1))
    for kind in (Edited, Deleted, Reacted, Unreacted, Pinned, Unpinned):
        assert one(garden, does(kind, ANN, 1, "x", role="admin")).code == "not_found"
        assert one(garden, does(kind, ANN, 2, "x", role="admin")).code == "not_found", "It is no message."


# Exactly once


def test_a_retry_of_what_was_done_is_the_first_event(garden: Store) -> None:
    first = one(garden, does(Reacted, BO, 1, THUMB, "n2"))
    assert one(garden, does(Reacted, BO, 1, THUMB, "n2")) == Repeated(first)
    one(garden, does(Unreacted, BO, 1, THUMB))
    assert one(garden, does(Reacted, BO, 1, THUMB, "n2")) == Repeated(first)
    for other in (
        does(Reacted, BO, 1, "\U0001f331", "n2"),
        does(Unreacted, BO, 1, THUMB, "n2"),
        post(BO, THUMB, "n2"),
    ):
        assert one(garden, other) == NonceReused(2)


def test_an_edited_text_is_still_distinguished_from_another(garden: Store, reopen: Callable[[], Store]) -> None:
    commit(garden, [does(Edited, ANN, 1, "two", "e1"), does(Edited, ANN, 1, "three", "e2")])
    again = reopen()
    outcomes = [one(again, post(ANN, text, "n1")) for text in ("hello", "two", "three", "")]
    assert [isinstance(outcome, Repeated) for outcome in outcomes] == [True, False, False, False]
    outcomes = [one(again, does(Edited, ANN, 1, text, "e1")) for text in ("two", "hello", "three", "")]
    assert [isinstance(outcome, Repeated) for outcome in outcomes] == [True, False, False, False]
    assert same(one(again, does(Edited, ANN, 1, "three", "e2")))[1].seq == 3
    assert one(again, post(ANN, "next")).event.seq == 4


def test_the_nonces_of_a_deleted_message_are_known(garden: Store) -> None:
    commit(garden, [does(Edited, ANN, 1, "two", "e1"), does(Deleted, ANN, 1, "", "d1")])
    assert same(one(garden, post(ANN, "hello", "n1")))[1].seq == 1
    assert same(one(garden, does(Edited, ANN, 1, "two", "e1")))[1].seq == 2
    assert same(one(garden, does(Deleted, ANN, 1, "", "d1")))[1].seq == 3
    assert one(garden, does(Deleted, ANN, 1, "", "e1")) == NonceReused(2)


def test_a_group_with_a_retry_keeps_one_order(garden: Store) -> None:
    outcomes = commit(
        garden,
        [
            post(ANN, "hello", "n1"),
            post(BO, "second", "n2"),
            does(Edited, BO, 2, "Second", "n3"),
            does(Edited, BO, 2, "Second", "n3"),
            post(BO, "second", "n2"),
            does(Deleted, BO, 2),
            does(Reacted, ANN, 2, THUMB),
        ],
    )
    told = [(same(outcome)[1].seq, stored(outcome)) for outcome in outcomes[:-1]]
    assert told == [(1, False), (2, True), (3, True), (3, False), (2, False), (4, True)]
    assert isinstance(outcomes[-1], Denied)
