"""What sources use of their limits is counted over all nodes together: each tells the others, twice a second.

What a source may use is so exceeded at most by what all nodes let through until they heard of each other; and by what
they let through while the bus is away, since each node then counts by itself.
"""

from collections.abc import Callable, Mapping
from typing import Any

from nexus.core.announcing import Announcement, Spent
from nexus.core.kept import Kept
from nexus.ports import Clock
from nexus.server.guesses import Guesses

EVERY = 0.5
"""Seconds between two times that others are told."""

MOST = 500
"""Sources of each limit, and places of accounts, that are told of at once."""


class Spending:
    """Tells, and hears."""

    def __init__(self, run: int, limits: Mapping[str, Kept[Any]], guesses: Guesses, clock: Clock) -> None:
        self._run = run
        self._limits = limits
        self._guesses = guesses
        self._clock = clock
        for kept in limits.values():
            kept.note()
        self.tell: Callable[[Announcement], None] = lambda _: None

    def begin(self) -> None:
        """Tell again and again what was used."""
        spent = tuple(
            Spent(name, source, uses) for name, kept in self._limits.items() for source, uses in kept.to_tell(MOST)
        )
        known = tuple(self._guesses.to_tell(MOST))
        if spent or known:
            self.tell(Announcement(self._run, spent=spent, known=known))
        self._clock.later(EVERY, self.begin)

    def hear(self, heard: Announcement) -> None:
        """Another node says what was used there."""
        now = self._clock.now()
        for one in heard.spent:
            kept = self._limits.get(one.limit)
            if kept is not None:
                kept.of(one.source, now).count(one.uses, now)
        for key, source in heard.known:
            self._guesses.know(key, source)
