"""Where a message's time goes: posts walk through one process, stage by stage; `python -m bench.walk`.

Everything is real but the transports, which take what is written and throw it away, and the threads: each stage runs by
itself, so that its processor time can be told. What the kernel adds for reading and writing sockets is not in it.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from bench.machine import BUILD
from bench.talker import HANDSHAKE
from nexus.core.lines import line
from nexus.core.log import Record
from nexus.gateway.admission import Admission
from nexus.gateway.websocket.frames import TEXT
from nexus.gateway.websocket.socket import Socket
from nexus.server.build import build
from nexus.settings import Pace, Settings
from nexus.store.sqlite import SqliteStore

STAGES = ("bytes to draft", "transaction", "outcome to bytes", "transcript line")


class Transport:
    """Takes what is written."""

    def __init__(self) -> None:
        self.written = 0

    def write(self, data: bytes) -> None:
        """Count."""
        self.written += len(data)

    def set_write_buffer_limits(self, high: int) -> None:
        """None is ever reached."""

    def get_extra_info(self, _: str) -> Any:
        """There is no peer."""
        return None

    def is_closing(self) -> bool:
        """Never."""
        return False


class Stages:
    """The ports Clock and Threads: what is due is done when `settle` is called, and timed apart from the rest."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys(STAGES, 0.0)
        self._soon: list[Callable[[], None]] = []

    def wall(self) -> int:
        """UTC milliseconds."""
        return time.time_ns() // 1_000_000

    def now(self) -> float:
        """Seconds."""
        return time.monotonic()

    def soon(self, call: Callable[[], None]) -> None:
        """When the present is done."""
        self._soon.append(call)

    def later(self, seconds: float, call: Callable[[], None]) -> "Stages":  # noqa: ARG002
        """Nothing that comes later belongs to the walk."""
        return self

    def cancel(self) -> None:
        """It would not have come anyway."""

    def read(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """At once."""
        self._soon.append(lambda: then(work()))

    hash = read

    def write(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """A group."""

        def group() -> None:
            with_result = self.timed("transaction", work)
            self.timed("outcome to bytes", lambda: then(with_result))

        self._soon.append(group)

    def timed(self, stage: str, work: Callable[[], Any]) -> Any:
        """Do it, and count its processor time."""
        begun = time.process_time()
        result = work()
        self.spent[stage] += time.process_time() - begun
        return result

    def settle(self) -> None:
        """Do all that is due."""
        while self._soon:
            self._soon.pop(0)()


class Walk:
    """A node without a network, and people in it."""

    def __init__(self, directory: Path, people: int, rooms: int) -> None:
        self.stages = Stages()
        settings = Settings(pace=Pace(posts=0, commands=0, address=0, logins=0))
        self.store = SqliteStore.open(directory)
        node = build(settings, self.store, self.stages, self.stages, PasswordHasher(), self._note)
        admission = Admission(settings, node, self.stages, self.store.key)
        self.sent = 0
        self._rooms = rooms
        self.sockets = [Socket(admission) for _ in range(people)]
        for number, socket in enumerate(self.sockets):
            socket.connection_made(Transport())  # type: ignore[arg-type]  # all that is asked of it
            socket.data_received(HANDSHAKE.encode())
            socket.data_received(frame(b'{"type":"hello","ref":1,"name":"p%05d"}' % number))
            self.stages.settle()
            socket.data_received(frame(b'{"type":"join","ref":2,"room":"r%05d"}' % (number % rooms)))
            self.stages.settle()

    def round(self, window: int) -> None:
        """Everyone says so many things at once, and all of it is stored and seen."""
        inputs = [self._posts(number, window) for number in range(len(self.sockets))]

        def hear() -> None:
            for socket, data in zip(self.sockets, inputs, strict=True):
                socket.data_received(data)

        self.stages.timed(STAGES[0], hear)
        self.stages.settle()

    def _posts(self, number: int, window: int) -> bytes:
        posts = []
        for _ in range(window):
            self.sent += 1
            nonce = f"{self.stages.wall():012x}{number:010x}{self.sent:06x}"
            text = f"message {self.sent} ".ljust(100, "x")
            room = f"r{number % self._rooms:05d}"
            post = {"type": "post", "ref": self.sent, "room": room, "text": text, "nonce": nonce}
            posts.append(json.dumps(post).encode())
        return b"".join(map(frame, posts))

    def _note(self, records: Sequence[Record]) -> None:
        self.stages.timed(STAGES[3], lambda: "".join([line(record.event) for record in records]).encode())


def frame(payload: bytes) -> bytes:
    """As a client sends it, with a mask of zeros."""
    length = len(payload)
    head = bytes((0x80 | TEXT, 0x80 | length)) if length < 126 else b"\x81\xfe" + length.to_bytes(2, "big")
    return head + bytes(4) + payload


def main() -> None:
    """Print the microseconds per post of each stage: the median over rounds, and the fastest."""
    parser = argparse.ArgumentParser(prog="python -m bench.walk", description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--rooms", type=int, default=200)
    parser.add_argument("--window", type=int, default=4, help="posts of each in a group (4)")
    parser.add_argument("--rounds", type=int, default=60)
    asked = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as directory:
        walk = Walk(Path(directory), asked.people, asked.rooms)
        per_post: dict[str, list[float]] = {stage: [] for stage in STAGES}
        for _ in range(asked.rounds):
            walk.stages.spent = dict.fromkeys(STAGES, 0.0)
            walk.round(asked.window)
            walk.stages.spent[STAGES[2]] -= walk.stages.spent[STAGES[3]]  # it is noted within
            for stage, spent in walk.stages.spent.items():
                per_post[stage].append(1e6 * spent / (asked.people * asked.window))
        walk.store.close()
    for stage, times in per_post.items():
        print(f"{stage:18} {statistics.median(times):6.2f} µs/post  (fastest {min(times):.2f})")


if __name__ == "__main__":
    main()
