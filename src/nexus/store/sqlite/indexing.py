"""When the full-text index is brought on: in the writer's thread, between groups, in steps that hold nobody up."""

import sqlite3
from collections.abc import Callable
from time import monotonic

from nexus.store.sql.words import BUSY, MOST_BEHIND, Words
from nexus.store.sqlite import words

REST = 50
"""Times as long as merging took that it then rests: each time all of the index is rewritten."""


class Indexing:
    """Decides what the next step is, and takes it; the connection is given up by its owner where that fails."""

    def __init__(self, erased: Callable[[], None]) -> None:
        """`erased` is called where words are gone from the index that the write-ahead log still has."""
        self.stored = 0
        """Events stored since the last step."""
        self._erased = erased
        self._merging = 0.0
        self._merge_from = 0.0

    def step(self, connection: sqlite3.Connection) -> bool:
        """Do what is to be done next; true where there is more of it."""
        if connection.execute("SELECT 1 FROM copies").fetchall():  # what is copied is taken in once it is whole
            return False
        stored, self.stored = self.stored, 0
        index = Words(connection, words.STATEMENTS)
        behind = index.behind()
        if stored > BUSY and behind <= MOST_BEHIND:
            return False
        if behind:
            connection.execute("BEGIN IMMEDIATE")
            index.take_in()
            connection.execute("COMMIT")
        return self._merge(connection) or index.behind() > 0

    def _merge(self, connection: sqlite3.Connection) -> bool:
        """Merge a step further, where words are to be gone; true where that goes on."""
        begun = monotonic()
        if begun < self._merge_from or not words.stale(connection):
            return False
        connection.execute("BEGIN IMMEDIATE")
        done = words.merge(connection)
        if done:
            self._erased()  # before, since a COMMIT that fails may have happened
        connection.execute("COMMIT")
        self._merging += monotonic() - begun
        if done:
            self._merge_from = monotonic() + REST * self._merging
            self._merging = 0.0
        return not done
