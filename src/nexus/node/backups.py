"""Copies of the database that a running server makes: by a schedule, or because an operator asks for one."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from nexus.node.loop import LoopThreads
from nexus.node.stores import NodeStore
from nexus.ports import Clock
from nexus.protocol.operating import Backup
from nexus.protocol.refusals import Refusal
from nexus.server.later import Later, start
from nexus.settings import Settings
from nexus.store import StoreError
from nexus.store.sqlite import SqliteStore
from nexus.store.sqlite.backup import finish, unfinished_for

HOUR = 3600.0

SOON = 300.0
"""Seconds until a copy that is due is made after a start, or tried again after it failed."""

PATTERN = "nexus-[0-9]*Z.db"
"""The names of copies that were not given one."""

IN_POSTGRESQL = "This chat is kept in PostgreSQL, whose own programs copy it; docs/cluster.md says how."

log = structlog.get_logger()


def folder_of(settings: Settings) -> Path:
    """Where copies lie that were not given a name: outside of the data directory."""
    place = Path(settings.data).absolute()
    return Path(settings.backup.folder) if settings.backup.folder else place.with_name(f"{place.name}-backups")


def name_now() -> str:
    """The name of a copy that is made now."""
    return f"nexus-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.db"


def newest(folder: Path) -> float:
    """When the newest copy in a folder was made, in seconds of the clock; 0 where there is none."""
    return max((file.stat().st_mtime for file in folder.glob(PATTERN)), default=0.0)


class Backups:
    """Makes one copy at a time: the writer copies in small steps between groups, another thread looks through it."""

    def __init__(self, settings: Settings, store: NodeStore, threads: LoopThreads, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._threads = threads
        self._clock = clock
        self._busy = False
        self.folder = folder_of(settings)

    def begin(self) -> None:
        """Make a copy whenever one is due, where the settings want that."""
        every = self._settings.backup.every * HOUR
        if every and not self._settings.store.url:
            due = newest(self.folder) + every - self._clock.wall() / 1000
            self._clock.later(max(SOON, min(due, every)), lambda: start(self._make_again()))

    async def make(self, ask: Backup) -> dict[str, Any]:
        """Make one where an operator wants it; raises Refusal and Unavailable."""
        to = Path(ask.to) if ask.to else self.folder / name_now()
        await self._copy(to)
        return {"file": str(to)}

    async def _make_again(self) -> None:
        try:
            to = self.folder / name_now()
            await self._copy(to)
            await self._later(self._threads.aside, lambda: prune(self.folder, self._settings.backup.keep))
            log.info("a backup was made", file=str(to))
        except Exception as error:  # whatever the disk does, the server goes on, and tries again
            log.warning("a backup could not be made", why=str(error))
        self.begin()

    async def _copy(self, to: Path) -> None:
        store = self._store
        if not isinstance(store, SqliteStore):
            raise Refusal("unavailable", IN_POSTGRESQL)
        if self._busy:
            raise Refusal("unavailable", "A backup is being made already; try again when it is done.")
        self._busy = True
        try:
            unfinished = unfinished_for(to)
            await self._later(self._threads.write, lambda: store.copy_to(unfinished, self._threads.write_what_waits))
            await self._later(self._threads.aside, lambda: finish(unfinished, to))
        except StoreError as error:
            raise Refusal("unavailable", str(error)) from error
        finally:
            self._busy = False

    async def _later(self, lane: Callable[..., None], work: Callable[[], None]) -> None:
        done: Later[None] = Later()
        lane(work, done.arrive)
        await done


def prune(folder: Path, keep: int) -> None:
    """Delete the oldest copies that were made by schedule or without a name, but for so many."""
    for file in sorted(folder.glob(PATTERN), reverse=True)[keep:]:
        file.unlink()
