"""A balancer of the tests' own: anyone who connects gets the next node that answers, as raw TCP."""

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from typing import Literal, Self

Way = Literal["there", "back"]

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Balancer:
    """A context manager that listens on a port of its own; `ports` are the nodes', which may be changed."""

    def __init__(self, ports: Sequence[int]) -> None:
        self.ports = list(ports)
        self.port = 0
        self._turns = count()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="balancer")
        self._pipes: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server

    @property
    def ws(self) -> str:
        """Where it takes WebSocket connections."""
        return f"ws://127.0.0.1:{self.port}/ws"

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        self._server.close()
        for pipe in self._pipes:
            pipe.cancel()
        await asyncio.gather(*self._pipes, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._pipes.add(task)
        ways: list[asyncio.Task[None]] = []
        writers = [writer]
        try:
            node = await self._next()
            if node is not None:
                writers.append(node[1])
                ways = [self._loop.create_task(self._say(*each)) for each in _ways((reader, writer), node)]
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            pass  # all of it ends
        finally:
            for way in ways:
                way.cancel()
            for one in writers:
                one.transport.abort()
            await asyncio.gather(*ways, *(one.wait_closed() for one in writers), return_exceptions=True)
            self._pipes.discard(task)

    async def _say(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way) -> None:
        with suppress(OSError):
            await self._pipe(reader, writer, way)

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _way: Way) -> None:
        """Pass on what comes, until one of the two ends."""
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()

    async def _next(self) -> Streams | None:
        """A connection to the next node that answers; None where none does."""
        for _ in self.ports:
            port = self.ports[next(self._turns) % len(self.ports)]
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        return None


def _ways(near: Streams, far: Streams) -> tuple[tuple[asyncio.StreamReader, asyncio.StreamWriter, Way], ...]:
    return (near[0], far[1], "there"), (far[0], near[1], "back")
