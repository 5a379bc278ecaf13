"""How listeners want their frames: plain, or deflated with one compression for all of them."""

from collections.abc import Sequence

from nexus.gateway.deflate import compress
from nexus.gateway.frames import frame

WORTH_DEFLATING = 200
"""Payloads shorter than this, in bytes, barely shrink; they are sent as they are (RFC 7692 section 6)."""


class Plain:
    """One text frame per payload."""

    def frames(self, payloads: Sequence[bytes]) -> bytes:
        """The payloads as frames, joined."""
        return b"".join(map(frame, payloads))


class Deflated:
    """One text frame per payload, compressed where it is worth it."""

    def frames(self, payloads: Sequence[bytes]) -> bytes:
        """The payloads as frames, joined."""
        return b"".join(
            [
                frame(payload) if len(payload) < WORTH_DEFLATING else frame(compress(payload), rsv1=True)
                for payload in payloads
            ]
        )


PLAIN = Plain()
DEFLATED = Deflated()
