"""Many come, or are cut off and come back, in one moment: all are served or told why, and nothing is missing."""

import asyncio
import resource
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.conformance.peer import Peer, fresh
from tests.live.server import Server
from tests.torture.gauges import NOBODY, processor, wait_for
from tests.torture.judge import judge
from tests.torture.line import TurnedAwayError
from tests.torture.load import read_heads, read_history, read_transcripts
from tests.torture.person import Person, run
from tests.torture.record import Log, Mood, Record
from tests.torture.scale import SEED, scaled
from tests.torture.sender import Sender

CUT = scaled(200, 2000)
TIMES = scaled(2, 5)
POSTS = scaled(100, 200)
"""Posts acknowledged before each cut and after the last."""

ROOMS = ["garden", "kitchen"]
SENDERS = 2

COMING = scaled(500, 10_000)
PLACES = COMING * 4 // 5
AT_ONCE = 250
"""Connections that are being made at any time; more would only queue in the kernel."""

SETTINGS = {
    "NEXUS_LIMITS_CATCH_UP": "100000",
    "NEXUS_LIMITS_CONNECTIONS": str(PLACES),
    "NEXUS_SESSION_GRACE": scaled("1", "10"),
}


@pytest.fixture(scope="module", autouse=True)
def descriptors() -> Iterator[None]:
    """As many open files as the system allows this process, for a while."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with fewer places than there are people."""
    with Server(tmp_path / "data", env=SETTINGS) as server:
        yield server


class Storm:
    """A few who talk, and a crowd that listens and is cut off as one."""

    def __init__(self, server: Server) -> None:
        chance, self.mood, self.log = Random(SEED), Mood(), Log()
        self.url, self.seconds, self.records = server.ws, list[float](), list[Record]()
        self.senders = [
            Sender(server.ws, fresh(f"Ann{number}"), ROOMS, self.log, self.mood, Random(chance.random()))
            for number in range(SENDERS)
        ]
        self.crowd = [Person(server.ws, fresh(f"Bo{number}"), ROOMS, self.log) for number in range(CUT)]

    async def rage(self) -> None:
        """All of it; in the end everyone is there and has everything."""
        await asyncio.gather(*(member.come() for member in self.crowd))
        talking = [asyncio.create_task(sender.live()) for sender in self.senders]
        for _ in range(TIMES):
            await self.more_posts()
            begun = time.perf_counter()
            for member in self.crowd:
                member.cut()
            await asyncio.gather(*(member.come() for member in self.crowd))
            self.seconds.append(time.perf_counter() - begun)
        await self.more_posts()
        self.mood.talking, self.mood.settling = False, True
        for sender in self.senders:
            sender.nudge()
        await self.log.until(lambda: not any(sender.waiting for sender in self.senders))
        heads = await asyncio.to_thread(read_heads, self.url, ROOMS)
        await asyncio.gather(*(member.has(heads) for member in self.crowd))
        self.records = list(self.log.records)
        for task in talking:
            task.cancel()
        await asyncio.gather(asyncio.wait(talking), *(member.end() for member in self.crowd))

    async def more_posts(self) -> None:
        """Wait for so many more."""
        wanted = self.log.counts["acknowledged"] + POSTS
        await self.log.until(lambda: self.log.counts["acknowledged"] >= wanted)


def test_a_crowd_that_is_cut_off_at_once_and_comes_back_at_once_misses_nothing(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    storm = Storm(server)

    run(storm.rage())

    history = read_history(server.ws, ROOMS)
    assert server.stop() == 0
    faults = judge(storm.records, history, read_transcripts(server.data, ROOMS))
    assert not faults, f"{len(faults)} faults (seed {SEED}):\n" + "\n".join(faults[:20])
    with capsys.disabled():
        times = ", ".join(f"{seconds:.2f}" for seconds in storm.seconds)
        print(f"\n{CUT} cut off and resumed, {TIMES} times, under load: s until the last was greeted: {times}")


async def come_all(members: list[Person]) -> Counter[str]:
    """How each was received: greeted, or turned away with which code and sentence."""
    received: Counter[str] = Counter()
    gate = asyncio.Semaphore(AT_ONCE)

    async def come(member: Person) -> None:
        async with gate:
            try:
                await member.come()
                received["greeted"] += 1
            except TurnedAwayError as why:
                received[str(why)] += 1

    await asyncio.gather(*map(come, members))
    return received


def test_everyone_in_a_rush_is_served_or_refused_with_a_reason(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    ann, bo = Peer(server.ws), Peer(server.ws)
    for peer, word in ((ann, "Ann"), (bo, "Bo")):
        peer.greet(fresh(word))
        peer.done("join", room="garden")

    async def rush() -> Counter[str]:
        members = [Person(server.ws, fresh(f"Cy{number}"), ["garden"], Log()) for number in range(COMING)]
        begun, used = time.perf_counter(), processor(server)
        received = await come_all(members)
        seconds, used = time.perf_counter() - begun, processor(server) - used
        with capsys.disabled():
            print(f"\n{COMING} came within {seconds:.1f} s ({used:.1f} s of its processor time): {dict(received)}")
        head = await asyncio.to_thread(ann.post, "garden", "Hello to all of you.")
        await asyncio.gather(*(member.has({"garden": head}) for member in members if member.here))
        await asyncio.gather(*(member.end() for member in members if member.here))
        return received

    received = run(rush())

    full = f"503: There are {PLACES} connections, which is the limit."
    assert received == {"greeted": PLACES - 2, full: COMING - PLACES + 2}
    assert bo.hears("posted")["text"] == "Hello to all of you."
    ann.post("garden", "Where is everyone?")
    assert bo.hears("posted")["text"] == "Where is everyone?"
    wait_for(server, {**NOBODY, "connections": 2, "sessions": 2, "listeners_live": 2})
    ann.leave()
    bo.leave()
    assert server.log.read_text() == ""
