"""What a node does for its store beside the chat, again and again: tidying, indexing, deleting what was set aside."""

from collections.abc import Callable
from pathlib import Path

import structlog

from nexus.node.expiring import expire
from nexus.node.loop import LoopClock, LoopThreads
from nexus.node.stores import NodeStore
from nexus.settings import Settings
from nexus.store import MustEnd
from nexus.transcript.removing import remove

TIDY_EVERY = 0.5
"""Seconds between two looks whether the store wants tidying."""

INDEX_EVERY = 0.25
"""Seconds between two looks for what is new and not indexed yet."""

INDEX_AGAIN = 0.01
"""Seconds until the next step, where there is more: as long as groups may go first."""

EXPIRE_EVERY = 21_600.0
"""Seconds between two looks for what was set aside too long ago."""

Do = Callable[[Callable[[], object], Callable[[object], None]], None]
"""Does something in a thread, and calls with what came of it."""

log = structlog.get_logger()


class Keeping:
    """Has it done in the threads, from `begin` on."""

    def __init__(self, settings: Settings, store: NodeStore, clock: LoopClock, threads: LoopThreads) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._threads = threads
        self.over: Callable[[MustEnd], None] = lambda _: None
        """Hears why this node cannot go on."""

    def begin(self) -> None:
        """Do all of it now, and again in a while."""
        # In a file all that is written goes by one connection; in a database groups need not wait for this.
        do = self._threads.write if self._store.cluster is None else self._threads.aside
        self._again("the database could not be tidied", self._store.tidy, lambda _: TIDY_EVERY, do)
        self._again(
            "what is new could not be indexed for searches",
            self._store.index,
            lambda more: INDEX_AGAIN if more is True else INDEX_EVERY,
            do,
        )
        self._expire()

    def _again(self, trouble: str, work: Callable[[], object], rest: Callable[[object], float], do: Do) -> None:
        """Do something in a thread, and again after a rest."""
        report = _Report(trouble)

        def done(result: object) -> None:
            if isinstance(result, MustEnd):
                self.over(result)
                return
            report.hear(result)
            self._clock.later(rest(result), lambda: do(work, done))

        done(None)

    def _expire(self) -> None:
        report = _Report("what was set aside could not be deleted")

        def expired(result: object) -> None:
            report.hear(result)
            self._clock.later(EXPIRE_EVERY, look)

        def look() -> None:
            self._threads.aside(lambda: self._delete(self._clock.wall() / 1000), expired)

        look()

    def _delete(self, now: float) -> None:
        directory = Path(self._settings.data)
        expire(directory, self._settings.backup.set_aside_days, now)
        if not self._settings.transcript.on:  # else who writes them sees to it
            for one in self._store.destroyed():
                remove(directory / "logs", one.folder)


class _Report:
    """Tells of trouble with what is done again and again: once, however long it lasts."""

    def __init__(self, trouble: str) -> None:
        self._trouble = trouble
        self._why = ""

    def hear(self, result: object) -> None:
        """What came of it: an error, or anything else."""
        before, self._why = self._why, str(result) if isinstance(result, Exception) else ""
        if self._why not in ("", before):
            log.warning(self._trouble, why=self._why)
