"""What is special about the store on disk: its file, its log, and what happens when the disk or the power fails."""

import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest

from nexus.core.entries import Draft, Event, Kind, MakeRoom, MarkRead, Stored
from nexus.ports import Unavailable
from nexus.store import StoreError
from nexus.store.sqlite import SqliteStore, changes, checkpoint, commit, directory, log
from nexus.store.sqlite.open import APPLICATION, open_reader, open_writer

CY = -7


def post(text: str, nonce: str | None = None, room: int = 1) -> Draft:
    return Draft(room, CY, "Cy", Kind.POSTED, 1000, text, nonce)


def texts(store: SqliteStore, room: int = 1) -> list[str]:
    return [event.text for event in store.page(room, after=0, before=1 << 62, limit=1 << 62, newest=False)]


def size(path: Path) -> int:
    return path.stat().st_size


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[], SqliteStore]]:
    """Opens the store of tmp_path; closes all in the end."""
    stores: list[SqliteStore] = []

    def open_store() -> SqliteStore:
        stores.append(SqliteStore.open(tmp_path))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[], SqliteStore]) -> SqliteStore:
    """A store with the room garden."""
    store = opened()
    store.commit([MakeRoom("garden", "garden", 1)])
    return store


# The file


def test_nobody_else_may_read_the_files(store: SqliteStore, tmp_path: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"nexus.db": 0o600, "nexus.db-wal": 0o600, "nexus.db-shm": 0o600}


def test_a_path_with_odd_characters_is_a_path(tmp_path: Path) -> None:
    odd = tmp_path / "a b?mode=ro#c%20\u0430"
    odd.mkdir()
    SqliteStore.open(odd).close()
    assert [path.name for path in odd.iterdir()] == ["nexus.db"]


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
    with pytest.raises(StoreError, match=r"newer Nexus: it has schema 99, and this Nexus knows up to 1\. Start"):
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
    store.commit([MakeRoom("kitchen", "kitchen", 1), MakeRoom("shed", "shed", 1), post("next", room=3)])
    last = (1 << 40) - 1
    connection = open_writer(tmp_path / "nexus.db")
    row = (1 << 40 | last, 5, Kind.POSTED, CY, "Cy", None, None, "last")
    connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.close()
    assert store.page(1, after=last - 1, before=last + 1, limit=9, newest=True)[0].seq == last
    assert [(row.name, row.head) for row in store.rooms(9)] == [("shed", 1), ("garden", last), ("kitchen", 0)]
    assert store.page(2, after=0, before=1 << 62, limit=9, newest=True) == []
    assert store.unread(2, 0, 1, 9) == 0
    assert store.commit([MarkRead(2, 1, 5), post("first", room=2)])[0] == 0


def test_nothing_is_searched_by_reading_all_of_a_table(store: SqliteStore, tmp_path: Path) -> None:
    """But the rooms, where all are listed, and lists that were handed in."""
    statements = [
        statement
        for module in (log, directory, changes)
        for statement in vars(module).values()
        if isinstance(statement, str) and re.match(r"\s*(SELECT|UPDATE|INSERT).*:\w", statement, re.DOTALL)
    ]
    assert len(statements) > 15
    connection = open_writer(tmp_path / "nexus.db")
    for statement in statements:
        values = dict.fromkeys(re.findall(r":(\w+)", statement), 1)
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
        scans = [step for step in plan if step.startswith("SCAN") and "json_each" not in step and "(sub" not in step]
        assert scans == (["SCAN r"] if statement == directory._RECENT_ROOMS else []), statement
    connection.close()


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
        store.commit([post("x" * 10_000) for _ in range(105)])


def test_tidying_copies_a_long_log_and_the_writer_begins_it_anew(store: SqliteStore, tmp_path: Path) -> None:
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
    fill(store, 3)
    assert size(tmp_path / "nexus.db-wal") > 2 << 20
    store.commit([post("after")])
    assert size(tmp_path / "nexus.db-wal") < 1 << 20
    assert len(texts(store)) == 3 * 105 + 1


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
    store.commit([post("a")])
    store.tidy()
    store.close()
    assert [path.name for path in tmp_path.iterdir()] == ["nexus.db"]
    again = SqliteStore.open(tmp_path)
    assert texts(again) == ["a"]
    again.close()


def test_more_rooms_than_heads_are_remembered(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit, "MOST_HEADS", 2)
    store.commit([MakeRoom(name, name, 1) for name in "abcd"])
    for _ in range(3):
        store.commit([post("x", room=room) for room in (1, 2, 3, 4, 5)])
    assert [row.head for row in store.rooms(9)] == [3] * 5


# When the disk or the power fails


class Faulty(sqlite3.Connection):
    """A connection with a fault that can be set and mended, for all that are opened while it is set."""

    most_pages: ClassVar[int | None] = None
    at_commit: ClassVar[Callable[[Callable[[], Any]], None] | None] = None

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if sql == "BEGIN IMMEDIATE" and Faulty.most_pages is not None:
            super().execute(f"PRAGMA max_page_count = {Faulty.most_pages}")
        if sql == "COMMIT" and Faulty.at_commit is not None:
            Faulty.at_commit(lambda: super(Faulty, self).execute(sql))
        return super().execute(sql, parameters)


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> type[Faulty]:
    """The faults of every connection opened in this test."""
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Faulty))
    monkeypatch.setattr(Faulty, "most_pages", None)
    monkeypatch.setattr(Faulty, "at_commit", None)
    return Faulty


def first(outcome: object) -> bool:
    assert isinstance(outcome, Stored)
    return outcome.first


def test_a_full_disk_refuses_groups_whole_and_is_forgotten_when_there_is_space(
    faulty: type[Faulty], store: SqliteStore, tmp_path: Path
) -> None:
    store.commit([post("before", "n0")])
    faulty.most_pages = int(open_writer(tmp_path / "nexus.db").execute("PRAGMA page_count").fetchone()[0])
    group = [post("small", "n1"), post("x" * 100_000, "n2")]
    for _ in range(3):
        with pytest.raises(Unavailable, match=r"^The disk is full \(SQLITE_FULL\)\.$"):
            store.commit(group)
        assert texts(store) == ["before"]
    assert not first(store.commit([post("before", "n0")])[0])
    faulty.most_pages = 1 << 30
    assert [first(outcome) for outcome in store.commit(group)] == [True, True]
    assert [first(outcome) for outcome in store.commit(group)] == [False, False]
    assert [event.seq for event in store.page(1, after=0, before=9, limit=9, newest=False)] == [1, 2, 3]


def test_a_write_that_fails_half_way_leaves_nothing(store: SqliteStore, tmp_path: Path) -> None:
    """The kernel refuses to let the log grow beyond a limit, in the midst of a group."""
    fill(store, 1)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size(tmp_path / "nexus.db-wal") + 50_000, limits[1]))
    try:
        for _ in range(2):
            with pytest.raises(Unavailable, match=r"^The disk (fails|is full) \(SQLITE_"):
                store.commit([post("x" * 10_000, f"n{number}") for number in range(100)])
            assert len(texts(store)) == 105
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert all(first(outcome) for outcome in store.commit([post("x", f"n{number}") for number in range(100)]))
    assert len(texts(store)) == 205


@pytest.mark.parametrize("durable", [False, True])
def test_after_a_failed_commit_the_disk_says_whether_it_happened(
    faulty: type[Faulty], store: SqliteStore, durable: bool
) -> None:
    def fail(really_commit: Callable[[], Any]) -> None:
        if durable:
            really_commit()
        raise sqlite3.OperationalError("disk I/O error")

    store.commit([post("a", "n1")])
    faulty.at_commit = fail
    with pytest.raises(Unavailable):
        store.commit([post("b", "n2")])
    faulty.at_commit = None
    outcomes = store.commit([post("b", "n2"), post("c", "n3")])
    assert [first(outcome) for outcome in outcomes] == [not durable, True]
    assert [outcome.event.seq for outcome in outcomes if isinstance(outcome, Stored)] == [2, 3]
    assert texts(store) == ["a", "b", "c"]


def test_a_fault_of_ours_in_a_group_leaves_nothing_behind(store: SqliteStore) -> None:
    with pytest.raises(UnicodeEncodeError):
        store.commit([post("a"), post("\ud800")])
    assert isinstance(store.commit([post("b")])[0], Stored)
    assert texts(store) == ["b"]


def test_a_database_that_another_program_holds_is_waited_for_and_then_refused(
    store: SqliteStore, tmp_path: Path
) -> None:
    other = open_writer(tmp_path / "nexus.db")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="Another program holds the database"):
        store.commit([post("a")])
    assert texts(store) == []
    other.close()
    store.commit([post("a")])
    assert texts(store) == ["a"]


def test_a_read_that_fails_is_told_and_the_next_one_is_new(store: SqliteStore, tmp_path: Path) -> None:
    other = open_writer(tmp_path / "nexus.db")
    other.execute("ALTER TABLE marks RENAME TO hidden")
    with pytest.raises(Unavailable, match=r"The database failed \(no such table: marks\)\."):
        store.mark(1, 1)
    other.execute("ALTER TABLE hidden RENAME TO marks")
    other.close()
    assert store.mark(1, 1) == 0


CRASHING = """
import os, signal, sqlite3, sys
from pathlib import Path
from nexus.core.entries import MakeRoom
from nexus.store.sqlite import SqliteStore
from tests.store.test_sqlite import Faulty, post
_connect = sqlite3.connect
sqlite3.connect = lambda *args, **more: _connect(*args, factory=Faulty, **more)
store = SqliteStore.open(Path(sys.argv[1]))
store.commit([MakeRoom("garden", "garden", 1), post("told", "n1")])
def die(really_commit):
    if sys.argv[2] == "after":
        really_commit()
    os.kill(os.getpid(), signal.SIGKILL)
Faulty.at_commit = die
store.commit([post(str(number), f"m{number}") for number in range(1000)])
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_killed_at_its_commit_leaves_all_of_the_group_or_none(tmp_path: Path, moment: str) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(Path.cwd())])}
    ended = subprocess.run([sys.executable, "-c", CRASHING, str(tmp_path), moment], env=environment, check=False)
    assert ended.returncode == -signal.SIGKILL
    store = SqliteStore.open(tmp_path)
    assert store.run == 2
    expected = 1001 if moment == "after" else 1
    assert len(texts(store)) == expected
    told, again = store.commit([post("told", "n1"), post("0", "m0")])
    event = Event(1, 1, 1000, Kind.POSTED, CY, "Cy", "told", "n1", None)
    assert told == Stored(event, False)
    assert isinstance(again, Stored)
    assert (again.event.seq, again.first) == (2, moment == "before")
    store.close()


def test_a_copy_taken_while_it_runs_has_what_was_committed(store: SqliteStore, tmp_path: Path) -> None:
    """As a power cut would leave it: the file and its log as they are."""
    for number in range(50):
        store.commit([post(str(number))])
    copy = tmp_path / "copy"
    copy.mkdir()
    # By another process: this one would lose its own locks on the file by closing it.
    subprocess.run(["cp", tmp_path / "nexus.db", tmp_path / "nexus.db-wal", copy], check=True)
    other = SqliteStore.open(copy)
    assert texts(other) == [str(number) for number in range(50)]
    other.close()
