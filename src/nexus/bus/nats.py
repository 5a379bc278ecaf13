"""The bus over NATS core: what is published while nobody listens is lost, and nobody says so.

So nothing waits for it: what cannot be sent now is dropped, and the others find it when they look at the store.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit, urlunsplit

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

from nexus.core.announcing import Announcement, decode, encode

MOST_WAITING = 4_194_304
"""Bytes that wait to be sent; what is above is dropped."""

MOST_UNREAD = 16_777_216
"""Bytes that were received and not looked at; what is above is dropped."""

PING_EVERY = 1
MOST_PINGS = 1
"""Seconds between pings, and how many may be unanswered: a bus that is dead is noticed within three seconds."""

AGAIN = 0.5
"""Seconds between two tries to reach it."""

WITHIN = 2
"""Seconds that a try may take."""

log = structlog.get_logger()


class Where(NamedTuple):
    """Where the servers are, and how one gets in."""

    servers: list[str]
    credentials: str
    authority: str


def where(url: str) -> Where:
    """What a URL says: servers with a comma between, a user or a token, and `?credentials=` and `?ca=` of files."""
    asked: dict[str, str] = {}
    servers = []
    for one in url.split(","):
        parts = urlsplit(one.strip())
        asked |= {key: values[-1] for key, values in parse_qs(parts.query).items()}
        servers.append(urlunsplit(parts._replace(query="", fragment="")))
    return Where(servers, asked.get("credentials", ""), asked.get("ca", ""))


class NatsBus:
    """Connects and goes on connecting; announces and listens on one subject, which is that of the chat."""

    def __init__(self, url: str, chat: str) -> None:
        """To be made on the loop; `chat` tells this chat from others that share the servers."""
        self._where = where(url)
        self._subject = f"nexus.{chat}"
        self._hear: Callable[[Announcement], None] = lambda _: None
        self._again: Callable[[], None] = lambda: None
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._wake = asyncio.Event()
        self._client = Client()
        self._tasks: list[asyncio.Task[None]] = []
        self.dropped = 0
        """Announcements that were not sent."""

    @property
    def connected(self) -> bool:
        """Whether it is there right now."""
        return self._client.is_connected

    def announce(self, announcement: Announcement) -> None:
        """Tell the other nodes; what is too much, or cannot go out now, is dropped."""
        if not self._client.is_connected:
            self.dropped += 1
            return
        payload = encode(announcement)
        if self._size + len(payload) > MOST_WAITING:
            self.dropped += 1
            return
        self._size += len(payload)
        self._waiting.append(payload)
        self._wake.set()

    def listen(self, hear: Callable[[Announcement], None], again: Callable[[], None]) -> None:
        """Begin to listen, and to connect."""
        self._hear, self._again = hear, again
        self._tasks = [asyncio.create_task(self._connect()), asyncio.create_task(self._send())]

    async def close(self) -> None:
        """Tell what waits, and go."""
        with suppress(Exception):
            async with asyncio.timeout(WITHIN):
                while self._waiting and self._client.is_connected:
                    await asyncio.sleep(0.01)
                await self._client.flush(1)
        for task in self._tasks:
            task.cancel()
        with suppress(Exception):
            await self._client.close()

    # --- what goes on ------------------------------------------------------------------------------

    async def _connect(self) -> None:
        """Connect, however often it takes; from then on the client does so by itself."""
        told = False
        while not self._client.is_connected:
            try:
                self._client = await nats.connect(**self._options())
                await self._client.subscribe(self._subject, cb=self._heard, pending_bytes_limit=MOST_UNREAD)
            except Exception as error:  # whatever it is, there is nothing but to try again
                if not told:
                    log.warning("the bus cannot be reached; new messages take up to two seconds", why=_why(error))
                told = True
                await asyncio.sleep(AGAIN)
        if told:
            log.info("the bus is there")
        self._again()

    def _options(self) -> dict[str, Any]:
        servers, credentials, authority = self._where
        options: dict[str, Any] = {
            "servers": servers,
            "no_echo": True,
            "allow_reconnect": True,
            "max_reconnect_attempts": -1,
            "reconnect_time_wait": AGAIN,
            "connect_timeout": WITHIN,
            "ping_interval": PING_EVERY,
            "max_outstanding_pings": MOST_PINGS,
            "pending_size": MOST_WAITING,
            "error_cb": self._failed,
            "disconnected_cb": self._lost,
            "reconnected_cb": self._found,
        }
        if credentials:
            options["user_credentials"] = credentials
        if authority:
            options["tls"] = ssl.create_default_context(cafile=authority)
        return options

    async def _send(self) -> None:
        """What waits goes out, in order."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                payload = self._waiting.popleft()
                self._size -= len(payload)
                try:
                    await self._client.publish(self._subject, payload)
                except Exception as error:  # it is gone, or full: what is lost is found in the store
                    self.dropped += 1
                    log.debug("an announcement was dropped", why=_why(error))

    async def _heard(self, message: Msg) -> None:
        try:
            heard = decode(message.data)
            if heard is None:  # a later version of this program said it
                self._again()
            else:
                self._hear(heard)
        except Exception:  # a bug that one announcement meets must not end the listening
            log.exception("an announcement could not be followed")
            self._again()

    async def _failed(self, error: Exception) -> None:
        log.debug("the bus", why=_why(error))
        if isinstance(error, nats.errors.SlowConsumerError):
            self._again()  # something was dropped here

    async def _lost(self) -> None:
        log.warning("the bus is gone; new messages take up to two seconds until it is back")

    async def _found(self) -> None:
        log.info("the bus is back")
        self._again()


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")
