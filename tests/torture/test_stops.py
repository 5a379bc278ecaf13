"""The server is stopped in the middle of talk: every post on its way is answered, none is forgotten."""

from pathlib import Path
from random import Random

from tests.live.server import Server
from tests.torture.load import Load
from tests.torture.scale import SEED, scaled
from tests.torture.verdict import settle

STOPS = scaled(2, 20)


def test_a_stop_in_the_middle_of_a_group_answers_every_post(tmp_path: Path) -> None:
    chance = Random(SEED)
    with Server(tmp_path / "data") as server, Load(server.ws, SEED, file=tmp_path / "load.jsonl") as load:
        for _ in range(STOPS):
            load.more(chance.randint(100, 250))
            assert server.stop() == 0
            server.start()
        settle(load, server)
