"""A private room that is made out of a direct one: its log is a copy of the other's, taken in steps.

What was done to a message after it was copied is followed when the event that did it is. The full-text index waits
until the room is whole.
"""

from typing import Any

from msgspec import json

from nexus.core import copying as p
from nexus.core.changes import Denied, MakeRoom, Placed
from nexus.core.log import Record
from nexus.core.people import FORMER, RoomRow
from nexus.protocol.events import Amendment, Joined, Purged, Restored
from nexus.protocol.kinds import BY_EVENT
from nexus.store.sql import log
from nexus.store.sql.group import Group
from nexus.store.sql.log import SEQ_BITS, end, place
from nexus.store.sql.rooms import new_room
from nexus.store.sql.standing import why_apart_in

NOT_YOURS = Denied("not_found", "There is no such room, or you are not one of the people in it.")

_OF = """
SELECT r.topic FROM rooms r JOIN members m ON m.room = r.id WHERE r.id = ? AND r.kind = 'direct' AND m.account = ?
"""

_BEGIN = "INSERT INTO copies (room, source, maker, history, begun) VALUES (?, ?, ?, ?, ?)"

_BEGINS = "UPDATE rooms SET first = (SELECT first FROM rooms WHERE id = :source) WHERE id = :room"

_COPY = "SELECT source, maker, history, begun, copied FROM copies WHERE room = ?"

# How each table's rows of a stretch of places come to stand `shift` further on.
_INTO = (
    'INSERT INTO events (place, at, kind, author, "by", nonce, target, text, mentions, data) '
    'SELECT place + :shift, at, kind, author, "by", NULL, target, text, mentions, data '
    "FROM events WHERE place > :after AND place <= :upto ORDER BY place",
)
_BESIDE = (
    "INSERT INTO amended (place, changed, edit, deleted, pinned) "
    "SELECT place + :shift, changed, edit + :shift, deleted, pinned "
    "FROM amended WHERE place > :after AND place <= :upto",
    "INSERT INTO earlier (message, seq, digest) "
    "SELECT message + :shift, seq, digest FROM earlier WHERE message > :after AND message <= :upto",
    'INSERT INTO reactions (message, seq, emoji, author, "by") '
    'SELECT message + :shift, seq, emoji, author, "by" FROM reactions WHERE message > :after AND message <= :upto',
    "INSERT INTO mentions (reader, place, author, name) "
    "SELECT reader, place + :shift, author, name FROM mentions WHERE place > :after AND place <= :upto",
)

_FORGET = (
    "DELETE FROM amended WHERE place = ?",
    "DELETE FROM earlier WHERE message = ?",
    "DELETE FROM reactions WHERE message = ?",
    "DELETE FROM mentions WHERE place = ?",
)

_DONE = "SELECT kind, target, data FROM events WHERE place > ? AND place <= ?"

_EDIT = "SELECT edit FROM amended WHERE place = ?"

_FOLLOW = """
UPDATE events SET (text, mentions) = (SELECT o.text, o.mentions FROM events o WHERE o.place = events.place - :shift)
WHERE place = :place
"""

_LET_IN = """
INSERT INTO members (room, account, since, role)
SELECT :room, m.account, :at, CASE WHEN m.account = :maker THEN 'owner' ELSE 'member' END
FROM members m JOIN accounts a ON a.id = m.account WHERE m.room = :source AND a.role <> :former
  AND (a.owner = 0 OR EXISTS (SELECT 1 FROM members o WHERE o.room = :source AND o.account = a.owner))
"""

_PEOPLE = """
SELECT m.account, a.name FROM members m JOIN accounts a ON a.id = m.account WHERE m.room = ?
ORDER BY m.role <> 'owner', a.key
"""

_MARKS = "INSERT INTO marks (room, reader, seq, level) SELECT :room, reader, seq, level FROM marks WHERE room = :source"

_AMENDMENTS = frozenset(BY_EVENT[kind].number for kind in Amendment.__args__)
_OF_PURGES = frozenset((BY_EVENT[Purged].number, BY_EVENT[Restored].number))


def about_copies(group: Group, change: p.OfCopy) -> Any:
    """One line per step."""
    match change:
        case p.BeginCopy():
            return begin(group, change)
        case p.CopyStep():
            return step(group, change.room, change.most)
        case p.FinishCopy():
            return finish(group, change)


def begin(group: Group, change: p.BeginCopy) -> RoomRow | Denied:
    """A room that nobody belongs to, and what is to become of it."""
    rows = group.connection.execute(_OF, (change.source, change.maker)).fetchall()
    denied = why_apart_in(group.connection, change.source, change.maker) if rows else NOT_YOURS
    if denied:
        return denied
    made = new_room(
        group,
        MakeRoom(
            change.name, f" {change.name}", change.at, new=True, maker=change.maker, kind="private", title=change.title
        ),
    )
    if isinstance(made, Denied):
        return made
    if change.history:
        group.connection.execute("UPDATE rooms SET topic = ? WHERE id = ?", (rows[0][0], made.id))
    values = made.id, change.source, change.maker, change.history, group.head(change.source)[0]
    group.connection.execute(_BEGIN, values)
    return made


def step(group: Group, room: int, most: int) -> bool:
    """Copy a stretch, and follow what was done since to what is copied; true where there is more."""
    source, _, history, begun, copied = _copy(group, room)
    head = group.head(source)[0] if history else copied
    upto = min(copied + most, head)
    if upto == copied:
        return False
    shift = (room - source) << SEQ_BITS
    span = {"shift": shift, "after": place(source, copied), "upto": place(source, upto)}
    for sql in _INTO + _BESIDE:
        group.connection.execute(sql, span)
    if not copied:  # what expires there later does so here too, by itself
        group.connection.execute(_BEGINS, {"room": room, "source": source})
    for seq in _changed(group, source, max(copied, begun), upto):
        if seq <= copied:
            _follow(group, place(source, seq), shift)
    group.connection.execute("UPDATE copies SET copied = ? WHERE room = ?", (upto, room))
    group.connection.execute("UPDATE rooms SET copied = ? WHERE id = ?", (upto, room))
    group.heads[room] = log.read_head(group.connection, room)
    return upto < head


def _copy(group: Group, room: int) -> tuple[int, int, bool, int, int]:
    rows = group.connection.execute(_COPY, (room,)).fetchall()
    if not rows:
        raise LookupError(f"No room {room} is being made.")
    source, maker, history, begun, copied = rows[0]
    return source, maker, bool(history), begun, copied


def _changed(group: Group, source: int, after: int, upto: int) -> set[int]:
    """The messages that the events of a stretch are about."""
    found = set[int]()
    for kind, target, data in group.connection.execute(_DONE, (place(source, after), place(source, upto))):
        if kind in _AMENDMENTS and target is not None:
            found.add(target)
        elif kind in _OF_PURGES and data is not None:
            found.update(json.decode(data).get("targets", ()))
    return found


def _follow(group: Group, message: int, shift: int) -> None:
    """Make the copy of a message what the message is now."""
    run, mine = group.connection.execute, message + shift
    edits = run(_EDIT, (mine,)).fetchall()
    for sql in _FORGET:
        run(sql, (mine,))
    for sql in _BESIDE:
        run(sql, {"shift": shift, "after": message - 1, "upto": message})
    edits += run(_EDIT, (mine,)).fetchall()
    for where in {mine, *(edit for (edit,) in edits if edit is not None)}:
        run(_FOLLOW, {"shift": shift, "place": where})
    group.erased()


def finish(group: Group, change: p.FinishCopy) -> Placed | Denied | None:
    """The room is there, for the people of the one that it was made of."""
    source, maker, history, _, _ = _copy(group, change.room)
    if step(group, change.room, change.most):
        return None
    run = group.connection.execute
    values = {"room": change.room, "source": source, "maker": maker, "at": change.at, "former": FORMER}
    run(_LET_IN, values)
    people = run(_PEOPLE, (change.room,)).fetchall()
    owners = [name for account, name in people if account == maker]
    denied = why_apart_in(group.connection, source, maker) if owners else NOT_YOURS
    if denied:
        abandon(group, change.room)
        return denied
    if history:
        run(_MARKS, values)
    run("DELETE FROM copies WHERE room = ?", (change.room,))
    group.rights_changed()
    records = []
    for account, name in people:
        event = Joined(room="", seq=0, at=change.at, by=name, added="" if account == maker else owners[0])
        records.append(group.note(Record(change.room, account, event)))
    return Placed("owner", tuple(records))


def abandon(group: Group, room: int) -> None:
    """The room is not to be, and nothing of it stays."""
    run, span = group.connection.execute, (place(room, 0), end(room))
    for table, column in (
        ("events", "place"),
        ("amended", "place"),
        ("earlier", "message"),
        ("reactions", "message"),
        ("mentions", "place"),
    ):
        run(f"DELETE FROM {table} WHERE {column} > ? AND {column} < ?", span)
    for table, column in (("members", "room"), ("copies", "room"), ("rooms", "id")):
        run(f"DELETE FROM {table} WHERE {column} = ?", (room,))
    group.forget(room)
    group.erased()
