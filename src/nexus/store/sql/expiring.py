"""Events that are too old go: their rows say nothing any more, and what was done to them is forgotten."""

from nexus.core.expiring import Expire, Gone, oldest_kept
from nexus.core.log import Record
from nexus.protocol.events import Posted
from nexus.store.sql import log
from nexus.store.sql.group import Group
from nexus.store.sql.log import place

MOST = 50
"""Events that go in one step."""

LETTERS = 4000
"""Characters of their texts after which a step takes no more: each word has to be taken out of the index."""

_KEEP = "SELECT keep FROM rooms WHERE id = ?"

_FIRST = "UPDATE rooms SET first = ? WHERE id = ?"


# Also the texts of edits that are not too old themselves.
_EDITS = """
UPDATE events SET text = blank(text)
WHERE place IN (SELECT edit FROM amended WHERE place >= :low AND place <= :high AND edit IS NOT NULL)
"""

_EVENTS = """
UPDATE events SET text = blank(text), "by" = blank("by"), data = blank(data), mentions = 0
WHERE place >= :low AND place <= :high
"""

_ABOUT = tuple(
    f"DELETE FROM {table} WHERE {column} >= :low AND {column} <= :high"
    for table, column in (
        ("amended", "place"),
        ("earlier", "message"),
        ("reactions", "message"),
        ("mentions", "place"),
        ("purged", "message"),
    )
)


def expire(group: Group, change: Expire) -> Gone | None:
    """Let the oldest events go that are too old by now, as many as one step takes; None where there are none."""
    rows = group.connection.execute(_KEEP, (change.room,)).fetchall()
    before = oldest_kept(rows[0][0], change.keep, change.at) if rows else None
    if before is None:
        return None
    going = _too_old(log.oldest(group.connection, change.room, MOST + 1), before)
    some = going[: _fitting(going)]
    if not some:
        return None
    first = some[-1].event.seq + 1
    _forget(group, some)
    group.connection.execute(_FIRST, (first, change.room))
    group.erased()
    return Gone(change.room, first, len(some) < len(going))


def _too_old(records: list[Record], before: int) -> list[Record]:
    """The first ones, up to one that is not: a clock that was wrong for a moment lets nothing newer go."""
    kept = next((index for index, record in enumerate(records) if record.event.at >= before), len(records))
    return records[:kept]


def _fitting(records: list[Record]) -> int:
    """How many go in one step."""
    letters = 0
    for count, record in enumerate(records[:MOST]):
        letters += len(getattr(record.event, "text", None) or "")
        if letters > LETTERS and count:
            return count
    return min(len(records), MOST)


def _forget(group: Group, records: list[Record]) -> None:
    run = group.connection.execute
    for record in records:
        event = record.event
        if isinstance(event, Posted) and event.text:
            group.words.replace(place(record.room, event.seq), record, "")
    span = {
        "low": place(records[0].room, records[0].event.seq),
        "high": place(records[-1].room, records[-1].event.seq),
    }
    for sql in (_EDITS, _EVENTS, *_ABOUT):
        run(sql, span)
