"""Several nodes for a case: PostgreSQL, NATS, the nodes and a balancer in front of them, each of which may fail."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from nexus.core.names import room_name
from nexus.store.postgres import PostgresStore
from tests.live.server import Server
from tests.nats import Server as Nats
from tests.postgres import Postgres, running
from tests.torture.balancer import Balancer

QUICK = {"NEXUS_SESSION_GRACE": "20", "NEXUS_STOP_SPREAD": "0.1"}


class Nodes:
    """All of it, running."""

    def __init__(self, postgres: Postgres, url: str, nats: Nats, servers: list[Server], balancer: Balancer) -> None:
        self.postgres = postgres
        self.url = url
        self.nats = nats
        self.servers = servers
        self.balancer = balancer

    def heads(self, rooms: Sequence[str]) -> dict[str, int]:
        """Where these rooms end, as the database has it."""
        with closing(PostgresStore.open(self.url)) as store:
            found = {room: store.room(room, room_name(room).skeleton) for room in rooms}
        return {room: row.head if row is not None else 0 for room, row in found.items()}

    def restart(self, number: int) -> None:
        """Kill a node and start it again."""
        self.servers[number].kill()
        self.servers[number].start()


@contextmanager
def several(tmp_path: Path, count: int) -> Iterator[Nodes]:
    """So many nodes over one database and one bus."""
    nats = Nats()
    with ExitStack() as stack:
        postgres = stack.enter_context(running())
        stack.callback(nats.kill)
        nats.start()
        url = postgres.new()
        where = QUICK | {"NEXUS_STORE_URL": url, "NEXUS_BUS_URL": nats.url}
        servers = [stack.enter_context(Server(tmp_path / f"node{number}", env=where)) for number in range(count)]
        balancer = stack.enter_context(Balancer([server.port for server in servers]))
        yield Nodes(postgres, url, nats, servers, balancer)
