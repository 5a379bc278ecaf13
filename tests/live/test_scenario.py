"""The scenario of the beginning: many people in several rooms talk, switch, come and go."""

import asyncio
import random
import time
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median, quantiles

import pytest

from tests.live.server import Server
from tests.live.talker import Talker

ROUNDS = 4


@pytest.mark.parametrize("people", [50, 500])
def test_everyone_hears_their_rooms_and_nobody_hears_another(
    people: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Server(tmp_path / "data") as server:
        latencies = asyncio.run(_play(server.ws, people))

    assert len(latencies) > people * ROUNDS
    with capsys.disabled():
        print(
            f"\n{people} people: {len(latencies)} deliveries checked, post to seen "
            f"median {median(latencies):.1f} ms, p99 {quantiles(latencies, n=100)[98]:.1f} ms"
        )


async def _play(url: str, people: int) -> list[float]:
    """Everyone talks in each round; between rounds some switch rooms, some drop, some come new."""
    choose = random.Random(people)
    rooms = [f"room{number}" for number in range(max(people // 12, 4))]
    async with AsyncExitStack() as stack:
        everyone = [
            await stack.enter_async_context(Talker(url, f"Guest{number}", [choose.choice(rooms)]))
            for number in range(people)
        ]
        for round_ in range(ROUNDS):
            for talker in everyone:
                await talker.say(talker.rooms[0], f"{talker.name} {round_} {time.perf_counter_ns()}")
            await asyncio.gather(*(talker.until(lambda t=talker: not t.waiting) for talker in everyone))
            await _check_feeds(everyone, rooms)
            movers = choose.sample(everyone, people // 5)
            await asyncio.gather(*(talker.go([choose.choice(rooms)]) for talker in movers))
            newcomer = Talker(url, f"New{round_}", [choose.choice(rooms)])
            everyone.append(await stack.enter_async_context(newcomer))
        return [latency for talker in everyone for latency in talker.latencies]


async def _check_feeds(everyone: list[Talker], rooms: list[str]) -> None:
    """Each feed is a stretch of its room's log without a hole, up to its end, and of no other room."""
    logs = {room: await everyone[0].history(room) for room in rooms}
    for talker in everyone:
        assert not talker.foreign
        assert set(talker.feeds) - {room for room in talker.feeds if not talker.feeds[room]} <= set(rooms)
        for room in talker.rooms:
            end = logs[room][-1]["seq"] if logs[room] else 0
            await talker.until(lambda t=talker, r=room, n=end: not n or (t.feeds[r] and t.feeds[r][-1]["seq"] >= n))
            feed = talker.feeds[room]
            if feed:
                assert feed == logs[room][feed[0]["seq"] - 1 :]
