"""A start that is to be refused."""

import os
import subprocess
from pathlib import Path

from tests.live.server import COMMAND, Server


def refuses_to_start(server: Server, data: Path | None = None) -> str:
    """Start another server process, on the same data or through another path to it; returns what it says instead.

    It insists that the process ends by itself, as one that failed, without a traceback and without a port.
    """
    command = [*COMMAND, "--port", "0", "--data", str(data or server.data)]
    ended = subprocess.run(command, env={**os.environ}, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1, ended
    assert not ended.stdout, ended
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended.stderr
