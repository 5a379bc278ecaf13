"""The server is killed in the middle of a purge, of taking it back, of an erasure: in the end each is wholly done."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.command import nexus
from tests.conformance.peer import Frame, Peer, fresh
from tests.live.server import Server
from tests.torture.load import read_history
from tests.torture.scale import scaled

MESSAGES = scaled(2000, 20_000)
ROUNDS = scaled(2, 20)
PASSWORD = "correct horse battery"


class Garden:
    """A room that Bo filled; Ann moderates the server and is away between two acts."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.room = fresh("garden")
        ann, bo = self._member("Ann"), self._member("Bo")
        self.token, self.bo, self.bos = ann.token, bo.name, bo.token
        refs = [bo.say("post", room=self.room, text=f"spam {number}") for number in range(MESSAGES)]
        assert all(bo.reply(ref)["type"] == "done" for ref in refs)
        for peer in (ann, bo):
            peer.leave()
        told = nexus("user", "role", ann.name, "moderator", "--data", str(server.data), cwd=server.data)
        assert told.returncode == 0, told.stderr

    def _member(self, name: str) -> Peer:
        peer = Peer(self.server.ws)
        peer.greet(fresh(name))
        peer.token = peer.done("register", name=peer.name, password=PASSWORD)["token"]
        peer.done("join", room=self.room)
        return peer

    def comes(self) -> Peer:
        """Ann, on a new connection, in the room."""
        return self._comes(self.token)

    def bo_comes(self) -> Peer:
        """Bo, likewise."""
        return self._comes(self.bos)

    def _comes(self, token: str) -> Peer:
        peer = Peer(self.server.ws)
        peer.done("hello", token=token)
        peer.done("join", room=self.room, last=0)
        return peer

    def texts(self) -> list[str]:
        """What stands in the room, "" for what is gone."""
        events = read_history(self.server.ws, [self.room])[self.room]
        return [event.get("text", "") for event in events if event["type"] == "posted"]

    def breaks(self) -> None:
        """The server is killed, and starts again."""
        self.server.kill()
        self.server.start()

    def until(self, holds: Callable[[], bool]) -> None:
        """Read again and again until something holds; each look takes longer than the server needs for a part."""
        assert any(holds() for _ in range(MESSAGES)), self.texts()


@pytest.fixture
def garden(tmp_path: Path) -> Iterator[Garden]:
    """Bo's room on a server of its own."""
    with Server(tmp_path / "data") as server:
        yield Garden(server)


def breaks(garden: Garden, ann: Peer, sign: str) -> Frame:
    """Kill the server once the first part of an act is done, and start it again; returns what was heard of it."""
    heard = ann.hears(sign)
    garden.breaks()
    return heard


def undoes(ann: Peer, act: int) -> None:
    """Take an act back until the first part of that is done: what is not wholly done is refused for a moment."""
    while True:
        ann.say("undo", act=act)
        while (heard := ann.read())["type"] not in ("restored", "refused"):
            pass
        if heard["type"] == "restored":
            return
        assert heard["code"] == "unavailable", heard


def test_a_purge_that_a_kill_interrupts_and_its_undo_are_wholly_done(garden: Garden) -> None:
    before = garden.texts()
    assert len(before) == MESSAGES
    for _ in range(ROUNDS):
        ann = garden.comes()
        ann.say("purge", name=garden.bo, room=garden.room, since=0)
        first = breaks(garden, ann, "purged")
        garden.until(lambda: not any(garden.texts()))
        assert len(first["targets"]) < MESSAGES, "one step did it all: there was no middle"

        ann = garden.comes()
        undoes(ann, first["act"])
        garden.breaks()
        garden.until(lambda: garden.texts() == before)


def test_an_erasure_that_a_kill_interrupts_is_wholly_done(garden: Garden) -> None:
    ann = garden.comes()
    garden.bo_comes().say("erase", password=PASSWORD, messages="remove")

    breaks(garden, ann, "deleted")
    garden.until(lambda: not any(garden.texts()))
