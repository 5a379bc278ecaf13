"""The active rooms: loaded when someone enters, put away when nobody has been there for a while."""

from nexus.core.entries import Event, MakeRoom, NameTaken
from nexus.core.names import Name
from nexus.core.people import RoomRow
from nexus.core.room import Room
from nexus.core.tail import Tails
from nexus.ports import Clock, Store, Threads
from nexus.protocol.refusals import Refusal
from nexus.server.encoding import payload_of
from nexus.server.journal import Journal
from nexus.server.later import Later
from nexus.settings import Settings

WARM = 200
"""Events read into the tail of a room that becomes active."""

AWAY_EVERY = 60.0
"""Seconds between two looks for rooms that nobody is in."""


class Shelf:
    """Holds the rooms in use, by name and by id; each is loaded once, however many enter at the same time."""

    def __init__(
        self, store: Store, journal: Journal, threads: Threads, clock: Clock, tails: Tails, settings: Settings
    ) -> None:
        self._store = store
        self._journal = journal
        self._threads = threads
        self._clock = clock
        self._tails = tails
        self._most = settings.limits.tail_events
        self._loading: dict[str, Later[None]] = {}
        self._idle: set[Room] = set()
        self.by_name: dict[str, Room] = {}
        self.by_id: dict[int, Room] = {}
        clock.later(AWAY_EVERY, self._put_away)

    async def find(self, name: Name) -> Room | None:
        """The room of that name, or None; raises the Refusal `name_taken` for a look-alike."""
        while name.key in self._loading:
            await self._loading[name.key]
        room = self.by_name.get(name.key)
        if room is None:
            return await self._load(name)
        self._idle.discard(room)  # someone is about to enter
        return room

    async def make(self, name: Name, at: int) -> Room:
        """The room of that name, made where there is none yet."""
        room = await self.find(name)
        if room is None:
            row = await self._journal.change(MakeRoom(name.key, name.skeleton, at))
            if isinstance(row, NameTaken):
                raise look_alike(name.key, row.holder)
            room = await self.find(name)
        if room is None:
            raise Refusal("unavailable", f"The room '{name.key}' was made, but it cannot be read now.")
        return room

    async def _load(self, name: Name) -> Room | None:
        gate: Later[None] = Later()
        self._loading[name.key] = gate
        try:
            loaded: Later[tuple[RoomRow, list[Event]] | None] = Later()
            self._threads.read(lambda: self._read(name), loaded.arrive)
            found = await loaded
            if found is None:
                return None
            row, events = found
            if row.name != name.key:
                raise look_alike(name.key, row.name)
            return self._shelve(row, events)
        finally:
            del self._loading[name.key]
            gate.arrive(None)

    def _read(self, name: Name) -> tuple[RoomRow, list[Event]] | None:
        row = self._store.room(name.key, name.skeleton)
        if row is None:
            return None
        limit = min(WARM, self._most)
        return row, self._store.page(row.id, after=0, before=row.head + 1, limit=limit, newest=True)

    def _shelve(self, row: RoomRow, events: list[Event]) -> Room:
        room = Room(row, self._most)
        if events:
            room.tail.first = events[0].seq
            payloads = [payload_of(event, room.name) for event in events]
            self._tails.extend(room.tail, [event.at for event in events], payloads)
        self.by_name[room.name] = self.by_id[room.id] = room
        return room

    def forget_tails(self) -> None:
        """Names in encoded events are out of date: the log has them right."""
        for room in self.by_id.values():
            self._tails.drop(room.tail)

    def _put_away(self) -> None:
        """Drop rooms that were empty at the last look too, and not asked for since: no post of theirs is on its way."""
        empty = {room for room in self.by_id.values() if not room.sessions}
        if not self._journal.waiting_bytes:
            for room in empty & self._idle:
                del self.by_name[room.name], self.by_id[room.id]
                self._tails.drop(room.tail)
        self._idle = empty
        self._clock.later(AWAY_EVERY, self._put_away)


def look_alike(asked: str, holder: str) -> Refusal:
    """The refusal of a room's name that looks like another's."""
    return Refusal("name_taken", f"'{asked}' looks like the room '{holder}'; join that, or take another name.")
