"""What PostgreSQL does for the nodes that share it: who is there, what is new, what is to be looked at again."""

import json
from collections.abc import Sequence
from typing import Any

from nexus.core.announcing import Look
from nexus.core.looking import ALL
from nexus.ports import NodeRow
from nexus.store.postgres.spelling import numbers
from nexus.store.sql.connection import Asks
from nexus.store.sql.log import SEQ_BITS
from nexus.store.sql.words import READ_AS

KEPT_LOOKS = 10_000
"""Of what nodes have to look at again, as many as are kept."""

_NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"

# A node learns from `here` that it had been given up: everything in one statement sees how it was before. Who could say
# nothing for long, as where the database was gone, does not hold that against others before they had their turn.
_BEAT = f"""
WITH here AS (SELECT gone, seen FROM nodes WHERE run = :run), mine AS (
  INSERT INTO nodes (run, name, version, started, seen, people, rooms, behind, schema, letters)
  VALUES (:run, :name, :version, :started, {_NOW}, :people, :rooms, :behind, :schema, :letters)
  ON CONFLICT (run) DO UPDATE SET seen = excluded.seen, people = excluded.people, rooms = excluded.rooms,
    behind = excluded.behind, gone = NULL
  RETURNING *
), dead AS (
  UPDATE nodes SET gone = {_NOW} WHERE gone IS NULL AND run <> :run
    AND coalesce((SELECT seen FROM here), {_NOW}) - seen > :dead RETURNING run
)
SELECT run, name, version, started, seen, people, rooms, behind,
  EXISTS (SELECT 1 FROM here WHERE gone IS NOT NULL) FROM mine
UNION ALL
SELECT run, name, version, started, seen, people, rooms, behind, gone IS NOT NULL OR run IN (SELECT run FROM dead)
FROM nodes WHERE run <> :run ORDER BY 1
"""

_LEAVE = f"UPDATE nodes SET gone = {_NOW} WHERE run = :run RETURNING run"

_FORGET = f"DELETE FROM nodes WHERE gone < {_NOW} - :grace RETURNING run"

_HEADS = f"""
SELECT r.room, coalesce(e.place - (r.room << {SEQ_BITS}), 0)
FROM unnest(CAST(:rooms AS bigint[])) r (room) LEFT JOIN LATERAL (
  SELECT place FROM events WHERE place > r.room << {SEQ_BITS} AND place < (r.room + 1) << {SEQ_BITS}
  ORDER BY place DESC LIMIT 1
) e ON true
"""

_RUNS = "SELECT id, run FROM sessions WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(:ids))"

_ENDS = "SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM looks"

_LOOKS = "SELECT id, what, one, other FROM looks WHERE id > :after ORDER BY id LIMIT :most"

NOTE = "INSERT INTO looks (what, one, other) SELECT ?, ?, ? WHERE EXISTS (SELECT 1 FROM nodes)"

# By a lock that is held until the commit, numbers are in the order of commits: a reader of one missed none below.
IN_ORDER = "SELECT pg_advisory_xact_lock(20058, 0)"

_FORGET_LOOKS = f"DELETE FROM looks WHERE id <= (SELECT max(id) FROM looks) - {KEPT_LOOKS} RETURNING id"


class Nodes:
    """The `Cluster` of PostgreSQL."""

    _readers: Asks
    knows: int

    def beat(self, node: NodeRow, dead: int) -> list[NodeRow]:
        told: dict[str, Any] = node._asdict()
        del told["seen"], told["gone"]
        told |= {"schema": self.knows, "letters": READ_AS}
        return [NodeRow(*row) for row in self._readers.ask(_BEAT, dead=dead, **told)]

    def leave(self, run: int) -> None:
        self._readers.ask(_LEAVE, run=run)

    def forget(self, grace: int) -> list[int]:
        self._readers.ask(_FORGET_LOOKS)
        return [run for (run,) in self._readers.ask(_FORGET, grace=grace)]

    def heads(self, rooms: Sequence[int]) -> dict[int, int]:
        return dict(self._readers.ask(_HEADS, rooms=numbers(rooms)))

    def runs(self, sessions: Sequence[int]) -> dict[int, int]:
        return dict(self._readers.ask(_RUNS, ids=json.dumps(list(sessions))))

    def looks(self, after: int | None, most: int) -> tuple[int, list[Look]]:
        ((first, last),) = self._readers.ask(_ENDS)
        if after is None or after == last:
            return last, []
        if after > last or first > after + 1:
            return last, [ALL]
        rows = self._readers.ask(_LOOKS, after=after, most=most)
        return rows[-1][0], [Look(*row[1:]) for row in rows]
