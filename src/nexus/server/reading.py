"""Asking the store in a reader thread, by turns: each source has a fair share of the reading."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from nexus.core.budget import NOBODY, Cost, FairQueue, Sources
from nexus.core.log import Record
from nexus.ports import Clock, RoomLog, Threads
from nexus.protocol.refusals import Refusal
from nexus.server.counters import Counters
from nexus.server.later import Later

T = TypeVar("T")

PLACES = 2
"""Reads that are handed to the threads at once: as many as there are readers."""

MOST = 10_000
"""Reads that may wait, of all."""

MOST_EACH = 1000
"""Reads that may wait, of one source."""

WITHIN = 30.0
"""Seconds after which a read that waits is refused."""

LOOK_EVERY = 1.0
"""Seconds between two looks for reads that have waited too long."""


class _Job(NamedTuple):
    work: Callable[[], Any]
    then: Callable[[Any], None]


class Reader:
    """Asks the store off the loop's thread, and brings the answer back to it."""

    def __init__(self, threads: Threads, log: RoomLog, clock: Clock, counters: Counters) -> None:
        self._threads = threads
        self._log = log
        self._clock = clock
        self._counters = counters
        self._queue: FairQueue[_Job] = FairQueue(PLACES, MOST, MOST_EACH)
        self._looking = False

    def read(self, work: Callable[[], T], sources: Sources = NOBODY) -> Later[T]:
        """Do it in a reader thread when it is their turn; its result, or Unavailable, or a Refusal, arrives."""
        later: Later[T] = Later()
        self.submit(work, later.arrive, sources)
        return later

    def submit(self, work: Callable[[], T], then: Callable[[T | Exception], None], sources: Sources = NOBODY) -> None:
        """The same, for whoever is called back."""
        if not self._queue.put(sources, _Job(work, then), self._clock.now() + WITHIN):
            self._refuse(then)
            return
        self._next()
        if self._queue.waiting and not self._looking:
            self._looking = True
            self._clock.later(LOOK_EVERY, self._look)

    def page(
        self,
        room: int,
        *,
        after: int,
        before: int,
        limit: int,
        newest: bool,
        size: int | None = None,
        sources: Sources = NOBODY,
    ) -> Later[list[Record]]:
        """A page of a room's log, as `RoomLog.page`."""
        return self.read(
            lambda: self._log.page(room, after=after, before=before, limit=limit, newest=newest, size=size), sources
        )

    def _next(self) -> None:
        """Hand on what may go now."""
        while (taken := self._queue.take()) is not None:
            self._hand_over(*taken)

    def _hand_over(self, sources: Sources, job: _Job) -> None:
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
            self._counters.reads += 1
            self._counters.read_rows += rows
            self._counters.read_seconds += seconds
            self._queue.done(sources, Cost(seconds * 1000, rows))
            self._next()
            job.then(result)

        self._threads.read(timed, done)

    def _look(self) -> None:
        """Refuse what has waited too long, as long as anything waits."""
        for job in self._queue.overdue(self._clock.now()):
            self._refuse(job.then)
        self._looking = bool(self._queue.waiting)
        if self._looking:
            self._clock.later(LOOK_EVERY, self._look)

    def _refuse(self, then: Callable[[Any], None]) -> None:
        self._counters.reads_refused += 1
        why = "Too much is asked for from where you are; wait a moment, and ask again."
        self._clock.soon(lambda: then(Refusal("too_fast", why, 2.0)))
