"""The server is stopped in the middle of talk: every post on its way is answered, none is forgotten."""

import time
from collections.abc import Iterable
from pathlib import Path
from random import Random

from tests.live.server import Server
from tests.torture.load import Load
from tests.torture.record import Record
from tests.torture.scale import SEED, scaled
from tests.torture.verdict import settle

STOPS = scaled(2, 20)


def unanswered(records: Iterable[Record], asked: float) -> list[Record]:
    """The posts sent before a moment that had no answer when the connection ended after it."""
    on_their_way: dict[tuple[str, str], Record] = {}
    silent = []
    for record in records:
        if record.what == "sent" and record.at < asked:
            on_their_way[record.who, record.text] = record
        elif record.what in ("acknowledged", "refused"):
            on_their_way.pop((record.who, record.text), None)
        elif record.what == "ended":
            left = [on_their_way.pop(key) for key in list(on_their_way) if key[0] == record.who]
            silent += left if record.at > asked else []  # an earlier stop was judged in its turn
    return silent


def test_a_stop_in_the_middle_of_a_group_answers_every_post(tmp_path: Path) -> None:
    chance = Random(SEED)
    with Server(tmp_path / "data") as server, Load(server.ws, SEED, file=tmp_path / "load.jsonl") as load:
        for _ in range(STOPS):
            load.more(chance.randint(100, 250))
            asked = time.monotonic()
            assert server.stop() == 0
            goodbyes = load.log.counts["goodbye"]
            server.start()
            load.more(1)

            assert goodbyes, "nobody was told that the server stops"
            assert not unanswered(list(load.log.records), asked)
        settle(load, server)
