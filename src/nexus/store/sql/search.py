"""Finding messages by their words: the newest first, and never through more than a bounded part of them at once.

The index names the messages with the rarest word or filter of a query; what else is asked is read in their texts.
(FTS5 could compare words itself, but it goes through all of two common words that never meet, and cannot be stopped.)
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import chain

from nexus.core.log import Found, Record
from nexus.core.searching import Query, matches
from nexus.store.sql import log
from nexus.store.sql.connection import Asks
from nexus.store.sql.words import LINK, LONG, account_word, guest_word, room_word, said_word

SCANNED = 10_000
"""Events that one search reads where the index does not know them yet, or the query has nothing for it."""

COMPARED = 500
"""Messages that one search reads with the rarest of what is asked."""

LOOKED_AT = 262_144
"""Characters that one search looks at, each message with some more for itself; some tens of milliseconds."""

ROW = 16
"""Characters that a message counts beside its text."""

SAMPLE = 64
"""How far so many messages reach back tells which part of a query is the rarest."""

PARTS = 8
"""Parts of a query among which the rarest is looked for."""

_UPTO = "SELECT upto FROM indexed"

_NEWEST = "SELECT coalesce(max(id), 0) FROM events"

_ID = "SELECT id FROM events WHERE place = :place"

_HEAD = f"""
SELECT coalesce(max(place), 0) & {(1 << log.SEQ_BITS) - 1} FROM events WHERE place > :after AND place < :before
"""

# Ids grow with the time at which something was stored, which for a copy is long after it was said.
_AT = f"""
SELECT CASE WHEN r.copied >= e.place - (r.id << {log.SEQ_BITS}) THEN max(e.at, r.made) ELSE e.at END
FROM events e JOIN rooms r ON r.id = e.place >> {log.SEQ_BITS} WHERE e.id <= :id ORDER BY e.id DESC LIMIT 1
"""

_COPIED = "SELECT copied FROM rooms WHERE id = :room"

_CLOSED = """
SELECT id FROM rooms
WHERE (kind <> 'open' OR EXISTS (SELECT 1 FROM accounts WHERE id = :reader AND limited = 1))
  AND id NOT IN (SELECT room FROM members WHERE account = :reader)
"""

_ACCOUNT = "SELECT id FROM accounts WHERE key = :key"


class Search:
    """How messages are found; `find` and `part` say how the index is asked."""

    find: str
    part: Callable[[str, tuple[str, ...]], str]
    _readers: Asks

    def search(
        self, query: Query, *, room: int | None, before: int | None, limit: int, reader: int | None = None
    ) -> Found:
        closed = frozenset[int]() if reader is None else self._closed(reader)
        low, reached = self._span(query, room, before)
        hits: list[Record] = []
        left = LOOKED_AT
        for start, records in self._candidates(self._parts(query, room), room, low, reached, limit + 1):
            for one in records:
                if room in (None, one.room) and one.room not in closed and matches(query, one.event):
                    hits.append(one)
                if len(hits) > limit:
                    return Found(hits[:limit], self._at_record(room, hits[limit - 1]))
                left -= ROW + len(getattr(one.event, "text", ""))
                if left <= 0:
                    return Found(hits, self._at_record(room, one))
            reached = start
        return Found(hits, None if reached == low else self._position(room, reached))

    def _closed(self, reader: int) -> frozenset[int]:
        """The rooms that are not there for a reader."""
        return frozenset(room for (room,) in self._readers.ask(_CLOSED, reader=reader))

    def _span(self, query: Query, room: int | None, before: int | None) -> tuple[int, int]:
        """The ids that can be hits, from the first to the one behind the last."""
        top = self._one(_NEWEST)
        high = top + 1
        if before is not None:
            high = min(high, before if room is None else self._behind(room, before - 1, high))
        stored = range(1, top + 1)
        copied = room is not None and self._one(_COPIED, room=room)  # what was said in time may be stored after it
        if query.before is not None and not copied:
            high = min(high, 1 + bisect_left(stored, query.before, key=self._at))
        low = 1 if query.after is None else 1 + bisect_left(stored, query.after, key=self._at)
        return low, max(low, high)

    def _candidates(
        self, parts: list[str], room: int | None, low: int, high: int, wanted: int
    ) -> Iterator[tuple[int, list[Record]]]:
        """Messages that may answer, in stretches downwards, each with the id from which on it is complete.

        It ends above `low` where more would be too much for one search.
        """
        known = self._one(_UPTO) + 1 if parts else low
        bottom = max(low, min(known, high))
        for many in _doubling(wanted, SCANNED):
            if high == bottom:
                break
            stop, high = high, max(bottom, high - many)
            yield high, log.stored(self._readers, room, high, stop)
        if low < high == bottom:
            yield from self._indexed(parts, low, high, wanted)

    def _indexed(self, parts: list[str], low: int, high: int, wanted: int) -> Iterator[tuple[int, list[Record]]]:
        """Those that the index names for the rarest part."""
        rarest = min(parts[:PARTS], key=lambda part: self._reach(part, low, high)) if len(parts) > 1 else parts[0]
        for many in _doubling(wanted, COMPARED):
            if high == low:
                return
            ids = self._with(rarest, low, high, many)
            high = ids[-1] if len(ids) == many else low
            yield high, log.by_id(self._readers, ids)

    def _reach(self, part: str, low: int, high: int) -> int:
        """How far down the newest messages with a part of the query reach: the rarer it is, the farther."""
        ids = self._with(part, low, high, SAMPLE)
        return ids[-1] if len(ids) == SAMPLE else low - SAMPLE + len(ids)

    def _with(self, part: str, low: int, high: int, many: int) -> list[int]:
        return [id for (id,) in self._readers.ask(self.find, part=part, low=low, high=high, many=many)]

    def _parts(self, query: Query, room: int | None) -> list[str]:
        """The query's filters and words as the index takes them; none where nothing in it is for the index."""
        parts = [] if room is None else [self.part("", (room_word(room),))]
        if query.by is not None:
            accounts = self._readers.ask(_ACCOUNT, key=query.by)
            parts.append(self.part("", (guest_word(query.by), *(account_word(id) for (id,) in accounts))))
        if query.link:
            parts.append(self.part("", (LINK,)))
        longest_first = sorted(set(chain(*query.phrases)), key=lambda word: (-len(word), word))
        return parts + [self.part(said_word(word), (LONG,)) for word in longest_first]

    def _behind(self, room: int, seq: int, high: int) -> int:
        """The id behind an event; `high` where a room has none of that seq yet, and 0 behind nothing."""
        if seq < 1:
            return 0
        id = self._id(room, seq)
        return id + 1 if id else high

    def _position(self, room: int | None, id: int) -> int:
        """What a search goes on before: the id, or in one room the seq of its first event from there on."""
        if room is None:
            return id
        head = self._one(_HEAD, after=log.place(room, 0), before=log.end(room))
        return 1 + bisect_left(range(1, head + 1), id, key=lambda seq: self._id(room, seq))

    def _at_record(self, room: int | None, record: Record) -> int:
        """What a search goes on before that has come to a message."""
        seq = record.event.seq
        return seq if room == record.room else self._position(room, self._id(record.room, seq))

    def _id(self, room: int, seq: int) -> int:
        """The id of an event, 0 where there is none."""
        return self._one(_ID, place=log.place(room, seq))

    def _at(self, id: int) -> int:
        return self._one(_AT, id=id)

    def _one(self, sql: str, **values: int) -> int:
        rows = self._readers.ask(sql, **values)
        return rows[0][0] if rows else 0


def _doubling(first: int, most: int) -> Iterator[int]:
    """Sizes that double, until they have come to `most` together."""
    while most > 0:
        yield min(first, most)
        most -= first
        first *= 2
