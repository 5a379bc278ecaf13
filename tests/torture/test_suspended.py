"""The server is suspended for longer than any silence it allows, and wakes."""

import os
import signal
import time
from pathlib import Path

from tests.live.server import Server
from tests.torture.load import Load
from tests.torture.scale import SEED, scaled
from tests.torture.verdict import settle

SECONDS = scaled(5, 30)
HEARTBEAT = {"NEXUS_HEARTBEAT_EVERY": "1", "NEXUS_HEARTBEAT_WITHIN": "3", "NEXUS_SESSION_GRACE": "3"}


def test_a_suspended_server_wakes_without_throwing_anyone_out(tmp_path: Path) -> None:
    with (
        Server(tmp_path / "data", env=HEARTBEAT) as server,
        Load(server.ws, SEED, droppers=0, newcomers=0, stayers=8, file=tmp_path / "load.jsonl") as load,
    ):
        load.more(100)
        assert server.process is not None
        os.kill(server.process.pid, signal.SIGSTOP)
        time.sleep(SECONDS)  # this is the fault itself: time passes that the server does not notice
        os.kill(server.process.pid, signal.SIGCONT)
        load.more(500)

        assert load.log.counts["ended"] == 0
        settle(load, server)
