"""Finding messages by their words: the newest first, and never through more than a bounded part of them at once."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from nexus.core.entries import Event, Found
from nexus.core.searching import Query, matches
from nexus.store.sqlite import log
from nexus.store.sqlite.readers import Readers
from nexus.store.sqlite.words import LINK, account_word, guest_word, room_word

SCANNED = 10_000
"""Events that one search reads where the index does not know them yet, or the query has nothing for it."""

COMPARED = 4000
"""Messages with the rarest of the words asked for that one search compares with the others."""

FIRST = 250
"""How many events are read, or messages compared, first; then twice as many, until there are hits enough."""

_UPTO = "SELECT upto FROM indexed"

_NEWEST = "SELECT coalesce(max(id), 0) FROM events"

_ID = "SELECT id FROM events WHERE place = :place"

_HEAD = f"""
SELECT coalesce(max(place), 0) & {(1 << log.SEQ_BITS) - 1} FROM events WHERE place > :after AND place < :before
"""

_AT = "SELECT at FROM events WHERE id = :id"

_PROBE = """
SELECT rowid FROM words WHERE words MATCH :wanted AND rowid >= :low AND rowid < :high ORDER BY rowid DESC LIMIT :limit
"""

_REACH = """
SELECT count(*), min(rowid) FROM (
  SELECT rowid FROM words WHERE words MATCH :wanted AND rowid >= :low AND rowid < :high ORDER BY rowid DESC LIMIT :many
)
"""

_ACCOUNT = "SELECT id FROM accounts WHERE key = :key"


class Asked(NamedTuple):
    """A query as the index takes it, and its words and filters one by one."""

    whole: str
    parts: tuple[str, ...]


class Search:
    """The search of the `RoomLog` of SQLite."""

    _readers: Readers

    def search(self, query: Query, *, room: int | None, before: int | None, limit: int) -> Found:
        """Messages that answer a query, in one room or in all, the newest first.

        `before` is a seq where a room is given, else the `next` of the search before; and so is the answer's `next`.
        """
        low, high = self._span(query, room, before)
        asked = self._ask_for(query, room)
        hits: list[Event] = []
        for start, stop, indexed in self._stretches(low, high, asked):
            if indexed:
                hits += self._indexed(query, asked.whole, start, stop, limit + 1 - len(hits))
            else:
                hits += [one for one in log.stored(self._readers, room, start, stop) if matches(query, one)]
            if len(hits) > limit:
                last = hits[limit - 1]
                return Found(hits[:limit], last.seq if room is not None else self._id(last.room, last.seq))
            high = start
        return Found(hits, None if high == low else self._position(room, high))

    def _span(self, query: Query, room: int | None, before: int | None) -> tuple[int, int]:
        """The ids that can be hits, from the first to the one behind the last."""
        top = self._one(_NEWEST)
        high = top + 1
        if before is not None:
            high = min(high, before if room is None or not before else self._id(room, before) or high)
        stored = range(1, top + 1)
        if query.before is not None:
            high = min(high, 1 + bisect_left(stored, query.before, key=self._at))
        low = 1 if query.after is None else 1 + bisect_left(stored, query.after, key=self._at)
        return low, max(low, high)

    def _stretches(self, low: int, high: int, asked: Asked) -> Iterator[tuple[int, int, bool]]:
        """What to look through, downwards: from, up to, and whether the index knows it. It ends before `low` where
        that is too much for one search."""
        known = self._one(_UPTO) + 1 if asked.parts else low
        bottom = max(low, min(known, high))
        for many in _doubling(SCANNED):
            if high == bottom:
                break
            stop, high = high, max(bottom, high - many)
            yield high, stop, False
        if high > bottom:
            return
        for many in _doubling(COMPARED):
            if high == low:
                return
            stop, high = high, self._reach(asked, low, high, many)
            yield high, stop, True

    def _reach(self, asked: Asked, low: int, high: int, many: int) -> int:
        """How far down so many messages reach that have the rarest part of what is asked.

        To find where all parts are together costs as much as there are of the rarest; one part alone costs nothing.
        """
        if len(asked.parts) < 2:
            return low
        reach = high
        for part in asked.parts:
            ((count, lowest),) = self._readers.ask(_REACH, wanted=part, low=low, high=high, many=many)
            if count < many:
                return low
            reach = min(reach, lowest)
        return reach

    def _indexed(self, query: Query, wanted: str, low: int, high: int, limit: int) -> list[Event]:
        """Hits that the index knows; what changed since it was asked is not among them."""
        hits: list[Event] = []
        while limit > 0:
            found = self._readers.ask(_PROBE, wanted=wanted, low=low, high=high, limit=limit)
            ids = [id for (id,) in found]
            fitting = [one for one in log.by_id(self._readers, ids) if matches(query, one)]
            hits += fitting
            if len(ids) < limit:
                break
            limit -= len(fitting)
            high = ids[-1]
        return hits

    def _ask_for(self, query: Query, room: int | None) -> Asked:
        """The query as the index takes it; empty where nothing in it is for the index."""
        phrases = [f'said : "{" ".join(phrase)}"' for phrase in query.phrases]
        parts = [f'said : "{word}"' for word in dict.fromkeys(chain(*query.phrases))]
        filters = [] if room is None else [f"about : {room_word(room)}"]
        if query.by is not None:
            either = [guest_word(query.by), *map(account_word, self._accounts(query.by))]
            filters.append(f"about : ({' OR '.join(either)})")
        if query.link:
            filters.append(f"about : {LINK}")
        return Asked(" AND ".join(phrases + filters), tuple(parts + filters))

    def _accounts(self, key: str) -> list[int]:
        return [id for (id,) in self._readers.ask(_ACCOUNT, key=key)]

    def _position(self, room: int | None, id: int) -> int:
        """What a search goes on before: the id, or in one room the seq of its first event from there on."""
        if room is None:
            return id
        head = self._one(_HEAD, after=log.place(room, 0), before=log.end(room))
        return 1 + bisect_left(range(1, head + 1), id, key=lambda seq: self._id(room, seq))

    def _id(self, room: int, seq: int) -> int:
        """The id of an event, 0 where there is none."""
        return self._one(_ID, place=log.place(room, seq))

    def _at(self, id: int) -> int:
        return self._one(_AT, id=id)

    def _one(self, sql: str, **values: int) -> int:
        rows = self._readers.ask(sql, **values)
        return rows[0][0] if rows else 0


def _doubling(most: int) -> Iterator[int]:
    """Sizes that double, until they have come to `most` together."""
    size = FIRST
    while most > 0:
        yield min(size, most)
        most -= size
        size *= 2
