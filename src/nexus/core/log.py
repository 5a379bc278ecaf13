"""A room's log as the server holds it.

An author is one number: an account's id (above zero), or a guest's session id negated (below zero).
"""

from typing import NamedTuple

import msgspec

from nexus.protocol.events import RoomEvent


class Record(msgspec.Struct, gc=False):
    """One event of a room's log, with what only the server knows of it.

    The same object is posted, stored and delivered: the store gives the event its `seq` and its final `at`. `names`
    are those that a new message may mention, as `core.mentions` finds them; whom they are is decided when it is stored.
    """

    room: int
    author: int
    event: RoomEvent
    nonce: str | None = None
    names: tuple[str, ...] = ()


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
