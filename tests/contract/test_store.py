"""What every store keeps of rooms' logs: one order, no hole, nothing twice, all of a group or none of it."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any, cast

import pytest
from msgspec.structs import replace

from nexus.core.changes import (
    AddMember,
    Amend,
    Configure,
    MakeRoom,
    NonceReused,
    Placed,
    Post,
    Register,
    RenameAccount,
    Repeated,
)
from nexus.core.log import AHEAD, Record, time_after
from nexus.ports import Store, Unavailable, Upkeep
from nexus.protocol.events import Configured, Edited, Joined, Posted, Unrecognised
from nexus.store.sqlite import SqliteStore
from tests.contract.groups import commit, one, record, same, seqs, stored, texts, whole

ANN, BO, CY = 1, 2, -77
NAMES = {ANN: "Ann", BO: "Bo", CY: "Cy"}
GARDEN, KITCHEN = 1, 2
EVERYTHING = 1 << 62


def post(author: int, text: str, nonce: str | None = None, **more: Any) -> Record:
    return record(Posted, author, NAMES[author], text, nonce, **more)


def topic(text: str, *, room: int = GARDEN) -> Configure:
    return Configure(record(Configured, ANN, "Ann", text, room=room))


@pytest.fixture
def garden(store: Store) -> Store:
    """A store with the accounts Ann and Bo, and the rooms garden and kitchen."""
    commit(
        store,
        [
            Register(0, "Ann", "ann", "ann", "hash", "admin", 1),
            Register(0, "Bo", "bo", "bo", "hash", "member", 1),
            MakeRoom("garden", "garden", 1),
            MakeRoom("kitchen", "kitchen", 1),
        ],
    )
    return store


# What is stored


def test_a_message_is_stored_whole(garden: Store) -> None:
    text = "hello \U0001f331 'there'; --\n\ttwo lines"
    event = Posted(room="garden", seq=1, at=1234, by="Ann", text=text, reply_to=1)
    kept = Record(GARDEN, ANN, event, "n1")
    assert one(garden, post(ANN, text, "n1", at=1234, target=1)) == kept
    assert whole(garden) == [kept]


def test_seqs_count_from_one_in_every_room_and_in_the_order_of_the_entries(garden: Store) -> None:
    first = commit(garden, [post(ANN, "a"), post(BO, "x", room=KITCHEN), post(CY, "b"), post(ANN, "c")])
    assert [(outcome.room, outcome.event.seq) for outcome in first] == [
        (GARDEN, 1),
        (KITCHEN, 1),
        (GARDEN, 2),
        (GARDEN, 3),
    ]
    assert one(garden, post(BO, "d")).event.seq == 4
    assert texts(whole(garden)) == ["a", "b", "c", "d"]
    assert texts(whole(garden, KITCHEN)) == ["x"]


def test_an_empty_group_is_nothing(garden: Store) -> None:
    assert garden.commit([], []) == ([], [])


def test_a_hundred_groups_of_one_have_no_hole(garden: Store) -> None:
    for number in range(100):
        assert one(garden, post(ANN, str(number), f"n{number}")).event.seq == number + 1
    assert seqs(whole(garden)) == list(range(1, 101))


def test_everything_is_there_after_a_restart_and_seqs_go_on(garden: Store, reopen: Callable[[], Store]) -> None:
    commit(garden, [post(ANN, "a", "n1"), post(CY, "b", "n1"), topic("Roses")])
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
    commit(garden, [post(ANN, "a", at=5000), post(ANN, "b", at=3000), post(ANN, "c", room=KITCHEN, at=3000)])
    assert time_after(5000, 3000) == 5000
    again = reopen()
    commit(again, [post(ANN, "d", at=10), post(ANN, "e", at=6000)])
    assert [one.event.at for one in whole(again)] == [5000, 5000, 5000, 6000]
    assert [one.event.at for one in whole(again, KITCHEN)] == [3000]


def test_a_clock_that_was_far_ahead_once_dates_nothing_for_years(garden: Store, reopen: Callable[[], Store]) -> None:
    year = 365 * 86_400_000
    one(garden, post(ANN, "a", at=4 * year))
    commit(reopen(), [post(ANN, "b", at=1000), post(ANN, "c", at=2000), post(ANN, "d", at=AHEAD + 60_000)])
    assert [event.event.at for event in whole(reopen())] == [4 * year, 1000 + AHEAD, 1000 + AHEAD, AHEAD + 60_000]


def test_an_accounts_new_name_is_on_its_old_messages_and_a_guests_name_stays(garden: Store) -> None:
    commit(garden, [post(ANN, "a"), post(CY, "b")])
    commit(garden, [RenameAccount(ANN, 0, "Anna", "anna", "anna")])
    assert [one.event.by for one in whole(garden)] == ["Anna", "Cy"]


# Exactly once


def test_a_nonce_said_again_is_the_first_event_and_stores_nothing(garden: Store) -> None:
    first = one(garden, post(ANN, "a", "n1", at=1000))
    one(garden, post(BO, "b"))
    assert one(garden, post(ANN, "a", "n1", at=9000)) == Repeated(first)
    assert texts(whole(garden)) == ["a", "b"]


def test_a_retry_sets_no_message_ahead_that_is_stored_with_it(garden: Store) -> None:
    one(garden, post(ANN, "a", "n1", at=1000))
    commit(garden, [post(ANN, "a", "n1", at=9000), post(BO, "b", at=5000), post(BO, "c", at=4000)])
    assert [one.event.at for one in whole(garden)] == [1000, 5000, 5000]


def test_a_nonce_is_known_for_ever(garden: Store, reopen: Callable[[], Store]) -> None:
    commit(garden, [post(CY, "a", "n1")])
    again = reopen()
    assert not stored(one(again, post(CY, "a", "n1")))
    assert one(again, post(CY, "b", "n1")) == NonceReused(1)


@pytest.mark.parametrize(
    "other",
    [post(ANN, "b", "n1", target=1), post(ANN, "a", "n1"), post(ANN, "a", "n1", target=2)],
    ids=["text", "no target", "target"],
)
def test_a_nonce_with_another_message_is_refused(garden: Store, other: Record) -> None:
    commit(garden, [post(BO, "x"), post(ANN, "a", "n1", target=1)])
    assert one(garden, other) == NonceReused(2)
    assert texts(whole(garden)) == ["x", "a"]


def test_a_nonce_of_another_kind_of_event_is_refused(garden: Store) -> None:
    one(garden, post(ANN, "a", "n1"))
    other = Amend(record(Edited, ANN, "Ann", "a", "n1", 1))
    assert one(garden, other) == NonceReused(1)


def test_a_nonce_belongs_to_one_author_in_one_room(garden: Store) -> None:
    posts = [post(who, "a", "n1", room=room) for who in (ANN, BO, CY) for room in (GARDEN, KITCHEN)]
    assert [stored(outcome) for outcome in commit(garden, posts)] == [True] * 6


def test_a_nonce_twice_in_one_group_is_stored_once_and_the_others_keep_their_order(garden: Store) -> None:
    outcomes = commit(
        garden,
        [
            post(ANN, "a", "n1"),
            post(BO, "b", "n1"),
            post(ANN, "a", "n1"),
            post(ANN, "other", "n1"),
            topic("Roses"),
            post(ANN, "a", "n1"),
            post(BO, "c", "n2"),
        ],
    )
    assert stored(outcomes[0])
    assert outcomes[2] == outcomes[5] == Repeated(outcomes[0])
    assert outcomes[3] == NonceReused(1)
    assert seqs(whole(garden)) == [1, 2, 3, 4]
    assert texts(whole(garden)) == ["a", "b", "Roses", "c"]


def test_a_message_without_a_nonce_is_new_every_time(garden: Store) -> None:
    commit(garden, [post(ANN, "a"), post(ANN, "a")])
    commit(garden, [post(ANN, "a")])
    assert seqs(whole(garden)) == [1, 2, 3]


def test_a_retry_shows_the_name_of_today(garden: Store) -> None:
    one(garden, post(ANN, "a", "n1"))
    outcomes = commit(garden, [RenameAccount(ANN, 0, "Anna", "anna", "anna"), post(ANN, "a", "n1")])
    assert not stored(outcomes[1])
    assert same(outcomes[1])[1].by == "Anna"


# Changes among messages


def test_messages_and_changes_of_a_group_are_in_one_order(garden: Store) -> None:
    room = 3
    outcomes = commit(
        garden,
        [
            MakeRoom("shed", "shed", 5),
            post(ANN, "before", room=room),
            AddMember(record(Joined, BO, "Bo", room=room)),
            topic("Tools", room=room),
            post(BO, "after", room=room),
        ],
    )
    log = whole(garden, room)
    assert [(one.event.seq, type(one.event)) for one in log] == [(1, Posted), (2, Joined), (3, Configured), (4, Posted)]
    assert texts(log) == ["before", "", "Tools", "after"]
    assert outcomes[1:] == [log[0], Placed("member", (log[1],)), *log[2:]]


def test_the_nonce_of_a_change_means_nothing(garden: Store) -> None:
    for _ in range(2):
        change = topic("Roses")
        change.record.nonce = "n1"
        assert one(garden, change).nonce is None
    assert stored(one(garden, post(ANN, "Roses", "n1")))


def test_the_messages_of_a_group_come_before_its_changes(garden: Store) -> None:
    garden.commit([post(BO, "first"), post(CY, "second")], [topic("Roses"), Post(post(ANN, "last"))])
    assert texts(whole(garden)) == ["first", "second", "Roses", "last"]


def test_a_message_may_come_as_a_change(garden: Store) -> None:
    outcomes = commit(garden, [topic("Roses"), post(ANN, "a", "n1"), post(ANN, "a", "n1"), post(ANN, "b", "n1")])
    assert outcomes[1].event.seq == 2
    assert outcomes[2:] == [Repeated(outcomes[1]), NonceReused(2)]


def test_a_new_messages_outcome_is_its_own_record(garden: Store) -> None:
    message, later = post(ANN, "a", "n1", at=10), post(BO, "b")
    posted, (changed,) = garden.commit([message], [Post(later)])
    assert posted[0] is message
    assert changed is later
    assert (message.event.seq, message.event.at, later.event.seq) == (1, 10, 2)


def test_what_is_done_to_a_record_that_was_handed_out_changes_nothing(garden: Store) -> None:
    message = post(ANN, "a")
    garden.commit([message], [])
    for mine in (message, *whole(garden)):
        assert isinstance(mine.event, Posted)
        mine.event.text = "forged"
    assert texts(whole(garden)) == ["a"]


def test_what_a_kind_has_of_its_own_comes_back(garden: Store, reopen: Callable[[], Store]) -> None:
    common: dict[str, Any] = {"room": "garden", "at": 1000, "by": "Cy", "guest": True}
    event = Unrecognised(kind=77, seq=0, text="a", target=1, data='{"colour":"red"}', **common)
    commit(garden, [Record(GARDEN, CY, event, "n1"), post(CY, "b")])
    again = reopen()
    assert [one.event for one in whole(again)] == [replace(event, seq=1), Posted(seq=2, text="b", **common)]
    other = replace(event, data='{"colour":"blue"}')
    outcomes = commit(again, [Record(GARDEN, CY, one, "n1") for one in (event, other)])
    assert outcomes == [Repeated(whole(again)[0]), NonceReused(1)]


def test_an_event_of_a_later_version_keeps_its_place_and_all_that_it_has(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path)
    commit(store, [MakeRoom("garden", "garden", 1), post(CY, "a"), post(CY, "b")])
    store.close()
    with closing(sqlite3.connect(tmp_path / "nexus.db")) as connection:
        connection.execute("""UPDATE events SET kind = 77, target = 1, data = '{"colour":"red"}' WHERE text = 'a'""")
        connection.commit()
    store = SqliteStore.open(tmp_path)
    first, second = whole(store)
    common = {"room": "garden", "seq": 1, "at": 1000, "by": "Cy", "guest": True}
    assert first.event == Unrecognised(kind=77, text="a", target=1, data='{"colour":"red"}', **common)  # type: ignore[arg-type]
    assert texts([second]) == ["b"]
    store.close()


# Reading


@pytest.fixture
def long(garden: Store) -> Store:
    """The garden with ten messages, between the rooms before and after it in the tables."""
    commit(garden, [post(BO, "next door", room=KITCHEN)])
    commit(garden, [post(ANN if seq % 2 else BO, str(seq)) for seq in range(1, 11)])
    return garden


@pytest.mark.parametrize(
    ("after", "before", "limit", "newest", "expected"),
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
    long: Store, after: int, before: int, limit: int, newest: bool, expected: Sequence[int]
) -> None:
    page = long.page(GARDEN, after=after, before=before, limit=limit, newest=newest)
    assert [(one.room, one.event.seq) for one in page] == [(GARDEN, seq) for seq in expected]


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
    commit(garden, [topic("Roses"), post(ANN, "a")])
    assert garden.counts(GARDEN, BO, after=0, upto=2, most=99) == (1, 0)


def test_many_threads_read_while_one_writes(garden: Store) -> None:
    """Each sees the log as some commit left it: from 1 on without a hole."""
    wrong: list[object] = []

    def read() -> None:
        head = 0
        while head < 40:
            found = seqs(whole(garden))
            if found != list(range(1, len(found) + 1)) or len(found) % 2 or len(found) < head:
                wrong.append(found)
                return
            head = len(found)

    threads = [Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(20):
        commit(garden, [post(ANN, str(number)), post(BO, str(number))])
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_closed_store_says_so(garden: Store) -> None:
    garden.close()
    with pytest.raises(Unavailable, match="closed"):
        commit(garden, [post(ANN, "a")])
    with pytest.raises(Unavailable, match="closed"):
        garden.rooms(1)
    garden.close()


def test_tidying_loses_nothing(long: Store) -> None:
    before = whole(long)
    if hasattr(long, "tidy"):
        cast("Upkeep", long).tidy()
    assert whole(long) == before
