"""The verb that pages through a room's log."""

from functools import partial

from nexus.core.budget import Sources
from nexus.core.speaker import Speaker
from nexus.core.tail import fitting
from nexus.protocol import commands as c
from nexus.protocol.codec import encode
from nexus.protocol.events import RoomEvent
from nexus.protocol.replies import Done, Page
from nexus.server.access import Access
from nexus.server.hub import END
from nexus.server.reading import Reader
from nexus.server.sessions import ActiveRoom


class History:
    """Reads stretches of a log, bounded in events and in bytes."""

    def __init__(self, access: Access, reader: Reader, page_bytes: int) -> None:
        self._access = access
        self._reader = reader
        self._page_bytes = page_bytes

    async def history(self, speaker: Speaker, command: c.History) -> Done:
        """A page of a room's log: before, after or around a seq, else the newest."""
        room = await self._access.readable(speaker, command.room, command.around or 0)
        stretch = partial(self._stretch, room, speaker.sources)
        limit, size = command.limit, self._page_bytes
        # What is stored and not delivered yet may come after something that takes the room away from them.
        before = min(END if command.before is None else command.before, room.head + 1)
        if command.around is not None:
            at, half = command.around, limit // 2
            older, more = await stretch(before=at, limit=half, size=size // 2) if half else ([], at > room.first)
            newer, _ = await stretch(after=at - 1, before=before, limit=limit - len(older), size=size // 2)
            events = older + newer
        else:
            events, more = await stretch(after=command.after, before=before, limit=limit, size=size)
        self._access.still_readable(speaker, room)
        there = [event for event in events if event.seq >= room.first]
        return Page(command.ref, events=there, more=more, first=room.first)

    async def _stretch(
        self, room: ActiveRoom, sources: Sources, *, after: int | None = None, before: int = END, limit: int, size: int
    ) -> tuple[list[RoomEvent], bool]:
        """The oldest events after a seq, else the newest before one; true where more lie beyond."""
        newest = after is None
        records = await self._reader.page(
            room.id, after=after or 0, before=before, limit=limit, newest=newest, size=size, sources=sources
        )
        if not records:
            return [], False
        step = -1 if newest else 1
        nearest = [record.event for record in records][::step]
        events = nearest[: fitting(map(size_of, nearest), size)][::step]
        first, last = records[0].event.seq, records[-1].event.seq
        beyond = first > room.first if newest else last < min(room.head, before - 1)
        return events, beyond or len(events) < len(records)


def size_of(event: RoomEvent) -> int:
    """Bytes of an event in a page."""
    return len(encode(event))
