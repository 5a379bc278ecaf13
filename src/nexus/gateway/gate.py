"""What all connections share: limits on who comes in, heartbeats, and the way out."""

import asyncio
from collections import Counter

from nexus.gateway import handshake
from nexus.gateway.frames import FrameLimits
from nexus.gateway.handshake import Rejected, Request
from nexus.gateway.websocket import Socket
from nexus.ports import Clock
from nexus.protocol.events import GOODBYES, Goodbye
from nexus.protocol.codec import encode
from nexus.server.chat import Chat
from nexus.server.counters import Counters
from nexus.settings import Settings

SWEEP_EVERY = 1.0
"""Seconds between two looks at all connections."""

LINGER = 3.0
"""Seconds that a closed connection may take to read its close frame."""


class Gate:
    """Lets connections in, finds dead ones, and closes them all at the end."""

    def __init__(self, settings: Settings, chat: Chat, clock: Clock, counters: Counters) -> None:
        self.settings = settings
        self.chat = chat
        self.clock = clock
        self.counters = counters
        self.sockets: set[Socket] = set()
        self.stopping = False
        limits = settings.limits
        self.frame_limits = FrameLimits(limits.frame, limits.frame, limits.fragments)
        self._addresses: Counter[str] = Counter()
        self._swept = clock.now()
        clock.later(SWEEP_EVERY, self._sweep)

    # --- who comes in ------------------------------------------------------------------------------

    def address_of(self, transport: asyncio.BaseTransport, request: Request) -> str:
        """Whom a connection is counted for: its peer, or for a trusted proxy whom that says it is for."""
        peer = transport.get_extra_info("peername")
        address = str(peer[0]) if peer else ""
        if address not in self.settings.proxies:
            return address
        forwarded = request.header("x-forwarded-for") or ""
        return forwarded.rsplit(",", 1)[-1].strip()[:64]

    def turn_away(self, socket: Socket, request: Request) -> Rejected | None:
        """The answer to who may not come in; else the connection is counted."""
        limits = self.settings.limits
        if request.path.split("?")[0] != "/ws":
            return handshake.reject(404, "WebSocket connections are taken at /ws.")
        if self.stopping:
            return handshake.reject(503, "The server is stopping; come back in a moment.")
        if not handshake.origin_allowed(request, self.settings.origins, bool(self.settings.tls.certificate)):
            return handshake.reject(403, "Pages of that origin may not connect; see the setting `origins`.")
        if len(self.sockets) > limits.connections:
            return handshake.reject(503, f"There are {limits.connections} connections, which is the limit.")
        if socket.address and self._addresses[socket.address] >= limits.connections_per_address:
            return handshake.reject(
                429, f"There are {limits.connections_per_address} connections from your address, the limit."
            )
        self._addresses[socket.address] += 1
        socket.admitted = True
        return None

    def forget(self, socket: Socket) -> None:
        """A connection is gone."""
        self.sockets.discard(socket)
        if not socket.admitted:
            return
        self._addresses[socket.address] -= 1
        if self._addresses[socket.address] <= 0:
            del self._addresses[socket.address]

    # --- who is still there ------------------------------------------------------------------------

    def _sweep(self) -> None:
        """Look at every connection; time that this process itself slept is nobody's silence."""
        now = self.clock.now()
        asleep = now - self._swept - SWEEP_EVERY
        self.counters.loop_lag = max(asleep, 0.0)
        self._swept = now
        for socket in list(self.sockets):
            if asleep > SWEEP_EVERY:
                socket.heard += asleep
                socket.since += asleep
            self._look_at(socket, now)
        self.clock.later(SWEEP_EVERY, self._sweep)

    def _look_at(self, socket: Socket, now: float) -> None:
        beat = self.settings.heartbeat
        silent = now - socket.heard
        if socket.closed:
            if now - socket.since > LINGER:
                socket.abort()
        elif socket.session is None and now - socket.since > self.settings.session.hello_within:
            goodbye = Goodbye(code="late", reason=GOODBYES["late"])
            socket.write(socket.dialect.frames([encode(goodbye)]))
            socket.close(4008, "late")
        elif silent > beat.within:
            socket.abort()
        elif silent > beat.every and not socket.pinged:
            socket.ping()

    # --- the way out -------------------------------------------------------------------------------

    def close_all(self) -> None:
        """End every connection that is still there."""
        for socket in list(self.sockets):
            socket.close(1012, "restarting")
