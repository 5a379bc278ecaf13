"""A node's counters in the words of Prometheus."""

import platform
import sqlite3
from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from nexus import __version__
from nexus.gateway.admission import Admission
from nexus.gateway.websocket.handshake import REASONS
from nexus.server.counters import Counters

TOTALS = {
    "posts": "Messages stored.",
    "retries": "Posts that were stored before, known by their nonce.",
    "deliveries": "Events written to listeners.",
    "delivered_bytes": "Bytes of those events.",
    "received_bytes": "Bytes received in WebSocket frames.",
    "received_frames": "Commands received.",
    "overhead": "Work caused by refused commands, bad frames, pings and fragments, roughly in microseconds.",
    "overhead_waits": "Times that a connection was left unread for a while because of such work.",
    "floods": "Connections closed because of such work.",
    "turns": "Times that a connection sent so many frames at once that others had their turn in between.",
    "stalls": "Times that a listener's socket was full and it fell behind.",
    "skipped": "Times that a listener was too far behind to be sent everything.",
    "resets": "Times that a client knew another history than ours.",
    "reads": "Questions that the store answered.",
    "reads_refused": "Questions refused because others from the same address waited.",
    "failed_groups": "Groups that the store did not store.",
    "failed_logins": "Log-ins with a wrong name or password.",
}
"""Every counter that is a plain number, with its help text."""


MEASURED = {
    "database_bytes": "Size of nexus.db.",
    "wal_bytes": "Size of its write-ahead log.",
    "disk_bytes": "Size of the file system that the data is on.",
    "disk_free_bytes": "Space left there.",
    "accounts": "Accounts.",
    "transcript_lag_seconds": "How long the oldest event that is not in its transcript has waited.",
}
"""What is seen of the files, with its help text; what cannot be told is left out."""


class NodeCollector(Collector):
    """Reads the node's counters when someone asks; `measured` holds what was seen of its files."""

    def __init__(self, admission: Admission, measured: Mapping[str, float]) -> None:
        self._admission = admission
        self._measured = measured

    def collect(self) -> Iterator[Metric]:
        """Every metric, as of now."""
        counters = self._admission.counters
        for name, text in TOTALS.items():
            yield CounterMetricFamily(f"nexus_{name}", text, value=getattr(counters, name))
        yield from self._refusals()
        yield from self._gauges()
        yield from self._nodes()
        for name, text in MEASURED.items():
            if name in self._measured:
                yield GaugeMetricFamily(f"nexus_{name}", text, value=self._measured[name])
        build = {"version": __version__, "python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
        yield InfoMetricFamily("nexus_build", "What runs.", value=build)
        yield _histogram(
            "nexus_commit_group_size",
            "Entries of a committed group.",
            counters.group_sizes,
            Counters.GROUP_BOUNDS,
            counters.group_entries,
        )
        yield _histogram(
            "nexus_commit_seconds",
            "Time from a group's submission to its return.",
            counters.group_seconds,
            Counters.SECOND_BOUNDS,
            counters.group_time,
        )

    def _refusals(self) -> Iterator[Metric]:
        counters = self._admission.counters
        refusals = CounterMetricFamily("nexus_refusals", "Refused commands, by code.", labels=["code"])
        for code, count in counters.refusals.items():
            refusals.add_metric([code], count)
        yield refusals
        yield CounterMetricFamily(
            "nexus_budget_refusals", "Commands refused because they came too fast.", value=counters.refusals["too_fast"]
        )
        strangers = CounterMetricFamily(
            "nexus_refused_requests", "Requests refused for their Host or Origin.", labels=["reason"]
        )
        for reason in ("host", "origin"):
            strangers.add_metric([reason], counters.strangers[reason])
        yield strangers
        handshakes = CounterMetricFamily(
            "nexus_refused_handshakes", "WebSockets that were not opened, by reason.", labels=["reason"]
        )
        for reason in REASONS:
            handshakes.add_metric([reason], counters.handshakes_refused[reason])
        yield handshakes

    def _nodes(self) -> Iterator[Metric]:
        """What there is to see of a node that is one of several."""
        nodes = self._admission.node.chores.nodes
        if nodes is None:
            return
        connected, dropped = nodes.bus.state
        yield GaugeMetricFamily("nexus_nodes", "Nodes of the chat that are running.", value=len(nodes.all))
        yield GaugeMetricFamily("nexus_bus_connected", "Whether the bus is connected: 1 or 0.", value=connected)
        yield CounterMetricFamily("nexus_bus_dropped", "Announcements that could not be sent.", value=dropped)
        text = "Rooms in which the store had events that the bus had not announced."
        yield CounterMetricFamily("nexus_bus_repaired", text, value=nodes.repaired)
        text = "Events that the store had at the last look, and this node did not."
        yield GaugeMetricFamily("nexus_node_behind", text, value=nodes.behind)
        seen = GaugeMetricFamily(
            "nexus_node_seen_seconds", "Seconds since a node was last heard.", labels=["node", "version"]
        )
        now = max((one.seen for one in nodes.known), default=0)  # by the database's clock, as all of them
        for one in nodes.known:
            seen.add_metric([f"{one.run} {one.name}", one.version], (now - one.seen) / 1000)
        yield seen

    def _gauges(self) -> Iterator[Metric]:
        node = self._admission.node
        rooms = list(node.active_rooms.by_id.values())
        for name, text, value in (
            ("ready", "Whether it lets people in and stores what they say: 1 or 0.", not self._admission.not_ready()),
            ("connections", "Open WebSocket connections.", len(self._admission.sockets)),
            ("sessions", "Sessions, connected or within their grace time.", len(node.sessions)),
            ("rooms", "Rooms in use.", len(rooms)),
            (
                "listeners_live",
                "Listeners that have everything.",
                sum(r.listeners() - len(r.behind) for r in rooms),
            ),
            (
                "listeners_behind",
                "Listeners that are being served from the history.",
                sum(len(r.behind) for r in rooms),
            ),
            ("tail_bytes", "Bytes of events kept in memory.", node.tails.size),
            ("waiting_bytes", "Bytes of posts on their way to the disk.", node.journal.waiting_bytes),
            (
                "loop_lag_seconds",
                "How late the event loop last looked at the connections.",
                self._admission.counters.loop_lag,
            ),
        ):
            yield GaugeMetricFamily(f"nexus_{name}", text, value=value)


def _histogram(
    name: str, text: str, counts: dict[float, int], bounds: tuple[float, ...], total: float
) -> HistogramMetricFamily:
    buckets, sofar = [], 0
    for bound in (*bounds, float("inf")):
        sofar += counts.get(bound, 0)
        buckets.append(("+Inf" if bound == float("inf") else str(bound), sofar))
    family = HistogramMetricFamily(name, text)
    family.add_metric([], buckets, total)
    return family


def text_of(admission: Admission, measured: Mapping[str, float]) -> bytes:
    """Everything about this node and its process, in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(NodeCollector(admission, measured))
    ProcessCollector(registry=registry)
    return generate_latest(registry)
