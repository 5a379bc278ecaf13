"""The newest stretch of each room's log, kept in memory, bounded in events and in bytes."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from nexus.protocol.events import Passing, RoomEvent
from nexus.protocol.replies import Done, Refused

Message = RoomEvent | Passing | Done | Refused
"""Anything that a server sends."""

WEIGHT = 300
"""Bytes that an event takes in memory besides its text, roughly."""


class Dialect(Protocol):
    """How a listener wants its frames; what is encoded is the same for everyone with that dialect."""

    def encode(self, message: Message) -> bytes:
        """One message as a frame; frames are joined by writing one after the other."""


class Tail:
    """A room's newest events without a hole, `first` to `last`, and beside each its frame in any dialect."""

    __slots__ = ("_frames", "events", "first", "most", "size")

    def __init__(self, after: int, most: int) -> None:
        self.first = after + 1
        self.most = most
        self.events: list[RoomEvent] = []
        self.size = 0
        self._frames: dict[Dialect, list[bytes | None]] = {}

    @property
    def last(self) -> int:
        """The newest seq held; one less than `first` where nothing is."""
        return self.first + len(self.events) - 1

    def extend(self, events: Sequence[RoomEvent]) -> int:
        """Append the events that follow `last`; returns by how many bytes the tail grew (or shrank)."""
        before = self.size
        self.events.extend(events)
        self.size += sum(map(_weight, events))
        for frames in self._frames.values():
            frames.extend([None] * len(events))
        if len(self.events) > self.most + self.most // 4:  # a quarter at a time, so that it rarely costs
            self._drop(len(self.events) - self.most)
        return self.size - before

    def forget(self, before: int) -> int:
        """Forget what comes before a seq; returns by how many bytes the tail shrank."""
        size = self.size
        self._drop(min(max(before - self.first, 0), len(self.events)))
        return size - self.size

    def _drop(self, count: int) -> None:
        self.size -= sum(map(_weight, self.events[:count]))
        del self.events[:count]
        for frames in self._frames.values():
            self.size -= sum([len(frame) for frame in frames[:count] if frame is not None])
            del frames[:count]
        self.first += count

    def change(self, seq: int, change: Callable[[RoomEvent], RoomEvent]) -> int:
        """Put another event in the place of one that is here; returns by how many bytes the tail grew (or shrank)."""
        index = seq - self.first
        if not 0 <= index < len(self.events):
            return 0
        before = self.events[index]
        after = self.events[index] = change(before)
        if after is before:
            return 0
        grown = _weight(after) - _weight(before)
        for frames in self._frames.values():
            grown -= len(frames[index] or b"")
            frames[index] = None
        self.size += grown
        return grown

    def clear(self) -> int:
        """Forget everything held; returns by how many bytes the tail shrank."""
        size = self.size
        self.first = self.last + 1
        self.events.clear()
        self._frames.clear()
        self.size = 0
        return size

    def reaches(self, after: int) -> bool:
        """Whether every event with a seq above `after` is here."""
        return after + 1 >= self.first

    def frames(self, dialect: Dialect, after: int, upto: int, most: int) -> list[bytes]:
        """The frames of the events with after < seq <= upto, the oldest `most` of them; each is encoded once."""
        cached = self._frames.get(dialect)
        if cached is None:
            cached = self._frames[dialect] = [None] * len(self.events)
        start = after + 1 - self.first
        found: list[bytes] = []
        for index in range(start, min(start + most, upto + 1 - self.first)):
            frame = cached[index]
            if frame is None:
                frame = cached[index] = dialect.encode(self.events[index])
                self.size += len(frame)
            found.append(frame)
        return found

    def at(self, seq: int) -> int | None:
        """When an event happened, where it is here."""
        index = seq - self.first
        return self.events[index].at if 0 <= index < len(self.events) else None


class Tails:
    """Bounds the bytes of all rooms' tails: the room longest quiet loses its tail first."""

    def __init__(self, most: int) -> None:
        self.size = 0
        self._most = most
        self._recent: OrderedDict[Tail, None] = OrderedDict()

    def extend(self, tail: Tail, events: Sequence[RoomEvent]) -> None:
        """Append to a room's tail, and make room for it."""
        self.size += tail.extend(events)
        self._recent[tail] = None
        self._recent.move_to_end(tail)
        self._bound()

    def change(self, tail: Tail, seqs: Iterable[int], change: Callable[[RoomEvent], RoomEvent]) -> None:
        """Put other events in the place of those with these seqs, where a room's tail holds them."""
        self.size += sum([tail.change(seq, change) for seq in seqs])
        self._bound()

    def forget(self, tail: Tail, before: int) -> None:
        """Forget what a room's tail has of before a seq."""
        self.size -= tail.forget(before)

    def frames(self, tail: Tail, dialect: Dialect, after: int, upto: int, most: int) -> list[bytes]:
        """The frames of a stretch of a room's tail, as `Tail.frames`; what is encoded now counts as well."""
        before = tail.size
        frames = tail.frames(dialect, after, upto, most)
        self.size += tail.size - before
        if self.size > self._most:
            self._bound()
        return frames

    def _bound(self) -> None:
        while self.size > self._most and self._recent:
            quiet, _ = self._recent.popitem(last=False)
            self.size -= quiet.clear()

    def drop(self, tail: Tail) -> None:
        """Forget a room's tail."""
        self._recent.pop(tail, None)
        self.size -= tail.clear()


def _weight(event: RoomEvent) -> int:
    """Bytes that an event takes in memory, roughly: a text with any character beyond ASCII may take four for each."""
    text: str = getattr(event, "text", None) or ""
    return WEIGHT + (len(text) if text.isascii() else 4 * len(text))


def fitting(sizes: Iterable[int], most: int) -> int:
    """How many of the first things fit into `most` bytes, but at least one."""
    count = 0
    for size in sizes:
        most -= size
        if most < 0 and count:
            break
        count += 1
    return count
