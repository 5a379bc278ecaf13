"""The socket in the data directory through which the operator's commands reach a running server.

Who can open the directory may ask everything: the socket is its owner's alone. A request is a line of JSON (one of
`protocol.operating`), its answer another one: `{"done": …, "address": …}` or `{"refused": …, "message": …}`.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import msgspec
import structlog

from nexus.ports import Unavailable
from nexus.protocol.operating import AnyAsk
from nexus.protocol.refusals import Refusal

SOCKET = "control"
"""Its name in the data directory."""

LONGEST_PATH = 100
"""Bytes of a socket's path that every system takes (sun_path has 104 or 108)."""

LONGEST_LINE = 65_536
"""Bytes of a request."""

log = structlog.get_logger()

Answer = Callable[[AnyAsk], Coroutine[Any, None, dict[str, Any]]]
OnLoop = Callable[[Coroutine[Any, None, dict[str, Any]]], Coroutine[Any, Any, dict[str, Any]]]


@contextlib.contextmanager
def socket_path(place: Path) -> Iterator[str]:
    """A socket's path, for a while; where it is too long for the system, by way of its open directory (on Linux)."""
    path = str(place.absolute())
    if len(os.fsencode(path)) <= LONGEST_PATH:
        yield path
        return
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{folder}/{place.name}"
    finally:
        os.close(folder)


class Control:
    """Listens until it is closed."""

    def __init__(self, directory: Path, address: str, answer: Answer, on_loop: OnLoop) -> None:
        """Each answer carries the `address`, since links are made of it."""
        self._place = directory / SOCKET
        self._address = address
        self._answer = answer
        self._on_loop = on_loop
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Begin to listen; a system without such sockets, or a directory that takes none, is no reason not to start."""
        if not hasattr(socket, "AF_UNIX"):
            return
        try:
            listening = self._bind()
        except OSError as error:
            log.warning("the operator's commands will not reach this server while it runs", why=error.strerror)
            return
        self._server = await asyncio.start_unix_server(self._serve, sock=listening, limit=LONGEST_LINE)

    def _bind(self) -> socket.socket:
        """The socket, which only its owner may open from the moment it listens."""
        self._place.unlink(missing_ok=True)  # of a server that was killed: the lock says that none runs
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with socket_path(self._place) as path:
                listening.bind(path)
            self._place.chmod(0o600)
        except OSError:
            listening.close()
            raise
        return listening

    async def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            self._place.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(await self._reply(line) + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):  # they are gone, or the line was too long
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _reply(self, line: bytes) -> bytes:
        try:
            ask = msgspec.json.decode(line, type=AnyAsk)
            done = await self._on_loop(self._answer(ask))
        except Refusal as refusal:
            return _refused(refusal.code, refusal.message)
        except Unavailable as why:
            return _refused("unavailable", str(why))
        except msgspec.MsgspecError as error:
            return _refused("bad_request", f"This server does not understand the command: {error}.")
        except Exception as fault:  # one faulty command must not end the server
            log.exception("an operator's command failed", exc_info=fault)
            return _refused("internal", "The server failed to carry this out; its log says more.")
        return msgspec.json.encode({"done": done, "address": self._address})


def _refused(code: str, message: str) -> bytes:
    return msgspec.json.encode({"refused": code, "message": message})
