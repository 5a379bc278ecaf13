"""What happens to the store on disk when the disk, the power or its process fails: all of a group or none of it."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest

from nexus.core.changes import Amend, Failed, MakeRoom, Probe
from nexus.core.log import Record
from nexus.core.people import Mark
from nexus.ports import Unavailable
from nexus.protocol.events import Deleted, Posted
from nexus.store.sqlite import SqliteStore, checkpoint
from nexus.store.sqlite.open import open_writer
from tests.contract import groups
from tests.contract.groups import commit, record, same, seqs, stored, whole

CY = -7


def post(text: str, nonce: str | None = None, room: int = 1) -> Record:
    return record(Posted, CY, "Cy", text, nonce, room=room)


def texts(store: SqliteStore, room: int = 1) -> list[str]:
    return groups.texts(groups.whole(store, room))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A store with the room garden."""
    store = SqliteStore.open(tmp_path)
    commit(store, [MakeRoom("garden", "garden", 1)])
    yield store
    store.close()


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


def size(path: Path) -> int:
    return path.stat().st_size


def pages(path: Path) -> int:
    connection = open_writer(path)
    count: int = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.close()
    return count


def test_a_full_disk_refuses_groups_whole_and_is_forgotten_when_there_is_space(
    faulty: type[Faulty], store: SqliteStore, tmp_path: Path
) -> None:
    commit(store, [post("before", "n0")])
    faulty.most_pages = pages(tmp_path / "nexus.db")
    group = [post("small", "n1"), post("x" * 100_000, "n2")]
    for _ in range(3):
        with pytest.raises(Unavailable, match=r"^The disk is full \(SQLITE_FULL\)\.$"):
            commit(store, group)
        assert texts(store) == ["before"]
    assert not stored(commit(store, [post("before", "n0")])[0])
    faulty.most_pages = 1 << 30
    assert [stored(outcome) for outcome in commit(store, group)] == [True, True]
    assert [stored(outcome) for outcome in commit(store, group)] == [False, False]
    assert seqs(whole(store)) == [1, 2, 3]


def test_a_probe_does_not_pass_on_a_disk_that_has_room_for_no_more_than_it(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=40 << 10))
    with pytest.raises(Unavailable, match=r"^The disk is full \(40 KiB are free\)\.$"):
        store.commit([], [Probe()])
    commit(store, [post("it has room for this", "n0")])
    monkeypatch.undo()
    store.commit([], [Probe()])


def test_a_write_that_fails_half_way_leaves_nothing(store: SqliteStore, tmp_path: Path) -> None:
    """The kernel refuses to let the log grow beyond a limit, in the midst of a group."""
    commit(store, [post("x" * 10_000) for _ in range(105)])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / "nexus.db-wal").stat().st_size + 50_000, limits[1]))
    try:
        for _ in range(2):
            with pytest.raises(Unavailable, match=r"^The disk (fails|is full) \(SQLITE_"):
                commit(store, [post("x" * 10_000, f"n{number}") for number in range(100)])
            assert len(texts(store)) == 105
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert all(stored(outcome) for outcome in commit(store, [post("x", f"n{number}") for number in range(100)]))
    assert len(texts(store)) == 205


@pytest.mark.parametrize("durable", [False, True])
def test_after_a_failed_commit_the_disk_says_whether_it_happened(
    faulty: type[Faulty], store: SqliteStore, durable: bool
) -> None:
    def fail(really_commit: Callable[[], Any]) -> None:
        if durable:
            really_commit()
        raise sqlite3.OperationalError("disk I/O error")

    commit(store, [post("a", "n1")])
    faulty.at_commit = fail
    with pytest.raises(Unavailable):
        commit(store, [post("b", "n2")])
    faulty.at_commit = None
    outcomes = commit(store, [post("b", "n2"), post("c", "n3")])
    assert [stored(outcome) for outcome in outcomes] == [not durable, True]
    assert [same(outcome)[1].seq for outcome in outcomes] == [2, 3]
    assert texts(store) == ["a", "b", "c"]


def test_what_failed_commits_erased_all_the_same_leaves_the_log(
    faulty: type[Faulty], store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(really_commit: Callable[[], Any]) -> None:
        really_commit()
        raise sqlite3.OperationalError("disk I/O error")

    def log_is_emptied() -> bool:
        before = size(tmp_path / "nexus.db-wal")
        store.tidy()
        return before > 0 and size(tmp_path / "nexus.db-wal") == 0

    monkeypatch.setattr(checkpoint, "ERASE_EVERY", 0.0)
    for number in range(5):
        commit(store, [post(f"quagga{number}")])
        store.index()
    faulty.at_commit = fail
    with pytest.raises(Unavailable):
        commit(store, [Amend(record(Deleted, CY, "Cy", target=1))])
    assert log_is_emptied()

    more = True
    while more:  # each step is done, and said to have failed, until there is nothing more to merge
        with suppress(Unavailable):
            more = store.index()
    assert log_is_emptied()


def test_a_fault_of_ours_in_a_group_fails_its_entry_alone(store: SqliteStore) -> None:
    first, second = commit(store, [post("a"), post("\ud800")])
    assert stored(first)
    assert second == Failed(second.why)
    assert second.why.startswith("UnicodeEncodeError")
    assert texts(store) == ["a"]


def test_a_database_that_another_program_holds_is_waited_for_and_then_refused(
    store: SqliteStore, tmp_path: Path
) -> None:
    other = open_writer(tmp_path / "nexus.db")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="Another program holds the database"):
        commit(store, [post("a")])
    assert texts(store) == []
    other.close()
    commit(store, [post("a")])
    assert texts(store) == ["a"]


def test_a_failed_read_is_reported_and_the_next_one_uses_a_new_connection(store: SqliteStore, tmp_path: Path) -> None:
    other = open_writer(tmp_path / "nexus.db")
    other.execute("ALTER TABLE marks RENAME TO hidden")
    with pytest.raises(Unavailable, match=r"The database failed \(no such table: marks\)\."):
        store.mark(1, 1)
    other.execute("ALTER TABLE hidden RENAME TO marks")
    other.close()
    assert store.mark(1, 1) == Mark()


CRASHING = """
import os, signal, sqlite3, sys
from pathlib import Path
from nexus.core.changes import MakeRoom
from nexus.store.sqlite import SqliteStore
from tests.contract.groups import commit
from tests.store.test_sqlite_faults import Faulty, post
_connect = sqlite3.connect
sqlite3.connect = lambda *args, **more: _connect(*args, factory=Faulty, **more)
store = SqliteStore.open(Path(sys.argv[1]))
commit(store, [MakeRoom("garden", "garden", 1), post("told", "n1")])
def die(really_commit):
    if sys.argv[2] == "after":
        really_commit()
    os.kill(os.getpid(), signal.SIGKILL)
Faulty.at_commit = die
commit(store, [post(str(number), f"m{number}") for number in range(1000)])
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_killed_at_its_commit_leaves_all_of_the_group_or_none(tmp_path: Path, moment: str) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(Path(__file__).parents[2])])}
    ended = subprocess.run([sys.executable, "-c", CRASHING, str(tmp_path), moment], env=environment, check=False)
    assert ended.returncode == -signal.SIGKILL
    store = SqliteStore.open(tmp_path)
    assert store.run == 2
    expected = 1001 if moment == "after" else 1
    assert len(texts(store)) == expected
    told, again = commit(store, [post("told", "n1"), post("0", "m0")])
    assert not stored(told)
    assert same(told) == (CY, Posted(room="garden", seq=1, at=1000, by="Cy", guest=True, text="told"))
    assert (same(again)[1].seq, stored(again)) == (2, moment == "before")
    store.close()


def test_a_copy_taken_while_it_runs_has_what_was_committed(store: SqliteStore, tmp_path: Path) -> None:
    """As a power cut would leave it: the file and its log as they are."""
    for number in range(50):
        commit(store, [post(str(number))])
    copy = tmp_path / "copy"
    copy.mkdir()
    # By another process: this one would lose its own locks on the file by closing it.
    subprocess.run(["cp", tmp_path / "nexus.db", tmp_path / "nexus.db-wal", copy], check=True)
    other = SqliteStore.open(copy)
    assert texts(other) == [str(number) for number in range(50)]
    other.close()
