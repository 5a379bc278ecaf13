"""How much of the event loop one address has; its connections wait in line for the rest."""

from collections import OrderedDict, deque
from collections.abc import Callable

from nexus.ports import Clock

MOST = 3000.0
"""Work that connections from one address have at once, in microseconds, roughly."""

RATE = 600_000.0
"""The same a second, in the long run: three fifths of the loop."""

FRAME, BYTE, NAME = 8.0, 0.01, 5.0
"""The work that a frame makes: itself, each byte, each place where a name may stand."""

SPELLED = 40.0
"""The same of a name that is not ASCII."""

MOST_NAMES = 64
"""Places of a message that are looked at."""

MOST_LINES = 10_000
"""Addresses whose line is kept, before those that are at rest are forgotten."""

Go = Callable[[], None]


def work_of(frame: bytes) -> float:
    """How much work a frame with a command makes, as far as one sees from its bytes."""
    work = FRAME + BYTE * len(frame)
    if b"@" in frame:
        work += min(frame.count(b"@"), MOST_NAMES) * (NAME if frame.isascii() else SPELLED)
    return work


class Line:
    """The connections from one address: each goes on when it is its turn, and all together take `MOST` at once."""

    __slots__ = ("_at", "_clock", "_left", "_waiting")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left = MOST
        self._at = clock.now()
        self._waiting: deque[Go] | None = None  # there is seldom one, and it takes more memory than all else

    def left(self, now: float) -> float:
        """How much work may be done now; nothing, or less than that, where one has to wait."""
        left = self._left + (now - self._at) * RATE
        self._left = left = min(left, MOST)
        self._at = now
        return left

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits and nothing is owed."""
        return not self._waiting and self.left(self._clock.now()) >= MOST

    def spend(self, work: float) -> None:
        """Count what was done."""
        self._left -= work

    def wait(self, go_on: Go) -> None:
        """Go on as soon as there is work left, behind those who wait already."""
        if self._waiting is None:
            self._waiting = deque()
            self._schedule()
        self._waiting.append(go_on)

    def _schedule(self) -> None:
        left = self.left(self._clock.now())
        if left > 0:
            self._clock.soon(self._turn)
        else:
            self._clock.later((MOST - left) / RATE, self._turn)

    def _turn(self) -> None:
        waiting = self._waiting
        assert waiting is not None
        try:
            for _ in range(len(waiting)):
                if self.left(self._clock.now()) <= 0:
                    break
                waiting.popleft()()
        finally:  # should one of them fail, that is no reason for the others to wait for ever
            if waiting:
                self._schedule()
            else:
                self._waiting = None


class Lines:
    """The line of each address; connections that no proxy names have one each."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, Line] = OrderedDict()

    def of(self, address: str) -> Line:
        """The line of an address."""
        line = self._kept.get(address) if address else Line(self._clock)
        if line is None:
            line = self._kept[address] = Line(self._clock)
            if len(self._kept) > MOST_LINES:
                self._kept = OrderedDict((key, one) for key, one in self._kept.items() if not one.is_idle)
                self._kept[address] = line
        return line
