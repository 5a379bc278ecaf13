"""The rooms in use: loaded when someone enters, dropped when nobody has been there for a while."""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from nexus.core.access import MOST_FORMER
from nexus.core.budget import NOBODY, Sources
from nexus.core.log import Record
from nexus.core.names import Name, room_name
from nexus.core.people import RoomRow
from nexus.core.room import Room
from nexus.core.tail import Tails
from nexus.ports import Store
from nexus.protocol.refusals import Refusal
from nexus.server.later import Later
from nexus.server.reading import Reader
from nexus.server.sessions import ActiveRoom

WARM = 200
"""Events read into the tail of a room that becomes active."""


WARM_BYTES = 262_144
"""About how many bytes of them at most."""


class ActiveRooms:
    """Holds the rooms in use, by name and by id; each is loaded once, however many enter at the same time."""

    def __init__(self, store: Store, reader: Reader, tails: Tails, tail_events: int) -> None:
        self._store = store
        self._reader = reader
        self._tails = tails
        self._tail_events = tail_events
        self._loading: dict[str, Later[None]] = {}
        self._expired: dict[int, int] = {}
        self._idle: set[ActiveRoom] = set()
        self._by_name: dict[str, ActiveRoom] = {}
        self._by_former: dict[str, ActiveRoom] = {}
        self._looks: dict[str, set[str]] = {}
        self.by_id: dict[int, ActiveRoom] = {}
        self.gone: set[int] = set()
        """Rooms that were destroyed since the start: what was read of one before is not shown any more."""
        self.opened: Callable[[ActiveRoom], None] = lambda _room: None
        """Hears of a room that is in use from now on."""

    async def load(self, name: Name, sources: Sources = NOBODY) -> ActiveRoom | None:
        """The room of that name, or None; raises the Refusal `name_taken` for a look-alike."""
        while name.key in self._loading:
            await self._loading[name.key]
        room = self._by_name.get(name.key) or self._by_former.get(name.key)
        if room is None:
            return await self._load(name, sources)
        self._idle.discard(room)  # someone is about to enter
        return room

    async def _load(self, name: Name, sources: Sources) -> ActiveRoom | None:
        loaded: Later[None] = Later()
        self._loading[name.key] = loaded
        try:
            found = await self._reader.read(lambda: self._read(name), sources)
            if found is None:
                return None
            row, records, hidden, removed = found
            if row.id in self.gone:
                return None
            if row.name != name.key and name.key not in row.former:
                raise look_alike(name.key, row.name)
            known = self.by_id.get(row.id)  # loaded meanwhile under another of its names
            if known is not None:
                return known
            row = replace(row, first=max(row.first, self._expired.get(row.id, 0)))
            room = self._add(row, [one for one in records if one.event.seq >= row.first])
            room.hidden, room.removed = hidden, removed
            self.opened(room)
            return room
        finally:
            del self._loading[name.key]
            if not self._loading:
                self._expired.clear()
            loaded.arrive(None)

    def _read(self, name: Name) -> tuple[RoomRow, list[Record], dict[int, int], set[int]] | None:
        row = self._store.room(name.key, name.skeleton)
        if row is None:
            return None
        limit = min(WARM, self._tail_events)
        page = self._store.page(row.id, after=0, before=row.head + 1, limit=limit, newest=True, size=WARM_BYTES)
        hidden = self._store.hidden(row.id) if row.rules.kind == "direct" else {}
        return row, page, hidden, self._store.removed(row.id)

    def _add(self, row: RoomRow, records: list[Record]) -> ActiveRoom:
        room: ActiveRoom = Room(row, self._tail_events)
        if records:
            room.tail.first = records[0].event.seq
            self._tails.extend(room.tail, [record.event for record in records])
        self._by_name[room.name] = self.by_id[room.id] = room
        for key in room.former:
            self._lead(key, room)
        return room

    def rename(self, room: ActiveRoom, name: str) -> None:
        """A room has another name, and is found by the one it had."""
        self.taken(room_name(name))
        before = room.name
        del self._by_name[before]
        for key in room.former[MOST_FORMER - 1 :]:
            self._lead_no_more(key)
        room.former = (before, *room.former[: MOST_FORMER - 1])
        room.name = name
        self._by_name[name] = room
        self._lead(before, room)

    def taken(self, name: Name) -> None:
        """A room has this name now: no other is found by it any more, nor by one that looks like it."""
        for key in list(self._looks.get(name.skeleton, ())):
            room = self._by_former[key]
            room.former = tuple(one for one in room.former if one != key)
            self._lead_no_more(key)

    def _lead(self, key: str, room: ActiveRoom) -> None:
        self._by_former[key] = room
        self._looks.setdefault(room_name(key).skeleton, set()).add(key)

    def _lead_no_more(self, key: str) -> None:
        if self._by_former.pop(key, None) is None:
            return
        looks = room_name(key).skeleton
        self._looks[looks].discard(key)
        if not self._looks[looks]:
            del self._looks[looks]

    def expired(self, id: int, first: int) -> ActiveRoom | None:
        """What a room has before a seq is gone; returns the room where it is in use."""
        if self._loading:  # what is being read may be of before that
            self._expired[id] = max(first, self._expired.get(id, 0))
        room = self.by_id.get(id)
        if room is not None:
            room.first = max(room.first, first)
        return room

    def forget_tails(self) -> None:
        """Names in the events of the tails are out of date: the log has them right."""
        for room in self.by_id.values():
            self._tails.drop(room.tail)

    def drop(self, ids: Iterable[int]) -> None:
        """These rooms are gone from the store; someone about to enter one has to look for it again."""
        for room in [self.by_id[id] for id in ids if id in self.by_id]:
            self._remove(room)

    def take_away(self, room: ActiveRoom) -> None:
        """A room was destroyed."""
        self.gone.add(room.id)
        self.drop([room.id])

    def is_gone(self, room: int) -> bool:
        """Whether a room was destroyed."""
        return room in self.gone

    def _remove(self, room: ActiveRoom) -> None:
        del self._by_name[room.name], self.by_id[room.id]
        for key in room.former:
            self._lead_no_more(key)
        self._tails.drop(room.tail)

    def drop_idle(self) -> None:
        """Drop rooms that were empty at the last call too, and not asked for since."""
        empty = {room for room in self.by_id.values() if not room.sessions}
        for room in empty & self._idle:
            self._remove(room)
        self._idle = empty


def look_alike(asked: str, holder: str) -> Refusal:
    """The refusal of a room's name that looks like another's."""
    return Refusal("name_taken", f"'{asked}' looks like the room '{holder}'; join that one, or choose another name.")
