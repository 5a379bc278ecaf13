"""The server is killed while a room is deleted, brought back, or erased: each is wholly done, or not at all."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conformance.peer import Frame, Peer, fresh
from tests.live.server import Server
from tests.torture.scale import scaled

MESSAGES = scaled(3000, 30_000)
ROUNDS = scaled(3, 30)
PASSWORD = "correct horse battery"

SOON = {"NEXUS_MODERATION_UNDO_HOURS": "0.000001"}
"""What was deleted before a start cannot be undone any more after it."""


class Garden:
    """Ann's room, full of messages; nobody else is there."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.room = fresh("garden")
        ann = Peer(server.ws)
        ann.greet(fresh("Ann"))
        self.token = ann.done("register", name=ann.name, password=PASSWORD)["token"]
        ann.done("create", room=self.room)
        ann.done("join", room=self.room)
        refs = [ann.say("post", room=self.room, text=f"secret{number}ends") for number in range(MESSAGES)]
        assert all(ann.reply(ref)["type"] == "done" for ref in refs)
        ann.leave()

    def comes(self) -> Peer:
        """Ann, on a new connection."""
        peer = Peer(self.server.ws)
        peer.done("hello", token=self.token)
        return peer

    def dies(self) -> None:
        """The server is killed, and starts again."""
        self.server.kill()
        self.server.start()

    def acts(self) -> list[Frame]:
        """What was done, the newest first."""
        ann = self.comes()
        reply = ann.ask("acts")
        ann.leave()
        acts: list[Frame] = reply.get("acts", [])
        return acts

    def count(self) -> int:
        """How many messages are in the room; -1 where there is none."""
        ann = self.comes()
        found: int = 0
        before: int | None = None
        while True:
            reply = ann.ask("history", room=self.room, limit=200, before=before)
            if reply["type"] == "refused":
                assert reply["code"] == "not_found", reply
                return -1
            found += sum(event["type"] == "posted" and event["text"] != "" for event in reply["events"])
            if not reply["more"]:
                ann.leave()
                return found
            before = reply["events"][0]["seq"]


@pytest.fixture
def garden(tmp_path: Path) -> Iterator[Garden]:
    """Ann's room on a server of its own."""
    with Server(tmp_path / "data") as server:
        yield Garden(server)


def test_a_room_is_wholly_there_or_wholly_gone_whenever_the_server_is_killed(garden: Garden) -> None:
    for _ in range(ROUNDS):
        garden.comes().say("destroy", room=garden.room, confirm=True)
        garden.dies()
        gone = garden.count() < 0
        newest = garden.acts()[:1]
        assert gone is bool(newest and newest[0]["verb"] == "destroy")
        if not gone:
            assert garden.count() == MESSAGES
            garden.comes().done("destroy", room=garden.room, confirm=True)
        act = garden.acts()[0]["act"]
        garden.comes().say("undo", act=act)
        garden.dies()
        if garden.count() < 0:
            garden.comes().done("undo", act=act)
        assert garden.count() == MESSAGES


def test_an_erasure_of_a_room_that_is_interrupted_again_and_again_is_wholly_done(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Server(data) as server:
        garden = Garden(server)
        garden.comes().done("destroy", room=garden.room, confirm=True)
    states = [state_of(data, tmp_path)]
    again = Server(data, env=SOON)
    while states[-1] < 2:
        again.start()
        again.kill()
        states.append(state_of(data, tmp_path))
        assert len(states) < MESSAGES
    assert 1 in states, "one start did it all: there was no middle"

    with again:
        garden.server = again
        assert garden.count() == -1
        ann = garden.comes()
        ann.done("create", room=garden.room)
        ann.done("join", room=garden.room)
        assert ann.post(garden.room, "a new beginning") > 0
        assert ann.done("search", query="secret1ends")["hits"] == []
        assert garden.count() == 1
    assert [path for path in data.rglob("*") if path.is_file() and b"secret17ends" in path.read_bytes()] == []


def state_of(data: Path, beside: Path) -> int:
    """How far the erasing of the one room is, as the files have it that a kill left."""
    copy = beside / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for path in data.glob("nexus.db*"):
        shutil.copy(path, copy)
    with closing(sqlite3.connect(copy / "nexus.db")) as connection:
        state: int = connection.execute("SELECT state FROM destroyed").fetchone()[0]
        return state
