"""The one connection that writes, a group in one synced transaction."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any

from nexus.core.changes import Change, Probe
from nexus.core.log import Record
from nexus.ports import Unavailable
from nexus.store.sql.group import Group
from nexus.store.sql.log import Head
from nexus.store.sql.transaction import Faults, Outcomes, write
from nexus.store.sqlite import words
from nexus.store.sqlite.backup import copy_in_steps
from nexus.store.sqlite.checkpoint import shrink, wal_size
from nexus.store.sqlite.indexing import Indexing
from nexus.store.sqlite.open import open_keeper, open_writer, why
from nexus.store.sqlite.readers import CLOSED

MOST_HEADS = 10_000
"""Rooms whose heads are remembered."""

ROOM = 1 << 20
"""Bytes that are free on a disk that is not full."""

FAULTS = Faults(
    (sqlite3.IntegrityError,),
    (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError, sqlite3.InterfaceError),
)


class Writer:
    """Commits groups; used by one thread at a time.

    `alone` is held by whatever commits or checkpoints: SQLite up to 3.51.2 may lose a commit that is made on
    another connection beside a checkpoint (https://sqlite.org/wal.html, "The WAL-reset bug"). `erased` is called
    where texts were overwritten that the write-ahead log still has.
    """

    def __init__(self, path: Path, erased: Callable[[], None], alone: Lock) -> None:
        self._path = path
        self._alone = alone
        self._erased = erased
        # As long as one connection has the log open, the next one need not recover it from the file, where
        # it would find, and believe, commits whose sync failed: they can be read although no disk has them.
        self._keeper = open_keeper(path)
        self._connection: sqlite3.Connection | None = None  # opened by the first group
        self._closed = False
        self._heads: dict[int, Head] = {}
        self._allowed: dict[tuple[int, int], int] = {}
        self._next_shrink = 0
        self._indexing = Indexing(erased)

    def commit(self, posts: Sequence[Record], changes: Sequence[Change[Any]]) -> Outcomes:
        """Write a group; raises Unavailable when it does not count as written.

        After an error the connection is given up, and the next group begins with a new one: it knows what is
        committed, where a COMMIT failed and may have happened all the same. A group whose sync failed is
        written again over the old one, since a second sync of the same bytes would say nothing true.
        """
        if not posts and not changes:
            return [], []
        if any(isinstance(change, Probe) for change in changes):
            self._need_room()
        with self._writing() as connection:
            group = Group(connection, self._heads, self._allowed, self._erased, words.STATEMENTS)
            outcomes = write(group, posts, changes, FAULTS)
        self._indexing.stored += len(posts) + len(changes)
        if len(self._heads) + len(group.heads) > MOST_HEADS:
            self._heads.clear()
        self._heads.update(group.heads)
        return outcomes

    def _need_room(self) -> None:
        """What is small fits into the write-ahead log as it is, and proves nothing of the next message."""
        with suppress(OSError):  # the group finds out itself
            free = shutil.disk_usage(self._path.parent).free
            if free < ROOM:
                raise Unavailable(f"The disk is full ({free >> 10} KiB are free).")

    def index(self) -> bool:
        """Bring the full-text index on by a step; true where there is more to do. Raises Unavailable."""
        with self._writing() as connection:
            return self._indexing.step(connection)

    def copy_to(self, to: Path, between: Callable[[], None]) -> None:
        """Copy all that is committed, and what `between` two steps commits; raises Unavailable."""
        with self._alone:
            connection = self._ready()

        def step() -> None:
            between()
            if self._connection is not connection:
                raise Unavailable("The database failed while it was copied.")

        try:
            copy_in_steps(connection, to, step)
        except sqlite3.Error as error:
            raise Unavailable(why(error)) from error
        except OSError as error:
            raise Unavailable(f"{to} cannot be written: {error.strerror}.") from error

    def close(self) -> None:
        """Close; what was committed is folded into the database file."""
        self._closed = True
        self._give_up()
        with suppress(sqlite3.Error):
            self._keeper.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """The connection, given up where what is done with it fails; raises Unavailable then."""
        try:
            with self._alone:
                yield self._ready()
        except BaseException as error:
            self._give_up()
            if isinstance(error, sqlite3.Error):
                raise Unavailable(why(error)) from error
            raise

    def _ready(self) -> sqlite3.Connection:
        if self._closed:
            raise Unavailable(CLOSED)
        if self._connection is None:
            self._connection = open_writer(self._path)
        self._next_shrink = shrink(self._connection, wal_size(self._path), self._next_shrink)
        return self._connection

    def _give_up(self) -> None:
        """Close the connection, which rolls back, and forget what it was believed to have written."""
        self._heads.clear()
        self._allowed.clear()
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()
