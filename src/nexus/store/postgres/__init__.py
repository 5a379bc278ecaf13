"""The store in PostgreSQL, which several nodes share; imported only where `store.url` says so."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from nexus.core.changes import Change, PostOutcome
from nexus.core.log import Record
from nexus.ports import Cluster as Shared
from nexus.ports import Unavailable
from nexus.store.postgres import words
from nexus.store.postgres.commit import Writer
from nexus.store.postgres.connecting import Cluster
from nexus.store.postgres.nodes import Nodes
from nexus.store.postgres.opening import Meta, prepare
from nexus.store.postgres.readers import Readers
from nexus.store.sql.directory import Directory
from nexus.store.sql.log import Log
from nexus.store.sql.overseeing import Overseeing
from nexus.store.sql.search import Search


class PostgresStore(Log, Search, Directory, Overseeing):
    """One connection of this node writes, in one thread; others read, in any thread."""

    find = words.FIND
    part = staticmethod(words.part)

    def __init__(self, cluster: Cluster, meta: Meta) -> None:
        self.epoch, self.key, self.run = meta
        self._writer = Writer(cluster)
        self._readers: Readers = Readers(cluster)
        self.cluster: Shared | None = Nodes(self._readers)

    @classmethod
    def open(cls, url: str) -> "PostgresStore":
        """Open the database of a URL, make its tables where there are none; raises StoreError."""
        cluster = Cluster(url)
        return cls(cluster, prepare(cluster))

    def commit(self, posts: Sequence[Record], changes: Sequence[Change[Any]]) -> tuple[list[PostOutcome], list[Any]]:
        return self._writer.commit(posts, changes)

    def index(self) -> bool:
        return self._writer.index()

    def tidy(self) -> None:
        """Nothing: PostgreSQL keeps house by itself."""

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
