"""A fair share of the work for each source: what is over it waits behind others' work, and is refused only late."""

import heapq
from collections import Counter, OrderedDict, deque
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_network
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

Sources = tuple[str, ...]
"""Where work comes from: an address, the wider networks around an IPv6 one, and the account where there is one."""

NOBODY: Sources = ("",)
"""The node's own work, and that of people who are not known yet."""

ROWS_A_MILLISECOND = 50
BYTES_A_MILLISECOND = 65_536
"""What reading costs beside its time, so that work counts where no time is seen to pass."""

LEAST = 0.1
"""Milliseconds that any work counts, for having been handed over and back."""

NETWORKS = ((64, 1.0), (56, 4.0), (48, 16.0))
"""The networks around an IPv6 address, and how many addresses' share each of them has."""


class Cost(NamedTuple):
    """What a piece of work took."""

    milliseconds: float = 0.0
    rows: int = 0
    size: int = 0

    def units(self) -> float:
        """All of it, as milliseconds."""
        return LEAST + self.milliseconds + self.rows / ROWS_A_MILLISECOND + self.size / BYTES_A_MILLISECOND


@lru_cache(maxsize=4096)
def sources_of(address: str, account: int | None = None) -> Sources:
    """The sources of someone who speaks from an address, which may be the /64 of an IPv6 one, and as an account."""
    sources = [address]
    if ":" in address:
        try:
            network = ip_network(address, strict=False)
        except ValueError:  # what a proxy said is no address: it is a source all the same
            pass
        else:
            assert isinstance(network, IPv6Network)
            start = int(IPv6Address(network.network_address))
            sources = [str(IPv6Network((start, bits), strict=False)) for bits, _ in NETWORKS]
    return tuple(sources) if account is None else (*sources, f"account {account}")


def share_of(source: str) -> float:
    """How many times an address's share a source has."""
    _, slash, bits = source.rpartition("/")
    return next((share for wide, share in NETWORKS if str(wide) == bits), 1.0) if slash else 1.0


class Shares:
    """How much work each source has had, as points in a time that goes on with the work that is begun.

    A source at rest has no debt and need not be kept. Where the table is full of those that have one, the others share
    an entry.
    """

    OVERFLOW = "the others"

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._points: OrderedDict[str, float] = OrderedDict()
        self.now = 0.0

    def __len__(self) -> int:
        return len(self._points)

    def point(self, sources: Sources) -> float:
        """When, in that time, it is the turn of their next work: the later, the more of it they have had."""
        return max([self._points.get(self._kept(source), 0.0) for source in sources], default=0.0)

    def charge(self, sources: Sources, units: float) -> None:
        """They have had so much more."""
        for source in sources:
            kept = self._kept(source)
            at = max(self._points.get(kept, 0.0), self.now)
            self._points[kept] = at + units / share_of(source)
            self._points.move_to_end(kept)

    def _kept(self, source: str) -> str:
        if source in self._points or len(self._points) < self._most:
            return source
        oldest = next(iter(self._points))
        if oldest != self.OVERFLOW and self._points[oldest] <= self.now:
            del self._points[oldest]
            return source
        return self.OVERFLOW


class _Lane(Generic[T]):
    """What waits of the same sources, in order, each with its deadline."""

    __slots__ = ("at_work", "sources", "waiting")

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.waiting: deque[tuple[float, T]] = deque()
        self.at_work = 0


class FairQueue(Generic[T]):
    """Work that waits for one of a few places, the turn of each source by how much it has had.

    The last free place is never for somebody who is at work already: a newcomer finds it free. Where there is only one
    place, that does not hold.
    """

    def __init__(self, places: int, most: int, most_each: int) -> None:
        self._places = places
        self._most = most
        self._most_each = most_each
        self._lanes: dict[Sources, _Lane[T]] = {}
        self._turns: list[tuple[float, int, Sources]] = []
        self._count = 0
        self._at_work = 0
        self._busy: Counter[str] = Counter()
        self.waiting = 0
        self.shares = Shares()

    def put(self, sources: Sources, work: T, deadline: float) -> bool:
        """Let work wait for its turn; false where too much waits, of these sources or of all."""
        lane = self._lanes.get(sources)
        if lane is None:
            lane = self._lanes[sources] = _Lane(sources)
        if self.waiting >= self._most or len(lane.waiting) >= self._most_each:
            self._forget(lane)
            return False
        lane.waiting.append((deadline, work))
        self.waiting += 1
        if len(lane.waiting) == 1:
            self._turn(lane)
        return True

    def take(self) -> tuple[Sources, T] | None:
        """The work whose turn it is, which takes a place; None where none is free for any."""
        passed: list[tuple[float, int, Sources]] = []
        found: tuple[Sources, T] | None = None
        while found is None and self._turns and self._at_work < self._places:
            turn = heapq.heappop(self._turns)
            lane = self._lanes.get(turn[2])
            if lane is None or not lane.waiting:
                continue
            point = self.shares.point(lane.sources)
            if point > turn[0]:  # they have had work since it was noted
                self._turn(lane)
            elif self._at_work >= self._places - 1 > 0 and any(source in self._busy for source in turn[2]):
                passed.append(turn)
            else:
                found = self._begin(lane, point)
        for turn in passed:
            heapq.heappush(self._turns, turn)
        return found

    def done(self, sources: Sources, cost: Cost) -> None:
        """Work that was taken is over, and took so much; its place is free."""
        self._at_work -= 1
        lane = self._lanes[sources]
        lane.at_work -= 1
        self._busy.subtract(sources)
        for source in sources:
            if not self._busy[source]:
                del self._busy[source]
        self.shares.charge(sources, cost.units() - LEAST)
        self._forget(lane)

    def overdue(self, now: float) -> list[T]:
        """What has waited beyond its deadline: it waits no longer."""
        late: list[T] = []
        for lane in list(self._lanes.values()):
            while lane.waiting and lane.waiting[0][0] <= now:
                late.append(lane.waiting.popleft()[1])
                self.waiting -= 1
            self._forget(lane)
        return late

    def _begin(self, lane: _Lane[T], point: float) -> tuple[Sources, T]:
        _, work = lane.waiting.popleft()
        self.waiting -= 1
        self._at_work += 1
        lane.at_work += 1
        self._busy.update(lane.sources)
        self.shares.now = max(self.shares.now, point)
        self.shares.charge(lane.sources, LEAST)
        if lane.waiting:
            self._turn(lane)
        return lane.sources, work

    def _turn(self, lane: _Lane[T]) -> None:
        self._count += 1
        heapq.heappush(self._turns, (self.shares.point(lane.sources), self._count, lane.sources))

    def _forget(self, lane: _Lane[T]) -> None:
        if not lane.waiting and not lane.at_work:
            self._lanes.pop(lane.sources, None)
