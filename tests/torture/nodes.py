"""Several nodes for a case: PostgreSQL, NATS, the nodes and a balancer in front of them, each of which may fail."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from nexus.core.names import room_name
from nexus.store.postgres import PostgresStore
from tests.live.server import Server
from tests.postgres import Postgres, running
from tests.torture.balancer import Balancer

NATS = Path(sys.executable).parent / "nats-server"

QUICK = {"NEXUS_SESSION_GRACE": "20", "NEXUS_STOP_SPREAD": "0.1"}


class Nats:
    """The bus, as a process; killed, paused and started again on the same port."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it listens."""
        command = [str(NATS), "-a", "127.0.0.1", "-p", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                assert self.process.poll() is None, "nats-server does not start."

    def kill(self) -> None:
        """End it at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def signal(self, number: signal.Signals) -> None:
        """Pause it, or let it go on."""
        assert self.process is not None
        self.process.send_signal(number)


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
