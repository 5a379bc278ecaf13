"""One address that does its worst: `python -m bench.attacker ROW PORT CONNECTIONS` floods until it is ended.

Each connection says hello and then the same thing again and again, as fast as the server reads it; what the server
says is read and thrown away. Refusals, waits and closed connections are the server's right: a closed one comes back.
"""

import asyncio
import contextlib
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

ADDRESS = "198.51.100.7"
"""Whom all of them come from, as the proxy says that they come through."""

AGAIN = 0.05
"""Seconds until a connection that was closed comes back."""

PASSWORD = "correct horse battery"
STUFFED, PINNED, REACTED, CROWD, DEEP = "stuffed", "pinned", "reacted", "crowd", "deep"
"""Rooms that were filled before."""

HAN = "".join(chr(0x4E00 + number * 7 % 20_000) for number in range(8000))


@dataclass(frozen=True)
class Row:
    """What is said again and again: `say` makes the frames of the nth time; `hello` adds to the greeting."""

    say: Callable[[int], list[bytes]]
    hello: dict[str, Any] | None = None
    rooms: tuple[str, ...] = ()
    greet: bool = True
    deflate: bool = False


def text(command: dict[str, Any]) -> bytes:
    """A command as a frame with a mask of zeros."""
    return frame(0x81, json.dumps(command, ensure_ascii=False).encode())


def frame(first: int, payload: bytes) -> bytes:
    """A frame of a client (RFC 6455 section 5.2)."""
    size = len(payload)
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 65_536:
        head = bytes((first, 0x80 | 126)) + size.to_bytes(2)
    else:
        head = bytes((first, 0x80 | 127)) + size.to_bytes(8)
    return head + b"\0\0\0\0" + payload


def command(kind: str, **fields: Any) -> Callable[[int], list[bytes]]:
    """The same command each time, under another ref."""
    return lambda number: [text({"type": kind, "ref": number, **fields})]


def post(room: str, said: str) -> Callable[[int], list[bytes]]:
    """A message each time."""
    return lambda number: [text({"type": "post", "ref": number, "room": room, "text": said})]


def made_up(number: int) -> list[bytes]:
    """A message that names 200 people whom there are not."""
    names = " ".join(f"@nobody{number}x{index}" for index in range(200))
    return [text({"type": "post", "ref": number, "room": "own", "text": names})]


def join_from_afar(number: int) -> list[bytes]:
    """Enter a room a thousand events back, and leave it."""
    join = {"type": "join", "ref": 2 * number, "room": DEEP, "after": {"seq": 1000, "at": 0}}
    return [text(join), text({"type": "leave", "ref": 2 * number + 1, "room": DEEP})]


ROWS: dict[str, Row] = {
    "searches that find nothing": Row(command("search", query='"abcd efgh"', room=STUFFED)),
    "pages of history, deflated": Row(command("history", room=DEEP, limit=200), deflate=True),
    "pages with many reactions": Row(command("history", room=REACTED, limit=200)),
    "pins": Row(command("pins", room=PINNED)),
    "rooms, of 200,000": Row(command("rooms")),
    "hello with 1,000 unknown rooms": Row(
        lambda _: [], hello={"resume": {f"nowhere-{n}": {"seq": 1} for n in range(1000)}}
    ),
    "register with a taken name": Row(command("register", name="Victim", password=PASSWORD)),
    "wrong passwords": Row(command("login", name="Victim", password=PASSWORD)),
    "frames that are no command": Row(lambda number: [text({"type": "x" * 100_000, "ref": number})]),
    "pings": Row(lambda _: [frame(0x89, b"x" * 100)] * 20),
    "commands before hello": Row(command("rooms"), greet=False),
    "200 made-up mentions": Row(made_up, rooms=("own",)),
    "8,000 Han letters": Row(post("own", HAN), rooms=("own",)),
    "typing in a room of 400": Row(command("typing", room=CROWD), rooms=(CROWD,)),
    "joins 1,000 events back": Row(join_from_afar),
    "posts": Row(post("own", "x" * 1000), rooms=("own",)),
}
"""What one address may do; `slow bodies` is HTTP, and has a way of its own."""

SLOW = "bodies that never come"


async def attack(row: Row, port: int, number: int) -> None:
    """One connection after the other."""
    for turn in itertools.count():
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await _once(row, port, f"A{number}x{turn}")
        await asyncio.sleep(AGAIN)


async def _once(row: Row, port: int, name: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        extension = "Sec-WebSocket-Extensions: permessage-deflate\r\n" if row.deflate else ""
        writer.write(
            (
                "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"X-Forwarded-For: {ADDRESS}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: nexus.v1\r\n{extension}\r\n"
            ).encode()
        )
        await reader.readuntil(b"\r\n\r\n")
        reading = asyncio.create_task(_throw_away(reader))
        try:
            for frames in _frames(row, name):
                writer.write(frames)
                await writer.drain()
                if reading.done():
                    return
                await asyncio.sleep(0)
            await reading
        finally:
            reading.cancel()
    finally:
        writer.close()


def _frames(row: Row, name: str) -> Iterator[bytes]:
    if row.greet:
        yield text({"type": "hello", "ref": "h", "name": name, **(row.hello or {})})
    for room in row.rooms:
        yield text({"type": "join", "ref": room, "room": room, "last": 0})
    for number in itertools.count():
        frames = row.say(number)
        if not frames:
            return
        yield b"".join(frames)


async def _throw_away(reader: asyncio.StreamReader) -> None:
    while await reader.read(1 << 18):
        pass


async def slow_bodies(port: int) -> None:
    """A request whose body never comes, again whenever the server has had enough."""
    while True:
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                b"POST /api/keep HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                b"Content-Length: 1000\r\n\r\n{"
            )
            await _throw_away(reader)
            writer.close()
        await asyncio.sleep(AGAIN)


async def _all(name: str, port: int, connections: int) -> None:
    if name == SLOW:
        await asyncio.gather(*(slow_bodies(port) for _ in range(30 * connections)))
    else:
        await asyncio.gather(*(attack(ROWS[name], port, number) for number in range(connections)))


if __name__ == "__main__":
    os.nice(19)  # what it takes of this core is not what is measured
    asyncio.run(_all(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
