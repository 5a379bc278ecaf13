"""The newest stretch of each room's log, kept in memory, encoded, bounded in events and in bytes."""

from collections import OrderedDict
from collections.abc import Callable, Iterable


class Tail:
    """A room's newest events without a hole: `first` to `last`, one payload each."""

    __slots__ = ("ats", "first", "most", "payloads", "size")

    def __init__(self, after: int, most: int) -> None:
        self.first = after + 1
        self.most = most
        self.ats: list[int] = []
        self.payloads: list[bytes] = []
        self.size = 0

    @property
    def last(self) -> int:
        """The newest seq held; one less than `first` where nothing is."""
        return self.first + len(self.payloads) - 1

    def extend(self, ats: Iterable[int], payloads: list[bytes]) -> int:
        """Append the events that follow `last`; returns by how many bytes the tail grew (or shrank)."""
        before = self.size
        self.ats.extend(ats)
        self.payloads.extend(payloads)
        self.size += sum(map(len, payloads))
        if len(self.payloads) > self.most + self.most // 4:  # a quarter at a time, so that it rarely costs
            self._drop(len(self.payloads) - self.most)
        return self.size - before

    def _drop(self, count: int) -> None:
        self.size -= sum(map(len, self.payloads[:count]))
        del self.payloads[:count]
        del self.ats[:count]
        self.first += count

    def amend(self, seq: int, change: Callable[[bytes], bytes]) -> int:
        """Change a payload that is here into another one; returns by how many bytes the tail grew (or shrank)."""
        index = seq - self.first
        if not 0 <= index < len(self.payloads):
            return 0
        before = self.payloads[index]
        after = self.payloads[index] = change(before)
        self.size += len(after) - len(before)
        return len(after) - len(before)

    def clear(self) -> int:
        """Forget everything held; returns by how many bytes the tail shrank."""
        size = self.size
        self.first = self.last + 1
        self.ats.clear()
        self.payloads.clear()
        self.size = 0
        return size

    def reaches(self, after: int) -> bool:
        """Whether every event with a seq above `after` is here."""
        return after + 1 >= self.first

    def between(self, after: int, upto: int, most: int) -> list[bytes]:
        """The payloads with after < seq <= upto, the oldest `most` of them."""
        start = after + 1 - self.first
        return self.payloads[start : min(start + most, upto + 1 - self.first)]

    def last_messages(self, count: int, is_message: Callable[[bytes], bool], most: int) -> int:
        """The seq after which the newest `count` messages begin; looks back over `most` events at most."""
        found = back = 0
        for payload in reversed(self.payloads[-most:]):
            if found == count:
                break
            back += 1
            found += is_message(payload)
        return self.last - back

    def at(self, seq: int) -> int | None:
        """When an event happened, where it is here."""
        index = seq - self.first
        return self.ats[index] if 0 <= index < len(self.ats) else None


class Tails:
    """Bounds the bytes of all rooms' tails: the room longest quiet loses its tail first."""

    def __init__(self, most: int) -> None:
        self.size = 0
        self._most = most
        self._recent: OrderedDict[Tail, None] = OrderedDict()

    def extend(self, tail: Tail, ats: Iterable[int], payloads: list[bytes]) -> None:
        """Append to a room's tail, and make room for it."""
        self.size += tail.extend(ats, payloads)
        self._recent[tail] = None
        self._recent.move_to_end(tail)
        self._bound()

    def amend(self, tail: Tail, seqs: Iterable[int], change: Callable[[bytes], bytes]) -> None:
        """Change payloads that a room's tail holds of those seqs."""
        self.size += sum([tail.amend(seq, change) for seq in seqs])
        self._bound()

    def _bound(self) -> None:
        while self.size > self._most:
            quiet, _ = self._recent.popitem(last=False)
            self.size -= quiet.clear()

    def drop(self, tail: Tail) -> None:
        """Forget a room's tail."""
        self._recent.pop(tail, None)
        self.size -= tail.clear()


def cut(payloads: list[bytes], size: int) -> list[bytes]:
    """As many of the oldest payloads as fit into `size` bytes, but at least one."""
    for index, payload in enumerate(payloads):
        size -= len(payload)
        if size < 0:
            return payloads[: max(index, 1)]
    return payloads
