"""What an operator wants to find in the log: logins that failed, codes that were refused, what was done to accounts."""

import structlog

from nexus.ports import Clock

EVERY = 1.0
"""Seconds between two lines of one kind, at least; how many were left out is said by the next one."""

log = structlog.get_logger()


class Notable:
    """Lines of the log that are all alike, so that a program may watch for them (docs/operate.md)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told: dict[str, float] = {}
        self._left_out: dict[str, int] = {}

    def tell(self, kind: str, **values: object) -> None:
        """Log it, unless one of its kind was logged a moment ago."""
        now = self._clock.now()
        if now - self._told.get(kind, now - EVERY) < EVERY:
            self._left_out[kind] = self._left_out.get(kind, 0) + 1
            return
        self._told[kind] = now
        left_out = self._left_out.pop(kind, 0)
        log.warning(kind, **values, **({"left_out": left_out} if left_out else {}))
