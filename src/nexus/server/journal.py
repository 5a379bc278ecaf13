"""Group commit: everything that waits goes to the store in one transaction and comes back in one step."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import structlog

from nexus.core.changes import Change, Failed, PostOutcome, Recorded
from nexus.core.log import Record
from nexus.ports import Clock, Store, Threads, Unavailable
from nexus.protocol.kinds import text_of
from nexus.protocol.refusals import not_stored
from nexus.protocol.types import Ref
from nexus.server.counters import Counters
from nexus.server.later import Later
from nexus.server.sessions import Connection
from nexus.server.turns import Turns, Waiting

R = TypeVar("R")

log = structlog.get_logger()

COST = 200
"""Bytes that a waiting record weighs besides its text, roughly."""

FULL = 12_000
"""Microseconds of work after which a group takes no more; what comes then waits, by turns."""

POST, NAME, EDIT = 4, 4, 300
"""Microseconds that storing takes: a message, each name to look up, a change to one or anything else."""

CHARACTERS = 100
"""Characters that are stored in a microsecond; those of a changed text go through the index, one each."""

SENT = 5000
"""Bytes that are sent in a microsecond, to all listeners together."""

SHARE = 4
"""The part of all that may wait that is not one source's alone."""


class Group:
    """What is committed together; after each post who is to hear of it, after each change who waits for it."""

    __slots__ = ("authors", "changes", "posts", "size", "waiters", "work")

    def __init__(self) -> None:
        self.posts: list[Record] = []
        self.authors: list[tuple[Connection, Ref]] = []
        self.changes: list[Change[Any]] = []
        self.waiters: list[Later[Any]] = []
        self.size = 0
        """Bytes, roughly."""
        self.work = 0
        """Microseconds that it takes, roughly."""

    def __len__(self) -> int:
        return len(self.posts) + len(self.changes)

    def records(self) -> list[Record]:
        """All that wants to be an event of a room."""
        return self.posts + [change.record for change in self.changes if isinstance(change, Recorded)]


def work_of(record: Record, size: int, listeners: int) -> int:
    """Microseconds that a message of so many bytes takes of the writer and of the loop, which sends it to listeners."""
    return POST + size // CHARACTERS + NAME * len(record.names) + size * listeners // SENT


class Result(NamedTuple):
    """What became of each post and each change of a group, in order."""

    posts: list[PostOutcome]
    changes: list[Any]


MANY = 16
"""Entries of a group after which the next one is worth waiting for."""

GATHER = 0.001
"""Seconds that it waits: a commit costs about as much whether it is for fifty or for a hundred."""

Committed = Callable[[Group, Result | Unavailable], None]


def _bring(later: Later[Any], outcome: object) -> None:
    """Let those who wait go on; should one of them fail, that is no reason for the others to wait for ever."""
    try:
        later.arrive(not_stored() if isinstance(outcome, Failed) else outcome)
    except Exception:  # a bug in what goes on
        log.exception("what waited for a change failed")


class Journal:
    """One group at a time is in the writer's thread; the next one gathers meanwhile.

    `committed` hears what became of each group before the next one is submitted, and before those who wait for their
    changes go on.
    """

    def __init__(self, store: Store, threads: Threads, clock: Clock, counters: Counters, committed: Committed) -> None:
        self._store = store
        self._threads = threads
        self._clock = clock
        self._counters = counters
        self._committed = committed
        self.waiting_bytes = 0
        """How much waits for the disk or is on its way there, in bytes of text and a little each."""
        self._next = Group()
        self._turns = Turns()
        self._writing: Group | None = None
        self._began = 0.0
        self._idle: list[Later[None]] = []

    def is_full(self, most: int, source: str) -> bool:
        """Whether so many bytes wait for the disk, or a large part of that from one source."""
        share = most // SHARE
        return self.waiting_bytes > most or (self._turns.size > share and self._turns.size_of(source) > share)

    def post(self, record: Record, connection: Connection, ref: Ref, *, size: int, work: int, source: str = "") -> None:
        """A message wants to be stored; its author gets the reply with the events of the group.

        The `size` is in bytes, the `work` as `work_of` has it. Where the source is not known nothing waits for a turn.
        """
        self.waiting_bytes += size
        group = self._next
        if source and (group.work >= FULL or (self._turns.count and source in self._turns)):
            self._turns.put(source, Waiting(record, size, work, connection, ref))
            return
        if not group.work:
            self._begin()
        group.size += size
        group.work += work
        group.posts.append(record)
        group.authors.append((connection, ref))

    def change(self, change: Change[R], source: str = "") -> Later[R]:
        """Something else wants to be stored; its outcome, or Unavailable, arrives after what it says is delivered.

        What comes from the same `source` is stored in its order.
        """
        later: Later[R] = Later()
        size, work = 0, EDIT
        if isinstance(change, Recorded):
            text = text_of(change.record.event)
            size, work = len(text) + COST, EDIT + len(text)
        self.waiting_bytes += size
        group = self._next
        if source and (group.work >= FULL or (self._turns.count and source in self._turns)):
            self._turns.put(source, Waiting(change, size, work, None, later))
            return later
        if not group.work:
            self._begin()
        self._add_change(change, later, size, work)
        return later

    def _add_change(self, change: Change[Any], later: Later[Any], size: int, work: int) -> None:
        group = self._next
        group.size += size
        group.work += work
        group.changes.append(change)
        group.waiters.append(later)

    def _refill(self) -> None:
        """What waits goes into the next group, by turns, as much as fits."""
        group = self._next
        while self._turns.count and group.work < FULL:
            entry, size, work, connection, reply = self._turns.take()
            if isinstance(entry, Record):
                assert connection is not None
                group.size += size
                group.work += work
                group.posts.append(entry)
                group.authors.append((connection, reply))  # type: ignore[arg-type]  # a post has a ref
            else:
                self._add_change(entry, reply, size, work)  # type: ignore[arg-type]  # a change has one who waits

    def renamed(self, author: int, name: str) -> None:
        """What waits of an author is said under the name that they have now; else they would not know it as theirs."""
        waiting = [entry for entry, *_ in self._turns]
        more = [one if isinstance(one, Record) else one.record for one in waiting if isinstance(one, Record | Recorded)]
        for record in self._next.records() + more:
            if record.author == author:
                record.event.by = name

    def idle(self) -> Later[None]:
        """Arrives when nothing waits and nothing is being written."""
        later: Later[None] = Later()
        if self._next or self._writing is not None:
            self._idle.append(later)
        else:
            later.arrive(None)
        return later

    def _begin(self) -> None:
        # After what is being handled now: all that one wave of reads brought shares a group.
        if self._writing is None:
            self._clock.soon(self._submit)

    def _submit(self) -> None:
        if self._writing is not None or not self._next:
            return
        group, self._next = self._next, Group()
        self._refill()
        self._writing = group
        self._began = self._clock.now()
        self._threads.write(
            lambda: self._store.commit(group.posts, group.changes), lambda result: self._written(group, result)
        )

    def _gather(self, size: int) -> None:
        """Submit the next group; where many talk at once, let those who were just answered join it."""
        if size < MANY:
            self._submit()
        else:
            self._clock.later(GATHER, self._submit)

    def _written(self, group: Group, outcomes: tuple[list[PostOutcome], list[Any]] | Exception) -> None:
        if isinstance(outcomes, Exception):
            self._counters.failed_groups += 1
            if not isinstance(outcomes, Unavailable):
                outcomes = Unavailable(f"The store failed: {outcomes!r}.")
            result: Result | Unavailable = outcomes
        else:
            self._counters.group(len(group), self._clock.now() - self._began)
            result = Result(*outcomes)
        try:
            # Handed out before the next group is submitted: measured, groups grow and more gets through.
            self._committed(group, result)
            for index, later in enumerate(group.waiters):
                _bring(later, result if isinstance(result, Unavailable) else result.changes[index])
        finally:
            self._writing = None
            self.waiting_bytes -= group.size
            if self._next:
                self._gather(len(group))
            else:
                waiting, self._idle = self._idle, []
                for one in waiting:
                    one.arrive(None)
