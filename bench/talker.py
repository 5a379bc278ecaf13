"""One person who says one thing at a time: a WebSocket client (RFC 6455) that costs almost nothing itself."""

import json
import socket
from typing import Any

HANDSHAKE = (
    "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: nexus.v1\r\n\r\n"
)
END = "\r\n"
"""Ends the head of a request."""

NO_MASK = b"\0\0\0\0"
"""A mask that leaves the payload as it is; the server unmasks it all the same."""


class Talker:
    """A blocking connection; a context manager that closes it."""

    def __init__(self, port: int, address: str = "") -> None:
        """With an `address`, as a proxy says that it comes from there."""
        forwarded = f"X-Forwarded-For: {address}\r\n" if address else ""
        self._head = f"{HANDSHAKE.removesuffix(END)}{forwarded}{END}"
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb", buffering=1 << 16)

    def __enter__(self) -> "Talker":
        self._socket.sendall(self._head.encode())
        lines = [line.strip() for line in iter(self._file.readline, b"\r\n") if line]
        if not lines or b" 101 " not in lines[0]:
            raise ConnectionError(f"The server does not take the connection: {lines}")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._socket.close()

    def ask(self, command: dict[str, Any], then: int = 0) -> dict[str, Any]:
        """Send a command; returns its reply once that is here and `then` messages have come after it."""
        payload = json.dumps(command | {"ref": 1}).encode()
        self._socket.sendall(_head(len(payload)) + NO_MASK + payload)
        while True:
            reply = self.hear()
            if reply["type"] == "refused":
                raise ConnectionError(f"refused: {reply['message']}")
            if reply["type"] == "done":
                break
        while then:
            then -= self.hear()["type"] == "posted"
        return reply

    def fileno(self) -> int:
        """For select."""
        return self._socket.fileno()

    def hear(self) -> dict[str, Any]:
        """The next message."""
        first, length = self._file.read(2)
        assert first == 0x81, "The server sends whole text frames, and pings nobody so soon."
        if length > 125:
            length = int.from_bytes(self._file.read(2 if length == 126 else 8))
        message: dict[str, Any] = json.loads(self._file.read(length))
        return message


def _head(length: int) -> bytes:
    if length < 126:
        return bytes((0x81, 0x80 | length))
    return bytes((0x81, 0x80 | 126)) + length.to_bytes(2)
