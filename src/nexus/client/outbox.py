"""Messages on their way: each keeps its nonce until the server says that it is stored, and each room its order."""

import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from nexus.protocol.commands import Post
from nexus.protocol.types import Ref


@dataclass(eq=False)
class Waiting:
    """A message that is not known to be stored; its nonce is also the `ref` of its `post`."""

    nonce: str
    room: str
    text: str
    reply_to: int | None = None


def make_nonce(now: int, client: str, count: int) -> str:
    """The nonce of a client's message: `now` in UTC ms, what is random about the client (hex), and its count so far.

    The unique index over nonces is the largest single cost of storing a message where they are random, as each one
    then dirties another page. With the time first, in fixed width, new ones of all authors stand side by side at its
    end; the counter keeps those of one millisecond in order, and the random part apart from other clients'.
    """
    return f"{now:012x}{client}{count & 0xFFFFFF:06x}"


def _now() -> int:
    return time.time_ns() // 1_000_000


class Outbox:
    """Keeps messages in order: of each room one is on its way, and the next one only when that has its answer.

    So a message that is refused for now holds back those behind it. Sending one again, on another connection,
    changes nothing but that it arrives.
    """

    def __init__(self, clock: Callable[[], int] = _now) -> None:
        self._clock = clock
        self._client = secrets.token_hex(5)
        self._count = 0
        self._waiting: dict[str, Waiting] = {}
        self._rooms: dict[str, deque[Waiting]] = {}
        self._sent: set[str] = set()
        self._held: set[str] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def waiting(self) -> list[Waiting]:
        """What is not known to be stored, in the order in which it was said."""
        return list(self._waiting.values())

    def add(self, room: str, text: str, reply_to: int | None = None) -> Waiting:
        """Take a message; it waits until `settle`."""
        self._count += 1
        waiting = Waiting(make_nonce(self._clock(), self._client, self._count), room, text, reply_to)
        self._waiting[waiting.nonce] = waiting
        self._rooms.setdefault(room, deque()).append(waiting)
        return waiting

    def due(self) -> list[Post]:
        """What to send now: the first message of each room, where it is not on its way; from now on it is."""
        first = [line[0] for line in self._rooms.values() if line[0].nonce not in self._sent]
        self._sent.update(one.nonce for one in first)
        return [
            Post(ref=one.nonce, room=one.room, text=one.text, nonce=one.nonce, reply_to=one.reply_to) for one in first
        ]

    def settle(self, ref: Ref | None) -> Waiting | None:
        """The server has answered for this ref for good: it waits no more, and the next one of its room is due."""
        waiting = self._waiting.pop(str(ref), None)
        if waiting is not None:
            self._sent.discard(waiting.nonce)
            self._held.discard(waiting.nonce)
            line = self._rooms[waiting.room]
            line.remove(waiting)
            if not line:
                del self._rooms[waiting.room]
        return waiting

    def hold(self, ref: Ref | None) -> bool:
        """The server refused this one for now: it waits for `release`; false where no such message is on its way."""
        if ref not in self._sent:
            return False
        self._held.add(str(ref))
        return True

    def release(self, nonce: str) -> None:
        """The time to wait is over: it is due once more, where it has not gone out on another connection since."""
        if nonce in self._held:
            self._held.discard(nonce)
            self._sent.discard(nonce)

    def move(self, before: str, room: str) -> None:
        """A room has another name: what is for it goes there, and nowhere else."""
        line = self._rooms.pop(before, None)
        for one in line or ():
            one.room = room
        if line:
            self._rooms[room] = deque([*line, *self._rooms.get(room, ())])

    def lost(self) -> None:
        """The connection is gone, and with it the answers: what was on its way is due again on the next."""
        self._sent.clear()
        self._held.clear()
