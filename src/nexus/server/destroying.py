"""Taking a room away from everyone, bringing it back, and erasing what is kept of it once that is not possible."""

import secrets

from nexus.core.changes import Denied
from nexus.core.destroying import Destroy, EraseDestroyed, Revive
from nexus.core.log import Record
from nexus.core.moderating import LOTS
from nexus.core.names import Name
from nexus.core.people import Act
from nexus.core.speaker import ROW, Speaker
from nexus.ports import Clock, Store, Unavailable
from nexus.protocol import commands as c
from nexus.protocol.events import Destroyed, Revived
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.server.access import Access, no_room, room_name
from nexus.server.active_rooms import ActiveRooms
from nexus.server.journal import Journal
from nexus.server.notable import Notable
from nexus.server.placing import Placing, title_of
from nexus.server.reading import Reader
from nexus.server.sanctions import HOUR, reason_of
from nexus.server.sessions import ActiveRoom
from nexus.settings import Settings

STEP = 200
"""Rows that one change erases, at most."""

OPERATOR = "server"
"""What people see as the operator's name; nobody else can have it."""

COUNTED = 10_000
"""Messages and members that are counted for someone about to delete a room."""


class Destroying:
    """The verb `destroy`, and what takes it back; the right is looked at again in the transaction."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        access: Access,
        active: ActiveRooms,
        journal: Journal,
        reader: Reader,
        placing: Placing,
        notable: Notable,
        clock: Clock,
    ) -> None:
        self._undo_hours = settings.moderation.undo_hours
        self._first = room_name(settings.rooms.first).key
        self._store = store
        self._access = access
        self._active = active
        self._journal = journal
        self._reader = reader
        self._placing = placing
        self._notable = notable
        self._clock = clock

    async def destroy(self, speaker: Speaker, command: c.Destroy) -> Done:
        """Delete a room, or say first what that takes away."""
        room = await self._access.readable(speaker, command.room)
        self._check(speaker, room)
        reason = reason_of(command.reason)
        if not command.confirm:
            raise Refusal("bad_request", await self._what_goes(speaker, room))
        speaker.budget.spend_post(self._clock.now(), ROW + len(reason))
        return Done(command.ref, act=await self._destroy(room, speaker.author, speaker.name, reason))

    async def destroy_for_operator(self, name: Name, reason: str) -> int:
        """Delete a room for the operator; returns the number of the act."""
        room = await self._active.load(name)
        if room is None:
            raise no_room(name.key)
        self._check_name(room.name)
        return await self._destroy(room, 0, OPERATOR, reason_of(reason), operator=True)

    async def _destroy(self, room: ActiveRoom, by: int, name: str, reason: str, *, operator: bool = False) -> int:
        event, lot = Destroyed(room=room.name, seq=0, at=self._clock.wall(), by=name), secrets.randbelow(LOTS)
        done = await self._journal.change(Destroy(Record(room.id, by, event), room.name, reason, lot, operator))
        if isinstance(done, Denied):
            raise Refusal(done.code, done.message)
        self._placing.destroyed(room, event)  # also where nobody was in it
        if room.rules.kind == "open":
            self._notable.tell("a room was deleted", act=done.act, by=by, room=room.name)
        return done.act

    def _check(self, speaker: Speaker, room: ActiveRoom) -> None:
        """Raise the Refusal of someone who may not delete a room, and of a room that cannot be deleted."""
        self._access.check("destroy", speaker, room)
        self._check_name(room.name)

    def _check_name(self, name: str) -> None:
        if name == self._first:
            why = f"Everybody begins in '{name}' (rooms.first), so it cannot be deleted; archive it instead."
            raise Refusal("forbidden", why)

    async def _what_goes(self, speaker: Speaker, room: ActiveRoom) -> str:
        store, head = self._store, room.head

        def ask() -> tuple[int, int]:
            messages = store.counts(room.id, 0, after=0, upto=head, most=COUNTED).unread
            return messages, len(store.members(room.id, COUNTED))

        messages, members = await self._reader.read(ask, speaker.sources)
        self._access.still_readable(speaker, room)
        goes = f"{_number(messages, 'message')} and {_number(members, 'member')}"
        return f"{goes} go with '{title_of(room)}'; confirm that you want to delete it."

    async def bring_back(self, speaker: Speaker, act: Act) -> int:
        """Undo an act; anyone who belongs to the room learns that it is back. Returns the number of the undoing."""
        return await self._revive(act.room, act.place, act.id, speaker.author, speaker.name)

    async def bring_back_for_operator(self, name: Name) -> int:
        """The same for the operator, who knows the room by its name."""
        for one in await self._reader.read(self._store.destroyed):
            if one.name == name.key:
                return await self._revive(one.room, one.name, one.act, 0, OPERATOR, operator=True)
        if await self._reader.read(lambda: self._store.room(name.key, name.skeleton) is None):
            raise no_room(name.key)
        raise Refusal("bad_request", f"The room '{name.key}' is not deleted.")

    async def _revive(self, room: int, place: str, act: int, by: int, name: str, *, operator: bool = False) -> int:
        event = Revived(room=place, seq=0, at=self._clock.wall(), by=name)
        within, lot = int(self._undo_hours * HOUR), secrets.randbelow(LOTS)
        done = await self._journal.change(Revive(Record(room, by, event), act, place, within, lot, operator))
        if isinstance(done, Denied):
            raise Refusal(done.code, done.message)
        return done.act

    async def forget(self) -> None:
        """What cannot come back any more is erased, in steps that nobody waits for."""
        if not self._undo_hours:
            return
        before = self._clock.wall() - int(self._undo_hours * HOUR)
        try:
            while await self._journal.change(EraseDestroyed(before, STEP)):
                pass
        except Unavailable:
            return  # another look will do


def _number(count: int, what: str) -> str:
    if count >= COUNTED:
        return f"more than {COUNTED - 1:,} {what}s"
    return f"{count:,} {what}{'' if count == 1 else 's'}"
