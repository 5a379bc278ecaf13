"""One person of a load: comes back whenever the connection ends, resumes, and keeps an exact record."""

import asyncio
import functools
import json
from contextlib import suppress
from random import Random
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from tests.torture.record import UNKNOWN, Event, Log, Mood

LOGGED = frozenset({"posted", "joined", "left", "configured"})

LEAVING = 4000
"""The close code of someone who will not come back."""

BACK = (0.01, 0.05)
LOOKING_AWAY = (0.05, 0.3)
"""Seconds, from and to: before one connects again, and for which a slow reader reads nothing. That is how people are;
nothing is waited for."""

Position = dict[str, int]


class TurnedAwayError(Exception):
    """The server refused a hello or a join."""


@functools.lru_cache(maxsize=8192)
def loaded(frame: str) -> Event:
    """Decode a frame; who hears the same frame shares what it says, so it is only read."""
    event: Event = json.loads(frame)
    return event


class Person:
    """Listens in all rooms from their beginning, and stays."""

    def __init__(self, url: str, name: str, rooms: list[str], log: Log, mood: Mood, random: Random) -> None:
        self.url = url
        self.name = name
        self.rooms = rooms
        self.log = log
        self.mood = mood
        self.random = random
        self.here = False
        self.cursors: dict[str, Position | None] = {room: {"seq": 0, "at": 0} for room in rooms}
        self._session: str | None = None
        self._epoch: str | None = None
        self._refs = 0
        self._compression = random.choice([None, None, "deflate"])
        self._entered: set[str] = set()

    async def live(self) -> None:
        """Connect, greet, converse; and again whenever that ends."""
        while True:
            with suppress(OSError, WebSocketException, TimeoutError, EOFError):
                await self.visit()
            await asyncio.sleep(self.random.uniform(*BACK))

    async def visit(self) -> None:
        """One connection, from the handshake to its end."""
        async with connect(
            self.url,
            subprotocols=[Subprotocol("nexus.v1")],
            compression=self._compression,
            max_size=2**24,
            max_queue=16,
            open_timeout=60,  # the server may be suspended meanwhile
            ping_interval=None,
            close_timeout=1,
        ) as socket:
            try:
                await self._greet(socket)
                self.here = True
                self.log.add(self.name, "began")
                await self.converse(socket)
            except TurnedAwayError as why:
                self.log.add(self.name, "turned_away", code=str(why))
            except ConnectionClosed as closed:
                self._ended(str(closed.rcvd.code) if closed.rcvd else "")
                raise
            else:
                self._ended("cut")
            finally:
                self.here = False

    def _ended(self, code: str) -> None:
        if self.here:
            self.here = False
            self.log.add(self.name, "ended", code=code)

    async def converse(self, socket: ClientConnection) -> None:
        """What to do with a connection: listen until it ends."""
        while True:
            self.hear(loaded(await self.receive(socket)))

    async def receive(self, socket: ClientConnection) -> str:
        """The next frame."""
        return await socket.recv(decode=True)

    # --- coming in ---------------------------------------------------------------------------------

    async def _greet(self, socket: ClientConnection) -> None:
        """Say hello with all one knows, then join the rooms of which nothing is known."""
        known = {room: cursor for room, cursor in self.cursors.items() if cursor is not None}
        resume = {room: cursor for room, cursor in known.items() if room in self._entered}
        hello: Event = {"name": self.name, "resume": resume}
        if self._session is not None:
            hello |= {"session": self._session, "epoch": self._epoch}
        self._entered = set()
        done = await self._ask(socket, "hello", **hello)
        self._session, self._epoch = done["session"], done["epoch"]
        heads = {room["name"]: room.get("head", 0) for room in done["rooms"]}
        for room, cursor in resume.items():
            if room in heads:
                self._enters(room, cursor["seq"], heads[room])
        for room in self.rooms:
            if room not in self._entered:
                await self._join(socket, room)

    async def _join(self, socket: ClientConnection, room: str) -> None:
        cursor = self.cursors[room]
        wish: dict[str, Any] = {"last": self.random.choice([0, 1, 5, 50])} if cursor is None else {"after": cursor}
        done = await self._ask(socket, "join", room=room, **wish)
        # Before the events, which follow the reply at once; nothing was awaited since it was read.
        self._enters(room, UNKNOWN if cursor is None else cursor["seq"], done["room"]["head"])

    def _enters(self, room: str, after: int, head: int) -> None:
        self._entered.add(room)
        self.log.add(self.name, "entered", room=room, seq=after, to=head)

    async def _ask(self, socket: ClientConnection, kind: str, **fields: Any) -> Event:
        """Send a command and read up to its reply; raises TurnedAwayError where it is refused."""
        ref = self.ref()
        await socket.send(json.dumps({"type": kind, "ref": ref, **fields}))
        while True:
            event = loaded(await socket.recv(decode=True))
            if event.get("ref") != ref:
                self.hear(event)
            elif event["type"] == "done":
                return event
            else:
                raise TurnedAwayError(event["code"])

    def ref(self) -> int:
        """A ref that this person never used."""
        self._refs += 1
        return self._refs

    # --- hearing -----------------------------------------------------------------------------------

    def hear(self, event: Event) -> None:
        """Take a frame: note it, and move the cursor."""
        kind, room = event["type"], event.get("room", "")
        if kind in LOGGED:
            self.cursors[room] = {"seq": event["seq"], "at": event["at"]}
            self.log.add(self.name, "heard", room=room, seq=event["seq"], event=event)
        elif kind == "skipped":
            self.cursors[room] = {"seq": event["to"], "at": 0}
            self.log.add(self.name, "skipped", room=room, seq=event["from"], to=event["to"])
        elif kind == "reset":
            self.cursors[room] = None
            self.log.add(self.name, "reset", room=room)
        elif kind == "goodbye":
            self.log.add(self.name, "goodbye", code=event["code"])
        elif kind in ("done", "refused"):
            self.answered(event)

    def answered(self, reply: Event) -> None:
        """Take the reply to a post."""


class Dropper(Person):
    """Falls out of the network every now and then, without a word, and resumes."""

    async def converse(self, socket: ClientConnection) -> None:
        if not self.mood.settling:
            with suppress(TimeoutError):
                async with asyncio.timeout(self.random.expovariate(4)):
                    await super().converse(socket)
            socket.transport.abort()
            return
        await super().converse(socket)


class Slow(Person):
    """Reads a few frames, then nothing for a while: what is sent to it piles up at the server."""

    async def receive(self, socket: ClientConnection) -> str:
        if not self.mood.settling and self.random.random() < 0.05:
            await asyncio.sleep(self.random.uniform(*LOOKING_AWAY))
        return await super().receive(socket)


class Newcomer(Person):
    """Comes once, hears a little of one or two rooms, and leaves or vanishes."""

    def __init__(self, url: str, name: str, rooms: list[str], log: Log, mood: Mood, random: Random) -> None:
        super().__init__(url, name, random.sample(rooms, random.randint(1, min(2, len(rooms)))), log, mood, random)
        self.cursors = {room: random.choice([None, None, {"seq": 0, "at": 0}]) for room in self.rooms}

    async def live(self) -> None:
        with suppress(OSError, WebSocketException, TimeoutError, EOFError):
            await self.visit()

    async def converse(self, socket: ClientConnection) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self.random.expovariate(5)):
                await super().converse(socket)
        if self.random.random() < 0.5:
            await socket.close(LEAVING)
        else:
            socket.transport.abort()
