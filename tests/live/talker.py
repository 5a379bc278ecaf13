"""Someone who talks and listens through crashes: retries until stored, resumes where they were."""

import asyncio
import json
import time
from collections import defaultdict
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

Event = dict[str, Any]


class Talker:
    """A client with nothing in common with ours but the wire; remembers all it was told."""

    def __init__(self, url: str, name: str, rooms: list[str], up: asyncio.Event | None = None) -> None:
        self.url = url
        self.up = up
        self.name = name
        self.rooms = rooms
        self.feeds: dict[str, list[Event]] = defaultdict(list)
        self.acknowledged: dict[str, tuple[str, int, str]] = {}
        self.foreign: list[Event] = []
        self.latencies: list[float] = []
        self.connections = 0
        self.waiting: dict[str, tuple[str, str]] = {}
        self._socket: ClientConnection | None = None
        self._session: str | None = None
        self._replies: dict[str, Event] = {}
        self._count = 0
        self._heard = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Talker":
        self._task = asyncio.create_task(self._live())
        await self.until(lambda: self._socket is not None)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def until(self, true: Any) -> None:
        """Wait until something is true, looking whenever a frame came."""
        async with self._heard:
            await self._heard.wait_for(true)

    async def say(self, room: str, text: str) -> None:
        """Post, and go on; the post is retried with its nonce until it is acknowledged."""
        self._count += 1
        nonce = f"{self.name}-{self._count}"
        self.waiting[nonce] = (room, text)
        if self._socket is not None:
            with suppress(WebSocketException):
                await self._post(self._socket, nonce)

    async def go(self, rooms: list[str]) -> None:
        """Leave all rooms but these, and join these."""
        for room in set(self.rooms) - set(rooms):
            await self._command("leave", room=room)
            self.rooms = [other for other in self.rooms if other != room]
            del self.feeds[room]
        for room in set(rooms) - set(self.rooms):
            self.rooms = [*self.rooms, room]
            await self._command("join", room=room)

    async def _command(self, kind: str, **fields: Any) -> None:
        assert self._socket is not None
        ref = f"{kind} {fields.get('room')} {self._count}"
        self._count += 1
        await self._socket.send(json.dumps({"type": kind, "ref": ref, **fields}))
        await self.until(lambda: ref in self._replies)
        assert self._replies[ref]["type"] == "done", self._replies[ref]

    async def history(self, room: str) -> list[Event]:
        """The whole log of a room, page by page, over a connection of its own."""
        events: list[Event] = []
        async with connect(self.url, subprotocols=["nexus.v1"], max_size=2**24) as socket:  # type: ignore[list-item]
            self._count += 1  # a name of its own, since the last reader's waits for a resume
            await _ask(socket, {"type": "hello", "ref": 0, "name": f"{self.name}-reads-{self._count}"})
            while True:
                after = events[-1]["seq"] if events else 0
                page = await _ask(socket, {"type": "history", "ref": 1, "room": room, "after": after, "limit": 200})
                events += page["events"]
                if not page["more"]:
                    return events

    async def _live(self) -> None:
        """Connect, resume, resend, listen; and again whenever that ends."""
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                async with connect(self.url, subprotocols=["nexus.v1"], max_size=2**24) as socket:  # type: ignore[list-item]
                    await self._greet(socket)
                    for nonce in list(self.waiting):
                        await self._post(socket, nonce)
                    await self._tell(socket)
                    async for frame in socket:
                        await self._hear(json.loads(frame))
            self._socket = None
            if self.up is not None:
                await self.up.wait()  # the test says when the server is there again

    async def _greet(self, socket: ClientConnection) -> None:
        resume = {room: {"seq": feed[-1]["seq"], "at": feed[-1]["at"]} for room, feed in self.feeds.items() if feed}
        hello: Event = {"type": "hello", "ref": "hello", "name": self.name, "resume": resume}
        if self._session:
            hello["session"] = self._session
        await socket.send(json.dumps(hello))
        done = await self._reply(socket, "hello")
        self._session = done["session"]
        for room in self.rooms:
            if room not in resume:
                await socket.send(json.dumps({"type": "join", "ref": f"join {room}", "room": room, "last": 0}))
                await self._reply(socket, f"join {room}")

    async def _reply(self, socket: ClientConnection, ref: str) -> Event:
        async for frame in socket:
            event: Event = json.loads(frame)
            if event.get("ref") == ref:
                assert event["type"] == "done", event
                return event
            await self._hear(event)
        raise TimeoutError

    def _time(self, text: str) -> None:
        """A text that ends in a time tells how long it took to be seen, in ms."""
        sent = text.rpartition(" ")[2]
        if len(sent) > 10 and sent.isdecimal():
            self.latencies.append((time.perf_counter_ns() - int(sent)) / 1e6)

    async def _tell(self, socket: ClientConnection) -> None:
        async with self._heard:
            self._socket = socket
            self.connections += 1
            self._heard.notify_all()

    async def _post(self, socket: ClientConnection, nonce: str) -> None:
        room, text = self.waiting[nonce]
        post = {"type": "post", "ref": nonce, "room": room, "text": text, "nonce": nonce}
        await socket.send(json.dumps(post))

    async def _hear(self, event: Event) -> None:
        async with self._heard:
            if event["type"] == "done" and event["ref"] in self.waiting:
                room, text = self.waiting.pop(event["ref"])
                self.acknowledged[event["ref"]] = (room, event["seq"], text)
            elif "ref" in event:
                self._replies[str(event["ref"])] = event
            elif event["type"] in ("posted", "joined", "left", "configured"):
                (self.feeds[event["room"]] if event["room"] in self.rooms else self.foreign).append(event)
                self._time(event.get("text", ""))
            elif event["type"] in ("skipped", "reset"):
                self.foreign.append(event)
            self._heard.notify_all()


async def _ask(socket: ClientConnection, command: Event) -> Event:
    await socket.send(json.dumps(command))
    async for frame in socket:
        event: Event = json.loads(frame)
        if event.get("ref") == command["ref"]:
            assert event["type"] == "done", event
            return event
    raise AssertionError(f"no reply to {command}")
