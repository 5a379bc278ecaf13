"""How people protect themselves: whom they ignore, and who reaches them directly."""

from typing import NamedTuple

import msgspec

from nexus.core.changes import Change, Denied
from nexus.core.limiting import cannot_be_reached
from nexus.protocol.types import DirectsName

MOST_IGNORED = 500
"""People that one may ignore at once."""

TOO_MANY = Denied("too_many", f"You ignore {MOST_IGNORED} people, which is the limit; stop ignoring somebody first.")


class IgnoredRow(NamedTuple):
    """Somebody whom one ignores, and what they are called now."""

    author: int
    name: str


class Ignore(Change[bool | Denied], frozen=True):
    """A reader ignores an author from now on; false where they did."""

    reader: int
    other: int
    at: int


class Unignore(Change[bool], frozen=True):
    """A reader no longer ignores an author; false where they did not."""

    reader: int
    other: int


class Prefer(Change[None], frozen=True):
    """From whom an account gets direct messages."""

    account: int
    directs: DirectsName


OfOneself = Ignore | Unignore | Prefer


class Reach(msgspec.Struct, frozen=True):
    """What one of two people lets the other do: who writes to them at all, and whether they ignore the other."""

    directs: DirectsName = "everyone"
    ignores: bool = False

    @property
    def refuses(self) -> bool:
        """Whether the other does not reach them."""
        return self.ignores or self.directs == "nobody"


def why_apart(mine: Reach, theirs: Reach, name: str) -> Denied | None:
    """Why someone may not write directly to another of that name; None where they may.

    Who refuses somebody does not write to them either. Of the other it is never told which reason there is.
    """
    if mine.ignores:
        return Denied("forbidden", f"You ignore {name}; stop that first, then write to them.")
    if mine.directs == "nobody":
        return Denied("forbidden", "You switched direct messages off; switch them on again to write one.")
    return cannot_be_reached(name) if theirs.refuses else None
