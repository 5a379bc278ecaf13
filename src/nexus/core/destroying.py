"""Rooms that are taken away: changes of the journal. What is left of one is kept aside until that cannot be undone."""

from typing import NamedTuple

from nexus.core.access import Rules, Standing, may_destroy
from nexus.core.changes import Change, Denied, Recorded
from nexus.core.log import Record
from nexus.core.people import RoomRow

KEPT, GOING, GONE = range(3)
"""What a destroyed room is: all of it is kept aside, its texts are being erased, or nothing is left."""

NO_ROOM = Denied("not_found", "There is no such room any more.")
HELD = Denied("name_taken", "That name is not free yet: a room that had it was deleted; choose another one.")
DIRECT = Denied("forbidden", "A direct room cannot be deleted; leave it, and you no longer see it.")
NOT_YOURS = Denied("forbidden", "Only the owners of a room can delete it or bring it back.")


def why_not(standing: Standing, rules: Rules, *, operator: bool) -> Denied | None:
    """Why someone may not take a room away, or bring it back; None where they may."""
    if rules.kind == "direct":
        return DIRECT
    return None if operator or may_destroy(standing, rules) else NOT_YOURS


class Done(NamedTuple):
    """The number of the act, and the event that it made; what each account is in a room that is back."""

    act: int
    records: tuple[Record, ...]
    places: dict[int, str]


class Gone(NamedTuple):
    """A room that was destroyed, by which act; its transcripts were in the folder, "" where that is another's now."""

    room: int
    name: str
    act: int
    folder: str


class Aside(NamedTuple):
    """A room that was destroyed: by which act, when, its row, and what has become of it since."""

    act: int
    at: int
    row: RoomRow
    state: int = KEPT
    folder: str = ""


class Destroy(Recorded[Done | Denied], frozen=True):
    """Take a room away from everyone, as its `destroyed` says, where its author may; an `operator` always may.

    `name` is what the act calls it, `lot` chooses among the numbers of acts in rooms that are not open.
    """

    name: str = ""
    reason: str = ""
    lot: int = 0
    operator: bool = False


class Revive(Recorded[Done | Denied], frozen=True):
    """Bring the room back that an act took away, as its `revived` says, within so many milliseconds (0: always)."""

    act: int
    name: str = ""
    within: int = 0
    lot: int = 0
    operator: bool = False


class EraseDestroyed(Change[bool], frozen=True):
    """Erase what is kept of rooms that were destroyed before a time, so many rows at most; true where more is left."""

    before: int
    most: int


OfDestroyed = Destroy | Revive | EraseDestroyed
"""What takes rooms away and brings them back."""
