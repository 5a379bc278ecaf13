"""How a session gets into a room: what takes time first, then one step that nothing can come between."""

from typing import NamedTuple

from nexus.core.access import may_create, may_find
from nexus.core.changes import Denied, MakeRoom, NameTaken
from nexus.core.destroying import HELD
from nexus.core.names import Name
from nexus.core.room_id import is_room_id
from nexus.core.speaker import Speaker
from nexus.ports import Clock
from nexus.protocol.events import Posted
from nexus.protocol.refusals import Refusal
from nexus.protocol.types import Position, RoomInfo
from nexus.server.access import entered, look_for, no_room, room_name, standing
from nexus.server.active_rooms import ActiveRooms, look_alike
from nexus.server.hub import END, PAGE_BYTES, Hub
from nexus.server.journal import Journal
from nexus.server.membership import Membership
from nexus.server.presence import Presence
from nexus.server.quotas import Quotas
from nexus.server.reading import Reader
from nexus.server.sessions import ActiveRoom, Session
from nexus.server.unread import Unread
from nexus.settings import Settings

LOOK_BACK = 200
"""Events among which a newcomer's last messages are looked for."""


class Entrance(NamedTuple):
    """Where someone is about to be: in which room, after which event, and what they are sent of it."""

    room: ActiveRoom
    after: int
    reset: bool
    info: RoomInfo


class Entering:
    """Prepares an entrance, and enters."""

    def __init__(
        self,
        settings: Settings,
        rooms: ActiveRooms,
        journal: Journal,
        hub: Hub,
        reader: Reader,
        membership: Membership,
        presence: Presence,
        unread: Unread,
        quotas: Quotas,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._rooms = rooms
        self._journal = journal
        self._hub = hub
        self._reader = reader
        self._membership = membership
        self._presence = presence
        self._unread = unread
        self._quotas = quotas
        self._clock = clock

    async def prepare(
        self, session: Session, key: str, after: Position | None, *, last: int | None = None, reset: bool = False
    ) -> Entrance:
        """Everything about entering a room that takes time; the session is not in it yet."""
        connection = session.connection
        room = entered(session, key) or await self._open(session, key)
        if not may_find(standing(session, room), room.rules):
            raise no_room(key)
        if session.author in room.removed:
            raise _taken_out(room)
        if session.account is not None and room.id not in session.member_of:
            session.budget.spend_post(self._clock.now())
            await self._membership.begin(room, session.account, session.name, connection)
        return await self._entrance(session, room, after, last, reset=reset)

    async def resume(self, session: Session, name: str, after: Position | None, *, reset: bool) -> Entrance:
        """The same for going on in a room that one is still in: it makes neither a room nor a membership."""
        room = session.rooms.get(name) or await self._existing(session, room_name(name))
        was_in = room.id in session.member_of or (
            session.account is None and (reset or session.returning or room.name in session.rooms)
        )
        if not was_in:
            raise Refusal("not_joined", f"You are not in the room '{room.name}' any more; join it to go on there.")
        if session.author in room.removed:
            raise _taken_out(room)
        return await self._entrance(session, room, after, None, reset=reset)

    async def _entrance(
        self, session: Session, room: ActiveRoom, after: Position | None, last: int | None, *, reset: bool
    ) -> Entrance:
        if after is not None and not reset:
            reset = not await self._knows(session, room, after)
        if after is None or reset:
            seq = await self._newest(session, room, self._settings.history.on_join if last is None else last)
        else:
            seq = after.seq
        return Entrance(room, seq, reset, await self._unread.info(session, room))

    def enter(self, session: Session, entrance: Entrance) -> RoomInfo:
        """Put a session into a room, in the one step that ends with the reply: nothing of it comes before."""
        room, info = entrance.room, entrance.info
        if self._rooms.by_id.get(room.id) is not room:
            raise Refusal("unavailable", f"Opening '{room.name}' took too long; try again.", 1.0)
        if session.account is not None and room.id not in session.member_of:
            raise Refusal("unavailable", f"You just left '{room.name}' on another device; join it again.", 0.0)
        if not may_find(standing(session, room), room.rules):
            raise no_room(room.name)
        if session.author in room.removed:
            raise _taken_out(room)
        if session not in room.sessions:
            self.check_room_count(session, len(session.rooms))
            self._presence.enter(session, room)
        self._hub.listen(session, room, entrance.after, counted=info.head, reset=entrance.reset)
        self._unread.reconcile(session, room.id, info)
        if info.name != room.name:  # renamed since it was read
            info.name, info.former = room.name, list(room.former)
        info.online = len(room.presence)
        if room.first > 1:
            info.first = room.first  # some may have expired since it was read
        room.presence.show()
        return info

    def check_room_count(self, session: Session, count: int) -> None:
        """Refuse someone who is in as many rooms as allowed."""
        most = self.most_rooms(session)
        if count >= most:
            raise Refusal("too_many", f"You are in {most} rooms, which is the limit; leave one first.")

    def most_rooms(self, session: Session) -> int:
        """How many rooms one may be in at once."""
        limits = self._settings.limits
        return limits.rooms if session.account is None else limits.account_rooms

    async def make(self, name: Name, speaker: Speaker) -> ActiveRoom:
        """The room of that name, made where there is none yet."""
        room = await self._rooms.load(name, speaker.sources)
        if room is None:
            self._quotas.spend_room(speaker)
            maker = speaker.account or 0
            row = await self._journal.change(MakeRoom(name.key, name.skeleton, self._clock.wall(), maker=maker))
            if isinstance(row, NameTaken):
                raise look_alike(name.key, row.holder)
            if row == HELD:
                raise no_room(name.key)
            if isinstance(row, Denied):
                raise Refusal(row.code, row.message)
            if row.name == name.key:
                self._rooms.taken(name)
            room = await self._rooms.load(name, speaker.sources)
        if room is None:
            raise Refusal("unavailable", f"The room '{name.key}' was created, but it cannot be read right now.")
        return room

    async def _open(self, session: Session, key: str) -> ActiveRoom:
        name = room_name(key)
        if is_room_id(name.key):
            return await self._existing(session, name)
        rooms = self._settings.rooms
        first = name.key == room_name(rooms.first).key  # which is where everyone begins at any time
        makes = session.may_talk and may_create(session.standing(), rooms.create)
        if makes or (first and not session.limited):
            return await self.make(name, session)
        room = await look_for(self._rooms, session, name)
        if room is None or not may_find(standing(session, room), room.rules):
            raise Refusal("not_found", f"There is no room '{name.key}', and you may not create one here.")
        return room

    async def _existing(self, session: Session, name: Name) -> ActiveRoom:
        room = await look_for(self._rooms, session, name)
        if room is None or not may_find(standing(session, room), room.rules):
            raise no_room(name.key)
        return room

    async def _knows(self, session: Session, room: ActiveRoom, after: Position) -> bool:
        """Whether an event that a client remembers is in this history, and not in one that was replaced."""
        if after.seq == 0:
            return True
        if after.seq > room.delivered:
            await self._hub.reach(room, after.seq, session.sources)
        if after.seq > room.head:
            return False
        if after.at == 0 or after.seq < room.first:
            return True  # the client does not say, or nothing is left to compare it with: its seq has to do
        at = room.tail.at(after.seq)
        if at is None:
            span = {"after": after.seq - 1, "before": after.seq + 1}
            page = await self._reader.page(room.id, **span, limit=1, newest=False, sources=session.sources)
            at = page[0].event.at if page else None
        return at == after.at

    async def _newest(self, session: Session, room: ActiveRoom, messages: int) -> int:
        """The seq after which a newcomer is served, so that it gets the last few messages."""
        if messages == 0:
            return room.delivered
        if not room.tail.reaches(room.first - 1) and len(room.tail.events) < LOOK_BACK and room.head:
            page = await self._reader.page(
                room.id,
                after=0,
                before=END,
                limit=LOOK_BACK,
                newest=True,
                size=PAGE_BYTES,
                sources=session.sources,
            )
            events = [record.event for record in page]
            first = events[0].seq if events else room.head + 1
        else:
            events = room.tail.events[-LOOK_BACK:]
            first = room.tail.last + 1 - len(events)
        start = len(events)
        while start and messages:
            start -= 1
            messages -= isinstance(events[start], Posted)
        return min(first + start - 1, room.delivered)


def _taken_out(room: ActiveRoom) -> Refusal:
    return Refusal("forbidden", f"You were taken out of '{room.name}' and cannot come back in.")
