"""What every store keeps of rooms' logs: one order, no hole, nothing twice, all of a group or none of it."""

from collections.abc import Callable, Sequence
from threading import Thread
from typing import Any

import pytest

from nexus.core.entries import (
    AddMember,
    Draft,
    Entry,
    Event,
    Kind,
    MakeRoom,
    NonceReused,
    Register,
    RenameAccount,
    SetTopic,
    Stored,
)
from nexus.ports import Store, Unavailable

ANN, BO, CY = 1, 2, -77
NAMES = {ANN: "Ann", BO: "Bo", CY: "Cy"}
GARDEN, KITCHEN = 1, 2
EVERYTHING = 1 << 62


def post(author: int, text: str, nonce: str | None = None, *, room: int = GARDEN, **more: Any) -> Draft:
    return Draft(room, author, NAMES[author], Kind.POSTED, more.pop("at", 1000), text, nonce, **more)


def one(store: Store, entry: Entry) -> Any:
    return store.commit([entry])[0]


def texts(events: Sequence[Event]) -> list[str]:
    return [event.text for event in events]


def whole(store: Store, room: int = GARDEN) -> list[Event]:
    return store.page(room, after=0, before=EVERYTHING, limit=EVERYTHING, newest=False)


@pytest.fixture
def garden(store: Store) -> Store:
    """A store with the accounts Ann and Bo, and the rooms garden and kitchen."""
    store.commit(
        [
            Register(0, "Ann", "ann", "ann", "hash", "admin", 1),
            Register(0, "Bo", "bo", "bo", "hash", "member", 1),
            MakeRoom("garden", "garden", 1),
            MakeRoom("kitchen", "kitchen", 1),
        ]
    )
    return store


# What is stored


def test_a_message_is_stored_whole(garden: Store) -> None:
    draft = post(ANN, "hello \U0001f331 'there'; --\n\ttwo lines", "n1", at=1234, target=1)
    event = Event(GARDEN, 1, 1234, Kind.POSTED, ANN, "Ann", draft.text, "n1", 1)
    assert one(garden, draft) == Stored(event, True)
    assert whole(garden) == [event]


def test_seqs_count_from_one_in_every_room_and_in_the_order_of_the_entries(garden: Store) -> None:
    first = garden.commit([post(ANN, "a"), post(BO, "x", room=KITCHEN), post(CY, "b"), post(ANN, "c")])
    assert [(outcome.event.room, outcome.event.seq) for outcome in first if isinstance(outcome, Stored)] == [
        (GARDEN, 1),
        (KITCHEN, 1),
        (GARDEN, 2),
        (GARDEN, 3),
    ]
    assert one(garden, post(BO, "d")).event.seq == 4
    assert texts(whole(garden)) == ["a", "b", "c", "d"]
    assert texts(whole(garden, KITCHEN)) == ["x"]


def test_an_empty_group_is_nothing(garden: Store) -> None:
    assert garden.commit([]) == []


def test_a_hundred_groups_of_one_have_no_hole(garden: Store) -> None:
    for number in range(100):
        assert one(garden, post(ANN, str(number), f"n{number}")).event.seq == number + 1
    assert [event.seq for event in whole(garden)] == list(range(1, 101))


def test_everything_is_there_after_a_restart_and_seqs_go_on(garden: Store, reopen: Callable[[], Store]) -> None:
    garden.commit([post(ANN, "a", "n1"), post(CY, "b", "n1"), SetTopic(post(ANN, "Roses"))])
    before = whole(garden), garden.rooms(9), garden.account("ann")
    again = reopen()
    assert (whole(again), again.rooms(9), again.account("ann")) == before
    assert (again.epoch, again.key) == (garden.epoch, garden.key)
    assert again.run == garden.run + 1
    assert one(again, post(BO, "c")).event.seq == 4


def test_each_new_store_has_an_epoch_and_a_key_of_its_own(store: Store) -> None:
    assert len(store.epoch) == 16
    assert int(store.epoch, 16) >= 0
    assert len(store.key) == 32
    assert store.run == 1


def test_a_clock_set_back_does_not_set_a_room_back(garden: Store, reopen: Callable[[], Store]) -> None:
    garden.commit([post(ANN, "a", at=5000), post(ANN, "b", at=3000), post(ANN, "c", room=KITCHEN, at=3000)])
    again = reopen()
    again.commit([post(ANN, "d", at=10), post(ANN, "e", at=6000)])
    assert [event.at for event in whole(again)] == [5000, 5000, 5000, 6000]
    assert [event.at for event in whole(again, KITCHEN)] == [3000]


def test_an_accounts_new_name_is_on_its_old_messages_and_a_guests_name_stays(garden: Store) -> None:
    garden.commit([post(ANN, "a"), post(CY, "b")])
    garden.commit([RenameAccount(ANN, 0, "Anna", "anna", "anna")])
    assert [event.by for event in whole(garden)] == ["Anna", "Cy"]


# Exactly once


def test_a_nonce_said_again_is_the_first_event_and_stores_nothing(garden: Store) -> None:
    first = one(garden, post(ANN, "a", "n1", at=1000))
    one(garden, post(BO, "b"))
    assert one(garden, post(ANN, "a", "n1", at=9000)) == Stored(first.event, False)
    assert texts(whole(garden)) == ["a", "b"]


def test_a_nonce_is_known_for_ever(garden: Store, reopen: Callable[[], Store]) -> None:
    garden.commit([post(CY, "a", "n1")])
    again = reopen()
    assert one(again, post(CY, "a", "n1")).first is False
    assert one(again, post(CY, "b", "n1")) == NonceReused(1)


@pytest.mark.parametrize(
    "other",
    [post(ANN, "b", "n1", target=1), post(ANN, "a", "n1"), post(ANN, "a", "n1", target=2)],
    ids=["text", "no target", "target"],
)
def test_a_nonce_with_another_message_is_refused(garden: Store, other: Draft) -> None:
    garden.commit([post(BO, "x"), post(ANN, "a", "n1", target=1)])
    assert one(garden, other) == NonceReused(2)
    assert texts(whole(garden)) == ["x", "a"]


def test_a_nonce_of_another_kind_of_event_is_refused(garden: Store) -> None:
    one(garden, post(ANN, "a", "n1"))
    other = Draft(GARDEN, ANN, "Ann", Kind.CONFIGURED, 1, "a", "n1")
    assert one(garden, other) == NonceReused(1)


def test_a_nonce_belongs_to_one_author_in_one_room(garden: Store) -> None:
    drafts = [post(who, "a", "n1", room=room) for who in (ANN, BO, CY) for room in (GARDEN, KITCHEN)]
    assert [outcome.first for outcome in garden.commit(drafts) if isinstance(outcome, Stored)] == [True] * 6


def test_a_nonce_twice_in_one_group_is_stored_once_and_the_others_keep_their_order(garden: Store) -> None:
    outcomes = garden.commit(
        [
            post(ANN, "a", "n1"),
            post(BO, "b", "n1"),
            post(ANN, "a", "n1"),
            post(ANN, "other", "n1"),
            SetTopic(post(ANN, "Roses")),
            post(ANN, "a", "n1"),
            post(BO, "c", "n2"),
        ]
    )
    first = outcomes[0]
    assert isinstance(first, Stored)
    assert outcomes[2] == outcomes[5] == Stored(first.event, False)
    assert outcomes[3] == NonceReused(1)
    assert [(event.seq, event.text) for event in whole(garden)] == [(1, "a"), (2, "b"), (3, "Roses"), (4, "c")]


def test_a_message_without_a_nonce_is_new_every_time(garden: Store) -> None:
    garden.commit([post(ANN, "a"), post(ANN, "a")])
    garden.commit([post(ANN, "a")])
    assert [event.seq for event in whole(garden)] == [1, 2, 3]


def test_a_retry_shows_the_name_of_today(garden: Store) -> None:
    one(garden, post(ANN, "a", "n1"))
    outcomes = garden.commit([RenameAccount(ANN, 0, "Anna", "anna", "anna"), post(ANN, "a", "n1")])
    assert isinstance(outcomes[1], Stored)
    assert outcomes[1].event.by == "Anna"


# Changes among messages


def test_messages_and_changes_of_a_group_are_in_one_order(garden: Store) -> None:
    room = 3
    outcomes = garden.commit(
        [
            MakeRoom("shed", "shed", 5),
            post(ANN, "before", room=room),
            AddMember(Draft(room, BO, "Bo", Kind.JOINED, 1000)),
            SetTopic(Draft(room, ANN, "Ann", Kind.CONFIGURED, 1000, "Tools")),
            post(BO, "after", room=room),
        ]
    )
    events = whole(garden, room)
    assert [(event.seq, event.kind, event.text) for event in events] == [
        (1, Kind.POSTED, "before"),
        (2, Kind.JOINED, ""),
        (3, Kind.CONFIGURED, "Tools"),
        (4, Kind.POSTED, "after"),
    ]
    assert [outcomes[2], outcomes[3]] == events[1:3]


def test_the_nonce_of_a_change_means_nothing(garden: Store) -> None:
    for _ in range(2):
        assert one(garden, SetTopic(Draft(GARDEN, ANN, "Ann", Kind.CONFIGURED, 1, "Roses", "n1"))).nonce is None
    assert one(garden, post(ANN, "Roses", "n1")).first is True


def test_what_a_room_that_is_not_there_is_told_fails_its_group_and_no_other(garden: Store) -> None:
    with pytest.raises(LookupError):
        garden.commit([post(ANN, "a"), post(ANN, "b", room=99)])
    assert whole(garden) == []
    assert one(garden, post(ANN, "a")).event.seq == 1


# Reading


@pytest.fixture
def long(garden: Store) -> Store:
    """The garden with ten messages, between the rooms before and after it in the tables."""
    garden.commit([post(BO, "next door", room=KITCHEN)])
    garden.commit([post(ANN if seq % 2 else BO, str(seq)) for seq in range(1, 11)])
    return garden


@pytest.mark.parametrize(
    ("after", "before", "limit", "newest", "seqs"),
    [
        (0, 11, 100, False, range(1, 11)),
        (0, 11, 100, True, range(1, 11)),
        (0, 11, 3, False, [1, 2, 3]),
        (0, 11, 3, True, [8, 9, 10]),
        (4, 8, 100, False, [5, 6, 7]),
        (4, 8, 2, True, [6, 7]),
        (4, 8, 2, False, [5, 6]),
        (4, 5, 100, False, []),
        (8, 4, 100, True, []),
        (10, EVERYTHING, 100, False, []),
        (9, EVERYTHING, 100, False, [10]),
        (-5, 3, 100, True, [1, 2]),
        (EVERYTHING, EVERYTHING, 100, False, []),
        (1 << 40, EVERYTHING, 100, False, []),
        (0, -1, 100, False, []),
        (0, 11, 0, False, []),
        (0, 11, -1, True, []),
    ],
)
def test_a_page_lies_between_its_bounds(
    long: Store, after: int, before: int, limit: int, newest: bool, seqs: Sequence[int]
) -> None:
    page = long.page(GARDEN, after=after, before=before, limit=limit, newest=newest)
    assert [(event.room, event.seq) for event in page] == [(GARDEN, seq) for seq in seqs]


def test_a_room_that_is_not_there_has_no_page(long: Store) -> None:
    assert whole(long, 99) == []
    assert long.counts(99, ANN, after=0, upto=EVERYTHING, most=10) == (0, 0)


@pytest.mark.parametrize(
    ("after", "reader", "most", "count"),
    [(0, ANN, 99, 5), (0, CY, 99, 10), (5, ANN, 99, 3), (0, CY, 4, 4), (10, CY, 99, 0), (99, CY, 99, 0), (0, CY, 0, 0)],
)
def test_unread_counts_the_messages_of_others_and_stops(
    long: Store, after: int, reader: int, most: int, count: int
) -> None:
    assert long.counts(GARDEN, reader, after=after, upto=EVERYTHING, most=most) == (count, 0)


def test_only_messages_are_unread(garden: Store) -> None:
    garden.commit([SetTopic(Draft(GARDEN, ANN, "Ann", Kind.CONFIGURED, 1, "Roses")), post(ANN, "a")])
    assert garden.counts(GARDEN, BO, after=0, upto=2, most=99) == (1, 0)


def test_many_threads_read_while_one_writes(garden: Store) -> None:
    """Each sees the log as some commit left it: from 1 on without a hole."""
    wrong: list[object] = []

    def read() -> None:
        head = 0
        while head < 40:
            seqs = [event.seq for event in whole(garden)]
            if seqs != list(range(1, len(seqs) + 1)) or len(seqs) % 2 or len(seqs) < head:
                wrong.append(seqs)
                return
            head = len(seqs)

    threads = [Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(20):
        garden.commit([post(ANN, str(number)), post(BO, str(number))])
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_closed_store_says_so(garden: Store) -> None:
    garden.close()
    with pytest.raises(Unavailable, match="closed"):
        garden.commit([post(ANN, "a")])
    with pytest.raises(Unavailable, match="closed"):
        garden.rooms(1)
    garden.close()


def test_tidying_loses_nothing(long: Store) -> None:
    before = whole(long)
    long.tidy()
    assert whole(long) == before
