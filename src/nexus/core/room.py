"""An active room: its head and tail, who is live in it, who is behind and where."""

from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec.structs import replace

from nexus.core.access import OPEN, Rules
from nexus.core.people import RoomRow
from nexus.core.presence import Presence
from nexus.core.tail import Dialect, Tail
from nexus.protocol.events import Configured, RoomEvent

Write = Callable[[bytes], None]
S = TypeVar("S")  # a session, which knows its rooms: the other way round would be a circle


class Cursor:
    """How far someone who is behind has been served; `reading` while a page is on its way from the log.

    `counted` is the head as of which they were last told what is unread. `page` is how many events to read next: twice
    as many as went out last, since the rest is read in vain. With `reset` they are told first to start over.
    """

    __slots__ = ("counted", "page", "reading", "reset", "seq")

    def __init__(self, seq: int, *, counted: int, reset: bool = False) -> None:
        self.seq = seq
        self.counted = counted
        self.page = 16
        self.reset = reset
        self.reading = False


class Live(Generic[S]):
    """The live listeners of one dialect; all have everything up to the room's `delivered`."""

    __slots__ = ("_pairs", "writes")

    def __init__(self) -> None:
        self.writes: dict[S, Write] = {}
        self._pairs: tuple[tuple[S, Write], ...] | None = ()

    def add(self, session: S, write: Write) -> None:
        """Make a listener live."""
        self.writes[session] = write
        self._pairs = None

    def remove(self, session: S) -> bool:
        """End that; true where it was live."""
        self._pairs = None
        return self.writes.pop(session, None) is not None

    def pairs(self) -> tuple[tuple[S, Write], ...]:
        """Who to write to; a value of its own, since a write may make its listener fall behind."""
        if self._pairs is None:
            self._pairs = tuple(self.writes.items())
        return self._pairs


def changed_rules(rules: Rules, event: Configured) -> Rules:
    """What a room is after somebody changed it."""
    given = {name: getattr(event, name) for name in ("kind", "posting", "slow", "guests", "archived", "keep")}
    changed = replace(rules, **{name: value for name, value in given.items() if value is not None})
    return OPEN if changed == OPEN else changed


class Room(Generic[S]):
    """A room that someone is in or was a moment ago.

    `head` is the newest seq known, `delivered` the newest that was written to the live listeners; what lies
    between waits in `pending` for the next flush. `resting` until then, `announcing` until presence is sent,
    `crowded` while people have only their number, `deleted` the newest message of those whose deletion changes what is
    unread and was not told yet (0: none), `hidden` the accounts that left it out of sight, each with the newest seq of
    then, `removed` the guests who were taken out, `former` the names that lead to it since it had them, `first` the
    oldest event that has not expired, `refreshing` while what may be missing is read from the log.
    """

    __slots__ = (
        "announcing",
        "at",
        "behind",
        "crowded",
        "deleted",
        "delivered",
        "first",
        "former",
        "head",
        "hidden",
        "id",
        "live",
        "name",
        "pending",
        "presence",
        "refresh_again",
        "refreshing",
        "removed",
        "resting",
        "rules",
        "sessions",
        "tail",
        "title",
        "topic",
    )

    def __init__(self, row: RoomRow, tail_events: int) -> None:
        self.id = row.id
        self.name = row.name
        self.topic = row.topic
        self.title = row.title
        self.former = row.former
        self.rules = row.rules
        self.hidden: dict[int, int] = {}
        self.removed: set[int] = set()
        self.head = self.delivered = row.head
        self.first = row.first
        self.at = row.at
        self.tail = Tail(row.head, tail_events)
        self.live: dict[Dialect, Live[S]] = {}
        self.behind: dict[S, Cursor] = {}
        self.sessions: set[S] = set()
        self.presence = Presence()
        self.pending: list[RoomEvent] = []
        self.resting = False
        self.announcing = False
        self.crowded = False
        self.deleted = 0
        self.refreshing = False
        self.refresh_again = False

    def listeners(self) -> int:
        """How many connections listen here, live or behind."""
        return sum(len(live.writes) for live in self.live.values()) + len(self.behind)

    def go_live(self, session: S, dialect: Dialect, write: Write) -> None:
        """The listener has everything up to `delivered`: from now on it is written to."""
        self.behind.pop(session, None)
        live = self.live.get(dialect)
        if live is None:
            live = self.live[dialect] = Live()
        live.add(session, write)

    def fall_behind(self, session: S) -> None:
        """A live listener's socket is full: remember where it stood."""
        for live in self.live.values():
            if live.remove(session):
                self.behind[session] = Cursor(self.delivered, counted=self.delivered)

    def stop_listening(self, session: S) -> None:
        """Nothing more is written for this session here."""
        self.behind.pop(session, None)
        for live in self.live.values():
            live.remove(session)
