"""What operators and moderators look at, as it is read."""

from collections.abc import Sequence
from typing import Any

from msgspec import json

from nexus.core.copying import CopyRow
from nexus.core.destroying import Gone
from nexus.core.inviting import kept_as
from nexus.core.moderating import PRIVATE
from nexus.core.people import (
    Act,
    BanRow,
    Invite,
    Profile,
)
from nexus.core.purging import DOING, GUESTS, GUESTS_NAME, UNDOING, PurgeRow
from nexus.core.reporting import ReportRow
from nexus.protocol.kinds import POSTED
from nexus.store.sql.connection import Asks, Row
from nexus.store.sql.log import SEQ_BITS, SEQS

_PROFILES = """
SELECT a.id, a.name, a.key, a.role, a.created, (SELECT count(*) FROM logins l WHERE l.account = a.id),
  (SELECT coalesce(max(l.used), 0) FROM logins l WHERE l.account = a.id), a.limited, coalesce(o.name, '')
FROM accounts a LEFT JOIN accounts o ON o.id = a.owner
WHERE a.key > :after AND :owner IN (0, a.owner) ORDER BY a.key LIMIT :limit
"""

_INVITES = """
SELECT i.id, i.role, i.uses, i.created, i.expires, i.room, i."by", coalesce(r.name, ''), coalesce(a.name, ''), (
  SELECT json_group_array(name) FROM (
    SELECT u.name FROM invited d JOIN accounts u ON u.id = d.account WHERE d.invite = i.id ORDER BY d.at, u.id
  ) y
), i.room_role, i.limited
FROM invites i LEFT JOIN rooms r ON r.id = i.room LEFT JOIN accounts a ON a.id = i."by" ORDER BY i.created, i.id
"""

_ACT = """
SELECT x.id, x.at, x."by", x.verb, x.account, x.detail, x.target,
  coalesce(
    t.name, nullif(x.name, ''), nullif(o.title, ''),
    CASE WHEN g.state < 2 THEN json_extract(g.kept, '$.title') END, ''
  ),
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
    SELECT id FROM acts WHERE :server = 1 AND id < min(:before, {PRIVATE}) ORDER BY id DESC LIMIT :limit
  ) y
  UNION
  SELECT id FROM (
    SELECT y.id FROM members m JOIN acts y ON y.room = m.room AND y.room <> 0
    WHERE m.account = :reader AND y.id < :before
      AND (m.role = 'owner' OR (m.role = 'moderator' AND y.verb NOT IN ('destroy', 'revive')))
    ORDER BY y.id DESC LIMIT :limit
  ) z
) ORDER BY x.id DESC LIMIT :limit
"""

_DESTROYED = """
SELECT g.room, g.name, g.act,
  CASE WHEN EXISTS (SELECT 1 FROM rooms r WHERE coalesce(r.folder, r.name) = g.folder) THEN '' ELSE g.folder END
FROM destroyed g WHERE g.state < 2 ORDER BY g.room
"""

_BANS = f"""
{_ACT}, b.id, b.author, b.address, b.until FROM bans b JOIN acts x ON x.id = b.act {_PEOPLE}
ORDER BY b.id DESC LIMIT :limit
"""

_MUTED = "SELECT until FROM mutes WHERE author = :author"

# What is being copied follows its original until the copy is there; what has expired is not there any more.
_THEIRS = f"""
(e.author = :account OR (:address = '{GUESTS}' AND e.author < 0)
  OR (:address <> '' AND e.author IN (SELECT author FROM origins WHERE address = :address)))
  AND e.kind = :kind AND coalesce(a.deleted, 0) = 0
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

_PURGES = f"""
SELECT p.act, p.author, p.room, p.since, p.state, coalesce(u."by", x."by"), coalesce(d.name, ''),
  coalesce(t.name, nullif(x.name, ''), '{GUESTS_NAME}'), p.address
FROM purges p JOIN acts x ON x.id = p.act LEFT JOIN acts u ON u.undoes = p.act
  LEFT JOIN accounts d ON d.id = coalesce(u."by", x."by") LEFT JOIN accounts t ON t.id = p.author
WHERE p.state = :doing OR p.state = :undoing ORDER BY p.act
"""

_PURGED = "SELECT message FROM purged WHERE act = :act ORDER BY message LIMIT :limit"

NEWEST = 2**63 - 1
"""Above every id."""


class Overseeing:
    """The `Oversight` of a database with SQL."""

    _readers: Asks

    def profiles(self, after: str, limit: int, owner: int = 0) -> list[Profile]:
        rows = self._readers.ask(_PROFILES, after=after, limit=max(limit, 0), owner=owner)
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
        self, author: int, since: int, *, before: int | None, limit: int, address: str = ""
    ) -> tuple[list[tuple[int, int]], int | None]:
        high = NEWEST if before is None else before
        most = max(limit, 0)
        rows = self._readers.ask(_SAID_SINCE, account=author, address=address, kind=POSTED, before=high, limit=most)
        found = [(place >> SEQ_BITS, place & SEQS) for _, place, theirs, at, _ in rows if theirs and at >= since]
        over = len(rows) < limit or (rows[-1][3] < since and not rows[-1][4])
        return found, None if over else rows[-1][0]

    def removals(self) -> list[int]:
        return [account for (account,) in self._readers.ask("SELECT account FROM removals ORDER BY account")]

    def said_by(self, account: int, *, after: int, limit: int) -> tuple[list[tuple[int, int]], int | None]:
        rows = self._readers.ask(_SAID, account=account, address="", kind=POSTED, after=after, limit=max(limit, 0))
        found = [(place >> SEQ_BITS, place & SEQS) for _, place, theirs in rows if theirs]
        return found, rows[-1][0] if len(rows) == limit else None


def _act(row: Sequence[Any]) -> Act:
    """A row of `_ACT`."""
    id, at, by, verb, account, detail, target, name, until, undoes, undone, doer, room, place = row
    return Act(id, at, by, verb, account, detail, target, name, until, undoes, bool(undone), doer, room, place)


def _invite(row: Row) -> Invite:
    """A row of `_INVITES`."""
    id, role, uses, created, expires, room, by, place, doer, used, room_role, limited = row
    names = tuple(json.decode(used or "[]"))
    return Invite(kept_as(id), role, uses, created, expires, room, by, place, doer, names, room_role, bool(limited))


def _profile(row: Row) -> Profile:
    """A row of `_PROFILES`."""
    account, name, key, role, created, logins, used, limited, owner = row
    return Profile(account, name, key, role, created, logins, used, bool(limited), owner)
