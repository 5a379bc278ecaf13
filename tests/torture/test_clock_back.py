"""The wall clock is set back an hour, over midnight: order, times and dates go on, and nobody is thrown out."""

import time
from itertools import pairwise
from pathlib import Path

from nexus.core.lines import DAY_MS, day, read_line
from tests.conformance.peer import Peer, fresh
from tests.live.server import Server
from tests.torture.clock import going_by, turn
from tests.torture.guests import Guest
from tests.torture.load import ROOMS, Load, read_history
from tests.torture.scale import SEED, scaled
from tests.torture.verdict import settle

HOUR = 3600.0


def test_a_clock_set_back_an_hour_changes_no_order_no_date_and_nobody(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    after_midnight = (DAY_MS - time.time_ns() // 1_000_000 % DAY_MS) / 1000 + 60.0
    turn(clock, after_midnight)
    server = Server(tmp_path / "data")
    server.under = going_by(clock)
    with server, Load(server.ws, SEED, senders=scaled(2, 5), file=tmp_path / "load.jsonl") as load:
        load.more(100)
        guest = Guest(server, ROOMS[0])
        ann = Account(server)
        for number in range(scaled(2, 12)):
            turn(clock, after_midnight - HOUR * (number + 1))
            load.more(150)
            guest.reads()
            ann.comes_back()
            server.kill()
            server.start()
            load.more(100)
            guest.resumes()
            ann.comes_back()
        guest.leave()
        assert load.log.counts["turned_away"] == 0
        assert load.log.counts["reset"] == 0
        history = read_history(server.ws, load.rooms)
        settle(load, server)
    for room, events in history.items():
        assert all(one["at"] <= another["at"] for one, another in pairwise(events))
        files = list((server.data / "logs" / room).iterdir())
        assert [file.stem for file in files] == [day(events[0]["at"])]
        lines = [read_line(line) for line in files[0].read_bytes().decode().removesuffix("\n").split("\n")]
        assert all(line is None or day(line.at) == files[0].stem for line in lines)


class Account:
    """Ann has an account, and comes by her token."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.name = fresh("Ann")
        peer = Peer(server.ws)
        peer.greet(self.name)
        self.token = peer.done("register", name=self.name, password="a clock is no witness")["token"]
        peer.leave()

    def comes_back(self) -> None:
        """Say hello with the token alone, and still be Ann, with her login."""
        peer = Peer(self.server.ws)
        told = peer.done("hello", token=self.token)
        assert (told["you"]["name"], told["you"]["guest"]) == (self.name, False)
        assert peer.done("logins")["logins"]
        peer.leave()
