"""How fast one may be: a bucket that empties with every use and fills with time."""

from collections import OrderedDict
from collections.abc import Callable


class Bucket:
    """Lets `burst` uses through at once and `rate` a second in the long run; a rate of 0 lets everything through."""

    __slots__ = ("at", "burst", "left", "rate")

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self.rate = rate
        self.burst = burst
        self.left = float(burst)
        self.at = now

    def take(self, now: float, uses: int = 1) -> float:
        """Use once, or at the price of some uses; 0.0 where that was allowed, else the seconds to wait for it."""
        if not self.rate:
            return 0.0
        left = self.left + (now - self.at) * self.rate
        self.at = now
        self.left = left = min(left, self.burst)
        uses = min(uses, self.burst)
        if left < uses:
            return (uses - left) / self.rate
        self.left = left - uses
        return 0.0

    def give_back(self) -> None:
        """What was used does not count after all."""
        self.left = min(self.left + 1, self.burst)


class Buckets:
    """A bucket for each address or name; forgets the one longest unused when there are too many."""

    def __init__(self, make: Callable[[float], Bucket], most: int = 10_000) -> None:
        self._make = make
        self._most = most
        self._kept: OrderedDict[str, Bucket] = OrderedDict()

    def of(self, who: str, now: float) -> Bucket:
        """The bucket of an address or name, new and full where there was none."""
        bucket = self._kept.get(who)
        if bucket is None:
            bucket = self._kept[who] = self._make(now)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(who)
        return bucket
