"""Compression of messages: permessage-deflate (RFC 7692), each message on its own.

Neither side keeps a window from one message to the next. So one compression of a message serves everyone who
negotiated it, whenever they came, and a connection keeps no memory for it.
"""

import re
import zlib

from nexus.gateway.websocket.frames import ProtocolError

WINDOW_BITS = 12
"""Our window is 4 KiB: most messages are shorter, and the state behind 32 KiB can cost ten times the time."""

_MEMORY_LEVEL = 5
_LEVEL = 3  # long texts in half the time of the default 6, and 2 % larger
_TAIL = b"\x00\x00\xff\xff"
_LAST_BLOCK = b"\x01\x00\x00\xff\xff"  # empty; a payload that is cut anywhere does not end in it
_MOST_STREAMS = 16

_EXTENSION = "permessage-deflate"
_BITS = frozenset(map(str, range(8, 16)))
_CHAR = r"[!#$%&'*+.^_`|~0-9A-Za-z-]"
_VALUE = rf'{_CHAR}+|"(?:\\?{_CHAR})+"'
_PARAMETER = re.compile(rf"({_CHAR}+)(?:[ \t]*=[ \t]*({_VALUE}))?")
_NAME = re.compile(f"{_CHAR}+")


def well_formed(offers: str) -> bool:
    """Whether this is a list of extensions at all; a handshake with any other is refused (RFC 6455 section 9.1).

    It may be empty, though the RFC wants one element: clients in wide use send the header without any.
    """
    listed = [_split(offer) for offer in offers.split(",") if offer.strip(" \t")]
    return all(_NAME.fullmatch(name) and all(map(_PARAMETER.fullmatch, rest)) for name, *rest in listed)


def _split(offer: str) -> list[str]:
    """The name of an extension and its parameters; neither a token nor a quoted one has a comma or semicolon."""
    return [part.strip(" \t") for part in offer.split(";")]


def negotiate(offers: str) -> str | None:
    """The answer to a Sec-WebSocket-Extensions header: our terms for the first offer we can keep, else None.

    Offers with unknown, repeated or wrong parameters are declined (RFC 7692 section 7), and so are those that
    want our window smaller than it is (section 7.1.2.1).
    """
    for offer in offers.split(","):
        name, *parameters = _split(offer)
        asked = _read_parameters(parameters) if name == _EXTENSION else None
        if asked is None:
            continue
        answer = f"{_EXTENSION}; server_no_context_takeover; client_no_context_takeover"
        bits = asked.get("server_max_window_bits")
        if bits is None:
            return answer
        if int(bits) >= WINDOW_BITS:
            return f"{answer}; server_max_window_bits={WINDOW_BITS}"
    return None


def _read_parameters(parts: list[str]) -> dict[str, str] | None:
    """The parameters of an offer (RFC 7692 section 7.1), an empty string for no value; None if one is wrong."""
    read: dict[str, str] = {}
    for part in parts:
        match = _PARAMETER.fullmatch(part)
        if match is None or match[1] in read:
            return None
        name, value = match[1], re.sub(r'["\\]', "", match[2] or "")
        match name:
            case "server_no_context_takeover" | "client_no_context_takeover":
                right = not value
            case "server_max_window_bits":
                right = value in _BITS
            case "client_max_window_bits":
                right = not value or value in _BITS
            case _:
                right = False
        if not right:
            return None
        read[name] = value
    return read


def compress(payload: bytes) -> bytes:
    """The payload of a compressed message, to be sent with RSV1 (RFC 7692 section 7.2.1)."""
    deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, -WINDOW_BITS, _MEMORY_LEVEL)
    return (deflater.compress(payload) + deflater.flush(zlib.Z_SYNC_FLUSH)).removesuffix(_TAIL)


def inflate(payload: bytes, limit: int) -> bytes:
    """A compressed message's payload as it was (RFC 7692 section 7.2.2).

    Never inflates more than `limit` bytes and one: a longer message is a ProtocolError 1009. What is not DEFLATE,
    or is cut, is a 1007, "data within a message that was not consistent with the type of the message"
    (RFC 6455 section 7.4.1); RFC 7692 names no code.
    """
    message, rest = b"", payload + _TAIL + _LAST_BLOCK
    for _ in range(_MOST_STREAMS):
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            message += inflater.decompress(rest, limit + 1 - len(message))
        except zlib.error:
            break
        if len(message) > limit:
            raise ProtocolError(1009, f"A message has at most {limit} bytes here, inflated.")
        if not inflater.eof:
            break
        rest = inflater.unused_data  # a sender may end a stream and go on in another (section 7.2.3.4)
        if not rest:
            return message
    raise ProtocolError(1007, "A compressed message cannot be inflated: it is broken or cut.")
