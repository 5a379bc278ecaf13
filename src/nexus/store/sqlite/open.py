"""How the database is opened: a new file, its migrations, and what each connection is set to."""

import os
import sqlite3
from pathlib import Path
from typing import NamedTuple

from nexus.store import StoreError
from nexus.store.owner import make, whose
from nexus.store.sqlite import words
from nexus.store.sqlite.migrate import check, migrate, sync

OLDEST = (3, 37, 0)
"""The first SQLite with STRICT tables."""

PATIENCE = 1.0
"""Seconds to wait for another program that holds the database, such as a backup."""

KEY_BYTES = 32
"""How long the key is that signs sessions."""

_REASONS = {
    sqlite3.SQLITE_FULL: "The disk is full",
    sqlite3.SQLITE_IOERR: "The disk fails",
    sqlite3.SQLITE_READONLY: "The database can be read but not written",
    sqlite3.SQLITE_CANTOPEN: "The database cannot be opened",
    sqlite3.SQLITE_PERM: "The database may not be opened",
    sqlite3.SQLITE_BUSY: "Another program holds the database",
    sqlite3.SQLITE_LOCKED: "Another program holds the database",
    sqlite3.SQLITE_CORRUPT: "The database is damaged",
    sqlite3.SQLITE_NOTADB: "The file is not a database",
}


class Meta(NamedTuple):
    """What a database says of itself; `run` counts its openings, `snapshot` is the copy from before it was moved."""

    epoch: str
    key: bytes
    run: int
    snapshot: Path | None = None


def why(error: sqlite3.Error) -> str:
    """The sentence for an error: what is wrong, and SQLite's own name for it."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return f"The database failed ({error})."
    reason = _REASONS.get(code & 0xFF)  # the upper bits of an extended code say where it happened
    return f"{reason} ({error.sqlite_errorname})." if reason else f"The database failed ({error})."


def prepare(path: Path) -> Meta:
    """Make the file where there is none, bring its schema up to date, count this opening; raises StoreError."""
    if sqlite3.sqlite_version_info < OLDEST:
        raise StoreError(
            f"This Python has SQLite {sqlite3.sqlite_version}; Nexus needs 3.37 or later, "
            "which comes with every current Python."
        )
    try:
        # Not opened where it is there: closing it again would drop the locks this process has on it.
        if not path.exists():
            os.close(make(path))
        connection = open_writer(path)
        try:
            check(connection, path)
            _settle_log(connection)
            moved = migrate(connection, path)
            words.prepare(connection)
            return _begin_run(connection, path)._replace(snapshot=moved)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be opened. {why(error)}{whose(path)}") from error
    except OSError as error:
        raise StoreError(f"{path} cannot be made: {error.strerror}.") from error


def open_writer(path: Path) -> sqlite3.Connection:
    """A connection whose commits are on the disk when they return; checkpoints are the caller's."""
    connection = _connect(path, "rw")
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("PRAGMA cache_size = -16384")
        # On macOS alone: its fsync leaves data in the drive's cache.
        connection.execute("PRAGMA fullfsync = ON")
        connection.execute("PRAGMA checkpoint_fullfsync = ON")
        connection.create_function("blank", 1, _blank, deterministic=True)
    except BaseException:
        connection.close()
        raise
    return connection


def _blank(text: str | None) -> str | None:
    """As many NULs as a text has bytes: a row that keeps its size moves no other, of which a copy could stay."""
    return None if text is None else "\0" * len(text.encode("utf-8", "surrogatepass"))


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write."""
    return _connect(path, "ro")


def open_keeper(path: Path) -> sqlite3.Connection:
    """A connection that has the write-ahead log open, and does nothing else; the last to close folds the log."""
    connection = open_writer(path)
    try:
        connection.execute("SELECT 1 FROM meta").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # By URI, because its modes never create a file: a database that is gone must not come back empty.
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=PATIENCE,
        isolation_level=None,
        check_same_thread=False,
    )


def _settle_log(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on, and fold in what a crash left there."""
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StoreError(
            f"The data directory cannot hold a write-ahead log (SQLite stays with '{mode}'); "
            "one on a local disk would work."
        )
    # The last sync may have failed, and the log can be read all the same. In the file it is written and synced again,
    # before anything is built on it.
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _begin_run(connection: sqlite3.Connection, path: Path) -> Meta:
    connection.execute("INSERT OR IGNORE INTO meta (id, epoch, key, run) VALUES (1, ?, x'', 0)", (os.urandom(8).hex(),))
    connection.execute("UPDATE meta SET run = run + 1")
    epoch, run, before = connection.execute("SELECT epoch, run, key FROM meta").fetchone()
    key = signing_key(path, before)
    if before:  # an earlier version kept it in the database, and so in each copy of it
        connection.execute("UPDATE meta SET key = x''")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return Meta(epoch, key, run)


def key_file(path: Path) -> Path:
    """Where the key is that signs sessions: beside the database, so that a copy of that logs nobody in."""
    return path.with_name("session.key")


def signing_key(path: Path, before: bytes) -> bytes:
    """The key of a database; made where there is none, from the one that it had `before` if it had one."""
    file = key_file(path)
    try:
        key = file.read_bytes()
    except FileNotFoundError:
        return _make_key(file, before or os.urandom(KEY_BYTES))
    if len(key) != KEY_BYTES:
        raise StoreError(
            f"{file} has {len(key)} bytes and should have {KEY_BYTES}; put it back from where it was copied, or delete "
            "it, and guests begin as somebody new."
        )
    return key


def _make_key(file: Path, key: bytes) -> bytes:
    """Write a key so that it is there whole or not at all."""
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    handle = make(unfinished)
    try:
        os.write(handle, key)
        os.fsync(handle)
    finally:
        os.close(handle)
    unfinished.replace(file)
    sync(file.parent)
    return key
