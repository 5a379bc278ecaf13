"""An echo server on Nexus's own connections: in memory, and behind a real port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import uvicorn
from uvicorn.server import ServerState

from nexus.gateway.admission import Admission
from nexus.gateway.http.app import build_app
from nexus.gateway.http.connection import HttpConnection
from nexus.gateway.websocket.dialects import DEFLATED, PLAIN
from nexus.gateway.websocket.frames import BINARY, Binary, Close, Ping, Pong, frame
from nexus.gateway.websocket.line import MOST, RATE
from nexus.gateway.websocket.socket import Socket
from nexus.settings import Limits
from tests.world.clock import SimClock
from tests.world.node import World

REQUEST = (
    "GET /ws HTTP/1.1",
    "Host: 127.0.0.1",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
)
DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate"


def request(*, compressed: bool = False) -> bytes:
    """The head by which a client opens a WebSocket."""
    return "\r\n".join([*REQUEST, *([DEFLATE] if compressed else []), "", ""]).encode()


def new_admission() -> Admission:
    """A admission with a whole node behind it, whom no echo ever disturbs."""
    world = World(limits=Limits(connections_per_address=10_000))
    return Admission(world.settings, world.node, world.clock, world.store.key)


TURN = 2 * MOST / RATE
"""Seconds until a connection has another turn."""


class EchoSocket(Socket):
    """A connection that says what it hears."""

    def _take(self, payload: bytes) -> None:
        self.write((DEFLATED if self.dialect is DEFLATED else PLAIN).frame(payload))

    def _take_other(self, message: Binary | Ping | Pong | Close) -> None:
        if isinstance(message, Binary):
            self.write(frame(message.payload, BINARY))
        else:
            super()._take_other(message)


class Line:
    """Both ends of a connection in memory: it is the server's transport, and has what the client hears."""

    def __init__(self, admission: Admission, *, compressed: bool = False) -> None:
        self.heard = b""
        self.ended = False
        self._clock = cast("SimClock", admission.clock)
        self.socket = EchoSocket(admission)
        self.socket.connection_made(cast("Any", self))
        self.say(request(compressed=compressed))
        answer, self.heard = self.heard, b""
        assert answer.startswith(b"HTTP/1.1 101 ")
        assert (b"permessage-deflate" in answer) is compressed

    # --- the client's side ---
    def say(self, data: bytes) -> None:
        """The server receives bytes in one piece, and takes what of them waits for its turn."""
        self.socket.data_received(data)
        self._clock.advance(TURN)

    # --- asyncio.Transport ---
    def write(self, data: bytes) -> None:
        assert not self.ended, f"{data!r} was written after the end"
        self.heard += data

    def write_eof(self) -> None:
        self.ended = True

    def close(self) -> None:
        if not self.ended:
            self.ended = True
            self.socket.connection_lost(None)

    def is_closing(self) -> bool:
        return self.ended

    def can_write_eof(self) -> bool:
        return True

    def set_write_buffer_limits(self, high: int) -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def get_extra_info(self, name: str) -> Any:
        return ("192.0.2.1", 5) if name == "peername" else None


@asynccontextmanager
async def serving() -> AsyncIterator[int]:
    """A real port behind which every WebSocket is an echo, and HTTP is as always; gives the port."""
    admission, state = new_admission(), ServerState()
    config = uvicorn.Config(
        build_app(admission),
        http=lambda **given: HttpConnection(admission, **given),  # type: ignore[arg-type]  # as in the node
        ws=lambda **_: EchoSocket(admission),  # type: ignore[arg-type]
        lifespan="off",
        log_config=None,
    )
    config.load()
    doors: Any = config.http_protocol_class

    def door() -> asyncio.Protocol:
        made: asyncio.Protocol = doors(config=config, server_state=state, app_state={})
        return made

    server = await asyncio.get_running_loop().create_server(door, "127.0.0.1")
    async with server:
        yield server.sockets[0].getsockname()[1]
