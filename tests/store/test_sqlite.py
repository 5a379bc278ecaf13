"""What is special about the store on disk: its file and its write-ahead log."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexus.core.changes import MakeRoom, MarkRead
from nexus.core.log import Record
from nexus.protocol.events import Posted
from nexus.protocol.kinds import POSTED
from nexus.store import StoreError
from nexus.store.sql import belonging, changes, directory, group, log, moderating, overseeing, purging, rooms, standing
from nexus.store.sqlite import SqliteStore, checkpoint, commit
from nexus.store.sqlite.migrate import APPLICATION
from nexus.store.sqlite.open import open_reader, open_writer
from tests.contract import groups
from tests.contract.groups import record

CY = -7


def post(text: str, nonce: str | None = None, room: int = 1) -> Record:
    return record(Posted, CY, "Cy", text, nonce, room=room)


def texts(store: SqliteStore, room: int = 1) -> list[str]:
    return groups.texts(groups.whole(store, room))


def size(path: Path) -> int:
    return path.stat().st_size


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A store with the room garden."""
    store = SqliteStore.open(tmp_path)
    groups.commit(store, [MakeRoom("garden", "garden", 1)])
    yield store
    store.close()


# The file


@pytest.mark.usefixtures("store")
def test_nobody_else_may_read_the_files(tmp_path: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"nexus.db": 0o600, "nexus.db-wal": 0o600, "nexus.db-shm": 0o600, "session.key": 0o600}


def test_a_path_with_odd_characters_is_a_path(tmp_path: Path) -> None:
    odd = tmp_path / "a b?mode=ro#c%20\u0430"
    odd.mkdir()
    SqliteStore.open(odd).close()
    assert {path.name for path in odd.iterdir()} == {"nexus.db", "session.key"}


def make(path: Path, *statements: str) -> bytes:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path.read_bytes()


def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    SqliteStore.open(tmp_path).close()
    before = make(tmp_path / "nexus.db", "PRAGMA user_version = 99")
    with pytest.raises(StoreError, match=r"newer Nexus: it has schema 99, and this Nexus knows up to \d+\. Start"):
        SqliteStore.open(tmp_path)
    assert (tmp_path / "nexus.db").read_bytes() == before


@pytest.mark.parametrize("statement", ["PRAGMA application_id = 42", "CREATE TABLE birds (name)"])
def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path, statement: str) -> None:
    before = make(tmp_path / "nexus.db", statement)
    with pytest.raises(StoreError, match="database of another program"):
        SqliteStore.open(tmp_path)
    assert (tmp_path / "nexus.db").read_bytes() == before


def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "nexus.db").write_text("Dear diary, " * 500)
    with pytest.raises(StoreError, match="The file is not a database"):
        SqliteStore.open(tmp_path)
    assert (tmp_path / "nexus.db").read_text() == "Dear diary, " * 500


def test_a_place_where_no_file_can_be_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be made: No such file or directory"):
        SqliteStore.open(tmp_path / "nowhere")
    (tmp_path / "nexus.db").mkdir()
    with pytest.raises(StoreError, match="The database cannot be opened"):
        SqliteStore.open(tmp_path)


def test_a_start_that_was_cut_off_before_the_schema_was_there_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / "nexus.db").touch(0o600)
    store = SqliteStore.open(tmp_path)
    assert store.run == 1
    store.close()
    connection = open_reader(tmp_path / "nexus.db")
    assert connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION
    connection.close()


def test_a_database_that_is_gone_does_not_come_back_empty(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        open_writer(tmp_path / "nexus.db")
    assert list(tmp_path.iterdir()) == []


def test_the_rooms_before_and_after_in_the_table_are_other_rooms(store: SqliteStore, tmp_path: Path) -> None:
    groups.commit(store, [MakeRoom("kitchen", "kitchen", 1), MakeRoom("shed", "shed", 1), post("next", room=3)])
    last = (1 << 40) - 1
    connection = open_writer(tmp_path / "nexus.db")
    row = (None, 1 << 40 | last, 5, POSTED, CY, "Cy", None, None, "last", 0, None)
    connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.close()
    assert store.page(1, after=last - 1, before=last + 1, limit=9, newest=True)[0].event.seq == last
    assert [(row.name, row.head) for row in store.rooms(9)] == [("shed", 1), ("garden", last), ("kitchen", 0)]
    assert store.page(2, after=0, before=1 << 62, limit=9, newest=True) == []
    assert store.counts(2, 1, after=0, upto=1 << 62, most=9) == (0, 0)
    assert groups.commit(store, [MarkRead(2, 1, 5), post("first", room=2)])[0] == 0


@pytest.mark.usefixtures("store")
def test_nothing_is_searched_by_reading_all_of_a_table(tmp_path: Path) -> None:
    """But the rooms and the bans, where all are listed, the few pins, and lists that were handed in."""
    statements = [
        statement
        for module in (log, directory, overseeing, changes, group, rooms, belonging, standing, moderating, purging)
        for statement in vars(module).values()
        if isinstance(statement, str) and re.match(r"\s*(SELECT|UPDATE|INSERT).*:\w", statement, re.DOTALL)
    ]
    assert len(statements) > 15
    listed = {directory._RECENT_ROOMS: ["SCAN r"], overseeing._BANS: ["SCAN b"]}
    listed[overseeing._REPORTS] = ["SCAN p USING INDEX reports_open"]
    connection = open_writer(tmp_path / "nexus.db")
    for statement in statements:
        values = dict.fromkeys(re.findall(r":(\w+)", statement), 1)
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
        scans = [step for step in plan if step.startswith("SCAN") and "json_each" not in step and "(sub" not in step]
        scans = [step for step in scans if not re.fullmatch("SCAN [pwxyz]", step)]  # what a bounded part found
        assert scans == listed.get(statement, []), statement
    connection.close()


@pytest.mark.usefixtures("store")
def test_what_is_unread_is_counted_without_reading_a_message(tmp_path: Path) -> None:
    """Somebody in 500 rooms is told of 500 counts whenever they come: rows of the table are too much for that."""
    connection = open_writer(tmp_path / "nexus.db")
    values = dict.fromkeys(("room", "after", "upto", "reader", "most"), 1)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {log._COUNTS}", values)]
    connection.close()
    assert [step for step in plan if "SEARCH e " in step and "COVERING INDEX events_by_place" not in step] == []
    assert any("events_by_place" in step for step in plan), plan


# The write-ahead log


def test_a_commit_is_synced_and_leaves_the_checkpoint_to_others(tmp_path: Path, store: SqliteStore) -> None:
    connection = open_writer(tmp_path / "nexus.db")
    pragmas = ("journal_mode", "synchronous", "wal_autocheckpoint")
    assert [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas] == ["wal", 2, 0]
    connection.close()
    before = size(tmp_path / "nexus.db")
    fill(store, 6)
    assert size(tmp_path / "nexus.db-wal") > 6 << 20  # 1,500 pages, where SQLite's own checkpoint comes at 1,000
    assert size(tmp_path / "nexus.db") == before


def fill(store: SqliteStore, megabytes: int) -> None:
    for _ in range(megabytes):
        groups.commit(store, [post("x" * 10_000) for _ in range(105)])


def test_tidying_copies_a_long_log_and_the_writer_starts_a_new_one(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "TIDY_ABOVE", 4 << 20)
    wal = tmp_path / "nexus.db-wal"
    fill(store, 2)
    small = size(tmp_path / "nexus.db")
    store.tidy()
    assert size(tmp_path / "nexus.db") == small
    fill(store, 4)
    long = size(wal)
    store.tidy()
    assert size(tmp_path / "nexus.db") > small + (6 << 20)
    fill(store, 4)
    assert size(wal) == long
    store.tidy()
    store.tidy()
    assert len(texts(store)) == 10 * 105


def test_the_writer_empties_a_log_that_nobody_tidied(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "SHRINK_ABOVE", 2 << 20)
    fill(store, 2)
    assert size(tmp_path / "nexus.db-wal") > 2 << 20
    groups.commit(store, [post("after")])
    assert size(tmp_path / "nexus.db-wal") < 1 << 20
    assert len(texts(store)) == 2 * 105 + 1


def test_a_reader_in_the_way_of_that_costs_the_writer_one_wait_and_no_message(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "SHRINK_ABOVE", 1 << 20)
    monkeypatch.setattr(checkpoint, "SHRINK_AGAIN", 3 << 20)
    reader = open_reader(tmp_path / "nexus.db")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM rooms").fetchall()
    fill(store, 4)
    store.tidy()
    reader.close()
    assert size(tmp_path / "nexus.db-wal") > 4 << 20
    fill(store, 2)
    assert size(tmp_path / "nexus.db-wal") < 3 << 20
    assert len(texts(store)) == 6 * 105


def test_after_closing_there_is_one_file_with_everything(store: SqliteStore, tmp_path: Path) -> None:
    groups.commit(store, [post("a")])
    store.tidy()
    store.close()
    assert {path.name for path in tmp_path.iterdir()} == {"nexus.db", "session.key"}
    again = SqliteStore.open(tmp_path)
    assert texts(again) == ["a"]
    again.close()


def test_more_rooms_than_heads_are_remembered(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit, "MOST_HEADS", 2)
    groups.commit(store, [MakeRoom(name, name, 1) for name in "abcd"])
    for _ in range(3):
        groups.commit(store, [post("x", room=room) for room in (1, 2, 3, 4, 5)])
    assert [row.head for row in store.rooms(9)] == [3] * 5
