"""Those who take their time: every wait has an end, and its end is only theirs."""

from collections.abc import Iterator

import pytest

from tests.hostile.conftest import SMALL, Dial, Others
from tests.hostile.raw import FIN, PING, Raw, command, request
from tests.live.server import Server

HASTY = {
    "NEXUS_LIMITS_REQUEST_WITHIN": "0.3",
    "NEXUS_SESSION_HELLO_WITHIN": "0.5",
    "NEXUS_SESSION_GRACE": "0.2",
    "NEXUS_HEARTBEAT_EVERY": "1",
    "NEXUS_HEARTBEAT_WITHIN": "2.5",
}
"""Deadlines that a test can wait for."""

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that waits for nobody."""
    with Server(tmp_path_factory.mktemp("hasty") / "data", env=SMALL | HASTY) as server:
        yield server


@pytest.mark.parametrize("half", [b"", b"G", b"GET / HT", GET, GET + b"X-Half: "], ids=["0", "1", "8", "lines", "name"])
def test_half_a_request_is_hung_up_on_with_a_sentence(dial: Dial, half: bytes) -> None:
    raw = dial()
    raw.send(half)

    answer = raw.answer()

    assert answer.status == 400
    assert answer.body.strip() == "The request's head was not complete within 0.3 s."
    assert raw.rest() == b""


@pytest.mark.parametrize("body", [b"", b'{"secret":'], ids=["none", "half"])
def test_a_body_that_does_not_come_is_hung_up_on(dial: Dial, body: bytes) -> None:
    raw = dial()
    head = (
        b"POST /api/keep HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    )
    raw.send(head + body)

    assert raw.rest() == b""


def test_a_request_byte_by_byte_is_hung_up_on_in_the_middle(dial: Dial) -> None:
    raw = dial()
    raw.send(GET + b"X-Slow: ")

    assert dripped(raw) < 1000


def dripped(raw: Raw) -> int:
    """How many bytes, one by one and never more than 1,000, it takes until the server has enough of it."""
    raw.socket.settimeout(0.02)
    for count in range(1000):
        try:
            raw.send(b"y")
            if raw.socket.recv(1000):
                return count
        except TimeoutError:
            continue
        except ConnectionError:
            return count
    return 1000


def test_a_body_that_never_comes_keeps_nothing_open(dial: Dial) -> None:
    raw = dial()
    raw.send(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nand then")

    assert raw.answer().status == 405
    assert raw.rest() == b""


def test_an_idle_http_connection_is_closed(dial: Dial) -> None:
    raw = dial()

    assert raw.status(GET + b"\r\n") == 200
    raw.rest()


@pytest.mark.parametrize("said", [b"", command("ping")[:7], command("ping")], ids=["nothing", "half", "something else"])
def test_a_connection_without_hello_is_closed(dial: Dial, said: bytes) -> None:
    raw = dial().upgrade()
    raw.send(said)

    event = raw.event()
    while event["type"] == "refused":
        event = raw.event()

    assert (event["type"], event["code"]) == ("goodbye", "late")
    assert raw.ends() == 4008
    assert raw.rest() == b""


def test_a_silent_peer_is_pinged_and_dropped_and_one_that_answers_stays(dial: Dial, others: Others) -> None:
    silent, alive = dial().upgrade(), dial().upgrade()
    name = silent.greet(others.room)
    alive.greet(others.room)

    first, _ = silent.frame()
    while first != FIN | PING:
        first, _ = silent.frame()
    while name not in alive.event().get("gone", []):
        continue

    assert silent.ends() is None
    others.ann.sees("gone", name)
    alive.send(command("ping", 9))
    assert alive.reply(9)["type"] == "done"


def test_a_peer_that_closes_but_stays_connected_is_cut_off(dial: Dial, others: Others) -> None:
    raw = dial().upgrade()
    raw.greet(others.room)

    raw.send(b"\x83\x80\0\0\0\0")  # a reserved opcode, and no answer to the close that follows

    assert raw.ends() == 1002
    assert raw.rest() == b""


def test_a_client_that_never_reads_its_answers_is_disconnected(dial: Dial) -> None:
    raw, other = dial(), dial()

    with pytest.raises(ConnectionError):
        ask_in_vain(raw, other)


def ask_in_vain(raw: Raw, other: Raw) -> None:
    """Ask for something long again and again and read no answer; another's answers say that it was heard."""
    for _ in range(10_000):
        raw.send(b"GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert other.status(GET + b"\r\n") == 200


def test_a_handshake_after_the_deadline_is_too_late(dial: Dial) -> None:
    raw = dial()

    raw.rest()

    with pytest.raises((ConnectionError, EOFError)):
        raw.status(request())
