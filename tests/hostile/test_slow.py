"""Those who do not read: memory stays bounded, the others get everything, and what they missed is in the history."""

import json
import urllib.request
from collections.abc import Iterator

import pytest

from tests.conformance.peer import WITHIN, Frame, Peer, fresh
from tests.hostile.conftest import Dial, Others
from tests.hostile.raw import Raw
from tests.live.server import Server

TEXT = "🌱" * 8000
POSTS = 1700
"""With 32,000 bytes each, together more than 50 MB."""


@pytest.fixture
def readers(server: Server) -> Iterator[Others]:
    """Two who read everything, in a room where nothing was said before."""
    readers = Others(server.ws)
    yield readers
    readers.leave()


def say(readers: Others, seqs: range) -> None:
    """Ann says the long text for each seq, some at a time, and the two of them hear every one."""
    post = {"type": "post", "room": readers.room, "text": TEXT}
    for start in seqs[::50]:
        some = range(start, min(start + 50, seqs.stop))
        for seq in some:
            readers.ann.socket.send(json.dumps({**post, "ref": f"long {seq}"}, ensure_ascii=False))
        for seq in some:
            assert readers.ann.reply(f"long {seq}")["seq"] == seq
            assert readers.ann.hears("posted")["seq"] == readers.bo.hears("posted")["seq"] == seq


def read_up_to(raw: Raw, head: int) -> tuple[list[int], list[Frame]]:
    """The seqs of all messages up to the newest, and what was said to have been skipped."""
    seqs: list[int] = []
    skipped: list[Frame] = []
    while not seqs or seqs[-1] < head:
        event = raw.event()
        if event["type"] == "posted":
            seqs.append(event["seq"])
        elif event["type"] == "skipped":
            skipped.append(event)
    return seqs, skipped


def test_a_client_that_never_reads_costs_little_and_misses_nothing(
    server: Server, dial: Dial, readers: Others, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = dial().upgrade()
    raw.greet(readers.room)
    say(readers, range(1, 301))
    before = server.memory()

    say(readers, range(301, POSTS + 1))

    grown = server.memory() - before
    with capsys.disabled():
        print(f"\n{POSTS * len(TEXT.encode()) / 1e6:.0f} MB passed someone who never reads: {grown / 1e6:+.1f} MB")
    assert grown < 60_000_000
    seqs, skipped = read_up_to(raw, POSTS)
    (gap,) = skipped
    assert seqs == [*range(1, gap["from"]), *range(gap["to"] + 1, POSTS + 1)]
    missed = readers.bo.done("history", room=readers.room, after=gap["from"] - 1, limit=1)["events"]
    assert [event["seq"] for event in missed] == [gap["from"]]


def connections(server: Server) -> float:
    """How many WebSockets the server has open."""
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=WITHIN) as answer:
        lines: list[str] = answer.read().decode().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("nexus_connections "))


def test_passing_events_do_not_pile_up_for_a_client_that_never_reads(
    server: Server, dial: Dial, readers: Others
) -> None:
    raw = dial().upgrade()
    raw.greet(readers.room)
    say(readers, range(1, 301))
    crowd = [Peer(server.ws) for _ in range(12)]
    for number, peer in enumerate(crowd):
        peer.greet(fresh(f"Dot{number}"))
        peer.done("join", room=readers.room, last=0)
    everyone, turn = connections(server), 0

    while connections(server) == everyone and turn < 1000:
        turn += 1
        refs = [peer.say("rename", name=f"{'𠀀' * 20}{number}x{turn % 2}") for number, peer in enumerate(crowd)]
        assert {peer.reply(ref)["type"] for peer, ref in zip(crowd, refs, strict=True)} == {"done"}

    assert connections(server) == everyone - 1
    assert {event["type"] for event in readers.noticed()} == {"renamed"}
    for peer in crowd:
        peer.leave()
