"""How listeners want their frames: plain, or deflated with one compression for all of them."""

from nexus.core.tail import Message
from nexus.gateway.websocket.deflate import compress
from nexus.gateway.websocket.frames import frame
from nexus.protocol import codec

WORTH_DEFLATING = 200
"""Payloads shorter than this, in bytes, barely shrink; they are sent as they are (RFC 7692 section 6)."""


class Plain:
    """One text frame per message."""

    def encode(self, message: Message) -> bytes:
        """A message as a frame."""
        return frame(codec.encode(message))

    def frame(self, payload: bytes) -> bytes:
        """A payload as a frame, for clients that speak something else."""
        return frame(payload)


class Deflated:
    """One text frame per message, compressed where it is worth it."""

    def encode(self, message: Message) -> bytes:
        """A message as a frame."""
        return self.frame(codec.encode(message))

    def frame(self, payload: bytes) -> bytes:
        """A payload as a frame, for clients that speak something else."""
        return frame(payload) if len(payload) < WORTH_DEFLATING else frame(compress(payload), rsv1=True)


PLAIN = Plain()
DEFLATED = Deflated()
