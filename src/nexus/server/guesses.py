"""How often passwords and codes may be guessed: only failures count, and nobody can use up another's tries."""

from collections import OrderedDict, deque

from nexus.core.kept import Kept
from nexus.core.pace import Bucket
from nexus.ports import Clock
from nexus.protocol.refusals import Refusal
from nexus.server.later import Later
from nexus.settings import Pace

MANY_NAMES = 20
"""Times as often a source may fail at all names together: in a class behind one address many mistype."""

MANY_SOURCES = 2
"""Times as often all sources together may fail at one name: one of them alone cannot use that up."""

MOST_KNOWN = 10_000
"""Pairs of a name and a source that are remembered."""


MOST_WAITING = 250
"""Tries that wait for what comes of those before them, of one name or source."""


class Try:
    """One password or code that is tried: it counts, unless it turns out not to be wrong."""

    def __init__(self, taken: dict[str, Bucket], under_way: "dict[str, _UnderWay]") -> None:
        self._taken = taken
        self._under_way = under_way
        for name in taken:
            under_way.setdefault(name, _UnderWay()).count += 1

    def end(self, *, wrong: bool) -> None:
        """It was wrong; or it was right, or nobody looked at it, and does not count."""
        woken: list[Later[None]] = []
        for name, bucket in self._taken.items():
            if not wrong:
                bucket.give_back()
            lane = self._under_way[name]
            lane.count -= 1
            if not lane.count:
                del self._under_way[name]
                woken += lane.waiting
            elif lane.waiting and not wrong:
                woken.append(lane.waiting.popleft())
        for waiting in woken:
            waiting.arrive(None)


class _UnderWay:
    """Tries that count for the same and may turn out right, and those that wait for them."""

    def __init__(self) -> None:
        self.count = 0
        self.waiting: deque[Later[None]] = deque()


class Guesses:
    """Counts failures by source and name, by source, and by name over those sources where it never succeeded."""

    def __init__(self, pace: Pace, clock: Clock) -> None:
        rate, burst = pace.logins, pace.logins_burst
        self._pairs = Kept(lambda now: Bucket(rate, burst, now))
        self._sources = Kept(lambda now: Bucket(rate * MANY_NAMES, burst * MANY_NAMES, now))
        self._names = Kept(lambda now: Bucket(rate * MANY_SOURCES, burst * MANY_SOURCES, now))
        self._codes = Kept(lambda now: Bucket(rate * MANY_NAMES, burst * MANY_NAMES, now))
        self.limits = {"pair": self._pairs, "source": self._sources, "name": self._names, "code": self._codes}
        self._under_way: dict[str, _UnderWay] = {}
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._learned: list[tuple[str, str]] = []
        self._clock = clock

    async def begin(self, source: str, key: str) -> Try:
        """Count a try before it is made, as many may be made at once; raises Refusal `too_fast`.

        Where those that are under way would use up all there is, it waits for what comes of them: on a server that
        was started again, a class comes in with one account, or from one address.
        """
        counted = {f"pair {source} {key}": self._pairs.of(f"{source} {key}", self._clock.now())}
        if source:
            counted[f"source {source}"] = self._sources.of(source, self._clock.now())
        if (key, source) not in self._known:
            counted[f"name {key}"] = self._names.of(key, self._clock.now())
        return await self._take(counted, "Too many failed attempts")

    async def begin_code(self, source: str) -> Try:
        """Count the try of a one-time code or an invitation, which has no name; otherwise as `begin`."""
        counted = {f"code {source}": self._codes.of(source, self._clock.now())}
        return await self._take(counted, "Too many codes that are not valid")

    async def _take(self, counted: dict[str, Bucket], why: str) -> Try:
        while (full := self._full(counted)) is not None:
            name, wait = full
            lane = self._under_way.get(name)
            if lane is None or len(lane.waiting) >= MOST_WAITING:
                raise Refusal("too_fast", f"{why}; wait {wait:.0f} s.", wait)
            ended: Later[None] = Later()
            lane.waiting.append(ended)
            await ended
        return Try(counted, self._under_way)

    def _full(self, counted: dict[str, Bucket]) -> tuple[str, float] | None:
        """Take one of each; or none, the first that has none left and for how many seconds."""
        taken: list[Bucket] = []
        for name, bucket in counted.items():
            wait = bucket.take(self._clock.now())
            if wait:
                for one in taken:
                    one.give_back()
                return name, wait
            taken.append(bucket)
        return None

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
