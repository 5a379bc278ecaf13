"""Who someone is in a room, as the database has it while a group is written."""

from collections.abc import Sequence
from typing import Any

from nexus.core.access import OPEN, OPERATOR_ROLE, PAUSED, Rules, Standing, may_find, why_muted, why_silent
from nexus.core.changes import BANNED, Denied
from nexus.core.people import Account
from nexus.core.protecting import Reach, why_apart
from nexus.core.slowing import wait_between
from nexus.store.sql.connection import Connection

_RULES = "SELECT kind, posting, slow, guests, archived, keep FROM rooms WHERE id = ?"

_PLACE = "SELECT role FROM members WHERE account = ? AND room = ?"

_ROLE = "SELECT role, limited FROM accounts WHERE id = ?"

_REMOVED = "SELECT 1 FROM removed WHERE room = ? AND author = ?"

_OWNER = "(SELECT owner FROM accounts WHERE id = :author)"

_BANNED = f"SELECT 1 FROM bans WHERE author IN (:author, {_OWNER}) AND (until = 0 OR until > :now)"

_MUTED = f"SELECT until FROM mutes WHERE author IN (:author, {_OWNER})"

_OVER = "DELETE FROM spoke WHERE room = :room AND (at <= :now - :slow OR at >= :now + :slow)"

_SPOKE = "INSERT INTO spoke VALUES (?, ?, ?) ON CONFLICT (room, author) DO UPDATE SET at = excluded.at"

_SUCCESSOR = """
SELECT m.account, a.name FROM members m JOIN accounts a ON a.id = m.account
WHERE m.room = :room AND (SELECT kind FROM rooms WHERE id = :room) = 'private'
  AND NOT EXISTS (SELECT 1 FROM members WHERE room = :room AND role = 'owner') AND a.owner = 0
ORDER BY EXISTS (SELECT 1 FROM bans b WHERE b.author = m.account AND (b.until = 0 OR b.until > :now)),
  m.role <> 'moderator', m.since, m.account LIMIT 1
"""

_REACH = """
SELECT directs, EXISTS (SELECT 1 FROM ignored WHERE reader = ? AND other = ?) FROM accounts WHERE id = ?
"""

NOT_IN_IT = Denied("not_joined", "You are not in that room any more.")


def as_account(row: Sequence[Any]) -> Account:
    """An account of a row with its id, name, role, hash, whether it is limited, and whose bot it is."""
    id, name, role, hashed, limited, owner = row
    return Account(id, name, role, hashed, bool(limited), owner)


def find_rules(connection: Connection, room: int) -> Rules | None:
    """What a room is; None where there is none, or none any more."""
    rows = connection.execute(_RULES, (room,)).fetchall()
    if not rows:
        return None
    kind, posting, slow, guests, archived, keep = rows[0]
    return Rules(kind, posting, slow, guests, bool(archived), keep)


def rules_of(connection: Connection, room: int) -> Rules:
    """What a room is, where it is known that there is one."""
    return find_rules(connection, room) or OPEN


def standing_of(connection: Connection, room: int, author: int) -> Standing:
    """Who someone is, on the server and in a room."""
    if author <= 0:
        return Standing("guest")
    places = connection.execute(_PLACE, (author, room)).fetchall() if room else []
    rows = connection.execute(_ROLE, (author,)).fetchall()
    role, limited = rows[0] if rows else ("member", 0)
    return Standing(role, places[0][0] if places else "", bool(limited))


def role_of(connection: Connection, author: int) -> str:
    """What someone is on the server; 0 is the operator, who moderates."""
    return OPERATOR_ROLE if author == 0 else standing_of(connection, 0, author).role


def wait_of(connection: Connection, room: int, author: int, now: int) -> int | Denied:
    """Seconds that someone has to wait between two messages in a room; Denied where they may not say anything there."""
    rules, standing = find_rules(connection, room), standing_of(connection, room, author)
    if rules is None:
        return NOT_IN_IT
    outside = not standing.place if author > 0 else _is_removed(connection, room, author)
    if outside or not may_find(standing, rules):
        return NOT_IN_IT
    if rules.kind == "direct" and author > 0 and (apart := why_apart_in(connection, room, author)):
        return apart
    why = why_silent(standing, rules) or _why_muted(connection, author, now) or _why_paused(connection, author)
    if why:
        return Denied("forbidden", why)
    return BANNED if is_banned(connection, author, now) else wait_between(standing, rules)


def is_banned(connection: Connection, author: int, now: int) -> bool:
    """Whether somebody, or whose bot they are, may not come in; what was on its way by then is not stored."""
    return bool(connection.execute(_BANNED, {"author": author, "now": now}).fetchall())


def last_said(connection: Connection, room: int, author: int) -> int | None:
    """When someone last said something in a room that is slowed; None where that is long ago."""
    rows = connection.execute("SELECT at FROM spoke WHERE room = ? AND author = ?", (room, author)).fetchall()
    return rows[0][0] if rows else None


def note_said(connection: Connection, room: int, author: int, now: int, slow: int) -> None:
    """Someone said something in a room that is slowed; who need not wait any more is forgotten."""
    connection.execute(_OVER, {"room": room, "now": now, "slow": slow * 1000})
    connection.execute(_SPOKE, (room, author, now))


def why_apart_in(connection: Connection, room: int, author: int) -> Denied | None:
    """Why someone may not write to the other in a room of two; None where they may, and in every other room."""
    people = connection.execute("SELECT people FROM rooms WHERE id = ?", (room,)).fetchall()[0][0]
    others = [int(one) for one in (people or "").split(",") if one and int(one) != author]
    return apart(connection, author, others[0]) if len(others) == 1 else None


def apart(connection: Connection, author: int, other: int, name: str = "") -> Denied | None:
    """Why someone may not write directly to another, who is called as they are, or as the asker says."""
    mine, theirs = (_reach(connection, *pair) for pair in ((author, other), (other, author)))
    return why_apart(mine, theirs, name or name_of(connection, other))


def name_of(connection: Connection, account: int) -> str:
    """What an account is called."""
    name: str = connection.execute("SELECT name FROM accounts WHERE id = ?", (account,)).fetchall()[0][0]
    return name


def _reach(connection: Connection, who: int, other: int) -> Reach:
    directs, ignores = connection.execute(_REACH, (who, other, who)).fetchall()[0]
    return Reach(directs, bool(ignores))


def _why_muted(connection: Connection, author: int, now: int) -> str:
    rows = connection.execute(_MUTED, {"author": author}).fetchall()
    return next((why for (until,) in rows if (why := why_muted(until, now))), "")


def _why_paused(connection: Connection, author: int) -> str:
    return PAUSED if author <= 0 and connection.execute("SELECT 1 FROM pause").fetchall() else ""


def succeed(connection: Connection, room: int, now: int) -> tuple[int, str] | None:
    """Where a private room has no owner, the longest moderator is, or the longest member: which account, by name.

    Those who may not come in are it where nobody else is left.
    """
    rows: list[tuple[int, str]] = connection.execute(_SUCCESSOR, {"room": room, "now": now}).fetchall()
    if not rows:
        return None
    connection.execute("UPDATE members SET role = 'owner' WHERE room = ? AND account = ?", (room, rows[0][0]))
    return rows[0]


def _is_removed(connection: Connection, room: int, author: int) -> bool:
    return bool(connection.execute(_REMOVED, (room, author)).fetchall())
