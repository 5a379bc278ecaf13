"""The store in PostgreSQL, which several nodes share; imported only where `store.url` says so."""

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from nexus.core.changes import Change, PostOutcome
from nexus.core.log import Record
from nexus.ports import Cluster, Unavailable
from nexus.store import HistoryLost
from nexus.store.postgres import words
from nexus.store.postgres.commit import Writer
from nexus.store.postgres.connecting import Database
from nexus.store.postgres.known import Known
from nexus.store.postgres.nodes import Nodes
from nexus.store.postgres.opening import Meta, prepare
from nexus.store.postgres.readers import Readers
from nexus.store.sql.directory import Directory
from nexus.store.sql.log import Log
from nexus.store.sql.overseeing import Overseeing
from nexus.store.sql.search import Search

_NEW_EPOCH = "UPDATE meta SET epoch = :epoch WHERE epoch = :before RETURNING epoch"


class PostgresStore(Log, Search, Directory, Overseeing, Nodes):
    """One connection of this node writes, in one thread; others read, in any thread."""

    find = words.FIND
    part = staticmethod(words.part)

    def __init__(self, database: Database, meta: Meta) -> None:
        self.epoch, self.key, self.run = meta
        self.cluster: Cluster | None = self
        self._known = Known()
        self._writer = Writer(database, self.run, self._known)
        self._readers: Readers = Readers(database)

    @classmethod
    def open(cls, url: str) -> "PostgresStore":
        """Open the database of a URL, make its tables where there are none; raises StoreError."""
        database = Database(url)
        return cls(database, prepare(database))

    def commit(self, posts: Sequence[Record], changes: Sequence[Change[Any]]) -> tuple[list[PostOutcome], list[Any]]:
        return self._writer.commit(posts, changes)

    def index(self) -> bool:
        return self._writer.index()

    def tidy(self) -> None:
        """Look whether the history is still the one that this node knows; raises HistoryLost where it is not.

        Who notices that messages are missing gives it a new epoch, so that the other nodes start over too.
        """
        if self._writer.lost is not None:
            self._readers.ask(_NEW_EPOCH, before=self.epoch, epoch=os.urandom(8).hex())
            raise self._writer.lost
        if self._readers.ask("SELECT epoch FROM meta") != [(self.epoch,)]:
            self._writer.lost = HistoryLost("The database has another history by now; this node starts over with it.")
            raise self._writer.lost

    def heads(self, rooms: Sequence[int]) -> dict[int, int]:
        before = {room: self._known.of(room) for room in rooms}
        found = super().heads(rooms)
        try:
            for room, head in found.items():
                self._known.check(room, before[room], head)
        except HistoryLost as error:
            self._writer.lost = error
            raise
        return found

    def sizes(self) -> dict[str, float]:
        """How much there is of it, by the names of the metrics; what cannot be told now is left out."""
        told: dict[str, float] = {}
        with suppress(Unavailable):
            ((told["database_bytes"],),) = self._readers.ask("SELECT pg_database_size(current_database())")
            ((told["accounts"],),) = self._readers.ask("SELECT count(*) FROM accounts")
        return told

    def stop_reading(self) -> None:
        """Interrupt what is being read, and let nothing more be read until `go_on_reading`."""
        self._readers.stop()

    def go_on_reading(self) -> None:
        """What was to be interrupted has ended."""
        self._readers.go_on()

    def close(self) -> None:
        self._readers.close()
        self._writer.close()
