"""Invitations: spent in the transaction that lets somebody in, and worth what their maker may by then."""

from typing import NamedTuple

from msgspec.structs import asdict

from nexus.core import changes as c
from nexus.core.changes import BANNED, INVALID_INVITE, Denied, Placed
from nexus.core.inviting import (
    NOT_FOR_ACCOUNTS,
    Accept,
    Accepted,
    InviteFirst,
    digest,
    first_code,
    kept_as,
    may_invite,
    private_number,
)
from nexus.core.log import Record
from nexus.protocol.events import Joined
from nexus.store.sql.belonging import let_in, make
from nexus.store.sql.group import Group
from nexus.store.sql.standing import find_rules, is_banned, rules_of, standing_of

_FIND = """
SELECT id, role, room, "by", room_role, limited FROM invites
WHERE digest = :code AND uses > 0 AND (expires = 0 OR expires > :at)
"""

HAS_ADMIN = "SELECT 1 FROM accounts WHERE role IN ('admin', 'owner') LIMIT 1"

# Those of rooms that are not open have numbers below zero here, so that no other one counts them.
_ADD = """
INSERT INTO invites ({}digest, role, uses, created, expires, room, "by", room_role, limited)
VALUES ({}:code, :role, :uses, :at, :expires, :room, :by, :room_role, :limited) RETURNING id
"""


class Valid(NamedTuple):
    """An invitation that may be used."""

    id: int
    role: str
    room: int
    by: int
    room_role: str
    limited: int


def about_invite(group: Group, change: c.AddInvite | InviteFirst | c.EndInvite) -> int | str | bool:
    """Make one, or take it back."""
    match change:
        case c.AddInvite():
            return add_invite(group, change)
        case InviteFirst():
            return invite_first(group, change)
    return bool(group.connection.execute("DELETE FROM invites WHERE id = ?", (kept_as(change.invite),)).rowcount)


def add_invite(group: Group, change: c.AddInvite) -> int:
    """Keep the digest of a code."""
    group.connection.execute("DELETE FROM invites WHERE expires <> 0 AND expires <= ?", (change.at,))
    if change.room and rules_of(group.connection, change.room).kind != "open":
        number = private_number(change.code)
        group.connection.execute(_ADD.format("id, ", ":id, "), asdict(change) | {"id": kept_as(number)})
        return number
    id: int = group.connection.execute(_ADD.format("", ""), asdict(change)).fetchall()[0][0]
    return id


def invite_first(group: Group, change: InviteFirst) -> str:
    """Keep the code that counts, or put another in its place."""
    rows = group.connection.execute("SELECT digest, created FROM invites WHERE role = 'admin' AND uses > 0").fetchall()
    for kept, at in () if change.fresh else rows:
        code = first_code(change.key, at)
        if bytes(kept) == digest(code):
            return code
    if group.connection.execute(HAS_ADMIN).fetchall():
        return ""
    group.connection.execute("DELETE FROM invites WHERE role = 'admin'")
    code = first_code(change.key, change.at)
    add_invite(group, c.AddInvite(digest(code), "admin", 1, change.at))
    return code


def valid(group: Group, code: bytes, at: int) -> Valid | None:
    """The invitation of a code, where it can be used and its maker might still make it."""
    rows = group.connection.execute(_FIND, {"code": code, "at": at}).fetchall()
    if not rows:
        return None
    invite = Valid(*rows[0])
    if invite.room and find_rules(group.connection, invite.room) is None:
        return None
    if invite.by:
        rules = rules_of(group.connection, invite.room) if invite.room else None
        banned = is_banned(group.connection, invite.by, at)
        standing = standing_of(group.connection, invite.room, invite.by)
        if banned or not may_invite(standing, rules, invite.room_role if invite.room else invite.role):
            return None
    return invite


def spend(group: Group, invite: Valid, account: int, at: int) -> None:
    """An account came in by it."""
    group.connection.execute("INSERT INTO invited VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (invite.id, account, at))
    group.connection.execute("UPDATE invites SET uses = uses - 1 WHERE id = ?", (invite.id,))


def enter(group: Group, invite: Valid, account: int, name: str, at: int) -> Placed:
    """An account belongs to the room of an invitation."""
    rows = group.connection.execute("SELECT name FROM rooms WHERE id = ?", (invite.room,)).fetchall()
    makers = group.connection.execute("SELECT name FROM accounts WHERE id = ?", (invite.by,)).fetchall()
    added = makers[0][0] if makers else ""
    event = Joined(room=rows[0][0], seq=0, at=at, by=name, added=added)
    placed = let_in(group, Record(invite.room, account, event))
    return make(group, placed, invite.room_role, invite.by)


def accept(group: Group, change: Accept) -> Accepted | Denied:
    """Come into the room of an invitation; who is in it already spends nothing."""
    invite = valid(group, change.code, change.at)
    if invite is None:
        return INVALID_INVITE
    if not invite.room:
        return NOT_FOR_ACCOUNTS
    if is_banned(group.connection, change.account, change.at):
        return BANNED
    placed = enter(group, invite, change.account, change.name, change.at)
    if placed.records:
        spend(group, invite, change.account, change.at)
    return Accepted(invite.room, placed)
