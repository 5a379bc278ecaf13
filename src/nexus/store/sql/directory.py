"""Rooms, accounts, logins, sessions, memberships and read marks, as they are read."""

from collections.abc import Sequence

from msgspec import json

from nexus.core.access import OPEN, Rules
from nexus.core.expiring import DAY
from nexus.core.people import (
    FORMER_NAME,
    Account,
    Login,
    Mark,
    Member,
    Membership,
    RoomRow,
    SessionRow,
)
from nexus.core.protecting import IgnoredRow
from nexus.protocol.types import DirectsName
from nexus.store.sql.connection import Asks, Row
from nexus.store.sql.inviting import HAS_ADMIN
from nexus.store.sql.log import SEQ_BITS
from nexus.store.sql.meeting import MEET
from nexus.store.sql.standing import as_account

# A room's head is looked up where its events end: written into its row, it would cost each group a page per room.
_ROOM = f"""
SELECT r.id, r.name, r.topic, coalesce(e.place - (r.id << {SEQ_BITS}), 0), coalesce(e.at, 0),
  r.kind, r.posting, r.slow, r.guests, r.archived, r.keep, r.first, r.title, CASE WHEN r.kind = 'direct' THEN (
    SELECT json_group_array(name) FROM (
      SELECT a.name FROM members x JOIN accounts a ON a.id = x.account WHERE x.room = r.id ORDER BY a.key
    ) y
  ) END, coalesce(length(r.people) - length(replace(r.people, ',', '')) + 1, 0), CASE WHEN r.renamed = 1 THEN (
    SELECT json_group_array(key) FROM (SELECT key FROM former WHERE room = r.id ORDER BY id DESC) y
  ) END, coalesce(r.folder, '')
"""

_NEWEST = f"""
LEFT JOIN events e ON e.place = (
  SELECT max(place) FROM events WHERE place > (r.id << {SEQ_BITS}) AND place < ((r.id + 1) << {SEQ_BITS})
)
"""

SHOWN = f"({{0}}.hidden IS NULL OR e.place > (r.id << {SEQ_BITS}) + {{0}}.hidden)"
"""A room that someone left out of sight, and in which nothing was said since, is not theirs."""

_ROOM_BY_NAME = f"""
{_ROOM} FROM rooms r {_NEWEST}
WHERE r.name = :key OR r.skeleton = :skeleton ORDER BY r.name <> :key LIMIT 1
"""

_ROOM_BY_FORMER = f"{_ROOM} FROM rooms r {_NEWEST} WHERE r.id = (SELECT room FROM former WHERE key = :key)"

_ROOM_BY_ID = f"{_ROOM} FROM rooms r {_NEWEST} WHERE r.id = :id"

_UNUSED = f"""
SELECT r.id, r.made < :before AND r.topic = ''
  AND NOT EXISTS (SELECT 1 FROM events WHERE place > (r.id << {SEQ_BITS}) AND place < ((r.id + 1) << {SEQ_BITS}))
  AND NOT EXISTS (SELECT 1 FROM members WHERE room = r.id)
FROM rooms r WHERE r.id > :after ORDER BY r.id LIMIT :limit
"""

_EXPIRING = f"""
SELECT r.id, coalesce(e.at < :at - {DAY} * CASE WHEN r.keep < 0 THEN :keep ELSE r.keep END, FALSE)
FROM rooms r LEFT JOIN events e ON e.place = (r.id << {SEQ_BITS}) + r.first
WHERE r.id > :after AND CASE WHEN r.keep < 0 THEN :keep ELSE r.keep END > 0 ORDER BY r.id LIMIT :limit
"""

_RECENT_ROOMS = f"""
{_ROOM} FROM rooms r {_NEWEST} WHERE :reader IS NULL
  OR (r.kind = 'open' AND NOT EXISTS (SELECT 1 FROM accounts WHERE id = :reader AND limited = 1))
  OR EXISTS (SELECT 1 FROM members WHERE account = :reader AND room = r.id AND {SHOWN.format("members")})
ORDER BY e.at IS NULL, max(r.made, coalesce(e.at, 0)) DESC, r.id DESC LIMIT :limit
"""

_MEMBERSHIPS = f"""
{_ROOM}, coalesce(k.seq, 0), coalesce(k.level, 'everything'), coalesce(k.favourite, 0), m.role
FROM members m JOIN rooms r ON r.id = m.room {_NEWEST}
LEFT JOIN marks k ON k.room = r.id AND k.reader = m.account
WHERE m.account = :account AND {SHOWN.format("m")} ORDER BY r.name
"""

_HIDDEN = "SELECT account, hidden FROM members WHERE room = :room AND hidden IS NOT NULL"

_PLACE = "SELECT role FROM members WHERE account = :account AND room = :room"

_REMOVED = "SELECT author FROM removed WHERE room = :room"

_MARK = "SELECT seq, level, favourite FROM marks WHERE room = :room AND reader = :reader"

_ACCOUNT = "SELECT id, name, role, hash, limited, owner FROM accounts WHERE"

_LOGIN = """
SELECT l.id, l.account, l.client, l.created, l.used, a.id, a.name, a.role, a.hash, a.limited, a.owner
FROM logins l JOIN accounts a ON a.id = l.account WHERE l.digest = :digest
"""

_LOGINS = "SELECT id, account, client, created, used FROM logins WHERE account = :account ORDER BY id"

_SESSION = """
SELECT s.id, coalesce(a.name, s.name, ''), s.account, s.login, s.guest
FROM sessions s LEFT JOIN accounts a ON a.id = s.account WHERE s.id = :id
"""

_IGNORED = """
SELECT i.other, coalesce(a.name, s.name) AS name FROM ignored i
LEFT JOIN accounts a ON a.id = i.other LEFT JOIN sessions s ON s.id = -i.other AND s.account IS NULL
WHERE i.reader = :reader AND (a.id IS NOT NULL OR s.id IS NOT NULL) ORDER BY coalesce(a.key, s.key), i.other
"""

_TAKEN = """
SELECT skeleton FROM accounts WHERE skeleton IN (SELECT value FROM json_each(:skeletons))
UNION
SELECT skeleton FROM sessions WHERE skeleton IN (SELECT value FROM json_each(:skeletons))
UNION
SELECT skeleton FROM held WHERE skeleton IN (SELECT value FROM json_each(:skeletons))
"""

_MEMBERS = """
SELECT a.id, a.name, a.role, m.role, a.limited, m.since, a.owner FROM members m JOIN accounts a ON a.id = m.account
WHERE m.room = :room ORDER BY a.key LIMIT :limit
"""


_OPEN = (OPEN.kind, OPEN.posting, OPEN.slow, OPEN.guests, int(OPEN.archived), OPEN.keep)


class Directory:
    """The `Rooms` and the `People` of a database with SQL."""

    _readers: Asks

    def room(self, key: str, skeleton: str) -> RoomRow | None:
        rows = self._readers.ask(_ROOM_BY_NAME, key=key, skeleton=skeleton)
        rows = rows or self._readers.ask(_ROOM_BY_FORMER, key=key)
        return _row(rows[0]) if rows else None

    def room_by_id(self, id: int) -> RoomRow | None:
        rows = self._readers.ask(_ROOM_BY_ID, id=id)
        return _row(rows[0]) if rows else None

    def rooms(self, limit: int, reader: int | None = None) -> list[RoomRow]:
        return [_row(row) for row in self._readers.ask(_RECENT_ROOMS, limit=max(limit, 0), reader=reader)]

    def unused_rooms(self, *, before: int, after: int, limit: int) -> tuple[list[int], int | None]:
        rows = self._readers.ask(_UNUSED, before=before, after=after, limit=limit)
        return [id for id, unused in rows if unused], rows[-1][0] if len(rows) == limit else None

    def expiring(self, keep: int, at: int, *, after: int, limit: int) -> tuple[list[int], int | None]:
        rows = self._readers.ask(_EXPIRING, keep=keep, at=at, after=after, limit=limit)
        return [id for id, due in rows if due], rows[-1][0] if len(rows) == limit else None

    def account(self, key: str) -> Account | None:
        rows = self._readers.ask(f"{_ACCOUNT} key = :key", key=key)
        return as_account(rows[0]) if rows else None

    def account_by_id(self, id: int) -> Account | None:
        rows = self._readers.ask(f"{_ACCOUNT} id = :id", id=id)
        return as_account(rows[0]) if rows else None

    def login(self, digest: bytes) -> tuple[Login, Account] | None:
        rows = self._readers.ask(_LOGIN, digest=digest)
        return (Login(*rows[0][:5]), as_account(rows[0][5:])) if rows else None

    def logins(self, account: int) -> list[Login]:
        return [Login(*row) for row in self._readers.ask(_LOGINS, account=account)]

    def session(self, id: int) -> SessionRow | None:
        rows = self._readers.ask(_SESSION, id=id)
        if not rows:
            return None
        id, name, account, login, guest = rows[0]
        return SessionRow(id, name, account, login, bool(guest))

    def ignored(self, reader: int) -> list[IgnoredRow]:
        return [IgnoredRow(*row) for row in self._readers.ask(_IGNORED, reader=reader)]

    def directs(self, account: int) -> DirectsName:
        rows = self._readers.ask("SELECT directs FROM accounts WHERE id = :account", account=account)
        return rows[0][0] if rows else "everyone"

    def taken(self, skeletons: Sequence[str]) -> set[str]:
        rows = self._readers.ask(_TAKEN, skeletons=json.encode(skeletons).decode())
        return {row[0] for row in rows}

    def members(self, room: int, limit: int) -> list[Member]:
        rows = self._readers.ask(_MEMBERS, room=room, limit=max(limit, 0))
        return [Member(id, name, role, place, bool(limited), *more) for id, name, role, place, limited, *more in rows]

    def memberships(self, account: int) -> list[Membership]:
        rows = self._readers.ask(_MEMBERSHIPS, account=account)
        return [Membership(_row(row[:-4]), _mark(row[-4:-1]), row[-1]) for row in rows]

    def place(self, room: int, account: int) -> str:
        rows = self._readers.ask(_PLACE, room=room, account=account)
        return rows[0][0] if rows else ""

    def meet(self, account: int, other: int) -> bool:
        return bool(self._readers.ask(MEET, account=account, other=other))

    def hidden(self, room: int) -> dict[int, int]:
        return dict(self._readers.ask(_HIDDEN, room=room))

    def removed(self, room: int) -> set[int]:
        return {author for (author,) in self._readers.ask(_REMOVED, room=room)}

    def mark(self, room: int, reader: int) -> Mark:
        rows = self._readers.ask(_MARK, room=room, reader=reader)
        return _mark(rows[0]) if rows else Mark()

    def has_admin(self) -> bool:
        return bool(self._readers.ask(HAS_ADMIN))


def _row(row: Row) -> RoomRow:
    """A row of `_ROOM`."""
    *before, title, listed, count, former, folder = row
    id, name, topic, head, at, kind, posting, slow, guests, archived, keep, first = before
    is_open = (kind, posting, slow, guests, archived, keep) == _OPEN
    rules = OPEN if is_open else Rules(kind, posting, slow, guests, bool(archived), keep)
    people = _names(listed)
    people += (FORMER_NAME,) * (count - len(people))  # who was erased is still one of those it is between
    return RoomRow(id, name, topic, head, at, rules, title, people, _names(former), folder, first)


def _names(listed: str | None) -> tuple[str, ...]:
    """Names that come as JSON; NULL for none."""
    return tuple(json.decode(listed)) if listed else ()


def _mark(row: Row) -> Mark:
    seq, level, favourite = row
    return Mark(seq, level, bool(favourite))
