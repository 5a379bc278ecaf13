"""The store in one SQLite file, `nexus.db` in the data directory."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from sqlite3 import Error
from threading import Lock
from typing import Any

from nexus.core.changes import Change, PostOutcome
from nexus.core.log import Record
from nexus.ports import Cluster, Unavailable
from nexus.store import StoreError
from nexus.store.sql.directory import Directory
from nexus.store.sql.log import Log
from nexus.store.sql.overseeing import Overseeing
from nexus.store.sql.search import Search
from nexus.store.sqlite import words
from nexus.store.sqlite.checkpoint import Tidier
from nexus.store.sqlite.commit import Writer
from nexus.store.sqlite.open import Meta, prepare, why
from nexus.store.sqlite.readers import Readers


class SqliteStore(Log, Search, Directory, Overseeing):
    """One connection writes and one tidies, never both at once; others read, in any thread."""

    cluster: Cluster | None = None
    find = words.FIND
    part = staticmethod(words.part)

    def __init__(self, path: Path, meta: Meta) -> None:
        self.epoch, self.key, self.run, self.snapshot = meta
        self._path = path
        alone = Lock()
        self._tidier = Tidier(path, alone)
        self._writer = Writer(path, self._tidier.erased, alone)
        self._readers: Readers = Readers(path)

    @classmethod
    def open(cls, directory: Path) -> "SqliteStore":
        """Open the database of a data directory that is there, make it where there is none; raises StoreError."""
        path = directory / "nexus.db"
        meta = prepare(path)
        try:
            return cls(path, meta)
        except Error as error:
            raise StoreError(f"{path} cannot be opened. {why(error)}") from error

    def commit(self, posts: Sequence[Record], changes: Sequence[Change[Any]]) -> tuple[list[PostOutcome], list[Any]]:
        return self._writer.commit(posts, changes)

    def index(self) -> bool:
        return self._writer.index()

    def copy_to(self, to: Path, between: Callable[[], None]) -> None:
        """Copy the database in small steps, in the writer's thread; `between` two steps it may commit and tidy.

        Raises Unavailable, and what `between` raises.
        """
        self._writer.copy_to(to, between)

    def tidy(self) -> None:
        self._tidier.tidy()

    def sizes(self) -> dict[str, float]:
        """How much there is of it, by the names of the metrics; what cannot be told now is left out."""
        told: dict[str, float] = {}
        for name, file in ("database_bytes", self._path), ("wal_bytes", Path(f"{self._path}-wal")):
            with suppress(OSError):
                told[name] = file.stat().st_size
        with suppress(Unavailable):
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
        self._tidier.close()
        self._writer.close()
