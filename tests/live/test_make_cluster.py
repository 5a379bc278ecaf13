"""`make cluster`: everything starts by one command, a killed node comes back, and Ctrl-C leaves nothing behind."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.peer import Peer
from tests.ports import free_ports, is_free
from tests.postgres import needs_postgres

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's user can reach."""
    made = Path(tempfile.mkdtemp(prefix="nexus-cluster-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def read_until(process: "subprocess.Popen[str]", text: str) -> str:
    """What it prints up to a line with a text."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if text in line:
            return said
    raise AssertionError(f"It ended with {process.wait()}: {said}")


@pytest.mark.skipif(shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None, reason="no nginx here")
def test_a_cluster_starts_heals_and_stops_by_one_command(folder: Path) -> None:
    needs_postgres()
    port = free_ports(6)
    command = [sys.executable, "scripts/cluster.py", "--nodes", "2", "--port", str(port), "--folder", str(folder / "c")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True) as process:
        try:
            said = read_until(process, "Ctrl-C")
            ann, bo = (Peer(f"ws://127.0.0.1:{port + node}/ws") for node in (1, 2))
            for peer, name in ((ann, "Ann"), (bo, "Bo")):
                peer.greet(name)
                peer.done("join", room="garden")
            ann.done("post", room="garden", text="hello")
            bo.hears("posted", text="hello")
            os.kill(int(re.findall(r"Node 1 .*process (\d+)", said)[0]), signal.SIGKILL)
            read_until(process, "node 1 ended (SIGKILL) and is started again")
            cy = Peer(f"ws://127.0.0.1:{port}/ws")  # by the balancer, whichever node that is
            cy.greet("Cy")
            cy.done("join", room="garden")
            cy.done("post", room="garden", text="hello again")
            bo.hears("posted", text="hello again")
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
    assert all(is_free(one) for one in range(port, port + 4))
