"""What a node counts, for its metrics; plain numbers, so that counting costs nothing."""

from collections import Counter

from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Refused
from nexus.protocol.types import Ref


class Counters:
    """Totals since the start; `groups` and `group_seconds` are histograms over their bounds."""

    GROUP_BOUNDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000)
    SECOND_BOUNDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0)

    def __init__(self) -> None:
        self.posts = 0
        self.retries = 0
        self.deliveries = 0
        self.delivered_bytes = 0
        self.received_bytes = 0
        self.received_frames = 0
        self.overhead = 0.0
        self.overhead_waits = 0
        self.floods = 0
        self.turns = 0
        self.skipped = 0
        self.resets = 0
        self.stalls = 0
        self.refusals: Counter[str] = Counter()
        self.strangers: Counter[str] = Counter()
        """Requests refused for what they come from, by reason: host or origin."""
        self.handshakes_refused: Counter[str] = Counter()
        self.failed_logins = 0
        self.group_sizes: Counter[float] = Counter()
        self.group_seconds: Counter[float] = Counter()
        self.group_entries = 0
        self.group_time = 0.0
        self.failed_groups = 0
        self.loop_lag = 0.0
        self.reads = 0
        self.reads_refused = 0

    def refused(self, ref: Ref | None, refusal: Refusal) -> Refused:
        """Count a refusal; returns it as the reply."""
        self.refusals[refusal.code] += 1
        return Refused(ref, refusal.code, refusal.message, refusal.retry_after)

    def group(self, size: int, seconds: float) -> None:
        """A group of entries was committed."""
        self.group_entries += size
        self.group_time += seconds
        self.group_sizes[_bound(size, self.GROUP_BOUNDS)] += 1
        self.group_seconds[_bound(seconds, self.SECOND_BOUNDS)] += 1


def _bound(value: float, bounds: tuple[float, ...]) -> float:
    return next((bound for bound in bounds if value <= bound), float("inf"))
