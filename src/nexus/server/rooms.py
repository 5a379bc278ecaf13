"""The verbs about rooms: enter, leave, look around, make, change."""

from nexus.core.access import may_configure, may_create
from nexus.core.changes import Configure, MakeRoom, NameTaken
from nexus.core.log import Record
from nexus.core.speaker import ROW, Speaker
from nexus.core.texts import TextInvalid, check_topic
from nexus.ports import Clock, Store
from nexus.protocol import commands as c
from nexus.protocol.events import Configured, Typing
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.protocol.types import MemberInfo
from nexus.server.access import Access, joined, may_only_read, room_name, takes_part
from nexus.server.active_rooms import ActiveRooms, look_alike
from nexus.server.entering import Entering
from nexus.server.hub import Hub
from nexus.server.journal import Journal
from nexus.server.membership import Membership
from nexus.server.presence import Presence
from nexus.server.quotas import Quotas
from nexus.server.reading import Reader
from nexus.server.sessions import ActiveRoom, Session
from nexus.server.unread import Unread
from nexus.settings import Settings

MOST_ROOMS = 1000
"""Rooms listed at once."""

MOST_MEMBERS = 1000
"""Members listed at once."""


class Rooms:
    """The verbs about rooms."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        access: Access,
        active: ActiveRooms,
        entering: Entering,
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
        self._store = store
        self._access = access
        self._active = active
        self._entering = entering
        self._journal = journal
        self._hub = hub
        self._reader = reader
        self._membership = membership
        self._presence = presence
        self._unread = unread
        self._quotas = quotas
        self._clock = clock

    async def join(self, session: Session, command: c.Join) -> Done:
        """Enter a room; its events follow the reply."""
        connection, key = session.connection, room_name(command.room).key
        if key not in session.rooms:
            self._entering.check_room_count(len(session.rooms))
        entrance = await self._entering.prepare(session, key, command.after, last=command.last)
        if session.connection is not connection:
            raise Refusal("unauthorised", "The session has ended, or goes on elsewhere without this room.")
        info = self._entering.enter(session, entrance)
        return Done(command.ref, room=info, here=self._presence.here(entrance.room), online=info.online)

    async def leave(self, session: Session, command: c.Leave) -> Done:
        """Leave a room; an account's membership ends with it."""
        room = joined(session, command.room)
        if session.account is not None:
            session.budget.spend_post(self._clock.now())
            await self._membership.end(session, room)
        self._presence.exit(session, room)
        return Done(command.ref)

    async def typing(self, speaker: Speaker, command: c.Typing) -> Done:
        """Show the others that one is writing."""
        if not speaker.may_talk:
            raise may_only_read()
        room = await self._access.writable(speaker, command.room)
        but = speaker if isinstance(speaker, Session) else None
        if but is not None and not but.may_show_typing(room.id, self._clock.now()):
            return Done(command.ref)  # the others were shown a moment ago
        self._hub.pass_on(room, Typing(room=room.name, by=speaker.name), but)
        return Done(command.ref)

    async def rooms(self, speaker: Speaker, command: c.Rooms) -> Done:
        """The rooms there are, the most recently active first."""
        return Done(command.ref, rooms=await self._unread.rooms(speaker, MOST_ROOMS))

    async def who(self, speaker: Speaker, command: c.Who) -> Done:
        """A room's members, and the guests who are in it."""
        room = await self._access.readable(speaker, command.room)
        rows = await self._reader.read(lambda: self._store.members(room.id, MOST_MEMBERS), speaker.sources)
        members = [MemberInfo(row.name, row.role, here=row.name in room.presence) for row in rows]
        guests = sorted({one.name for one in room.sessions if one.account is None})
        members += [MemberInfo(name, "guest", guest=True, here=True) for name in guests[:MOST_MEMBERS]]
        return Done(command.ref, members=members)

    async def create(self, speaker: Speaker, command: c.Create) -> Done:
        """Make a room that is not there yet."""
        name = room_name(command.room)
        if not speaker.may_talk or not may_create(speaker.role, self._settings.rooms.create):
            raise Refusal("forbidden", f"You may not create rooms here, so '{name.key}' was not created.")
        topic = self._topic(command.topic)
        speaker.budget.spend_post(self._clock.now(), ROW + len(topic))
        self._quotas.spend_room(speaker)
        row = await self._journal.change(MakeRoom(name.key, name.skeleton, self._clock.wall(), new=True))
        if isinstance(row, NameTaken) and row.holder == name.key:
            raise Refusal("name_taken", f"There is already a room '{name.key}'; join it, or choose another name.")
        if isinstance(row, NameTaken):
            raise look_alike(name.key, row.holder)
        room = await self._entering.make(name, speaker)
        if topic:
            await self._set_topic(speaker, room, topic)
        return Done(command.ref, room=await self._unread.info(speaker, room))

    async def configure(self, speaker: Speaker, command: c.Configure) -> Done:
        """Change a room's topic."""
        room = await self._access.readable(speaker, command.room)
        if not speaker.may_talk:
            raise may_only_read()
        if not may_configure(speaker.role, here=takes_part(speaker, room)):
            raise Refusal("not_joined", f"You are not in the room '{room.name}'; join it first.")
        if command.topic is not None:
            topic = self._topic(command.topic)
            if topic != room.topic:
                speaker.budget.spend_post(self._clock.now(), ROW + len(topic))
                await self._set_topic(speaker, room, topic)
        return Done(command.ref, room=await self._unread.info(speaker, room))

    async def _set_topic(self, speaker: Speaker, room: ActiveRoom, topic: str) -> None:
        event = Configured(
            room=room.name,
            seq=0,
            at=self._clock.wall(),
            by=speaker.name,
            guest=speaker.account is None,
            topic=topic,
        )
        await self._journal.change(Configure(Record(room.id, speaker.author, event)), speaker.sources[0])

    def _topic(self, text: str) -> str:
        limit = self._settings.limits.topic
        try:
            return check_topic(text, limit)
        except TextInvalid as why:
            raise Refusal("too_large" if len(text) > limit else "bad_request", str(why)) from None
