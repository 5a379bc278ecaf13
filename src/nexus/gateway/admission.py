"""Who comes in, by HTTP or WebSocket, and what all connections share."""

import asyncio
import socket as network
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address
from typing import Protocol

import structlog

from nexus.core.overhead import Shares
from nexus.core.tail import Message
from nexus.gateway.addresses import Proxies, source_of
from nexus.gateway.hosts import Hosts
from nexus.gateway.http.cookies import cookie_name
from nexus.gateway.http.prefix import without
from nexus.gateway.websocket import handshake
from nexus.gateway.websocket.frames import FrameLimits
from nexus.gateway.websocket.handshake import Rejected, Request
from nexus.gateway.websocket.line import Lines
from nexus.ports import Clock
from nexus.server.built import Built
from nexus.settings import Settings

PER_ADDRESS = 500
"""Connections from one address where the operator has not said how many."""

TOLD_EVERY = 60.0
"""Seconds between two lines in the log about proxies whose connections are refused because they name nobody."""

log = structlog.get_logger()


class Counted(Protocol):
    """A WebSocket, as others look at it; times are the clock's."""

    address: str
    peer: str
    """The address that it comes from, whomever that names."""
    admitted: bool
    closed: bool
    heard: float
    """When its last bytes came."""
    since: float
    """When it opened, or was closed."""
    pinged: bool

    @property
    def greeted(self) -> bool:
        """Whether a session goes on there, or is about to."""

    def overfull(self) -> bool:
        """Whether so much waits for it that nobody can be reading."""

    def send(self, message: Message) -> None:
        """Write one message."""

    def ping(self) -> None:
        """Ask whether anyone is there."""

    def close(self, code: int, reason: str) -> None:
        """End it, after what was written."""

    def abort(self) -> None:
        """End it at once."""


class Admission:
    """Lets connections in, and counts them: all together, and by source."""

    def __init__(self, settings: Settings, node: Built, clock: Clock, key: bytes) -> None:
        self.settings = settings
        self.node = node
        self.chat = node.chat
        self.clock = clock
        self.counters = node.counters
        self.sockets: set[Counted] = set()
        self.shares = Shares()
        self.lines = Lines(clock)
        self.stopping = False
        self.measure: Callable[[], Mapping[str, float]] = dict
        """Tells a reader's thread what there is to say of the files, for the metrics."""
        self.cookie = cookie_name(key, settings.base)
        self.tls = bool(settings.tls.certificate)
        limits = settings.limits
        self.frame_limits = FrameLimits(limits.frame, limits.frame, limits.fragments)
        self._per_address = limits.connections_per_address or PER_ADDRESS
        self._proxies = Proxies(settings.proxies)
        self._hosts = Hosts(settings.hosts, (network.gethostname(), *settings.host))
        self._told: dict[str, float] = {}
        self._chatting: Counter[str] = Counter()
        self._asking: Counter[str] = Counter()
        self._silent: set[str] = set()

    def not_ready(self) -> str:
        """Why nobody is taken in, or nothing is stored, now; empty where all is well."""
        return "The server is stopping." if self.stopping else self.node.outcomes.trouble

    # --- where they come from ----------------------------------------------------------------------

    def address(self, peer: str, forwarded: str | None) -> str:
        """Whom to count a connection for; `forwarded` is its X-Forwarded-For, where it has one."""
        if forwarded is None and self._proxies.trusts(peer):
            self._warn_of(peer)
        return self._proxies.source(peer, forwarded or "")

    def _warn_of(self, proxy: str) -> None:
        """A trusted proxy names nobody, so nobody behind it is told apart: say so once, unless it is this machine."""
        if proxy not in self._silent and not ip_address(proxy).is_loopback:
            self._silent.add(proxy)
            limited = (
                "everyone behind it shares one limit"
                if self.settings.limits.connections_per_address
                else "nobody behind it is limited"
            )
            log.warning(f"a trusted proxy sends no X-Forwarded-For, so {limited}", proxy=proxy)

    # --- by what name, and from whose page ----------------------------------------------------------

    def refuse_host(self, hosts: Iterable[str]) -> Rejected | None:
        """The answer to a request for another name than ours; one that names none comes from no browser."""
        for host in hosts:
            if not self._hosts.answers_to(host):
                return self._refuse_stranger(
                    "host",
                    host,
                    f"This server does not answer to the name {host[:100]!r}; if that is one of its names, add it to "
                    "the setting `hosts`.",
                )
        return None

    def refuse_origin(self, request: Request) -> Rejected | None:
        """The answer to a request that a page of another site makes."""
        origin = request.header("origin") or ""
        if handshake.origin_allowed(request, self.settings.origins, self.tls):
            return None
        scheme, _, name = origin.lower().partition("://")
        if self._hosts.is_set(name) and scheme in (("https",) if self.tls else ("https", "http")):
            return None
        return self._refuse_stranger(
            "origin", origin, "Pages of that origin may not connect; see the settings `hosts` and `origins`."
        )

    def _refuse_stranger(self, reason: str, value: str, sentence: str) -> Rejected:
        """Count it, and log it at most once a second."""
        self.counters.strangers[reason] += 1
        now = self.clock.now()
        if now - self._told.get(reason, now - 1) >= 1:
            self._told[reason] = now
            log.warning(f"refused a request for its {reason}", value=value[:100], setting=f"{reason}s")
        return handshake.reject(403, sentence, reason=reason)

    # --- HTTP --------------------------------------------------------------------------------------

    def begin_http(self, transport: asyncio.BaseTransport) -> str | None:
        """Count a connection that may ask something by HTTP; returns its source, None where there are too many.

        A trusted proxy may have any number; its source is empty.
        """
        limits, peer = self.settings.limits, peer_of(transport)
        source = "" if not peer or self._proxies.trusts(peer) else source_of(peer)
        if self._asking.total() >= limits.connections:
            return None
        if source and self._asking[source] >= self._per_address:
            return None
        self._asking[source] += 1
        return source

    def refuse_http(self, hosts: Iterable[str]) -> Rejected | None:
        """The answer to a request that is not let in; a WebSocket is told by `admit`."""
        refused = self.refuse_host(hosts)
        if refused is not None:
            return refused
        if self._asking.total() + len(self.sockets) > self.settings.limits.connections:
            return self._full()
        return None

    def _full(self) -> Rejected:
        return handshake.reject(
            503, f"There are {self.settings.limits.connections} connections, which is the limit.", reason="full"
        )

    def end_http(self, source: str) -> None:
        """A connection from there is gone, or has become a WebSocket, which is counted by itself."""
        _uncount(self._asking, source)

    # --- WebSocket ---------------------------------------------------------------------------------

    def admit(self, socket: Counted, request: Request) -> Rejected | None:
        """Count a WebSocket; the answer where it may not come in."""
        limits = self.settings.limits
        stranger = self.refuse_host(request.headers.get("host", ()))
        if stranger is not None:
            return stranger
        base = self.settings.base
        if without(base, request.path.split("?")[0]) != "/ws":
            return handshake.reject(404, f"WebSocket connections are accepted at {base}/ws.", reason="path")
        if self.stopping:
            return handshake.reject(503, "The server is stopping; come back in a moment.", reason="stopping")
        stranger = self.refuse_origin(request)
        if stranger is not None:
            return stranger
        if len(self.sockets) > limits.connections:
            return self._full()
        bounded = socket.address or limits.connections_per_address
        if bounded and self._chatting[counted_for(socket)] >= self._per_address:
            return self._address_full(socket)
        self._chatting[counted_for(socket)] += 1
        socket.admitted = True
        return None

    def _address_full(self, socket: Counted) -> Rejected:
        """Too many come from one address, or from a proxy that does not say for whom."""
        most, now = self._per_address, self.clock.now()
        if not socket.address and now - self._told.get("proxy", now - TOLD_EVERY) >= TOLD_EVERY:
            self._told["proxy"] = now
            log.warning(
                "refused a connection: all behind a trusted proxy without X-Forwarded-For count as one address",
                proxy=socket.peer,
                connections=most,
                setting="limits.connections_per_address",
            )
        return handshake.reject(429, f"There are {most} connections from your address, the limit.", reason="address")

    def dismiss(self, socket: Counted) -> None:
        """A WebSocket is gone."""
        self.sockets.discard(socket)
        if socket.admitted:
            _uncount(self._chatting, counted_for(socket))


def counted_for(socket: Counted) -> str:
    """Whose connection it is; a trusted proxy's own where that names nobody."""
    return socket.address or socket.peer


def peer_of(transport: asyncio.BaseTransport) -> str:
    """The other end's address; empty where there is none."""
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if peer else ""


def _uncount(counter: Counter[str], source: str) -> None:
    counter[source] -= 1
    if counter[source] <= 0:
        del counter[source]
