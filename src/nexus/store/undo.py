"""Writing tables in memory so that it can be undone."""

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Undoing:
    """Remembers how to take back what was written since the last `clear`."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], object]] = []

    def _put(self, table: dict[K, V], key: K, value: V) -> None:
        """Write, so that it can be undone."""
        if key in table:
            before = table[key]
            self._undo.append(lambda: table.update({key: before}))
        else:
            self._undo.append(lambda: table.pop(key))
        table[key] = value

    def _drop(self, table: dict[K, V], key: K) -> bool:
        """Delete, so that it can be undone; false where it was not there."""
        if key not in table:
            return False
        before = table.pop(key)
        self._undo.append(lambda: table.update({key: before}))
        return True

    def _undo_to(self, size: int) -> None:
        """Take back all but the first writes."""
        while len(self._undo) > size:
            self._undo.pop()()
