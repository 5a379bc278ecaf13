"""Bare connections on one loop, so cheap that thousands fit beside a server; tests/hostile/raw.py does the framing."""

import asyncio
import re
import struct
import zlib
from collections.abc import Callable
from typing import cast

from tests.hostile.raw import CLOSE, FIN, PING, PONG, RSV1, TEXT, frame, request

TAIL = b"\x00\x00\xff\xff"
"""What a deflated message leaves out at its end (RFC 7692, 7.2.2)."""


class TurnedAwayError(Exception):
    """The server said why not: an HTTP status or a refusal's code, and its sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


class Line(asyncio.Protocol):
    """One connection: the handshake, then whole text frames in; `opened` ends when the handshake does."""

    def __init__(self, hear: Callable[[bytes], None], deflate: bool = False) -> None:
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.code = ""
        self._hear = hear
        self._wishes = {"Sec-WebSocket-Extensions": "permessage-deflate"} if deflate else {}
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(request(self._wishes))

    def data_received(self, data: bytes) -> None:
        """Take whatever is whole by now."""
        self._data += data
        if not self.opened.done():
            self._take_answer()
        if self.opened.done():
            self._take_frames()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more comes."""
        if not self.closed.done():  # cancelled, where anyone who waited for it is gone
            self.closed.set_result(None)
        if not self.opened.done():
            self._refused(exc)

    def send(self, data: bytes) -> None:
        """Send bytes as they are; where the connection is over they are lost."""
        if not self.transport.is_closing():
            self.transport.write(data)

    def leave(self, code: int) -> None:
        """Say that one closes, as a proper client does."""
        self.send(frame(code.to_bytes(2), FIN | CLOSE))

    def cut(self) -> None:
        """End at once; nothing that was on its way is heard any more."""
        self._hear = lambda _: None
        self.transport.abort()

    def _take_answer(self) -> None:
        head, end, rest = self._data.partition(b"\r\n\r\n")
        if end and head.split()[1] == b"101":
            self._data = rest
            self.opened.set_result(None)

    def _refused(self, why: Exception | None) -> None:
        """The connection is over before it began: with an answer, or without a word."""
        head, _, body = self._data.partition(b"\r\n\r\n")
        if match := re.match(rb"HTTP/1.1 (\d+)", head):
            self.opened.set_exception(TurnedAwayError(match[1].decode(), body.decode().strip()))
        else:
            self.opened.set_exception(ConnectionError(f"ended without a word: {why}"))
        self.opened.exception()  # anyone who waits for it still gets it; nobody has to

    def _take_frames(self) -> None:
        data, at = self._data, 0
        while len(data) - at >= 2:
            first, length, start = data[at], data[at + 1], at + 2
            if length == 126 and len(data) >= start + 2:
                (length,), start = struct.unpack_from("!H", data, start), start + 2
            elif length == 127 and len(data) >= start + 8:
                (length,), start = struct.unpack_from("!Q", data, start), start + 8
            elif length > 125:
                break
            if len(data) < start + length:
                break
            at = start + length
            self._take_frame(first, data[start:at])
        self._data = data[at:]

    def _take_frame(self, first: int, payload: bytes) -> None:
        if first == FIN | TEXT:
            self._hear(payload)
        elif first == FIN | RSV1 | TEXT:
            self._hear(zlib.decompress(payload + TAIL + b"\x01\x00\x00\xff\xff", -zlib.MAX_WBITS))
        elif first == FIN | PING:
            self.send(frame(payload, FIN | PONG))
        elif first == FIN | CLOSE:
            self.code = str(int.from_bytes(payload[:2])) if payload else ""
            self.send(frame(payload[:2], FIN | CLOSE))
            self.transport.close()
