"""A real server process for tests: started, stopped, killed and started again on the same data and port."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.ports import free_ports

COMMAND = (sys.executable, "-m", "nexus", "serve")

UNPACED = {
    "NEXUS_PACE_POSTS": "0",
    "NEXUS_PACE_COMMANDS": "0",
    "NEXUS_PACE_ADDRESS": "0",
    "NEXUS_PACE_LOGINS": "0",
    "NEXUS_STOP_SPREAD": "0.1",
}
"""Tests say much in little time, all from one address, and are back at once."""

GIVES_BACK = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}
"""The C library returns freed memory at once, so that a test measures what is held, not what is kept for later."""


class Server:
    """One server on a data directory and a port of its own; a context manager that starts and stops it.

    The first start takes a free port, every later one the same again. What the server writes to standard error
    is in the file `log`; where a traceback is among it, leaving the context fails.
    """

    def __init__(self, data: Path, *flags: str, env: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.port = 0
        self.log = data.parent / f"{data.name}.log"
        self.process: subprocess.Popen[str] | None = None
        self.under: tuple[str, ...] = ()
        """A command that runs it from the next start on, and that `process` becomes the server of (strace -D)."""
        self._flags = flags
        self.env = {**os.environ, **GIVES_BACK, **UNPACED, **(env or {})}

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        """Where it takes WebSocket connections."""
        return f"ws://127.0.0.1:{self.port}/ws"

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *failed: Any) -> None:
        self.stop()
        if failed[0] is None:
            assert "Traceback" not in self.log.read_text(), self.log.read_text()

    def start(self) -> str:
        """Start it; returns what it printed once it was ready."""
        self.port = self.port or free_ports()
        command = [*self.under, *COMMAND, "--port", str(self.port), "--data", str(self.data), *self._flags]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.process.stdout is not None
        printed = ""
        for line in self.process.stdout:
            printed += line
            if "Ctrl-C" in line:
                return printed
        raise AssertionError(f"The server did not start: {printed}\n{self.log.read_text()}")

    def stop(self) -> int:
        """Ask it to stop, as by Ctrl-C or a service manager; returns its exit code."""
        if self.process is None:
            return 0
        self.process.terminate()
        return self._reap()

    def kill(self) -> None:
        """End it as a power cut would: no warning, nothing cleaned up."""
        assert self.process is not None
        self.process.kill()
        self._reap()

    def _reap(self) -> int:
        process, self.process = self.process, None
        assert process is not None
        assert process.stdout is not None
        process.stdout.close()
        return process.wait(30)

    def memory(self) -> int:
        """Its resident memory in bytes."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))
