"""What waits because a group is full: each source's in its order, and the sources by turns."""

from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Any, NamedTuple

from nexus.core.changes import Change
from nexus.core.log import Record
from nexus.protocol.types import Ref
from nexus.server.later import Later
from nexus.server.sessions import Connection


class Waiting(NamedTuple):
    """A post with who is to hear of it, or a change with who waits for it."""

    entry: Record | Change[Any]
    size: int
    work: int
    connection: Connection | None
    reply: Ref | Later[Any]


class Turns:
    """Entries by source; a source that has much waits for itself."""

    def __init__(self) -> None:
        self._lanes: OrderedDict[str, deque[Waiting]] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self.size = 0
        """Bytes of all, roughly."""
        self.count = 0
        """How many they are."""

    def __contains__(self, source: str) -> bool:
        return source in self._lanes

    def __iter__(self) -> Iterator[Waiting]:
        return (waiting for lane in self._lanes.values() for waiting in lane)

    def size_of(self, source: str) -> int:
        """Bytes that wait of a source."""
        return self._sizes.get(source, 0)

    def put(self, source: str, waiting: Waiting) -> None:
        """Behind all that waits of the same source."""
        lane = self._lanes.get(source)
        if lane is None:
            lane = self._lanes[source] = deque()
        lane.append(waiting)
        self._sizes[source] = self._sizes.get(source, 0) + waiting.size
        self.size += waiting.size
        self.count += 1

    def take(self) -> Waiting:
        """The first of the source whose turn it is; it is last in line then."""
        source, lane = next(iter(self._lanes.items()))
        waiting = lane.popleft()
        self.size -= waiting.size
        self.count -= 1
        if lane:
            self._lanes.move_to_end(source)
            self._sizes[source] -= waiting.size
        else:
            del self._lanes[source], self._sizes[source]
        return waiting
