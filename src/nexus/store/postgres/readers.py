"""Connections for reading, as many as there are readers at once, and never the writer's."""

from collections import deque
from contextlib import suppress
from typing import Any

import psycopg

from nexus.ports import Unavailable
from nexus.store.postgres.connecting import Database, Speaking, why
from nexus.store.sql.connection import weight

CLOSED = "The store is closed."


class Readers:
    """Asks from any thread; a connection is used by one thread at a time and kept for the next."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._idle: deque[Speaking] = deque()
        self._busy: set[Speaking] = set()
        self._stopped = False
        self._closed = False

    def ask(self, sql: str, size: int | None = None, **values: object) -> list[tuple[Any, ...]]:
        """The rows of one statement, all or about so many bytes of them; raises Unavailable, also if it takes long."""
        for again in (True, False):
            if self._closed or self._stopped:
                raise Unavailable(CLOSED)
            connection, old = self._borrow()
            self._busy.add(connection)
            try:
                rows = connection.execute(sql, values).fetchall()
            except psycopg.Error as error:
                self._busy.discard(connection)
                lost = connection.raw.closed
                connection.close()
                if lost and old and again:  # it was cut while it was idle
                    continue
                raise Unavailable(why(error)) from error
            except BaseException:
                self._busy.discard(connection)
                connection.close()
                raise
            self._give_back(connection)
            return _first(rows, size)
        raise Unavailable(CLOSED)

    def stop(self) -> None:
        """Interrupt what is being read, and begin nothing more until `go_on`: those who ask get Unavailable."""
        self._stopped = True
        for connection in self._busy.copy():
            with suppress(psycopg.Error):
                connection.raw.cancel()

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

    def _borrow(self) -> tuple[Speaking, bool]:
        """A connection, and whether it was used before."""
        try:
            return self._idle.pop(), True
        except IndexError:
            pass
        try:
            return self._database.connect(), False
        except psycopg.Error as error:
            raise Unavailable(why(error)) from error

    def _give_back(self, connection: Speaking) -> None:
        self._busy.discard(connection)
        self._idle.append(connection)
        if self._closed:
            self.close()


def _first(rows: list[tuple[Any, ...]], size: int | None) -> list[tuple[Any, ...]]:
    """The first rows, up to a size, but at least one."""
    if size is None:
        return rows
    for index, row in enumerate(rows):
        size -= weight(row)
        if size <= 0:
            return rows[: index + 1]
    return rows
