"""When the write-ahead log is folded into the database file: between two groups, by the thread that writes them."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from threading import Lock
from time import monotonic

from nexus.ports import Unavailable
from nexus.store.sqlite.open import open_writer, why

TIDY_ABOVE = 4 << 20
"""Bytes of write-ahead log that are left alone; as many are copied in some milliseconds."""

SHRINK_ABOVE = 64 << 20
"""Bytes at which the log is emptied by waiting for readers, because one of them was always in the way."""

SHRINK_AGAIN = 16 << 20
"""Bytes that the log grows before the writer tries again, where a reader was in the way."""

ERASE_EVERY = 10.0
"""Seconds between two times that the log is emptied because of texts that are to be gone, at least."""

ERASE_PATIENCE = 20
"""Milliseconds that this may wait for readers, while no group can be written."""


def wal_size(path: Path) -> int:
    """Bytes in the write-ahead log of a database; it keeps its size when it is used from the start again."""
    try:
        return os.stat(f"{path}-wal").st_size  # noqa: PTH116 - once a group, where a Path costs more than the call
    except FileNotFoundError:
        return 0


def shrink(connection: sqlite3.Connection, size: int, limit: int) -> int:
    """Empty the log where it has passed the limit (or our own, if that is higher); returns the next limit."""
    if size <= max(limit, SHRINK_ABOVE):
        return limit
    busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return size + SHRINK_AGAIN if busy else 0


class Tidier:
    """Checkpoints between two groups, never beside one: see `Writer` about `alone`."""

    def __init__(self, path: Path, alone: Lock) -> None:
        self._path = path
        self._alone = alone
        self._connection: sqlite3.Connection | None = None
        self._seen = 0
        self._erase_from = 0.0
        self._to_erase = False

    def erased(self) -> None:
        """Texts are overwritten in the tables that the log still has, now or with the COMMIT that follows."""
        self._to_erase = True

    def tidy(self) -> None:
        """Copy what is committed into the database file, where there is much of it; raises Unavailable."""
        erase = self._to_erase and monotonic() >= self._erase_from
        if not erase and wal_size(self._path) <= TIDY_ABOVE:
            return
        with self._alone:
            self._tidy(erase)

    def _tidy(self, erase: bool) -> None:
        try:
            if self._connection is None:
                self._connection = open_writer(self._path)
                self._connection.execute(f"PRAGMA busy_timeout = {ERASE_PATIENCE}")
            self._checkpoint(self._connection)
            if erase:
                self._erase(self._connection)
        except sqlite3.Error as error:
            self._drop()
            self._to_erase |= erase
            raise Unavailable(why(error)) from error

    def close(self) -> None:
        """Wait for a checkpoint that is under way, and close."""
        with self._alone:
            self._drop()

    def _checkpoint(self, connection: sqlite3.Connection) -> None:
        # The log's size stays when its content was copied; this tells whether anything was committed since.
        version: int = connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._seen:
            busy, logged, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            self._seen = 0 if busy or copied < logged else version

    def _erase(self, connection: sqlite3.Connection) -> None:
        """Empty the log, of which most was copied just now; tried again where a reader was in the way."""
        self._to_erase = False  # before: what is erased from now on wants another time
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            self._to_erase = True
        else:
            self._erase_from = monotonic() + ERASE_EVERY

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        self._seen = 0
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()
