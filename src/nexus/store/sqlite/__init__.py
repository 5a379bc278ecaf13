"""The store in one SQLite file, `nexus.db` in the data directory."""

from collections.abc import Sequence
from pathlib import Path
from sqlite3 import Error

from nexus.core.entries import Entry, Outcome
from nexus.store import StoreError
from nexus.store.sqlite.checkpoint import Tidier
from nexus.store.sqlite.commit import Writer
from nexus.store.sqlite.directory import Directory
from nexus.store.sqlite.log import Log
from nexus.store.sqlite.open import Meta, prepare, why
from nexus.store.sqlite.readers import Readers
from nexus.store.sqlite.search import Search


class SqliteStore(Log, Search, Directory):
    """One connection writes, in the journal's thread; others read and tidy, in any."""

    def __init__(self, path: Path, meta: Meta) -> None:
        self.epoch, self.key, self.run, self.snapshot = meta
        self._writer = Writer(path)
        self._readers = Readers(path)
        self._tidier = Tidier(path)

    @classmethod
    def open(cls, directory: Path) -> "SqliteStore":
        """Open the database of a data directory that is there, make it where there is none; raises StoreError."""
        path = directory / "nexus.db"
        meta = prepare(path)
        try:
            return cls(path, meta)
        except Error as error:
            raise StoreError(f"{path} cannot be opened. {why(error)}") from error

    def commit(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Write a group in one transaction, synced when this returns; raises Unavailable, and is whole again."""
        outcomes = self._writer.commit(entries)
        self._pass_on_erased()
        return outcomes

    def index(self) -> bool:
        """Bring the full-text index on by a step, in the writer's thread; true where there is more to do.

        Raises Unavailable where that failed; the next call tries again.
        """
        more = self._writer.index()
        self._pass_on_erased()
        return more

    def _pass_on_erased(self) -> None:
        if self._writer.erased:
            self._writer.erased = False
            self._tidier.erased = True

    def tidy(self) -> None:
        """Checkpoint where the write-ahead log has grown or has a text that is to be gone; every few seconds.

        Raises Unavailable where that failed; nothing is lost then, and the next call tries again.
        """
        self._tidier.tidy()

    def close(self) -> None:
        """Close every connection; the write-ahead log is folded into the file."""
        self._readers.close()
        self._tidier.close()
        self._writer.close()
