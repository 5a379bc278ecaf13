"""Hiding what somebody said, in steps, and taking that back; what a crash interrupted goes on with the next start."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from functools import partial

from nexus.core.log import Record
from nexus.core.purging import DOING, DONE, UNDONE, FinishPurge, ForgetPurged, PurgeRow, PurgeStep, RestoreStep
from nexus.ports import Clock, Store, Unavailable
from nexus.protocol.events import Purged, Restored
from nexus.protocol.refusals import Refusal
from nexus.server.journal import Journal
from nexus.server.reading import Reader
from nexus.settings import Settings

STEP = 5000
"""Events that are looked through at once for what somebody said."""

AT_ONCE = 100
"""Messages that one change hides or restores."""

HOUR = 3_600_000
"""Milliseconds."""

FORGOTTEN = 500
"""Messages of which one change forgets what would take them back."""

Places = Iterable[tuple[int, int]]


class Purges:
    """Carries out purges that were begun, and those that are taken back."""

    def __init__(self, settings: Settings, store: Store, journal: Journal, reader: Reader, clock: Clock) -> None:
        self._undo_hours = settings.moderation.undo_hours
        self._store = store
        self._journal = journal
        self._reader = reader
        self._clock = clock

    async def go_on(self) -> None:
        """Finish what is under way."""
        with suppress(Unavailable, Refusal):  # the next start goes on
            for row in await self._reader.read(self._store.purges):
                if row.state == DOING:
                    await self.hide(row)
                else:
                    await self._show(row)

    async def take_back(self, act: int) -> None:
        """Let stand again what an act has hidden, which is being undone."""
        with suppress(Unavailable, Refusal):  # likewise
            for row in await self._reader.read(self._store.purges):
                if row.act == act:
                    await self._show(row)

    async def forget(self) -> None:
        """What cannot be taken back any more is gone for good."""
        if not self._undo_hours:
            return
        before = self._clock.wall() - int(self._undo_hours * HOUR)
        try:
            while await self._journal.change(ForgetPurged(before, FORGOTTEN)) == FORGOTTEN:
                pass
        except Unavailable:
            return  # another look will do

    async def hide(self, row: PurgeRow) -> int:
        """Step by step; returns how many messages that were."""
        hidden, before = 0, None
        while True:
            look = partial(
                self._store.said_since, row.author, row.since, before=before, limit=STEP, address=row.address
            )
            found, before = await self._reader.read(look)
            for room, seqs in _by_room(found).items():
                if row.room in (0, room):
                    hidden += await self._hide_in(row, room, seqs)
            if before is None:
                await self._journal.change(FinishPurge(row.act, DONE))
                return hidden

    async def _hide_in(self, row: PurgeRow, room: int, seqs: list[int]) -> int:
        if not row.room and not await self._may_in(row.by, room):
            return 0
        name = await self._name_of(room)
        hidden = 0
        for first in range(0, len(seqs), AT_ONCE):
            event = Purged(room=name, seq=0, at=self._clock.wall(), by=row.doer, name=row.name, act=row.act)
            some = tuple(seqs[first : first + AT_ONCE])
            step = PurgeStep(Record(room, row.by, event), row.act, row.author, some, row.address)
            done = await self._journal.change(step)
            if done is not None and isinstance(done.event, Purged):
                hidden += len(done.event.targets)
        return hidden

    async def _may_in(self, account: int, room: int) -> bool:
        """Whether a moderator may do so in a room: where it is open, or they are in it."""
        row = await self._reader.read(lambda: self._store.room_by_id(room))
        if row is None or row.rules.kind == "open":
            return row is not None
        return bool(await self._reader.read(lambda: self._store.place(room, account)))

    async def _show(self, row: PurgeRow) -> None:
        while found := await self._reader.read(lambda: self._store.purged(row.act, AT_ONCE)):
            for room, seqs in _by_room(found).items():
                name = await self._name_of(room)
                event = Restored(room=name, seq=0, at=self._clock.wall(), by=row.doer, name=row.name, act=row.act)
                await self._journal.change(RestoreStep(Record(room, row.by, event), row.act, tuple(seqs)))
        await self._journal.change(FinishPurge(row.act, UNDONE))

    async def _name_of(self, room: int) -> str:
        row = await self._reader.read(lambda: self._store.room_by_id(room))
        return "" if row is None else row.name


def _by_room(places: Places) -> dict[int, list[int]]:
    """The seqs of each room, in order."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for room, seq in sorted(places):
        found[room].append(seq)
    return found
