"""Single people beside a load, who see to it that reading goes on, and what a refusal says."""

from contextlib import suppress

from tests.conformance.peer import Frame, Peer, fresh
from tests.live.server import Server

PORCH = "porch"
"""A room that no load talks in."""

LONG = "x" * 8000


class Guest:
    """Someone who is there before the trouble begins, with the rooms of a load behind them."""

    def __init__(self, server: Server, room: str) -> None:
        self.server = server
        self.room = room
        self.peer = Peer(server.ws)
        self.told = self.peer.greet(fresh("Bo"))
        self.peer.done("join", room=room, last=5)
        self.peer.done("join", room=PORCH)
        self.newest = self._newest()

    def reads(self) -> None:
        """Page through the history, enter the room again, drop and resume: all as if nothing were wrong."""
        events = self.peer.done("history", room=self.room, after=0, limit=200)["events"]
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        self.peer.done("leave", room=self.room)
        assert self.peer.done("join", room=self.room, last=1)["room"]["head"] >= self.newest["seq"]
        self.newest = self._newest()
        self.resumes()

    def resumes(self) -> None:
        """Drop, unless the server did, and come back to the session."""
        with suppress(OSError):
            self.peer.drop()
        self.peer.leave()
        self.peer = Peer(self.server.ws)
        resume = {self.room: {"seq": self.newest["seq"], "at": self.newest["at"]}, PORCH: {"seq": 0, "at": 0}}
        told = self.peer.done("hello", session=self.told["session"], epoch=self.told["epoch"], resume=resume)
        assert {room["name"] for room in told["rooms"]} == {self.room, PORCH}
        assert told["you"]["name"] == self.told["you"]["name"]

    def is_refused(self, why: str) -> None:
        """Post until what is left of the space is used up, and be told why no more can be stored."""
        reply = self.peer.ask("post", room=PORCH, text=LONG)
        while reply["type"] == "done":
            reply = self.peer.ask("post", room=PORCH, text=LONG)
        assert why in self.peer.check_refusal("unavailable", reply)["message"], reply

    def leave(self) -> None:
        """End on purpose."""
        self.peer.leave()

    def _newest(self) -> Frame:
        newest: Frame = self.peer.done("history", room=self.room, limit=1)["events"][0]
        return newest
