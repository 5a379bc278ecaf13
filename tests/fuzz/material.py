"""What is thrown at a server: commands that are almost right, JSON that is almost JSON, frames, requests, noise."""

import json
from typing import Any

from hypothesis import strategies as st

from nexus.protocol.codec import COMMANDS
from tests.rfc.handshakes import head
from tests.rfc.wire import FIN, RSV1, TEXT, deflate, frame

ROOM = "pond"
"""Where it happens; nobody who matters is there."""

NAMES = ("Cy", "cy", "Су", "Dot", "", " ", "x" * 5000, "\u202e", "a\0b", "CON", "🌱", "Cy\n")
TEXTS = ("hi", "", "\0", "x" * 9000, "\u2028\x1b[2J", "🌱" * 9, "=1+1", "a" * 7999 + "é")
NUMBERS = (0, 1, 2, 200, 201, -1, 2**53 - 1, 2**53, 2**63, 2**64, 10**40, 1.5, 1e300, True)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=9,
)
position = st.fixed_dictionaries({"seq": st.sampled_from(NUMBERS)}, optional={"at": st.sampled_from(NUMBERS)}) | ANY
POOLS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("room",), st.sampled_from((ROOM, ROOM.upper(), "puddle", *NAMES[4:]))),
    **dict.fromkeys(("name", "client", "login", "invite"), st.sampled_from(NAMES)),
    **dict.fromkeys(("text", "topic"), st.sampled_from(TEXTS) | st.text(max_size=20)),
    **dict.fromkeys(("token", "session", "epoch", "password"), st.sampled_from(("", "correct horse", "x" * 300))),
    **dict.fromkeys(("seq", "reply_to", "before", "around", "limit", "last"), st.sampled_from(NUMBERS)),
    "after": st.sampled_from(NUMBERS) | position,
    "nonce": st.sampled_from(("n-1", "n-2", "", "n" * 65)),
    "resume": st.dictionaries(st.sampled_from((ROOM, "puddle", "")), position, max_size=3),
    "colour": ANY,
}
field = st.sampled_from(sorted(POOLS)).flatmap(lambda name: st.tuples(st.just(name), POOLS[name] | ANY))
refs = st.sampled_from((1, 2, -3, "mine", "", "r" * 65, 2**53, None, True, 1.5))
commands: st.SearchStrategy[dict[str, Any]] = st.builds(
    lambda kind, ref, fields: {"type": kind, "ref": ref, **dict(fields)},
    st.sampled_from((*sorted(COMMANDS), "dance", "posted", "")),
    refs,
    st.lists(field, max_size=5),
)


def mutated(payload: bytes, at: int, cut: int, put: bytes) -> bytes:
    """A payload with a few bytes of it replaced."""
    at %= len(payload) + 1
    return payload[:at] + put + payload[at + cut :]


def nested(inner: bytes, depth: int, both: bool) -> bytes:
    """A command with a deep field."""
    return b'{"type":"ping","ref":1,"x":' + b"[" * depth + inner + (b"]" * depth if both else b"") + b"}"


SPECIAL = (
    b"NaN",
    b"-Infinity",
    b"1e999999",
    b"9" * 5000,
    b"-0",
    b'"\\ud800"',
    b'"\\udc00\\ud800"',
    b"\xff",
    b"\xed\xa0\x80",
)
written = commands.map(lambda command: json.dumps(command).encode())
escaped = commands.map(lambda command: json.dumps(command, ensure_ascii=False).encode("utf-8", "replace"))
jsons: st.SearchStrategy[bytes] = (
    written
    | escaped
    | st.builds(
        mutated, written, st.integers(0, 400), st.integers(0, 9), st.binary(max_size=5) | st.sampled_from(SPECIAL)
    )
    | st.builds(nested, st.sampled_from(SPECIAL), st.sampled_from((1, 90, 900, 20_000)), st.booleans())
    | st.builds(lambda one, two: one[:-1] + b"," + two[1:], written, written)  # every key twice
    | st.binary(max_size=60)
)
"""Payloads of frames: commands, what is like one, and noise."""

texts = jsons.filter(lambda payload: payload.decode("utf-8", "replace").encode() == payload)
"""Of those, the ones that a text frame may carry."""

firsts = st.sampled_from(
    (0x81, 0x81, 0x81, 0x01, 0x00, 0x80, 0x82, 0x88, 0x89, 0x8A, 0xC1, 0xC2, 0x41, 0x83, 0xF1, 0x09)
)
frames: st.SearchStrategy[bytes] = (
    texts.map(frame)
    | st.builds(frame, jsons, firsts)
    | st.builds(lambda payload: frame(deflate(payload), FIN | RSV1 | TEXT), jsons)
    | st.builds(mutated, texts.map(frame), st.integers(0, 400), st.integers(0, 9), st.binary(max_size=5))
    | st.binary(max_size=40)
)
"""Frames of a client: right, broken, compressed, and no frames at all."""

LINES = (
    *("Host: x", "Host: y", "Upgrade: h2c", "Connection: close", "Content-Length: 5", "Content-Length: -1"),
    *("Transfer-Encoding: chunked", "Origin: https://evil.example", "Sec-WebSocket-Extensions: permessage-deflate"),
    *("Sec-WebSocket-Protocol: nexus.v1", "X: " + "x" * 40_000, " folded", "no colon", "Expect: 100-continue", ": x"),
)
STARTS = (
    "GET / HTTP/1.1",
    "GET /ws HTTP/1.0",
    "POST /ws HTTP/1.1",
    "GET /metrics HTTP/1.1",
    "GET /ws HTTP/1.1",
    "PRI *",
)
heads = st.builds(
    lambda first, lines: head(*lines, first=first),
    st.sampled_from(STARTS),
    st.lists(st.sampled_from(LINES), max_size=4),
)
requests: st.SearchStrategy[bytes] = (
    st.builds(mutated, heads, st.integers(0, 400), st.integers(0, 9), st.binary(max_size=5))
    | heads
    | st.lists(heads, max_size=3).map(b"".join)
    | st.binary(max_size=60)
)
"""What comes to the HTTP port: requests, what is like one, several, and noise."""
