"""The frame layer against RFC 6455, case by case: in one piece, byte by byte, and cut anywhere."""

import struct
import tracemalloc
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.utils import apply_mask

from nexus.gateway import frames as module
from nexus.gateway.frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    Binary,
    Close,
    FrameLimits,
    Frames,
    Incoming,
    Inflate,
    Ping,
    Pong,
    ProtocolError,
    close_frame,
    frame,
)

LIMITS = FrameLimits(frame=70_000, message=80_000, fragments=4)
MASK = b"\x37\xfa\x21\x3d"
FIN, RSV1, RSV2, RSV3 = 0x80, 0x40, 0x20, 0x10


def head(first: int, length: int, wide: int = 0) -> bytes:
    """A client frame's head, its length in `wide` bytes where the shortest form is not wanted."""
    wide = wide or (1 if length < 126 else 2 if length < 65_536 else 8)
    if wide == 1:
        return bytes((first, 0x80 | length)) + MASK
    return bytes((first, 0x80 | (126 if wide == 2 else 127))) + length.to_bytes(wide) + MASK


def sent(payload: bytes, first: int = FIN | TEXT, wide: int = 0) -> bytes:
    """A frame as a client sends it."""
    return head(first, len(payload), wide) + apply_mask(payload, MASK)


class Failed(NamedTuple):
    """The close code of a ProtocolError, and a word of its reason."""

    code: int
    word: str


class Case(NamedTuple):
    """What the RFC says, the bytes, and what they mean."""

    says: str
    data: bytes
    means: list[Incoming | Failed]


Heard = Incoming | tuple[int, str]


def hear(data: Iterable[bytes], limits: FrameLimits = LIMITS, inflate: Inflate | None = None) -> list[Heard]:
    """Everything that the chunks mean, with a ProtocolError as (code, reason)."""
    frames, heard = Frames(limits, inflate), list[Heard]()
    for chunk in data:
        frames.feed(chunk)
        try:
            while (taken := frames.next()) is not None:
                heard.append(taken)
        except ProtocolError as error:
            heard.append((error.code, error.reason))
            assert frames.next() is None
    return heard


def agrees(heard: list[Heard], means: list[Incoming | Failed]) -> bool:
    """Whether this was heard, reasons compared by their word."""
    for got, meant in zip(heard, means, strict=True):
        if isinstance(meant, Failed):
            assert isinstance(got, tuple)
            assert got[0] == meant.code
            assert meant.word in got[1]
        else:
            assert got == meant
            assert type(got) is type(meant)
    return True


def close(code: int, reason: bytes = b"") -> bytes:
    return sent(code.to_bytes(2) + reason, FIN | CLOSE)


HI = sent(b"hi")
GREEK = "κόσμε".encode()
BAD_SURROGATE = b"\xed\xa0\x80"
TOO_HIGH = b"\xf4\x90\x80\x80"

CASES = [
    Case("5.7 a masked text", bytes.fromhex("818537fa213d7f9f4d5158"), [b"Hello"]),
    Case("5.2 an empty text", sent(b""), [b""]),
    Case("5.2 a text of one byte, then another", sent(b"a") + HI, [b"a", b"hi"]),
    Case("5.2 three frames in a row", HI + sent(GREEK) + HI, [b"hi", GREEK, b"hi"]),
    *[
        Case(f"5.2 a text of {size} bytes", sent(b"x" * size) + HI, [b"x" * size, b"hi"])
        for size in (2, 125, 126, 127, 65_535, 65_536, 70_000)
    ],
    *[
        Case(f"5.2 a chunk full of texts of {size} bytes", sent(b"x" * size) * 200, [b"x" * size] * 200)
        for size in (5, 125, 126, 300)
    ],
    *[
        Case(f"5.2 a binary of {size} bytes", sent(b"\xff" * size, FIN | BINARY), [Binary(b"\xff" * size)])
        for size in (0, 1, 125, 126, 65_535, 65_536)
    ],
    Case("5.2 125 bytes in 2 bytes of length", sent(b"x" * 125, wide=2), [Failed(1002, "shortest")]),
    Case("5.2 no bytes in 2 bytes of length", sent(b"", wide=2), [Failed(1002, "shortest")]),
    Case("5.2 65535 bytes in 8 bytes of length", head(0x81, 65_535, 8), [Failed(1002, "65535")]),
    Case("5.2 5 bytes in 8 bytes of length", head(0x82, 5, 8), [Failed(1002, "shortest")]),
    Case("5.2 the top bit of 8 bytes of length", head(0x81, 1 << 63, 8), [Failed(1002, "top bit")]),
    Case("5.2 a length just below the top bit", head(0x81, (1 << 63) - 1, 8), [Failed(1009, "too long")]),
    Case("5.2 a length that starts like a short one", head(0x81, 200 << 48) + HI * 40, [Failed(1009, "too long")]),
    Case("5.1 a text without a mask", b"\x81\x05Hello..", [Failed(1002, "masks")]),
    Case("5.1 a long text without a mask", b"\x81\x7e" + b"\x00" * 20, [Failed(1002, "masks")]),
    Case("5.1 a huge text without a mask", b"\x81\x7f" + b"\x00" * 20, [Failed(1002, "masks")]),
    Case("5.1 a ping without a mask", b"\x89\x00", [Failed(1002, "masks")]),
    *[
        Case(f"5.2 reserved bit {bit:#x}, opcode {opcode}", sent(b"hi", FIN | bit | opcode), [Failed(1002, "RSV")])
        for bit in (RSV1, RSV2, RSV3, RSV1 | RSV2, RSV2 | RSV3)
        for opcode in (TEXT, BINARY, PING, PONG, CLOSE)
    ],
    *[
        Case(f"5.2 reserved opcode {opcode}", HI + sent(b"hi", flags | opcode), [b"hi", Failed(1002, f" {opcode} ")])
        for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
        for flags in (0, FIN, FIN | RSV1)
    ],
    Case("5.5.2 a ping", sent(b"a", FIN | PING) + HI, [Ping(b"a"), b"hi"]),
    Case("5.5.2 an empty ping", sent(b"", FIN | PING), [Ping(b"")]),
    Case("5.5.3 a pong that nobody asked for", sent(b"b", FIN | PONG) + HI, [Pong(b"b"), b"hi"]),
    Case("5.5 a ping of 125 bytes", sent(b"\xfe" * 125, FIN | PING), [Ping(b"\xfe" * 125)]),
    *[
        Case(f"5.5 control {opcode} of {size} bytes", sent(b"x" * size, FIN | opcode), [Failed(1002, "125")])
        for opcode in (PING, PONG, CLOSE)
        for size in (126, 65_536)
    ],
    *[
        Case(f"5.5 control {opcode} in fragments", sent(b"x", opcode), [Failed(1002, "fragmented")])
        for opcode in (PING, PONG, CLOSE)
    ],
    Case("5.4 a text in two frames", sent(b"he", TEXT) + sent(b"y", FIN) + HI, [b"hey", b"hi"]),
    Case(
        "5.4 a binary in four frames",
        sent(b"a", BINARY) + sent(b"b", 0) + sent(b"", 0) + sent(b"d", FIN),
        [Binary(b"abd")],
    ),
    Case("5.4 a text in two empty frames", sent(b"", TEXT) + sent(b"", FIN), [b""]),
    Case(
        "5.4 control frames between fragments",
        sent(b"he", TEXT) + sent(b"p", FIN | PING) + sent(b"q", FIN | PONG) + sent(b"y", FIN),
        [Ping(b"p"), Pong(b"q"), b"hey"],
    ),
    Case("5.4 a close between fragments", sent(b"he", TEXT) + close(1001) + sent(b"y", FIN), [Close(1001, "")]),
    Case("5.4 a continuation of nothing", sent(b"x", FIN), [Failed(1002, "no message has begun")]),
    Case("5.4 an open continuation of nothing", sent(b"x", 0), [Failed(1002, "no message has begun")]),
    Case("5.4 a continuation after the end", HI + sent(b"x", FIN), [b"hi", Failed(1002, "no message has begun")]),
    Case("5.4 a text inside a text", sent(b"a", TEXT) + HI, [Failed(1002, "before the last one ended")]),
    Case(
        "5.4 a text inside a text, after a ping",
        sent(b"a", TEXT) + sent(b"", FIN | PING) + HI,
        [Ping(b""), Failed(1002, "before")],
    ),
    Case("5.4 a binary inside a text", sent(b"a", TEXT) + sent(b"b", BINARY), [Failed(1002, "before the last")]),
    Case("5.2 RSV1 on a continuation", sent(b"a", TEXT) + sent(b"b", FIN | RSV1), [Failed(1002, "continuation")]),
    Case("10.4 too many frames", sent(b"", TEXT) + sent(b"", 0) * 4, [Failed(1009, "at most 4 frames")]),
    Case("10.4 a frame over the limit", head(0x81, 70_001), [Failed(1009, "70001")]),
    Case("10.4 a binary over the limit", head(0x82, 70_001), [Failed(1009, "70000")]),
    Case(
        "10.4 a message at the limit",
        sent(b"x" * 70_000, TEXT) + sent(b"y" * 10_000, FIN),
        [b"x" * 70_000 + b"y" * 10_000],
    ),
    Case(
        "10.4 a message over the limit",
        sent(b"x" * 70_000, TEXT) + sent(b"y" * 5_000, 0) + head(FIN, 5_001),
        [Failed(1009, "80000")],
    ),
    Case("5.6 text that is no UTF-8", HI + sent(b"a\xffb"), [b"hi", Failed(1007, "0xff")]),
    Case("8.1 text that ends in a character", sent(GREEK[:-1]), [Failed(1007, "UTF-8")]),
    Case("8.1 a surrogate", sent(BAD_SURROGATE), [Failed(1007, "0xed")]),
    Case("8.1 beyond U+10FFFF", sent(b"ok" + TOO_HIGH), [Failed(1007, "0xf4")]),
    Case("8.1 an overlong slash", sent(b"\xc0\xaf"), [Failed(1007, "0xc0")]),
    Case("8.1 long text that is no UTF-8", sent(b"x" * 200 + b"\xff"), [Failed(1007, "0xff")]),
    Case("8.1 a character across fragments", sent(GREEK[:3], TEXT) + sent(GREEK[3:], FIN), [GREEK]),
    Case(
        "8.1 a character in four frames",
        b"".join(map(sent, [b"\xf0", b"\x9f", b"\x8c", b"\xb1"], [1, 0, 0, 128])),
        ["🌱".encode()],
    ),
    Case("8.1 a cut character, then ASCII", sent(b"\xce", TEXT) + sent(b"a", FIN), [Failed(1007, "0xce")]),
    Case("8.1 a cut character at the end", sent(b"a\xce", TEXT) + sent(b"", FIN), [Failed(1007, "0xce")]),
    Case("8.1 a bad fragment, then a ping", sent(b"\xff", TEXT) + sent(b"", FIN | PING), [Failed(1007, "0xff")]),
    Case("5.6 binary may be anything", sent(TOO_HIGH, FIN | BINARY), [Binary(TOO_HIGH)]),
    Case("5.5.1 a close without a body", sent(b"", FIN | CLOSE), [Close(1005, "")]),
    Case("5.5.1 a close with half a code", sent(b"\x03", FIN | CLOSE), [Failed(1002, "two bytes")]),
    Case("5.5.1 a close with a reason", close(4000, GREEK), [Close(4000, "κόσμε")]),
    Case("5.5.1 a close with the longest reason", close(1000, b"x" * 123), [Close(1000, "x" * 123)]),
    Case("5.5.1 a reason that is no UTF-8", close(1000, b"\xce"), [Failed(1007, "UTF-8")]),
    Case("5.5.1 nothing follows a close", close(1000) + HI + b"\xff\xff", [Close(1000, "")]),
    *[
        Case(f"7.4 the close code {code}", close(code), [Close(code, "")])
        for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999)
    ],
    *[
        Case(f"7.4 no close code {code}", close(code), [Failed(1002, f" {code}.")])
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535)
    ],
    Case("5.1 nothing follows an error", b"\x81\x00" + HI, [Failed(1002, "masks")]),
]
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)


@each_case
def test_bytes_mean_what_the_rfc_says(case: Case) -> None:
    assert agrees(hear([case.data]), case.means)


@each_case
def test_bytes_mean_the_same_one_by_one(case: Case) -> None:
    assert hear(bytes((byte,)) for byte in case.data) == hear([case.data])


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(CASES), st.lists(st.integers(0, 100), max_size=6))
def test_bytes_mean_the_same_however_they_are_cut(case: Case, percents: list[int]) -> None:
    cuts = [0, *(len(case.data) * percent // 100 for percent in sorted(percents)), len(case.data)]
    assert hear(case.data[a:b] for a, b in pairwise(cuts)) == hear([case.data])


@pytest.mark.parametrize("size", [0, 1, 3, 150, 70_000])
def test_texts_mean_the_same_where_nothing_is_compiled(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "apply_mask", apply_mask)
    assert hear([sent(b"x" * size) + HI]) == [b"x" * size, b"hi"]


@settings(deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=8))
def test_no_bytes_raise_anything_but_a_protocol_error(chunks: list[bytes]) -> None:
    failures = [heard for heard in hear(chunks) if isinstance(heard, tuple)]
    assert len(failures) <= 1


@st.composite
def nearly_right(draw: st.DrawFn) -> bytes:
    """Frames with plausible heads, so that a fuzzer gets past the first two bytes."""
    first = draw(st.sampled_from([0x81, 0x82, 0x01, 0x02, 0x00, 0x80, 0x88, 0x89, 0x8A, 0xC1, 0x41]))
    payload = draw(st.binary(max_size=130) | st.text(max_size=60).map(str.encode))
    return sent(payload, first, draw(st.sampled_from([0, 0, 0, 2, 8]) if len(payload) > 125 else st.just(0)))


@settings(max_examples=200, deadline=None)
@given(st.lists(nearly_right(), max_size=8).map(b"".join), st.integers(1, 40))
def test_likely_bytes_mean_the_same_in_any_pieces(data: bytes, size: int) -> None:
    def mirror(payload: bytes, limit: int) -> bytes:
        return payload[::-1][:limit]

    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    assert hear(pieces, inflate=mirror) == hear([data], inflate=mirror)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xf1\x80", 1002),
        (b"\x83\x80", 1002),
        (b"\x81\x00", 1002),
        (b"\x89\xfe", 1002),
        (b"\x81\xfe\x00\x7d", 1002),
        (b"\x81\xff" + (1 << 63).to_bytes(8), 1002),
        (head(0x81, 70_001), 1009),
        (head(0x81, 100) + apply_mask(b"ab\xff", MASK), 1007),
        (head(0x01, 1000) + apply_mask(b"ab\xf4\x90", MASK), 1007),
        (sent(b"ab\xce", 0x01) + head(0x00, 9) + apply_mask(b"a", MASK), 1007),
    ],
)
def test_a_wrong_byte_is_told_as_soon_as_it_is_there(data: bytes, code: int) -> None:
    frames = Frames(LIMITS)
    frames.feed(data[:-1])
    assert frames.next() is None
    frames.feed(data[-1:])
    with pytest.raises(ProtocolError) as caught:
        frames.next()
    assert caught.value.code == code


def test_frames_wait_untaken_and_an_end_is_final() -> None:
    frames = Frames(LIMITS)
    frames.feed(HI + sent(b"you")[:4])
    assert frames.next() == b"hi"
    assert frames.buffered == 4
    frames.feed(sent(b"you")[4:] + close(1000) + HI)
    assert frames.next() == b"you"
    assert frames.next() == Close(1000, "")
    frames.feed(HI)
    assert (frames.next(), frames.buffered) == (None, 0)


def test_the_rest_of_a_payload_is_no_frame_even_if_it_looks_like_one() -> None:
    rest = apply_mask(HI, MASK)  # masked again it is a whole frame, as the next chunk begins
    assert hear([head(0x82, 4 + len(HI)) + b"....", HI]) == [Binary(apply_mask(b"....", MASK) + rest)]


@pytest.mark.parametrize(("frame_limit", "message_limit"), [(5, 9), (9, 5)])
def test_the_smaller_limit_holds_for_a_text_in_one_frame(frame_limit: int, message_limit: int) -> None:
    limits = FrameLimits(frame_limit, message_limit, 2)
    assert hear([sent(b"12345")], limits) == [b"12345"]
    assert agrees(hear([sent(b"123456")], limits), [Failed(1009, "5")])


def test_only_the_first_frame_says_whether_a_message_is_compressed() -> None:
    asked: list[tuple[bytes, int]] = []

    def inflate(payload: bytes, limit: int) -> bytes:
        asked.append((payload, limit))
        return b"inflated " + payload

    data = sent(b"a\xff", RSV1 | TEXT) + sent(b"", FIN | PING) + sent(b"b", FIN) + HI + sent(b"c", FIN | RSV1 | BINARY)
    failed = hear([data], inflate=inflate)
    assert failed == [Ping(b""), (1007, "Text has to be UTF-8, but has 0xff out of place.")]
    heard = hear([data.replace(sent(b"a\xff", RSV1 | TEXT), sent(b"a", RSV1 | TEXT))], inflate=inflate)
    assert heard == [Ping(b""), b"inflated ab", b"hi", Binary(b"inflated c")]
    assert asked == [(b"a\xffb", 80_000), (b"ab", 80_000), (b"c", 80_000)]


def test_an_idle_connection_is_small() -> None:
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    idle = [Frames(LIMITS) for _ in range(1000)]
    for frames in idle:
        frames.feed(sent(b"x" * 200))
        assert frames.next() is not None
        assert frames.next() is None
    each = (tracemalloc.get_traced_memory()[0] - before) / len(idle)
    tracemalloc.stop()
    assert each < 200
    assert not hasattr(idle[0], "__dict__")


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_a_server_frame_has_the_shortest_length_and_no_mask(size: int) -> None:
    short, middle, long = (
        bytes((0x81, size & 127)),
        struct.pack("!BBH", 0x81, 126, size & 0xFFFF),
        struct.pack("!BBQ", 0x81, 127, size),
    )
    start = short if size < 126 else middle if size < 65_536 else long
    assert frame(b"x" * size) == start + b"x" * size


def test_a_server_frame_has_its_opcode_and_its_mark() -> None:
    assert frame(b"a", PONG) == b"\x8a\x01a"
    assert frame(b"a", rsv1=True) == b"\xc1\x01a"
    assert frame(b"", CONTINUATION) == b"\x80\x00"


def test_a_close_frame_cuts_its_reason_between_characters() -> None:
    assert close_frame(1000) == b"\x88\x02\x03\xe8"
    assert close_frame(1005, "unheard") == b"\x88\x00"
    assert close_frame(4008, "late") == b"\x88\x06\x0f\xa8late"
    assert close_frame(1000, "x" * 124) == b"\x88\x7d\x03\xe8" + b"x" * 123
    assert close_frame(1000, "x" * 122 + "é") == b"\x88\x7c\x03\xe8" + b"x" * 122
    assert close_frame(1000, "x\ud800") == b"\x88\x04\x03\xe8x?"


@pytest.mark.parametrize(
    "case", [case for case in CASES if isinstance(case.means[-1], Failed)], ids=lambda case: case.says
)
def test_every_reason_fits_a_close_frame_uncut(case: Case) -> None:
    told = hear([case.data])[-1]
    assert isinstance(told, tuple)
    assert close_frame(*told).endswith(told[1].encode())
