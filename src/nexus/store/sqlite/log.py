"""The events table: every room's log."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from nexus.core.amending import digest
from nexus.core.entries import Amended, Draft, Event, Kind, Reaction
from nexus.core.mentions import EVERYONE, Mentioned, with_mentions
from nexus.core.people import Counts
from nexus.store.sqlite.readers import Readers

SEQ_BITS = 40
"""An event's place is room << 40 | seq."""

Head = tuple[int, int]
"""The seq and the time of a room's newest event; zeros where there is none."""

_INSERT = """
INSERT INTO events (place, at, kind, author, "by", nonce, target, text, mentions) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

_REACTIONS = """
SELECT json_group_array(json_array(seq, emoji, author, name)) FROM (
  SELECT r.seq, r.emoji, r.author, coalesce(b.name, r."by") AS name
  FROM reactions r LEFT JOIN accounts b ON b.id = r.author WHERE r.message = m.place ORDER BY r.seq
)
"""

_MENTIONS = """
SELECT json_group_array(json_array(reader, name)) FROM (
  SELECT n.reader, coalesce(b.name, n.name, '') AS name
  FROM mentions n LEFT JOIN accounts b ON b.id = n.reader WHERE n.place = e.place ORDER BY n.reader
)
"""

# One statement, so that a message and all that was done to it are of one moment.
_SELECT = f"""
SELECT e.place, e.at, e.kind, e.author, coalesce(a.name, e."by"), coalesce(t.text, e.text), e.nonce, e.target,
  m.changed, t.place, t.at, m.deleted, m.pinned, CASE WHEN m.place IS NOT NULL THEN ({_REACTIONS}) END,
  CASE WHEN e.mentions THEN ({_MENTIONS}) END
FROM events e LEFT JOIN accounts a ON a.id = e.author
  LEFT JOIN amended m ON m.place = e.place LEFT JOIN events t ON t.place = m.edit
"""

_mentions: msgspec.json.Decoder[tuple[Mentioned, ...]] = msgspec.json.Decoder(tuple[Mentioned, ...])
_reactions: msgspec.json.Decoder[tuple[Reaction, ...]] = msgspec.json.Decoder(tuple[Reaction, ...])

_FIND = f"{_SELECT} WHERE e.nonce = :nonce AND e.author = :author AND e.place >> {SEQ_BITS} = :room"

_READ = f"{_SELECT} WHERE e.place = :place"

_BY_ID = f"{_SELECT} WHERE e.id IN (SELECT value FROM json_each(:ids)) ORDER BY e.id DESC"

_STORED = f"""
{_SELECT} WHERE e.id >= :low AND e.id < :high AND e.kind = {Kind.POSTED:d}
  AND (:room IS NULL OR e.place >> {SEQ_BITS} = :room)
ORDER BY e.id DESC
"""

_PINNED = f"""
{_SELECT} WHERE e.place IN (
  SELECT place FROM amended WHERE pinned > 0 AND place > :after AND place < :before ORDER BY pinned DESC LIMIT :limit
) ORDER BY m.pinned DESC
"""

_OLDEST = f"{_SELECT} WHERE e.place > :after AND e.place < :before ORDER BY e.place LIMIT :limit"

_NEWEST = f"{_SELECT} WHERE e.place > :after AND e.place < :before ORDER BY e.place DESC LIMIT :limit"

_EARLIER = """
SELECT m.deleted, o.digest FROM amended m LEFT JOIN earlier o ON o.message = m.place AND o.seq = :seq
WHERE m.place = :message
"""

_HEAD = """
SELECT place, at FROM events WHERE place > :after AND place < :before ORDER BY place DESC LIMIT 1
"""

# Each part ends at `most`, so that what is unread for years costs no more than that.
_COUNTS = f"""
SELECT count(*), (
  SELECT min(:most, count(*)) FROM (
    SELECT place FROM (SELECT place FROM mentions
      WHERE reader = :reader AND place > :after AND place <= :upto LIMIT :most)
    UNION
    SELECT place FROM (SELECT place FROM mentions
      WHERE reader = {EVERYONE} AND place > :after AND place <= :upto AND author <> :reader LIMIT :most)
  )
) FROM (
  SELECT 1 FROM events
  WHERE place > :after AND place <= :upto AND kind = {Kind.POSTED:d} AND author <> :reader LIMIT :most
)
"""


class Log:
    """The `RoomLog` of SQLite."""

    _readers: Readers

    def page(self, room: int, *, after: int, before: int, limit: int, newest: bool) -> list[Event]:
        """Events with after < seq < before in order, at most `limit`: the newest of them or the oldest."""
        span = {"after": place(room, after), "before": place(room, before), "limit": max(limit, 0)}
        if newest:
            return [event_of(row) for row in reversed(self._readers.ask(_NEWEST, **span))]
        return [event_of(row) for row in self._readers.ask(_OLDEST, **span)]

    def pinned(self, room: int, limit: int) -> list[Event]:
        """The messages that are pinned in a room, the one pinned last first."""
        span = {"after": place(room, 0), "before": end(room), "limit": max(limit, 0)}
        return [event_of(row) for row in self._readers.ask(_PINNED, **span)]

    def counts(self, room: int, reader: int, *, after: int, upto: int, most: int) -> Counts:
        """What a reader whose mark is `after` has not read of a room up to a seq; either counts to `most`."""
        span = {"after": place(room, after), "upto": place(room, upto)}
        return Counts(*self._readers.ask(_COUNTS, reader=reader, most=max(most, 0), **span)[0])


def by_id(readers: Readers, ids: list[int]) -> list[Event]:
    """Events by their ids, in the order in which they were stored, the newest first."""
    return [event_of(row) for row in readers.ask(_BY_ID, ids=json.dumps(ids))]


def stored(readers: Readers, room: int | None, low: int, high: int) -> list[Event]:
    """The messages with low <= id < high, of one room or all, the newest first."""
    return [event_of(row) for row in readers.ask(_STORED, room=room, low=low, high=high)]


def read_head(connection: sqlite3.Connection, room: int) -> Head:
    """Where a room's log ends; raises LookupError where there is no such room."""
    rows = connection.execute(_HEAD, {"after": place(room, 0), "before": end(room)}).fetchall()
    if rows:
        return rows[0][0] - place(room, 0), rows[0][1]
    if not connection.execute("SELECT 1 FROM rooms WHERE id = ?", (room,)).fetchall():
        raise LookupError(f"There is no room {room}.")
    return 0, 0


def find(connection: sqlite3.Connection, room: int, author: int, nonce: str) -> Event | None:
    """What an author stored in a room under a nonce."""
    rows = connection.execute(_FIND, {"room": room, "author": author, "nonce": nonce}).fetchall()
    return event_of(rows[0]) if rows else None


def read(connection: sqlite3.Connection, room: int, seq: int) -> Event | None:
    """An event of a room as it is now."""
    rows = connection.execute(_READ, {"place": place(room, seq)}).fetchall()
    return event_of(rows[0]) if rows else None


def is_retry(connection: sqlite3.Connection, known: Event, draft: Draft) -> bool:
    """Whether a draft says what an event said when it was stored, whatever was done to its text since.

    Of a deleted message's texts nothing is left to compare: its nonce is known, and that has to do.
    """
    if (known.kind, known.target) != (draft.kind, draft.target):
        return False
    message = known.seq if known.kind == Kind.POSTED else known.target or 0
    values = {"message": place(known.room, message), "seq": known.seq}
    rows = connection.execute(_EARLIER, values).fetchall()
    deleted, before = rows[0] if rows else (False, None)
    if deleted and known.kind in (Kind.POSTED, Kind.EDITED):
        return True
    return known.text == draft.text if before is None else before == digest(draft.text)


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
                len(event.mentions) + event.here,
            )
            for event in events
        ],
    )


def place(room: int, seq: int) -> int:
    """The place of a seq; one that no event can have becomes the nearest that stays within the room."""
    return (room << SEQ_BITS) + min(max(seq, 0), 1 << SEQ_BITS)


def end(room: int) -> int:
    """The place behind all that a room can have."""
    return (room + 1) << SEQ_BITS


def event_of(row: tuple[Any, ...]) -> Event:
    where, at, kind, author, by, text, nonce, target, changed, edit, edited, deleted, pinned, reactions, found = row
    room = where >> SEQ_BITS
    if text.startswith("\0"):  # overwritten; nobody may write one
        text = ""
    amended = None
    if changed is not None:
        edit = 0 if edit is None else edit - (room << SEQ_BITS)
        amended = Amended(changed, edit, edited or 0, bool(deleted), pinned, _reactions.decode(reactions))
    event = Event(room, where - (room << SEQ_BITS), at, kind, author, by, text, nonce, target, amended)
    return event if found is None else with_mentions(event, _mentions.decode(found))
