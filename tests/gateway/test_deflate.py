"""permessage-deflate against RFC 7692: what is compressed, and what is inflated."""

import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.gateway.websocket.deflate import WINDOW_BITS, compress, inflate
from nexus.gateway.websocket.frames import ProtocolError

HELLO = bytes.fromhex("f248cdc9c90700")


@given(st.binary(max_size=3000))
def test_what_is_compressed_inflates_to_the_same(payload: bytes) -> None:
    assert inflate(compress(payload), len(payload)) == payload


def test_a_message_is_compressed_without_its_tail() -> None:
    assert compress(b"Hello") == HELLO
    assert compress(b"") == b"\x00"
    assert compress(b"Hello") == compress(b"Hello")


def test_our_window_is_as_small_as_we_say() -> None:
    noise = bytes(range(256)) * 2
    payload = noise[:300] + b"x" * (1 << WINDOW_BITS) + noise[:300]
    inflater = zlib.decompressobj(-WINDOW_BITS)
    assert inflater.decompress(compress(payload) + b"\x00\x00\xff\xff") == payload


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (HELLO, b"Hello"),  # RFC 7692 section 7.2.3.1
        (bytes.fromhex("000500faff48656c6c6f00"), b"Hello"),  # 7.2.3.3, a block without compression
        (bytes.fromhex("f348cdc9c9070000"), b"Hello"),  # 7.2.3.4, a block marked as the last
        (bytes.fromhex("f24805000000ffffcac9c90700"), b"Hello"),  # 7.2.3.5, two blocks
        (bytes.fromhex("f348cdc9c90700") + HELLO, b"HelloHello"),  # a last block, and one after it
        (bytes.fromhex("f348cdc9c90700") * 15 + b"\x00", b"Hello" * 15),
        (b"\x00", b""),  # 7.2.3.6
    ],
)
def test_every_form_of_the_rfc_inflates(payload: bytes, message: bytes) -> None:
    assert inflate(payload, len(message)) == message


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"Hello",
        b"\xff\xff",
        HELLO[:-1],
        HELLO[:3],
        HELLO + b"\x00",
        compress(b"hear, hear, hear" * 9)[:-3],
        bytes.fromhex("f348cdc9c90700"),  # ends in a last block, and lacks the empty one
        bytes.fromhex("f348cdc9c90700") * 16 + b"\x00",
        bytes.fromhex("00ffff0000") + b"Hello",  # a block of 65,535 bytes, of which 5 are there
    ],
)
def test_a_truncated_deflate_stream_is_refused(payload: bytes) -> None:
    with pytest.raises(ProtocolError) as caught:
        inflate(payload, 1000)
    assert caught.value.code == 1007
    assert "broken or cut" in caught.value.reason


def test_a_message_that_refers_to_the_one_before_is_refused() -> None:
    deflater = zlib.compressobj(wbits=-15)
    texts = [deflater.compress(b"the same long text again") + deflater.flush(zlib.Z_SYNC_FLUSH) for _ in "12"]
    assert inflate(texts[0][:-4], 99) == b"the same long text again"
    with pytest.raises(ProtocolError, match="1007"):
        inflate(texts[1][:-4], 99)


@pytest.mark.parametrize("size", [1, 100, 20_000])
def test_a_message_may_be_as_long_as_the_limit_and_no_longer(size: int) -> None:
    assert inflate(compress(b"x" * size), size) == b"x" * size
    with pytest.raises(ProtocolError, match=f"1009.* {size - 1} "):
        inflate(compress(b"x" * size), size - 1)


def test_the_limit_holds_over_several_streams() -> None:
    twice = bytes.fromhex("f348cdc9c90700") + HELLO
    assert inflate(twice, 10) == b"HelloHello"
    for limit in (4, 5, 9):
        with pytest.raises(ProtocolError, match="1009"):
            inflate(twice, limit)


def test_a_bomb_is_inflated_up_to_the_limit_only() -> None:
    limit, bomb = 100_000, compress(bytes(50_000_000))
    tracemalloc.start()
    with pytest.raises(ProtocolError, match="1009"):
        inflate(bomb, limit)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    small = 65_536  # zlib's own window and state
    assert peak < 2 * len(bomb) + 2 * limit + small
