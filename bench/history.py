"""The case of a room with a very long history: entering, coming back and turning a page, each as one round trip.

The rooms are filled through the store itself, which takes seconds where posting would take minutes. So their
transcripts are not there, and the server is told not to write any.
"""

import atexit
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from bench.machine import BUILD
from bench.processes import Server
from bench.servers import Kind
from bench.talker import Talker
from nexus.core.changes import MakeRoom
from nexus.core.log import Record
from nexus.core.people import RoomRow
from nexus.protocol.events import Posted
from nexus.store.sqlite import SqliteStore

MESSAGES = {"deep": 1_000_000, "shallow": 1_000}
GROUP = 5_000
AUTHORS = 500
TRIES = 100
PAGE = 50
NEWCOMER_GETS = 5
MISSED = 20
"""Messages between what someone who comes back knows and the head."""
_visitors = count()
"""Their names differ over all rounds, for the directory remembers who may come back."""


def measure_history(kind: Kind, core: int) -> dict[str, float]:
    """Median milliseconds of each, in the long room and in the short one, the two taking turns."""
    times: dict[str, list[float]] = {}
    with Server(kind, core, data=_filled()) as server:
        for _ in range(TRIES):
            for room, suffix in (("deep", ""), ("shallow", ", 1,000")):
                for name, seconds in _visit(server.port, room, f"{room}{next(_visitors):06}"):
                    times.setdefault(name + suffix, []).append(1000 * seconds)
    return {name: statistics.median(taken) for name, taken in times.items()}


def _visit(port: int, room: str, name: str) -> Iterator[tuple[str, float]]:
    """One person comes, reads an old page, goes away and comes back; what took how many seconds."""
    head = MESSAGES[room]
    with Talker(port) as talker:
        secret = talker.ask({"type": "hello", "name": name})["session"]

        begun = time.perf_counter()
        talker.ask({"type": "join", "room": room}, then=NEWCOMER_GETS)
        yield "join", time.perf_counter() - begun

        before = random.randint(PAGE + 1, head)
        begun = time.perf_counter()
        page = talker.ask({"type": "history", "room": room, "before": before, "limit": PAGE})
        yield "page", time.perf_counter() - begun
        assert [event["seq"] for event in page["events"]] == list(range(before - PAGE, before))

        known: dict[str, Any] = talker.ask({"type": "history", "room": room, "after": head - MISSED - 1, "limit": 1})
    position = {key: known["events"][0][key] for key in ("seq", "at")}
    with Talker(port) as talker:
        begun = time.perf_counter()
        talker.ask({"type": "hello", "session": secret, "resume": {room: position}}, then=MISSED)
        yield "resume", time.perf_counter() - begun


@cache
def _filled() -> Path:
    """A directory with both rooms in its database, made once a run and removed in the end."""
    directory = Path(tempfile.mkdtemp(dir=BUILD, prefix="history-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    data = directory / "data"
    data.mkdir()
    store = SqliteStore.open(data)
    try:
        for room, messages in MESSAGES.items():
            _fill(store, room, messages)
    finally:
        store.close()
    return directory


def _fill(store: SqliteStore, name: str, messages: int) -> None:
    at = time.time_ns() // 1_000_000 - messages
    _, (room,) = store.commit([], [MakeRoom(name, name, at)])
    assert isinstance(room, RoomRow)
    for first in range(0, messages, GROUP):
        numbers = range(first, min(first + GROUP, messages))
        store.commit([_record(room, number, at + number) for number in numbers], [])
        store.tidy()


def _record(room: RoomRow, number: int, at: int) -> Record:
    author = 1 + number % AUTHORS
    text = f"message {number} ".ljust(100, "x")
    event = Posted(room=room.name, seq=0, at=at, by=f"author{author}", guest=True, text=text)
    return Record(room.id, -author, event, f"{at:012x}{author:010x}{number:06x}")
