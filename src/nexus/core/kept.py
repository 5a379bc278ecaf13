"""What is counted by source, in a table that is bounded; and what of it other nodes are told, and tell."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, TypeVar

MOST = 10_000
"""Sources that are remembered; the one longest unused is forgotten."""


class Limit:
    """What a source may still use."""

    __slots__ = ("noted", "used", "who")

    def __init__(self) -> None:
        self.who = ""
        self.used = 0.0
        """What was used here and other nodes were not told yet."""
        self.noted: dict[str, Any] | None = None
        """Where it notes that it was used, if anybody wants to know."""

    def use(self, uses: float) -> None:
        """So much was used here, or given back."""
        if self.noted is not None:
            self.noted[self.who] = self
            self.used += uses

    def count(self, uses: float, now: float) -> None:
        """So much was used on another node."""
        raise NotImplementedError


L = TypeVar("L", bound=Limit)


class Kept(Generic[L]):
    """The limit of each source, new and whole where there was none."""

    def __init__(self, make: Callable[[float], L], most: int = MOST) -> None:
        self._make = make
        self._most = most
        self._kept: OrderedDict[str, L] = OrderedDict()
        self._noted: dict[str, L] | None = None

    def note(self) -> None:
        """From now on it is noted what is used, for others to be told."""
        self._noted = {}

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, who: str, now: float) -> L:
        """The limit of a source."""
        limit = self._kept.get(who)
        if limit is None:
            limit = self._kept[who] = self._make(now)
            limit.who, limit.noted = who, self._noted
            if len(self._kept) > self._most:
                gone, _ = self._kept.popitem(last=False)
                if self._noted is not None:
                    self._noted.pop(gone, None)
        else:
            self._kept.move_to_end(who)
        return limit

    def to_tell(self, most: int) -> list[tuple[str, float]]:
        """What was used since it was last told, of so many sources; the others are told of later."""
        noted, told = self._noted or {}, []
        for who in list(noted)[:most]:
            limit = noted.pop(who)
            if limit.used:  # and not given back
                told.append((who, limit.used))
                limit.used = 0.0
        return told
