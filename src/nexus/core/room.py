"""An active room: its head and tail, who is live in it, who is behind and where."""

from collections.abc import Callable
from typing import Any

from nexus.core.people import RoomRow
from nexus.core.presence import Presence
from nexus.core.session import Session
from nexus.core.tail import Tail

Write = Callable[[bytes], None]


class Cursor:
    """How far someone who is behind has been served; `reading` while a page is on its way from the log.

    Up to `counted` they were told what is unread, or got the events to count it. `fits` is how many events to read
    next: twice as many as went out last, since the rest is read in vain.
    """

    __slots__ = ("counted", "fits", "reading", "reset", "seq")

    def __init__(self, seq: int, *, counted: int, reset: bool = False) -> None:
        self.seq = seq
        self.counted = counted
        self.fits = 16
        self.reset = reset
        self.reading = False


class Live:
    """The live listeners of one dialect; all have everything up to the room's `told`."""

    __slots__ = ("_pairs", "writes")

    def __init__(self) -> None:
        self.writes: dict[Session, Write] = {}
        self._pairs: tuple[tuple[Session, Write], ...] | None = ()

    def add(self, session: Session, write: Write) -> None:
        """Make a listener live."""
        self.writes[session] = write
        self._pairs = None

    def remove(self, session: Session) -> bool:
        """End that; true where it was live."""
        self._pairs = None
        return self.writes.pop(session, None) is not None

    def pairs(self) -> tuple[tuple[Session, Write], ...]:
        """Who to write to; a value of its own, since a write may make its listener fall behind."""
        if self._pairs is None:
            self._pairs = tuple(self.writes.items())
        return self._pairs


class Room:
    """A room that someone is in or was a moment ago.

    `head` is the newest seq known, `told` the newest that was written to the live listeners; what lies
    between waits in `pending` for the next flush.
    """

    __slots__ = (
        "at",
        "behind",
        "head",
        "id",
        "live",
        "name",
        "pending",
        "presence",
        "refresh_again",
        "refreshing",
        "resting",
        "sessions",
        "tail",
        "telling",
        "told",
        "topic",
    )

    def __init__(self, row: RoomRow, tail_events: int) -> None:
        self.id = row.id
        self.name = row.name
        self.topic = row.topic
        self.head = self.told = row.head
        self.at = row.at
        self.tail = Tail(row.head, tail_events)
        self.live: dict[Any, Live] = {}
        self.behind: dict[Session, Cursor] = {}
        self.sessions: set[Session] = set()
        self.presence = Presence()
        self.pending: list[bytes] = []
        self.resting = False
        self.telling = False
        self.refreshing = False
        self.refresh_again = False

    def listeners(self) -> int:
        """How many connections listen here, live or behind."""
        return sum(len(live.writes) for live in self.live.values()) + len(self.behind)

    def go_live(self, session: Session, dialect: object, write: Write) -> None:
        """The listener has everything up to `told`: from now on it is written to."""
        self.behind.pop(session, None)
        live = self.live.get(dialect)
        if live is None:
            live = self.live[dialect] = Live()
        live.add(session, write)

    def fall_behind(self, session: Session) -> None:
        """A live listener's socket is full: remember where it stood."""
        for live in self.live.values():
            if live.remove(session):
                self.behind[session] = Cursor(self.told, counted=self.told)

    def stop_listening(self, session: Session) -> None:
        """Nothing more is written for this session here."""
        self.behind.pop(session, None)
        for live in self.live.values():
            live.remove(session)
