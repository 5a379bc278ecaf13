"""The walk of a message with nothing around it: what a chat of this kind costs at the least.

Frames are read straight from the socket, messages are stored in groups by one thread, each group synced before anyone
sees it, and everyone in a room gets all of a group in one write. There are no names, no nonces, no transcript, no
limits, and nobody who is slow. Everything is decoded and encoded as in Nexus, so that what differs is the product.
"""

import asyncio
import base64
import hashlib
import sqlite3
import sys
import tempfile
import threading
from pathlib import Path
from typing import cast

import msgspec
import uvloop
from websockets.speedups import apply_mask

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE messages (id INTEGER PRIMARY KEY, room TEXT NOT NULL, seq INTEGER NOT NULL, text TEXT NOT NULL);
CREATE UNIQUE INDEX messages_by_seq ON messages (room, seq);
"""

Row = tuple[str, int, str]


class Join(msgspec.Struct, tag_field="type", tag="join"):
    """Enter a room."""

    room: str


class Post(msgspec.Struct, tag_field="type", tag="post"):
    """Say something in it."""

    text: str


class Posted(msgspec.Struct, tag_field="type", tag="posted"):
    """A message that is stored."""

    room: str
    seq: int
    text: str


decode = msgspec.json.Decoder(Join | Post).decode
encode = msgspec.json.Encoder().encode


def frame(payload: bytes) -> bytes:
    """A payload as a text frame (RFC 6455 section 5.2)."""
    length = len(payload)
    if length < 126:
        return bytes((0x81, length)) + payload
    if length < 65_536:
        return bytes((0x81, 126, length >> 8, length & 255)) + payload
    return b"\x81\x7f" + length.to_bytes(8, "big") + payload


class Room:
    """Who is in a room, and its newest seq."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seq = 0
        self.members: list[asyncio.Transport] = []


Group = tuple[list[Row], dict[Room, list[bytes]]]


class Writer:
    """Stores one group at a time in a thread; the next one gathers meanwhile."""

    def __init__(self, loop: asyncio.AbstractEventLoop, directory: Path) -> None:
        self._loop = loop
        self._database = sqlite3.connect(directory / "reference.db", isolation_level=None, check_same_thread=False)
        self._database.executescript(SCHEMA)
        self._next: Group = [], {}
        self._group: Group = [], {}
        self._busy = False
        self._wake = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def post(self, room: Room, text: str) -> None:
        """A message is stored and sent with the group that gathers now."""
        rows, frames = self._next
        if not rows and not self._busy:
            self._loop.call_soon(self._submit)
        room.seq += 1
        rows.append((room.name, room.seq, text))
        frames.setdefault(room, []).append(frame(encode(Posted(room.name, room.seq, text))))

    def _submit(self) -> None:
        if not self._busy and self._next[0]:
            self._busy = True
            self._group, self._next = self._next, ([], {})
            self._wake.set()

    def _run(self) -> None:
        execute, insert = self._database.execute, self._database.executemany
        while True:
            self._wake.wait()
            self._wake.clear()
            rows, frames = self._group
            execute("BEGIN IMMEDIATE")
            insert("INSERT INTO messages (room, seq, text) VALUES (?, ?, ?)", rows)
            execute("COMMIT")
            self._loop.call_soon_threadsafe(self._stored, frames)

    def _stored(self, frames: dict[Room, list[bytes]]) -> None:
        self._busy = False
        self._submit()  # the next group is synced while this one is written
        for room, of_room in frames.items():
            buffer = b"".join(of_room)
            for transport in room.members:
                transport.write(buffer)


class Connection(asyncio.Protocol):
    """One person: the first message names the room, every other one goes to all in it."""

    def __init__(self, rooms: dict[str, Room], writer: Writer) -> None:
        self._rooms = rooms
        self._writer = writer
        self._buffer = b""
        self._room: Room | None = None
        self._open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Someone is there."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(1 << 20)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """They are gone."""
        if self._room is not None:
            self._room.members.remove(self._transport)

    def data_received(self, data: bytes) -> None:
        """The request first, then frames, each with a mask (RFC 6455 section 5.3)."""
        data = self._buffer + data if self._buffer else data
        if not self._open:
            data = self._shake_hands(data)
        at, end = 0, len(data)
        while end - at >= 6:
            length, head = data[at + 1] & 127, at + 6
            if length == 126:
                if end - at < 8:
                    break
                length, head = data[at + 2] << 8 | data[at + 3], at + 8
            if end < head + length:
                break
            if data[at] == 0x88:
                self._transport.close()
                return
            self._take(apply_mask(data[head : head + length], data[head - 4 : head]))
            at = head + length
        self._buffer = data[at:]

    def _take(self, payload: bytes) -> None:
        said = decode(payload)
        if isinstance(said, Join):
            self._room = self._rooms.get(said.room) or self._rooms.setdefault(said.room, Room(said.room))
            self._room.members.append(self._transport)
            self._transport.write(frame(b'{"type":"joined"}'))
        elif self._room is not None:
            self._writer.post(self._room, said.text)

    def _shake_hands(self, data: bytes) -> bytes:
        head, end, rest = data.partition(b"\r\n\r\n")
        if not end:
            return data
        lines = (line.partition(b":") for line in head.split(b"\r\n"))
        key = next(value.strip() for name, _, value in lines if name.lower() == b"sec-websocket-key")
        accept = base64.b64encode(hashlib.sha1(key + GUID, usedforsecurity=False).digest())
        self._transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self._open = True
        return rest


async def main() -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    rooms: dict[str, Room] = {}
    with tempfile.TemporaryDirectory(dir=".") as directory:  # which anyone who measures clears away
        writer = Writer(loop, Path(directory))
        server = await loop.create_server(
            lambda: Connection(rooms, writer), "127.0.0.1", int(sys.argv[1]), backlog=4096
        )
        async with server:
            await server.serve_forever()


uvloop.run(main())
