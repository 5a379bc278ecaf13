"""Who is here in each room, sent to those who are: at most one event per room and interval."""

from collections.abc import Callable

from nexus.ports import Clock
from nexus.protocol.events import Presence as PresenceEvent
from nexus.server.send import send
from nexus.server.sessions import ActiveRoom, Session
from nexus.settings import Settings

PER_PERSON = 0.0003
"""Seconds between two presence events per person they go to: sending many costs much, and need not be quick."""


class Presence:
    """Puts people into rooms and takes them out, and announces that soon."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings.presence
        self._clock = clock
        self.moved: Callable[[Session, ActiveRoom], None] | None = None
        """Hears of who came or went, or has another name, where there are other nodes."""

    def enter(self, session: Session, room: ActiveRoom) -> None:
        """The session is in the room now."""
        session.rooms[room.name] = room
        room.sessions.add(session)
        if self.moved is not None:
            self.moved(session, room)
        if room.presence.enter(session.name):
            self._announce_soon(room)

    def exit(self, session: Session, room: ActiveRoom) -> None:
        """Take a session out of a room: nothing of it reaches the session any more."""
        session.rooms.pop(room.name, None)
        room.stop_listening(session)
        if session in room.sessions:
            room.sessions.discard(session)
            if self.moved is not None:
                self.moved(session, room)
            if room.presence.exit(session.name):
                self._announce_soon(room)

    def rename(self, room: ActiveRoom, old: str, new: str, sessions: int) -> None:
        """So many sessions in the room have another name."""
        if room.presence.rename(old, new, sessions):
            self._announce_soon(room)

    def renamed(self, session: Session, room: ActiveRoom) -> None:
        """A session in the room has another name, which those here know."""
        if self.moved is not None:
            self.moved(session, room)

    def elsewhere(self, room: ActiveRoom, before: str, name: str) -> None:
        """A session on another node is in the room under a name; an empty one is that it is not there."""
        told = bool(before) and room.presence.exit(before)
        told |= bool(name) and room.presence.enter(name)
        if told:
            self._announce_soon(room)

    def here(self, room: ActiveRoom) -> list[str]:
        """Who is here, for someone who enters; nobody where there are too many to list."""
        return room.presence.names() if len(room.presence) <= self._settings.names else []

    def _announce_soon(self, room: ActiveRoom) -> None:
        if not room.announcing:
            room.announcing = True
            wait = max(self._settings.every, PER_PERSON * len(room.sessions))
            self._clock.later(wait, lambda: self._announce(room))

    def _announce(self, room: ActiveRoom) -> None:
        """Everything that changed since the last event."""
        room.announcing = False
        here, gone = room.presence.take()
        online = len(room.presence)
        if online > self._settings.names:
            room.crowded = True
            send(room.sessions, PresenceEvent(room=room.name, online=online))
        elif room.crowded:  # nobody has the list any more
            room.crowded = False
            send(room.sessions, PresenceEvent(room=room.name, online=online, here=room.presence.names()))
        elif here or gone:
            send(room.sessions, PresenceEvent(room=room.name, online=online, here=here, gone=gone))
