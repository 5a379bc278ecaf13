"""Two nodes over PostgreSQL and NATS under load, while one thing after the other fails: what was promised holds."""

import signal
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from tests.postgres import needs_postgres
from tests.torture.balancer import Way
from tests.torture.clock import turn
from tests.torture.judge import judge
from tests.torture.load import Load, read_history
from tests.torture.nodes import Node, Nodes, several
from tests.torture.scale import SEED, scaled
from tests.torture.verdict import SHOWN

ROUNDS = scaled(1, 8)
PAUSED = scaled(2.0, 30.0)
"""Seconds for which something is stopped."""

ASLEEP = PAUSED + scaled(3, 4)
"""Longer than it takes the others to notice."""

HOUR = 3600.0

WAYS: tuple[Way, Way] = ("there", "back")


def one_of(nodes: Nodes, chance: Random) -> Node:
    return chance.choice(nodes.all)


def kill_a_node(nodes: Nodes, chance: Random) -> None:
    """One of them is gone without a word, and comes back."""
    server = one_of(nodes, chance).server
    server.kill()
    server.start()


def pause_a_node(nodes: Nodes, chance: Random) -> None:
    """A node sleeps, is given up by the others, and wakes."""
    process = one_of(nodes, chance).server.process
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    time.sleep(ASLEEP)  # this is the fault itself
    process.send_signal(signal.SIGCONT)


def kill_the_bus(nodes: Nodes, _: Random) -> None:
    """NATS is gone, and comes back knowing nothing."""
    nodes.restart_nats()


def pause_the_bus(nodes: Nodes, _: Random) -> None:
    """NATS says nothing for a while."""
    nodes.nats.pause()
    time.sleep(PAUSED)  # this is the fault itself: time in which nothing is passed on
    nodes.nats.go_on()


def cut_the_bus_one_way(nodes: Nodes, chance: Random) -> None:
    """A node says and is not heard, or is told and hears nothing."""
    bus = one_of(nodes, chance).bus
    bus.hold(chance.choice(WAYS))
    time.sleep(PAUSED)  # this is the fault itself
    bus.release()


def cut_the_database_one_way(nodes: Nodes, chance: Random) -> None:
    """What a node asks does not come there, or no answer comes back, also of what was done."""
    database = one_of(nodes, chance).database
    database.hold(chance.choice(WAYS))
    time.sleep(ASLEEP)  # this is the fault itself
    database.release()


def kill_the_database(nodes: Nodes, _: Random) -> None:
    """PostgreSQL is gone, and comes back with what it had."""
    nodes.postgres.stop()
    nodes.postgres.start()


FAULTS = (
    kill_a_node,
    pause_a_node,
    kill_the_bus,
    pause_the_bus,
    cut_the_bus_one_way,
    cut_the_database_one_way,
    kill_the_database,
)

CASES = scaled((FAULTS,), tuple((fault,) for fault in FAULTS))
"""What fails in one cluster, one after the other."""


@pytest.mark.parametrize("faults", CASES, ids=lambda faults: "-".join(fault.__name__ for fault in faults[:2]))
def test_nothing_is_lost_doubled_or_out_of_order(
    faults: Sequence[Callable[[Nodes, Random], None]], tmp_path: Path
) -> None:
    """All the while announcements are lost, doubled, late and out of order, and the nodes' clocks an hour apart."""
    needs_postgres()
    chance = Random(SEED)
    crowd = scaled(2, 1000 if faults == (kill_a_node,) else 2)
    with (
        several(tmp_path, 2) as nodes,
        Load(nodes.balancer.ws, SEED, stayers=crowd, file=tmp_path / "load.jsonl") as load,
    ):
        load.more(50)
        for node, hours in zip(nodes.all, (-0.4, 0.6), strict=True):
            turn(node.clock, hours * HOUR)
            node.muddle.chance = chance
        for _ in range(ROUNDS):
            for fault in faults:
                load.more(chance.randint(50, 200))
                fault(nodes, chance)
        load.more(50)
        load.finish()
        load.reach(nodes.heads(load.rooms))  # a node may not know of the newest yet, for two seconds at most
        history = read_history(nodes.balancer.ws, load.rooms)
        found = judge(list(load.log.records), history)
        assert all("is not the database's" in node.server.log.read_text() for node in nodes.all)
    assert all(one["at"] <= another["at"] for events in history.values() for one, another in pairwise(events))
    assert all(node.muddle.count for node in nodes.all)
    assert not found, f"{len(found)} faults (seed {SEED}):\n" + "\n".join(found[:SHOWN])
