"""What one connection is told of one room: a stretch of the log without a hole."""

from dataclasses import dataclass

from nexus.protocol.events import Presence, Renamed, Reset, RoomEvent, Skipped
from nexus.protocol.types import Position
from tests.machine.ledger import Ledger


@dataclass
class Start:
    """Where someone wants to begin: after an event, or with the newest few messages."""

    after: Position | None
    last: int
    told: int
    """The newest seq that anyone on the node had been told of when this was asked."""
    wrong: bool = False
    """The event asked for is not one of this history."""


class Feed:
    """Checks every frame of a room against the log; `next` is the only seq that may come now."""

    def __init__(self, ledger: Ledger, room: str, start: Start, head: int, online: int) -> None:
        self.ledger = ledger
        self.room = room
        self.start = start
        self.head = head
        self.next = None if start.after is None or start.wrong else start.after.seq + 1
        self.reset_due = start.wrong
        self.online = online
        self.here: set[str] | None = None
        """Who is here, as far as was told; None where too many are here to be named."""
        self.shaky = False
        """Another device of the account leaves the room, so that this may end at any moment."""
        self._durable = ledger.head(room)

    def take(self, event: RoomEvent) -> None:
        """The next event of the log."""
        self._expect(event.seq)
        self.next = event.seq + 1

    def skip(self, frame: Skipped, catch_up: int) -> None:
        """A stretch that was not sent; at least `catch_up` events are newer."""
        self._expect(frame.from_)
        assert frame.from_ <= frame.to <= self.ledger.head(self.room) - catch_up, frame
        self.next = frame.to + 1

    def reset(self, frame: Reset) -> None:
        """The feed starts over, with the newest few."""
        assert self.reset_due, f"{frame} for one who knows this history: {self.start}"
        self.reset_due = False

    def presence(self, frame: Presence) -> None:
        """Who came and went."""
        self.online = frame.online
        if not isinstance(frame.here, list):
            self.here = None
        elif not isinstance(frame.gone, list):  # all of them, after there were too many to name
            self.here = set(frame.here)
        elif self.here is not None:
            self.here = (self.here | set(frame.here)) - set(frame.gone)

    def renamed(self, frame: Renamed) -> None:
        """Someone has another name."""
        if self.here is not None and frame.from_ in self.here:
            self.here = self.here - {frame.from_} | {frame.to}

    def finished(self) -> None:
        """Everything has settled: the feed has brought everything up to the head."""
        assert not self.reset_due, f"{self.room} was not reset"
        head = self.ledger.head(self.room)
        if self.next is None:
            assert head == self.head, f"Nothing came of {self.head} to {head} in {self.room}"
            self._check_newest(head)
        else:
            assert self.next == head + 1, f"{self.next} to {head} are missing in {self.room}"

    def _expect(self, seq: int) -> None:
        assert not self.reset_due, f"{self.room} continues before it is reset"
        if self.next is None:
            self._check_newest(seq - 1)
        else:
            assert seq == self.next, f"{self.room} continues with {seq}, not {self.next}"

    def _check_newest(self, start: int) -> None:
        """A newcomer gets as many of the last messages as asked for, and what came since."""
        least = min(self.start.last, self.ledger.messages(self.room, 0, self.start.told))
        assert self.ledger.messages(self.room, start, self._durable) >= least, (start, self.start, self.room)
        most = self.ledger.messages(self.room, start, max(start, self.start.told))
        assert most <= self.start.last, (start, self.start, self.room)
