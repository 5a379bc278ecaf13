"""Several nodes for a case: PostgreSQL, NATS, the nodes and a balancer in front of them, each of which may fail."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from nexus.core.names import room_name
from nexus.store.postgres import PostgresStore
from tests.live.server import Server
from tests.nats import Server as Nats
from tests.postgres import Postgres, running
from tests.torture.balancer import Balancer
from tests.torture.between import Between, Muddle, to_postgres
from tests.torture.clock import going_by, turn

QUICK = {"NEXUS_SESSION_GRACE": "20", "NEXUS_STOP_SPREAD": "0.1"}


@dataclass
class Node:
    """One node, what is between it and the others, and the file that its clock goes by."""

    server: Server
    database: Between
    bus: Between
    muddle: Muddle
    clock: Path


@dataclass
class Nodes:
    """All of it, running."""

    postgres: Postgres
    url: str
    nats: Nats
    all: list[Node]
    balancer: Balancer

    def heads(self, rooms: Sequence[str]) -> dict[str, int]:
        """Where these rooms end, as the database has it."""
        with closing(PostgresStore.open(self.url)) as store:
            found = {room: store.room(room, room_name(room).skeleton) for room in rooms}
        return {room: row.head if row is not None else 0 for room, row in found.items()}

    def restart_nats(self) -> None:
        """Kill the bus and start it again, wherever there is a port for it."""
        self.nats.kill()
        self.nats.start()
        for node in self.all:
            node.bus.to = self.nats.port


@contextmanager
def several(tmp_path: Path, count: int) -> Iterator[Nodes]:
    """So many nodes over one database and one bus."""
    with ExitStack() as stack:
        postgres = stack.enter_context(running())
        nats = Nats()
        stack.callback(nats.kill)
        nats.start()
        url = postgres.new()
        nodes = [_node(stack, tmp_path / f"node{number}", url, nats) for number in range(count)]
        balancer = stack.enter_context(Balancer([node.server.port for node in nodes]))
        yield Nodes(postgres, url, nats, nodes, balancer)


def _node(stack: ExitStack, data: Path, url: str, nats: Nats) -> Node:
    database, there = to_postgres(url)
    stack.enter_context(database)
    muddle, bus = Muddle(), Between(nats.port)
    bus.change = muddle.change
    stack.enter_context(bus)
    where = {
        "NEXUS_STORE_URL": there(),
        "NEXUS_BUS_URL": f"nats://127.0.0.1:{bus.port}",
    }
    server, clock = Server(data, env=QUICK | where), data.with_suffix(".clock")
    turn(clock, 0)
    server.under = going_by(clock)
    return Node(stack.enter_context(server), database, bus, muddle, clock)
