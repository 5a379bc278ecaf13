"""Bots, as a group makes them, and takes from them what their owner has lost."""

from msgspec.structs import asdict

from nexus.core import bots as b
from nexus.core.access import BOT
from nexus.core.bots import Made, MakeBot
from nexus.core.changes import BANNED, Denied, NameTaken
from nexus.core.log import Record
from nexus.core.people import FORMER
from nexus.store.sql.claims import holder
from nexus.store.sql.connection import Connection
from nexus.store.sql.group import Group
from nexus.store.sql.standing import as_account, is_banned, rules_of, standing_of

ADD_LOGIN = """
INSERT INTO logins (account, digest, client, created, used) VALUES (:account, :digest, :client, :at, :at)
RETURNING id
"""

_ACCOUNT = "SELECT id, name, role, hash, limited, owner FROM accounts WHERE"

_MAKE = """
INSERT INTO accounts (name, key, skeleton, role, hash, created, owner)
VALUES (:shown, :key, :skeleton, :role, '', :at, :owner) RETURNING id, name, role, hash, limited, owner
"""

_HERE = """
SELECT a.id, a.name, m.role FROM members m JOIN accounts a ON a.id = m.account
WHERE m.room = ? AND a.owner = ? ORDER BY a.id
"""


def make_bot(group: Group, change: MakeBot) -> Made | NameTaken | Denied:
    """Make a bot, or let the one of that name have another token."""
    run, values = group.connection.execute, asdict(change) | {"role": BOT}
    owners = run(f"{_ACCOUNT} id = ?", (change.owner,)).fetchall()
    denied = b.why_no_owner(as_account(owners[0]) if owners else None)
    if denied or is_banned(group.connection, change.owner, change.at):
        return denied or BANNED
    rows = run(f"{_ACCOUNT} key = :key AND owner = :owner", values).fetchall()
    if rows:
        end_logins(group, rows[0][0])
    else:
        if len(bots_of(group.connection, change.owner)) >= change.most:
            return b.too_many(change.most)
        taken = holder(group, change, session=0, account=None)
        if taken is not None:
            return taken
        rows = run(_MAKE, values).fetchall()
    account = as_account(rows[0])
    return Made(account, run(ADD_LOGIN, values | {"account": account.id}).fetchall()[0][0])


def bots_of(connection: Connection, owner: int) -> list[int]:
    """The bots that an account has."""
    rows = connection.execute("SELECT id FROM accounts WHERE owner = ? AND role <> ?", (owner, FORMER)).fetchall()
    return [id for (id,) in rows]


def end_logins(group: Group, account: int) -> None:
    """Delete all of an account's logins and sessions."""
    group.connection.execute("DELETE FROM logins WHERE account = ?", (account,))
    group.connection.execute("DELETE FROM sessions WHERE account = ?", (account,))


def why_not_here(connection: Connection, room: int, bot: int, wanted: str) -> Denied | None:
    """Why an account, where it is a bot, is not made that in a room; None where it may be."""
    name, owner = connection.execute("SELECT name, owner FROM accounts WHERE id = ?", (bot,)).fetchall()[0]
    if not owner or (wanted == "member" and rules_of(connection, room).kind == "open"):
        return None
    return b.why_not_in(name, standing_of(connection, room, owner).place, wanted)


def follow(group: Group, last: Record, owner: int) -> list[Record]:
    """Somebody is less in a room, or out of it: and so are their bots, with an event for each."""
    run, room = group.connection.execute, last.room
    theirs, private = standing_of(group.connection, room, owner).place, rules_of(group.connection, room).kind != "open"
    records = []
    for bot, name, place in run(_HERE, (room, owner)).fetchall():
        wanted = b.follows(place, theirs, private=private)
        if not wanted:
            run("DELETE FROM members WHERE room = ? AND account = ?", (room, bot))
        elif wanted != place:
            run("UPDATE members SET role = ? WHERE room = ? AND account = ?", (wanted, room, bot))
        else:
            continue
        records.append(group.note(b.followed(last, bot, name, wanted)))
    return records
