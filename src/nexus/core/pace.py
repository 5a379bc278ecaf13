"""How fast one may be: a bucket that empties with every use and fills with time."""

from nexus.core.kept import Limit


class Bucket(Limit):
    """Lets `burst` uses through at once and `rate` a second in the long run; a rate of 0 lets everything through."""

    __slots__ = ("at", "burst", "left", "rate")

    def __init__(self, rate: float, burst: int, now: float) -> None:
        super().__init__()
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
        self.use(uses)
        return 0.0

    def give_back(self) -> None:
        """What was used does not count after all."""
        self.left = min(self.left + 1, self.burst)
        self.use(-1)

    def count(self, uses: float, now: float) -> None:
        """So much was used elsewhere, into debt too; what is less than nothing was given back there."""
        left = min(self.left + (now - self.at) * self.rate, self.burst) - uses
        self.at = now
        self.left = max(min(left, self.burst), -self.burst)
