"""The steps in which messages are hidden and come back: changes of their own, so that nobody waits for all of them."""

from typing import NamedTuple

from nexus.core.changes import Change, Recorded
from nexus.core.log import Record

DOING, DONE, UNDOING, UNDONE = range(4)
"""The states of a purge."""


GUESTS = "*"
"""Stands for every address: what all guests said is meant."""

GUESTS_NAME = "guests"
"""By whom that is, in sentences."""


class PurgeRow(NamedTuple):
    """A purge that is under way: whose messages since when, in one room or in all (0), and who does it.

    With an `address` also those of guests who came from there, or with GUESTS of all of them.
    """

    act: int
    author: int
    room: int
    since: int
    state: int
    by: int
    doer: str
    name: str
    address: str = ""


class PurgeStep(Recorded[Record | None], frozen=True):
    """Hide some messages of an author in a room, as its `purged` says; None where none was left to hide.

    With an `address` those of guests who came from there may be among them.
    """

    act: int
    target: int
    seqs: tuple[int, ...]
    address: str = ""


class RestoreStep(Recorded[Record | None], frozen=True):
    """Let some messages stand where they stood, as its `restored` says; None where nothing is kept of them."""

    act: int
    seqs: tuple[int, ...]


class FinishPurge(Change[None], frozen=True):
    """All steps are done."""

    act: int
    state: int


class ForgetPurged(Change[int], frozen=True):
    """Messages that acts before a time have hidden are gone for good, so many at most; how many that were."""

    before: int
    most: int


OfPurge = PurgeStep | RestoreStep | FinishPurge | ForgetPurged
