"""What a group changes about reports."""

from typing import Any

from msgspec.structs import asdict

from nexus.core import reporting as r
from nexus.core.changes import Denied
from nexus.store.sql.group import Group

_KNOWN = 'SELECT id FROM reports WHERE "by" = :by AND room = :room AND seq = :seq'

_OPEN = "SELECT count(*) FROM (SELECT 1 FROM reports WHERE settled = 0 LIMIT :most) y"

_ADD = """
INSERT INTO reports (at, "by", name, room, seq, author, reason, copy)
VALUES (:at, :by, :name, :room, :seq, :author, :reason, :copy) RETURNING id
"""

_SETTLE = "UPDATE reports SET settled = :at, outcome = :outcome, settler = :by WHERE id = :report AND settled = 0"


def about_reports(group: Group, change: r.AddReport | r.SettleReport | r.ForgetReports) -> Any:
    """One line per change about a report."""
    run = group.connection.execute
    match change:
        case r.AddReport():
            return add(group, change)
        case r.SettleReport():
            return bool(run(_SETTLE, asdict(change)).rowcount)
        case r.ForgetReports():
            gone = run("DELETE FROM reports WHERE settled > 0 AND settled < ?", (change.before,)).rowcount
            if gone:
                group.erased()
            return gone


def add(group: Group, change: r.AddReport) -> int | Denied:
    """Keep a report, once."""
    values = asdict(change)
    rows = group.connection.execute(_KNOWN, values).fetchall()
    if not rows:
        if group.connection.execute(_OPEN, {"most": r.MOST_OPEN}).fetchall()[0][0] >= r.MOST_OPEN:
            return r.TOO_MANY
        rows = group.connection.execute(_ADD, values).fetchall()
    number: int = rows[0][0]
    return number
