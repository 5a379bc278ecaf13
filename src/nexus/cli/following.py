"""`nexus tail`: every event of a room once, in order, through whatever happens on the way."""

import asyncio
import os
import stat
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nexus.cli.connected import PAGE, connected, print_event, read_history
from nexus.client.connection import Connection, Offline
from nexus.client.reading import Entry, Heard
from nexus.protocol.commands import History
from nexus.protocol.events import Reset, Skipped

AHEAD = 1000
"""Events that wait to be printed, at most."""


async def follow(room: str, since: int | None, as_json: bool, url: str, name: str) -> None:
    """Print the events of a room after `since`, else from its last few on, until nobody reads or the server ends it."""
    backlog = Backlog()
    async with connected(url, name, "tail", backlog.put, backlog.end) as connection:
        await connection.ask(History, room=room, limit=1)  # a room that is not there is not made to be followed
        done = await connection.join(room, **({} if since is None else {"last": 0}))
        head = done.room.head if done.room is not None else 0
        printer = Printer(connection, done.room.name if done.room is not None else room, backlog, as_json)
        with _reader(backlog.end):
            if since is not None and since > head:
                newest = f"its newest is #{head:,}; another history may be in its place."
                print(f"nexus: {room} has no #{since:,} yet, {newest}", file=sys.stderr)
                printer.last = head
            elif since is not None:
                printer.last = since
                await printer.fill(since, head)
            while (event := await backlog.take()) is not None:
                await printer.take(event)


class Backlog:
    """What came and is not printed yet; bounded, since whatever it has no place for is in the history."""

    def __init__(self) -> None:
        self._events: deque[Heard] = deque()
        self._ended = False
        self._news = asyncio.Event()

    def put(self, event: Heard) -> None:
        """Take an event; where there is no place, the newest one of the log stands for those before it."""
        if isinstance(event, Reset):
            self._events.clear()  # the history that could fill what is missing between them is gone
        if len(self._events) < AHEAD:
            self._events.append(event)
        elif isinstance(event, Entry | Skipped):
            self._events[-1] = event
        self._news.set()

    def end(self) -> None:
        """There is nobody to print for, or no server."""
        self._ended = True
        self._news.set()

    @property
    def starts_over(self) -> bool:
        """Whether the next event replaces the history."""
        return bool(self._events) and isinstance(self._events[0], Reset)

    async def take(self) -> Heard | None:
        """The next event; None at the end."""
        while not self._events and not self._ended:
            self._news.clear()
            await self._news.wait()
        return None if self._ended else self._events.popleft()


class Printer:
    """Prints what comes, and what is missing before it: that is read from the history."""

    def __init__(self, connection: Connection, room: str, backlog: Backlog, as_json: bool) -> None:
        self.last: int | None = None
        """The last event printed; None where any may be the first."""
        self._connection = connection
        self._room = room
        self._backlog = backlog
        self._as_json = as_json

    async def take(self, event: Heard) -> None:
        """Print an event, after those that were left out before it."""
        match event:
            case Skipped(gone=True):
                self.last = event.to
            case Skipped():
                await self.fill(event.from_ - 1, event.to)
                return
            case Reset():
                self.last = None
            case _ if isinstance(event, Entry):
                if self.last is not None:
                    if event.seq <= self.last:
                        return
                    await self.fill(self.last, event.seq - 1)
                    if self._backlog.starts_over:
                        return
                self.last = event.seq
        print_event(event, self._as_json)

    async def fill(self, after: int, to: int) -> None:
        """Print the events up to `to` that were not printed, or those after `after` where none was, page by page."""
        self.last = after if self.last is None else self.last
        while self.last < to:
            try:
                await self._connection.ready()
                fields = {"after": self.last, "before": to + 1, "limit": PAGE}
                page, _ = await read_history(self._connection, self._room, **fields)
            except Offline:  # lost while it was asked; it is asked again on the next connection
                continue
            if not page or self._backlog.starts_over:
                return
            for event in page:
                print_event(event, self._as_json)
            self.last = page[-1].seq


@contextmanager
def _reader(gone: Callable[[], None]) -> Iterator[None]:
    """Tells once nobody reads standard output any more, though nothing is written; only a pipe can tell."""
    output, loop = sys.stdout.fileno(), asyncio.get_running_loop()
    if sys.platform == "win32" or not stat.S_ISFIFO(os.fstat(output).st_mode):
        yield
        return

    def closed() -> None:
        loop.remove_reader(output)
        gone()

    loop.add_reader(output, closed)
    try:
        yield
    finally:
        loop.remove_reader(output)
