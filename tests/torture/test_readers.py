"""Readers who do not read: memory stays within what the settings allow, and the others are served as before."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.peer import fresh
from tests.hostile.raw import FIN, PONG, Raw, frame
from tests.live.server import Server
from tests.torture.gauges import read_metrics, status
from tests.torture.person import Person, run
from tests.torture.record import Event, Log
from tests.torture.scale import LONG, scaled

READERS = scaled(40, 500)
MESSAGES = scaled(1500, 100_000)
QUIET = scaled(1000, 25_000)
"""Messages before the readers come: enough to fill the database's page cache and to index some, which is no growth
of theirs."""

TEXT = "🌱" * scaled(7900, 250)
ON_THEIR_WAY = 16
ROOM = "garden"

WRITE_BUFFER = 16_384
TAIL = 2_000_000
CATCH_UP = 100
SETTINGS = {
    "NEXUS_LIMITS_WRITE_BUFFER": str(WRITE_BUFFER),
    "NEXUS_LIMITS_TAIL_BYTES": str(TAIL),
    "NEXUS_LIMITS_CATCH_UP": str(CATCH_UP),
}

ONE_READER = 2 * WRITE_BUFFER + 16_000
"""A full buffer, one write that overfills it, and the connection itself."""

ELSE = 16 * 2**20
"""What else may grow: the page cache of a connection to the database that has not read much yet."""

WINDOW = 4096
"""Bytes that the kernel keeps for a reader."""

ALIVE = 5
"""Seconds between two signs of life of someone who does not read."""


class Talk:
    """Ann posts, always with so many on their way, and Bo tells how long each took to be seen."""

    def __init__(self, ann: Person, bo: Person, count: int) -> None:
        self.seconds: list[float] = []
        self._ann = ann
        self._count = count
        self._sent: dict[str, float] = {}
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        bo.on_event = self._seen

    async def run(self) -> list[float]:
        """All of it; returns the seconds from post to seen, in order of size."""
        for _ in range(ON_THEIR_WAY):
            self._say()
        await self._done
        return sorted(self.seconds)

    def _say(self) -> None:
        text = f"{TEXT} {len(self._sent)}"
        self._sent[text] = time.perf_counter()
        post = {"type": "post", "ref": len(self._sent), "room": ROOM, "text": text}
        self._ann.line.send(frame(json.dumps(post, ensure_ascii=False).encode()))

    def _seen(self, event: Event) -> None:
        self.seconds.append(time.perf_counter() - self._sent[event["text"]])
        if len(self._sent) < self._count:
            self._say()
        elif len(self.seconds) == self._count:
            self._done.set_result(None)


class Readers:
    """Half of them never read, the others one byte a second; all show that they are alive."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.raws: list[Raw] = []
        self.seconds = 0

    def come(self) -> None:
        """All connect and join, and live from now on."""
        self.raws += [Raw(self._server.port, window=WINDOW).upgrade() for _ in range(READERS)]
        for raw in self.raws:
            raw.greet(ROOM)
        self.never, self.slow = self.raws[::2], self.raws[1::2]
        self.live()

    def live(self) -> None:
        """One second of their lives, and the next one after that."""
        self.seconds += 1
        for raw in self.slow:
            raw.socket.recv(1)
        if self.seconds % ALIVE == 0:
            for raw in self.raws:
                raw.send(frame(b"", FIN | PONG))
        self.timer = asyncio.get_running_loop().call_later(1, self.live)

    def close(self) -> None:
        """All hang up."""
        for raw in self.raws:
            raw.close()


def p99(seconds: list[float]) -> float:
    """In ms."""
    return seconds[len(seconds) * 99 // 100] * 1000


async def talk(server: Server, readers: Readers) -> dict[str, Any]:
    """The same talk without the readers, and with them."""
    log = Log()
    ann, bo = (Person(server.ws, fresh(word), [ROOM], log) for word in ("Ann", "Bo"))
    for member in (ann, bo):
        await member.come()
    quiet = await Talk(ann, bo, QUIET).run()
    before = status(server, "VmRSS")
    readers.come()
    loaded = await Talk(ann, bo, MESSAGES).run()
    readers.timer.cancel()
    grown, metrics = status(server, "VmRSS") - before, read_metrics(server)
    for member in (ann, bo):
        await member.end()
    return {"quiet": p99(quiet), "loaded": p99(loaded), "grown": grown, "metrics": metrics}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with small buffers, so that a leak is soon larger than they are."""
    with Server(tmp_path / "data", env=SETTINGS) as server:
        yield server


def test_many_who_do_not_read_cost_little_and_nobody_notices(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    readers = Readers(server)
    with closing(readers):
        hear_nothing(server, readers, capsys)


def hear_nothing(server: Server, readers: Readers, capsys: pytest.CaptureFixture[str]) -> None:
    """The talk past them, and what they find waiting afterwards."""
    seen = run(talk(server, readers))
    bound = READERS * ONE_READER + TAIL + ELSE

    with capsys.disabled():
        print(
            f"\n{MESSAGES} messages ({MESSAGES * len(TEXT.encode()) / 1e6:.0f} MB) past {READERS} who do not read: "
            f"{seen['grown'] / 1e6:+.1f} MB of {bound / 1e6:.1f} allowed; p99 post to seen "
            f"{seen['quiet']:.1f} ms quiet, {seen['loaded']:.1f} ms with them"
        )
        if LONG and seen["loaded"] > 3 * seen["quiet"]:
            print(f"FINDING: with them the p99 is {seen['loaded'] / seen['quiet']:.1f} times that of quiet")
    assert seen["grown"] < bound
    assert seen["metrics"]["connections"] == READERS + 2, "someone was thrown out for being slow"
    assert seen["metrics"]["listeners_behind"] == READERS
    head = QUIET + MESSAGES
    for raw in readers.never:
        read_to_the_end(raw, head)


def read_to_the_end(raw: Raw, head: int) -> None:
    """All that waits for a reader: every message, or the range that was skipped, in order, up to the newest."""
    at = QUIET
    while at < head:
        event = raw.event()
        if event["type"] == "posted":
            assert event["seq"] == at + 1
            at = event["seq"]
        elif event["type"] == "skipped":
            assert event["from"] == at + 1
            at = event["to"]
