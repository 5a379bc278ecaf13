"""The server is killed at one system call of a commit after the other: before it, so that the next case is after it.

strace ends the process as it enters the nth call of a kind, counted for each thread: the journal's writer makes
`pwrite64` and `fdatasync` on the database's log, another thread writes the transcripts, the main one every socket.
"""

import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tests.live.server import Server
from tests.torture.load import ROOMS, Load
from tests.torture.scale import SEED, scaled
from tests.torture.tracing import need_strace
from tests.torture.verdict import settle


class Point(NamedTuple):
    """The nth call of a kind by a thread, on one of these files or on any."""

    call: str
    nth: int
    paths: tuple[str, ...] = ()

    def killing(self) -> tuple[str, ...]:
        """The command under which a server ends there."""
        only = [word for path in self.paths for word in ("-P", path)]
        inject = f"inject={self.call}:signal=SIGKILL:when={self.nth}"
        return ("strace", "-D", "-f", "-o", os.devnull, *only, "-e", f"trace={self.call}", "-e", inject)


def points(data: Path) -> list[Point]:
    """Calls of the server's start and of commits, one after the other, of a checkpoint, and those of the transcript."""
    database, wal = (str(data / "nexus.db"),), (str(data / "nexus.db-wal"),)
    days = [datetime.now(UTC) + timedelta(days=days) for days in (0, 1)]
    logs = tuple(str(data / "logs" / room / f"{day:%Y-%m-%d}.log") for room in ROOMS for day in days)
    return [
        *(Point("pwrite64", nth, wal) for nth in scaled([2, 5, 6], [*range(1, 41), *range(50, 1500, 70)])),
        *(Point("fdatasync", nth, wal) for nth in scaled([6], [*range(1, 31)])),
        *(Point("write", nth, logs) for nth in scaled([1, 9], [*range(1, 21)])),
        *(Point("write", nth) for nth in scaled([40], [*range(6, 60, 2), *range(60, 600, 30)])),
        *(Point("pwrite64", nth, database) for nth in scaled([], [1, 2, 5, 20, 60])),
        *(Point("fdatasync", nth, database) for nth in scaled([], [1, 2])),
    ]


def end_at(point: Point, server: Server) -> None:
    """Start it and wait until it is killed, which may be while it starts."""
    server.under = point.killing()
    try:
        server.start()
    except AssertionError:
        print(point, "was while it started")
    assert server.process is not None
    assert server.process.wait(90) == -signal.SIGKILL, f"{point} did not end the server"
    server.kill()
    server.under = ()


def test_a_kill_at_every_system_call_of_a_commit_leaves_all_of_it_or_nothing(tmp_path: Path) -> None:
    need_strace()
    data = tmp_path / "data"
    with Server(data) as server, Load(server.ws, SEED, file=tmp_path / "load.jsonl") as load:
        load.more(1)
        server.kill()
        for point in points(data):
            end_at(point, server)
        server.start()
        settle(load, server)
