"""How often passwords and codes may be guessed: only failures count, and nobody can use up another's tries."""

from collections import OrderedDict

from nexus.core.kept import Kept
from nexus.core.pace import Bucket
from nexus.ports import Clock
from nexus.protocol.refusals import Refusal
from nexus.settings import Pace

MANY_NAMES = 20
"""Times as often a source may fail at all names together: in a class behind one address many mistype."""

MANY_SOURCES = 2
"""Times as often all sources together may fail at one name: one of them alone cannot use that up."""

MOST_KNOWN = 10_000
"""Pairs of a name and a source that are remembered."""


class Try:
    """One password or code that is tried: it counts, unless it turns out not to be wrong."""

    def __init__(self, buckets: list[Bucket]) -> None:
        self._buckets = buckets

    def forgive(self) -> None:
        """It was right, or nobody looked at it."""
        for bucket in self._buckets:
            bucket.give_back()


class Guesses:
    """Counts failures by source and name, by source, and by name over those sources where it never succeeded."""

    def __init__(self, pace: Pace, clock: Clock) -> None:
        rate, burst = pace.logins, pace.logins_burst
        self._pairs = Kept(lambda now: Bucket(rate, burst, now))
        self._sources = Kept(lambda now: Bucket(rate * MANY_NAMES, burst * MANY_NAMES, now))
        self._names = Kept(lambda now: Bucket(rate * MANY_SOURCES, burst * MANY_SOURCES, now))
        self._codes = Kept(lambda now: Bucket(rate * MANY_NAMES, burst * MANY_NAMES, now))
        self.limits = {"pair": self._pairs, "source": self._sources, "name": self._names, "code": self._codes}
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._learned: list[tuple[str, str]] = []
        self._clock = clock

    def begin(self, source: str, key: str) -> Try:
        """Count a try before it is made, as many may be made at once; raises Refusal `too_fast`."""
        now = self._clock.now()
        wanted = [self._pairs.of(f"{source} {key}", now)]
        if source:
            wanted.append(self._sources.of(source, now))
        if (key, source) not in self._known:
            wanted.append(self._names.of(key, now))
        taken: list[Bucket] = []
        for bucket in wanted:
            wait = bucket.take(now)
            if wait:
                Try(taken).forgive()
                raise Refusal("too_fast", f"Too many failed attempts; wait {wait:.0f} s.", wait)
            taken.append(bucket)
        return Try(taken)

    def begin_code(self, source: str) -> Try:
        """Count the try of a one-time code or an invitation, which has no name; raises Refusal `too_fast`."""
        now = self._clock.now()
        bucket = self._codes.of(source, now)
        wait = bucket.take(now)
        if wait:
            raise Refusal("too_fast", f"Too many codes that are not valid; wait {wait:.0f} s.", wait)
        return Try([bucket])

    def succeeded(self, source: str, key: str) -> None:
        """Remember where an account logged in: what others fail at elsewhere does not count there."""
        if (key, source) not in self._known and len(self._learned) < MOST_KNOWN:
            self._learned.append((key, source))
        self.know(key, source)

    def know(self, key: str, source: str) -> None:
        """The account of that key logged in there, on this node or another."""
        self._known[key, source] = None
        self._known.move_to_end((key, source))
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    def to_tell(self, most: int) -> list[tuple[str, str]]:
        """Where accounts logged in that other nodes were not told of yet."""
        told, self._learned = self._learned[:most], self._learned[most:]
        return told
