"""HTTP requests that are none, that lie, or that come from where they should not."""

import pytest

from tests.hostile.conftest import Dial, Others
from tests.hostile.raw import command, request
from tests.live.server import Server

INNER = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"

NO_HANDSHAKES: dict[str, tuple[dict[str, str | None], int]] = {
    "an older version": ({"Sec-WebSocket-Version": "8"}, 426),
    "a newer version": ({"Sec-WebSocket-Version": "14"}, 426),
    "no version": ({"Sec-WebSocket-Version": None}, 426),
    "no key": ({"Sec-WebSocket-Key": None}, 400),
    "a short key": ({"Sec-WebSocket-Key": "c2hvcnQ="}, 400),
    "no upgrade": ({"Upgrade": None}, 426),
    "another upgrade": ({"Upgrade": "h2c"}, 426),
    "no connection": ({"Connection": None}, 426),
    "no host": ({"Host": None}, 400),
    "another subprotocol": ({"Sec-WebSocket-Protocol": "mqtt"}, 400),
    "the page of another site": ({"Origin": "https://evil.example"}, 403),
    "a page of no site": ({"Origin": "null"}, 403),
    "a site that begins like ours": ({"Host": "127.0.0.1:80", "Origin": "http://127.0.0.1.evil.example"}, 403),
    "another name that leads here": ({"Host": "evil.example", "Origin": "http://evil.example"}, 403),
    "another port of ours": ({"Host": "127.0.0.1:80", "Origin": "http://127.0.0.1:8080"}, 403),
    "a site in a name": ({"Host": "127.0.0.1", "Origin": "http://127.0.0.1@evil.example"}, 403),
    "a file": ({"Origin": "file://"}, 403),
}

NO_REQUESTS = {
    "two ideas of its length": GET + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + INNER,
    "two lengths": GET + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde" + INNER,
    "one length twice": GET + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd" + INNER,
    "a negative length": GET + b"Content-Length: -1\r\n\r\n",
    "a length with a sign": GET + b"Content-Length: +4\r\n\r\nabcd" + INNER,
    "an immense length": GET + b"Content-Length: 99999999999999999999999\r\n\r\n" + INNER,
    "an encoding that is none": GET + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + INNER,
    "a space before the colon": GET + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + INNER,
    "an immense chunk": GET + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\nabcd" + INNER,
    "a folded header": GET + b"X-A: b\r\n c\r\n\r\n" + INNER,
    "bare line feeds": b"GET / HTTP/1.1\nHost: localhost\n\n" + INNER,
    "NUL in a header": GET + b"X-A: a\0b\r\n\r\n" + INNER,
    "no version": b"GET / \r\n\r\n" + INNER,
    "another version": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": bytes.fromhex("16030100a5010000a10303"),
    "noise": bytes(range(256)),
    "a path that is no text": b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n" + INNER,
    "a tunnel": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n" + INNER,
    "a WebSocket while an answer is due": GET + b"\r\n" + request(),
    "a line of a megabyte": b"GET /" + b"a" * 1_000_000,
}


@pytest.mark.parametrize(("headers", "status"), NO_HANDSHAKES.values(), ids=NO_HANDSHAKES)
def test_an_invalid_handshake_gets_an_http_error(dial: Dial, headers: dict[str, str | None], status: int) -> None:
    raw = dial()
    raw.send(request(headers))

    answer = raw.answer()

    assert answer.status == status
    assert answer.body.endswith(".\n")
    assert status != 426 or answer.headers["upgrade"] == "websocket"
    assert "version" not in answer.body or answer.headers["sec-websocket-version"] == "13"


@pytest.mark.parametrize(
    ("first", "status"),
    [("POST /ws HTTP/1.1", 405), ("GET /chat HTTP/1.1", 404), ("GET /ws/../ws HTTP/1.1", 404), ("GET / HTTP/1.1", 404)],
)
def test_the_chat_is_got_at_its_address_only(dial: Dial, first: str, status: int) -> None:
    assert dial().status(request(first=first)) == status


def test_a_header_that_may_be_there_once_is_there_once(dial: Dial, server: Server) -> None:
    for name in ("Origin", "Sec-WebSocket-Key", "Sec-WebSocket-Version"):
        twice = request({"Origin": server.url, "Host": f"127.0.0.1:{server.port}"})
        line = next(line for line in twice.split(b"\r\n") if line.startswith(name.encode()))
        assert dial().status(twice.replace(line, line + b"\r\n" + line)) in (400, 403)


def test_ones_own_page_is_let_in(dial: Dial, server: Server) -> None:
    assert dial().status(request({"Origin": server.url, "Host": f"127.0.0.1:{server.port}"})) == 101


@pytest.mark.parametrize("sent", NO_REQUESTS.values(), ids=NO_REQUESTS)
def test_what_is_no_request_is_answered_once_and_ends_the_connection(dial: Dial, sent: bytes) -> None:
    raw = dial()

    try:
        raw.send(sent)
        assert raw.answer().status == 400
    except (ConnectionError, EOFError):
        pass  # it was hung up on before it had said all

    assert raw.rest() == b""


@pytest.mark.parametrize(
    "headers",
    [{}, {"Content-Length": str(len(INNER))}, {"Transfer-Encoding": "chunked"}],
    ids=["none", "length", "chunks"],
)
def test_a_request_behind_a_handshake_is_never_answered(dial: Dial, others: Others, headers: dict[str, str]) -> None:
    raw = dial()
    raw.send(request(headers) + INNER)
    assert raw.answer().status == 101

    raw.send(command("ping", 5))

    assert raw.reply(5)["code"] == "unauthorised"
    others.check()


def test_headers_without_end_are_cut_off(dial: Dial, server: Server) -> None:
    raw, before = dial(), server.memory()

    try:
        raw.send(GET)
        for _ in range(10_000):
            raw.send(b"X-Filler: " + b"a" * 1000 + b"\r\n")
        raise AssertionError("10 MB of headers were taken")
    except ConnectionError:
        assert server.memory() < before + 10_000_000


def test_ten_thousand_requests_at_once_are_not_kept_in_mind(dial: Dial, server: Server) -> None:
    before = server.memory()

    for _ in range(20):
        raw = dial()
        try:
            raw.send(INNER * 10_000)
            assert raw.answer().status in (200, 400)
        except (ConnectionError, EOFError):
            pass  # it was hung up on before it had said all

    assert server.memory() < before + 30_000_000


def test_half_a_request_keeps_nobody_waiting(dial: Dial, others: Others) -> None:
    halves = [dial() for _ in range(50)]
    for half in halves:
        half.send(GET + b"X-Half: ")

    others.check()

    for half in halves:
        half.send(b"whole\r\n\r\n")
        assert half.answer().status == 200
