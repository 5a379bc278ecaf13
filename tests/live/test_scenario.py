"""The scenario of the beginning: many people in several rooms talk, switch, come and go."""

import asyncio
import random
import time
from collections import defaultdict
from pathlib import Path
from statistics import median, quantiles

import pytest

from tests.live.server import Server
from tests.torture.load import read_history
from tests.torture.person import Person, run
from tests.torture.record import Event, Log

ROUNDS = 4


@pytest.mark.parametrize("people", [50, 500])
def test_everyone_hears_their_rooms_and_nobody_hears_another(
    people: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Server(tmp_path / "data") as server:
        latencies = run(_play(server.ws, people))

    assert len(latencies) > people * ROUNDS
    with capsys.disabled():
        print(
            f"\n{people} people: {len(latencies)} deliveries checked, post to seen "
            f"median {median(latencies):.1f} ms, p99 {quantiles(latencies, n=100)[98]:.1f} ms"
        )


class Talker(Person):
    """Someone who switches rooms, and keeps what was heard of each."""

    def __init__(self, url: str, name: str, room: str) -> None:
        super().__init__(url, name, [room], Log())
        self.cursors = {room: None}
        self.on_event = self._keep
        self.feeds: dict[str, list[Event]] = defaultdict(list)
        self.foreign: list[Event] = []
        self.latencies: list[float] = []

    async def say(self, text: str) -> None:
        """Post, with the moment at the end of the text, and wait until it is stored."""
        reply = await self.ask("post", room=self.rooms[0], text=f"{text} {time.perf_counter_ns()}")
        assert reply["type"] == "done", reply

    async def go(self, room: str) -> None:
        """Leave the room one is in, and join another."""
        if room != self.rooms[0]:
            reply = await self.ask("leave", room=self.rooms[0])
            assert reply["type"] == "done", reply
            self.feeds.pop(self.rooms[0], None)
            self.rooms, self.cursors = [room], {room: None}
            await self.join(room)

    def _keep(self, event: Event) -> None:
        (self.feeds[event["room"]] if event["room"] in self.rooms else self.foreign).append(event)
        if event["type"] == "posted":
            self.latencies.append((time.perf_counter_ns() - int(event["text"].rpartition(" ")[2])) / 1e6)


async def _play(url: str, people: int) -> list[float]:
    """Everyone talks in each round; between rounds some switch rooms and some come new."""
    choose = random.Random(people)
    rooms = [f"room{number}" for number in range(max(people // 12, 4))]
    everyone = [Talker(url, f"Guest{number}", choose.choice(rooms)) for number in range(people)]
    await asyncio.gather(*(talker.come() for talker in everyone))
    for round_ in range(ROUNDS):
        await asyncio.gather(*(talker.say(f"{talker.name} {round_}") for talker in everyone))
        await _check_feeds(url, everyone)
        await asyncio.gather(*(talker.go(choose.choice(rooms)) for talker in choose.sample(everyone, people // 5)))
        everyone.append(Talker(url, f"New{round_}", choose.choice(rooms)))
        await everyone[-1].come()
    await asyncio.gather(*(talker.end() for talker in everyone))
    return [latency for talker in everyone for latency in talker.latencies]


async def _check_feeds(url: str, everyone: list[Talker]) -> None:
    """Each feed is a stretch of its room's log without a hole, up to its end, and of no other room."""
    rooms = sorted({talker.rooms[0] for talker in everyone})
    logs = await asyncio.to_thread(read_history, url, rooms)
    for talker in everyone:
        room, feed = talker.rooms[0], talker.feeds[talker.rooms[0]]
        await talker.has({room: logs[room][-1]["seq"]} if logs[room] else {})
        assert not talker.foreign
        assert set(talker.feeds) == {room}
        assert not feed or feed == logs[room][feed[0]["seq"] - 1 :]
