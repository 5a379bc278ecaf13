"""What one member sees of one room: events in, a view out; no I/O."""

from collections import deque
from collections.abc import Sequence

from nexus.protocol import events as e
from nexus.protocol.types import Position, RoomInfo

KEPT = 1000
"""Messages a view keeps, at most."""


class Gap(Exception):  # noqa: N818  what was seen, not an error of ours
    """An event came whose predecessor did not; the client has to resume from `after`."""

    def __init__(self, after: int, got: int) -> None:
        super().__init__(f"Event {got} came after event {after}; those between are missing.")
        self.after = after
        self.got = got


class RoomView:
    """A room as its events tell it: messages, topic, who is here, what is unread."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.topic = ""
        self.last: Position | None = None
        self.events: deque[e.LogEvent] = deque(maxlen=KEPT)
        self.here: set[str] = set()
        self.online = 0
        self.unread = 0
        self.skipped: list[tuple[int, int]] = []
        self._told = 0  # up to here the log was sent or named as skipped

    def enter(self, info: RoomInfo, here: Sequence[str] | None, online: int | None) -> None:
        """What a join's `done` tells."""
        self.topic = info.topic
        self.unread = info.unread or 0
        if here is not None:
            self.here = set(here)
        self.online = info.online if online is None else online

    def apply(self, event: e.AnyEvent) -> bool:
        """Fold an event in; true where it is new and to be shown. Raises Gap."""
        match event:
            case e.Posted() | e.Joined() | e.Left() | e.Configured():
                return self._append(event)
            case e.Presence():
                self.online = event.online
                self.here |= set(event.here or ())
                self.here -= set(event.gone or ())
            case e.Renamed():
                self._rename(event)
            case e.Read():
                self.unread = sum(isinstance(one, e.Posted) and one.seq > event.seq for one in self.events)
            case e.Skipped():
                self.skipped.append((event.from_, event.to))
                self._told = max(self._told, event.to)
            case e.Reset():
                self.events.clear()
                self.skipped.clear()
                self.last = None
                self._told = 0
                self.unread = 0
        return True

    def _append(self, event: e.LogEvent) -> bool:
        if self.last is not None and event.seq <= self.last.seq:
            return False
        if self._told and event.seq != self._told + 1:
            raise Gap(self._told, event.seq)
        self._told = event.seq
        self.last = Position(event.seq, event.at)
        self.events.append(event)
        if isinstance(event, e.Configured):
            self.topic = event.topic
        self.unread += isinstance(event, e.Posted)
        return True

    def _rename(self, event: e.Renamed) -> None:
        if event.from_ in self.here:
            self.here.discard(event.from_)
            self.here.add(event.to)
        if not event.guest:
            for one in self.events:
                if one.by == event.from_ and not one.guest:
                    one.by = event.to
