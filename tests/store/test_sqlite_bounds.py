"""No question to the store costs more than so much, however much is stored: it says where to go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nexus.core.changes import AddMember, Configure, MakeRoom, Register
from nexus.core.log import Record
from nexus.core.searching import Query, matches, read_query
from nexus.ports import Unavailable
from nexus.protocol.events import Configured, Joined, Posted, RoomEvent
from nexus.store.sql import search
from nexus.store.sqlite import SqliteStore, readers
from tests.contract import groups

STUFFED = ("ä" * 3 + " bbb ccc ") * 660


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore.open(tmp_path)
    groups.commit(store, [MakeRoom("garden", "garden", 1)])
    yield store
    store.close()


def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long the texts are that searches compare from now on."""
    sizes: list[int] = []

    def counted(query: Query, event: RoomEvent) -> bool:
        sizes.append(len(getattr(event, "text", "")))
        return matches(query, event)

    monkeypatch.setattr("nexus.store.sql.search.matches", counted)
    return sizes


@pytest.mark.parametrize("indexed", [True, False])
def test_a_phrase_that_is_never_found_is_looked_for_a_bounded_part_at_a_time(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, *, indexed: bool
) -> None:
    groups.commit(
        store,
        [
            groups.record(Posted, -1, "Ann", "bbb bbb"),
            *(groups.record(Posted, -1, "Ann", STUFFED[:8000]) for _ in range(200)),
        ],
    )
    while indexed and store.index():
        pass
    sizes, before, steps, found = looked_at(monkeypatch), None, 0, []
    for _ in range(99):
        answer = store.search(read_query('"bbb bbb"'), room=1, before=before, limit=20)
        assert sum(sizes) <= search.LOOKED_AT + 8000
        sizes.clear()
        found += answer.hits
        before = answer.next
        steps += 1
        if before is None:
            break
    assert [one.event.seq for one in found] == [1]
    assert steps > 4


def test_a_statement_that_takes_too_long_is_interrupted(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MOST_SECONDS", -1.0)
    with pytest.raises(Unavailable):
        store._readers.ask("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
    monkeypatch.undo()
    assert store.rooms(9)


def test_of_a_slowed_room_only_those_are_remembered_who_have_to_wait(store: SqliteStore) -> None:
    configured = Configured(room="garden", seq=0, at=0, by="Ann", topic="", slow=30)
    groups.commit(
        store,
        [
            Register(0, "Ann", "ann", "ann", "hash", "admin", 1),
            AddMember(groups.record(Joined, 1, "Ann")),
            Configure(Record(1, 1, configured)),
        ],
    )
    for number in range(20):
        said = groups.record(Posted, -100 - number, "Guest", "tea", at=10_000 * number)
        said.checked = True
        groups.commit(store, [said])
    assert store._readers.ask("SELECT at FROM spoke") == [(170_000,), (180_000,), (190_000,)]
