"""Rooms that somebody made and nobody used: they are gone after a day."""

from collections.abc import Callable
from functools import partial

from nexus.core.changes import DropRooms
from nexus.ports import Store, Unavailable
from nexus.protocol.refusals import Refusal
from nexus.server.active_rooms import ActiveRooms
from nexus.server.journal import Journal
from nexus.server.reading import Reader

AFTER = 86_400_000
"""Milliseconds after which a room that has nothing and nobody is gone."""

STEP = 1000
"""Rooms that are looked at in one step."""


class Unused:
    """Looks through the rooms, some at each look, for those without an event, a member, a topic or anyone in them."""

    def __init__(self, store: Store, reader: Reader, journal: Journal, active: ActiveRooms) -> None:
        self._store = store
        self._reader = reader
        self._journal = journal
        self._active = active
        self._after = 0
        self.someone_is_in: Callable[[int], bool] = lambda _room: False
        """Whether anyone on another node is in a room."""

    async def look(self, now: int) -> None:
        """Drop those of the next rooms that are unused; should the store be unavailable, another look will do."""
        before = now - AFTER
        try:
            found, after = await self._reader.read(
                partial(self._store.unused_rooms, before=before, after=self._after, limit=STEP)
            )
            self._after = after or 0
            ids = tuple(id for id in found if id not in self._active.by_id and not self.someone_is_in(id))
            if ids:
                gone = await self._journal.change(DropRooms(ids, before))
                self._active.drop(gone)
        except (Unavailable, Refusal):
            return
