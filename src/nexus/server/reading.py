"""Asking the store in a reader thread, by turns: each source has a fair share of the reading."""

from collections.abc import Callable
from typing import TypeVar

from nexus.core.budget import NOBODY, Sources
from nexus.core.log import Record
from nexus.ports import Clock, RoomLog, Threads
from nexus.server.counters import Counters
from nexus.server.lane import Bounds, Lane
from nexus.server.later import Later

T = TypeVar("T")

READS = Bounds(places=2, most=10_000, most_each=1000)
"""As many at once as there are readers."""


class Reader(Lane):
    """Asks the store off the loop's thread, and brings the answer back to it."""

    def __init__(self, threads: Threads, log: RoomLog, clock: Clock, counters: Counters) -> None:
        super().__init__(
            threads.read, clock, READS, "Too many requests come from your address; wait a moment and try again."
        )
        self._log = log
        self._counters = counters

    def read(self, work: Callable[[], T], sources: Sources = NOBODY) -> Later[T]:
        """Ask for something; the answer, or Unavailable, or a Refusal, arrives."""
        return self.do(work, sources)

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

    def done(self) -> None:
        """Count a read."""
        self._counters.reads += 1

    def refused(self) -> None:
        """Count a read that waited too long, or that too many waited before."""
        self._counters.reads_refused += 1
