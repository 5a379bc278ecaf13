"""One person's connection to any server: JSON objects in and out, literally as the wire has them."""

import json
import secrets
import socket
from contextlib import ExitStack
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

Frame = dict[str, Any]

WITHIN = 20
"""Seconds after which a frame that was promised counts as missing; far more than any takes."""

LEAVING = 4000
"""The close code of someone who will not come back."""


def fresh(word: str) -> str:
    """A name that nobody has had before, so that tests can run again and again on one server."""
    return f"{word}-{secrets.token_hex(5)}"


class Peer:
    """Says commands, hears replies and events; `events` are those that no test has asked for yet, in order."""

    def __init__(self, url: str, compression: str | None = None, headers: dict[str, str] | None = None) -> None:
        self._open = ExitStack()
        self.socket = self._open.enter_context(
            connect(
                url,
                subprotocols=[Subprotocol("nexus.v1")],
                compression=compression,
                additional_headers=headers,
                max_size=2**24,
                max_queue=None,
                open_timeout=WITHIN,
                close_timeout=WITHIN,
            )
        )
        self.name = ""
        self.session = ""
        self.token = ""
        self.events: list[Frame] = []
        self._replies: list[Frame] = []
        self._ref = 0

    # --- saying ------------------------------------------------------------------------------------

    def say(self, kind: str, /, **fields: Any) -> int | str:
        """Send a command; returns its ref."""
        self._ref += 1
        command = {"type": kind, "ref": self._ref, **fields}
        self.socket.send(json.dumps(command))
        ref: int | str = command["ref"]
        return ref

    def ask(self, kind: str, /, **fields: Any) -> Frame:
        """Send a command; returns its reply."""
        return self.reply(self.say(kind, **fields))

    def done(self, kind: str, /, **fields: Any) -> Frame:
        """Send a command that is carried out; returns what `done` adds."""
        reply = self.ask(kind, **fields)
        assert reply["type"] == "done", reply
        return {key: value for key, value in reply.items() if key not in ("type", "ref")}

    def refused(self, code: str, kind: str, /, **fields: Any) -> Frame:
        """Send a command that is refused with a code and a sentence; returns the refusal."""
        return self.check_refusal(code, self.ask(kind, **fields))

    def check_refusal(self, code: str, reply: Frame) -> Frame:
        """Insist on a refusal with that code and a sentence for a person."""
        assert (reply["type"], reply.get("code")) == ("refused", code), reply
        assert reply["message"].endswith((".", "?")), reply
        return reply

    def greet(self, name: str, **fields: Any) -> Frame:
        """Say hello under a name; returns what `done` adds."""
        told = self.done("hello", name=name, **fields)
        self.name, self.session = told["you"]["name"], told["session"]
        return told

    def post(self, room: str, text: str, **fields: Any) -> int:
        """Post; returns the seq."""
        seq: int = self.done("post", room=room, text=text, **fields)["seq"]
        return seq

    # --- hearing -----------------------------------------------------------------------------------

    def read(self) -> Frame:
        """The next frame from the server."""
        frame: Frame = json.loads(self.socket.recv(timeout=WITHIN))
        return frame

    def reply(self, ref: int | str | None) -> Frame:
        """The reply that carries a ref; what comes before it is kept."""
        while True:
            for frame in self._replies:
                if frame["ref"] == ref:
                    self._replies.remove(frame)
                    return frame
            self._sort(self.read())

    def hears(self, kind: str, **fields: Any) -> Frame:
        """The next event of that type with those fields; what comes before it is kept."""
        seen = 0
        while True:
            for event in self.events[seen:]:
                if event["type"] == kind and event.items() >= fields.items():
                    self.events.remove(event)
                    return event
            seen = len(self.events)
            self._sort(self.read())

    def sees(self, change: str, name: str) -> Frame:
        """The next presence event in which someone is `here` or `gone`; what comes before it is kept."""
        before: list[Frame] = []
        while True:
            presence = self.hears("presence")
            if name in presence[change]:
                self.events = before + self.events
                return presence
            before.append(presence)

    def sync(self) -> list[Frame]:
        """Take every event that the server has written so far."""
        self.done("ping")
        events, self.events = self.events, []
        return events

    def ends(self) -> int | None:
        """Read until the server ends the connection; returns the close code, None where it gave none."""
        try:
            while True:
                self._sort(self.read())
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd is not None else None

    def _sort(self, frame: Frame) -> None:
        (self._replies if frame["type"] in ("done", "refused") else self.events).append(frame)

    # --- ending ------------------------------------------------------------------------------------

    def drop(self) -> None:
        """Vanish without a word, as in a tunnel."""
        self.socket.socket.shutdown(socket.SHUT_RDWR)

    def leave(self) -> None:
        """End on purpose: the name is free once this returns."""
        self.socket.close(LEAVING)
        self._open.close()
