"""The opening handshake against RFC 6455, and whole conversations with another implementation's client."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Close as TheirClose
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from nexus.gateway.websocket.deflate import compress, inflate
from nexus.gateway.websocket.frames import PONG, Binary, Close, FrameLimits, Frames, Ping, Pong, close_frame, frame
from nexus.gateway.websocket.handshake import (
    Accepted,
    Rejected,
    Request,
    answer,
    by_name,
    origin_allowed,
    parse_request,
    reject,
)

SPOKEN = ("nexus.v1",)
ASKED = {
    "Host": "chat.example.org",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


def head(*more: str, method: str = "GET", **instead: str | None) -> bytes:
    """A request's head; `sec_websocket_key="x"` sends another value, None leaves the header out."""
    changed = {name.lower().replace("_", "-"): value for name, value in instead.items()}
    kept = {name: changed.get(name.lower(), value) for name, value in ASKED.items()}
    lines = [f"{name}: {value}" for name, value in kept.items() if value is not None]
    return "\r\n".join([f"{method} /ws?from=here HTTP/1.1", *lines, *more, "", ""]).encode("latin-1")


def ask(*more: str, method: str = "GET", compress: bool = True, **instead: str | None) -> Accepted | Rejected:
    return answer(parse_request(head(*more, method=method, **instead)), subprotocols=SPOKEN, compress=compress)


def test_a_request_is_read_as_it_was_sent() -> None:
    request = parse_request(head("X-Forwarded-For:  192.0.2.1 ", "x-forwarded-for: 192.0.2.2", "Empty:"))
    assert (request.method, request.path) == ("GET", "/ws")
    assert request.headers["host"] == ["chat.example.org"]
    assert request.header("x-forwarded-for") == "192.0.2.1, 192.0.2.2"
    assert request.header("empty") == ""
    assert request.header("origin") is None


def test_the_response_names_what_was_negotiated() -> None:
    offers = ("Sec-WebSocket-Protocol: soap, nexus.v1", "Sec-WebSocket-Extensions: permessage-deflate")
    accepted = ask(*offers)
    assert isinstance(accepted, Accepted)
    assert (accepted.subprotocol, accepted.deflate) == ("nexus.v1", True)
    assert accepted.response.endswith(
        b"\r\nSec-WebSocket-Protocol: nexus.v1"
        b"\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover;"
        b" client_no_context_takeover\r\n\r\n"
    )
    plain = ask(*offers, compress=False)
    assert isinstance(plain, Accepted)
    assert (plain.deflate, b"deflate" in plain.response) == (False, False)


def test_the_servers_own_order_of_subprotocols_counts() -> None:
    request = parse_request(head("Sec-WebSocket-Protocol: a, b"))
    for spoken, chosen in ((("b", "a"), "b"), (("a", "b"), "a"), ((), None)):
        accepted = answer(request, subprotocols=spoken, compress=False)
        assert isinstance(accepted, Accepted)
        assert accepted.subprotocol == chosen


@pytest.mark.parametrize(
    ("rejected", "status", "word"),
    [
        (ask(method="POST"), "405 Method Not Allowed", "POST"),
        (ask(upgrade=None), "426 Upgrade Required", "Upgrade: websocket"),
        (ask(connection=None), "400 Bad Request", "Connection: Upgrade"),
        (ask(host=None), "400 Bad Request", "host"),
        (ask("Host: chat.example.org"), "400 Bad Request", "host"),
        (ask("Origin: http://a", "Origin: http://b"), "400 Bad Request", "origin"),
        (ask(sec_websocket_version="8"), "426 Upgrade Required", "13"),
        (ask(sec_websocket_key=""), "400 Bad Request", "16 bytes"),
        (ask("Sec-WebSocket-Protocol: soap"), "400 Bad Request", "speaks nexus.v1"),
        (ask("Sec-WebSocket-Protocol: a b"), "400 Bad Request", "list of names"),
        (ask("Sec-WebSocket-Extensions: ;"), "400 Bad Request", "list of extensions"),
    ],
)
def test_a_request_that_lacks_something_is_refused_with_what_is_missing(
    rejected: Accepted | Rejected, status: str, word: str
) -> None:
    assert isinstance(rejected, Rejected)
    start, _, body = rejected.response.decode().partition("\r\n\r\n")
    lines = start.split("\r\n")
    assert lines[0] == f"HTTP/1.1 {status}"
    assert "Connection: close" in lines
    assert "Content-Type: text/plain; charset=utf-8" in lines
    assert f"Content-Length: {len(body)}" in lines
    assert ("Sec-WebSocket-Version: 13" in lines) == ("Upgrade: websocket" in lines) == ("426" in status)
    assert ("Allow: GET" in lines) == ("405" in status)
    assert word in body
    assert body.endswith(".\n")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"GET /ws\r\n\r\n",
        b"GET /ws HTTP/1.0\r\n\r\n",
        b"GET  /ws HTTP/1.1\r\n\r\n",
        b"GET /\xc3\xa9 HTTP/1.1\r\n\r\n",
        head()[:-2],
        head()[:-4],
        head("Host : x"),
        head(" folded"),
        head("no colon"),
        head("X: a\nY: b"),
        head("X: a\x00"),
        head(": x"),
    ],
)
def test_what_is_no_request_is_rejected(data: bytes) -> None:
    rejected = answer(parse_request(data), subprotocols=SPOKEN, compress=True)
    assert isinstance(rejected, Rejected)
    assert rejected.response.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"not the head" in rejected.response


@given(
    st.binary(max_size=60) | st.text(max_size=40).map(lambda text: head(f"Origin: {text}".encode().decode("latin-1")))
)
def test_no_head_raises(data: bytes) -> None:
    request = parse_request(data)
    assert origin_allowed(request, (), tls=False) in (True, False)
    answer(request, subprotocols=SPOKEN, compress=True)


def test_a_rejection_counts_its_body_in_bytes() -> None:
    assert reject(403, "é.").response.endswith(b"\r\nContent-Length: 4\r\nConnection: close\r\n\r\n\xc3\xa9.\n")


@pytest.mark.parametrize(
    ("origin", "host", "tls", "allowed"),
    [
        (None, "chat.example.org", False, True),
        ("https://chat.example.org", "chat.example.org", True, True),
        ("https://chat.example.org", "chat.example.org:443", True, True),
        ("https://chat.example.org:443", "chat.example.org", True, True),
        ("https://chat.example.org:8443", "chat.example.org:8443", True, True),
        ("https://CHAT.example.org", "chat.EXAMPLE.org", True, True),
        ("https://chat.example.org", "chat.example.org", False, True),  # behind a proxy that speaks TLS
        ("http://chat.example.org", "chat.example.org", False, True),
        ("http://chat.example.org:80", "chat.example.org", False, True),
        ("http://localhost:8000", "localhost:8000", False, True),
        ("http://[::1]:8000", "[::1]:8000", False, True),
        ("http://[2001:DB8::1]", "[2001:db8::1]:80", False, True),
        ("http://chat.example.org", "chat.example.org", True, False),
        ("http://chat.example.org:443", "chat.example.org:443", True, False),
        ("http://chat.example.org", "chat.example.org:443", False, False),
        ("http://localhost:3000", "localhost:8000", False, False),
        ("http://127.0.0.1:8000", "localhost:8000", False, False),
        ("https://evil.example", "chat.example.org", False, False),
        ("https://chat.example.org.evil.example", "chat.example.org", False, False),
        ("https://chat.example.org@evil.example", "chat.example.org", False, False),
        ("https://chat.example.org/", "chat.example.org", False, False),
        ("https://chat.example.org/chat", "chat.example.org/chat", False, False),
        ("ftp://chat.example.org", "chat.example.org", False, False),
        ("chat.example.org", "chat.example.org", False, False),
        ("https://chat.example.org", None, False, False),
        ("https://", "", False, False),
        ("null", "null", False, False),
        ("", "", False, False),
    ],
)
def test_a_page_may_connect_to_the_host_it_came_from(
    origin: str | None, host: str | None, tls: bool, allowed: bool
) -> None:
    headers = [(name, value) for name, value in (("origin", origin), ("host", host)) if value is not None]
    request = Request("GET", "/ws", by_name(headers))
    assert origin_allowed(request, (), tls) is allowed
    assert origin_allowed(request, ("https://other.example",), tls) is allowed
    assert origin_allowed(request, ("*",), tls)
    assert origin is None or origin_allowed(request, ("https://other.example", origin), tls)


def test_two_origins_are_no_origin() -> None:
    same = ("origin", "http://localhost")
    assert not origin_allowed(Request("GET", "/ws", by_name([("host", "localhost"), same, same])), (), tls=False)


def shake_hands(deflate: bool) -> tuple[ClientProtocol, Frames]:
    """The client of `websockets` and our side of one connection, once they have agreed."""
    extensions = [ClientPerMessageDeflateFactory()] if deflate else []
    client = ClientProtocol(
        parse_uri("ws://localhost/ws"), subprotocols=[Subprotocol("nexus.v1")], extensions=extensions
    )
    client.send_request(client.connect())
    accepted = answer(parse_request(b"".join(client.data_to_send())), subprotocols=SPOKEN, compress=True)
    assert isinstance(accepted, Accepted)
    assert accepted.deflate is deflate
    client.receive_data(accepted.response)
    assert client.handshake_exc is None
    assert [type(event) for event in client.events_received()] == [Response]
    assert client.subprotocol == "nexus.v1"
    return client, Frames(FrameLimits(100_000, 100_000, 10), inflate if deflate else None)


def take_all(client: ClientProtocol, ours: Frames) -> list[object]:
    ours.feed(b"".join(client.data_to_send()))
    return list(iter(ours.next, None))


texts = st.text(max_size=300) | st.integers(0, 70_000).map(lambda size: "é🌱a" * (size // 7))


@settings(deadline=None)
@given(st.booleans(), st.lists(texts, max_size=5), st.binary(max_size=125))
def test_another_implementation_and_ours_understand_each_other(deflate: bool, said: list[str], noise: bytes) -> None:
    client, ours = shake_hands(deflate)
    for text in said:
        client.send_text(text.encode())
    client.send_binary(noise)
    client.send_ping(noise)
    client.send_text(b"in ", fin=False)
    client.send_pong(b"")
    client.send_continuation(b"parts", fin=True)
    whole = [text.encode() for text in said]
    assert take_all(client, ours) == [*whole, Binary(noise), Ping(noise), Pong(b""), b"in parts"]

    for payload in whole:
        client.receive_data(frame(compress(payload), rsv1=True) if deflate else frame(payload))
    client.receive_data(frame(noise, PONG) + frame(noise, opcode=2))
    heard = client.events_received()
    assert all(isinstance(event, Frame) for event in heard)
    assert [(event.opcode, bytes(event.data)) for event in heard if isinstance(event, Frame)] == [
        *((Opcode.TEXT, payload) for payload in whole),
        (Opcode.PONG, noise),
        (Opcode.BINARY, noise),
    ]


def test_both_sides_close_with_code_and_reason() -> None:
    client, ours = shake_hands(deflate=False)
    client.receive_data(close_frame(4008, "late"))
    assert client.close_rcvd == TheirClose(4008, "late")
    assert take_all(client, ours) == [Close(4008, "late")]
