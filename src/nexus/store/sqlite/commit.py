"""The one connection that writes, a group in one synced transaction."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from nexus.core.changes import Change, PostOutcome
from nexus.core.log import Record
from nexus.ports import Unavailable
from nexus.store.sqlite.changes import carry_out
from nexus.store.sqlite.checkpoint import shrink, wal_size
from nexus.store.sqlite.group import Group
from nexus.store.sqlite.indexing import Indexing
from nexus.store.sqlite.log import Head
from nexus.store.sqlite.open import open_keeper, open_writer, why
from nexus.store.sqlite.readers import CLOSED

MOST_HEADS = 10_000
"""Rooms whose heads are remembered."""

Post = Callable[[Sequence[Record]], Sequence[PostOutcome]]
Outcomes = tuple[list[PostOutcome], list[Any]]


class Writer:
    """Commits groups; used by one thread at a time.

    `erased` is called where texts were overwritten that the write-ahead log still has.
    """

    def __init__(self, path: Path, erased: Callable[[], None]) -> None:
        self._path = path
        self._erased = erased
        # As long as one connection has the log open, the next one need not recover it from the file, where
        # it would find, and believe, commits whose sync failed: they can be read although no disk has them.
        self._keeper = open_keeper(path)
        self._connection: sqlite3.Connection | None = None  # opened by the first group
        self._closed = False
        self._heads: dict[int, Head] = {}
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
        with self._writing() as connection:
            group = Group(connection, self._heads, self._erased)
            try:
                outcomes = _write(group, posts, changes, group.post)
            except sqlite3.IntegrityError:  # a nonce is known, or twice in this group
                group.roll_back()
                outcomes = _write(group, posts, changes, group.post_carefully)
        self._indexing.stored += len(posts) + len(changes)
        if len(self._heads) + len(group.heads) > MOST_HEADS:
            self._heads.clear()
        self._heads.update(group.heads)
        return outcomes

    def index(self) -> bool:
        """Bring the full-text index on by a step; true where there is more to do. Raises Unavailable."""
        with self._writing() as connection:
            return self._indexing.step(connection)

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
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()


def _write(group: Group, posts: Sequence[Record], changes: Sequence[Change[Any]], post: Post) -> Outcomes:
    """One transaction: the messages together, then each change."""
    group.connection.execute("BEGIN IMMEDIATE")
    posted = list(post(posts)) if posts else []
    outcomes = posted, [carry_out(group, change) for change in changes]
    group.connection.execute("COMMIT")
    return outcomes
