"""An older copy of the database is put back while clients know more: they are told to start over, each once."""

import time
from pathlib import Path
from random import Random

from tests.conformance.peer import Peer, fresh
from tests.live.server import Server
from tests.torture.copies import copy_database, put_back, read_heads, wait_until_all_are_cut_off
from tests.torture.judge import Restored
from tests.torture.load import ROOMS, Load
from tests.torture.scale import SEED, scaled
from tests.torture.verdict import settle

TIMES = scaled(1, 10)
MOST = scaled(100, 400)
"""Posts between one event and the next."""


def test_a_client_that_knows_more_than_an_older_copy_starts_over(tmp_path: Path) -> None:
    chance = Random(SEED)
    for number in range(TIMES):
        data = tmp_path / f"data{number}"
        with (
            Server(data) as server,
            Load(server.ws, SEED + number, senders=scaled(2, 5), file=tmp_path / "load.jsonl") as load,
        ):
            load.more(chance.randint(20, MOST))
            assert server.stop() == 0
            copy_database(data, tmp_path / "copy")
            server.start()
            load.more(chance.randint(20, MOST))
            server.kill()
            wait_until_all_are_cut_off(load)
            put_back(tmp_path / "copy", data)
            restored = Restored(time.monotonic(), read_heads(data, ROOMS))
            server.start()
            load.more(chance.randint(20, 2 * MOST))
            settle(load, server, restored)


def test_a_client_that_knows_a_lost_history_starts_over_although_the_new_one_is_as_long(tmp_path: Path) -> None:
    """The seq that Bo knows is there again, with another text; `at` tells the two apart."""
    data = tmp_path / "data"
    with Server(data) as server:
        ann, bo = Peer(server.ws), Peer(server.ws)
        ann.greet(fresh("Ann"))
        told = bo.greet(fresh("Bo"))
        bo.done("join", room="garden")
        ann.done("join", room="garden")
        ann.post("garden", "common")
        common = bo.hears("posted", text="common")
        bo.drop()
        ann.leave()
        assert server.stop() == 0
        copy_database(data, tmp_path / "copy")
        server.start()
        ann = Peer(server.ws)
        ann.greet(fresh("Ann"))
        ann.done("join", room="garden")
        lost = [ann.done("post", room="garden", text=f"lost {number}") for number in range(5)]
        ann.drop()
        server.kill()
        put_back(tmp_path / "copy", data)
        server.start()
        ann = Peer(server.ws)
        ann.greet(fresh("Ann"))
        ann.done("join", room="garden", last=0)
        assert [ann.post("garden", f"new {number}") for number in range(6)] == [2, 3, 4, 5, 6, 7]
        for known in lost:
            _resumes(server, told, {"seq": known["seq"], "at": known["at"]}, reset=True)
        _resumes(server, told, {"seq": common["seq"], "at": common["at"]}, reset=False)


def _resumes(server: Server, told: dict[str, object], position: dict[str, int], *, reset: bool) -> None:
    """Resume, and join, after an event: both say the same of it, and what follows is of the history there is."""
    by_resume, by_join = Peer(server.ws), Peer(server.ws)
    by_resume.done("hello", name=fresh("Bo"), session=told["session"], epoch=told["epoch"], resume={"garden": position})
    by_join.greet(fresh("Cy"))
    by_join.done("join", room="garden", after=position)
    for peer in (by_resume, by_join):
        peer.hears("posted", text="new 5")
        assert any(event["type"] == "reset" for event in peer.events) == reset, (position, peer.events)
        assert not any("lost" in event.get("text", "") for event in peer.events)
        peer.leave()
