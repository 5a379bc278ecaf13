"""The command `nexus` as a process of its own, the way a person or a service manager runs it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
CERTIFICATES = Path(__file__).parent / "certificates"
COMMAND = (sys.executable, "-m", "nexus")


def environment(**more: str) -> dict[str, str]:
    """This environment without settings of the person who runs the tests."""
    paths = [str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEXUS_")}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **more}


def nexus(*arguments: str, cwd: Path, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment(**(environ or {})),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Serving:
    """A running `nexus serve`, and what it printed when it was ready."""

    def __init__(
        self,
        *arguments: str,
        cwd: Path,
        command: Sequence[str] = COMMAND,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.process = subprocess.Popen(
            [*command, "serve", *arguments],
            cwd=cwd,
            env=environment() if environ is None else environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.printed = ""
        for line in self.process.stdout:
            self.printed += line
            if line.startswith("  Stop"):
                return
        raise AssertionError(f"The server did not start: {self.process.communicate()}")

    def told(self, name: str) -> str:
        """What it printed beside a word, such as Open."""
        return next(line.split(None, 1)[1] for line in self.printed.splitlines() if line.split()[0] == name)

    def stop(self) -> tuple[int, str]:
        """Ctrl-C; its exit code and all it said on standard error."""
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, errors


@contextmanager
def serving(*arguments: str, cwd: Path, environ: Mapping[str, str] | None = None) -> Iterator[Serving]:
    """A server on a free port while the block runs."""
    running = Serving("--port", "0", *arguments, cwd=cwd, environ=environ)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()


@contextmanager
def taken_port() -> Iterator[int]:
    """A port of 127.0.0.1 on which something listens that is no Nexus."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])
