"""People are removed from a private room while everybody talks in it, on a hundred connections."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from tests.conformance.peer import Frame, Peer, fresh
from tests.live.server import Server
from tests.torture.scale import scaled

PEOPLE = 10
DEVICES = 10
"""Of each of them."""

BETWEEN = scaled(500, 5000)
"""Messages that are heard between one removal and the next."""

AHEAD = 32
"""Posts of one person on their way at a time."""

PASSWORD = "correct horse battery"


class Someone:
    """An account on several devices, all of them in the room."""

    def __init__(self, server: Server, name: str, devices: int) -> None:
        first = Peer(server.ws)
        first.greet(fresh(name))
        token = first.done("register", name=first.name, password=PASSWORD)["token"]
        self.name = first.name
        self.devices = [first, *(Peer(server.ws) for _ in range(devices - 1))]
        for device in self.devices[1:]:
            device.done("hello", token=token)

    def talks(self, room: str) -> None:
        """Say things as fast as they are answered, until one is refused for good."""
        device, words = self.devices[0], count()
        while True:
            refs = [device.say("post", room=room, text=f"{self.name} {next(words)}") for _ in range(AHEAD)]
            replies = [device.reply(ref) for ref in refs]
            if any(reply["type"] == "refused" for reply in replies):
                refused = [reply for reply in replies if reply["type"] == "refused"]
                assert {reply["code"] for reply in refused} <= {"not_joined", "not_found"}, refused[0]
                return

    def ends(self) -> None:
        """Close all devices."""
        for device in self.devices:
            device.leave()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server."""
    with Server(tmp_path / "data") as server:
        yield server


def test_who_is_removed_hears_and_stores_nothing_behind_it(server: Server) -> None:
    ann = Someone(server, "Ann", 1)
    people = [Someone(server, f"Bo{number}", DEVICES) for number in range(PEOPLE)]
    owner = ann.devices[0]
    room = owner.done("create", kind="private", title="Plans")["room"]["name"]
    owner.done("join", room=room)
    for one in people:
        owner.done("add", room=room, name=one.name)
        for device in one.devices:
            device.done("join", room=room, last=0)

    with ThreadPoolExecutor(PEOPLE) as pool:
        talking = [pool.submit(one.talks, room) for one in people]
        for one in people:
            for _ in range(BETWEEN):
                owner.hears("posted", room=room)
            owner.done("remove", room=room, name=one.name)
        for each in talking:
            each.result()

    log = whole(owner, room)
    ends = {event["name"]: event["seq"] for event in log if event["type"] == "removed"}
    assert ends.keys() == {one.name for one in people}
    for one in people:
        said = [event["seq"] for event in log if event["type"] == "posted" and event["by"] == one.name]
        assert said, f"{one.name} said nothing: that was no race"
        assert max(said) < ends[one.name]
        for device in one.devices:
            heard = [event["seq"] for event in device.sync() if event.get("room") == room and "seq" in event]
            assert 0 < max(heard) <= ends[one.name]
            device.refused("not_found", "history", room=room)
        one.ends()
    ann.ends()


def whole(peer: Peer, room: str) -> list[Frame]:
    """All that is in a room, page by page."""
    log: list[Frame] = []
    while True:
        page = peer.done("history", room=room, after=log[-1]["seq"] if log else 0, limit=200)
        log += page["events"]
        if not page["more"]:
            return log
