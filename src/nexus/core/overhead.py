"""What a connection costs beside the commands it is allowed: bad frames, pings, empty fragments, refusals.

Work is counted in units of about a microsecond of the event loop, by prices that are known beforehand, so that
nothing has to be measured. A connection has a small allowance of its own; what goes beyond is taken from the share
of its address, and who is in debt there is read again when the debt is paid. So a flood waits for itself, and an
honest connection behind the same address, which needs no more than its allowance, does not wait with it.
"""

from nexus.core.kept import Kept, Limit

REFUSAL = 60.0
"""The price of a command that is refused, with its answer."""

CONTROL = 15.0
"""The price of a ping or a pong."""

FRAGMENT = 3.0
"""The price of one more fragment of a message."""

BAD_BYTE = 0.02
"""The price of each byte of a frame that is no command, since it is read twice to say what is wrong."""

SHORTEST, LONGEST = 0.1, 5.0
"""Seconds that a connection in debt is left unread, at least and at most."""

END = 500_000.0
"""A connection that owes so much beyond its own allowance is ended."""


class Share(Limit):
    """Work that is paid back with time: `rate` units a second, and `most` at once."""

    __slots__ = ("at", "left", "most", "rate")

    def __init__(self, rate: float, most: float, now: float) -> None:
        super().__init__()
        self.rate = rate
        self.most = most
        self.left = most
        self.at = now

    def spend(self, work: float, now: float) -> float:
        """Take work, into debt too; returns what is left, which is negative while there is a debt."""
        self.use(work)
        self.count(work, now)
        return self.left

    def count(self, uses: float, now: float) -> None:
        """So much was used elsewhere."""
        self.left = min(self.left + (now - self.at) * self.rate, self.most) - uses
        self.at = now


class Shares(Kept[Share]):
    """The share of each address; those that no proxy names have one together."""

    RATE = 50_000.0
    MOST = 50_000.0

    def __init__(self) -> None:
        super().__init__(lambda now: Share(self.RATE, self.MOST, now))


class Overhead:
    """What one connection causes; `spent` is all of it."""

    RATE = 200.0
    MOST = 1_000.0

    __slots__ = ("_own", "_shares", "spent")

    def __init__(self, shares: Shares, now: float) -> None:
        self._shares = shares
        self._own = Share(self.RATE, self.MOST, now)
        self.spent = 0.0

    def spend(self, work: float, address: str, now: float) -> float:
        """Count work; returns the seconds for which nothing more is read from the connection, 0.0 for none."""
        self.spent += work
        left = self._own.spend(work, now)
        if left >= 0:
            return 0.0
        share = self._shares.of(address, now)
        debt = -share.spend(min(work, -left), now)
        return min(max(debt / share.rate, SHORTEST), LONGEST) if debt > 0 else 0.0

    @property
    def beyond_bearing(self) -> bool:
        """Whether the connection went on for so long that it is ended."""
        return self._own.left < -END
