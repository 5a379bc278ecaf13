"""Who may come in: all connections count, whatever they ask, and a request has to come whole in time."""

import asyncio
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from nexus.gateway.admission import Admission
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
