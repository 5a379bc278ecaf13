"""Whom messages mention: decided when they are stored, counted for each reader, the same in every store."""

from collections.abc import Callable

import pytest

from nexus.core.changes import (
    AddMember,
    Amend,
    EndSessions,
    MakeRoom,
    MarkRead,
    OpenSession,
    Register,
    RenameAccount,
    RenameGuest,
    Repeated,
    SetLevel,
)
from nexus.core.log import Record
from nexus.core.mentions import MOST, candidates
from nexus.core.names import person_name
from nexus.core.people import Mark
from nexus.ports import Store
from nexus.protocol.events import Deleted, Edited, Joined, Posted, RoomEvent
from tests.contract.groups import commit, one, record, whole

ANN, BO, CY = 1, 2, -7
NAMES = {ANN: "Ann", BO: "Bo", CY: "Cy"}
GARDEN, KITCHEN = 1, 2


def post(author: int, text: str, nonce: str | None = None, room: int = GARDEN) -> Record:
    return record(Posted, author, NAMES[author], text, nonce, room=room, names=candidates(text))


def amend(author: int, kind: type[RoomEvent], target: int, text: str = "") -> Amend:
    return Amend(record(kind, author, NAMES[author], text, None, target), "admin")


def told(store: Store) -> list[tuple[tuple[str, ...], bool]]:
    messages = [one.event for one in whole(store) if isinstance(one.event, Posted)]
    return [(message.mentions, message.here) for message in messages]


def counts(store: Store, reader: int, after: int = 0, upto: int = 1 << 40, most: int = 1000) -> tuple[int, int]:
    return store.counts(GARDEN, reader, after=after, upto=upto, most=most)


@pytest.fixture
def town(store: Store) -> Store:
    """A store with the accounts Ann and Bo, the guest Cy, and the rooms garden and kitchen."""
    people = [Register(0, *person_name(name), "hash", "member", 1) for name in ("Ann", "Bo")]
    rooms = [MakeRoom(name, name, 1) for name in ("garden", "kitchen")]
    commit(store, [*people, *rooms, OpenSession(7, 1, *person_name("Cy"))])
    return store


def test_accounts_guests_and_everyone_are_mentioned(town: Store, reopen: Callable[[], Store]) -> None:
    stored = one(town, post(ANN, "@Bo and @CY, @here, not @Dot"))
    assert (stored.event.mentions, stored.event.here) == (("Cy", "Bo"), True)
    assert [one.event for one in whole(town)] == [stored.event] == [one.event for one in whole(reopen())]


def test_whom_a_message_mentions_is_decided_when_it_is_stored(town: Store) -> None:
    one(town, post(ANN, "@Dot"))
    commit(town, [OpenSession(8, 1, *person_name("Dot")), post(ANN, "@Dot"), EndSessions((8,)), post(ANN, "@Dot")])
    assert told(town) == [((), False), (("Dot",), False), ((), False)]
    assert counts(town, -8) == (3, 1)


def test_a_mentioned_account_has_its_name_of_today_and_a_guest_the_one_it_had(town: Store) -> None:
    one(town, post(ANN, "@Bo @Cy"))
    commit(town, [RenameAccount(BO, 0, *person_name("Robert")), RenameGuest(7, *person_name("Cyrus"))])
    assert told(town) == [(("Cy", "Robert"), False)]
    assert (counts(town, BO), counts(town, CY)) == ((1, 1), (1, 1))


def test_mentioning_oneself_does_not_count_and_one_message_counts_once(town: Store) -> None:
    commit(town, [post(ANN, "@Ann @here"), post(BO, "@Ann @ann @here"), post(CY, "@Cy")])
    assert told(town) == [((), True), (("Ann",), True), ((), False)]
    assert [counts(town, reader) for reader in (ANN, BO, CY)] == [(2, 1), (2, 1), (2, 2)]


def test_mentions_are_counted_after_the_mark_up_to_the_head_and_in_their_room(town: Store) -> None:
    commit(town, [post(ANN, "@Bo") for _ in range(5)])
    commit(town, [post(ANN, "@Bo @here", room=KITCHEN), post(ANN, "nobody"), post(ANN, "@here")])
    assert counts(town, BO) == (7, 6)
    assert counts(town, BO, after=3) == (4, 3)
    assert counts(town, BO, after=3, upto=5) == (2, 2)
    assert counts(town, BO, after=5, upto=6) == (1, 0)
    assert counts(town, BO, most=2) == (2, 2)
    assert counts(town, BO, most=0) == (0, 0)
    assert counts(town, BO, after=9, upto=3) == (0, 0)


def test_both_kinds_of_mention_together_stop_at_the_most(town: Store) -> None:
    commit(town, [post(ANN, text) for text in ("@Bo", "@here", "@Bo @here", "@here", "@Bo")])
    assert [counts(town, BO, most=most)[1] for most in (1, 3, 4, 5, 6)] == [1, 3, 4, 5, 5]


def test_an_edit_changes_nobody_mentioned_and_what_was_deleted_mentions_nobody(town: Store) -> None:
    commit(town, [post(ANN, "@Bo"), post(ANN, "@Bo"), post(ANN, "nobody")])
    commit(town, [amend(ANN, Edited, 1, "nobody"), amend(ANN, Deleted, 2), amend(ANN, Edited, 3, "@Bo")])
    assert told(town) == [(("Bo",), False), ((), False), ((), False)]
    assert counts(town, BO) == (2, 1)


def test_a_deleted_message_to_everyone_is_unread_for_nobody(town: Store) -> None:
    commit(town, [post(ANN, "@here @Bo"), post(ANN, "@here"), post(ANN, "x")])
    commit(town, [amend(ANN, Deleted, 1), amend(ANN, Deleted, 3)])
    assert [counts(town, reader) for reader in (ANN, BO, CY)] == [(0, 0), (1, 1), (1, 1)]
    assert counts(town, BO, most=1) == (1, 1)


def test_a_retry_mentions_whom_the_first_try_did(town: Store) -> None:
    one(town, post(ANN, "@Dot @Bo", "n1"))
    one(town, OpenSession(8, 1, *person_name("Dot")))
    assert one(town, post(ANN, "@Dot @Bo", "n1")) == Repeated(whole(town)[0])
    assert counts(town, BO) == (1, 1)
    assert counts(town, -8) == (1, 0)


def test_a_retry_in_one_group_with_new_messages_mentions_nobody_twice(town: Store) -> None:
    one(town, post(ANN, "@Bo", "n1"))
    commit(town, [post(ANN, "@Bo", "n2"), post(ANN, "@Bo", "n1"), post(ANN, "@Bo", "n2")])
    assert counts(town, BO) == (2, 2)


def test_beyond_the_most_mentions_names_are_plain_text(town: Store) -> None:
    commit(town, [OpenSession(100 + number, 1, *person_name(f"guest{number}")) for number in range(MOST + 5)])
    event = one(town, post(ANN, " ".join(f"@guest{number}" for number in range(MOST + 5)))).event
    assert len(event.mentions) == MOST
    assert counts(town, -(100 + MOST)) == (1, 0)


def test_a_guest_who_becomes_an_account_is_another_reader(town: Store) -> None:
    one(town, post(ANN, "@Cy"))
    account = one(town, Register(7, *person_name("Cy"), "hash", "member", 1))
    one(town, OpenSession(7, 1, account=account.id))
    one(town, post(ANN, "@Cy"))
    assert counts(town, CY) == (2, 1)
    assert counts(town, account.id) == (2, 1)


def test_a_level_is_kept_beside_the_mark(town: Store, reopen: Callable[[], Store]) -> None:
    commit(town, [post(ANN, "a"), SetLevel(GARDEN, BO, "mentions")])
    assert town.mark(GARDEN, BO) == Mark(0, "mentions")
    commit(town, [MarkRead(GARDEN, BO, 1), SetLevel(KITCHEN, BO, "nothing")])
    again = reopen()
    assert [again.mark(room, BO) for room in (GARDEN, KITCHEN)] == [Mark(1, "mentions"), Mark(0, "nothing")]
    one(again, SetLevel(GARDEN, BO, "everything"))
    assert (again.mark(GARDEN, BO), again.mark(GARDEN, ANN)) == (Mark(1), Mark())


def test_a_favourite_is_kept_beside_the_level(town: Store, reopen: Callable[[], Store]) -> None:
    joined = AddMember(record(Joined, BO, "Bo", room=GARDEN))
    commit(town, [joined, SetLevel(GARDEN, BO, favourite=True), SetLevel(GARDEN, BO, "nothing")])
    again = reopen()
    assert again.mark(GARDEN, BO) == Mark(1, "nothing", favourite=True)
    assert [(one.row.id, one.mark.favourite) for one in again.memberships(BO)] == [(GARDEN, True)]
    one(again, SetLevel(GARDEN, BO, favourite=False))
    assert again.mark(GARDEN, BO) == Mark(1, "nothing")
