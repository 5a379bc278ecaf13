"""What anyone of a load did or was told, in the order of happening, and waiting for more of it."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, NamedTuple

Event = dict[str, Any]

What = Literal[
    "sent",  # a post, once for each try: room, text, nonce
    "acknowledged",  # its `done`: room, text, nonce, seq
    "refused",  # room, text, nonce, code; `final` where the sender gives up
    "heard",  # an event of a room's log: room, seq, event
    "skipped",  # room, from `seq` to `to`
    "reset",  # room
    "goodbye",  # code
    "began",  # a connection, greeted
    "turned_away",  # not greeted: code
    "ended",  # a connection: code, "" where none was given
    "entered",  # a room: after which event (`seq`, UNKNOWN for a newcomer), and the head told with it (`to`)
]

UNKNOWN = -1
"""The `seq` of someone who enters a room without naming the last event they have."""


class Record(NamedTuple):
    """One thing that happened to one person; `at` is monotonic, in seconds."""

    at: float
    who: str
    what: What
    room: str = ""
    seq: int = 0
    to: int = 0
    text: str = ""
    nonce: str = ""
    code: str = ""
    final: bool = False
    event: Event | None = None


class Log:
    """All records, appended by the load's thread only; others wait for how many there are of a kind."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.counts: Counter[str] = Counter()
        self._waiting: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    def add(self, who: str, what: What, **fields: Any) -> None:
        """Note that this happened now."""
        self.records.append(Record(time.monotonic(), who, what, **fields))
        self.counts[what] += 1
        for waiting in self._waiting.copy() if self._waiting else ():
            if waiting[0]():
                self._waiting.remove(waiting)
                if not waiting[1].done():
                    waiting[1].set_result(None)

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait, in the load's thread, until something is true; looked at after each record."""
        if not true():
            waiting = (true, asyncio.get_running_loop().create_future())
            self._waiting.append(waiting)
            try:
                await waiting[1]
            finally:
                if waiting in self._waiting:
                    self._waiting.remove(waiting)

    def write(self, file: Path) -> None:
        """Write one JSON object a line, without what is empty, for someone who looks into a failure."""
        with file.open("w", encoding="utf-8") as out:
            for record in list(self.records):
                shown = {key: value for key, value in record._asdict().items() if value or key == "at"}
                out.write(json.dumps(shown, ensure_ascii=False) + "\n")


class Mood:
    """What the whole load is up to; people look at it."""

    def __init__(self) -> None:
        self.talking = True
        self.settling = False
