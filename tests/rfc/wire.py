"""The wire as the RFCs describe it, written a second time: what a client sends, and what a server's bytes mean.

Nothing here comes from Nexus, so that its frames are not judged by themselves.
"""

import zlib
from collections.abc import Iterator
from typing import NamedTuple

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
FIN, RSV1, RSV2, RSV3 = 0x80, 0x40, 0x20, 0x10
MASK = b"\x37\xfa\x21\x3d"
TAIL = b"\x00\x00\xff\xff"


def xor(payload: bytes, mask: bytes = MASK) -> bytes:
    """A payload masked, or unmasked (RFC 6455 section 5.3)."""
    whole = (mask * (len(payload) // 4 + 1))[: len(payload)]
    return (int.from_bytes(payload) ^ int.from_bytes(whole)).to_bytes(len(payload))


def head(length: int, first: int = FIN | TEXT, *, wide: int = 0, mask: bytes = MASK) -> bytes:
    """The head of a client's frame, its length in `wide` bytes where the shortest form is not wanted."""
    wide = wide or (1 if length < 126 else 2 if length < 65_536 else 8)
    if wide == 1:
        return bytes((first, 0x80 | length)) + mask
    return bytes((first, 0x80 | (126 if wide == 2 else 127))) + length.to_bytes(wide) + mask


def frame(payload: bytes, first: int = FIN | TEXT, *, wide: int = 0, mask: bytes = MASK) -> bytes:
    """A client's frame."""
    return head(len(payload), first, wide=wide, mask=mask) + xor(payload, mask)


def close(code: int, reason: bytes = b"") -> bytes:
    """A client's close frame."""
    return frame(code.to_bytes(2) + reason, FIN | CLOSE)


def fragments(*payloads: bytes, opcode: int = TEXT) -> bytes:
    """A message in so many frames; `opcode` may carry RSV1."""
    firsts = [opcode, *[CONTINUATION] * (len(payloads) - 1)]
    firsts[-1] |= FIN
    return b"".join(frame(payload, first) for payload, first in zip(payloads, firsts, strict=True))


def deflate(payload: bytes, bits: int = 15, level: int = 6) -> bytes:
    """A message as permessage-deflate sends it, in a window of its own (RFC 7692 section 7.2.1)."""
    deflater = zlib.compressobj(level, zlib.DEFLATED, -bits)
    return (deflater.compress(payload) + deflater.flush(zlib.Z_SYNC_FLUSH)).removesuffix(TAIL)


def squeezed(payload: bytes, opcode: int = TEXT) -> bytes:
    """A compressed message in one frame."""
    return frame(deflate(payload), FIN | RSV1 | opcode)


class Heard(NamedTuple):
    """One message or control frame of a server; of a close, only its code."""

    opcode: int
    payload: bytes


def read(data: bytes, *, compressed: bool = False) -> Iterator[Heard]:
    """What a server's bytes mean; an AssertionError names the rule that they break.

    Nexus sends each message in one frame, so that is all this reader knows; `compressed`: permessage-deflate was
    agreed on without context takeover.
    """
    at, over = 0, False
    while at < len(data):
        assert not over, "RFC 6455 5.5.1: nothing follows a close frame"
        first, second = data[at], data[at + 1]
        assert second < 0x80, "RFC 6455 5.1: a server masks nothing"
        length, at = second, at + 2
        if second > 125:
            wide = 2 if second == 126 else 8
            length, at = int.from_bytes(data[at : at + wide]), at + wide
            assert length > (125 if wide == 2 else 65_535), "RFC 6455 5.2: a length has its shortest form"
        payload, at = data[at : at + length], at + length
        assert at <= len(data), "the last frame is cut"
        heard = _understand(first, payload, compressed)
        over = heard.opcode == CLOSE
        yield heard


def _understand(first: int, payload: bytes, compressed: bool) -> Heard:
    opcode = first & 0x0F
    assert first & FIN, "Nexus does not fragment"
    assert not first & (RSV2 | RSV3), "RFC 6455 5.2: RSV2 and RSV3 are 0"
    assert opcode in (TEXT, BINARY, CLOSE, PING, PONG), f"RFC 6455 5.2: the opcode {opcode} is reserved"
    if first & RSV1:
        assert compressed, "RFC 6455 5.2: RSV1 is 0 where nothing was agreed on"
        assert opcode in (TEXT, BINARY), "RFC 7692 6: only messages are compressed"
        payload = zlib.decompressobj(-15).decompress(payload + TAIL)
    if opcode in (CLOSE, PING, PONG):
        assert len(payload) <= 125, "RFC 6455 5.5: a control frame has at most 125 bytes"
    if opcode == CLOSE and payload:
        assert len(payload) >= 2, "RFC 6455 5.5.1: a close frame begins with a code"
        assert wrong_at(payload[2:]) is None, "RFC 6455 5.5.1: a reason is UTF-8"
        return Heard(CLOSE, payload[:2])
    if opcode == TEXT:
        assert wrong_at(payload) is None, "RFC 6455 5.6: a text is UTF-8"
    return Heard(opcode, payload)


def wrong_at(text: bytes, *, whole: bool = True) -> int | None:
    """Where bytes stop being UTF-8 (RFC 3629 section 4): the first byte that no text can have there.

    Bytes that end inside a character are wrong at their end if they are the `whole` text, else they may go on.
    """
    at = 0
    while at < len(text):
        first = text[at]
        size = 1 if first < 0x80 else 2 if 0xC2 <= first < 0xE0 else 3 if 0xE0 <= first < 0xF0 else 4
        if 0x80 <= first < 0xC2 or first > 0xF4:
            return at
        for step in range(1, size):
            if at + step == len(text):
                return at + step if whole else None
            if not _may_follow(first, text[at + step], step):
                return at + step
        at += size
    return None


def _may_follow(first: int, byte: int, step: int) -> bool:
    if step == 1 and first in (0xE0, 0xED, 0xF0, 0xF4):
        low, high = {0xE0: (0xA0, 0xBF), 0xED: (0x80, 0x9F), 0xF0: (0x90, 0xBF), 0xF4: (0x80, 0x8F)}[first]
        return low <= byte <= high
    return 0x80 <= byte <= 0xBF
