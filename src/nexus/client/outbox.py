"""Messages on their way: each keeps its nonce until the server says that it is stored."""

import secrets
import time
from dataclasses import dataclass

from nexus.protocol.commands import Post
from nexus.protocol.types import Ref


@dataclass
class Waiting:
    """A message that is not known to be stored."""

    nonce: str
    room: str
    text: str
    reply_to: int | None = None


def prefix() -> str:
    """What one process's nonces begin with: its start, so that the server finds neighbours together, and chance."""
    return f"{time.time_ns() // 1_000_000_000:x}{secrets.token_hex(5)}"


class Outbox:
    """Keeps messages in order; sending one again changes nothing but that it arrives."""

    def __init__(self, begins: str | None = None) -> None:
        self._prefix = prefix() if begins is None else begins
        self._count = 0
        self._waiting: dict[str, Waiting] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, room: str, text: str, reply_to: int | None = None) -> Waiting:
        """Take a message; it waits until `settle`."""
        self._count += 1
        waiting = Waiting(f"{self._prefix}-{self._count:06x}", room, text, reply_to)
        self._waiting[waiting.nonce] = waiting
        return waiting

    def get(self, nonce: str) -> Waiting | None:
        """A message that waits."""
        return self._waiting.get(nonce)

    def settle(self, ref: Ref | None) -> Waiting | None:
        """The server has answered for this ref (a post's is its nonce): it waits no more."""
        return self._waiting.pop(str(ref), None)

    def posts(self) -> list[Post]:
        """Everything that waits, in order, as commands."""
        return [self.command(waiting) for waiting in self._waiting.values()]

    def command(self, waiting: Waiting) -> Post:
        """The command that sends a message, always the same one."""
        return Post(
            ref=waiting.nonce,
            room=waiting.room,
            text=waiting.text,
            nonce=waiting.nonce,
            reply_to=waiting.reply_to,
        )
