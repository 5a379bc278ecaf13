"""Who is in rooms on other nodes, as these tell it; and telling them who is here.

A node counts what it tells, so that the others notice when they missed something, and ask for all of it.
"""

from collections.abc import Callable, Iterable, Sequence

from nexus.core.announcing import Announcement, Here
from nexus.ports import Clock
from nexus.server.active_rooms import ActiveRooms
from nexus.server.presence import Presence
from nexus.server.sessions import ActiveRoom, Session, Sessions

MOST = 1000
"""Sessions in rooms that are told of at once."""

PULSE = 2.0
"""Seconds between two announcements of how much was told."""

ASK_EVERY = 1.0
"""Seconds between two times that one node is asked for everything."""


class Others:
    """Who is in rooms on one other node."""

    def __init__(self) -> None:
        self.told = 0
        self.asked = -ASK_EVERY
        self.rooms: dict[int, dict[int, Here]] = {}


class Elsewhere:
    """Keeps the presence of rooms as it is on all nodes together."""

    def __init__(
        self, run: int, active: ActiveRooms, presence: Presence, sessions: Sessions, every: float, clock: Clock
    ) -> None:
        self._run = run
        self._active = active
        self._presence = presence
        self._sessions = sessions
        self._every = every
        self._clock = clock
        self._others: dict[int, Others] = {}
        self._changed: dict[tuple[int, int], Here] = {}
        self._told = 0
        self._telling_all = False
        self.tell: Callable[[Announcement], None] = lambda _: None
        presence.moved = self._moved
        active.opened = self._opened

    def begin(self) -> None:
        """Tell again and again how much was told."""
        self.tell(Announcement(self._run, told=self._told))
        self._clock.later(PULSE, self.begin)

    def guests(self, room: int) -> list[tuple[str, int]]:
        """The guests who are in a room on other nodes: name and author."""
        return [(one.name, one.author) for one in self._in(room) if one.author < 0]

    def guest(self, is_meant: Callable[[str, int], bool]) -> tuple[str, int] | None:
        """A guest who is in any room on another node."""
        for others in self._others.values():
            for room in others.rooms.values():
                for one in room.values():
                    if one.author < 0 and is_meant(one.name, one.author):
                        return one.name, one.author
        return None

    def someone_is_in(self, room: int) -> bool:
        """Whether anyone on another node is in a room."""
        return any(True for _ in self._in(room))

    def _in(self, room: int) -> Iterable[Here]:
        for others in self._others.values():
            yield from others.rooms.get(room, {}).values()

    # --- telling -----------------------------------------------------------------------------------

    def _moved(self, session: Session, room: ActiveRoom) -> None:
        """A session came into a room, went out of it, or has another name there."""
        if not self._changed:
            self._clock.later(self._every, self._tell_changed)
        name = session.name if session in room.sessions else ""
        self._changed[room.id, session.id] = Here(room.id, session.id, session.author, name)

    def _tell_changed(self) -> None:
        changed, self._changed = list(self._changed.values()), {}
        self._tell(changed)

    def _tell(self, here: Sequence[Here], *, whole: bool = False) -> None:
        for at in range(0, max(len(here), 1), MOST):
            self._told += 1
            part = tuple(here[at : at + MOST])
            self.tell(Announcement(self._run, here=part, told=self._told, whole=whole and not at))

    def _tell_all(self) -> None:
        self._telling_all = False
        self._changed = {}
        rooms = self._active.by_id.values()
        here = [Here(room.id, one.id, one.author, one.name) for room in rooms for one in room.sessions]
        self._tell(here, whole=True)

    # --- hearing -----------------------------------------------------------------------------------

    def nodes_are(self, runs: set[int]) -> None:
        """These nodes are there: nobody is on any other, whatever it said."""
        for run in self._others.keys() - runs:
            self._forget(self._others.pop(run))
        for run in runs - self._others.keys() - {self._run}:
            self._others[run] = Others()
            self._ask(run, self._others[run])

    def hear(self, heard: Announcement) -> None:
        """Another node says who is there, or asks."""
        if heard.ask == self._run and not self._telling_all:
            self._telling_all = True
            self._clock.later(self._every, self._tell_all)
        others = self._others.get(heard.node)
        if others is None or heard.told <= others.told:
            return
        if heard.whole:
            self._forget(others)
        elif not heard.here or heard.told != others.told + 1:
            self._ask(heard.node, others)
            return
        others.told = heard.told
        for one in heard.here:
            self._take(others, one)

    def _ask(self, run: int, others: Others) -> None:
        now = self._clock.now()
        if now - others.asked >= ASK_EVERY:
            others.asked = now
            self.tell(Announcement(self._run, ask=run))

    def _take(self, others: Others, one: Here) -> None:
        """What is said of one session in one room."""
        there = others.rooms.setdefault(one.room, {})
        before, room = there.pop(one.session, None), self._active.by_id.get(one.room)
        if one.name:
            there[one.session] = one
        elif not there:
            del others.rooms[one.room]
        was = "" if before is None else before.name
        if room is not None and was != one.name:
            self._presence.elsewhere(room, was, one.name)

    def _forget(self, others: Others) -> None:
        rooms, others.rooms = others.rooms, {}
        for id, there in rooms.items():
            room = self._active.by_id.get(id)
            if room is not None:
                for one in there.values():
                    self._presence.elsewhere(room, one.name, "")

    def renamed(self, author: int, name: str) -> dict[int, int]:
        """An author is called something else, and everyone is about to hear; in which rooms, and how often."""
        rooms: dict[int, int] = {}
        for others in self._others.values():
            for id, there in others.rooms.items():
                for one in [one for one in there.values() if one.author == author and one.name != name]:
                    there[one.session] = Here(id, one.session, author, name)
                    rooms[id] = rooms.get(id, 0) + 1
        return rooms

    def _opened(self, room: ActiveRoom) -> None:
        """A room is in use from now on: those who are there on other nodes are there."""
        for one in self._in(room.id):
            room.presence.enter(one.name)
        room.presence.take()
