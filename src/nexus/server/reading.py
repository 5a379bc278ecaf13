"""Asking the store in a reader thread."""

from collections.abc import Callable
from typing import TypeVar

from nexus.core.log import Record
from nexus.ports import RoomLog, Threads
from nexus.server.later import Later

T = TypeVar("T")


class Reader:
    """Asks the store off the loop's thread, and brings the answer back to it."""

    def __init__(self, threads: Threads, log: RoomLog) -> None:
        self._threads = threads
        self._log = log

    def read(self, work: Callable[[], T]) -> Later[T]:
        """Do it in a reader thread; its result, or Unavailable, arrives."""
        later: Later[T] = Later()
        self._threads.read(work, later.arrive)
        return later

    def page(self, room: int, *, after: int, before: int, limit: int, newest: bool) -> Later[list[Record]]:
        """A page of a room's log, as `RoomLog.page`."""
        return self.read(lambda: self._log.page(room, after=after, before=before, limit=limit, newest=newest))
