"""What this node knows to be stored: a database that has less was replaced by an older copy, which must be noticed."""

from nexus.store import HistoryLost

MOST = 10_000
"""Rooms of which it is known where they end."""


class Known:
    """Where rooms ended when this node last saw them; used by several threads.

    Anyone who asks the database takes what is known before, since others may see more while the answer is on its way.
    """

    def __init__(self) -> None:
        self._heads: dict[int, int] = {}

    def of(self, room: int) -> int:
        """Where a room ended at least; 0 where that is not known."""
        return self._heads.get(room, 0)

    def note(self, room: int, head: int) -> None:
        """A room ended there."""
        if len(self._heads) >= MOST:
            self._heads.clear()
        if head > self._heads.get(room, 0):
            self._heads[room] = head

    def check(self, room: int, before: int, head: int) -> None:
        """What the database answered, where `before` was known when it was asked; raises HistoryLost."""
        if head < before:
            raise HistoryLost(
                f"The database lacks messages that were stored: room {room} ended with {before} and ends with {head} "
                "now, as after a failover to a copy that did not have them."
            )
        self.note(room, head)

    def forget(self, room: int) -> None:
        """The room is not to be, and its number may become another's."""
        self._heads.pop(room, None)
