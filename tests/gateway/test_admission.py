"""Who may come in: all connections count, whatever they ask, and a request has to come whole in time."""

import asyncio
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from nexus.gateway.admission import PER_ADDRESS, Admission
from nexus.gateway.websocket.handshake import Request
from nexus.settings import Limits
from tests.world.node import World


class Transport(asyncio.Transport):
    """A connection from an address, as far as admission looks at it."""

    def __init__(self, peer: str) -> None:
        super().__init__(extra={"peername": (peer, 5)})


def admission(**settings: Any) -> Admission:
    world = World(**settings)
    return Admission(world.settings, world.node, world.clock, world.store.key)


def test_requests_count_against_the_limit_of_all_connections() -> None:
    gate = admission(limits=Limits(connections=3))
    sources = [gate.begin_http(Transport(f"192.0.2.{number}")) for number in range(4)]

    assert sources == ["192.0.2.0", "192.0.2.1", "192.0.2.2", None]
    gate.end_http("192.0.2.0")
    assert gate.begin_http(Transport("192.0.2.9")) == "192.0.2.9"


class Chatting:
    """A WebSocket that is counted."""


def test_a_request_beyond_the_limit_of_all_connections_is_refused_with_the_reason() -> None:
    gate = admission(limits=Limits(connections=3))
    gate.sockets |= {Chatting(), Chatting()}  # type: ignore[arg-type]  # only their number counts

    gate.begin_http(Transport("192.0.2.1"))
    assert gate.refuse_http([]) is None
    gate.begin_http(Transport("192.0.2.2"))
    refused = gate.refuse_http([])

    assert refused is not None
    assert b"503 Service Unavailable" in refused.response
    assert b"There are 3 connections, which is the limit." in refused.response


def test_those_behind_a_proxy_count_as_well() -> None:
    gate = admission(limits=Limits(connections=2), proxies=("10.0.0.0/8",))

    assert [gate.begin_http(Transport("10.0.0.7")) for _ in range(3)] == ["", "", None]
    gate.end_http("")
    assert gate.begin_http(Transport("10.0.0.7")) == ""


def test_connections_of_one_source_are_limited_whatever_addresses_it_uses() -> None:
    gate = admission(limits=Limits(connections_per_address=2))

    sources = [gate.begin_http(Transport(f"2001:db8::{number}")) for number in range(1, 4)]

    assert sources == ["2001:db8::/64", "2001:db8::/64", None]
    assert gate.begin_http(Transport("2001:db8:0:1::1")) == "2001:db8:0:1::/64"


@pytest.mark.parametrize(("peer", "warned"), [("10.0.0.7", 1), ("127.0.0.1", 0), ("192.0.2.1", 0)])
def test_a_trusted_proxy_that_names_nobody_is_logged_once(peer: str, warned: int) -> None:
    gate = admission(proxies=("10.0.0.7", "127.0.0.1"))
    structlog.reset_defaults()

    with capture_logs() as logged:
        for _ in range(3):
            gate.address(peer, None)

    assert len([line for line in logged if line["log_level"] == "warning"]) == warned


class Coming:
    """A WebSocket that comes from an address, and for whom a proxy says."""

    def __init__(self, gate: Admission, peer: str, forwarded: str | None) -> None:
        self.peer, self.admitted = peer, False
        self.address = gate.address(peer, forwarded)


def come(gate: Admission, peer: str, forwarded: str | None = None) -> tuple[Coming, str]:
    """The socket, and the sentence with which it is refused."""
    socket = Coming(gate, peer, forwarded)
    refused = gate.admit(socket, Request("GET", "/ws", {}))  # type: ignore[arg-type]  # what is counted of it is there
    return socket, refused.response.decode().splitlines()[-1] if refused else ""


FULL = "There are 2 connections from your address, the limit."


def test_where_the_operator_says_how_many_those_for_whom_a_proxy_names_nobody_are_the_proxys_own() -> None:
    gate = admission(limits=Limits(connections_per_address=2), proxies=("10.0.0.0/8", "::1"))

    came = [come(gate, "10.0.0.7") for _ in range(3)]

    assert [refused for _, refused in came] == ["", "", FULL]
    assert come(gate, "10.0.0.7", "192.0.2.1")[1] == "", "whom the proxy names has connections of their own"
    assert come(gate, "10.0.0.7", "nonsense, 10.0.0.8")[1] == ""
    assert [come(gate, other)[1] for other in ("10.0.0.8", "::1")] == ["", ""], "and so has another proxy"
    gate.dismiss(came[2][0])  # type: ignore[arg-type]
    assert come(gate, "10.0.0.7")[1] == FULL, "a refused one was not counted"
    gate.dismiss(came[0][0])  # type: ignore[arg-type]
    assert come(gate, "10.0.0.7")[1] == ""


def test_by_default_what_a_proxy_names_nobody_for_is_not_limited_and_others_are() -> None:
    gate = admission()

    assert all(come(gate, "127.0.0.1")[1] == "" for _ in range(PER_ADDRESS + 1))
    others = [come(gate, "127.0.0.1", "192.0.2.1")[1] for _ in range(PER_ADDRESS + 1)]
    assert (others[-2], others[-1]) == ("", "There are 500 connections from your address, the limit.")


def test_the_log_says_once_a_minute_that_a_proxy_is_refused_for_naming_nobody() -> None:
    world = World(limits=Limits(connections_per_address=1))
    gate = Admission(world.settings, world.node, world.clock, world.store.key)
    structlog.reset_defaults()

    with capture_logs() as logged:
        for _ in range(4):
            come(gate, "127.0.0.1")
        world.clock.advance(60)
        come(gate, "127.0.0.1")

    assert [(line["proxy"], line["setting"]) for line in logged] == 2 * [
        ("127.0.0.1", "limits.connections_per_address")
    ]


HOSTS = ("chat.example.org", "*.garden.example")


@pytest.mark.parametrize(
    ("host", "answered"),
    [
        ("127.0.0.1", True),
        ("[::1]:8000", True),
        ("LOCALHOST:8000", True),
        ("localhost.", True),
        ("pi.local", True),
        ("chat.example.org", True),
        ("a.b.garden.example:443", True),
        ("nexus:8000", True),
        ("garden.example", False),
        ("evil.example", False),
        ("chat.example.org.evil.example", False),
        ("evilgarden.example", False),
        ("127.0.0.1.evil.example", False),
        ("localhost@evil.example", False),
        ("", False),
    ],
)
def test_a_request_for_another_name_is_refused_and_counted(host: str, answered: bool) -> None:
    gate = admission(hosts=HOSTS)

    refused = gate.refuse_http([host])

    assert (refused is None) is answered
    assert gate.counters.strangers["host"] == (0 if answered else 1)
    assert refused is None or b"`hosts`" in refused.response


@pytest.mark.parametrize(
    ("origin", "let_in"),
    [
        ("https://chat.example.org", True),
        ("https://chat.example.org:444", False),
        ("https://a.garden.example", False),
        ("https://evil.example", False),
    ],
)
def test_a_page_of_a_name_that_is_set_connects_where_a_proxy_rewrites_the_host(origin: str, let_in: bool) -> None:
    gate = admission(hosts=HOSTS)
    request = Request("GET", "/ws", {"host": ["127.0.0.1:8000"], "origin": [origin]})

    assert (gate.refuse_origin(request) is None) is let_in
