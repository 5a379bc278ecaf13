"""System calls that fail: strace lets them, for a server from its start on or while it runs."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.live.server import Server
from tests.torture.disk import need

BETWEEN_LOOKS = 0.01
"""Seconds between two looks at what the kernel tells nobody."""

WRITES = "write,writev,pwrite64,pwritev,ftruncate,fallocate,fsync,fdatasync"


def need_strace() -> None:
    """End a case where nothing can be traced."""
    strace = shutil.which("strace")
    able = strace is not None and not subprocess.run([strace, "true"], capture_output=True, check=False).returncode
    need(able, "NOT RUN: no system call was made to fail, because strace is not installed or may not trace.")


def failing(calls: str, error: str, when: str, paths: Sequence[Path]) -> tuple[str, ...]:
    """What strace is told: which calls on these files fail, and when, such as "5+20": the 5th and every 20th after it.

    The calls are counted for each thread.
    """
    only = [word for path in paths for word in ("-P", str(path))]
    return (*only, "-e", f"trace={calls}", "-e", f"inject={calls}:error={error}:when={when}")


@contextmanager
def made_to_fail(server: Server, trace: Path, failing: Sequence[str]) -> Iterator[None]:
    """Let calls of a running server fail from now to the end of the context."""
    assert server.process is not None
    command = ["strace", "-f", "-p", str(server.process.pid), "-o", str(trace), *failing]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as strace:
        assert strace.stderr is not None
        assert "attached" in strace.stderr.readline()
        _wait_for_all_threads(server.process.pid, strace.pid)
        try:
            yield
        finally:
            strace.send_signal(signal.SIGINT)
            strace.stderr.read()  # to its end: then it has let go


def _wait_for_all_threads(traced: int, by: int) -> None:
    """Until every thread of a process is traced."""
    until = time.monotonic() + 20
    while any(f"TracerPid:\t{by}\n" not in status for status in _statuses(traced)):
        assert time.monotonic() < until, f"strace did not take hold of process {traced}."
        time.sleep(BETWEEN_LOOKS)


def _statuses(pid: int) -> list[str]:
    return [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/status")]


def count_failures(trace: Path) -> int:
    """How many calls strace let fail."""
    return trace.read_text().count("(INJECTED)")
