"""A server as a process of its own, on a core of its own, with an empty directory of its own."""

import contextlib
import copy
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.machine import BUILD, CannotMeasure
from bench.servers import Kind, Place

START_WITHIN = 30.0
"""Seconds in which a server has to answer."""

STOP_WITHIN = 15.0
"""Seconds in which a server has to end when it is asked to."""

FIRST = "-19"
"""Linux shares out its cores by session; where we may, a server and its load go ahead of all other sessions."""


def go_ahead(pids: Iterable[int | str]) -> None:
    """Let the sessions of these processes go ahead of all others."""
    for pid in pids:
        with contextlib.suppress(OSError):
            Path(f"/proc/{pid}/autogroup").write_text(FIRST)


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [pid, *map(int, children.read_text().split())]


def processor_seconds(pid: int) -> float:
    """The processor time that a process has had so far, with all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pinned(command: list[str], core: int, **given: Any) -> "subprocess.Popen[str]":
    """Start a program that may only run on one core."""

    def prepare() -> None:
        """In the new process, so that a program that counts its cores when it starts (as Go's do) finds one."""
        os.sched_setaffinity(0, {core})
        os.setsid()
        go_ahead(["self"])

    return subprocess.Popen(command, preexec_fn=prepare, text=True, **given)  # noqa: PLW1509


class Server:
    """A running server; a context manager that starts it, waits until it answers, and stops it."""

    def __init__(self, kind: Kind, core: int, data: Path | None = None) -> None:
        """With `data` it runs in that directory, which stays; else in a new one that is removed in the end."""
        self.kind = kind
        self.port = _free_port()
        self.start_seconds = 0.0
        self.core = core
        self._given = data
        self._place: Path
        self._process: subprocess.Popen[str]

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def __enter__(self) -> "Server":
        BUILD.mkdir(parents=True, exist_ok=True)
        self._place = self._given or Path(tempfile.mkdtemp(dir=BUILD, prefix=f"{self.kind.name}-"))
        place = Place(self._place, self.port)
        command, environment = self.kind.command(place), {**_environment(), **self.kind.environment}
        with (BUILD / f"{self.kind.name}.log").open("w") as log:
            begun = time.perf_counter()
            self._process = pinned(
                command, self.core, env=environment, cwd=self._place, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            self._await_answer(begun)
        except BaseException:
            self.__exit__()
            raise
        self.start_seconds = time.perf_counter() - begun
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._given is None:
            shutil.rmtree(self._place, ignore_errors=True)

    def processor_seconds(self) -> float:
        """The processor time it has had so far, with all its threads."""
        return processor_seconds(self.pid)

    def memory(self) -> int:
        """Its resident memory in bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))

    def _await_answer(self, begun: float) -> None:
        while not self._answers():
            if self._process.poll() is not None or time.perf_counter() - begun > START_WITHIN:
                said = (BUILD / f"{self.kind.name}.log").read_text(errors="replace")[-2000:]
                raise CannotMeasure(f"{self.kind.name} does not start. It said:\n{said}")
            time.sleep(0.002)

    def _answers(self) -> bool:
        """Whether it takes connections, and says that it is healthy where it can say so."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
                if not self.kind.health:
                    return True
                connection.sendall(f"GET {self.kind.health} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
                return connection.recv(4096).startswith(b"HTTP/1.1 200")
        except OSError:
            return False


def with_other_people(server: Server) -> Server:
    """The same server, to which people with other names come, into other rooms."""
    another = copy.copy(server)
    script = server.kind.script.replace("p{n}", "pp{n}").replace("r{r}", "rr{r}")
    another.kind = replace(server.kind, script=script)
    return another


def _environment() -> dict[str, str]:
    """This process's, with compiled modules kept as where a server is really run: compiling costs a start a second."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port
