"""How a private room is made out of a direct one: in steps in which nobody sees it, and one in which its people do."""

from typing import NamedTuple

from nexus.core.changes import Change, Denied, Placed
from nexus.core.people import RoomRow


class CopyRow(NamedTuple):
    """A room that is being made out of another, and by whom."""

    room: int
    source: int
    maker: int


class BeginCopy(Change[RoomRow | Denied], frozen=True):
    """Make a private room out of a direct one, as one of its people says; nobody belongs to it yet.

    With `history` what was said in the other is copied afterwards.
    """

    source: int
    maker: int
    name: str
    title: str
    at: int
    history: bool


class CopyStep(Change[bool], frozen=True):
    """Copy the next events, at most so many, as they are now; true where there are more."""

    room: int
    most: int


class FinishCopy(Change[Placed | Denied | None], frozen=True):
    """Copy the last few events, and let the people of the other room in; None where there are more than `most` left.

    Denied where its maker is none of them by now, and the room is gone then.
    """

    room: int
    most: int
    at: int


OfCopy = BeginCopy | CopyStep | FinishCopy
