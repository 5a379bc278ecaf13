"""What all connections share, and who comes in."""

import asyncio
from collections import Counter
from typing import Any, Protocol

from nexus.gateway import handshake
from nexus.gateway.cookies import cookie_name
from nexus.gateway.frames import FrameLimits
from nexus.gateway.handshake import Rejected, Request
from nexus.ports import Clock
from nexus.server.build import Built
from nexus.settings import Settings


class Counted(Protocol):
    """A connection, as far as it is counted."""

    address: str
    admitted: bool


class Gate:
    """Lets connections in, and counts them."""

    def __init__(self, settings: Settings, node: Built, clock: Clock, key: bytes) -> None:
        self.settings = settings
        self.node = node
        self.chat = node.chat
        self.clock = clock
        self.counters = node.counters
        self.sockets: set[Any] = set()
        self.stopping = False
        self.cookie = cookie_name(key)
        limits = settings.limits
        self.frame_limits = FrameLimits(limits.frame, limits.frame, limits.fragments)
        self._addresses: Counter[str] = Counter()
        self._asking: Counter[str] = Counter()

    def ask(self, transport: asyncio.BaseTransport) -> str | None:
        """Count a connection that may ask something by HTTP; returns its peer, None where that has too many.

        A trusted proxy may have any number; its peer is the empty text.
        """
        peer = _peer(transport)
        if not peer or peer in self.settings.proxies:
            return ""
        if self._asking[peer] >= self.settings.limits.connections_per_address:
            return None
        self._asking[peer] += 1
        return peer

    def asked(self, peer: str) -> None:
        """A connection from there is gone, or has become a WebSocket, which is counted by itself."""
        _uncount(self._asking, peer)

    def address_of(self, transport: asyncio.BaseTransport, request: Request) -> str:
        """Whom a connection is counted for: its peer, or for a trusted proxy whom that says it is for."""
        address = _peer(transport)
        if address not in self.settings.proxies:
            return address
        forwarded = request.header("x-forwarded-for") or ""
        return forwarded.rsplit(",", 1)[-1].strip()[:64]

    def turn_away(self, socket: Counted, request: Request) -> Rejected | None:
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

    def forget(self, socket: Counted) -> None:
        """A connection is gone."""
        self.sockets.discard(socket)
        if socket.admitted:
            _uncount(self._addresses, socket.address)


def _peer(transport: asyncio.BaseTransport) -> str:
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if peer else ""


def _uncount(counter: Counter[str], address: str) -> None:
    counter[address] -= 1
    if counter[address] <= 0:
        del counter[address]
