"""What is said in rooms that people belong to and are not in: their clients count it, and hear no text of it.

A room costs a connection that is in it an event per message; one that is not in it gets one line per second for all.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from nexus.core.tail import Dialect
from nexus.ports import Clock
from nexus.protocol.events import News as NewsEvent
from nexus.protocol.events import Posted, RoomEvent
from nexus.protocol.types import Brief, Position
from nexus.server.active_rooms import ActiveRooms
from nexus.server.sessions import Session, Sessions
from nexus.server.unread import Unread

EVERY = 1.0
"""Seconds between two such events of a room, unless very much is said in it."""

MOST = 1000
"""Messages that one such event tells of."""

STEP = 500
"""Sessions that are told before others have their turn."""

Said = dict[int, list[Posted]]
"""Messages by their room's id."""


class News:
    """Tells of new messages to the sessions that belong to a room and are not in it."""

    def __init__(self, sessions: Sessions, rooms: ActiveRooms, unread: Unread, clock: Clock) -> None:
        self._sessions = sessions
        self._rooms = rooms
        self._unread = unread
        self._clock = clock
        self._said: Said = {}
        self._missed: dict[Session, set[int]] = {}
        """Whose connection takes no bytes, with the rooms that they are to be told the counts of."""
        self._waiting = False

    def heard(self, room: int, events: Iterable[RoomEvent]) -> None:
        """These were stored in a room, in this order."""
        posts = [event for event in events if type(event) is Posted and not event.deleted]
        if not posts:
            return
        said = self._said.setdefault(room, [])
        said += posts
        if len(said) >= MOST:
            self._tell({room: self._said.pop(room)})
        self._wait()

    def _wait(self) -> None:
        if not self._waiting:
            self._waiting = True
            self._clock.later(EVERY, self._due)

    def _due(self) -> None:
        self._waiting = False
        said, self._said = self._said, {}
        self._tell(said)
        self._catch_up()

    def _tell(self, said: Said) -> None:
        if said:
            self._step(iter(list(self._sessions.all())), said, {})

    def _step(self, sessions: Iterator[Session], said: Said, frames: dict[tuple[int, Dialect], bytes]) -> None:
        """Some of the sessions; the others when it is their turn."""
        some = list(islice(sessions, STEP))
        for session in some:
            for id in said.keys() & session.member_of.keys():
                self._tell_one(session, id, said[id], frames)
        if len(some) == STEP:
            self._clock.soon(lambda: self._step(sessions, said, frames))

    def _tell_one(
        self, session: Session, id: int, posts: list[Posted], frames: dict[tuple[int, Dialect], bytes]
    ) -> None:
        room, listener = self._rooms.by_id.get(id), session.listener
        if listener is None or (room is not None and session in room.sessions):
            return  # anyone who comes later is told the counts
        if listener.paused:
            self._missed.setdefault(session, set()).add(id)
            self._wait()
            return
        frame = frames.get((id, listener.dialect))
        if frame is None:
            event = _event(posts[-1].room if room is None else room.name, posts[-MOST:])
            frame = frames[id, listener.dialect] = listener.dialect.encode(event)
        listener.write(frame)

    def _catch_up(self) -> None:
        """Whose connection takes bytes again is told the counts."""
        missed, self._missed = self._missed, {}
        for session, rooms in missed.items():
            if session.listener is None:
                continue
            if session.listener.paused:
                self._missed[session] = rooms
                continue
            for id in rooms & session.member_of.keys():
                self._unread.recount(session, id)
        if self._missed:
            self._wait()


def _event(room: str, posts: Sequence[Posted]) -> NewsEvent:
    newest = posts[-1]
    return NewsEvent(
        room=room,
        last=Position(newest.seq, newest.at),
        posts=[Brief(one.seq, one.by, one.guest, one.mentions, one.here) for one in posts],
    )
