"""A private room made out of a direct one: copied in steps, then there for all of its people at once."""

import secrets

from nexus.core.changes import Denied
from nexus.core.copying import BeginCopy, CopyRow, CopyStep, FinishCopy
from nexus.core.room_id import room_id
from nexus.core.speaker import ROW, Speaker
from nexus.ports import Clock, Store, Unavailable
from nexus.protocol import commands as c
from nexus.protocol.events import Joined
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.server.access import Access, room_name
from nexus.server.active_rooms import ActiveRooms
from nexus.server.journal import Journal
from nexus.server.placing import Placing
from nexus.server.quotas import Quotas
from nexus.server.reading import Reader
from nexus.server.rooms import read_title
from nexus.server.sessions import ActiveRoom, Session
from nexus.server.unread import Unread

STEP = 250
"""Events that one change copies."""

MOST_COPIED = 200_000
"""Events of a room that is copied."""


class Gathering:
    """The verb `create` with `from`; one room is copied at a time."""

    def __init__(
        self,
        store: Store,
        access: Access,
        active: ActiveRooms,
        journal: Journal,
        reader: Reader,
        placing: Placing,
        unread: Unread,
        quotas: Quotas,
        clock: Clock,
    ) -> None:
        self._store = store
        self._access = access
        self._active = active
        self._journal = journal
        self._reader = reader
        self._placing = placing
        self._unread = unread
        self._quotas = quotas
        self._clock = clock
        self._busy = False

    async def create(self, speaker: Speaker, command: c.Create) -> Done:
        """Make a private room with the people of a direct one, and what was said there where that is wanted."""
        source = await self._access.readable(speaker, command.from_ or "")
        account = self._check(speaker, command, source)
        if self._busy:
            raise Refusal("unavailable", "Another private room is being made from it right now; try again.", 1.0)
        size = ROW * (source.head if command.history else 1)
        speaker.budget.spend_post(self._clock.now(), size)
        self._quotas.spend_room(speaker)
        title, id = read_title(command.title or ""), room_id(secrets.token_bytes(12))
        change = BeginCopy(source.id, account, id, title, self._clock.wall(), command.history)
        self._busy = True
        try:
            row = await self._journal.change(change, speaker.sources[0])
            if isinstance(row, Denied):
                raise Refusal(row.code, row.message)
            asking = speaker if isinstance(speaker, Session) else None
            room = await self._finish(CopyRow(row.id, source.id, account), asking)
        finally:
            self._busy = False
        return Done(command.ref, room=await self._unread.info(speaker, room))

    def _check(self, speaker: Speaker, command: c.Create, source: ActiveRoom) -> int:
        """The account that makes it; raises the Refusal of someone who may not, and of rooms that cannot be copied."""
        if command.kind != "private" or source.rules.kind != "direct" or speaker.account is None:
            raise Refusal("bad_request", "Only a direct room can be made into a private one.")
        self._access.check("create", speaker)
        if command.history and source.head > MOST_COPIED:
            why = f"More than {MOST_COPIED:,} things were said there, too many to copy; make it without them."
            raise Refusal("too_large", why)
        return speaker.account

    async def _finish(self, copy: CopyRow, asking: Session | None = None) -> ActiveRoom:
        """Copy what is left, and let the people in; they hear of it on all their devices."""
        while await self._journal.change(CopyStep(copy.room, STEP)):
            pass
        while (placed := await self._journal.change(FinishCopy(copy.room, STEP, self._clock.wall()))) is None:
            pass
        if isinstance(placed, Denied):
            raise Refusal(placed.code, placed.message)
        row = await self._reader.read(lambda: self._store.room_by_id(copy.room))
        room = None if row is None else await self._active.load(room_name(row.name))
        if room is None:
            raise Refusal("unavailable", "The room was made, but it cannot be read right now.", 1.0)
        for record in placed.records:
            event = record.event
            assert isinstance(event, Joined)
            place = "owner" if record.author == copy.maker else "member"
            self._placing.added(room, record.author, place, event.added or event.by, asking)
        return room

    async def go_on(self) -> None:
        """Finish what a crash or a full disk interrupted."""
        if self._busy:
            return
        self._busy = True
        try:
            for copy in await self._reader.read(self._store.copies):
                await self._finish(copy)
        except (Unavailable, Refusal):
            return  # another look will do
        finally:
            self._busy = False
