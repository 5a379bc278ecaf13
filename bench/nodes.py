"""The case of several nodes: the same load on one node over PostgreSQL, and on two that share it over NATS.

What is counted is the processor time of all processes, nodes, PostgreSQL and NATS together, over all that was posted.
The room has as many people and posts on two nodes as on one; of rooms of their own each node has as many as one alone.
Both nodes share one core here, so that this says what a message costs and not how much gets through.
"""

import select
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import psycopg

from bench.generator import Generator, Load, Phase
from bench.machine import CannotMeasure
from bench.processes import Server, family, go_ahead, processor_seconds, with_other_people
from bench.rates import Contestant, Effort, Result
from bench.servers import NEXUS
from bench.talker import Talker
from tests.nats import PROGRAM
from tests.nats import Server as Nats
from tests.postgres import MISSING, Postgres, programs, running

ROOM, ROOM_RATE = 1000, 50.0
"""People in one room, and posts a second there."""

OWN, OWN_RATE = 200, 1000.0
"""People at each node who each have a room of their own, and the posts a second of all of them there."""

ACTIVE = 5000
"""Rooms with somebody in each, in which nothing happens."""

IDLE = 10.0
"""Seconds that these are watched."""

QUIET = {"NEXUS_HEARTBEAT_EVERY": "1000", "NEXUS_HEARTBEAT_WITHIN": "3000"}
"""Nobody is pinged, which would cost more."""

NO_SETTINGS: Mapping[str, str] = {}

MESSAGES = 200
"""Messages that are followed to both nodes."""

COLUMNS = {
    "room x": "{:.2f}",
    "own rooms x": "{:.2f}",
    "added ms": "{:.2f}",
    "CPU µs/delivery": "{:.2f}",
    "CPU µs/post": "{:.0f}",
    "of it PostgreSQL": "{:.0f}",
    "on two": "{:.0f}",
    "WAL bytes/post": "{:.0f}",
    "check": "{:.2%}",
}
"""First how many times as much two nodes take, then what one takes, and how much of a core the check of idle rooms."""


def missing() -> str | None:
    """Why it cannot be measured here."""
    if programs() is None:
        return MISSING
    return None if PROGRAM.exists() else "nats-server is not here: `make setup` installs it"


KIND = replace(NEXUS, name="two nodes", says="on PostgreSQL and NATS, beside one node on PostgreSQL", missing=missing)


@dataclass(frozen=True)
class Spent:
    """What a load took of all processes."""

    seconds: float
    postgres: float
    wal: int
    phase: Phase


class Side:
    """Nodes over a database of their own, and everything that serves them."""

    def __init__(self, postgres: Postgres, url: str, nats: Nats | None, nodes: list[Server], effort: Effort) -> None:
        self.nodes = nodes
        self._postgres = postgres
        self._url = url
        self._nats = nats
        self._effort = effort

    def load(self, load: Load, rate: float) -> Spent:
        """People who come and post, half of them at each node where there are two."""
        self.nodes[0] = with_other_people(self.nodes[0])  # as the names of those who went are kept for a while
        with self.people(load) as generator:
            generator.at_rate(rate, warm=0, seconds=self._effort.warm, drain=10)
            go_ahead(self._database())  # which has its connections by now
            before, wal = self.spent(), self._wal()
            phase = generator.at_rate(rate, warm=0, seconds=self._effort.seconds, drain=10)
            after = self.spent()
            return Spent(after[0] - before[0], after[1] - before[1], self._wal() - wal, phase)

    def people(self, load: Load) -> Generator:
        """The people of a load, to come."""
        return Generator(self.nodes[0], load, self._effort.generator_core, self.nodes[-1].port)

    def spent(self) -> tuple[float, float]:
        """The processor time that all have had so far; and PostgreSQL's part of it."""
        postgres = sum(map(processor_seconds, self._database()))
        others = [node.pid for node in self.nodes] + ([self._nats.pid] if self._nats is not None else [])
        return sum(map(processor_seconds, others)) + postgres, postgres

    def idle(self) -> float:
        """The part of a core that is used while nobody does anything."""
        before = self.spent()[0]
        time.sleep(IDLE)
        return (self.spent()[0] - before) / IDLE

    def _database(self) -> list[int]:
        assert self._postgres.process is not None
        return family(self._postgres.process.pid)

    def _wal(self) -> int:
        with psycopg.connect(self._url) as connection:
            row = connection.execute("SELECT pg_current_wal_lsn() - '0/0'").fetchone()
            assert row is not None
            return int(row[0])


@contextmanager
def side(count: int, effort: Effort, *, bus: bool, settings: Mapping[str, str] = NO_SETTINGS) -> Iterator[Side]:
    """So many nodes, with a bus or without."""
    with ExitStack() as stack:
        postgres = stack.enter_context(running())
        url = postgres.new()
        nats = stack.enter_context(Nats()) if bus else None
        where = {"NEXUS_STORE_URL": url} | ({"NEXUS_BUS_URL": nats.url} if nats is not None else {})
        kind = replace(KIND, environment={**KIND.environment, **where, **settings})
        nodes = [stack.enter_context(Server(kind, effort.server_core)) for _ in range(count)]
        yield Side(postgres, url, nats, nodes, effort)


def measure_nodes(_: Contestant, effort: Effort) -> Result:
    """A room, rooms of their own, latency, and what a check of many rooms costs."""
    room, own, twice = Load(ROOM, 1, ROOM), Load(OWN, OWN, OWN), Load(2 * OWN, 2 * OWN, 2 * OWN)
    with side(1, effort, bus=False) as one:
        in_room, in_own = one.load(room, ROOM_RATE), one.load(own, OWN_RATE)
    with side(2, effort, bus=True) as two:
        in_room_of_two, in_own_of_two = two.load(room, ROOM_RATE), two.load(twice, 2 * OWN_RATE)
        added = _latency(*two.nodes)
    values = {
        "room x": _per_delivery(in_room_of_two) / _per_delivery(in_room),
        "own rooms x": _per_post(in_own_of_two) / _per_post(in_own),
        "added ms": added,
        "CPU µs/delivery": _per_delivery(in_room),
        "CPU µs/post": _per_post(in_own),
        "of it PostgreSQL": 1e6 * in_own.postgres / in_own.phase.posted,
        "on two": _per_post(in_own_of_two),
        "WAL bytes/post": in_own.wal / in_own.phase.posted,
        "check": _idle(effort, bus=True) - _idle(effort, bus=False),
    }
    return Result.of(values, [one.phase for one in (in_room, in_own, in_room_of_two, in_own_of_two)])


def _per_delivery(spent: Spent) -> float:
    return 1e6 * spent.seconds / spent.phase.arrived


def _per_post(spent: Spent) -> float:
    return 1e6 * spent.seconds / spent.phase.posted


def _latency(first: Server, second: Server) -> float:
    """Milliseconds by which a message that is posted at one node is later at the other: the median."""
    later = []
    with Talker(first.port) as author, Talker(first.port) as here, Talker(second.port) as there:
        for name, one in (("ann", author), ("bo", here), ("cy", there)):
            one.ask({"type": "hello", "name": name})
            one.ask({"type": "join", "room": "followed"})
        for number in range(MESSAGES):
            author.ask({"type": "post", "room": "followed", "text": f"{number}", "nonce": f"n{number}"})
            at = _heard_at([here, there])
            later.append(1000 * (at[there] - at[here]))
            time.sleep(0.01)
    return statistics.median(later)


def _heard_at(talkers: list[Talker]) -> dict[Talker, float]:
    """When each of them heard a message."""
    at: dict[Talker, float] = {}
    while len(at) < len(talkers):
        ready, _, _ = select.select([one for one in talkers if one not in at], [], [], 10)
        if not ready:
            raise CannotMeasure("A message did not come to the other node within ten seconds.")
        now = time.perf_counter()
        for one in ready:
            while one.hear()["type"] != "posted":
                pass  # somebody came
            at[one] = now
    return at


def _idle(effort: Effort, *, bus: bool) -> float:
    """The part of a core that is used while many rooms are in use and nothing happens in them."""
    with side(1, effort, bus=bus, settings=QUIET) as one, one.people(Load(ACTIVE, ACTIVE, ACTIVE)):
        time.sleep(3)  # what follows so many greetings
        return one.idle()
