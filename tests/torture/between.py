"""What stands between a node and its database or its bus: it passes on, or holds back one way, or muddles."""

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from urllib.parse import parse_qs, urlsplit

from tests.torture.balancer import Balancer, Streams, Way

Place = int | Path
"""A port, or the file of a socket."""

_PUBLISHED = re.compile(rb"PUB \S+ +(?:\S+ +)?(\d+)\r\n")


def to_postgres(url: str) -> "tuple[Between, Callable[[], str]]":
    """What stands before a database of the tests, and its URL from there once that listens."""
    place = urlsplit(url)
    between = Between(Path(parse_qs(place.query)["host"][0], ".s.PGSQL.5432"))
    return between, lambda: f"postgresql://nexus@127.0.0.1:{between.port}{place.path}?sslmode=disable"


class Between(Balancer):
    """A context manager that listens on a port of its own, which stays the same; `to` may be changed."""

    def __init__(self, to: Place) -> None:
        super().__init__(())
        self.to = to
        self.change: Callable[[Way], Callable[[bytes], Iterator[bytes]]] = lambda _: _as_it_is
        """What a connection makes of what comes, for each way."""
        self._open: dict[Way, asyncio.Event] = {"there": asyncio.Event(), "back": asyncio.Event()}
        self.release()

    def hold(self, way: Way) -> None:
        """Anyone who says something this way is heard when it is released."""
        self._loop.call_soon_threadsafe(self._open[way].clear)

    def release(self) -> None:
        """Pass on what was held back, and what comes."""
        for way in self._open.values():
            self._loop.call_soon_threadsafe(way.set)

    async def _next(self) -> Streams | None:
        try:
            if isinstance(self.to, Path):
                return await asyncio.open_unix_connection(self.to)
            return await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            return None

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way) -> None:
        change = self.change(way)
        while data := await reader.read(65536):
            await self._open[way].wait()
            writer.writelines(change(data))
            await writer.drain()


def _as_it_is(data: bytes) -> Iterator[bytes]:
    yield data


class Muddle:
    """What one node tells NATS, of which announcements are lost, doubled, late and out of order."""

    def __init__(self, chance: Random | None = None) -> None:
        self.chance = chance
        """None passes all on."""
        self.count = 0
        """How many announcements it did something to."""

    def change(self, way: Way) -> Callable[[bytes], Iterator[bytes]]:
        """For a `Between`."""
        return _Telling(self).take if way == "there" else _as_it_is


class _Telling:
    """One connection, line by line; a PUB is followed by what it says."""

    def __init__(self, muddle: Muddle) -> None:
        self._muddle = muddle
        self._rest = b""
        self._late: list[bytes] = []

    def take(self, data: bytes) -> Iterator[bytes]:
        """Pass on what is whole."""
        self._rest += data
        while (end := self._rest.find(b"\r\n") + 2) > 1:
            published = _PUBLISHED.match(self._rest)
            if published is not None:
                end = published.end() + int(published[1]) + 2
                if len(self._rest) < end:
                    return
            frame, self._rest = self._rest[:end], self._rest[end:]
            yield from self._muddled(frame) if published is not None else (frame,)

    def _muddled(self, frame: bytes) -> Iterator[bytes]:
        """Lost, twice, later, or as it is; what was late comes some time."""
        chance = self._muddle.chance
        luck = 1.0 if chance is None else chance.random()
        self._muddle.count += luck < 0.5
        if luck < 0.2:
            self._late.append(frame)
        elif luck > 0.35:
            yield frame
            if luck < 0.5:
                yield frame
        while self._late and (chance is None or chance.random() < 0.3):
            yield self._late.pop(0 if chance is None else chance.randrange(len(self._late)))
