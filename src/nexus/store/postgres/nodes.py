"""What the database does for the nodes that share it."""

from collections.abc import Sequence

from nexus.core.announcing import Look
from nexus.core.looking import ALL
from nexus.ports import NodeRow
from nexus.protocol.codec import encode
from nexus.store.postgres.readers import Readers
from nexus.store.sql.log import SEQ_BITS, SEQS

KEPT = 10_000
"""Of what nodes have to look at again, as many as are kept, at least."""

_NOW = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"

_BEAT = f"""
WITH here AS (SELECT gone FROM nodes WHERE run = :run), swept AS (
  UPDATE nodes SET gone = 1, seen = {_NOW} WHERE gone = 0 AND run <> :run AND seen < {_NOW} - :dead
  RETURNING run
), said AS (
  INSERT INTO nodes (run, name, version, started, seen, people, rooms)
  VALUES (:run, :name, :version, :started, {_NOW}, :people, :rooms)
  ON CONFLICT (run) DO UPDATE SET seen = excluded.seen, people = excluded.people, rooms = excluded.rooms, gone = 0
  RETURNING *
)
SELECT run, name, version, started, seen, people, rooms, coalesce((SELECT gone FROM here), 0) FROM said
UNION ALL
SELECT run, name, version, started, seen, people, rooms, CASE WHEN run IN (SELECT run FROM swept) THEN 1 ELSE gone END
FROM nodes WHERE run <> :run ORDER BY 1
"""

_HEADS = f"""
SELECT r.room, e.head FROM (SELECT CAST(value AS bigint) AS room FROM json_each(:rooms)) r, LATERAL (
  SELECT place & {SEQS} AS head FROM events
  WHERE place >= r.room << {SEQ_BITS} AND place < (r.room + 1) << {SEQ_BITS} ORDER BY place DESC LIMIT 1
) e
"""

# Their numbers are in the order in which they were stored: groups that have any go one by one, see begin_group.
_LOOKS = """
SELECT number, what, id, other FROM looks WHERE number > :after ORDER BY number LIMIT :most
"""

_DROP = "DELETE FROM looks WHERE number < (SELECT max(number) FROM looks) - :kept RETURNING 1"


class Nodes:
    """Signs of life, heads, and what to look at again."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    def beat(self, node: NodeRow, dead: int) -> list[NodeRow]:
        """Note that a node is there, and give up those that said nothing for too long."""
        rows = self._readers.ask(_BEAT, None, dead=dead, **node._asdict())
        return [NodeRow._make((*row[:7], bool(row[7]))) for row in rows]

    def leave(self, run: int) -> None:
        """The node stops."""
        self._readers.ask(f"UPDATE nodes SET gone = 1, seen = {_NOW} WHERE run = :run RETURNING run", run=run)

    def forget(self, grace: int) -> list[int]:
        """Forget nodes that were given up a while ago, and what is old of all that was to be looked at."""
        self._readers.ask(_DROP, kept=KEPT)
        gone = f"DELETE FROM nodes WHERE gone = 1 AND seen <= {_NOW} - :grace RETURNING run"
        return [run for (run,) in self._readers.ask(gone, grace=grace)]

    def heads(self, rooms: Sequence[int]) -> dict[int, int]:
        """The newest seq of each of these rooms."""
        return dict(self._readers.ask(_HEADS, rooms=encode(list(rooms)).decode()))

    def runs(self, sessions: Sequence[int]) -> dict[int, int]:
        """Which node has each of these sessions."""
        ask = "SELECT id, run FROM sessions WHERE id IN (SELECT CAST(value AS bigint) FROM json_each(:ids))"
        return dict(self._readers.ask(ask, ids=encode(list(sessions)).decode()))

    def looks(self, after: int | None, most: int) -> tuple[int, list[Look]]:
        """What changed after a number."""
        ((first, last),) = self._readers.ask("SELECT coalesce(min(number), 1), coalesce(max(number), 0) FROM looks")
        if after is None or after >= last:
            return last, []
        if after + 1 < first:
            return last, [ALL]
        found = self._readers.ask(_LOOKS, after=after, most=most)
        return (found[-1][0], [Look(*row[1:]) for row in found]) if found else (after, [])
