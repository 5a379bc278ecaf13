"""Names are unique: who holds one, and how it is claimed."""

from typing import Any

from msgspec.structs import asdict

from nexus.core import changes as c
from nexus.core.bots import MakeBot
from nexus.core.changes import NameTaken
from nexus.store.sql.group import Group

_HOLDER = """
SELECT name FROM accounts WHERE (key = :key OR skeleton = :skeleton) AND id IS NOT :account
UNION ALL
SELECT name FROM sessions WHERE (key = :key OR skeleton = :skeleton) AND id IS NOT :session
UNION ALL
SELECT name FROM held WHERE (key = :key OR skeleton = :skeleton) AND account IS NOT :account AND until > :at
LIMIT 1
"""

Claim = c.OpenSession | c.RenameGuest | c.RenameAccount | c.Register | MakeBot


def execute(group: Group, sql: str, change: c.Change[Any]) -> None:
    """Run a statement that takes a change's own fields."""
    group.connection.execute(sql, _fields(change))


def holder(group: Group, change: Claim, *, session: int, account: int | None) -> NameTaken | None:
    """Who else holds the name that is claimed, or one that looks like it.

    The key is compared too: a newer table of look-alikes may give an old name another skeleton.
    """
    values = {"key": change.key, "skeleton": change.skeleton, "session": session, "account": account, "at": change.at}
    rows = group.connection.execute(_HOLDER, values).fetchall()
    return NameTaken(rows[0][0]) if rows else None


def claim(group: Group, change: Claim, sql: str, *, session: int, account: int | None = None) -> NameTaken | None:
    """Write a name where nobody but the session and the account themselves holds it."""
    taken = holder(group, change, session=session, account=account)
    if taken is None:
        execute(group, sql, change)
    return taken


def _fields(change: c.Change[Any]) -> dict[str, object]:
    """What a statement may name."""
    return {name: value for name, value in asdict(change).items() if not isinstance(value, c.Change)}
