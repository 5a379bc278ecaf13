"""A room's log as the server holds it.

An author is one number: an account's id (above zero), or a guest's session id negated (below zero).
"""

from typing import NamedTuple

import msgspec

from nexus.protocol.events import RoomEvent
from nexus.protocol.types import HereName


class Record(msgspec.Struct, gc=False):
    """One event of a room's log, with what only the server knows of it.

    The same object is posted, stored and delivered: the store gives the event its `seq` and its final `at`. `names`
    are those that a new message may mention, as `core.mentions` finds them; whom they are is decided when it is stored.
    `earlier` is the guest that an account's session began as, 0 where it did not: what they said, and their nonces, are
    this author's too. What is `checked` is stored only where its author may say something in the room by then.
    `here` says whose `@here` mentions everyone.
    """

    room: int
    author: int
    event: RoomEvent
    nonce: str | None = None
    names: tuple[str, ...] = ()
    earlier: int = 0
    checked: bool = False
    here: HereName = "everyone"


AHEAD = 2 * 3_600_000
"""Milliseconds by which a room may be ahead of the clock, as after it was set back: enough for a wrong time zone."""


def time_after(last: int, now: int) -> int:
    """The time of an event: never before the last one's, unless that was far ahead since a clock was wrong then."""
    return max(now, min(last, now + AHEAD))


class Reaction(NamedTuple):
    """An emoji that someone put on a message, with the event `seq`; `by` is their name as of now."""

    seq: int
    emoji: str
    author: int
    by: str


class Found(NamedTuple):
    """What a search found, the newest first; `next` is what to go on before, None where there is no more to look at.

    A search looks at so much and no further: it may have found nothing and have a `next` all the same.
    """

    hits: list[Record]
    next: int | None
