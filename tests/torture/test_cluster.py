"""Two nodes over PostgreSQL and NATS under load, while one thing after the other fails: what was promised holds."""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.postgres import needs_postgres
from tests.torture.judge import judge
from tests.torture.load import Load, read_history
from tests.torture.nodes import Nodes, several
from tests.torture.scale import SEED, scaled
from tests.torture.verdict import SHOWN

ROUNDS = scaled(1, 8)
PAUSED = scaled(3.0, 30.0)
"""Seconds for which something is stopped; longer than it takes the others to notice."""

ASLEEP = PAUSED + 4


def kill_a_node(nodes: Nodes, chance: Random) -> None:
    """One of them is gone without a word, and comes back."""
    nodes.restart(chance.randrange(len(nodes.servers)))


def kill_the_bus(nodes: Nodes, _: Random) -> None:
    """NATS is gone, and comes back knowing nothing."""
    nodes.nats.kill()
    nodes.nats.start()


def pause_the_bus(nodes: Nodes, _: Random) -> None:
    """NATS says nothing for a while."""
    nodes.nats.pause()
    time.sleep(PAUSED)  # this is the fault itself: time in which nothing is passed on
    nodes.nats.go_on()


def pause_a_node(nodes: Nodes, chance: Random) -> None:
    """A node sleeps, is given up by the others, and wakes."""
    process = nodes.servers[chance.randrange(len(nodes.servers))].process
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    time.sleep(ASLEEP)  # this is the fault itself, longer than it takes to be given up
    process.send_signal(signal.SIGCONT)


def kill_the_database(nodes: Nodes, _: Random) -> None:
    """PostgreSQL is gone, and comes back with what it had."""
    nodes.postgres.stop()
    nodes.postgres.start()


FAULTS = (kill_a_node, kill_the_bus, pause_the_bus, pause_a_node, kill_the_database)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_nothing_is_lost_doubled_or_out_of_order(fault: Callable[[Nodes, Random], None], tmp_path: Path) -> None:
    needs_postgres()
    chance = Random(SEED)
    with several(tmp_path, 2) as nodes, Load(nodes.balancer.ws, SEED, file=tmp_path / "load.jsonl") as load:
        for _ in range(ROUNDS):
            load.more(chance.randint(50, 200))
            fault(nodes, chance)
            load.more(50)
        load.finish()
        load.reach(nodes.heads(load.rooms))  # a node may not know of the newest yet, for two seconds at most
        records = list(load.log.records)
        faults = judge(records, read_history(nodes.balancer.ws, load.rooms))
    assert not faults, f"{len(faults)} faults (seed {SEED}):\n" + "\n".join(faults[:SHOWN])
