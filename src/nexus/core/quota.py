"""How much one may store in a day: a share that is paid back with time, as the one of `overhead` is."""

from nexus.core.kept import Kept
from nexus.core.overhead import Share

DAY = 86_400.0
"""Seconds."""

POCKET = 4096
"""Bytes that a session takes from its shares at once, so that not each message has to ask for them."""


class Daily(Kept[Share]):
    """The share of each source: `most` at once, and as much again in a day."""

    def __init__(self, most: float) -> None:
        super().__init__(lambda now: Share(most / DAY, most, now))


class Allowance:
    """What a session may store: as much as all of its shares have left, taken a pocketful at a time."""

    __slots__ = ("_pocket", "_shares")

    def __init__(self, shares: tuple[Share, ...] = ()) -> None:
        self._shares = shares
        self._pocket = 0

    def spend(self, size: int, now: float) -> bool:
        """Count bytes; false where a share has none left, and then nothing is counted."""
        left = self._pocket - size
        if left >= 0 or not self._shares:
            self._pocket = left
            return True
        if any(share.spend(0, now) <= 0 for share in self._shares):
            return False
        for share in self._shares:
            share.spend(POCKET - left, now)
        self._pocket = POCKET
        return True
