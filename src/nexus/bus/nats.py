"""The bus of several nodes: NATS, which is quick, and says nothing of what it loses.

That is found by looking at the store, so nothing here waits, tries again or keeps what cannot be said now. The client's
own way to come back is not used: it hangs while a server that does not answer still has bytes to take.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from itertools import cycle

import structlog
from msgspec.structs import replace
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error, SlowConsumerError

from nexus.core.announcing import Announcement, decode, encode
from nexus.settings.buses import Address, read

PING_EVERY = 0.9
"""Seconds between two questions whether the server is there; the third without an answer is one too many."""

PINGS = 2

CONNECT_WITHIN = 2.0
"""Seconds in which a server must have answered, or it counts as not there."""

RETRY = 0.25
"""Seconds between two tries to connect."""

LOOK_EVERY = 0.25
"""Seconds between two looks whether the connection still stands, where nothing is to be said."""

MOST_WAITING = 8_388_608
"""Bytes that wait to be sent, at most; what is more is lost, and found in the store."""

MOST_HEARD = 33_554_432
"""Bytes that wait to be heard, at most."""

log = structlog.get_logger()


class NatsBus:
    """One connection, made again whenever it ends, for as long as the node runs."""

    def __init__(self, url: str, chat: str) -> None:
        """`chat` tells this chat from others on the same servers; raises ValueError for what is no URL of a bus."""
        self._address = read(url)
        self._subject = f"nexus.{chat}"
        self._hear: Callable[[Announcement], None] = lambda _heard: None
        self._again: Callable[[], None] = lambda: None
        self._client: Client | None = None
        self._task: asyncio.Task[None] | None = None
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._wake = asyncio.Event()
        self.trouble = ""
        """Why it is away; empty where it is not, or was not tried yet."""
        self.dropped = 0
        """Announcements that could not be sent."""

    @property
    def connected(self) -> bool:
        """Whether others can be told and heard now, as far as is known."""
        return self._client is not None and self._client.is_connected

    @property
    def state(self) -> tuple[bool, int]:
        """Whether it is connected, and how many announcements could not be sent."""
        return self.connected, self.dropped

    def announce(self, announcement: Announcement) -> None:
        """Tell the other nodes; never waits, and raises nothing."""
        client = self._client
        if client is None or not client.is_connected:
            self.dropped += 1
            return
        payload = encode(announcement)
        if len(payload) > client.max_payload:
            spans = tuple(replace(span, events=()) for span in announcement.spans)
            payload = encode(replace(announcement, spans=spans))
        if self._bytes + len(payload) > MOST_WAITING or len(payload) > client.max_payload:
            self.dropped += 1
            return
        self._waiting.append(payload)
        self._bytes += len(payload)
        self._wake.set()

    def listen(self, hear: Callable[[Announcement], None], again: Callable[[], None]) -> None:
        """Call `hear` with what the others announce, and `again` whenever some of it may have been lost.

        From then on it connects, on the loop that runs, and stays connected.
        """
        self._hear, self._again = hear, again
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        """Send what waits, if that can be done at once, and end."""
        if self._client is not None:
            with suppress(Error, OSError, TimeoutError):
                async with asyncio.timeout(CONNECT_WITHIN):
                    await self._send(self._client)
                    await self._client.flush()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    # --- the connection ----------------------------------------------------------------------------

    async def _run(self) -> None:
        for server in cycle(self._address.servers):
            client = _Client(must_encrypt=self._address.must_encrypt)
            try:
                async with asyncio.timeout(CONNECT_WITHIN):
                    await self._connect(client, server)
                await self._serve(client)
                self._say("the connection ended")
            except Exception as error:  # whatever it is, the node goes on, and the next try is due
                self._say(str(error) or "no answer")
            finally:
                self._client = None
                await _abandon(client)
            await asyncio.sleep(RETRY)

    async def _connect(self, client: Client, server: str) -> None:
        there = self._address
        await client.connect(
            server,
            error_cb=self._failed,
            name="nexus",
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            connect_timeout=2,
            ping_interval=PING_EVERY,  # type: ignore[arg-type]  # what it sleeps
            max_outstanding_pings=PINGS,
            no_echo=True,
            pending_size=2 * MOST_WAITING,
            tls=_tls(there),
            user=there.user if there.password else None,
            password=there.password or None,
            token=None if there.password else there.user or None,
        )
        await client.subscribe(self._subject, cb=self._heard, pending_bytes_limit=MOST_HEARD)
        await client.flush()  # the client writes this question at once, and what it subscribes to a moment later
        await client.flush()  # so from this answer on nothing that others say is missed, as long as it stands

    async def _serve(self, client: Client) -> None:
        """Send what is to be said for as long as the connection stands."""
        self._waiting.clear()
        self._bytes = 0
        self._client = client
        self._say("")
        self._again()
        while client.is_connected:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._wake.wait()
            self._wake.clear()
            await self._send(client)

    async def _send(self, client: Client) -> None:
        while self._waiting and client.is_connected:
            payload = self._waiting.popleft()
            self._bytes -= len(payload)
            if client.pending_data_size + len(payload) > MOST_WAITING:
                self.dropped += 1
            else:
                await client.publish(self._subject, payload)

    async def _heard(self, message: Msg) -> None:
        heard = decode(message.data)
        if heard is None:
            self._again()  # of a newer version, or of nobody we know
            return
        try:
            self._hear(heard)
        except Exception:  # a fault here is not to end the hearing of others
            log.exception("what another node said could not be taken in")
            self._again()

    async def _failed(self, error: Exception) -> None:
        if isinstance(error, SlowConsumerError):
            self._again()
        self._wake.set()

    def _say(self, trouble: str) -> None:
        """Log it where it is new; nothing is said of a bus that is there from the start."""
        if trouble and not self.trouble:
            log.warning("the bus is away; other nodes are heard later, by way of the store", why=trouble)
        elif self.trouble and not trouble:
            log.info("the bus is back")
        self.trouble = trouble


class _Client(Client):
    """NATS's own client, which holds to `tls://` when the server does not."""

    def __init__(self, *, must_encrypt: bool) -> None:
        super().__init__()
        self._must_encrypt = must_encrypt

    def _connect_command(self) -> bytes:
        """What is said first, with the password in it."""
        if self._must_encrypt and not self._server_info.get("tls_required"):
            raise Error("the server has no TLS, which tls:// asks for; nothing was sent")
        return super()._connect_command()


def _tls(address: Address) -> ssl.SSLContext:
    """How a server proves who it is, and this node, where it has a certificate for that."""
    context = ssl.create_default_context(cafile=address.ca or None)
    if address.cert:
        context.load_cert_chain(address.cert, address.key or None)
    return context


async def _abandon(client: Client) -> None:
    """End a connection at once: closing it would wait until a server that is stuck has taken what was written."""
    writer = getattr(client._transport, "_io_writer", None)
    if writer is not None:
        writer.transport.abort()
    with suppress(Exception):
        async with asyncio.timeout(1):
            await client.close()
