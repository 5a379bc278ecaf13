"""Who may come in: all connections count, whatever they ask, and a request has to come whole in time."""

import asyncio
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from nexus.gateway.admission import Admission
from nexus.settings import Limits
from tests.world.node import World


class Transport(asyncio.Transport):
    """A connection from an address, as far as admission looks at it."""

    def __init__(self, peer: str) -> None:
        super().__init__(extra={"peername": (peer, 5)})


def admission(**settings: Any) -> Admission:
    world = World(**settings)
    return Admission(world.settings, world.node, world.clock, world.store.key)


class Chatting:
    """A WebSocket that is counted."""


def test_requests_count_against_the_limit_of_all_connections() -> None:
    gate = admission(limits=Limits(connections=3))
    sources = [gate.begin_http(Transport(f"192.0.2.{number}")) for number in range(4)]

    assert sources == ["192.0.2.0", "192.0.2.1", "192.0.2.2", None]
    gate.end_http("192.0.2.0")
    assert gate.begin_http(Transport("192.0.2.9")) == "192.0.2.9"


def test_a_request_beyond_the_limit_of_all_connections_is_refused_with_the_reason() -> None:
    gate = admission(limits=Limits(connections=3))
    gate.sockets |= {Chatting(), Chatting()}  # type: ignore[arg-type]  # only their number counts

    gate.begin_http(Transport("192.0.2.1"))
    assert gate.refuse_http() is None
    gate.begin_http(Transport("192.0.2.2"))
    refused = gate.refuse_http()

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
