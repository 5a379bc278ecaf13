"""How the store in memory lets go of events that are too old."""

from msgspec.structs import replace

from nexus.core.expiring import Expire, Gone, oldest_kept
from nexus.core.lines import without_text
from nexus.core.log import Record
from nexus.protocol.events import Posted
from nexus.store.purging import TABLES, Purging

MOST = 100
"""Events that go in one step."""


class Expiring(Purging):
    """What has expired stays as a record that says nothing, so that its nonce is known for ever."""

    def _unmention(self, place: tuple[int, int]) -> None:
        raise NotImplementedError

    def _expire(self, change: Expire) -> Gone | None:
        row = self._d.rooms.get(change.room)
        before = None if row is None else oldest_kept(row.rules.keep, change.keep, change.at)
        if row is None or before is None:
            return None
        first = row.first
        while self._is_there(row.id, first, before) and first < row.first + MOST:
            self._forget((row.id, first))
            first += 1
        if first == row.first:
            return None
        self._put(self._d.rooms, row.id, replace(row, first=first))
        return Gone(row.id, first, self._is_there(row.id, first, before))

    def _is_there(self, room: int, seq: int, before: int) -> bool:
        """Whether there is an event of that seq, and it is of before a time."""
        record = self._d.records.get((room, seq))
        return record is not None and record.event.at < before

    def _forget(self, place: tuple[int, int]) -> None:
        record = self._d.records[place]
        edit = self._d.edits.get(place)
        if edit is not None:
            self._blank((place[0], edit))
        self._unmention(place)
        for name in ("edits", *TABLES):
            self._drop(getattr(self._d, name), place)
        self._drop(self._d.purged, place)
        if isinstance(record.event, Posted):
            bare = Posted(room=record.event.room, seq=place[1], at=record.event.at, by="", text="", deleted=True)
            bare.reply_to = record.event.reply_to
            self._put(self._d.records, place, Record(record.room, record.author, bare, record.nonce))
        else:
            self._blank(place)

    def _blank(self, place: tuple[int, int]) -> None:
        record = self._d.records[place]
        self._put(self._d.records, place, replace(record, event=without_text(record.event)))
