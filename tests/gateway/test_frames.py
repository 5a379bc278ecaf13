"""The frame layer where no RFC speaks: what waits, what it weighs, and what the server sends (see tests/rfc)."""

import struct
import tracemalloc
from collections.abc import Iterable
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.utils import apply_mask

from nexus.gateway.websocket import frames as module
from nexus.gateway.websocket.deflate import inflate
from nexus.gateway.websocket.frames import (
    CLOSE,
    CONTINUATION,
    PONG,
    TEXT,
    Binary,
    Close,
    FrameLimits,
    Frames,
    Incoming,
    Inflate,
    ProtocolError,
    close_frame,
    frame,
)
from tests.rfc.cases import FRAGMENTS, LIMIT, Case
from tests.rfc.table import CASES

LIMITS = FrameLimits(frame=70_000, message=80_000, fragments=4)
DEFAULTS = FrameLimits(LIMIT, LIMIT, FRAGMENTS)
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


@pytest.mark.parametrize("case", [case for case in CASES if case.ends], ids=lambda case: case.name)
def test_every_reason_fits_a_close_frame_uncut(case: Case) -> None:
    told = hear([case.sent], DEFAULTS, inflate if case.compressed else None)[-1]
    assert isinstance(told, Close) or (isinstance(told, tuple) and close_frame(*told).endswith(told[1].encode()))
