"""Posts are pipelined, the connection is cut at any byte of them or of their replies, and all are sent again."""

import json
import socket
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import pytest

from tests.conformance.peer import fresh
from tests.hostile.raw import Raw, command
from tests.live.server import Server
from tests.torture.load import read_history
from tests.torture.scale import LONG, SEED

POSTS = 50
CUTS = 40
"""How many bytes are cut at in the short run; in the long one it is every one."""


class Sender:
    """A guest who posts in batches of fifty, each with a nonce of its own, and remembers what was acknowledged."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.room = fresh("garden")
        self.seqs: dict[str, int] = {}
        self._batch = 0
        self._session: str | None = None
        self._name = fresh("Ann")

    def connect(self) -> Raw:
        """A new connection in the same session, in the room, with nothing of the past to read."""
        raw = Raw(self.port).upgrade()
        known: dict[str, Any] = {"session": self._session} if self._session else {}
        raw.send(command("hello", name=self._name, **known))
        self._session = raw.reply(1)["session"]
        raw.send(command("join", 2, room=self.room, last=0))
        joined = raw.reply(2)
        assert joined["type"] == "done", joined
        return raw

    def batch(self) -> list[bytes]:
        """The next fifty posts; the batch's number has as many digits every time, and so have they bytes."""
        self._batch += 1
        said = [f"{self._batch:05} {number:02}" for number in range(POSTS)]
        return [command("post", text, room=self.room, text=text, nonce=text.replace(" ", "-")) for text in said]

    def send_again(self, posts: Sequence[bytes]) -> None:
        """All of them on a new connection: every one is acknowledged, under the seq it was told before, if it was."""
        raw = self.connect()
        raw.send(b"".join(posts))
        left = POSTS
        while left:
            left -= self.take(raw.event())
        raw.close()

    def take(self, event: dict[str, object]) -> bool:
        """Whether this acknowledges a post; if it does, for the first time or as before."""
        if "ref" not in event:
            return False
        text, seq = event["ref"], event.get("seq")
        assert event["type"] == "done", event
        assert isinstance(text, str)
        assert isinstance(seq, int)
        assert self.seqs.setdefault(text, seq) == seq
        return True


def places(length: int) -> Iterator[int]:
    """Where to cut: at every byte, or in the short run at some, the ends among them."""
    if LONG:
        return iter(range(length + 1))
    return iter([0, length, *Random(SEED).sample(range(1, length), CUTS)])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server."""
    with Server(tmp_path_factory.mktemp("lost-replies") / "data") as server:
        yield server


def check(server: Server, sender: Sender, batches: int) -> None:
    """Every post is in the history once, in the place that was acknowledged, in the order of sending, and no other."""
    events = read_history(server.ws, [sender.room])[sender.room]
    assert {event["text"]: event["seq"] for event in events} == sender.seqs
    assert len(events) == batches * POSTS
    assert [event["text"] for event in events] == sorted(sender.seqs)


@pytest.mark.parametrize("abrupt", [False, True], ids=["closed", "reset"])
def test_posts_cut_at_any_byte_and_sent_again_are_stored_once(server: Server, abrupt: bool) -> None:
    sender, batches = Sender(server.port), 0
    for place in places(sum(map(len, sender.batch()))):
        posts, batches = sender.batch(), batches + 1
        raw = sender.connect()
        raw.send(b"".join(posts)[:place])
        if abrupt:
            raw.reset()
        else:
            raw.socket.shutdown(socket.SHUT_WR)
            raw.close()
        sender.send_again(posts)

    check(server, sender, batches)


def test_posts_whose_replies_are_cut_at_any_byte_are_stored_once(server: Server) -> None:
    sender, batches = Sender(server.port), 1
    posts, raw = sender.batch(), sender.connect()
    raw.send(b"".join(posts))
    length, left = 0, 2 * POSTS
    while left:
        event = raw.event()
        length += len(json.dumps(event, separators=(",", ":"))) if event["type"] in ("done", "posted") else 0
        left -= sender.take(event) or event["type"] == "posted"
    raw.close()

    for place in places(length):
        posts, batches = sender.batch(), batches + 1
        raw = sender.connect()
        raw.send(b"".join(posts))
        for reply in whole(raw.exactly(place)):
            sender.take(reply)
        raw.reset()
        sender.send_again(posts)

    check(server, sender, batches)


def whole(data: bytes) -> Iterator[dict[str, object]]:
    """The events of those frames that came whole."""
    while len(data) >= 4:
        start, length = (2, data[1]) if data[1] < 126 else (4, int.from_bytes(data[2:4]))
        if len(data) < start + length:
            return
        yield json.loads(data[start : start + length])
        data = data[start + length :]
