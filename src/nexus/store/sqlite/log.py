"""The events table: every room's log."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from nexus.core.entries import Event, Kind
from nexus.store.sqlite.readers import Readers

SEQ_BITS = 40
"""An event's place is room << 40 | seq."""

Head = tuple[int, int]
"""The seq and the time of a room's newest event; zeros where there is none."""

_INSERT = """
INSERT INTO events (place, at, kind, author, "by", nonce, target, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""

_SELECT = """
SELECT e.place, e.at, e.kind, e.author, coalesce(a.name, e."by"), e.text, e.nonce, e.target
FROM events e LEFT JOIN accounts a ON a.id = e.author
"""

_FIND = f"{_SELECT} WHERE e.nonce = :nonce AND e.author = :author AND e.place >> {SEQ_BITS} = :room"

_OLDEST = f"{_SELECT} WHERE e.place > :after AND e.place < :before ORDER BY e.place LIMIT :limit"

_NEWEST = f"{_SELECT} WHERE e.place > :after AND e.place < :before ORDER BY e.place DESC LIMIT :limit"

_HEAD = """
SELECT place, at FROM events WHERE place > :after AND place < :before ORDER BY place DESC LIMIT 1
"""

_UNREAD = """
SELECT count(*) FROM (
  SELECT 1 FROM events
  WHERE place > :after AND place < :before AND kind = :kind AND author <> :reader LIMIT :most
)
"""


class Log:
    """The `RoomLog` of SQLite."""

    _readers: Readers

    def page(self, room: int, *, after: int, before: int, limit: int, newest: bool) -> list[Event]:
        """Events with after < seq < before in order, at most `limit`: the newest of them or the oldest."""
        span = {"after": _place(room, after), "before": _place(room, before), "limit": max(limit, 0)}
        if newest:
            return [_event(row) for row in reversed(self._readers.ask(_NEWEST, **span))]
        return [_event(row) for row in self._readers.ask(_OLDEST, **span)]

    def unread(self, room: int, after: int, reader: int, most: int) -> int:
        """How many messages after a seq are by others than `reader`; counting stops at `most`."""
        rows = self._readers.ask(
            _UNREAD,
            after=_place(room, after),
            before=_end(room),
            kind=Kind.POSTED,
            reader=reader,
            most=max(most, 0),
        )
        count: int = rows[0][0]
        return count


def read_head(connection: sqlite3.Connection, room: int) -> Head:
    """Where a room's log ends; raises LookupError where there is no such room."""
    rows = connection.execute(_HEAD, {"after": _place(room, 0), "before": _end(room)}).fetchall()
    if rows:
        return rows[0][0] - _place(room, 0), rows[0][1]
    if not connection.execute("SELECT 1 FROM rooms WHERE id = ?", (room,)).fetchall():
        raise LookupError(f"There is no room {room}.")
    return 0, 0


def find(connection: sqlite3.Connection, room: int, author: int, nonce: str) -> Event | None:
    """What an author stored in a room under a nonce."""
    rows = connection.execute(_FIND, {"room": room, "author": author, "nonce": nonce}).fetchall()
    return _event(rows[0]) if rows else None


def insert(connection: sqlite3.Connection, events: Sequence[Event]) -> None:
    """Append events; raises sqlite3.IntegrityError where a nonce is known."""
    connection.executemany(
        _INSERT,
        [
            (
                event.room << SEQ_BITS | event.seq,
                event.at,
                int(event.kind),  # sqlite3 looks for an adapter for anything but a plain int
                event.author,
                event.by if event.author < 0 else None,
                event.nonce,
                event.target,
                event.text,
            )
            for event in events
        ],
    )


def _place(room: int, seq: int) -> int:
    """The place of a seq; one that no event can have becomes the nearest that stays within the room."""
    return (room << SEQ_BITS) + min(max(seq, 0), 1 << SEQ_BITS)


def _end(room: int) -> int:
    return (room + 1) << SEQ_BITS


def _event(row: tuple[Any, ...]) -> Event:
    place, at, kind, author, by, text, nonce, target = row
    room = place >> SEQ_BITS
    return Event(room, place - (room << SEQ_BITS), at, kind, author, by, text, nonce, target)
