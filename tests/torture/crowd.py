"""Many people at once on bare connections, all on one loop: cheap enough that thousands fit beside a server."""

import asyncio
import itertools
import re
import struct
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar, cast

from tests.hostile.raw import FIN, PING, PONG, TEXT, command, frame, request
from tests.torture.person import LOGGED, Position, loaded
from tests.torture.record import Event, Log
from tests.torture.scale import scaled

WITHIN = scaled(60, 3600)
"""Seconds after which what should come counts as missing; far more than anything takes."""

T = TypeVar("T")


def run(doing: Coroutine[Any, Any, T]) -> T:
    """Run something on a loop of its own, up to its end."""
    return asyncio.run(asyncio.wait_for(doing, WITHIN))


class TurnedAwayError(Exception):
    """The server said why not: an HTTP status or a refusal's code, and its sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


class Line(asyncio.Protocol):
    """One bare connection: the handshake, then whole text frames in; `opened` ends when the handshake does."""

    def __init__(self, hear: Callable[[bytes], None]) -> None:
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._hear = hear
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(request())

    def data_received(self, data: bytes) -> None:
        """Take whatever is whole by now."""
        self._data += data
        if not self.opened.done():
            self._take_answer()
        if self.opened.done():
            self._take_frames()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more comes."""
        self.closed.set_result(None)
        if not self.opened.done():
            self._refused(exc)

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.transport.write(data)

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
            if first == FIN | TEXT:
                self._hear(data[start:at])
            elif first == FIN | PING:
                self.send(frame(data[start:at], FIN | PONG))
        self._data = data[at:]


class Member:
    """One person, who enters rooms from their beginning, and comes back where they were; all is noted in `log`."""

    def __init__(self, port: int, name: str, rooms: list[str], log: Log) -> None:
        self.name = name
        self.rooms = rooms
        self.cursors: dict[str, Position] = {room: {"seq": 0, "at": 0} for room in rooms}
        self.on_event: Callable[[Event], None] = lambda _: None
        self.line: Line | None = None
        self.greeted = False
        self._port = port
        self._log = log
        self._session: str | None = None
        self._refs = itertools.count(1)
        self._replies: dict[int, asyncio.Future[Event]] = {}
        self._wanted: tuple[Mapping[str, int], asyncio.Future[None]] | None = None

    async def come(self) -> None:
        """Connect and say hello; raises TurnedAwayError, or OSError where nobody said anything."""
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(lambda: Line(self._hear), "127.0.0.1", self._port)
        self.line = line
        await line.opened
        known = {"session": self._session} if self._session else {}
        told = await self.ask("hello", name=self.name, resume=self.cursors, **known)
        if told["type"] != "done":
            raise TurnedAwayError(told["code"], told["message"])

    def _enter(self, told: Event) -> None:
        """Be greeted; what comes next may be in the same packet, so that this cannot wait."""
        self._session = told["session"]
        self.greeted = True
        self._log.add(self.name, "began")
        for room in told["rooms"]:
            after = self.cursors[room["name"]]["seq"]
            self._log.add(self.name, "entered", room=room["name"], seq=after, to=room["head"])

    def ask(self, kind: str, **fields: Any) -> "asyncio.Future[Event]":
        """Say a command; its reply comes."""
        assert self.line is not None
        ref = next(self._refs)
        self._replies[ref] = reply = asyncio.get_running_loop().create_future()
        self.line.send(command(kind, ref, **fields))
        return reply

    def cut(self) -> None:
        """Vanish without a word; nothing that was on its way is heard any more."""
        assert self.line is not None
        self.line.cut()
        self.greeted = False
        self._replies.clear()
        self._log.add(self.name, "ended")

    async def end(self) -> None:
        """Vanish, and wait until the connection is gone."""
        assert self.line is not None
        self.cut()
        await self.line.closed

    async def has(self, heads: Mapping[str, int]) -> None:
        """Wait until everything up to these seqs was heard."""
        reached: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._wanted = (heads, reached)
        self._look()
        await reached

    def _look(self) -> None:
        if self._wanted is not None and all(self.cursors[room]["seq"] >= seq for room, seq in self._wanted[0].items()):
            self._wanted[1].set_result(None)
            self._wanted = None

    def _hear(self, payload: bytes) -> None:
        event = loaded(payload.decode())
        kind = event["type"]
        if kind in LOGGED:
            self.cursors[event["room"]] = {"seq": event["seq"], "at": event["at"]}
            self._log.add(self.name, "heard", room=event["room"], seq=event["seq"], event=event)
            self.on_event(event)
            self._look()
        elif kind == "skipped":
            self.cursors[event["room"]] = {"seq": event["to"], "at": 0}
            self._log.add(self.name, "skipped", room=event["room"], seq=event["from"], to=event["to"])
            self._look()
        elif "ref" in event:
            reply = self._replies.pop(event["ref"], None)
            if "session" in event:
                self._enter(event)
            if reply is not None and not reply.done():
                reply.set_result(event)
        elif kind == "reset":
            self._log.add(self.name, "reset", room=event["room"])
