"""Which room a name means to a speaker, and whether they may act in it."""

from typing import Any

from msgspec.structs import replace

from nexus.core import names
from nexus.core.access import Standing, is_admin, may_find
from nexus.core.changes import Denied
from nexus.core.log import Record
from nexus.core.names import Name, NameInvalid
from nexus.core.rights import Facts, may
from nexus.core.speaker import Speaker
from nexus.protocol.refusals import Refusal
from nexus.server.active_rooms import ActiveRooms
from nexus.server.hub import Hub
from nexus.server.sessions import ActiveRoom, Session
from nexus.settings import Settings


class Access:
    """Finds the rooms that commands name; raises the Refusal of those that one may not use so."""

    def __init__(self, rooms: ActiveRooms, hub: Hub, settings: Settings) -> None:
        self._rooms = rooms
        self._hub = hub
        self._settings = settings

    def facts(self, speaker: Speaker, room: ActiveRoom | None = None, **more: Any) -> Facts:
        """What a right of someone depends on, in a room or in none."""
        standing = speaker.standing(0 if room is None else room.id)
        here = room is not None and takes_part(speaker, room)
        facts = self.facts_of(speaker.author, standing, room, here=here)
        return replace(facts, guests="talk" if speaker.may_talk else "read", **more)

    def facts_of(self, author: int, standing: Standing, room: ActiveRoom | None, *, here: bool) -> Facts:
        """The same of someone who may not be here; `here` tells whether they are in the room."""
        settings = self._settings
        return Facts(
            standing.role,
            standing.place,
            None if room is None else room.rules,
            "" if room is None else room.title or room.name,
            here=here,
            removed=room is not None and author in room.removed,
            limited=standing.limited,
            guests=settings.guests,
            create=settings.rooms.create,
            register=settings.accounts.register,
        )

    def check(self, verb: str, speaker: Speaker, room: ActiveRoom | None = None, **more: Any) -> None:
        """Raise the Refusal of a speaker who may not carry out a command."""
        check(verb, self.facts(speaker, room, **more))

    async def readable(self, speaker: Speaker, name: str, upto: int = 0) -> ActiveRoom:
        """A room that one may read, with what is stored up to an event; one that one may not is as one nobody made."""
        room = entered(speaker, name) or await look_for(self._rooms, speaker, room_name(name))
        if room is None or not may_find(standing(speaker, room), room.rules):
            raise no_room(name)
        if upto > room.head:
            await self._hub.reach(room, upto, speaker.sources)
            self.still_readable(speaker, room)
        return room

    def still_readable(self, speaker: Speaker, room: ActiveRoom) -> None:
        """Look again after a wait; raises the Refusal of a room that was taken from them, or from all, meanwhile."""
        if self._rooms.is_gone(room.id) or not may_find(standing(speaker, room), room.rules):
            raise no_room(room.name)

    def still_in(self, speaker: Speaker, hit: Record) -> bool:
        """Whether an event that was found is there still, they may read it, and those who may have had it delivered."""
        room = self._rooms.by_id.get(hit.room)
        if room is None:
            return not self._rooms.is_gone(hit.room)  # else nobody is in it, so nobody was taken out of it
        return room.first <= hit.event.seq <= room.head and may_find(standing(speaker, room), room.rules)

    async def writable(self, speaker: Speaker, name: str) -> ActiveRoom:
        """A room that one may say something in: one that one is in; without a conversation, one that one belongs to."""
        if isinstance(speaker, Session):
            return joined(speaker, name)
        room = await look_for(self._rooms, speaker, room_name(name))
        if room is None or room.id not in speaker.member_of:
            raise _not_joined(name)
        return room


async def look_for(rooms: ActiveRooms, speaker: Speaker, name: Name) -> ActiveRoom | None:
    """The room of that name; who has a limited account is not told of one that only looks like it."""
    try:
        return await rooms.load(name, speaker.sources)
    except Refusal as refusal:
        if refusal.code == "name_taken" and speaker.limited:
            return None
        raise


def check(verb: str, facts: Facts) -> None:
    """Raise the Refusal of a speaker who may not carry out a command."""
    denied = may(verb, facts)
    if denied is not None:
        raise Refusal(denied.code, denied.message)


def joined(session: Session, name: str) -> ActiveRoom:
    """The room of that name that a session is in; the Refusal `not_joined` where it is not."""
    room = entered(session, name)
    if room is None:
        raise _not_joined(name)
    return room


def entered(speaker: Speaker, name: str) -> ActiveRoom | None:
    """The room of that name that a session is in, or None; raises `name_invalid` for what cannot be one."""
    if not isinstance(speaker, Session):
        return None
    key = room_name(name).key
    room = speaker.rooms.get(name) or speaker.rooms.get(key)
    return room or next((one for one in speaker.rooms.values() if key in one.former), None)


def standing(speaker: Speaker, room: ActiveRoom) -> Standing:
    """Who someone is where a right in a room is asked for."""
    return speaker.standing(room.id)


def refused(denied: Denied) -> Refusal:
    """The refusal of what the store did not allow."""
    return Refusal(denied.code, denied.message)


def no_room(name: str) -> Refusal:
    """The refusal of a room that is not there, for one at least."""
    return Refusal("not_found", f"There is no room '{name[:64]}'.")


def takes_part(speaker: Speaker, room: ActiveRoom) -> bool:
    """Whether a session is in a room; without a conversation, whether the account belongs to it."""
    return room.name in speaker.rooms if isinstance(speaker, Session) else room.id in speaker.member_of


def person_name(text: str) -> Name:
    """A valid person's name, or the Refusal `name_invalid`."""
    try:
        return names.person_name(text)
    except NameInvalid as why:
        raise Refusal("name_invalid", str(why)) from None


def claimed_name(text: str, role: str) -> Name:
    """A valid name that someone of a role may take, or the Refusal `name_invalid`."""
    name = person_name(text)
    if names.sounds_official(name) and not is_admin(role):
        raise Refusal(
            "name_invalid", f"'{name.shown}' is kept for those who run this server; a name of your own would work."
        )
    return name


def room_name(text: str) -> Name:
    """A valid room's name, or the Refusal `name_invalid`."""
    try:
        return names.room_name(text)
    except NameInvalid as why:
        raise Refusal("name_invalid", str(why)) from None


def _not_joined(name: str) -> Refusal:
    return Refusal("not_joined", f"You are not in the room '{name[:64]}'; join it first.")
