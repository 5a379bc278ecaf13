"""A real server is killed while people talk: nothing acknowledged is lost, repeated or out of order."""

import asyncio
from collections import defaultdict
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from nexus.core.lines import read_line
from tests.live.server import Server
from tests.live.talker import Event, Talker

ROOMS = ["garden", "kitchen", "cellar"]
PEOPLE = 8
KILLS = 4
POSTS_BETWEEN = 150


def test_what_was_acknowledged_survives_every_kill_exactly_once(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        asyncio.run(_talk_through_kills(server))
        server.stop()
        transcripts = {room: _transcript(tmp_path / "data" / "logs" / room) for room in ROOMS}

    assert transcripts == {room: _essence(events) for room, events in _histories.items()}


_histories: dict[str, list[Event]] = {}


async def _talk_through_kills(server: Server) -> None:
    up = asyncio.Event()
    up.set()
    async with AsyncExitStack() as stack:
        talkers = [
            await stack.enter_async_context(Talker(server.ws, f"Guest{number}", ROOMS, up)) for number in range(PEOPLE)
        ]
        talking = [asyncio.create_task(_keep_talking(talker)) for talker in talkers]
        for _ in range(KILLS):
            await _more(talkers, POSTS_BETWEEN)
            up.clear()
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
            up.set()
        await _more(talkers, POSTS_BETWEEN)
        for task in talking:
            task.cancel()
        await asyncio.gather(*(talker.until(lambda t=talker: not t.waiting) for talker in talkers))
        for room in ROOMS:
            _histories[room] = await talkers[0].history(room)
            last = _histories[room][-1]["seq"]
            for talker in talkers:
                await talker.until(lambda t=talker, r=room, n=last: t.feeds[r][-1]["seq"] >= n)
        for talker in talkers:
            _check(talker)


async def _keep_talking(talker: Talker) -> None:
    number = 0
    while True:
        number += 1
        await talker.say(ROOMS[number % len(ROOMS)], f"{talker.name} says {number}")
        await talker.until(lambda: len(talker.waiting) < 5)


async def _more(talkers: list[Talker], posts: int) -> None:
    """Until so many more posts are acknowledged, over all."""
    goal = sum(len(talker.acknowledged) for talker in talkers) + posts
    for talker in talkers:
        share = len(talker.acknowledged) + posts // len(talkers)
        await talker.until(
            lambda t=talker, n=share: len(t.acknowledged) >= n or sum(len(o.acknowledged) for o in talkers) >= goal
        )


def _check(talker: Talker) -> None:
    assert talker.connections == KILLS + 1
    assert not talker.foreign
    for room in ROOMS:
        history, feed = _histories[room], talker.feeds[room]
        assert [event["seq"] for event in history] == list(range(1, len(history) + 1))
        assert feed == history[feed[0]["seq"] - 1 :]
    mine: dict[tuple[str, str], list[int]] = defaultdict(list)
    for room, events in _histories.items():
        for event in events:
            if event["type"] == "posted":
                mine[room, event["text"]].append(event["seq"])
    for room, seq, text in talker.acknowledged.values():
        assert mine[room, text] == [seq]
    for room in ROOMS:
        numbers = [
            int(event["text"].split()[-1])
            for event in _histories[room]
            if event["type"] == "posted" and event["by"] == talker.name
        ]
        assert numbers == sorted(numbers)


def _essence(events: list[Event]) -> list[tuple[Any, ...]]:
    return [(event["seq"], event["at"], event["by"], event.get("text", "")) for event in events]


def _transcript(folder: Path) -> list[tuple[Any, ...]]:
    files = [file.read_text("utf-8") for file in sorted(folder.glob("*.log"))]
    lines = [line for text in files for line in text.splitlines(keepends=True)]
    read = [read_line(line) for line in lines if not line.startswith("# ")]
    return [(line.seq, line.at, line.by, line.text) for line in read if line is not None]
