"""Whom people ignore, and who reaches them: how a group changes that, and what it decides by."""

from collections.abc import Iterable
from typing import Any

from nexus.core import protecting as p
from nexus.core.changes import Denied
from nexus.core.protecting import MOST_IGNORED
from nexus.store.sql.claims import execute
from nexus.store.sql.connection import Connection
from nexus.store.sql.group import Group

_COUNT = "SELECT count(*) FROM ignored WHERE reader = ?"

_GONE = """
DELETE FROM ignored WHERE reader = ? AND other < 0 AND NOT EXISTS (SELECT 1 FROM sessions WHERE id = -other)
"""

_IGNORE = "INSERT INTO ignored (reader, other, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"

_LEFT_BEHIND = """
DELETE FROM ignored WHERE reader < 0 AND NOT EXISTS (SELECT 1 FROM sessions WHERE id = -reader)
"""

_UNIGNORE = "DELETE FROM ignored WHERE reader = ? AND other = ?"


def about_oneself(group: Group, change: p.OfOneself) -> Any:
    """One line per change by which people protect themselves."""
    group.rights_changed()
    match change:
        case p.Ignore():
            return ignore(group, change)
        case p.Unignore():
            return bool(group.connection.execute(_UNIGNORE, (change.reader, change.other)).rowcount)
        case p.Prefer():
            execute(group, "UPDATE accounts SET directs = :directs WHERE id = :account", change)
    return None


def ignore(group: Group, change: p.Ignore) -> bool | Denied:
    """Ignore someone; where one ignores very many, guests who are gone make room."""
    db, reader = group.connection, change.reader
    if db.execute("SELECT 1 FROM ignored WHERE reader = ? AND other = ?", (reader, change.other)).fetchall():
        return False
    if _count(db, reader) >= MOST_IGNORED:
        db.execute(_GONE, (reader,))
    if _count(db, reader) >= MOST_IGNORED:
        return p.TOO_MANY
    db.execute(_IGNORE, (reader, change.other, change.at))
    return True


def _count(db: Connection, reader: int) -> int:
    count: int = db.execute(_COUNT, (reader,)).fetchall()[0][0]
    return count


def forget_guests(group: Group, ids: Iterable[int] | None = None) -> None:
    """What guests ignored whose sessions end; without ids, all whose sessions have ended."""
    if ids is None:
        group.connection.execute(_LEFT_BEHIND)
    else:
        group.connection.executemany("DELETE FROM ignored WHERE reader = ?", [(-id,) for id in ids])


def forget_account(group: Group, account: int) -> None:
    """An erased account ignores nobody, and is ignored by nobody."""
    group.connection.execute("DELETE FROM ignored WHERE reader = :account OR other = :account", {"account": account})
    group.connection.execute("UPDATE accounts SET directs = 'everyone' WHERE id = ?", (account,))
