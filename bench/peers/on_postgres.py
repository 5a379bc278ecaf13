"""Nexus over a PostgreSQL of its own, which syncs as it does out of the box and ends with it: `on_postgres.py PORT`."""

import os
import signal
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))


def main() -> None:
    """Start PostgreSQL in a child, become the server."""
    ours, theirs = os.pipe()
    if os.fork() == 0:
        _keep_postgres(theirs)
        os._exit(0)
    url = os.read(ours, 4096).decode()
    environment = os.environ | {"NEXUS_STORE_URL": url}
    command = [sys.executable, "-m", "nexus", "serve", "--port", sys.argv[1], "--data", "data"]
    os.execve(command[0], command, environment)


def _keep_postgres(tell: int) -> None:
    """Run it until the server is gone."""
    from bench.processes import family, go_ahead
    from tests.postgres import running

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    others = set(range(os.cpu_count() or 1)) - os.sched_getaffinity(0)
    if others:  # the server's core is the server's alone, as it is for every other one that is measured
        os.sched_setaffinity(0, others)
    server = os.getppid()
    with running() as postgres:
        os.write(tell, postgres.new().encode())
        while os.getppid() == server:
            assert postgres.process is not None
            go_ahead(family(postgres.process.pid))  # each of its processes makes a session of its own
            time.sleep(0.2)


main()
