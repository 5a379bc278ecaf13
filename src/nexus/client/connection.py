"""The connection of a client: asyncio over `websockets`; comes back by itself and loses nothing."""

import asyncio
import random
import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from ipaddress import ip_address
from typing import Any, Literal
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, InvalidURI, WebSocketException
from websockets.typing import Subprotocol

from nexus.client.conversation import Conversation
from nexus.client.reading import Heard, read_frame
from nexus.client.trouble import UNREACHED, answered, reason
from nexus.client.view import Gap
from nexus.protocol import commands as c
from nexus.protocol import events as e
from nexus.protocol.codec import SUBPROTOCOL, encode
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done, Refused
from nexus.protocol.types import Position, Ref

LEAVING = 4000
"""The close code that says: I shall not come back."""

CLOSE_WITHIN = 2.0
"""Seconds that a server has to answer when one leaves; a person waits for it."""

JOIN_AGAIN = 5.0
"""Seconds until a room is joined again that was refused for now, where the server does not say."""

FRAME = 16 * 1024 * 1024
"""The longest frame taken from a server, in bytes."""


_PLACE = re.compile(r"/*(?:/(?:r|invite|reset)/.*|/ws/*)?$")
"""What an address may have behind the server's own path: people paste what they see in their browser."""


class _Straight(connect):
    """A connection to the server that was named, and to no other one that it names: a token is meant for it alone."""

    def process_redirect(self, exc: Exception) -> Exception:
        """Follow nobody."""
        return exc


class Offline(Exception):  # noqa: N818  a state, told to people
    """There is no connection now; the message says why."""


class TryLater(TimeoutError):  # noqa: N818  a state, told to people
    """The server asked to come back later; the message says why."""


def address(url: str) -> str:
    """The WebSocket address of a server given as http(s)://, ws(s)://, or host:port; raises ValueError."""
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  it raises where there can be no such port
    except ValueError:
        parts = urlsplit("")
    scheme = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}.get(parts.scheme)
    if scheme is None or not parts.hostname:
        raise ValueError(f"{url!r} is not a server's address; http://127.0.0.1:8000 is an example of one.")
    return f"{scheme}://{parts.netloc}{_PLACE.sub('', parts.path)}/ws"


def page_of(url: str) -> str:
    """Where a browser finds the page of the server that has a WebSocket at an address."""
    return "http" + url.removeprefix("ws").removesuffix("/ws")


def is_loopback(url: str) -> bool:
    """Whether an address is this machine's own; a proxy of the environment would mean another machine by it."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


class Connection:
    """Keeps a conversation going; `on_event` hears each new event, `on_state` whether one is online and why not."""

    def __init__(
        self,
        url: str,
        conversation: Conversation,
        on_event: Callable[[Heard], None] = lambda _: None,
        on_state: Callable[[bool, str], None] = lambda *_: None,
    ) -> None:
        self.url = address(url)
        self.talk = conversation
        self._on_event = on_event
        self._on_state = on_state
        self._socket: ClientConnection | None = None
        self._replies: dict[Ref, asyncio.Future[Done]] = {}
        self._posts: dict[Ref, asyncio.Future[Done]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0
        self.connections = 0
        self._turned = asyncio.Event()
        self._ended: Refusal | None = None
        self._told_offline = False

    # --- living ------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Connect, and again whenever that ends; raises the Refusal of a server that does not want us."""
        while True:
            why = UNREACHED
            try:
                why = await self._once()
            except InvalidStatus as refused:
                why = answered(refused.response)
            except (OSError, WebSocketException, TimeoutError) as error:
                if isinstance(error, InvalidURI):
                    raise
                why = str(error) if isinstance(error, TryLater) else reason(error, urlsplit(self.url).hostname or "")
                if self._socket is not None:
                    why = "The connection was lost."
            finally:
                self._hang_up(why)
            if self._ended is not None:
                raise self._ended
            await asyncio.sleep(self.talk.wait(random.random))

    async def _once(self) -> str:
        """One connection, from hello to its end; returns why it ended."""
        proxy: Literal[True] | None = None if is_loopback(self.url) else True  # True: what the environment says
        async with _Straight(
            self.url,
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            max_size=FRAME,
            proxy=proxy,
            close_timeout=CLOSE_WITHIN,
        ) as socket:
            join = self.talk.greeted(await self._greet(socket))
            for room in join:
                await self._join_on(socket, room)
            self._socket = socket
            self.connections += 1
            self._turned.set()
            self._send_due()
            self._on_state(True, "")
            async for frame in socket:
                goodbye = self._take(read_frame(frame))
                if goodbye is not None:
                    if not self.talk.comes_back(goodbye):
                        self._ended = Refusal("unauthorised", goodbye.reason)
                    return goodbye.reason
        return "The connection was lost."

    async def _greet(self, socket: ClientConnection) -> Done:
        await socket.send(encode(self.talk.hello()), text=True)
        try:
            return await self._reply_on(socket, "hello")
        except Refusal as refusal:
            if refusal.code == "unauthorised" and self.talk.session_over():
                return await self._greet(socket)
            if refusal.temporary:
                self.talk.wait_for(refusal.retry_after)
                raise TryLater(refusal.message) from None
            self._ended = refusal
            raise

    async def _join_on(self, socket: ClientConnection, room: str) -> None:
        after = self.talk.view(room).resumes
        await socket.send(encode(c.Join(ref=f"join {room}", room=room, after=after)), text=True)
        try:
            self.talk.entered(await self._reply_on(socket, f"join {room}"))
        except Refusal as refusal:  # no reason to stay away altogether
            self._on_event(e.Notice(text=refusal.message))
            self._not_joined(room, refusal)

    def _not_joined(self, room: str, refusal: Refusal) -> None:
        """A room was not joined again: it is tried later where that may help, else it is forgotten."""
        if refusal.temporary:
            wait = JOIN_AGAIN if refusal.retry_after is None else refusal.retry_after
            asyncio.get_running_loop().call_later(wait, self._join_later, room)
        else:
            self.talk.views.pop(room, None)

    def _join_later(self, room: str) -> None:
        view = self.talk.views.get(room)
        if view is not None and self._socket is not None:  # the next connection joins by itself
            self._start(self._join_again(room, view.resumes))

    async def _join_again(self, room: str, after: Position | None) -> None:
        with suppress(Offline):
            try:
                await self.join(room, after=after)
            except Refusal as refusal:
                self._not_joined(room, refusal)

    async def _reply_on(self, socket: ClientConnection, ref: str) -> Done:
        """Read until a reply comes; events on the way are heard."""
        async for frame in socket:
            said = read_frame(frame)
            if isinstance(said, Done) and said.ref == ref:
                return said
            if isinstance(said, Refused) and said.ref == ref:
                raise Refusal(said.code, said.message, said.retry_after)
            self._take(said)
        raise TimeoutError

    def _hang_up(self, why: str) -> None:
        online, self._socket = self._socket is not None, None
        self._turned.clear()
        self.talk.outbox.lost()
        for reply in self._replies.values():
            if not reply.done():
                reply.set_exception(Offline(why))
        self._replies.clear()
        for post in self._posts.values():
            if self._ended is not None and not post.done():
                post.set_exception(self._ended)
        if self._ended is not None:
            self._turned.set()  # anyone who waits for a connection learns that there will be none
        elif online or (self.talk.you is None and not self._told_offline):
            self._told_offline = True
            self._on_state(False, why)

    # --- hearing -----------------------------------------------------------------------------------

    def _take(self, said: Heard | Done | Refused | None) -> e.Goodbye | None:
        match said:
            case None:  # from a newer server: not for us
                pass
            case Done() | Refused():
                self._settle(said)
            case e.Goodbye():
                return said
            case _:
                self._hear(said)
        return None

    def _settle(self, reply: Done | Refused) -> None:
        """Hand a reply to the code that waits for it; a post that may be tried again is tried again."""
        ref = reply.ref
        if ref is None:
            return
        if isinstance(reply, Refused) and reply.retry_after is not None and self.talk.outbox.hold(ref):
            asyncio.get_running_loop().call_later(reply.retry_after, self._send_again, str(ref))
            return
        self.talk.outbox.settle(ref)
        self._send_due()
        future = self._posts.pop(ref, None) or self._replies.pop(ref, None)
        if future is None or future.done():
            return
        if isinstance(reply, Done):
            self.talk.entered(reply)  # now, since the room's events are the next frames
            future.set_result(reply)
        else:
            future.set_exception(Refusal(reply.code, reply.message, reply.retry_after))

    def _send_again(self, nonce: str) -> None:
        self.talk.outbox.release(nonce)
        self._send_due()

    def _send_due(self) -> None:
        """Send what may be sent now; the rest has its turn when that is answered."""
        if self._socket is not None:
            for post in self.talk.outbox.due():
                self._send_soon(self._socket, post)

    def _send_soon(self, socket: ClientConnection, command: c.Command) -> None:
        self._start(socket.send(encode(command), text=True))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._sent)

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        with suppress(asyncio.CancelledError):
            task.exception()  # a lost connection: what was not sent is sent on the next one

    def _hear(self, event: Heard) -> None:
        try:
            new = self.talk.apply(event)
        except Gap:
            if self._socket is not None:  # a fault of the server: what is missing comes with the next resume
                self._socket.transport.abort()
            return
        if new or not hasattr(event, "room"):
            self._on_event(event)

    # --- saying ------------------------------------------------------------------------------------

    async def ask(self, kind: type[c.Command], /, **fields: Any) -> Done:
        """Say a command; returns its `done`, raises its Refusal, or Offline."""
        if self._socket is None:
            raise Offline("There is no connection to the server right now.")
        self._count += 1
        command = kind(ref=self._count, **fields)
        reply: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self._replies[command.ref] = reply
        with suppress(WebSocketException):
            await self._socket.send(encode(command), text=True)
        return await reply

    async def join(self, room: str, **fields: Any) -> Done:
        """Enter a room; from then on its view is kept up to date, over reconnects too."""
        return await self.ask(c.Join, room=room, **fields)

    async def leave(self, room: str) -> None:
        """Leave a room and forget its view."""
        await self.ask(c.Leave, room=room)
        self.talk.left(room)

    async def post(self, room: str, text: str, reply_to: int | None = None) -> Done:
        """Say something; returns once it is stored, however many connections that takes. Raises Refusal."""
        most = self.talk.limits.text if self.talk.limits is not None else len(text)
        if len(text) > most:  # before it is sent, since a frame that is too long ends the connection
            raise Refusal("too_large", f"That has {len(text)} characters; a message has at most {most} here.")
        if self._ended is not None:
            raise self._ended
        waiting = self.talk.outbox.add(room, text, reply_to)
        stored: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self._posts[waiting.nonce] = stored
        self._send_due()
        try:
            return await stored
        finally:
            self._posts.pop(waiting.nonce, None)
            if self.talk.outbox.settle(waiting.nonce) is not None:  # taken back
                self._send_due()

    async def ready(self) -> None:
        """Wait until there is a greeted connection; raises the Refusal of a server that does not want us."""
        while self._socket is None:
            if self._ended is not None:
                raise self._ended
            await self._turned.wait()

    @property
    def online(self) -> bool:
        """Whether there is a greeted connection now."""
        return self._socket is not None

    async def leave_for_good(self) -> None:
        """Close so that the server does not wait for a resume."""
        if self._socket is not None:
            with suppress(WebSocketException, OSError):
                await self._socket.close(LEAVING, "leaving")
