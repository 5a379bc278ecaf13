"""Copies of the database: made beside a running server, verified, and put back in its place."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from nexus.store import StoreError
from nexus.store.owner import make
from nexus.store.sqlite.migrate import check, damage, schema_of, sync
from nexus.store.sqlite.open import key_file, open_reader, open_writer, why

PAGES = 256
"""Pages that are copied at once, a megabyte: some milliseconds."""

BEGINNINGS = 5
"""How often a copy begins again before it is made in one go."""


def back_up(path: Path, to: Path) -> None:
    """Copy a database as it is at one moment; under its name the copy is verified and synced. Raises StoreError."""
    unfinished = unfinished_for(to)
    try:
        _copy(path, unfinished)
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be copied to {to}. {why(error)}") from error
    except OSError as error:
        raise StoreError(f"{to} cannot be written: {error.strerror}.") from error
    finish(unfinished, to)


def unfinished_for(to: Path) -> Path:
    """What a copy is called until it is whole, in a folder that is made; raises StoreError."""
    try:
        to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = to.exists()
    except OSError as error:
        raise StoreError(f"{to} cannot be written: {error.strerror}.") from error
    if there:
        raise StoreError(f"{to} is there already, and a backup replaces nothing; name another file.")
    return to.with_name(f"{to.name}.unfinished")


def copy_in_steps(connection: sqlite3.Connection, to: Path, between: Callable[[], None]) -> None:
    """Copy by the connection that writes, some pages at a time; `between` two steps it may write.

    What it writes meanwhile is in the copy as well (sqlite.org/c3ref/backup_finish.html), so that no step reads for
    long, and the log can be folded. Where the log was emptied the copy begins again; after some times it is made at
    once. Raises sqlite3.Error, OSError, and what `between` raises.
    """
    begun, before = 0, 0

    def step(_: int, left: int, __: int) -> None:
        nonlocal begun, before
        begun += left >= before
        before = left
        if begun <= BEGINNINGS:
            between()

    with _new_copy(to) as copy:
        connection.backup(copy, pages=PAGES, progress=step, sleep=0)


def finish(unfinished: Path, to: Path) -> None:
    """Look all through a copy, sync it, and give it its name; raises StoreError."""
    try:
        verify(unfinished)
        sync(unfinished)
        unfinished.replace(to)
        sync(to.parent)
    except OSError as error:
        raise StoreError(f"{to} cannot be written: {error.strerror}.") from error


def put_back(file: Path, path: Path, *, keep_logins: bool) -> Path | None:
    """Put a backup in the place of a database that nobody has open; raises StoreError, and then nothing has changed.

    Returns where the database that was there is now. The epoch is new, so that clients start over.
    """
    unfinished = path.with_name(f"{path.name}.restoring")
    try:
        verify(file)
        _copy(file, unfinished)
        _renew(unfinished, keep_logins=keep_logins)
        sync(unfinished)
        aside = _set_aside(path)
        for log in (f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(log).unlink(missing_ok=True)
        if not keep_logins:
            key_file(path).unlink(missing_ok=True)
        sync(path.parent)  # before the copy stands there: the log of another database would destroy it
        unfinished.replace(path)
        sync(path.parent)
    except sqlite3.Error as error:
        raise StoreError(f"{file} cannot be restored. {why(error)}") from error
    except OSError as error:
        raise StoreError(f"{file} cannot be restored: {error.strerror}.") from error
    return aside


def verify(file: Path) -> None:
    """Look all through a copy; raises StoreError where it is damaged, not ours or newer than we are."""
    if not file.is_file():
        raise StoreError(f"{file} is not a file; name a backup that `nexus backup` made.")
    try:
        with closing(open_reader(file)) as connection:
            check(connection, file)
            if not schema_of(connection):
                raise StoreError(f"{file} is empty; it is not a Nexus backup.")
            found = damage(connection)
    except sqlite3.Error as error:
        raise StoreError(f"{file} is not a complete backup. {why(error)}") from error
    if found:
        raise StoreError(f"{file} is damaged ({found}).")


def _copy(path: Path, to: Path) -> None:
    with closing(open_reader(path)) as source, _new_copy(to) as copy:
        source.backup(copy)  # all in one step: in several, each commit of another would begin it again


@contextmanager
def _new_copy(to: Path) -> Iterator[sqlite3.Connection]:
    """An empty database to copy into, for its owner alone; one file in the end."""
    to.unlink(missing_ok=True)  # of a copy that was broken off
    os.close(make(to))
    with closing(sqlite3.connect(to, isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous = OFF").fetchall()  # it is synced when it is whole
        yield copy
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()


def _renew(path: Path, *, keep_logins: bool) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON").fetchall()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE meta SET epoch = ?", (os.urandom(8).hex(),))
        if not keep_logins:
            connection.execute("UPDATE meta SET key = x''")
            for table in ("logins", "sessions", "invites", "resets"):
                if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)).fetchall():
                    connection.execute(f"DELETE FROM {table}")  # an older backup has not all of them
        connection.execute("COMMIT")


def _set_aside(path: Path) -> Path | None:
    """Give a database a second name, with what a crash left in its log; None where there is none."""
    if not path.exists():
        return None
    _fold(path)
    aside = next(name for n in count(1) if not (name := path.with_name(f"{path.name}.replaced-{n}")).exists())
    log = path.with_name(f"{path.name}-wal")
    if log.exists():  # what is too damaged to be folded; SQLite finds it by this name
        os.link(log, aside.with_name(f"{aside.name}-wal"))
    os.link(path, aside)
    return aside


def _fold(path: Path) -> None:
    """Fold the write-ahead log into its database, where that can still be read."""
    try:
        with closing(open_writer(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error:
        return  # a damaged database is why one restores; it is kept as it is
