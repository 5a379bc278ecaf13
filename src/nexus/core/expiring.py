"""What is older than a room keeps messages goes: which events those are, and the step in which some of them do."""

from typing import NamedTuple

from nexus.core.changes import Change

DAY = 86_400_000
"""Milliseconds."""


class Gone(NamedTuple):
    """A room's oldest events have expired: which is the first now, and whether there is more that is too old."""

    room: int
    first: int
    more: bool


class Expire(Change[Gone | None], frozen=True):
    """Let some of a room's oldest events go that are too old at a time; None where there are none.

    For how long the room keeps them is looked up then; `keep` is what the server's setting says.
    """

    room: int
    at: int
    keep: int


def oldest_kept(keep: int, default: int, at: int) -> int | None:
    """The time before which events are too old for a room; None where it keeps them for ever."""
    days = default if keep < 0 else keep
    return at - days * DAY if days else None
