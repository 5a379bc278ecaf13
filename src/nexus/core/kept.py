"""What is counted by source, in a table that is bounded; and what of it other nodes are told, and tell."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

MOST = 10_000
"""Sources that are remembered; the one longest unused is forgotten."""


class Limit(Protocol):
    """What a source may still use."""

    used: float
    """What was used here and other nodes were not told yet."""

    def count(self, uses: float, now: float) -> None:
        """So much was used on another node."""


L = TypeVar("L", bound=Limit)


class Kept(Generic[L]):
    """The limit of each source, new and whole where there was none."""

    def __init__(self, make: Callable[[float], L], most: int = MOST) -> None:
        self._make = make
        self._most = most
        self._kept: OrderedDict[str, L] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, who: str, now: float) -> L:
        """The limit of a source."""
        limit = self._kept.get(who)
        if limit is None:
            limit = self._kept[who] = self._make(now)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(who)
        return limit

    def to_tell(self, most: int) -> list[tuple[str, float]]:
        """What was used since it was last told, of so many sources; the others are told of later."""
        used = [(who, limit) for who, limit in self._kept.items() if limit.used]
        told = [(who, limit.used) for who, limit in used[:most]]
        for _, limit in used[:most]:
            limit.used = 0.0
        return told
