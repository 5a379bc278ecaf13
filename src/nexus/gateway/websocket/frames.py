"""The frame layer of RFC 6455 for a server: one client's bytes in, whole messages out; no I/O, no clock."""

import codecs
import struct
from collections.abc import Callable

import msgspec

try:
    from websockets.speedups import apply_mask
except ImportError:  # no compiled part for this platform: the same, as one XOR of two big integers
    from websockets.utils import apply_mask

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_FIN, _RSV1, _RSV2_RSV3, _OPCODE = 0x80, 0x40, 0x30, 0x0F
_MASKED = 0x80
_WHOLE_TEXT = _FIN | TEXT
_SHORT = [bytes((_WHOLE_TEXT, length)) for length in range(126)]
_LONGER = struct.Struct("!BBH").pack
_DATA_FLAGS = (0, _FIN, _RSV1, _FIN | _RSV1)
_FIRST_BYTES = frozenset(
    [flags | opcode for flags in _DATA_FLAGS for opcode in (CONTINUATION, TEXT, BINARY)]
    + [_FIN | opcode for opcode in (CLOSE, PING, PONG)]
)

NO_CODE = 1005
"""What a close frame without a code means; no frame carries it (RFC 6455 section 7.4.1)."""

Inflate = Callable[[bytes, int], bytes]
"""Undoes the compression of a message of at most so many bytes; raises ProtocolError. See `deflate.inflate`."""


class ProtocolError(Exception):
    """The client broke the protocol: close with `code` and `reason` (RFC 6455 section 7.4), read nothing more."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class FrameLimits(msgspec.Struct, frozen=True):
    """Bytes of a frame, bytes of a message (inflated too), frames of a message; what is over is a 1009."""

    frame: int
    message: int
    fragments: int


class Binary(msgspec.Struct, frozen=True, gc=False):
    """A whole binary message."""

    payload: bytes


class Ping(msgspec.Struct, frozen=True, gc=False):
    """A ping, to be answered with a pong of the same payload (RFC 6455 section 5.5.2)."""

    payload: bytes


class Pong(msgspec.Struct, frozen=True, gc=False):
    """A pong, whether asked for or not (RFC 6455 section 5.5.3)."""

    payload: bytes


class Close(msgspec.Struct, frozen=True, gc=False):
    """The client's last frame (RFC 6455 section 5.5.1); `code` is NO_CODE where it gave none."""

    code: int
    reason: str


Incoming = bytes | Binary | Ping | Pong | Close
"""What a client sends. A text message, by far the most frequent, is bare bytes, known to be valid UTF-8."""


def frame(payload: bytes, opcode: int = TEXT, rsv1: bool = False) -> bytes:
    """A server's frame: whole and unmasked; `rsv1` says that the payload is compressed (RFC 7692 section 6)."""
    length = len(payload)
    if opcode == TEXT and not rsv1 and length < 65_536:  # nearly all are
        return _SHORT[length] + payload if length < 126 else _LONGER(_WHOLE_TEXT, 126, length) + payload
    first = _FIN | opcode | (_RSV1 if rsv1 else 0)
    if length < 126:
        return bytes((first, length)) + payload
    if length < 65_536:
        return _LONGER(first, 126, length) + payload
    return struct.pack("!BBQ", first, 127, length) + payload


def close_frame(code: int, reason: str = "") -> bytes:
    """A close frame, its reason cut between two characters to fit 123 bytes; an empty one for NO_CODE."""
    if code == NO_CODE:
        return frame(b"", CLOSE)
    cut = reason.encode("utf-8", "replace")[:123].decode("utf-8", "ignore")
    return frame(code.to_bytes(2) + cut.encode(), CLOSE)


class Frames:
    """What one client's bytes mean: give it bytes with `feed`, take what they hold, one by one, with `next`.

    The caller may stop taking at any point; the rest waits as bytes, bounded by what the caller feeds meanwhile.
    A data frame longer than the bytes at hand is taken as it comes, so that its text is checked early.
    """

    __slots__ = ("_at", "_data", "_inflate", "_limits", "_message", "_most", "_over", "fragments")

    def __init__(self, limits: FrameLimits, inflate: Inflate | None = None) -> None:
        """Without `inflate` no compression was negotiated, and RSV1 is an error."""
        self._limits = limits
        self._most = min(limits.frame, limits.message)
        self._inflate = inflate
        self._data = b""
        self._at = 0  # what comes before has been taken
        self._message: _Message | None = None  # the one that has begun and not ended
        self._over = False
        self.fragments = 0  # continuations begun since the caller last set it to 0

    @property
    def buffered(self) -> int:
        """Bytes that wait to be taken."""
        return len(self._data) - self._at

    def feed(self, data: bytes) -> None:
        """Keep bytes for `next`; after a close frame or an error they are dropped."""
        if self._over:
            return
        self._data = self._data[self._at :] + data if self._at < len(self._data) else data
        self._at = 0

    def next(self) -> Incoming | None:
        """The next whole thing, or None until more bytes come; raises ProtocolError, once and last."""
        data, at = self._data, self._at
        if at == len(data):
            self._data, self._at = b"", 0  # an idle connection keeps no chunk alive
            return None
        try:
            # Nearly every frame is one short text, all of it here: `_next` could take it too, in twice the time.
            if len(data) - at >= 8 and data[at] == _WHOLE_TEXT and self._message is None:
                marked = data[at + 1]
                if marked < _MASKED + 126:
                    length, least, start = marked - _MASKED, 0, at + 6
                else:
                    length, least, start = data[at + 2] << 8 | data[at + 3], 126, at + 8
                end = start + length
                if marked <= _MASKED + 126 and least <= length <= self._most and end <= len(data):
                    self._at = end
                    text = apply_mask(data[start:end], data[start - 4 : start])
                    return text if text.isascii() else _valid(text)
            taken = self._next()
        except ProtocolError:
            self._stop()
            raise
        if self._at == len(self._data):
            self._data, self._at = b"", 0
        return taken

    def _next(self) -> Incoming | None:
        data = self._data
        while True:
            message = self._message
            if message is None or not message.missing:
                head = _read_head(data, self._at)
                if head is None:
                    return None
                first, length, start = head
                if first & _OPCODE >= CLOSE:
                    return self._take_control(first & _OPCODE, start, start + length)
                message = self._begin(first, length)
                message.mask = data[start - 4 : start]
                self._at = start
            self._at = message.take(data, self._at)
            if message.missing:
                return None
            if message.final:
                return self._end(message)

    def _take_control(self, opcode: int, start: int, end: int) -> Incoming | None:
        """A control frame once all of it is here; it may come between the frames of a message."""
        if end > len(self._data):
            return None
        payload = apply_mask(self._data[start:end], self._data[start - 4 : start])
        self._at = end
        if opcode == PING:
            return Ping(payload)
        if opcode == PONG:
            return Pong(payload)
        self._stop()
        return _read_close(payload)

    def _begin(self, first: int, length: int) -> "_Message":
        """Let in a data frame by its head alone (RFC 6455 section 5.4), before any of its payload is kept."""
        message, opcode, rsv1 = self._message, first & _OPCODE, bool(first & _RSV1)
        if opcode != CONTINUATION:
            if message is not None:
                raise ProtocolError(1002, "A message began before the last one ended; continue it with opcode 0.")
            if rsv1 and self._inflate is None:
                raise ProtocolError(1002, "RSV1 is set, but no compression was negotiated.")
            message = _Message(opcode, rsv1)
        elif message is None:
            raise ProtocolError(1002, "A continuation came, but no message has begun.")
        elif rsv1:
            raise ProtocolError(1002, "RSV1 is set on a continuation; it belongs on a message's first frame.")
        else:
            self.fragments += 1
        self._bound(message, length)
        message.final = bool(first & _FIN)
        message.missing = length
        self._message = message
        return message

    def _bound(self, message: "_Message", length: int) -> None:
        limits = self._limits
        message.fragments += 1
        if message.fragments > limits.fragments:
            raise ProtocolError(1009, f"A message has at most {limits.fragments} frames here.")
        if length > limits.frame:
            raise ProtocolError(1009, f"A frame of {length} bytes is too long; at most {limits.frame} are taken.")
        if len(message.payload) + length > limits.message:
            raise ProtocolError(1009, f"A message has at most {limits.message} bytes here.")

    def _end(self, message: "_Message") -> Incoming:
        self._message = None
        payload = bytes(message.payload)
        if message.compressed and self._inflate is not None:
            payload = self._inflate(payload, self._limits.message)
            if message.opcode == TEXT:
                _valid(payload)
        return payload if message.opcode == TEXT else Binary(payload)

    def _stop(self) -> None:
        self._over = True
        self._data, self._at, self._message = b"", 0, None


class _Message:
    """A data message on its way: what has come of it, and how its current frame goes on."""

    __slots__ = ("checked", "compressed", "final", "fragments", "mask", "missing", "opcode", "payload")

    def __init__(self, opcode: int, compressed: bool) -> None:
        self.opcode = opcode
        self.compressed = compressed
        self.payload = bytearray()  # of all its frames, unmasked
        self.checked = 0  # so many bytes of it are whole UTF-8 characters
        self.fragments = 0
        self.final = False
        self.missing = 0  # bytes of the current frame that are still to come
        self.mask = b""  # for the first of them

    def take(self, data: bytes, at: int) -> int:
        """Add what there is of the current frame from `at` on; returns where that ends."""
        end = min(at + self.missing, len(data))
        part = apply_mask(data[at:end], self.mask)
        self.payload += part
        self.missing -= len(part)
        turn = len(part) % 4
        self.mask = self.mask[turn:] + self.mask[:turn]
        if self.opcode == TEXT and not self.compressed:
            self._check(part)
        return end

    def _check(self, part: bytes) -> None:
        """Refuse text as soon as it cannot be UTF-8 any more (RFC 6455 section 8.1)."""
        if part.isascii() and self.checked + len(part) == len(self.payload):
            self.checked += len(part)
            return
        ends_here = self.final and not self.missing
        try:
            _, used = codecs.utf_8_decode(self.payload[self.checked :], "strict", ends_here)
        except UnicodeDecodeError as error:
            raise _not_utf8(error) from None
        self.checked += used
        rest = self.payload[self.checked :]
        if rest[:1] == b"\xed" and rest[1:2] >= b"\xa0":  # half a surrogate: the decoder waits for its third byte
            raise _not_utf8(UnicodeDecodeError("utf-8", bytes(rest), 0, 2, "surrogate"))


def _read_head(data: bytes, at: int) -> tuple[int, int, int] | None:
    """First byte, length and start of payload of the frame at `at` (RFC 6455 section 5.2); None where it is cut."""
    have = len(data) - at
    if have < 2:
        return None
    first, length, start = data[at], data[at + 1] - _MASKED, at + 6
    if first not in _FIRST_BYTES:
        raise _bad_first_byte(first)
    if length < 0:
        raise ProtocolError(1002, "A client masks every frame (RFC 6455 section 5.1).")
    if length > 125:
        if first & _OPCODE >= CLOSE:
            raise ProtocolError(1002, "A control frame carries at most 125 bytes.")
        wide = 2 if length == 126 else 8
        if have < 2 + wide:
            return None
        length = int.from_bytes(data[at + 2 : at + 2 + wide])
        if length < (126 if wide == 2 else 65_536):
            raise ProtocolError(1002, f"The length {length} has to be written in its shortest form.")
        if length >= 1 << 63:
            raise ProtocolError(1002, "The top bit of a frame's length has to be 0.")
        start += wide
    return (first, length, start) if start <= len(data) else None


def _bad_first_byte(first: int) -> ProtocolError:
    opcode = first & _OPCODE
    if first & _RSV2_RSV3:
        return ProtocolError(1002, "RSV2 and RSV3 have to be 0: no extension uses them.")
    if opcode not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
        return ProtocolError(1002, f"The opcode {opcode} is reserved.")
    if first & _RSV1:
        return ProtocolError(1002, "RSV1 is set on a control frame; only messages are compressed.")
    return ProtocolError(1002, "A control frame may not be fragmented.")


def _read_close(payload: bytes) -> Close:
    """The body of a close frame (RFC 6455 sections 5.5.1 and 7.4)."""
    if not payload:
        return Close(NO_CODE, "")
    code = int.from_bytes(payload[:2])
    if len(payload) == 1:
        raise ProtocolError(1002, "A close frame carries no body or a code of two bytes.")
    if not (1000 <= code <= 1014 or 3000 <= code <= 4999) or code in (1004, 1005, 1006):
        raise ProtocolError(1002, f"A close frame may not carry the code {code}.")
    return Close(code, _valid(payload[2:]).decode())


def _valid(text: bytes) -> bytes:
    """The same bytes, which are UTF-8."""
    if not text.isascii():  # ten times as fast as decoding, and true for most
        try:
            text.decode()
        except UnicodeDecodeError as error:
            raise _not_utf8(error) from None
    return text


def _not_utf8(error: UnicodeDecodeError) -> ProtocolError:
    return ProtocolError(1007, f"Text has to be UTF-8, but has {error.object[error.start]:#04x} out of place.")
