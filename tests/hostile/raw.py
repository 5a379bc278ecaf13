"""A bare TCP connection to a server, for what no library would send."""

import base64
import json
import socket
import struct
from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.conformance.peer import WITHIN, Frame, fresh

MASK = b"\x5a\xa5\x0f\xf0"
TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
FIN, RSV1 = 0x80, 0x40

WINDOW = 500_000
"""Bytes that may wait unread; with few of the loopback's large segments in it, reading would crawl."""

HANDSHAKE = {
    "Host": "127.0.0.1",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode(),
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Protocol": "nexus.v1",
}
"""What a proper client asks with."""


def request(headers: Mapping[str, str | None] | None = None, first: str = "GET /ws HTTP/1.1") -> bytes:
    """The head of a request for a WebSocket with other headers than usual; None takes one out."""
    given: dict[str, str | None] = {**HANDSHAKE, **(headers or {})}
    lines = [f"{name}: {value}" for name, value in given.items() if value is not None]
    return "\r\n".join([first, *lines, "", ""]).encode()


def masked(payload: bytes) -> bytes:
    """A payload as a client sends it."""
    whole = MASK * (len(payload) // 4 + 1)
    return (int.from_bytes(payload) ^ int.from_bytes(whole[: len(payload)])).to_bytes(len(payload))


def head(length: int, first: int = FIN | TEXT) -> bytes:
    """The head of a masked frame whose payload is so long."""
    if length < 126:
        return bytes((first, 0x80 | length)) + MASK
    if length < 65_536:
        return struct.pack("!BBH", first, 0x80 | 126, length) + MASK
    return struct.pack("!BBQ", first, 0x80 | 127, length) + MASK


def frame(payload: bytes, first: int = FIN | TEXT) -> bytes:
    """A masked frame."""
    return head(len(payload), first) + masked(payload)


def command(kind: str, ref: int | str = 1, **fields: Any) -> bytes:
    """A command in a frame of its own."""
    return frame(json.dumps({"type": kind, "ref": ref, **fields}).encode())


class Answer(NamedTuple):
    """What HTTP brought."""

    status: int
    headers: dict[str, str]
    body: str


class Raw:
    """Sends any bytes; reads HTTP answers and frames."""

    def __init__(self, port: int, source: str = "127.0.0.1", window: int = WINDOW) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.settimeout(WITHIN)
        self.socket.bind((source, 0))
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stream = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        """Send bytes as they are, in as few packets as they fit into."""
        self.socket.sendall(data)

    def answer(self) -> Answer:
        """The next HTTP answer; EOFError where there is none."""
        status = int(self._line().split()[1])
        headers = {}
        while line := self._line():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return Answer(status, headers, self.exactly(int(headers.get("content-length", 0))).decode())

    def status(self, asked: bytes) -> int:
        """Send a request; returns the answer's status."""
        self.send(asked)
        return self.answer().status

    def upgrade(self, headers: Mapping[str, str | None] | None = None) -> "Raw":
        """Become a WebSocket; returns itself."""
        assert self.status(request(headers)) == 101
        return self

    def greet(self, *rooms: str) -> str:
        """Say hello and enter rooms; returns the name."""
        name = fresh("Cy")
        self.send(command("hello", name=name) + b"".join(command("join", 2, room=room, last=0) for room in rooms))
        assert self.reply(1)["type"] == "done"
        for _ in rooms:
            assert self.reply(2)["type"] == "done"
        return name

    def frame(self) -> tuple[int, bytes]:
        """First byte and payload of the next frame; EOFError where there are no more."""
        first, length = self.exactly(2)
        if length == 126:
            (length,) = struct.unpack("!H", self.exactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self.exactly(8))
        return first, self.exactly(length)

    def event(self) -> Frame:
        """The next text frame, read; pings before it are answered."""
        first, payload = self.frame()
        while first == FIN | PING:
            self.send(frame(payload, FIN | PONG))
            first, payload = self.frame()
        assert first == FIN | TEXT, (first, payload)
        event: Frame = json.loads(payload)
        return event

    def reply(self, ref: int) -> Frame:
        """The next reply with a ref; what comes before it is passed over."""
        while True:
            event = self.event()
            if event.get("ref") == ref:
                return event

    def ends(self) -> int | None:
        """Read until a close frame; returns its code, None where the connection ended without one."""
        try:
            while True:
                first, payload = self.frame()
                if first == FIN | CLOSE:
                    return int.from_bytes(payload[:2])
        except (EOFError, ConnectionError):
            return None

    def rest(self) -> bytes:
        """All that comes until the server ends the connection."""
        parts = []
        try:
            while part := self._stream.read1(65_536):
                parts.append(part)
        except ConnectionError:
            pass  # ended all the same
        return b"".join(parts)

    def exactly(self, count: int) -> bytes:
        """The next bytes, so many; EOFError where there are fewer."""
        data = self._stream.read(count)
        if len(data) < count:
            raise EOFError
        return data

    def close(self) -> None:
        """Hang up."""
        self._stream.close()
        self.socket.close()

    def reset(self) -> None:
        """End with an RST: whatever was on its way, in either direction, is gone."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def _line(self) -> str:
        line = self._stream.readline()
        if not line.endswith(b"\r\n"):
            raise EOFError
        return line[:-2].decode()
