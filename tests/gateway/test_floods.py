"""What is no command costs: its sender waits, everyone else has their turn, and in the end it is closed."""

from collections.abc import Callable

import pytest

from nexus.core.overhead import REFUSAL, Overhead, Shares
from nexus.gateway.websocket.frames import PING, PONG, TEXT
from nexus.gateway.websocket.line import FRAME, MOST, RATE, Line, work_of
from nexus.gateway.websocket.socket import READ_AWAY
from tests.gateway.test_socket import Pipe, Place
from tests.world.clock import SimClock

FIN = 0x80


def bare(payload: bytes, first: int = FIN | TEXT) -> bytes:
    """A client's frame, masked with zeros."""
    n = len(payload)
    head = bytes([first, 0x80 | n]) if n < 126 else bytes([first, 0xFE]) + n.to_bytes(2)
    return head + bytes(4) + payload


FLOODS = {
    "bad frames": bare(b'{"type":"pots","ref":1}'),
    "no JSON": bare(b"nope"),
    "long bad frames": bare(b'{"type":"' + b"post" * 15_000 + b'","ref":1}'),
    "half characters": bare(b'{"type":"post","ref":1,"text":"' + b"\\ud800" * 9_000 + b'"}'),
    "pings": bare(b"", FIN | PING),
    "pongs": bare(b"x", FIN | PONG),
    "empty fragments": bare(b"", TEXT) + bare(b"", 0) * 100 + bare(b"{}", FIN),
    "commands before hello": bare(b'{"type":"rooms","ref":1}'),
}


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_costs_no_more_than_its_share_and_waits_in_the_kernel(flood: str) -> None:
    place = Place()
    cy = Pipe(place.world, place.admission)
    block = FLOODS[flood] * (3_000_000 // len(FLOODS[flood]))

    for at in range(0, len(block), 65_536):
        if cy.reading:
            cy.socket.data_received(block[at : at + 65_536])
        place.world.settle()

    assert not cy.reading
    assert place.admission.counters.overhead <= Shares.MOST + Overhead.MOST + 2 * (REFUSAL + 1_300)
    assert place.admission.counters.overhead_waits + place.admission.counters.turns > 0


def test_a_hundred_connections_flood_no_more_than_one() -> None:
    place = Place()
    block = FLOODS["bad frames"] * 2_000

    for _ in range(100):
        Pipe(place.world, place.admission).socket.data_received(block)
    place.world.settle()

    assert place.admission.counters.overhead <= Shares.MOST + 100 * (Overhead.MOST + 2 * REFUSAL)


def test_a_flood_is_read_on_with_time_and_every_frame_is_answered() -> None:
    place = Place()
    cy = Pipe(place.world, place.admission)
    cy.socket.data_received(FLOODS["bad frames"] * 1_500)

    frames = cy.hears()
    assert len(frames) < 1_500
    for _ in range(20):
        place.world.clock.advance(0.5)
        frames += cy.hears()
    assert len(frames) == 1_500
    assert cy.reading


def test_a_flood_that_does_not_end_is_closed_as_a_breach_of_policy() -> None:
    place = Place()
    cy = place.greeted("Cy")

    for _ in range(10_000):
        if cy.socket.closed:
            break
        cy.socket.data_received(FLOODS["bad frames"] * 100)
        place.world.clock.advance(0.1)
        cy.answers()

    cy.hears()
    assert cy.client.close_rcvd is not None
    assert cy.client.close_rcvd.code == 1008
    assert place.admission.counters.floods == 1


def test_after_our_close_no_more_than_so_many_bytes_are_read_away() -> None:
    place = Place()
    cy = place.greeted("Cy")
    cy.socket.close(1008, "enough")

    for _ in range(READ_AWAY // 65_536):
        cy.socket.data_received(bytes(65_536))
    assert not cy.ended
    cy.socket.data_received(b"x")
    assert cy.ended


def test_one_turn_takes_only_so_much_of_one_connection() -> None:
    place = Place()
    bo = place.greeted("Bo")
    post = b'{"type":"post","ref":%d,"room":"garden","text":"hello"}'
    most = int(MOST / work_of(post)) + 1

    bo.socket.data_received(b"".join(bare(post % number) for number in range(2 * most)))
    taken = place.admission.counters.received_frames
    place.world.clock.advance(1)
    frames = bo.hears()

    assert taken <= most + 2
    assert [frame["ref"] for frame in frames if frame["type"] == "done"] == list(range(2 * most))
    assert place.admission.counters.turns >= 1


@pytest.mark.parametrize(
    ("text", "least"), [(b"hello", 0), (b"x" * 8000, 80), (b"@ann " * 64, 320), ("@änn ".encode() * 64, 2500)]
)
def test_a_frame_makes_as_much_work_as_it_looks(text: bytes, least: int) -> None:
    assert least <= work_of(text) - FRAME < 2 * least + 10


def test_one_who_fails_in_a_line_keeps_nobody_else_waiting() -> None:
    clock = SimClock()
    line, went = Line(clock), list[str]()

    def fail() -> None:
        raise ValueError("a bug in what goes on")

    line.wait(fail)
    line.wait(lambda: went.append("Bo"))
    with pytest.raises(ValueError, match="a bug"):
        clock.settle()
    clock.advance(1)

    assert went == ["Bo"]


def test_a_line_takes_everyone_in_turn() -> None:
    clock = SimClock()
    line, went = Line(clock), list[str]()

    def one(name: str, times: int) -> None:
        if line.left(clock.now()) <= 0:
            line.wait(lambda: one(name, times))
            return
        line.spend(MOST / 2)
        went.append(name)
        if times > 1:
            line.wait(lambda: one(name, times - 1))

    for name in "abc":
        one(name, 3)
    clock.settle()
    assert len(went) == 2, "The rest waits until others had their turn."
    clock.advance(10 * MOST / RATE)

    assert sorted(went) == sorted("abc" * 3)
    assert all(went[:4].count(name) <= 2 for name in "abc")
    assert line.is_idle


@pytest.mark.parametrize("mine", [lambda pipe: pipe.say(type="ping", ref=5), lambda pipe: pipe.say(type="nope", ref=5)])
def test_a_neighbour_at_the_same_address_waits_for_a_turn_and_not_for_a_flood(mine: Callable[[Pipe], None]) -> None:
    place = Place()
    bo = place.greeted("Bo")
    Pipe(place.world, place.admission).socket.data_received(FLOODS["pings"] * 20_000)

    mine(bo)
    place.world.clock.advance(4 * MOST / RATE)

    assert [frame["ref"] for frame in bo.hears()] == [5]
    assert not bo.socket._busy
