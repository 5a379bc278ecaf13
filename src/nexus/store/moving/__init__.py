"""Moving a chat from one database to another, row by row: nothing of it is lost or changed.

What is interrupted goes on where it stopped. Only when all rows were compared is the one place marked as moved, and the
other one opened.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

from nexus.store import StoreError

BATCH = 1000
"""Rows that are read, written and compared at once."""

KEYS = {
    "rooms": ("id",),
    "former": ("id",),
    "destroyed": ("room",),
    "copies": ("room",),
    "events": ("id",),
    "amended": ("place",),
    "earlier": ("message", "seq"),
    "reactions": ("message", "seq"),
    "mentions": ("reader", "place"),
    "accounts": ("id",),
    "logins": ("id",),
    "sessions": ("id",),
    "retired": ("session",),
    "origins": ("author",),
    "members": ("account", "room"),
    "removed": ("room", "author"),
    "marks": ("reader", "room"),
    "spoke": ("room", "author"),
    "ignored": ("reader", "other"),
    "invites": ("id",),
    "invited": ("invite", "account"),
    "resets": ("account",),
    "held": ("key",),
    "acts": ("id",),
    "mutes": ("author",),
    "bans": ("id",),
    "pause": ("id",),
    "purges": ("act",),
    "purged": ("message",),
    "removals": ("account",),
    "reports": ("id",),
}
"""Every table that is moved, and by what its rows are in order. The index of words is built again from the messages."""

Row = tuple[Any, ...]


class Identity(NamedTuple):
    """What makes it the same chat: clients go on with their sessions, and need not start over."""

    epoch: str
    key: bytes
    run: int


class Place(Protocol):
    """A database that a chat is moved from or to; whatever fails is a StoreError."""

    name: str
    """What a person calls it; without a password."""

    def identity(self) -> Identity:
        """Whose chat it is."""

    def columns(self, table: str) -> tuple[str, ...]:
        """What a table has."""

    def rows(self, table: str, columns: tuple[str, ...], after: Row | None) -> list[Row]:
        """The next rows of a table behind a key, in order; at most BATCH."""

    def last(self, table: str) -> Row | None:
        """The key of the last row of a table; None where there is none."""

    def counters(self) -> dict[str, int]:
        """Which ids of a table were given out, where the next one must not be one of them."""


class Target(Place, Protocol):
    """A database that a chat is moved to; until `open` no server starts there."""

    def begin(self, identity: Identity) -> None:
        """Begin, or go on where that was begun; refuse where there is another chat."""

    def add(self, table: str, columns: tuple[str, ...], rows: list[Row]) -> None:
        """Append rows, all or none."""

    def open(self, identity: Identity, counters: dict[str, int]) -> None:
        """All is there: it may be used from now on."""


class Source(Place, Protocol):
    """A database that a chat is moved from."""

    def moved_to(self) -> str | None:
        """Where it was moved to already, as far as it knows."""

    def leave(self, to: str) -> None:
        """Mark it as moved: no server starts there any more."""


def move(source: Source, target: Target, tell: Callable[[str], None]) -> None:
    """Copy every row, compare every row, then let the one go and open the other; raises StoreError."""
    if source.moved_to() not in (None, target.name):
        raise StoreError(f"{source.name} was moved to {source.moved_to()} already.")
    identity = source.identity()
    target.begin(identity)
    columns = {table: _columns(source, target, table) for table in KEYS}
    for table in KEYS:
        for rows in _batches(source, table, columns[table], target.last(table)):
            target.add(table, columns[table], rows)
    for table in KEYS:
        count = _compare(source, target, table, columns[table])
        if count:
            tell(f"{table}: {count:,} {'row' if count == 1 else 'rows'}, the same on both sides.")
    source.leave(target.name)
    target.open(identity, source.counters())


def _columns(source: Place, target: Place, table: str) -> tuple[str, ...]:
    mine, theirs = source.columns(table), target.columns(table)
    if set(mine) != set(theirs):
        other = ", ".join(sorted(set(mine) ^ set(theirs)))
        raise StoreError(f"The tables {table} are not alike ({other}); start the newest Nexus once on both.")
    return mine


def _batches(place: Place, table: str, columns: tuple[str, ...], after: Row | None = None) -> Iterator[list[Row]]:
    """The rows of a table behind a key, in order."""
    where = [columns.index(key) for key in KEYS[table]]
    while rows := place.rows(table, columns, after):
        yield rows
        after = tuple(rows[-1][index] for index in where)


def _compare(source: Place, target: Place, table: str, columns: tuple[str, ...]) -> int:
    """Compare a table; returns how many rows it has."""
    count = 0
    theirs = _batches(target, table, columns)
    for rows in _batches(source, table, columns):
        if list(map(plain, rows)) != list(map(plain, next(theirs, []))):
            raise StoreError(
                f"The rows of {table} behind the first {count:,} differ in {source.name} and {target.name}; nothing "
                "was let go. Empty the new place and move again."
            )
        count += len(rows)
    if next(theirs, []):
        raise StoreError(f"{target.name} has more rows of {table} than {source.name}; nothing was let go.")
    return count


def plain(row: Row) -> Row:
    """A row as both databases have it: a text that is gone is empty, however long it was."""
    return tuple("" if isinstance(value, str) and value.startswith("\0") else value for value in row)
