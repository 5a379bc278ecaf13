"""Connections for reading, as many as there are readers at once, and never the writer's."""

import sqlite3
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any

from nexus.ports import Unavailable
from nexus.store.sql.connection import weight
from nexus.store.sqlite.open import open_reader, why

CLOSED = "The store is closed."

MOST_SECONDS = 5.0
"""How long one statement may take; those that we ask take much less, however much is stored."""

STEPS = 100_000
"""Steps of SQLite's machine between two looks at the time, some milliseconds."""


class Readers:
    """Asks from any thread; a connection is used by one thread at a time and kept for the next."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: deque[sqlite3.Connection] = deque()
        self._busy: set[sqlite3.Connection] = set()
        self._stopped = False
        self._closed = False

    def ask(self, sql: str, size: int | None = None, **values: object) -> list[tuple[Any, ...]]:
        """The rows of one statement, all or about so many bytes of them; raises Unavailable, also if it takes long."""
        if self._closed or self._stopped:
            raise Unavailable(CLOSED)
        connection: sqlite3.Connection | None = None
        try:
            connection = self._borrow()
            self._busy.add(connection)
            rows = _rows(connection, sql, values, size)
        except BaseException as error:
            if connection is not None:
                self._busy.discard(connection)
                connection.close()
            if isinstance(error, sqlite3.Error):
                raise Unavailable(why(error)) from error
            raise
        self._give_back(connection)
        return rows

    def stop(self) -> None:
        """Interrupt what is being read, and begin nothing more until `go_on`: those who ask get Unavailable."""
        self._stopped = True
        for connection in self._busy.copy():
            with suppress(sqlite3.ProgrammingError):  # closed meanwhile
                connection.interrupt()

    def go_on(self) -> None:
        """Read again."""
        self._stopped = False

    def close(self) -> None:
        """Close what is idle; what is in use is closed when it comes back."""
        self._closed = True
        while True:
            try:
                self._idle.pop().close()
            except IndexError:
                return

    def _borrow(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()  # one step, where asking first whether there is one would be two
        except IndexError:
            return open_reader(self._path)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        self._busy.discard(connection)
        self._idle.append(connection)
        if self._closed:
            self.close()


def _rows(connection: sqlite3.Connection, sql: str, values: dict[str, object], size: int | None) -> list[Any]:
    """Rows up to a size, but at least one; interrupted where that takes too long."""
    end = time.monotonic() + MOST_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > end, STEPS)
    cursor = connection.execute(sql, values)
    if size is None:
        return cursor.fetchall()
    rows = []
    for row in cursor:
        rows.append(row)
        size -= weight(row)
        if size <= 0:
            break
    cursor.close()
    return rows
