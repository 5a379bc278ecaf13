"""`make cluster`: three nodes over one PostgreSQL and one NATS, behind nginx, on this machine; Ctrl-C ends all of it.

What ends by itself, or is killed, is started again after a second, as a service manager would. The data stays in the
folder `nexus-cluster`.
"""

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.postgres import Postgres, programs

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PATIENCE = 60.0
"""Seconds in which everything has to be there."""

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"

ALONE = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
"""

FOLDERS = "".join(
    f"\n    {kind}_temp_path {{folder}}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
)


class Part:
    """One process of the cluster, started again where it ends."""

    def __init__(
        self, name: str, start: Callable[[], "subprocess.Popen[bytes]"], ends_with: signal.Signals = signal.SIGTERM
    ) -> None:
        self.name = name
        self._ends_with = ends_with
        self._start = start
        self.process = start()

    def look(self) -> None:
        """Start it again if it has ended."""
        code = self.process.poll()
        if code is None:
            return
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        print(f"  {self.name} ended ({how}) and is started again.", flush=True)
        time.sleep(1)
        self.process = self._start()

    def stop(self) -> None:
        """End it, and wait for that."""
        if self.process.poll() is None:
            self.process.send_signal(self._ends_with)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def main() -> int:
    """Start all, look after it, stop all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=3, help="how many nodes")
    parser.add_argument("--port", type=int, default=8000, help="the port of the balancer; the nodes have the next ones")
    parser.add_argument("--folder", type=Path, default=Path("nexus-cluster"), help="where everything lies")
    given = parser.parse_args()
    missing = [name for name, found in _needed().items() if not found]
    if missing:
        print(f"A cluster needs {', '.join(missing)}, which `make setup` and `make system` install.", file=sys.stderr)
        return 1
    folder: Path = given.folder.absolute()
    folder.mkdir(mode=0o755, exist_ok=True)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where it was started in the background
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: signal.raise_signal(signal.SIGINT))
    parts: list[Part] = []
    try:
        _start_all(parts, folder, given.nodes, given.port)
        while True:
            time.sleep(0.5)
            for part in parts:
                part.look()
    except KeyboardInterrupt:
        print("Stopping.", flush=True)
    finally:
        for part in reversed(parts):
            part.stop()
    return 0


def _needed() -> dict[str, bool]:
    return {
        "PostgreSQL": programs() is not None,
        "nginx": shutil.which("nginx", path=PATH) is not None,
        "nats-server": (BIN / "nats-server").exists(),
    }


def _start_all(parts: list[Part], folder: Path, nodes: int, port: int) -> None:
    """Start everything; what has been started is in `parts`, however far it came."""
    postgres = Postgres(folder / "postgres")
    parts.append(Part("PostgreSQL", postgres.launch, signal.SIGINT))  # which does not wait for those that are connected
    postgres.wait()
    postgres.make("nexus")
    bus = port + nodes + 1
    parts.append(
        Part("NATS", lambda: _run(folder, "nats", str(BIN / "nats-server"), "-a", "127.0.0.1", "-p", str(bus)))
    )
    environment = {"NEXUS_STORE_URL": postgres.url("nexus"), "NEXUS_BUS_URL": f"nats://127.0.0.1:{bus}"}
    numbers = range(1, nodes + 1)
    parts += [Part(f"node {number}", _node(folder, number, port + number, environment)) for number in numbers]
    (folder / "nginx.conf").write_text(_configuration(folder, nodes, port))
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    parts.append(
        Part("nginx", lambda: _run(folder, "nginx", str(nginx), "-c", f"{folder}/nginx.conf", "-p", str(folder)))
    )
    for place in (bus, *(port + number for number in (*numbers, 0))):
        _wait_for(place)
    print(f"Nexus runs on {nodes} nodes.")
    print(f"  Open        http://127.0.0.1:{port}")
    for part, number in zip(parts[2:], numbers, strict=False):
        print(f"  Node {number}      http://127.0.0.1:{port + number} (process {part.process.pid})")
    print(f"  Data        {folder}")
    print("  Stop        Ctrl-C", flush=True)


def _wait_for(port: int) -> None:
    """Wait until something listens on a port."""
    until = time.monotonic() + PATIENCE
    while True:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        if time.monotonic() > until:
            raise SystemExit(f"Nothing listens on port {port}; the files *.log in the folder say why.")
        time.sleep(0.1)


def _node(folder: Path, number: int, port: int, environment: dict[str, str]) -> Callable[[], "subprocess.Popen[bytes]"]:
    command = str(BIN / "nexus"), "serve", "--port", str(port), "--data", f"{folder}/node-{number}"
    return lambda: _run(folder, f"node-{number}", *command, **environment)


def _configuration(folder: Path, nodes: int, port: int) -> str:
    """The balancer's as it is deployed, but with these nodes and ports, in the foreground and in a folder."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    servers = [
        f"        server 127.0.0.1:{port + number} max_fails=1 fail_timeout=2s;\n" for number in range(1, nodes + 1)
    ]
    text = re.sub(r"( +server [\d.]+:8000 .*;\n)+", "".join(servers), text)
    text = text.replace("listen 8000;", f"listen 127.0.0.1:{port};").replace("http {", "http {" + FOLDERS, 1)
    return (ALONE + text.replace("worker_rlimit_nofile 65536;\n", "")).replace("{folder}", str(folder))


def _run(folder: Path, name: str, *command: str, **environment: str) -> "subprocess.Popen[bytes]":
    """Start a process; what it says goes into a file."""
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            env=os.environ | environment,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


if __name__ == "__main__":
    sys.exit(main())
