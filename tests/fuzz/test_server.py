"""Noise at a real server: each time a refusal, a close code or an HTTP answer, and two bystanders notice nothing."""

import json
from collections.abc import Iterator, Sequence
from socket import SHUT_WR

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import material
from tests.hostile.conftest import Others
from tests.hostile.raw import Raw
from tests.live.server import Server
from tests.rfc.echo import request
from tests.rfc.table import CASES
from tests.rfc.wire import CLOSE, PONG, TEXT, Heard, close, frame, read

CODES = {*range(1000, 1004), *range(1007, 1015), *range(3000, 5000)}
"""What may end a connection: the RFC's codes (a client's own comes back), and those of goodbyes."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that must not write a traceback, whatever comes."""
    with Server(tmp_path_factory.mktemp("fuzz") / "data", env={"NEXUS_PRESENCE_EVERY": "0.01"}) as server:
        yield server


@pytest.fixture(scope="module")
def others(server: Server) -> Iterator[Others]:
    """Two bystanders, who talk at the end of it all."""
    others = Others(server.ws)
    yield others
    others.check()
    others.leave()


@pytest.fixture(autouse=True)
def unnoticed(others: Others) -> Iterator[None]:
    """Whatever a test does, they notice nothing, and can talk."""
    yield
    others.check()


def answered(server: Server, *parts: bytes) -> bytes:
    """All that a server says to these bytes until it ends the connection, which it must."""
    raw = Raw(server.port)
    try:
        for part in parts:
            raw.send(part)
        raw.socket.shutdown(SHUT_WR)
        return raw.rest()
    except OSError:  # it was hung up on before it had said all
        return raw.rest()
    finally:
        raw.close()


def check_frames(told: bytes, *, compressed: bool) -> Sequence[Heard]:
    """Insist on a handshake's answer and proper frames: JSON objects, pongs, and at most one close, the last."""
    answer, _, rest = told.partition(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 101 ")
    heard = list(read(rest, compressed=compressed))
    for each in heard:
        assert each.opcode in (TEXT, PONG, CLOSE)
        if each.opcode == TEXT:
            assert json.loads(each.payload).get("code") != "internal"
        if each.opcode == CLOSE and each.payload:
            assert int.from_bytes(each.payload) in CODES
    return heard


def upgraded(
    server: Server, sent: bytes, *, compressed: bool, pieces: int = 1, hang_up: bool = True
) -> Sequence[Heard]:
    """What is heard after an upgrade until the end, to which a client hangs up that is in the middle of a frame."""
    raw = Raw(server.port)
    try:
        raw.send(request(compressed=compressed))
        assert raw.answer().status == 101
        size = max(1, -(-len(sent) // pieces))
        try:
            for at in range(0, len(sent), size):
                raw.send(sent[at : at + size])
            raw.send(close(1000))
            if hang_up:
                raw.socket.shutdown(SHUT_WR)
        except OSError:
            pass  # it was hung up on before it had said all
        return check_frames(b"HTTP/1.1 101 \r\n\r\n" + raw.rest(), compressed=compressed)
    finally:
        raw.close()


@given(st.lists(material.requests, min_size=1, max_size=3))
def test_bytes_to_the_port_get_an_answer_or_nothing(server: Server, parts: list[bytes]) -> None:
    told = answered(server, *parts)

    assert not told or told.startswith(b"HTTP/1.1 ")
    assert b"500 Internal" not in told


@given(st.binary(max_size=200), st.booleans())
def test_bytes_after_the_upgrade_get_a_close_code(server: Server, sent: bytes, compressed: bool) -> None:
    upgraded(server, sent, compressed=compressed)


@given(st.lists(material.frames, max_size=12), st.booleans(), st.integers(1, 4))
def test_frames_get_refusals_or_a_close_code(server: Server, sent: list[bytes], compressed: bool, pieces: int) -> None:
    upgraded(server, b"".join(sent), compressed=compressed, pieces=pieces)


@settings(max_examples=40)
@given(st.lists(material.texts, max_size=30))
def test_each_text_gets_a_reply_of_its_own(server: Server, sent: list[bytes]) -> None:
    heard = upgraded(server, b"".join(map(frame, sent)), compressed=False, hang_up=False)

    told = [json.loads(each.payload) for each in heard if each.opcode == TEXT]
    replies = [each for each in told if each["type"] in ("done", "refused")]
    goodbye = any(each["type"] == "goodbye" for each in told)
    assert goodbye or len(replies) == len(sent)


@pytest.mark.parametrize("compressed", [False, True])
def test_every_fault_of_the_table_ends_its_own_connection_only(server: Server, compressed: bool) -> None:
    for case in CASES:
        if case.ends and len(case.hears) == 1 and case.compressed is compressed:
            assert upgraded(server, case.sent, compressed=compressed) == list(case.hears), case.name
