"""What one does in rooms: enter, leave, read, look around, set a topic."""

from collections.abc import Set
from typing import NamedTuple

import msgspec

from nexus.core.access import may_configure, may_create
from nexus.core.entries import (
    AddMember,
    Draft,
    EndMember,
    Event,
    Kind,
    MakeRoom,
    NameTaken,
    SetTopic,
)
from nexus.core.room import Room
from nexus.core.session import Session
from nexus.core.tail import cut
from nexus.core.texts import TextInvalid, check_topic
from nexus.ports import Listener
from nexus.protocol import commands as c
from nexus.protocol.events import Member, Presence, Typing
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.protocol.types import MemberInfo, Position, RoomInfo
from nexus.server import state as checked
from nexus.server.encoding import payload_of
from nexus.server.hub import END
from nexus.server.marks import Marks
from nexus.server.shelf import look_alike
from nexus.server.state import State

MOST_ROOMS = 1000
"""Rooms listed at once."""

MOST_MEMBERS = 1000
"""Members listed at once."""

TELLING = 0.0001
"""Seconds between two presence events per person they go to: telling many costs much, and need not be quick."""

LOOK_BACK = 200
"""Events among which a newcomer's last messages are looked for."""


class Place(NamedTuple):
    """Where someone is about to be: in which room, after which event, and what they are told of it."""

    room: Room
    start: int
    reset: bool
    info: RoomInfo


class Visits:
    """The verbs about rooms."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.marks = Marks(state)

    # --- coming and going --------------------------------------------------------------------------

    async def join(self, session: Session, command: c.Join) -> Done:
        """Enter a room; its events follow the reply."""
        listener, key = session.listener, self.key(command.room)
        if key not in session.rooms:
            self._check_room_count(session)
        place = await self.find(session, key, command.after, last=command.last)
        if session.listener is not listener:
            raise Refusal("unauthorised", "The session has ended, or goes on elsewhere without this room.")
        info = self.enter(session, place)
        return Done(command.ref, room=info, here=self.here(place.room), online=info.online)

    async def find(
        self,
        session: Session,
        key: str,
        after: Position | None,
        *,
        last: int | None = None,
        reset: bool = False,
    ) -> Place:
        """Everything about entering a room that takes time; the session is not in it yet."""
        listener = session.listener
        room = session.rooms.get(key) or await self._open(session, key)
        if session.account is not None and room.id not in session.member_of:
            await self.add_member(room, session.account, session.name)
            self.belongs(session.account, room, listener)
        if after is not None and not reset:
            reset = not await self._knows(room, after)
        if after is None or reset:
            start = await self._newest(room, self._state.settings.history.on_join if last is None else last)
        else:
            start = after.seq
        return Place(room, start, reset, await self.marks.info(session, room))

    def enter(self, session: Session, place: Place) -> RoomInfo:
        """Put a session into a room, in the one step that ends with the reply: nothing of it comes before."""
        room, info = place.room, place.info
        if self._state.shelf.by_id.get(room.id) is not room:
            raise Refusal("unavailable", f"To open '{room.name}' took too long; try again.", 1.0)
        if session.account is not None and room.id not in session.member_of:
            raise Refusal("unavailable", f"You left '{room.name}' on another device just now; join it again.", 0.0)
        if session not in room.sessions:
            self._check_room_count(session)
            session.rooms[room.name] = room
            room.sessions.add(session)
            if room.presence.enter(session.name):
                self.tell_presence(room)
        self._state.hub.listen(session, room, place.start, counted=info.head, reset=place.reset)
        self.marks.mend(session, room.id, info)
        info.online = len(room.presence)
        room.presence.show()
        return info

    def _check_room_count(self, session: Session) -> None:
        most = self._state.settings.limits.rooms
        if len(session.rooms) >= most:
            raise Refusal("too_many", f"You are in {most} rooms, which is the limit; leave one first.")

    async def _open(self, session: Session, key: str) -> Room:
        name = checked.room(key)
        if may_create(session.role, self._state.settings.rooms.create):
            return await self._state.shelf.make(name, self._state.clock.wall())
        room = await self._state.shelf.find(name)
        if room is None:
            raise Refusal("not_found", f"There is no room '{name.key}', and you may not make one here.")
        return room

    async def add_member(self, room: Room, account: int, name: str, read: int | None = None) -> None:
        """An account that enters a room belongs to it from then on, and has read up to there, or all that there is."""
        draft = Draft(room.id, account, name, Kind.JOINED, self._state.clock.wall())
        await self._state.journal.change(AddMember(draft, read))

    def belongs(self, account: int, room: Room, listener: Listener | None) -> None:
        """An account is a member: all its devices are told but the connection that asked."""
        for one in self._state.sessions_of(account):
            if room.id not in one.member_of:
                one.member_of.add(room.id)
                one.moves += 1
                if one.listener is not listener:
                    self._state.hub.tell([one], Member(room=room.name, member=True))

    def tell_memberships(self, session: Session, known: Set[int]) -> None:
        """Of these rooms the session knows that it belongs to them: tell it of others, joined meanwhile elsewhere."""
        rooms = [self._state.shelf.by_id.get(id) for id in session.member_of - known]
        for room in filter(None, rooms):
            self._state.hub.tell([session], Member(room=room.name, member=True))

    async def _knows(self, room: Room, after: Position) -> bool:
        """Whether an event that a client remembers is in this history, and not in one that was replaced."""
        if after.seq == 0:
            return True
        if after.seq > room.head:
            return False
        if after.at == 0:
            return True  # the client does not say, so its seq has to do
        at = room.tail.at(after.seq)
        if at is None:
            page = await self._page(room, after=after.seq - 1, before=after.seq + 1, limit=1, newest=False)
            at = page[0].at if page else None
        return at == after.at

    async def _newest(self, room: Room, messages: int) -> int:
        """The seq after which a newcomer is served, so that it gets the last few messages."""
        if messages == 0:
            return room.told
        if not room.tail.reaches(0) and len(room.tail.payloads) < LOOK_BACK and room.head:
            page = await self._page(room, after=0, before=END, limit=LOOK_BACK, newest=True)
            kinds = [event.kind == Kind.POSTED for event in page]
            first = page[0].seq if page else room.head + 1
        else:
            kinds = [payload.startswith(b'{"type":"posted"') for payload in room.tail.payloads[-LOOK_BACK:]]
            first = room.tail.last + 1 - len(kinds)
        start = len(kinds)
        while start and messages:
            start -= 1
            messages -= kinds[start]
        return min(first + start - 1, room.told)

    async def leave(self, session: Session, command: c.Leave) -> Done:
        """Leave a room; an account's membership ends with it."""
        room = self.joined(session, command.room)
        if session.account is not None:
            await self._state.journal.change(EndMember(self._draft(session, room, Kind.LEFT)))
            for other in self._state.sessions_of(session.account):
                had = room.id in other.member_of or other in room.sessions
                other.member_of.discard(room.id)
                other.moves += 1
                self.exit(other, room)
                if had and other is not session:
                    self._state.hub.tell([other], Member(room=room.name, member=False))
        self.exit(session, room)
        return Done(command.ref)

    def exit(self, session: Session, room: Room) -> None:
        """Take a session out of a room: nothing of it reaches the session any more."""
        session.rooms.pop(room.name, None)
        room.stop_listening(session)
        if session in room.sessions:
            room.sessions.discard(session)
            if room.presence.exit(session.name):
                self.tell_presence(room)

    def tell_presence(self, room: Room) -> None:
        """Who came and went is to be told, soon."""
        if not room.telling:
            room.telling = True
            wait = max(self._state.settings.presence.every, TELLING * len(room.sessions))
            self._state.clock.later(wait, lambda: self._told(room))

    def _told(self, room: Room) -> None:
        """At most one presence event per room and interval, with all that changed since the last."""
        room.telling = False
        here, gone = room.presence.take()
        online = len(room.presence)
        if online > self._state.settings.presence.names:
            self._state.hub.tell(room.sessions, Presence(room=room.name, online=online))
        elif here or gone:
            self._state.hub.tell(room.sessions, Presence(room=room.name, online=online, here=here, gone=gone))

    def here(self, room: Room) -> list[str]:
        """Who is here, for someone who enters; nobody where there are too many to tell."""
        return room.presence.names() if len(room.presence) <= self._state.settings.presence.names else []

    # --- reading -----------------------------------------------------------------------------------

    async def history(self, session: Session, command: c.History) -> Done:
        """A page of a room's log."""
        room = await self.readable(session, command.room)
        limit, size = command.limit, self._state.settings.limits.page_bytes
        before = END if command.before is None else command.before
        if command.around is not None:
            at, half = command.around, limit // 2
            older, more = await self._stretch(room, before=at, limit=half, size=size // 2) if half else ([], at > 1)
            newer, _ = await self._stretch(room, after=at - 1, limit=limit - len(older), size=size // 2)
            events = older + newer
        else:
            events, more = await self._stretch(room, after=command.after, before=before, limit=limit, size=size)
        return Done(command.ref, events=[msgspec.Raw(event) for event in events], more=more)

    async def _stretch(
        self, room: Room, *, after: int | None = None, before: int = END, limit: int, size: int
    ) -> tuple[list[bytes], bool]:
        """The oldest events after a seq, else the newest before one, encoded; true where more lie beyond."""
        newest = after is None
        events = await self._page(room, after=after or 0, before=before, limit=limit, newest=newest)
        step = -1 if newest else 1
        kept = cut([payload_of(event, room.name) for event in events][::step], size)[::step]
        if not events:
            return [], False
        beyond = events[0].seq > 1 if newest else events[-1].seq < min(room.head, before - 1)
        return kept, beyond or len(kept) < len(events)

    async def _page(self, room: Room, *, after: int, before: int, limit: int, newest: bool) -> list[Event]:
        return await self._state.read(
            lambda: self._state.store.page(room.id, after=after, before=before, limit=limit, newest=newest)
        )

    async def read(self, session: Session, command: c.Read) -> Done:
        """Move the own read mark forward, on all own devices."""
        room = await self.readable(session, command.room)
        if command.seq > room.head:
            raise Refusal("not_found", f"'{room.name}' has no event {command.seq}; its newest is {room.head}.")
        await self.marks.read(session, room, command.seq)
        return Done(command.ref)

    async def level(self, session: Session, command: c.Level) -> Done:
        """Say about what of a room one wants to be told."""
        await self.marks.level(session, await self.readable(session, command.room), command.level)
        return Done(command.ref)

    async def typing(self, session: Session, command: c.Typing) -> Done:
        """Show the others that one is writing."""
        room = self.joined(session, command.room)
        self._state.hub.pass_on(room, Typing(room=room.name, by=session.name), session)
        return Done(command.ref)

    # --- looking around ----------------------------------------------------------------------------

    async def rooms(self, session: Session, command: c.Rooms) -> Done:
        """The rooms there are, the most recently active first."""
        return Done(command.ref, rooms=await self.marks.rooms(session, MOST_ROOMS))

    async def who(self, session: Session, command: c.Who) -> Done:
        """A room's members, and the guests who are in it."""
        room = await self.readable(session, command.room)
        rows = await self._state.read(lambda: self._state.store.members(room.id, MOST_MEMBERS))
        members = [MemberInfo(row.name, row.role, here=row.name in room.presence) for row in rows]
        guests = sorted({one.name for one in room.sessions if one.account is None})
        members += [MemberInfo(name, "guest", guest=True, here=True) for name in guests[:MOST_MEMBERS]]
        return Done(command.ref, members=members)

    # --- making and changing -----------------------------------------------------------------------

    async def create(self, session: Session, command: c.Create) -> Done:
        """Make a room that is not there yet."""
        name = checked.room(command.room)
        if not may_create(session.role, self._state.settings.rooms.create):
            raise Refusal("forbidden", f"You may not make rooms here, so '{name.key}' was not made.")
        topic = self._topic(command.topic)
        if await self._state.shelf.find(name) is not None:
            raise Refusal("name_taken", f"There is a room '{name.key}' already; join it, or take another name.")
        row = await self._state.journal.change(MakeRoom(name.key, name.skeleton, self._state.clock.wall()))
        if isinstance(row, NameTaken):
            raise look_alike(name.key, row.holder)
        room = await self._state.shelf.make(name, self._state.clock.wall())
        if topic:
            await self._set_topic(session, room, topic)
        return Done(command.ref, room=await self.marks.info(session, room))

    async def configure(self, session: Session, command: c.Configure) -> Done:
        """Change a room's topic."""
        room = await self.readable(session, command.room)
        if not may_configure(session.role, here=room.name in session.rooms):
            raise Refusal("not_joined", f"You are not in the room '{room.name}'; join it first.")
        if command.topic is not None:
            topic = self._topic(command.topic)
            if topic != room.topic:
                await self._set_topic(session, room, topic)
        return Done(command.ref, room=await self.marks.info(session, room))

    async def _set_topic(self, session: Session, room: Room, topic: str) -> None:
        draft = self._draft(session, room, Kind.CONFIGURED)
        draft.text = topic
        await self._state.journal.change(SetTopic(draft))

    def _topic(self, text: str) -> str:
        limit = self._state.settings.limits.topic
        try:
            return check_topic(text, limit)
        except TextInvalid as why:
            raise Refusal("too_large" if len(text) > limit else "bad_request", str(why)) from None

    # --- what the verbs above are made of ----------------------------------------------------------

    def key(self, name: str) -> str:
        """A room's name as it is kept; the Refusal `name_invalid` where it cannot be one."""
        return checked.room(name).key

    def joined(self, session: Session, name: str) -> Room:
        """The room of that name that one is in; the Refusal `not_joined` where one is not."""
        room: Room | None = session.rooms.get(name) or session.rooms.get(self.key(name))
        if room is None:
            raise Refusal("not_joined", f"You are not in the room '{name[:64]}'; join it first.")
        return room

    async def readable(self, session: Session, name: str) -> Room:
        """A room that one may read: one that one is in, or an open one (they all are, for now)."""
        room: Room | None = session.rooms.get(name) or await self._state.shelf.find(checked.room(name))
        if room is None:
            raise Refusal("not_found", f"There is no room '{name[:64]}'.")
        return room

    def _draft(self, session: Session, room: Room, kind: Kind) -> Draft:
        return Draft(room.id, session.author, session.name, kind, self._state.clock.wall())
