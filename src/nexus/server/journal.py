"""Group commit: everything that waits goes to the store in one transaction and comes back in one step."""

from collections.abc import Callable
from typing import Any

from nexus.core.entries import Change, Draft, Entry, Outcome
from nexus.ports import Clock, Listener, Store, Threads, Unavailable
from nexus.protocol.types import Ref
from nexus.server.counters import Counters
from nexus.server.later import Later

Asker = tuple[Listener, Ref] | Later[Any]
Waiting = list[tuple[Entry, Asker]]
Committed = Callable[[Waiting, list[Outcome] | Unavailable], None]

COST = 200
"""Bytes that a waiting entry weighs besides its text, roughly."""


class Journal:
    """One group at a time is in the writer's thread; the next one gathers meanwhile."""

    def __init__(self, store: Store, threads: Threads, clock: Clock, counters: Counters) -> None:
        self._store = store
        self._threads = threads
        self._clock = clock
        self._counters = counters
        self.committed: Committed
        self._waiting: Waiting = []
        self._writing = False
        self._began = 0.0
        self._idle: list[Later[None]] = []
        self._fresh_bytes = 0
        self._group_bytes = 0

    @property
    def waiting_bytes(self) -> int:
        """How much waits for the disk or is on its way there, in bytes of text and a little each."""
        return self._fresh_bytes + self._group_bytes

    def post(self, draft: Draft, listener: Listener, ref: Ref) -> None:
        """A message wants to be stored; `committed` hears what became of it."""
        self._fresh_bytes += len(draft.text) + COST
        self._add(draft, (listener, ref))

    def change(self, change: Change) -> Later[Any]:
        """Something else wants to be stored; the outcome, or Unavailable, arrives after `committed`."""
        later: Later[Any] = Later()
        self._add(change, later)
        return later

    def renamed(self, author: int, name: str) -> None:
        """What waits of an author is said under the name that they have now; else they would not know it as theirs."""
        for entry, _ in self._waiting:
            draft = getattr(entry, "draft", entry)
            if isinstance(draft, Draft) and draft.author == author:
                draft.by = name

    def idle(self) -> Later[None]:
        """Arrives when nothing waits and nothing is being written."""
        later: Later[None] = Later()
        if self._waiting or self._writing:
            self._idle.append(later)
        else:
            later.arrive(None)
        return later

    def _add(self, entry: Entry, asker: Asker) -> None:
        # After what is being handled now: all that one wave of reads brought shares a group.
        if not self._waiting and not self._writing:
            self._clock.soon(self._submit)
        self._waiting.append((entry, asker))

    def _submit(self) -> None:
        if self._writing or not self._waiting:
            return
        group, self._waiting = self._waiting, []
        self._group_bytes, self._fresh_bytes = self._fresh_bytes, 0
        self._writing = True
        self._began = self._clock.now()
        entries = [entry for entry, _ in group]
        self._threads.write(lambda: self._store.commit(entries), lambda result: self._written(group, result))

    def _written(self, group: Waiting, result: list[Outcome] | Exception) -> None:
        if isinstance(result, Exception):
            self._counters.failed_groups += 1
            if not isinstance(result, Unavailable):
                result = Unavailable(f"The store failed: {result!r}.")
        else:
            self._counters.group(len(group), self._clock.now() - self._began)
        try:
            # Handed out before the next group is submitted: measured, groups grow and more gets through.
            self.committed(group, result)
        finally:
            self._writing = False
            self._group_bytes = 0
            if self._waiting:
                self._submit()
            else:
                waiting, self._idle = self._idle, []
                for later in waiting:
                    later.arrive(None)
