"""The server is killed again and again while old messages expire: in the end nothing is left of them, nowhere."""

from contextlib import suppress
from pathlib import Path

from tests.conformance.peer import Peer, fresh
from tests.live.server import Server
from tests.torture.clock import going_by, turn
from tests.torture.load import read_history
from tests.torture.scale import scaled

MESSAGES = scaled(3000, 30_000)
ROUNDS = scaled(3, 20)
DAY = 86_400.0
PASSWORD = "correct horse battery"
SIGN = "oldsecret"


def come(server: Server, token: str, room: str) -> Peer:
    """Ann, in the room; nothing of it is sent to her."""
    peer = Peer(server.ws)
    peer.done("hello", token=token)
    peer.done("join", room=room, last=0)
    return peer


def first(peer: Peer, room: str) -> int:
    """The oldest event that is left."""
    found: int = peer.done("history", room=room, limit=1)["first"]
    return found


def fill(server: Server, room: str) -> str:
    """Ann makes a room, and says much in it; returns her token."""
    ann = Peer(server.ws)
    ann.greet(fresh("Ann"))
    token: str = ann.done("register", name=ann.name, password=PASSWORD)["token"]
    ann.done("join", room=room)
    refs = [ann.say("post", room=room, text=f"{SIGN} {number}", nonce=f"n{number}") for number in range(MESSAGES)]
    seqs = [ann.reply(ref)["seq"] for ref in refs]
    ann.done("edit", room=room, seq=seqs[-1], text=f"{SIGN} edited")
    ann.leave()
    return token


def until(peer: Peer, room: str, seq: int) -> int:
    """Ask until the room begins at some event or after it; where it does."""
    found = (first(peer, room) for _ in range(100 * MESSAGES))
    return next(at for at in found if at >= seq)


def in_files(data: Path) -> list[str]:
    """The files that have the sign; one that goes away meanwhile has nothing any more."""
    found: list[str] = []
    for path in data.rglob("*"):
        with suppress(FileNotFoundError):
            if path.is_file() and SIGN.encode() in path.read_bytes():
                found.append(path.name)
    return found


def test_an_expiry_that_is_killed_again_and_again_is_wholly_done(tmp_path: Path) -> None:
    clock, room = tmp_path / "clock", fresh("garden")
    turn(clock, 0)
    server = Server(tmp_path / "data")
    server.under = going_by(clock)
    with server:
        token = fill(server, room)
        turn(clock, 3 * DAY)
        ann = come(server, token, room)
        new = ann.done("post", room=room, text="of today")["seq"]
        ann.say("configure", room=room, keep=1)
        reached = [1]
        for _ in range(ROUNDS):
            reached.append(until(ann, room, reached[-1] + 1))
            server.kill()
            server.start()
            ann = come(server, token, room)
        assert 1 < reached[1] <= reached[-1] < new, "one step did it all: there was no middle"
        assert until(ann, room, new) == new

        assert next(event["seq"] for event in read_history(server.ws, [room])[room]) == new
        assert ann.done("post", room=room, text=f"{SIGN} 7", nonce="n7")["seq"] < new
        assert ann.done("search", query=SIGN, room=room)["hits"] == []
        assert any(not in_files(server.data) for _ in range(10 * MESSAGES)), in_files(server.data)
