"""What is older than a room keeps messages goes: looked for again and again, in steps that hold nobody up."""

from collections.abc import Callable
from functools import partial

import structlog

from nexus.core.expiring import Expire
from nexus.core.lines import DAY_MS
from nexus.ports import Clock, Store, Unavailable
from nexus.protocol.events import Expired
from nexus.protocol.refusals import Refusal
from nexus.server.active_rooms import ActiveRooms
from nexus.server.journal import Journal
from nexus.server.later import Later, start
from nexus.server.reading import Reader
from nexus.server.send import send
from nexus.server.unread import Unread

EVERY = 600.0
"""Seconds between two looks through the rooms."""

STEP = 1000
"""Rooms that are looked at in one step."""

AGAIN = 1.0
"""Seconds until it is looked at what a step that failed has stored."""

REST = 0.01
"""Seconds between two steps in a room, so that others store theirs."""

LEAP = 1000 * DAY_MS
"""Milliseconds between two looks after which the clock is thought to be wrong, as with a dead battery."""

RIGHT_AFTER = 3600.0
"""Seconds after which such a clock is right all the same: what is deleted by a wrong one is lost."""

log = structlog.get_logger()


class Expiring:
    """Lets old messages go, one room after the other; what a crash interrupted goes on with the next look."""

    def __init__(
        self,
        keep: int,
        store: Store,
        journal: Journal,
        reader: Reader,
        active: ActiveRooms,
        unread: Unread,
        gone: Callable[[int, int], None],
        clock: Clock,
    ) -> None:
        """`keep` is the days for which rooms keep messages that do not say so themselves, 0 for ever.

        `gone` hears of a room and its first event where that was stored and nobody heard.
        """
        self._keep = keep
        self._store = store
        self._journal = journal
        self._reader = reader
        self._active = active
        self._unread = unread
        self._gone = gone
        self._clock = clock
        self._under_way: set[int] = set()
        self._wall: int | None = None
        self._leapt: float | None = None
        self.leads: Callable[[], bool] = lambda: True
        """Whether this node does what one does for all."""

    def begin(self) -> None:
        """Look now, and again and again."""

        async def look() -> None:
            if self.leads():
                await self._look()
            self._clock.later(EVERY, lambda: start(look()))

        start(look())

    async def _look(self) -> None:
        """Go through all rooms; should the store be unavailable, the next look will do."""
        after: int | None = 0
        try:
            if self._wall is None:
                newest = await self._reader.read(lambda: self._store.rooms(1))
                self._wall = (newest[0].at or None) if newest else None
            while after is not None:
                ask = partial(self._store.expiring, self._keep, self._believed(), after=after, limit=STEP)
                ids, after = await self._reader.read(ask)
                for id in ids:
                    await self.expire(id)
        except (Unavailable, Refusal):
            return

    async def expire(self, room: int) -> None:
        """Let go what is too old in a room, step by step, and tell those who are there."""
        if room in self._under_way:
            return
        self._under_way.add(room)
        first = 0
        try:
            while (gone := await self._journal.change(Expire(room, self._believed(), self._keep))) is not None:
                first = gone.first
                if not gone.more:
                    break
                await self._rest()
        except (Unavailable, Refusal):  # the next look goes on; but this step may be stored all the same
            self._clock.later(AGAIN, lambda: start(self._learn(room)))
        finally:
            self._under_way.discard(room)
            if first:
                self._tell(room, first)

    def _believed(self) -> int:
        """The clock, but where it leapt ahead by years the time before that, for an hour."""
        wall, now = self._clock.wall(), self._clock.now()
        if self._wall is not None and wall - self._wall > LEAP:
            if self._leapt is None:
                self._leapt = now
                days = (wall - self._wall) // DAY_MS
                log.warning("the clock leapt ahead; messages expire by it in an hour, if it stays so", days=days)
            if now - self._leapt < RIGHT_AFTER:
                return self._wall
        self._wall, self._leapt = wall, None
        return wall

    async def _learn(self, room: int) -> None:
        """Where a room begins is read, since it was not heard."""
        try:
            row = await self._reader.read(lambda: self._store.room_by_id(room))
        except (Unavailable, Refusal):
            self._clock.later(AGAIN, lambda: start(self._learn(room)))
            return
        if row is not None and row.first > 1:
            self._gone(room, row.first)
            self._tell(room, row.first)

    def heard(self, room: int, first: int) -> None:
        """Another node let go what is too old in a room."""
        self._gone(room, first)
        self._tell(room, first)

    def _rest(self) -> Later[None]:
        rested: Later[None] = Later()
        self._clock.later(REST, lambda: rested.arrive(None))
        return rested

    def _tell(self, id: int, first: int) -> None:
        room = self._active.by_id.get(id)
        if room is not None:
            send(room.sessions, Expired(room=room.name, first=first))
        self._unread.expired(id, first)
