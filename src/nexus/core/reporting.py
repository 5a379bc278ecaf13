"""What people report to the moderators of the server."""

from typing import NamedTuple

from nexus.core.changes import Change, Denied

MOST_OPEN = 1000
"""Reports that wait to be settled, at most."""

TOO_MANY = Denied("too_many", f"There are {MOST_OPEN} open reports, which is the limit; the moderators know.")


class ReportRow(NamedTuple):
    """A message that someone reported, with a copy of it as JSON; `settled` is 0 while nobody has."""

    id: int
    at: int
    by: int
    name: str
    room: int
    place: str
    seq: int
    author: int
    reason: str
    copy: str
    settled: int
    outcome: str


class AddReport(Change[int | Denied], frozen=True):
    """Report a message; the same one by the same person is the same report."""

    at: int
    by: int
    name: str
    room: int
    seq: int
    author: int
    reason: str
    copy: str


class SettleReport(Change[bool], frozen=True):
    """A moderator is done with a report; false where there is none that is open."""

    report: int
    by: int
    at: int
    outcome: str


class ForgetReports(Change[int], frozen=True):
    """Erase what was settled before a time."""

    before: int
