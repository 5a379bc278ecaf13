"""The store in PostgreSQL, which several nodes share; imported only where `store.url` says so."""

import os
from collections.abc import Sequence
from contextlib import suppress
from importlib.resources.abc import Traversable
from typing import Any

from nexus.core.changes import Change, PostOutcome
from nexus.core.log import Record
from nexus.ports import Cluster, Unavailable
from nexus.store import HistoryLost, MustEnd, TooOld
from nexus.store.postgres import words
from nexus.store.postgres.commit import Writer
from nexus.store.postgres.connecting import Database
from nexus.store.postgres.indexing import Indexing
from nexus.store.postgres.known import Known
from nexus.store.postgres.migrating import FOLDER, read, too_old
from nexus.store.postgres.nodes import Nodes
from nexus.store.postgres.opening import Meta, prepare
from nexus.store.postgres.readers import Readers
from nexus.store.sql.directory import Directory
from nexus.store.sql.log import Log
from nexus.store.sql.overseeing import Overseeing
from nexus.store.sql.search import Search

_NEW_EPOCH = "UPDATE meta SET epoch = :epoch WHERE epoch = :before RETURNING epoch"

_STANDS = "SELECT epoch, (SELECT max(schema) FROM migrations), (SELECT max(oldest) FROM migrations) FROM meta"


class PostgresStore(Log, Search, Directory, Overseeing, Nodes):
    """One connection of this node writes, in one thread; others read, in any thread."""

    find = words.FIND
    part = staticmethod(words.part)

    def __init__(self, database: Database, meta: Meta) -> None:
        self.epoch, self.key, self.run, self.knows = meta
        self.cluster: Cluster | None = self
        self._known = Known()
        self._writer = Writer(database, self.run, self.knows, self._known)
        self._readers: Readers = Readers(database)
        self._indexing = Indexing(self._readers, self.run, self.knows)

    @classmethod
    def open(cls, url: str, scripts: Traversable = FOLDER) -> "PostgresStore":
        """Open the database of a URL, bring its tables to what the scripts in a folder make; raises StoreError."""
        database = Database(url)
        return cls(database, prepare(database, read(scripts)))

    def commit(self, posts: Sequence[Record], changes: Sequence[Change[Any]]) -> tuple[list[PostOutcome], list[Any]]:
        return self._writer.commit(posts, changes)

    def index(self) -> bool:
        return self._indexing.step()

    def tidy(self) -> None:
        """Look whether the database is still one that this node can go on with; raises MustEnd where it is not.

        Who notices that messages are missing gives the history a new epoch, so that the other nodes start over too.
        """
        if isinstance(self._writer.over, HistoryLost):
            self._readers.ask(_NEW_EPOCH, before=self.epoch, epoch=os.urandom(8).hex())
        if self._writer.over is None:
            self._writer.over = self._what_ended()
        if self._writer.over is not None:
            raise self._writer.over

    def _what_ended(self) -> MustEnd | None:
        ((epoch, schema, oldest),) = self._readers.ask(_STANDS)
        if epoch != self.epoch:
            return HistoryLost("The database has another history by now; this node starts over with it.")
        return TooOld(too_old(schema, oldest, self.knows)) if oldest > self.knows else None

    def heads(self, rooms: Sequence[int]) -> dict[int, int]:
        before = {room: self._known.of(room) for room in rooms}
        found = super().heads(rooms)
        try:
            for room, head in found.items():
                self._known.check(room, before[room], head)
        except HistoryLost as error:
            self._writer.over = error
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
