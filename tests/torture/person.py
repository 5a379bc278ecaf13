"""People on bare connections: they come, ask, hear and come back where they were, and all of it is noted in a log."""

import asyncio
import functools
import itertools
import json
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from random import Random
from typing import Any, TypeVar
from urllib.parse import urlsplit

from tests.hostile.raw import command
from tests.torture.line import Line, TurnedAwayError
from tests.torture.record import UNKNOWN, Event, Log, Mood
from tests.torture.scale import scaled

LOGGED = frozenset({"posted", "joined", "left", "configured"})

LEAVING = 4000
"""The close code of someone who will not come back."""

BACK = (0.01, 0.05)
LOOKING = (0.05, 0.3)
"""Seconds, from and to: before one connects again, and for which a slow reader reads, and then does not. That is how
people are; nothing is waited for."""

WITHIN = scaled(60, 3600)
"""Seconds after which what should come counts as missing; far more than anything takes."""

T = TypeVar("T")
Position = dict[str, int]


def run(doing: Coroutine[Any, Any, T]) -> T:
    """Run something on a loop of its own, up to its end."""
    return asyncio.run(asyncio.wait_for(doing, WITHIN))


@functools.lru_cache(maxsize=8192)
def loaded(frame: bytes) -> Event:
    """Decode a frame; who hears the same frame shares what it says, so it is only read."""
    event: Event = json.loads(frame)
    return event


class Person:
    """Enters rooms from their beginning and stays; `come` is one connection, `live` one after another."""

    def __init__(
        self, url: str, name: str, rooms: list[str], log: Log, mood: Mood | None = None, random: Random | None = None
    ) -> None:
        self.name = name
        self.rooms = rooms
        self.log = log
        self.mood = mood or Mood()
        self.random = random or Random(0)
        self.here = False
        self.cursors: dict[str, Position | None] = {room: {"seq": 0, "at": 0} for room in rooms}
        self.on_event: Callable[[Event], None] = lambda _: None
        self.line: Line
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port or 0
        self._deflate = random is not None and random.random() < 1 / 3
        self._session: str | None = None
        self._epoch: str | None = None
        self._refs = itertools.count(1)
        self._replies: dict[int, tuple[asyncio.Future[Event], Callable[[Event], None] | None]] = {}
        self._entered: set[str] = set()
        self._wanted: tuple[Mapping[str, int], asyncio.Future[None]] | None = None

    # --- coming and going --------------------------------------------------------------------------

    async def live(self) -> None:
        """Connect, greet, converse; and again whenever that ends."""
        while True:
            await self.visit()
            await asyncio.sleep(self.random.uniform(*BACK))

    async def visit(self) -> None:
        """One connection, from the handshake to its end."""
        try:
            async with asyncio.timeout(WITHIN):  # the server may be suspended meanwhile
                await self.come()
            await self.converse()
        except TurnedAwayError as why:
            self.log.add(self.name, "turned_away", code=why.code)
        except (OSError, TimeoutError):
            pass  # nobody there, or cut off before the greeting: `live` tries again
        finally:
            if hasattr(self, "line"):
                self.cut()

    async def come(self) -> None:
        """Connect, say hello with all one knows and join the other rooms.

        Raises TurnedAwayError, or OSError where nobody said anything.
        """
        loop = asyncio.get_running_loop()
        self._replies.clear()
        _, self.line = await loop.create_connection(lambda: Line(self._take, self._deflate), self._host, self._port)
        await self.line.opened
        known = {room: cursor for room, cursor in self.cursors.items() if cursor is not None}
        resume = {room: cursor for room, cursor in known.items() if room in self._entered}
        hello: Event = {"name": self.name, "resume": resume}
        if self._session is not None:
            hello |= {"session": self._session, "epoch": self._epoch}
        self._entered = set()
        await self._insist("hello", lambda done: self._greeted(done, resume), **hello)
        for room in self.rooms:
            if room not in self._entered:
                await self.join(room)
        self.here = True
        self.log.add(self.name, "began")

    async def join(self, room: str) -> None:
        """Enter a room behind what one knows of it; where nothing is known, with some of its last messages."""
        cursor = self.cursors[room]
        wish: dict[str, Any] = {"last": self.random.choice([0, 1, 5, 50])} if cursor is None else {"after": cursor}
        after = UNKNOWN if cursor is None else cursor["seq"]
        await self._insist("join", lambda done: self._enters(room, after, done["room"]["head"]), room=room, **wish)

    async def converse(self) -> None:
        """What to do with a connection: listen until it ends."""
        await self.line.closed

    def cut(self) -> None:
        """Vanish without a word; nothing that was on its way is heard any more."""
        self.line.cut()
        if self.here:
            self.here = False
            self.log.add(self.name, "ended", code=self.line.code or "cut")

    async def end(self) -> None:
        """Vanish, and wait until the connection is gone."""
        self.cut()
        await self.line.closed

    def _greeted(self, done: Event, resume: Mapping[str, Position]) -> None:
        self._session, self._epoch = done["session"], done["epoch"]
        for room in done["rooms"]:
            if room["name"] in resume:
                self._enters(room["name"], resume[room["name"]]["seq"], room.get("head", 0))

    def _enters(self, room: str, after: int, head: int) -> None:
        self._entered.add(room)
        self.log.add(self.name, "entered", room=room, seq=after, to=head)

    # --- asking ------------------------------------------------------------------------------------

    def ask(self, kind: str, then: Callable[[Event], None] | None = None, **fields: Any) -> "asyncio.Future[Event]":
        """Say a command; its reply comes. `then` is called with it at once, before the events that follow it."""
        ref = self.ref()
        reply: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        self._replies[ref] = reply, then
        self.line.send(command(kind, ref, **fields))
        return reply

    async def _insist(self, kind: str, then: Callable[[Event], None], **fields: Any) -> None:
        """Ask for what must be done; raises TurnedAwayError where it is refused, OSError where the connection ends."""
        reply = self.ask(kind, lambda told: then(told) if told["type"] == "done" else None, **fields)
        either: list[asyncio.Future[Any]] = [reply, self.line.closed]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not reply.done():
            raise ConnectionError("The connection ended before the reply.")
        if (told := reply.result())["type"] != "done":
            raise TurnedAwayError(told["code"], told["message"])

    def ref(self) -> int:
        """A ref that this person never used."""
        return next(self._refs)

    # --- hearing -----------------------------------------------------------------------------------

    async def has(self, heads: Mapping[str, int]) -> None:
        """Wait until everything up to these seqs was heard."""
        self._wanted = heads, asyncio.get_running_loop().create_future()
        self._look()
        if self._wanted is not None:
            await self._wanted[1]

    def _look(self) -> None:
        """Whether what `has` waits for is here."""
        if self._wanted is not None and all(
            (self.cursors[room] or {"seq": 0})["seq"] >= seq for room, seq in self._wanted[0].items()
        ):
            self._wanted[1].set_result(None)
            self._wanted = None

    def _take(self, payload: bytes) -> None:
        self.hear(loaded(payload))

    def hear(self, event: Event) -> None:
        """Take a frame: note it, and move the cursor."""
        kind, room = event["type"], event.get("room", "")
        if kind in LOGGED:
            self.cursors[room] = {"seq": event["seq"], "at": event["at"]}
            self.log.add(self.name, "heard", room=room, seq=event["seq"], event=event)
            self.on_event(event)
            self._look()
        elif kind == "skipped":
            self.cursors[room] = {"seq": event["to"], "at": 0}
            self.log.add(self.name, "skipped", room=room, seq=event["from"], to=event["to"])
            self._look()
        elif kind == "reset":
            self.cursors[room] = None
            self.log.add(self.name, "reset", room=room)
        elif kind == "goodbye":
            self.log.add(self.name, "goodbye", code=event["code"])
        elif kind in ("done", "refused"):
            self._answer(event)

    def _answer(self, event: Event) -> None:
        reply, then = self._replies.pop(event["ref"], (None, None))
        if then is not None:
            then(event)
        if reply is None:
            self.answered(event)
        elif not reply.done():
            reply.set_result(event)

    def answered(self, reply: Event) -> None:
        """Take the reply to what was sent without `ask`."""


class Dropper(Person):
    """Falls out of the network every now and then, without a word, and resumes."""

    async def converse(self) -> None:
        if self.mood.settling:
            await super().converse()
        else:
            with suppress(TimeoutError):
                async with asyncio.timeout(self.random.expovariate(4)):
                    await asyncio.shield(self.line.closed)


class Slow(Person):
    """Reads for a moment, then nothing for a while: what is sent to it piles up at the server."""

    async def converse(self) -> None:
        while not self.line.closed.done():
            reading, away = self.random.uniform(*LOOKING), self.random.uniform(*LOOKING)
            await asyncio.wait([self.line.closed], timeout=None if self.mood.settling else reading)
            if not self.line.closed.done() and not self.mood.settling:
                self.line.transport.pause_reading()
                await asyncio.sleep(away)
                self.line.transport.resume_reading()


class Newcomer(Person):
    """Comes once, hears a little of one or two rooms, and leaves or vanishes."""

    def __init__(self, url: str, name: str, rooms: list[str], log: Log, mood: Mood, random: Random) -> None:
        super().__init__(url, name, random.sample(rooms, random.randint(1, min(2, len(rooms)))), log, mood, random)
        self.cursors = {room: random.choice([None, None, {"seq": 0, "at": 0}]) for room in self.rooms}

    async def live(self) -> None:
        await self.visit()

    async def converse(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self.random.expovariate(5)):
                await asyncio.shield(self.line.closed)
        if self.random.random() < 0.5:
            self.line.leave(LEAVING)
            await self.line.closed
