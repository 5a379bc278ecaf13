"""What breaks RFC 6455 ends the connection with the code that says why, and that of nobody else."""

import json
import zlib

import pytest

from tests.conformance.peer import Peer, fresh
from tests.hostile.conftest import Dial, Others
from tests.hostile.raw import BINARY, CLOSE, FIN, PING, PONG, RSV1, TEXT, command, frame, head, masked
from tests.live.server import Server

TEN_MB = 10_000_000
DEFLATE = {"Sec-WebSocket-Extensions": "permessage-deflate"}


def test_a_binary_frame_ends_its_connection(dial: Dial, others: Others) -> None:
    raw = dial().upgrade()
    raw.greet(others.room)

    raw.send(frame(b'{"type":"ping","ref":1}', FIN | BINARY))

    assert raw.ends() == 1003
    assert raw.rest() == b""


def test_a_text_of_10_mb_is_answered_with_1009(dial: Dial, others: Others) -> None:
    raw = dial().upgrade()
    raw.greet(others.room)
    post = {"type": "post", "ref": 1, "room": others.room, "text": "x" * TEN_MB}

    raw.send(frame(json.dumps(post).encode()))

    assert raw.ends() == 1009


def test_a_text_over_the_limit_in_a_frame_within_it_is_refused(cy: Peer, others: Others) -> None:
    cy.done("join", room=others.room, last=0)

    cy.refused("too_large", "post", room=others.room, text="x" * 100_000)
    cy.refused("too_large", "configure", room=others.room, topic="x" * 100_000)


def test_a_zip_bomb_is_not_inflated(dial: Dial, server: Server) -> None:
    bomb = deflated(b"0" * 100_000_000)
    before = server.memory()

    for _ in range(20):
        raw = dial().upgrade(DEFLATE)
        raw.send(frame(bomb, FIN | RSV1 | TEXT))
        assert raw.ends() == 1009

    assert len(bomb) < 131_072
    assert server.memory() < before + 20_000_000


def deflated(payload: bytes) -> bytes:
    """A payload as permessage-deflate sends it."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (deflater.compress(payload) + deflater.flush(zlib.Z_SYNC_FLUSH)).removesuffix(b"\0\0\xff\xff")


def test_a_command_byte_by_byte_is_carried_out(dial: Dial, others: Others) -> None:
    raw, name = dial(), fresh("Cy")
    raw.upgrade()

    for byte in command("hello", 1, name=name) + command("join", 2, room=others.room) + command("ping", 3):
        raw.send(bytes((byte,)))

    assert raw.reply(1)["you"]["name"] == name
    assert raw.reply(2)["type"] == "done"
    assert raw.reply(3)["type"] == "done"


def test_a_flood_of_pings_is_answered_one_by_one(dial: Dial) -> None:
    raw = dial().upgrade()
    raw.greet()

    raw.send(b"".join(frame(number.to_bytes(4), FIN | PING) for number in range(5000)))

    pongs = [raw.frame() for _ in range(5000)]
    assert pongs == [(FIN | PONG, number.to_bytes(4)) for number in range(5000)]


def test_pings_between_the_fragments_of_a_command_are_answered(dial: Dial) -> None:
    raw = dial().upgrade()
    raw.greet()
    payload = b'{"type":"ping","ref":5}'

    raw.send(frame(payload[:9], TEXT) + frame(b"in between", FIN | PING) + frame(payload[9:], FIN))

    assert raw.frame() == (FIN | PONG, b"in between")
    assert raw.reply(5)["type"] == "done"


def test_a_frame_that_never_ends_hurts_nobody(dial: Dial, others: Others) -> None:
    raw = dial().upgrade()
    raw.greet(others.room)

    raw.send(head(100_000) + masked(b"x" * 99_000))

    others.check()


def test_nothing_is_taken_after_a_close(dial: Dial, others: Others) -> None:
    raw = dial().upgrade()
    raw.greet(others.room)

    raw.send(frame((1000).to_bytes(2), FIN | CLOSE) + command("post", 5, room=others.room, text="from beyond"))

    assert raw.ends() == 1000
    assert raw.rest() == b""


@pytest.mark.parametrize("where", [1, 5, 12])
def test_a_peer_that_vanishes_in_the_middle_of_a_frame_is_forgotten(dial: Dial, others: Others, where: int) -> None:
    raw = dial().upgrade()
    raw.greet()

    raw.send(command("post", 5, room=others.room, text="half")[:where])
    raw.close()
