"""Peers that vanish as with a pulled cable: the kernel drops all that comes for them, unseen and unanswered."""

import ctypes
import socket
import struct
from collections.abc import Iterator

import pytest

from tests.conformance.peer import Peer, fresh
from tests.hostile.raw import Raw
from tests.live.server import Server
from tests.torture.gauges import sockets, until, wait_for
from tests.torture.scale import scaled

VANISHING = scaled(30, 400)
SPEECHES = scaled(40, 400)
LONG_TEXT = "x" * 4000

HASTY = {
    "NEXUS_HEARTBEAT_EVERY": "0.5",
    "NEXUS_HEARTBEAT_WITHIN": "2.5",
    "NEXUS_SESSION_GRACE": "0.5",
    "NEXUS_PRESENCE_NAMES": "5000",
}

ATTACH_FILTER = 26  # SO_ATTACH_FILTER of Linux, which the module socket does not name
RETURN = 6  # BPF_RET: how many bytes of the packet go on


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that soon believes that someone is gone."""
    with Server(tmp_path_factory.mktemp("half-open") / "data", env=HASTY) as server:
        yield server


@pytest.fixture
def two(server: Server) -> Iterator[tuple[Peer, Peer, str]]:
    """Ann and Bo, in a room where nobody was before."""
    room = fresh("garden")
    ann, bo = Peer(server.ws), Peer(server.ws)
    for peer, word in ((ann, "Ann"), (bo, "Bo")):
        peer.greet(fresh(word))
        peer.done("join", room=room)
    yield ann, bo, room
    ann.leave()
    bo.leave()


def cut_cable(line: socket.socket) -> None:
    """From now on the kernel throws away every packet that comes for this socket, unseen and unanswered."""
    drop_all = ctypes.create_string_buffer(struct.pack("HBBI", RETURN, 0, 0, 0))
    line.setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, struct.pack("HP", 1, ctypes.addressof(drop_all)))


def names_gone(peer: Peer, count: int) -> tuple[set[str], int]:
    """Who was told to be gone, up to so many, and how many are there after the last of them."""
    gone: set[str] = set()
    online = 0
    while len(gone) < count:
        presence = peer.hears("presence")
        gone |= set(presence["gone"])
        online = presence["online"]
    return gone, online


def test_a_peer_that_vanishes_without_a_packet_is_dropped_and_shown_as_gone(
    server: Server, two: tuple[Peer, Peer, str]
) -> None:
    ann, bo, room = two
    idle = sockets(server)
    raws = [Raw(server.port).upgrade() for _ in range(VANISHING)]
    names = {raw.greet(room) for raw in raws}
    for peer in (ann, bo):
        peer.sync()

    for number, raw in enumerate(raws):
        if number % 2:
            ann.post(room, f"before {number}")  # half of them leave with something on its way
        cut_cable(raw.socket)
    for _ in range(SPEECHES):
        ann.post(room, LONG_TEXT)

    assert names_gone(bo, VANISHING) == (names, 2)
    assert bo.done("join", room=room)["here"] == sorted([ann.name, bo.name])
    wait_for(server, {"connections": 2, "sessions": 2, "listeners_live": 2, "listeners_behind": 0})
    until(lambda: sockets(server) <= idle)
    for raw in raws:
        raw.close()


def test_a_person_who_returns_before_the_dead_connection_is_noticed_was_never_gone(
    server: Server, two: tuple[Peer, Peer, str]
) -> None:
    ann, bo, room = two
    cy = Peer(server.ws)
    cy.greet(fresh("Cy"))
    cy.done("join", room=room)
    bo.sees("here", cy.name)
    dead = cy.socket.socket
    cut_cable(dead)
    said = [ann.post(room, f"you will miss {number}") for number in range(SPEECHES)]

    back = Peer(server.ws)
    back.done("hello", session=cy.session, resume={room: {"seq": 0, "at": 0}})

    assert [back.hears("posted")["seq"] for _ in said] == said
    wait_for(server, {"connections": 3, "sessions": 3, "listeners_live": 3})
    changes = [event for event in bo.sync() if event["type"] == "presence"]
    assert [event for event in changes if cy.name in event["gone"] + event["here"]] == []
    dead.close()
    back.leave()
