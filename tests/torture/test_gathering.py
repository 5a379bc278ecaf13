"""The server is killed while a private room is made out of a direct one: in the end it is whole, for all its people."""

from pathlib import Path

from tests.conformance.peer import Peer, fresh
from tests.live.server import Server
from tests.torture.scale import scaled

MESSAGES = scaled(2000, 20_000)
ROUNDS = scaled(3, 20)
LOOKS = 1000
"""How often it is looked for; each look takes longer than the server needs for a step."""


def member(server: Server, name: str) -> Peer:
    """Someone with an account."""
    peer = Peer(server.ws)
    peer.greet(fresh(name))
    peer.token = peer.done("register", name=peer.name, password="correct horse")["token"]
    return peer


def comes_back(server: Server, before: Peer) -> Peer:
    """The same person on a new connection."""
    peer = Peer(server.ws)
    peer.name, peer.token = before.name, before.token
    peer.done("hello", token=before.token)
    return peer


def texts(peer: Peer, room: str) -> list[str]:
    """What was said in a room."""
    found: list[str] = []
    after = 0
    while True:
        page = peer.done("history", room=room, after=after, limit=200)
        found += [event["text"] for event in page["events"] if event["type"] == "posted"]
        if not page["more"]:
            return found
        after = page["events"][-1]["seq"]


def made(peer: Peer, title: str) -> str | None:
    """The name of the room that has a title, where it is there."""
    names = [room["name"] for room in peer.done("rooms")["rooms"] if room.get("title") == title]
    assert len(names) <= 1
    return names[0] if names else None


def test_a_room_whose_making_a_kill_interrupts_is_wholly_there(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        ann, bo = member(server, "Ann"), member(server, "Bo")
        direct = ann.done("direct", names=[bo.name])["room"]["name"]
        ann.done("join", room=direct, last=0)
        refs = [ann.say("post", room=direct, text=f"plan {number}") for number in range(MESSAGES)]
        assert all(ann.reply(ref)["type"] == "done" for ref in refs)
        bo.done("join", room=direct, last=0)
        for turn in range(ROUNDS):
            title = f"Plans {turn}"
            ann.say("create", kind="private", title=title, **{"from": direct}, history=True)
            for number in range(3 + turn):
                bo.done("post", room=direct, text=f"meanwhile {turn} {number}")
            server.kill()
            server.start()
            ann, bo = comes_back(server, ann), comes_back(server, bo)
            assert any(made(bo, title) for _ in range(LOOKS)), "it was begun, and is finished by the next start"
            room = made(ann, title)
            assert room is not None
            said = texts(bo, direct)
            assert texts(bo, room) == texts(ann, room) == said[: len(texts(bo, room))]
            assert len(texts(bo, room)) >= MESSAGES
            bo.done("join", room=direct, last=0)
