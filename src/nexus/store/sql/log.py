"""The events table: every room's log."""

import json
from collections.abc import Sequence
from itertools import chain

import msgspec

from nexus.core.amending import Target, digest, is_hidden_by
from nexus.core.log import Found, Reaction, Record
from nexus.core.mentions import EVERYONE, Mentioned, set_mentions
from nexus.core.people import Counts
from nexus.protocol.events import Edited, Posted, RoomEvent
from nexus.protocol.kinds import POSTED, columns, restore
from nexus.protocol.types import Person
from nexus.store.sql.connection import Asks, Connection, Row, weight

SEQ_BITS = 40
"""An event's place is room << 40 | seq."""

SEQS = (1 << SEQ_BITS) - 1
"""The bits of a place that are the seq."""

Head = tuple[int, int]
"""The seq and the time of a room's newest event; zeros where there is none."""

AT_ONCE = 32
"""Rows that one statement inserts: each statement lets another thread go first, and waits for its turn again."""

_INTO = 'INSERT INTO events (place, at, kind, author, "by", nonce, target, text, mentions, data) VALUES '
_VALUES = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT = [_INTO + ", ".join([_VALUES] * rows) for rows in range(AT_ONCE + 1)]

_REACTIONS = """
SELECT json_group_array(json_array(seq, emoji, author, name)) FROM (
  SELECT r.seq, r.emoji, r.author, coalesce(b.name, r."by") AS name
  FROM reactions r LEFT JOIN accounts b ON b.id = r.author WHERE r.message = m.place ORDER BY r.seq
) y
"""

_MENTIONS = """
SELECT json_group_array(json_array(reader, name)) FROM (
  SELECT n.reader, coalesce(b.name, n.name, '') AS name
  FROM mentions n LEFT JOIN accounts b ON b.id = n.reader WHERE n.place = e.place ORDER BY n.reader
) y
"""

# One statement, so that a message and all that was done to it are of one moment.
_SELECT = f"""
SELECT e.place, coalesce(o.name, ''), e.at, e.kind, e.author, coalesce(a.name, e."by"), coalesce(t.text, e.text),
  e.nonce, e.target, e.data, m.changed, t.place, t.at, m.deleted, m.pinned,
  CASE WHEN m.place IS NOT NULL THEN ({_REACTIONS}) END,
  CASE WHEN e.mentions > 0 THEN ({_MENTIONS}) END
FROM events e JOIN rooms o ON o.id = e.place >> {SEQ_BITS} LEFT JOIN accounts a ON a.id = e.author
  LEFT JOIN amended m ON m.place = e.place LEFT JOIN events t ON t.place = m.edit
"""

_mentions: msgspec.json.Decoder[tuple[Mentioned, ...]] = msgspec.json.Decoder(tuple[Mentioned, ...])
_reactions: msgspec.json.Decoder[tuple[Reaction, ...]] = msgspec.json.Decoder(tuple[Reaction, ...])

_FIND = f"{_SELECT} WHERE e.nonce = :nonce AND e.author = :author AND e.place >> {SEQ_BITS} = :room"

# What has expired is there no more: only a retry finds it, by its nonce.
THERE = f"e.place & {SEQS} >= o.first"

FROM_FIRST = f"coalesce((SELECT (id << {SEQ_BITS}) + first FROM rooms WHERE id = :room), 0)"
"""The place of a room's oldest event that is there."""

# A change also finds what is in a room that was destroyed, since it may come back; who reads does not.
_READ = f"""
{_SELECT.replace("JOIN rooms", "LEFT JOIN rooms", 1)} WHERE e.place = :place AND e.place & {SEQS} >= coalesce(
  o.first, (
    SELECT CAST(json_extract(kept, '$.first') AS INTEGER) FROM destroyed
    WHERE room = e.place >> {SEQ_BITS} AND state < 2
  ), 1
)
"""

_BY_ID = f"{_SELECT} WHERE e.id IN (SELECT CAST(value AS INTEGER) FROM json_each(:ids)) AND {THERE} ORDER BY e.id DESC"

_STORED = f"""
{_SELECT} WHERE e.id >= :low AND e.id < :high AND e.kind = {POSTED}
  AND (:room IS NULL OR e.place >> {SEQ_BITS} = :room) AND {THERE}
ORDER BY e.id DESC
"""

# The pins are put in order before their messages are read, so that reading may end at any of them.
_PINS = """
FROM (
  SELECT place FROM amended WHERE pinned > 0 AND pinned < :pin AND place > :after AND place < :before
  ORDER BY pinned DESC LIMIT :limit
) p CROSS JOIN events e ON e.place = p.place
"""
_PINNED = _SELECT.replace("FROM events e", _PINS)

_SPAN = f"{_SELECT} WHERE e.place >= max(:after + 1, {FROM_FIRST}) AND e.place < :before ORDER BY e.place"

_OLDEST = f"{_SPAN} LIMIT :limit"

_NEWEST = f"{_SPAN} DESC LIMIT :limit"

_REPLIES = f"""
{_SELECT} WHERE e.place >> {SEQ_BITS} = :room AND e.target = :seq AND e.kind = {POSTED} AND e.place < :before
  AND e.place >= {FROM_FIRST} AND coalesce(m.deleted, 0) = 0
ORDER BY e.place DESC LIMIT :limit
"""

_EARLIER = """
SELECT m.deleted, o.digest FROM amended m LEFT JOIN earlier o ON o.message = m.place AND o.seq = :seq
WHERE m.place = :message
"""

_HEAD = """
SELECT place, at FROM events WHERE place > :after AND place < :before ORDER BY place DESC LIMIT 1
"""

_IGNORED = "(SELECT other FROM ignored WHERE reader = :reader)"

# Each part ends at `most`, so that what is unread for years costs no more than that; the index alone answers it.
_COUNTS = f"""
SELECT count(*), (
  SELECT min(:most, count(*)) FROM (
    SELECT place FROM (SELECT place FROM mentions
      WHERE reader = :reader AND place > :after AND place <= :upto AND author NOT IN {_IGNORED} LIMIT :most) y
    UNION
    SELECT place FROM (SELECT place FROM mentions
      WHERE reader = {EVERYONE} AND place > :after AND place <= :upto AND author <> :reader
        AND author NOT IN {_IGNORED} LIMIT :most) z
  ) x
) FROM (
  SELECT 1 FROM events e
  WHERE place >= max(:after + 1, {FROM_FIRST}) AND place <= :upto AND kind = {POSTED} AND author <> :reader
    AND author NOT IN {_IGNORED}
    AND NOT EXISTS (SELECT 1 FROM amended a WHERE a.place = e.place AND a.deleted = 1) LIMIT :most
) w
"""


class Log:
    """The `RoomLog` of a database with SQL."""

    _readers: Asks

    def page(
        self, room: int, *, after: int, before: int, limit: int, newest: bool, size: int | None = None
    ) -> list[Record]:
        span = {"room": room, "after": place(room, after), "before": place(room, before), "limit": max(limit, 0)}
        if newest:
            return [record_of(row) for row in reversed(self._readers.ask(_NEWEST, size, **span))]
        return [record_of(row) for row in self._readers.ask(_OLDEST, size, **span)]

    def pinned(self, room: int, limit: int, *, before: int | None = None, size: int | None = None) -> Found:
        limit = max(limit, 0)
        span = {"after": place(room, 0), "before": end(room), "limit": limit + 1}
        rows = self._readers.ask(_PINNED, size, pin=1 << SEQ_BITS if before is None else before, **span)
        more = len(rows) > limit or (size is not None and sum(map(weight, rows)) >= size)
        rows = rows[:limit]
        return Found([record_of(row) for row in rows], rows[-1][14] if more and rows else None)

    def replies(self, room: int, seq: int, limit: int, *, before: int, size: int | None = None) -> list[Record]:
        span = {"room": room, "seq": seq, "before": place(room, before), "limit": max(limit, 0)}
        return [record_of(row) for row in self._readers.ask(_REPLIES, size, **span)]

    def counts(self, room: int, reader: int, *, after: int, upto: int, most: int) -> Counts:
        span = {"room": room, "after": place(room, after), "upto": place(room, upto)}
        return Counts(*self._readers.ask(_COUNTS, reader=reader, most=max(most, 0), **span)[0])


def by_id(readers: Asks, ids: list[int]) -> list[Record]:
    """Events by their ids, in the order in which they were stored, the newest first."""
    return [record_of(row) for row in readers.ask(_BY_ID, ids=json.dumps(ids))]


def stored(readers: Asks, room: int | None, low: int, high: int) -> list[Record]:
    """The messages with low <= id < high, of one room or all, the newest first."""
    return [record_of(row) for row in readers.ask(_STORED, room=room, low=low, high=high)]


def read_head(connection: Connection, room: int) -> Head:
    """Where a room's log ends; raises LookupError where there is no such room."""
    rows = connection.execute(_HEAD, {"after": place(room, 0), "before": end(room)}).fetchall()
    if rows:
        return rows[0][0] - place(room, 0), rows[0][1]
    if not connection.execute("SELECT 1 FROM rooms WHERE id = ?", (room,)).fetchall():
        raise LookupError(f"There is no room {room}.")
    return 0, 0


def read_first(connection: Connection, room: int) -> int:
    """The seq of a room's oldest event that has not expired."""
    rows = connection.execute("SELECT first FROM rooms WHERE id = ?", (room,)).fetchall()
    return rows[0][0] if rows else 1


def oldest(connection: Connection, room: int, limit: int) -> list[Record]:
    """The oldest events of a room that have not expired, at most so many."""
    span = {"room": room, "after": place(room, 0), "before": end(room), "limit": limit}
    return [record_of(row) for row in connection.execute(_OLDEST, span)]


def find(connection: Connection, room: int, author: int, nonce: str) -> Record | None:
    """What an author stored in a room under a nonce."""
    rows = connection.execute(_FIND, {"room": room, "author": author, "nonce": nonce}).fetchall()
    return record_of(rows[0]) if rows else None


def read(connection: Connection, room: int, seq: int) -> Record | None:
    """An event of a room as it is now."""
    rows = _read(connection, room, seq)
    return record_of(rows[0]) if rows else None


def read_target(connection: Connection, room: int, seq: int) -> Target | None:
    """A message of a room as it is now, and which events made it so; None where there is no message."""
    rows = _read(connection, room, seq)
    if not rows or rows[0][3] != POSTED:
        return None
    row = rows[0]
    changed, edit, pinned, reactions = row[10], row[11], row[14], row[15]
    if changed is None:
        return Target(record_of(row))
    return Target(
        record_of(row), 0 if edit is None else edit - place(room, 0), pinned, _reactions.decode(reactions or "[]")
    )


def _read(connection: Connection, room: int, seq: int) -> list[Row]:
    return connection.execute(_READ, {"place": place(room, seq)}).fetchall()


def is_retry(connection: Connection, known: Record, again: Record) -> bool:
    """Whether a record says what a known one said when it was stored, whatever was done to its text since.

    Of the texts of a message that was deleted or has expired nothing is left to compare: its nonce is known, and that
    has to do.
    """
    if is_hidden_by(known.event, again.event):
        return True
    number, text, target, data = columns(known.event)
    other_number, other_text, other_target, other_data = columns(again.event)
    about = target if isinstance(known.event, Edited) else known.event.seq
    if (about or 0) < read_first(connection, known.room):
        return (number, target) == (other_number, other_target)
    if (number, target, data) != (other_number, other_target, other_data):
        return False
    seq = known.event.seq
    values = {"message": place(known.room, seq if number == POSTED else target or 0), "seq": seq}
    rows = connection.execute(_EARLIER, values).fetchall()
    deleted, before = rows[0] if rows else (False, None)
    if deleted and isinstance(known.event, Posted | Edited):
        return True
    return text == other_text if before is None else before == digest(other_text)


def insert(connection: Connection, records: Sequence[Record]) -> None:
    """Append events; raises NonceKnown where a nonce is known."""
    rows = list(map(_row, records))
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first : first + AT_ONCE]
        connection.execute(_INSERT[len(some)], list(chain.from_iterable(some)))


def _row(record: Record) -> Row:
    event, author = record.event, record.author
    if type(event) is Posted:  # nearly all are
        number, text, target, data = POSTED, event.text, event.reply_to, None
        mentions = len(event.mentions) + event.here
    else:
        number, text, target, data = columns(event)
        mentions = 0
    by = event.by if author <= 0 else None  # 0 is the operator
    return record.room << SEQ_BITS | event.seq, event.at, number, author, by, record.nonce, target, text, mentions, data


def place(room: int, seq: int) -> int:
    """The place of a seq; one that no event can have becomes the nearest that stays within the room."""
    return (room << SEQ_BITS) + min(max(seq, 0), 1 << SEQ_BITS)


def end(room: int) -> int:
    """The place behind all that a room can have."""
    return (room + 1) << SEQ_BITS


def record_of(row: Row) -> Record:
    """The record of a row of `_SELECT`."""
    where, name, at, kind, author, by, text, nonce, target, data = row[:10]
    room = where >> SEQ_BITS
    if text.startswith("\0"):  # overwritten; nobody may write one
        text = ""
    seq = where - (room << SEQ_BITS)
    event: RoomEvent
    if kind == POSTED:
        event = Posted(room=name, seq=seq, at=at, by=by, guest=author < 0, text=text, reply_to=target)
        _add_changes(event, row)
    else:
        if not data or data.startswith("\0"):
            data = None
        event = restore(kind, text, target, data, room=name, seq=seq, at=at, by=by, guest=author < 0)
    return Record(room, author, event, nonce)


def _add_changes(message: Posted, row: Row) -> None:
    """What became of a message since it was posted, and whom it mentions."""
    changed, _, edited, deleted, pinned, reactions, mentions = row[10:]
    if changed is not None:
        message.changed = changed
        message.edited = edited
        message.deleted = bool(deleted)
        message.pinned = bool(pinned)
        message.reactions = {}
        for one in _reactions.decode(reactions or "[]"):
            message.reactions.setdefault(one.emoji, []).append(Person(one.by, one.author < 0))
    if mentions is not None:
        set_mentions(message, _mentions.decode(mentions))
