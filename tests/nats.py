"""A NATS for tests: a process of their own, killed, paused and started again as they want it."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType

import pytest

from tests.ports import free_ports

PROGRAM = Path(sys.executable).parent / "nats-server"

MISSING = "nats-server is not here: `make setup` installs it where there is one for the system."


def needs_nats() -> None:
    """Skip a test where there is no NATS for this system; where CI is set, it fails."""
    if not PROGRAM.exists():
        assert not os.environ.get("CI"), MISSING
        pytest.skip(MISSING)


class Server:
    """A server on a port that stays the same; with a `folder` it has a configuration, which lies there."""

    def __init__(self, folder: Path | None = None, configuration: str = "") -> None:
        needs_nats()
        self._file = None if folder is None else folder / "nats.conf"
        if self._file is not None:
            self.configure(configuration)
        self.port = free_ports()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"nats://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Its process, while it runs."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def configure(self, configuration: str) -> None:
        """What it holds to from its next start on."""
        assert self._file is not None
        self._file.write_text(configuration, "utf-8")

    def start(self) -> None:
        """Start, and wait until it listens."""
        command = [str(PROGRAM), "-a", "127.0.0.1", "-p", str(self.port)]
        command += [] if self._file is None else ["-c", str(self._file)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                assert self._process.poll() is None, "nats-server does not start."

    def kill(self) -> None:
        """End it hard."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        """It answers nobody, and its connections stand."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """It answers again."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)
