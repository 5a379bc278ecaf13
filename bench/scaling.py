"""What more nodes would do, reckoned from what was measured: `python -m bench.scaling [NAME=NUMBER ...]`.

Each node serves as many people; those of a room are on nodes by chance. For a number of nodes it finds the most posts
a second before something is full: a node's core, the database's cores, or what its disk writes. The costs are those of
`make bench ARGS=nodes` (docs/cluster.md); put your own in their place.
"""

import sys
from dataclasses import dataclass, fields, replace

FULL = 0.8
"""The part of a core, or of a disk, that may be used before waits become long."""

NODES = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Costs:
    """Microseconds of processor time, unless it says something else."""

    post: float = 14.0
    """Of a post on the node of its author."""
    delivery: float = 10.0
    """Of a post to each listener, where nothing is written together with it."""
    group: float = 150.0
    """Of a group on its node, beside its posts."""
    told: float = 50.0
    """Of an announcement on its node, with NATS' part."""
    heard: float = 50.0
    """Of an announcement on each node that hears it, with NATS' part."""
    event: float = 0.7
    """Of each event in it."""
    call: float = 160.0
    """Of a group in the database."""
    store: float = 5.0
    """Of a post there."""
    beat: float = 5_000.0
    """Of a node's signs of life and its checks, in a second, on the node and on the database each."""
    wal: float = 600.0
    """Bytes of WAL of a post."""
    group_every: float = 2.5
    """Milliseconds from one group of a node to its next, where there is enough to store."""
    tell_every: float = 2.5
    """Milliseconds from one announcement of a node to its next: today each group is announced."""
    addressed: float = 0.0
    """1 where a node is told only of rooms in which it has people; today all hear everything."""
    listeners: float = 20.0
    """People in a room."""
    database_cores: float = 8.0
    disk: float = 200.0
    """Megabytes of WAL in a second."""
    databases: float = 1.0
    """Over which rooms are spread."""


def used(costs: Costs, nodes: int, posts: float) -> dict[str, float]:
    """How full everything is when so many posts a second come from all nodes together."""
    mine, others = posts / nodes, posts - posts / nodes
    here = 1 - (1 - 1 / nodes) ** costs.listeners  # the part of rooms in which a node has listeners
    groups, told = min(mine, 1000 / costs.group_every), min(mine, 1000 / costs.tell_every)
    events = others * (here if costs.addressed else 1)
    node = (
        groups * costs.group
        + mine * costs.post
        + mine * costs.listeners * costs.delivery
        + (nodes > 1) * told * costs.told
        + (nodes - 1) * told * costs.heard
        + events * costs.event
        + costs.beat
    )
    database = (nodes * groups * costs.call + posts * costs.store) / costs.databases + nodes * costs.beat
    written = posts * costs.wal / costs.databases / 1e6
    return {"node": node / 1e6, "database": database / 1e6 / costs.database_cores, "disk": written / costs.disk}


def most(costs: Costs, nodes: int) -> float:
    """The most posts a second at which nothing is full."""
    low, high = 0.0, 1e7
    while high - low > 1:
        middle = (low + high) / 2
        low, high = (middle, high) if max(used(costs, nodes, middle).values()) <= FULL else (low, middle)
    return low


def table(costs: Costs) -> str:
    """A line for each number of nodes."""
    lines = [f"{'nodes':>5}  {'posts/s':>9}  {'deliveries/s':>12}  first full"]
    for nodes in NODES:
        posts = most(costs, nodes)
        full = used(costs, nodes, posts)
        first = max(full, key=lambda name: full[name])
        lines.append(f"{nodes:5}  {posts:9,.0f}  {posts * costs.listeners:12,.0f}  {first}")
    return "\n".join(lines)


def main() -> None:
    """As things are; and what moves the wall."""
    known = {field.name for field in fields(Costs)}
    given = {name: float(value) for name, _, value in (one.partition("=") for one in sys.argv[1:])}
    if unknown := given.keys() - known:
        raise SystemExit(f"There is no {', '.join(unknown)}; there are {', '.join(sorted(known))}.")
    costs = replace(Costs(), **given)
    for says, changed in (
        ("as it is", costs),
        ("told only of rooms with people there", replace(costs, addressed=1)),
        ("told every 25 ms", replace(costs, tell_every=25)),
        ("groups and announcements every 25 ms", replace(costs, group_every=25, tell_every=25)),
        ("told every 25 ms, rooms over 4 databases", replace(costs, tell_every=25, databases=4)),
    ):
        print(f"{says}\n{table(changed)}\n")


if __name__ == "__main__":
    main()
