"""The case of searching two million messages: each query as one round trip, with the search of the page or a client.

The rooms are filled through the store itself, and the index is brought on as the server does it.
"""

import atexit
import random
import shutil
import statistics
import tempfile
import time
from functools import cache
from itertools import accumulate
from pathlib import Path

from bench.machine import BUILD
from bench.processes import Server
from bench.servers import Kind
from bench.talker import Talker
from nexus.core.changes import MakeRoom
from nexus.core.log import Record
from nexus.protocol.events import Posted
from nexus.store.sqlite import SqliteStore

MESSAGES = 2_000_000
ROOMS = 50
AUTHORS = 500
VOCABULARY = 50_000
LENGTH = 12
"""Words of a message."""

GROUP = 5_000
TRIES = 50
RARE = "quagga"
"""A word of three messages among all."""

ELSEWHERE = "elsewhere"
"""A word of every tenth message, but of none in the room that is looked in."""

QUERIES = {
    "common": "word0",
    "rare": RARE,
    "both": f"word0 {RARE}",
    "phrase": '"word0 word1"',
    "no such": "nobody",
    "from": "from:author7 word3",
    "in": "in:room7 word0",
    "elsewhere": f"in:room0 {ELSEWHERE}",
    "apart": "even odd",
}
"""By the column: what is asked. `even` and `odd` are each in half of the messages and never in the same."""


def measure_searching(kind: Kind, core: int) -> dict[str, float]:
    """Median milliseconds of each query, all taking turns."""
    times: dict[str, list[float]] = {name: [] for name in QUERIES}
    with Server(kind, core, data=_filled()) as server, Talker(server.port) as talker:
        talker.ask({"type": "hello", "name": f"seeker{random.randrange(10**6)}"})
        for _ in range(TRIES):
            for name, query in QUERIES.items():
                begun = time.perf_counter()
                talker.ask({"type": "search", "query": query})
                times[name].append(1000 * (time.perf_counter() - begun))
    return {name: statistics.median(taken) for name, taken in times.items()}


@cache
def _filled() -> Path:
    """A directory with all the messages, indexed, made once a run and removed in the end."""
    directory = Path(tempfile.mkdtemp(dir=BUILD, prefix="searching-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    data = directory / "data"
    data.mkdir()
    store = SqliteStore.open(data)
    try:
        store.commit([], [MakeRoom(f"room{number}", f"room{number}", 1) for number in range(ROOMS)])
        texts = _Texts()
        for first in range(0, MESSAGES, GROUP):
            store.commit([_record(number, texts.next(number)) for number in range(first, first + GROUP)], [])
            while store.index():
                pass
            store.tidy()
    finally:
        store.close()
    return directory


class _Texts:
    """Texts whose words are as unevenly common as those of a language (Zipf)."""

    def __init__(self) -> None:
        self._chance = random.Random(1)
        self._words = [f"word{number}" for number in range(VOCABULARY)]
        self._weights = list(accumulate(1 / (number + 1) for number in range(VOCABULARY)))

    def next(self, number: int) -> str:
        words = self._chance.choices(self._words, cum_weights=self._weights, k=LENGTH)
        words.append("odd" if number % 2 else "even")
        if number % 10 == 3:  # a tenth, of which none falls into room 0
            words.append(ELSEWHERE)
        if number % (MESSAGES // 3) == 1000:
            words.append(RARE)
        return " ".join(words)


def _record(number: int, text: str) -> Record:
    author, room = 1 + number % AUTHORS, number % ROOMS
    at = 1_700_000_000_000 + number
    event = Posted(room=f"room{room}", seq=0, at=at, by=f"author{author}", guest=True, text=text)
    return Record(1 + room, -author, event)
