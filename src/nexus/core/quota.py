"""How much one may store in a day: a share that is paid back with time, as the one of `overhead` is."""

from collections import OrderedDict

from nexus.core.overhead import Share

DAY = 86_400.0
"""Seconds."""

POCKET = 4096
"""Bytes that a session takes from its shares at once, so that not each message has to ask for them."""

MOST = 10_000
"""Sources whose share is remembered; the one longest unused is forgotten."""


class Daily:
    """The share of each source: `most` at once, and as much again in a day."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._kept: OrderedDict[str, Share] = OrderedDict()

    def of(self, source: str, now: float) -> Share:
        """The share of a source."""
        share = self._kept.get(source)
        if share is None:
            share = self._kept[source] = Share(self._most / DAY, self._most, now)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(source)
        return share


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
