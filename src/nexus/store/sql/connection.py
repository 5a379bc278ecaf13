"""What the statements need of a database: a connection that writes, and connections that are asked."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

Row = tuple[Any, ...]

ROW = 64
"""Bytes that a row counts beside its texts."""


class NonceKnown(Exception):  # noqa: N818  tells that a group has to be stored with more care
    """A message cannot be stored as if it were new."""


class Cursor(Protocol):
    """What came of a statement."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    @property
    def description(self) -> Any:
        """Its columns, the name of each first."""

    def fetchone(self) -> Any:
        """The next row."""

    def fetchall(self) -> list[Any]:
        """All rows."""

    def __iter__(self) -> Iterator[Any]:
        """Row by row."""


class Connection(Protocol):
    """The connection that writes a group, in a transaction of its own."""

    def execute(self, sql: str, values: Any = ..., /) -> Cursor:
        """Carry out a statement; its values are named as `:name`, or a `?` each."""

    def executemany(self, sql: str, rows: Any, /) -> Cursor:
        """Carry out a statement once for each row of values."""


class Asks(Protocol):
    """Connections for reading, from any thread."""

    def ask(self, sql: str, size: int | None = None, **values: object) -> list[Row]:
        """The rows of one statement, all or about so many bytes of them; raises Unavailable, also if it takes long."""


def number(connection: Connection, sql: str) -> int:
    """The one number that a query gives."""
    found: int = connection.execute(sql).fetchone()[0]
    return found


def weight(row: Sequence[Any]) -> int:
    """About how many bytes a row is."""
    return ROW + sum([len(value) for value in row if isinstance(value, str)])
