"""The verbs about rooms: enter, leave, look around, make, change."""

import secrets
from collections.abc import Callable
from typing import Any

from msgspec import UNSET
from msgspec.structs import asdict

from nexus.core.access import LEAST, why_not_kind
from nexus.core.changes import Admit, Configure, Denied, MakeRoom, NameTaken
from nexus.core.log import Record
from nexus.core.names import Name
from nexus.core.person import person_of
from nexus.core.room_id import is_room_id, room_id
from nexus.core.speaker import ROW, Speaker
from nexus.core.texts import TextInvalid, check_topic
from nexus.ports import Clock, Store
from nexus.protocol import commands as c
from nexus.protocol.events import Configured, Joined, Typing
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.protocol.types import MemberInfo
from nexus.server.access import Access, entered, joined, room_name, standing, takes_part
from nexus.server.active_rooms import ActiveRooms, look_alike
from nexus.server.entering import Entering
from nexus.server.expiring import Expiring
from nexus.server.hub import Hub
from nexus.server.journal import Journal
from nexus.server.later import start
from nexus.server.membership import Membership
from nexus.server.placing import Placing
from nexus.server.presence import Presence
from nexus.server.quotas import Quotas
from nexus.server.reading import Reader
from nexus.server.sanctions import Sanctions
from nexus.server.sessions import ActiveRoom, Session
from nexus.server.unread import Unread
from nexus.settings import Settings

TITLE = 100
"""Characters of a title, at most."""

OPENS = "Everyone can read all that was ever said in an open room; send `confirm` too if that is what you want."
"""What is asked before a private room is opened."""

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
        placing: Placing,
        presence: Presence,
        unread: Unread,
        sanctions: Sanctions,
        quotas: Quotas,
        expiring: Expiring,
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
        self._placing = placing
        self._presence = presence
        self._unread = unread
        self._sanctions = sanctions
        self._quotas = quotas
        self.expiring = expiring
        self._clock = clock
        self.typed: Callable[[int, int, str], None] = lambda _room, _author, _name: None
        """Hears who writes where."""
        self.guests_elsewhere: Callable[[int], list[tuple[str, int]]] = lambda _room: []
        """The guests who are in a room on other nodes."""

    async def join(self, session: Session, command: c.Join) -> Done:
        """Enter a room; its events follow the reply."""
        connection, key = session.connection, room_name(command.room).key
        if entered(session, key) is None:
            self._entering.check_room_count(session, len(session.rooms))
        entrance = await self._entering.prepare(session, key, command.after, last=command.last)
        if session.connection is not connection:
            raise Refusal("unauthorised", "The session has ended, or continues elsewhere without this room.")
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
        room = await self._access.writable(speaker, command.room)
        self._access.check("typing", speaker, room)
        if self._sanctions.is_muted(speaker.author) or self._sanctions.is_muted(speaker.owner):
            raise Refusal("forbidden", "The moderators of this server muted you.")
        but = speaker if isinstance(speaker, Session) else None
        if but is not None and not but.may_show_typing(room.id, self._clock.now()):
            return Done(command.ref)  # the others were shown a moment ago
        self._hub.pass_on(room, Typing(room=room.name, by=speaker.name), speaker.author, speaker)
        self.typed(room.id, speaker.author, speaker.name)
        return Done(command.ref)

    async def rooms(self, speaker: Speaker, command: c.Rooms) -> Done:
        """The rooms there are, the most recently active first."""
        return Done(command.ref, rooms=await self._unread.rooms(speaker, MOST_ROOMS))

    async def who(self, speaker: Speaker, command: c.Who) -> Done:
        """A room's members, and the guests who are in it."""
        room = await self._access.readable(speaker, command.room)
        rows = await self._reader.read(lambda: self._store.members(room.id, MOST_MEMBERS), speaker.sources)
        self._access.still_readable(speaker, room)
        key = self._store.key
        names = {row.account: row.name for row in rows}
        members = [
            MemberInfo(
                row.name,
                row.role,
                here=row.name in room.presence,
                place=row.place,
                person=person_of(row.account, key),
                limited=row.limited or UNSET,
                since=row.since or UNSET,
                owner=names.get(row.owner, UNSET),
            )
            for row in rows
        ]
        guests = [(one.name, one.author) for one in room.sessions if one.account is None]
        guests = sorted({*guests, *self.guests_elsewhere(room.id)})
        members += [
            MemberInfo(name, "guest", guest=True, here=True, person=person_of(author, key))
            for name, author in guests[:MOST_MEMBERS]
        ]
        return Done(command.ref, members=members)

    async def create(self, speaker: Speaker, command: c.Create) -> Done:
        """Make a room that is not there yet."""
        if command.kind != "open":
            return await self._create_private(speaker, command)
        if command.room is None or command.title is not None:
            raise Refusal("bad_request", "An open room has a name and no title; give it as `room`.")
        name = _open_name(command.room)
        self._access.check("create", speaker)
        topic = self._topic(command.topic)
        speaker.budget.spend_post(self._clock.now(), ROW + len(topic))
        self._quotas.spend_room(speaker)
        maker = speaker.account or 0
        row = await self._journal.change(MakeRoom(name.key, name.skeleton, self._clock.wall(), new=True, maker=maker))
        if isinstance(row, NameTaken):
            raise _taken(name, row)
        if isinstance(row, Denied):
            raise Refusal(row.code, row.message)
        self._active.taken(name)
        room = await self._entering.make(name, speaker)
        if topic:
            await self._configure(speaker, room, self._event(speaker, room, topic=topic), here=True)
        return Done(command.ref, room=await self._unread.info(speaker, room))

    async def configure(self, speaker: Speaker, command: c.Configure) -> Done:
        """Change what a room is."""
        room = await self._access.readable(speaker, command.room)
        self._access.check("configure", speaker, room)
        event = self._event(speaker, room, **self._asked(speaker, room, command))
        if _changes(event) or event.topic != room.topic:
            speaker.budget.spend_post(self._clock.now(), ROW + len(event.topic))
            await self._configure(speaker, room, event, here=takes_part(speaker, room))
            if event.keep is not None:
                start(self.expiring.expire(room.id))
        return Done(command.ref, room=await self._unread.info(speaker, room))

    def _asked(self, speaker: Speaker, room: ActiveRoom, command: c.Configure) -> dict[str, Any]:
        """What is to be different."""
        asked = self._name_asked(speaker, room, command)
        if command.topic is not None:
            asked["topic"] = self._topic(command.topic)
        if command.title is not None:
            if room.rules.kind != "private":
                raise Refusal("bad_request", "Only a private room has a title.")
            asked["title"] = read_title(command.title)
        asked |= {what: getattr(command, what) for what in ("posting", "slow", "guests", "archived", "keep")}
        now = {"topic": room.topic, "title": room.title, "name": room.name} | asdict(room.rules)
        return {what: value for what, value in asked.items() if value is not None and value != now[what]}

    def _name_asked(self, speaker: Speaker, room: ActiveRoom, command: c.Configure) -> dict[str, Any]:
        """The name a room is to have, and whether it is to be open to everyone; else the Refusal of what cannot be."""
        kind, is_kind = command.kind, room.rules.kind
        asked: dict[str, Any] = {} if command.name is None else {"name": _open_name(command.name).key}
        if kind is None or kind == is_kind:
            return asked
        why = why_not_kind(standing(speaker, room), room.rules, kind)
        if why:
            raise Refusal("forbidden", why)
        self._access.check("create", speaker)
        if command.name is None:
            raise Refusal("bad_request", "An open room has a name; say which one it should get.")
        if not command.confirm:
            raise Refusal("bad_request", OPENS)
        return asked | {"kind": kind, "title": ""}

    def _event(self, speaker: Speaker, room: ActiveRoom, **changed: Any) -> Configured:
        return Configured(
            room=room.name,
            seq=0,
            at=self._clock.wall(),
            by=speaker.name,
            guest=speaker.account is None,
            **{"topic": room.topic} | changed,
        )

    async def _configure(self, speaker: Speaker, room: ActiveRoom, event: Configured, *, here: bool) -> None:
        name = None if event.name is None else room_name(event.name)
        change = Configure(Record(room.id, speaker.author, event), here, skeleton=name.skeleton if name else "")
        done = await self._journal.change(change, speaker.sources[0])
        if name is not None and isinstance(done, NameTaken):
            raise _taken(name, done)
        if isinstance(done, Denied):
            raise Refusal(done.code, done.message)

    async def _create_private(self, speaker: Speaker, command: c.Create) -> Done:
        """Make a private room, which one owns."""
        if command.kind == "direct":
            raise Refusal("bad_request", "A room between people is made with `direct`.")
        if speaker.account is None:
            raise Refusal("forbidden", "Private rooms are for people with an account; log in, or register if you may.")
        self._access.check("create", speaker)
        title, topic = read_title(command.title or command.room or ""), self._topic(command.topic)
        speaker.budget.spend_post(self._clock.now(), ROW + len(title) + len(topic))
        self._quotas.spend_room(speaker)
        id, at = room_id(secrets.token_bytes(12)), self._clock.wall()
        change = MakeRoom(id, f" {id}", at, new=True, maker=speaker.account, kind="private", title=title)
        row = await self._journal.change(change)
        if isinstance(row, Denied):
            raise Refusal(row.code, row.message)
        room = await self._entering.make(room_name(id), speaker)
        event = Joined(room=room.name, seq=0, at=at, by=speaker.name)
        await self._journal.change(Admit(Record(room.id, speaker.account, event), 0))
        asking = speaker if isinstance(speaker, Session) else None
        self._placing.added(room, speaker.account, "owner", speaker.name, asking)
        if topic:
            await self._configure(speaker, room, self._event(speaker, room, topic=topic), here=True)
        return Done(command.ref, room=await self._unread.info(speaker, room))

    def _topic(self, text: str) -> str:
        limit = self._settings.limits.topic
        try:
            return check_topic(text, limit)
        except TextInvalid as why:
            raise Refusal("too_large" if len(text) > limit else "bad_request", str(why)) from None


def _open_name(text: str) -> Name:
    """A valid name for an open room, or the Refusal `name_invalid`."""
    name = room_name(text)
    if is_room_id(name.key):
        raise Refusal("name_invalid", f"'{name.key}' looks like the id of a private room; choose another name.")
    return name


def _taken(name: Name, taken: NameTaken) -> Refusal:
    if taken.holder == name.key:
        return Refusal("name_taken", f"There is already a room '{name.key}'; join it, or choose another name.")
    return look_alike(name.key, taken.holder)


def _changes(event: Configured) -> bool:
    """Whether anything but the topic is to be different."""
    return any(getattr(event, what) is not None for what in LEAST if what != "topic")


def read_title(text: str) -> str:
    """A title as it is kept; raises the Refusal of one that is none."""
    try:
        title = " ".join(check_topic(text, TITLE).split())
    except TextInvalid as why:
        raise Refusal("too_large" if len(text) > TITLE else "bad_request", str(why)) from None
    if not title:
        raise Refusal("bad_request", "A private room needs a title that says what it is about.")
    return title
