"""Time and threads that a test moves by hand."""

import heapq
from collections import deque
from collections.abc import Callable
from typing import Any

from nexus.ports import Unavailable

EPOCH = 1_700_000_000_000
"""What clocks show at their beginning, if a test does not turn them."""

Job = tuple[Callable[[], Any], Callable[[Any], None]]


class SimTimer:
    """A call that will come, unless cancelled."""

    def __init__(self, at: float, call: Callable[[], None]) -> None:
        self.at = at
        self.call: Callable[[], None] | None = call

    def cancel(self) -> None:
        """Let it not come."""
        self.call = None


class SimClock:
    """A clock that stands still; `settle` does all that is due now, `advance` moves time and does what falls due."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.wall_offset = EPOCH
        self._soon: deque[Callable[[], None]] = deque()
        self._timers: list[tuple[float, int, SimTimer]] = []
        self._count = 0

    def wall(self) -> int:
        return int(self.time * 1000) + self.wall_offset

    def now(self) -> float:
        return self.time

    def soon(self, call: Callable[[], None]) -> None:
        self._soon.append(call)

    def later(self, seconds: float, call: Callable[[], None]) -> SimTimer:
        timer = SimTimer(self.time + seconds, call)
        self._count += 1
        heapq.heappush(self._timers, (timer.at, self._count, timer))
        return timer

    def settle(self) -> None:
        """Do everything that is due now."""
        while self._soon:
            self._soon.popleft()()

    def step(self) -> bool:
        """Do one thing that is due now; false where there was none."""
        if not self._soon:
            return False
        self._soon.popleft()()
        return True

    def advance(self, seconds: float) -> None:
        """Move time forward, doing what falls due on the way, in order."""
        end = self.time + seconds
        self.settle()
        while self._timers and self._timers[0][0] <= end:
            at, _, timer = heapq.heappop(self._timers)
            self.time = max(self.time, at)
            if timer.call is not None:
                timer.call()
            self.settle()
        self.time = end

    def leap(self, days: int) -> None:
        """Days go by for the wall's clock, as while nothing ran: far quicker than all that would have fallen due."""
        self.wall_offset += days * 86_400_000
        self.advance(1.0)


class NodeClock:
    """The clock of one node: once that has stopped, nothing that was due happens any more; or until it goes on."""

    def __init__(self, clock: SimClock) -> None:
        self._clock = clock
        self.stopped = False
        self.ahead = 0
        self.now = clock.now

    def wall(self) -> int:
        return self._clock.wall() + self.ahead

    def correct(self, by: int) -> None:
        self.ahead += by

    def soon(self, call: Callable[[], None]) -> None:
        self._clock.soon(lambda: None if self.stopped else call())

    def later(self, seconds: float, call: Callable[[], None]) -> SimTimer:
        return self._clock.later(seconds, lambda: None if self.stopped else call())


class SimThreads:
    """Threads that do their work when the clock settles: always, or only when a test releases them.

    While they are held, `release` lets jobs be done; or `work` does the work of one, and its result waits
    for `arrive`, as it does between a real thread and the loop.
    """

    def __init__(self, clock: NodeClock) -> None:
        self._clock = clock
        self.held = False
        self.unreadable = False
        """Readers find nothing but trouble."""
        self._waiting: list[Job] = []
        self._done: deque[Callable[[], None]] = deque()

    def write(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        def job() -> None:
            _worked((work, then))()

        if self.held:
            self._waiting.append((work, then))
        else:
            self._clock.soon(job)

    hash = write

    def read(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        def tried() -> Any:
            if self.unreadable:
                raise Unavailable("The disk cannot be read.")
            return work()

        self.write(tried, then)

    def release(self, count: int = 1_000_000) -> None:
        """Let up to so many held jobs be done."""
        while self.arrive():
            pass
        while count and self.work():
            count -= 1
            self.arrive()

    def work(self, index: int = 0) -> bool:
        """Do the work of one held job; false where there was none."""
        if not self._waiting:
            return False
        self._done.append(_worked(self._waiting.pop(index % len(self._waiting))))
        return True

    def arrive(self) -> bool:
        """Let the first result that waits get to the loop; false where there was none."""
        if not self._done:
            return False
        self._clock.soon(self._done.popleft())
        return True


def _worked(job: Job) -> Callable[[], None]:
    """The result of a job on its way to who asked."""
    work, then = job
    try:
        result = work()
    except Exception as error:  # the asker is told, as by the real threads
        result = error
    return lambda: then(result)
