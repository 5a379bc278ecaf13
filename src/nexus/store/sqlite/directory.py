"""Rooms, accounts, logins, sessions, memberships and read marks, as they are read."""

from collections.abc import Sequence
from typing import Any

from msgspec import json

from nexus.core.access import OPEN, Rules
from nexus.core.copying import CopyRow
from nexus.core.destroying import Gone
from nexus.core.expiring import DAY
from nexus.core.moderating import PRIVATE
from nexus.core.people import (
    Account,
    Act,
    BanRow,
    Invite,
    Login,
    Mark,
    Member,
    Membership,
    Profile,
    RoomRow,
    SessionRow,
)
from nexus.core.protecting import IgnoredRow
from nexus.core.purging import DOING, UNDOING, PurgeRow
from nexus.core.reporting import ReportRow
from nexus.protocol.kinds import POSTED
from nexus.protocol.types import DirectsName
from nexus.store.sqlite.log import SEQ_BITS, SEQS, Row
from nexus.store.sqlite.meeting import MEET
from nexus.store.sqlite.readers import Readers
from nexus.store.sqlite.standing import as_account

# A room's head is looked up where its events end: written into its row, it would cost each group a page per room.
_ROOM = f"""
SELECT r.id, r.name, r.topic, coalesce(e.place - (r.id << {SEQ_BITS}), 0), coalesce(e.at, 0),
  r.kind, r.posting, r.slow, r.guests, r.archived, r.keep, r.first, r.title, CASE WHEN r.kind = 'direct' THEN (
    SELECT json_group_array(name) FROM (
      SELECT a.name FROM members x JOIN accounts a ON a.id = x.account WHERE x.room = r.id ORDER BY a.key
    )
  ) END, CASE WHEN r.renamed THEN (
    SELECT json_group_array(key) FROM (SELECT key FROM former WHERE room = r.id ORDER BY id DESC)
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
SELECT r.id, coalesce(e.at < :at - {DAY} * CASE WHEN r.keep < 0 THEN :keep ELSE r.keep END, 0)
FROM rooms r LEFT JOIN events e ON e.place = (r.id << {SEQ_BITS}) + r.first
WHERE r.id > :after AND CASE WHEN r.keep < 0 THEN :keep ELSE r.keep END > 0 ORDER BY r.id LIMIT :limit
"""

_RECENT_ROOMS = f"""
{_ROOM} FROM rooms r {_NEWEST} WHERE :reader IS NULL
  OR (r.kind = 'open' AND NOT EXISTS (SELECT 1 FROM accounts WHERE id = :reader AND limited))
  OR EXISTS (SELECT 1 FROM members WHERE account = :reader AND room = r.id AND {SHOWN.format("members")})
ORDER BY e.at IS NULL, max(r.made, coalesce(e.at, 0)) DESC, r.id DESC LIMIT :limit
"""

_MEMBERSHIPS = f"""
{_ROOM}, coalesce(k.seq, 0), coalesce(k.level, 'everything'), m.role
FROM members m JOIN rooms r ON r.id = m.room {_NEWEST}
LEFT JOIN marks k ON k.room = r.id AND k.reader = m.account
WHERE m.account = :account AND {SHOWN.format("m")} ORDER BY r.name
"""

_HIDDEN = "SELECT account, hidden FROM members WHERE room = :room AND hidden IS NOT NULL"

_PLACE = "SELECT role FROM members WHERE account = :account AND room = :room"

_REMOVED = "SELECT author FROM removed WHERE room = :room"

_MARK = "SELECT seq, level FROM marks WHERE room = :room AND reader = :reader"

_ACCOUNT = "SELECT id, name, role, hash, limited FROM accounts WHERE"

_LOGIN = """
SELECT l.id, l.account, l.client, l.created, l.used, a.id, a.name, a.role, a.hash, a.limited
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

_PROFILES = """
SELECT a.id, a.name, a.key, a.role, a.created, (SELECT count(*) FROM logins l WHERE l.account = a.id),
  (SELECT coalesce(max(l.used), 0) FROM logins l WHERE l.account = a.id), a.limited
FROM accounts a WHERE a.key > :after ORDER BY a.key LIMIT :limit
"""

_INVITES = """
SELECT i.id, i.role, i.uses, i.created, i.expires, i.room, i."by", coalesce(r.name, ''), coalesce(a.name, ''), (
  SELECT json_group_array(name) FROM (
    SELECT u.name FROM invited d JOIN accounts u ON u.id = d.account WHERE d.invite = i.id ORDER BY d.at, u.id
  )
), i.room_role, i.limited
FROM invites i LEFT JOIN rooms r ON r.id = i.room LEFT JOIN accounts a ON a.id = i."by" ORDER BY i.id
"""

_ACT = """
SELECT x.id, x.at, x."by", x.verb, x.account, x.detail, x.target,
  coalesce(t.name, nullif(x.name, ''), nullif(o.title, ''), iif(g.state < 2, json_extract(g.kept, '$.title'), ''), ''),
  x.until,
  coalesce(x.undoes, 0), EXISTS (SELECT 1 FROM acts u WHERE u.undoes = x.id), coalesce(d.name, ''),
  x.room, coalesce(o.name, g.name, '')
"""

_PEOPLE = """
LEFT JOIN accounts t ON t.id = coalesce(nullif(x.target, 0), x.account) LEFT JOIN accounts d ON d.id = x."by"
LEFT JOIN rooms o ON o.id = x.room LEFT JOIN destroyed g ON g.room = x.room
"""

_ACTS = f"""
{_ACT} FROM acts x {_PEOPLE} WHERE x.id IN (
  SELECT id FROM (
    SELECT id FROM acts WHERE :server AND id < min(:before, {PRIVATE}) ORDER BY id DESC LIMIT :limit
  )
  UNION
  SELECT id FROM (
    SELECT y.id FROM members m JOIN acts y ON y.room = m.room AND y.room <> 0
    WHERE m.account = :reader AND y.id < :before
      AND (m.role = 'owner' OR (m.role = 'moderator' AND y.verb NOT IN ('destroy', 'revive')))
    ORDER BY y.id DESC LIMIT :limit
  )
) ORDER BY x.id DESC LIMIT :limit
"""

_DESTROYED = """
SELECT g.room, g.name, g.act,
  iif(EXISTS (SELECT 1 FROM rooms r WHERE coalesce(r.folder, r.name) = g.folder), '', g.folder)
FROM destroyed g WHERE g.state < 2 ORDER BY g.room
"""

_BANS = f"""
{_ACT}, b.id, b.author, b.address, b.until FROM bans b JOIN acts x ON x.id = b.act {_PEOPLE}
ORDER BY b.id DESC LIMIT :limit
"""

_MUTED = "SELECT until FROM mutes WHERE author = :author"

# What is being copied follows its original until the copy is there; what has expired is not there any more.
_THEIRS = f"""
e.author = :account AND e.kind = :kind AND coalesce(a.deleted, 0) = 0
  AND NOT EXISTS (SELECT 1 FROM copies WHERE room = e.place >> {SEQ_BITS})
  AND e.place & {SEQS} >= coalesce((SELECT first FROM rooms WHERE id = e.place >> {SEQ_BITS}), 1)
"""

_SAID = f"""
SELECT e.id, e.place, {_THEIRS}
FROM events e LEFT JOIN amended a ON a.place = e.place WHERE e.id > :after ORDER BY e.id LIMIT :limit
"""

# A copy was stored long after it was said.
_SAID_SINCE = f"""
SELECT e.id, e.place, {_THEIRS}, e.at, r.copied >= e.place - (r.id << {SEQ_BITS})
FROM events e JOIN rooms r ON r.id = e.place >> {SEQ_BITS} LEFT JOIN amended a ON a.place = e.place
WHERE e.id < :before ORDER BY e.id DESC LIMIT :limit
"""

_REPORTS = """
SELECT p.id, p.at, p."by", coalesce(a.name, p.name), p.room, coalesce(r.name, ''), p.seq, p.author, p.reason, p.copy,
  p.settled, p.outcome
FROM reports p LEFT JOIN accounts a ON a.id = p."by" LEFT JOIN rooms r ON r.id = p.room
WHERE p.settled = 0 ORDER BY p.id LIMIT :limit
"""

_PURGES = """
SELECT p.act, p.author, p.room, p.since, p.state, coalesce(u."by", x."by"), coalesce(d.name, ''),
  coalesce(t.name, x.name)
FROM purges p JOIN acts x ON x.id = p.act LEFT JOIN acts u ON u.undoes = p.act
  LEFT JOIN accounts d ON d.id = coalesce(u."by", x."by") LEFT JOIN accounts t ON t.id = p.author
WHERE p.state = :doing OR p.state = :undoing ORDER BY p.act
"""

_PURGED = "SELECT message FROM purged WHERE act = :act ORDER BY message LIMIT :limit"

_MEMBERS = """
SELECT a.id, a.name, a.role, m.role, a.limited FROM members m JOIN accounts a ON a.id = m.account
WHERE m.room = :room ORDER BY a.key LIMIT :limit
"""


NEWEST = 2**63 - 1
"""Above every id."""

_OPEN = (OPEN.kind, OPEN.posting, OPEN.slow, OPEN.guests, int(OPEN.archived), OPEN.keep)


class Directory:
    """The `Rooms` and the `People` of SQLite."""

    _readers: Readers

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
        return [Member(id, name, role, place, bool(limited)) for id, name, role, place, limited in rows]

    def memberships(self, account: int) -> list[Membership]:
        rows = self._readers.ask(_MEMBERSHIPS, account=account)
        return [Membership(_row(row[:-3]), Mark(*row[-3:-1]), row[-1]) for row in rows]

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
        return Mark(*rows[0]) if rows else Mark()

    def has_admin(self) -> bool:
        return bool(self._readers.ask("SELECT 1 FROM accounts WHERE role IN ('admin', 'owner') LIMIT 1"))

    def profiles(self, after: str, limit: int) -> list[Profile]:
        rows = self._readers.ask(_PROFILES, after=after, limit=max(limit, 0))
        return [_profile(row) for row in rows]

    def invites(self) -> list[Invite]:
        return [_invite(row) for row in self._readers.ask(_INVITES)]

    def acts(self, limit: int, *, before: int | None = None, server: bool = True, reader: int = 0) -> list[Act]:
        values = {"before": NEWEST if before is None else before, "limit": max(limit, 0), "reader": reader}
        return [_act(row) for row in self._readers.ask(_ACTS, server=server, **values)]

    def destroyed(self) -> list[Gone]:
        return [Gone(*row) for row in self._readers.ask(_DESTROYED)]

    def bans(self, limit: int) -> list[BanRow]:
        rows = self._readers.ask(_BANS, limit=max(limit, 0))
        return [BanRow(id, author, address, until, _act(row)) for *row, id, author, address, until in rows]

    def paused(self) -> bool:
        return bool(self._readers.ask("SELECT 1 FROM pause"))

    def origin(self, author: int) -> str:
        rows = self._readers.ask("SELECT address FROM origins WHERE author = :author", author=author)
        return rows[0][0] if rows else ""

    def muted(self, author: int) -> int | None:
        rows = self._readers.ask(_MUTED, author=author)
        return rows[0][0] if rows else None

    def reports(self, limit: int) -> list[ReportRow]:
        return [ReportRow(*row) for row in self._readers.ask(_REPORTS, limit=max(limit, 0))]

    def copies(self) -> list[CopyRow]:
        return [CopyRow(*row) for row in self._readers.ask("SELECT room, source, maker FROM copies ORDER BY room")]

    def purges(self) -> list[PurgeRow]:
        return [PurgeRow(*row) for row in self._readers.ask(_PURGES, doing=DOING, undoing=UNDOING)]

    def purged(self, act: int, limit: int) -> list[tuple[int, int]]:
        rows = self._readers.ask(_PURGED, act=act, limit=max(limit, 0))
        return [(place >> SEQ_BITS, place & SEQS) for (place,) in rows]

    def said_since(
        self, author: int, since: int, *, before: int | None, limit: int
    ) -> tuple[list[tuple[int, int]], int | None]:
        high = NEWEST if before is None else before
        rows = self._readers.ask(_SAID_SINCE, account=author, kind=POSTED, before=high, limit=max(limit, 0))
        found = [(place >> SEQ_BITS, place & SEQS) for _, place, theirs, at, _ in rows if theirs and at >= since]
        over = len(rows) < limit or (rows[-1][3] < since and not rows[-1][4])
        return found, None if over else rows[-1][0]

    def removals(self) -> list[int]:
        return [account for (account,) in self._readers.ask("SELECT account FROM removals ORDER BY account")]

    def said_by(self, account: int, *, after: int, limit: int) -> tuple[list[tuple[int, int]], int | None]:
        rows = self._readers.ask(_SAID, account=account, kind=POSTED, after=after, limit=max(limit, 0))
        found = [(place >> SEQ_BITS, place & SEQS) for _, place, theirs in rows if theirs]
        return found, rows[-1][0] if len(rows) == limit else None


def _row(row: Row) -> RoomRow:
    """A row of `_ROOM`."""
    *before, title, people, former, folder = row
    id, name, topic, head, at, kind, posting, slow, guests, archived, keep, first = before
    is_open = (kind, posting, slow, guests, archived, keep) == _OPEN
    rules = OPEN if is_open else Rules(kind, posting, slow, guests, bool(archived), keep)
    return RoomRow(id, name, topic, head, at, rules, title, _names(people), _names(former), folder, first)


def _names(listed: str | None) -> tuple[str, ...]:
    """Names that come as JSON; NULL for none."""
    return tuple(json.decode(listed)) if listed else ()


def _act(row: Sequence[Any]) -> Act:
    """A row of `_ACT`."""
    id, at, by, verb, account, detail, target, name, until, undoes, undone, doer, room, place = row
    return Act(id, at, by, verb, account, detail, target, name, until, undoes, bool(undone), doer, room, place)


def _invite(row: Row) -> Invite:
    """A row of `_INVITES`."""
    id, role, uses, created, expires, room, by, place, doer, used, room_role, limited = row
    names = tuple(json.decode(used))
    return Invite(id, role, uses, created, expires, room, by, place, doer, names, room_role, bool(limited))


def _profile(row: Row) -> Profile:
    """A row of `_PROFILES`."""
    account, name, key, role, created, logins, used, limited = row
    return Profile(account, name, key, role, created, logins, used, bool(limited))
