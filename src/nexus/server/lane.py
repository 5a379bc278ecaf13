"""Work for threads, by turns: each source has a fair share, and what waits too long is refused."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from nexus.core.budget import NOBODY, Cost, FairQueue, Sources
from nexus.ports import Clock
from nexus.protocol.refusals import Refusal
from nexus.server.later import Later

T = TypeVar("T")

WITHIN = 30.0
"""Seconds after which work that waits is refused."""

LOOK_EVERY = 1.0
"""Seconds between two looks for work that has waited too long."""

HandOver = Callable[[Callable[[], Any], Callable[[Any], None]], None]
"""Has work done in a thread, and brings its result, or the error, back to the loop's."""


class Bounds(NamedTuple):
    """How much is at work at once, how much may wait, of all and of one source, and for how many seconds."""

    places: int
    most: int
    most_each: int
    within: float = WITHIN


class _Job(NamedTuple):
    work: Callable[[], Any]
    then: Callable[[Any], None]


class Lane:
    """Hands work to threads of one kind, and brings what comes of it back to the loop's thread."""

    def __init__(self, hand_over: HandOver, clock: Clock, bounds: Bounds, refusal: str) -> None:
        self._hand_over = hand_over
        self._clock = clock
        self._queue: FairQueue[_Job] = FairQueue(bounds.places, bounds.most, bounds.most_each)
        self._within = bounds.within
        self._refusal = refusal
        self._looking = False

    def do(self, work: Callable[[], T], sources: Sources = NOBODY) -> Later[T]:
        """Do it when it is their turn; its result, or its error, or a Refusal, arrives."""
        later: Later[T] = Later()
        self.submit(work, later.arrive, sources)
        return later

    def submit(self, work: Callable[[], T], then: Callable[[T | Exception], None], sources: Sources = NOBODY) -> None:
        """The same, as a callback."""
        if not self._queue.put(sources, _Job(work, then), self._clock.now() + self._within):
            self._refuse(then)
            return
        self._next()
        if self._queue.waiting and not self._looking:
            self._looking = True
            self._clock.later(LOOK_EVERY, self._look)

    def done(self) -> None:
        """Count work that was done."""

    def refused(self) -> None:
        """Count work that was refused."""

    def _next(self) -> None:
        """Hand on what may go now."""
        while (taken := self._queue.take()) is not None:
            self._begin(*taken)

    def _begin(self, sources: Sources, job: _Job) -> None:
        seconds = 0.0

        def timed() -> Any:
            nonlocal seconds
            begun = self._clock.now()
            try:
                return job.work()
            finally:
                seconds = self._clock.now() - begun

        def done(result: Any) -> None:
            rows = len(result) if isinstance(result, list) else 0
            self.done()
            self._queue.done(sources, Cost(seconds * 1000, rows))
            self._next()
            job.then(result)

        self._hand_over(timed, done)

    def _look(self) -> None:
        """Refuse what has waited too long, as long as anything waits."""
        for job in self._queue.overdue(self._clock.now()):
            self._refuse(job.then)
        self._looking = bool(self._queue.waiting)
        if self._looking:
            self._clock.later(LOOK_EVERY, self._look)

    def _refuse(self, then: Callable[[Any], None]) -> None:
        self.refused()
        self._clock.soon(lambda: then(Refusal("too_fast", self._refusal, 2.0)))
