"""The message's walk in PostgreSQL: a group of plain messages is one call, which is all of its transaction."""

from collections.abc import Sequence

import psycopg

from nexus.core.changes import Denied
from nexus.core.log import Record, time_after
from nexus.protocol.events import Posted
from nexus.store.postgres.connecting import FAULTS, Speaking
from nexus.store.postgres.known import Known
from nexus.store.postgres.spelling import numbers, texts
from nexus.store.sql import log
from nexus.store.sql.log import Head, place
from nexus.store.sql.standing import wait_of

TRIES = 3
"""How often a group is numbered again where another node was quicker; then it waits for the rooms' locks."""

MOST_HEADS = 10_000
"""Rooms whose heads are remembered."""

MOST_ALLOWED = 100_000
"""Rooms and authors of which it is remembered that they may say something there."""

STORED, MOVED, RIGHTS, CAREFULLY = 0, 1, 2, 3
"""What `append_messages` answers; and that a group is not for it."""

_APPEND = (
    "SELECT append_messages(%s::bigint, %s::bigint, %s::bigint, %s::bigint[], %s::bigint[], %s::bigint[], "
    "%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::text[])"
)


class Appending:
    """Numbers messages by what this node knows; the database refuses them where that is not so any more."""

    def __init__(self, run: int, knows: int, known: Known) -> None:
        """The run is this node's number, and `knows` the newest schema that it knows."""
        self._run = run
        self._knows = knows
        self._known = known
        self._heads: dict[int, Head] = {}
        self._allowed: set[tuple[int, int]] = set()
        self._rights = 0

    def append(self, connection: Speaking, records: Sequence[Record]) -> bool:
        """Store a group; false where it is for a transaction that looks at each entry."""
        if not all(map(_is_plain, records)):
            return False
        times = [record.event.at for record in records]
        for _ in range(TRIES):
            try:
                answer = self._try(connection, records)
            except FAULTS.of_entries:  # mostly a nonce that is known, or twice in this group
                answer = CAREFULLY
            if answer == STORED:
                return True
            for record, at in zip(records, times, strict=True):
                record.event.at = at
            self._heads.clear()
            if answer == CAREFULLY:
                return False
            if answer == RIGHTS:
                self._rights = 0
        return False

    def _try(self, connection: Speaking, records: Sequence[Record]) -> int:
        """Number and store a group, as if all were new and nothing had happened meanwhile."""
        if not self._may_all(connection, records):
            return CAREFULLY
        heads = {record.room: self._head(connection, record.room) for record in records}
        behind = _number(records, heads)
        answer = self._call(connection, records, heads)
        if answer == STORED:
            self._keep(behind)
        return answer

    def _may_all(self, connection: Speaking, records: Sequence[Record]) -> bool:
        """Whether everyone may say something where they do, without a wait between two messages."""
        if not self._rights:
            self._allowed.clear()
            ((self._rights,),) = connection.execute("SELECT version FROM rights").fetchall()
        for record in records:
            pair = record.room, record.author
            if not record.checked or pair in self._allowed:
                continue
            wait = wait_of(connection, *pair, record.event.at)
            if wait or isinstance(wait, Denied):
                return False
            if len(self._allowed) >= MOST_ALLOWED:
                self._allowed.clear()
            self._allowed.add(pair)
        return True

    def _head(self, connection: Speaking, room: int) -> Head:
        head = self._heads.get(room)
        if head is None:
            before = self._known.of(room)
            head = log.read_head(connection, room)
            self._known.check(room, before, head[0])
            self._heads[room] = head
        return head

    def _call(self, connection: Speaking, records: Sequence[Record], heads: dict[int, Head]) -> int:
        rooms = sorted(heads)
        events = [record.event for record in records if isinstance(record.event, Posted)]
        cursor = psycopg.Cursor(connection.raw)
        cursor.execute(
            _APPEND,
            (
                self._run,
                self._knows,
                self._rights,
                numbers(rooms),
                numbers([place(room, heads[room][0]) for room in rooms]),
                numbers([place(record.room, record.event.seq) for record in records]),
                numbers([event.at for event in events]),
                numbers([record.author for record in records]),
                texts([record.event.by if record.author <= 0 else None for record in records]),
                texts([record.nonce for record in records]),
                numbers([event.reply_to for event in events]),
                texts([event.text for event in events]),
            ),
            prepare=True,
        )
        answer: int = cursor.fetchall()[0][0]
        return answer

    def _keep(self, heads: dict[int, Head]) -> None:
        if len(self._heads) > MOST_HEADS:
            self._heads.clear()
        self._heads.update(heads)
        for room, (seq, _) in heads.items():
            self._known.note(room, seq)


def _is_plain(record: Record) -> bool:
    """A message that mentions nobody, of an author who was nobody else before."""
    return type(record.event) is Posted and not record.names and not record.earlier


def _number(records: Sequence[Record], heads: dict[int, Head]) -> dict[int, Head]:
    """Give each message its seq and its time; returns where the rooms' logs end with them."""
    behind = dict(heads)
    for record in records:
        event, (seq, at) = record.event, behind[record.room]
        event.seq = seq + 1
        event.at = time_after(at, event.at)
        behind[record.room] = event.seq, event.at
    return behind
