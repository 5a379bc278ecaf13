"""What a group changes about accounts: who may sign in, how, and what they are called."""

from typing import Any

from msgspec.structs import asdict

from nexus.core import changes as c
from nexus.core.access import is_admin
from nexus.core.bots import MakeBot
from nexus.core.changes import BANNED, INVALID_INVITE, OFFICIAL_NAME, Denied, NameTaken, SignedIn
from nexus.core.erasing import EndRemoval, Erase
from nexus.core.inviting import InviteFirst
from nexus.core.people import FORMER, FORMER_NAME, Account, Registered, former_key
from nexus.core.protecting import Ignore, Prefer, Unignore
from nexus.store.sql import inviting
from nexus.store.sql.bots import ADD_LOGIN, bots_of, end_logins, make_bot
from nexus.store.sql.claims import claim, execute, holder
from nexus.store.sql.group import Group
from nexus.store.sql.protecting import about_oneself, forget_account
from nexus.store.sql.standing import as_account, is_banned, succeed

_REGISTER = """
INSERT INTO accounts (name, key, skeleton, role, hash, created, limited)
VALUES (:shown, :key, :skeleton, :role, :hash, :at, :limited) RETURNING id
"""

_RENAME = "UPDATE accounts SET name = :shown, key = :key, skeleton = :skeleton WHERE id = :account"

_HOLD = """
INSERT INTO held (key, skeleton, name, account, until)
SELECT key, skeleton, name, id, :until FROM accounts WHERE id = :account
ON CONFLICT (key) DO UPDATE SET
  skeleton = excluded.skeleton, name = excluded.name, account = excluded.account, until = excluded.until
"""

_OLD_LOGINS = "SELECT id FROM logins WHERE account = ? AND id <> ? ORDER BY used DESC, id DESC LIMIT 1000000 OFFSET ?"

_CHANGE_PASSWORD = "UPDATE accounts SET hash = :hash WHERE id = :account AND hash = :old"

_NEW_HASH = "UPDATE accounts SET hash = ? WHERE id = ? RETURNING id, name, role, hash, limited, owner"

_RESET = """
INSERT INTO resets (account, digest, expires) VALUES (:account, :code, :expires)
ON CONFLICT (account) DO UPDATE SET digest = excluded.digest, expires = excluded.expires
"""

_SET_ROLE = """
UPDATE accounts SET role = :role
WHERE id = :account AND role NOT IN ('former', 'bot') AND (limited = 0 OR :role = 'member')
"""

_FORMER = """
UPDATE accounts SET name = :name, key = :key, skeleton = :key, role = :role, hash = '', limited = 0 WHERE id = :account
"""

_PLAIN = """
UPDATE events SET mentions = mentions - 1 WHERE place IN (SELECT place FROM mentions WHERE reader = ?)
"""


def about_account(group: Group, change: c.Change[Any]) -> Any:  # noqa: C901, PLR0912
    """One line per change about an account."""
    match change:
        case c.Register():
            return register(group, change)
        case MakeBot():
            return make_bot(group, change)
        case c.RenameAccount():
            return rename(group, change)
        case c.SetRole():
            group.rights_changed()
            return changed(group, _SET_ROLE, change)
        case Erase():
            return erase(group, change)
        case Ignore() | Unignore() | Prefer():
            return about_oneself(group, change)
        case EndRemoval():
            execute(group, "DELETE FROM removals WHERE account = :account", change)
        case c.AddLogin():
            return add_login(group, change)
        case c.EndLogin():
            return end_login(group, change)
        case c.EndLogins():
            return end_all(group, change)
        case c.UseLogin():
            execute(group, "UPDATE logins SET used = :at WHERE id = :login", change)
        case c.ChangePassword():
            return change_password(group, change)
        case c.Rehash():
            execute(group, _CHANGE_PASSWORD, change)
        case c.AddReset():
            execute(group, _RESET, change)
        case c.UseReset():
            return use_reset(group, change)
        case c.AddInvite() | InviteFirst() | c.EndInvite():
            return inviting.about_invite(group, change)
        case _:
            raise TypeError(f"{type(change).__name__} is not a change that this store knows.")
    return None


def changed(group: Group, sql: str, change: c.Change[Any]) -> bool:
    """Run a statement that takes a change's own fields; whether it found anything."""
    return bool(group.connection.execute(sql, asdict(change)).rowcount)


def register(group: Group, change: c.Register) -> Account | Registered | NameTaken | Denied:
    """Make an account; an invite is spent only where that succeeds, and may lead into a room."""
    taken = holder(group, change, session=change.session, account=None)
    if taken is not None:
        return taken
    values, invite = asdict(change) | {"limited": False}, None
    if change.invite is not None:
        invite = inviting.valid(group, change.invite, change.at)
        if invite is None:
            return INVALID_INVITE
        values |= {"role": invite.role, "limited": bool(invite.limited)}
    if change.official and not is_admin(values["role"]):
        return OFFICIAL_NAME
    rows = group.connection.execute(_REGISTER, values).fetchall()
    account = Account(rows[0][0], change.shown, values["role"], change.hash, values["limited"])
    if invite is None:
        return account
    inviting.spend(group, invite, account.id, change.at)
    if not invite.room:
        return account
    return Registered(account, inviting.enter(group, invite, account.id, account.name, change.at).records)


def rename(group: Group, change: c.RenameAccount) -> NameTaken | None:
    """Take another name; the one before is held, and one that was held for the account no longer is."""
    taken = holder(group, change, session=change.session, account=change.account)
    if taken is not None:
        return taken
    if change.until > change.at:
        execute(group, _HOLD, change)
    group.connection.execute("DELETE FROM held WHERE key = ? OR until <= ?", (change.key, change.at))
    return claim(group, change, _RENAME, session=change.session, account=change.account)


def add_login(group: Group, change: c.AddLogin) -> SignedIn | Denied | None:
    """Add a login; the same token again is the same login."""
    if change.hash is not None and not _has_hash(group, change.account, change.hash):
        return None
    if is_banned(group.connection, change.account, change.at):
        return BANNED
    values = asdict(change)
    known = group.connection.execute("UPDATE logins SET used = :at WHERE digest = :digest RETURNING id", values)
    rows = known.fetchall() or group.connection.execute(ADD_LOGIN, values).fetchall()
    id: int = rows[0][0]
    if not change.most:
        return SignedIn(id)
    old = group.connection.execute(_OLD_LOGINS, (change.account, id, change.most - 1)).fetchall()
    for (login,) in old:
        end_login(group, c.EndLogin(change.account, login))
    return SignedIn(id, tuple(login for (login,) in old))


def end_login(group: Group, change: c.EndLogin) -> bool:
    """Delete an account's login and the sessions that came of it."""
    cursor = group.connection.execute("DELETE FROM logins WHERE id = ? AND account = ?", (change.login, change.account))
    if not cursor.rowcount:
        return False
    group.connection.execute("DELETE FROM sessions WHERE login = ?", (change.login,))
    return True


def change_password(group: Group, change: c.ChangePassword) -> SignedIn | None:
    """Another password: everything that came of the one before ends, but for one session, which has a new login."""
    if not changed(group, _CHANGE_PASSWORD, change):
        return None
    group.connection.execute("DELETE FROM resets WHERE account = ?", (change.account,))
    group.connection.execute("DELETE FROM logins WHERE account = ?", (change.account,))
    group.connection.execute("DELETE FROM sessions WHERE account = ? AND id <> ?", (change.account, change.session))
    login: int = group.connection.execute(ADD_LOGIN, asdict(change)).fetchall()[0][0]
    group.connection.execute("UPDATE sessions SET login = ? WHERE id = ?", (login, change.session))
    return SignedIn(login)


def end_all(group: Group, change: c.EndLogins) -> bool:
    """End all that an account is signed in with."""
    end_logins(group, change.account)
    return bool(group.connection.execute("SELECT 1 FROM accounts WHERE id = ?", (change.account,)).fetchall())


def use_reset(group: Group, change: c.UseReset) -> Account | None:
    """Another password by a code, which is spent."""
    rows = group.connection.execute(
        "DELETE FROM resets WHERE digest = :code AND expires > :at RETURNING account", asdict(change)
    ).fetchall()
    if not rows:
        return None
    account: int = rows[0][0]
    end_logins(group, account)
    found = group.connection.execute(_NEW_HASH, (change.hash, account)).fetchall()
    return as_account(found[0])


def erase(group: Group, change: Erase) -> bool:
    """Nothing is left of an account but its number, so that its messages are still one person's."""
    account = change.account
    if not group.connection.execute("SELECT 1 FROM accounts WHERE id = ? AND role <> ?", (account, FORMER)).fetchall():
        return False
    if change.hash is not None and not _has_hash(group, account, change.hash):
        return False
    if change.remove:
        execute(group, "INSERT INTO removals VALUES (:account)", change)
    execute(group, _HOLD, change)
    end_logins(group, account)
    group.connection.execute(_PLAIN, (account,))
    group.connection.execute("DELETE FROM mentions WHERE reader = ?", (account,))
    group.rights_changed()
    rooms = group.connection.execute("SELECT room FROM members WHERE account = ?", (account,)).fetchall()
    group.connection.execute("DELETE FROM members WHERE account = ?", (account,))
    for (room,) in rooms:
        succeed(group.connection, room, change.at)
    group.connection.execute("DELETE FROM marks WHERE reader = ?", (account,))
    group.connection.execute("DELETE FROM resets WHERE account = ?", (account,))
    forget_account(group, account)
    group.connection.execute("DELETE FROM purged WHERE author = ?", (account,))
    group.connection.execute('DELETE FROM invites WHERE "by" = ?', (account,))
    group.connection.execute("DELETE FROM invited WHERE account = ?", (account,))
    for bot in bots_of(group.connection, account):
        erase(group, Erase(bot, change.at, change.until, change.remove))
    values = {"account": account, "name": FORMER_NAME, "key": former_key(account), "role": FORMER}
    group.connection.execute(_FORMER, values)
    return True


def _has_hash(group: Group, account: int, hashed: str) -> bool:
    sql = "SELECT 1 FROM accounts WHERE id = ? AND hash = ?"
    return bool(group.connection.execute(sql, (account, hashed)).fetchall())
