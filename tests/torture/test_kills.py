"""The server is killed at any moment under load, and what was promised holds all the same."""

from pathlib import Path
from random import Random

from tests.live.server import Server
from tests.torture.load import Load
from tests.torture.scale import SEED, scaled
from tests.torture.verdict import settle

KILLS = scaled(5, 100)


def test_kills_at_any_moment_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    chance = Random(SEED)
    with Server(tmp_path / "data") as server, Load(server.ws, SEED, file=tmp_path / "load.jsonl") as load:
        for _ in range(KILLS):
            load.more(chance.randint(1, 250))
            server.kill()
            server.start()
        settle(load, server)
