"""Taking rooms away: a room's row is put aside, so that nothing of it is found; or put back, or all of it erased."""

from typing import Any

from msgspec import json

from nexus.core import destroying as d
from nexus.core.access import Rules
from nexus.core.changes import Denied
from nexus.core.moderating import CHANGED, NO_ACT, PRIVATE, why_not_undone
from nexus.protocol.events import Destroyed, Revived
from nexus.store.sql.acting import note
from nexus.store.sql.connection import Connection
from nexus.store.sql.group import Group
from nexus.store.sql.log import end, place, read_target
from nexus.store.sql.standing import standing_of

_KEEP = "INSERT INTO destroyed (room, act, at, name, skeleton, folder, kept) VALUES (?, ?, ?, ?, ?, ?, ?)"

# Its folder, unless another room has that one by now.
_FOLDER = """
UPDATE rooms SET folder = CASE
  WHEN EXISTS (SELECT 1 FROM rooms r WHERE r.id <> :room AND coalesce(r.folder, r.name) = :folder)
  THEN name || ' ' || id
  WHEN name <> :folder THEN :folder
END WHERE id = :room
"""

_ACT = """
SELECT x.at, EXISTS (SELECT 1 FROM acts u WHERE u.undoes = x.id), d.room, d.kept
FROM acts x LEFT JOIN destroyed d ON d.act = x.id AND d.state = 0 WHERE x.id = ? AND x.verb = 'destroy'
"""

_DUE = "SELECT room, state, erased FROM destroyed WHERE state < 2 AND at < ? ORDER BY at LIMIT 1"

_ROWS = 'SELECT place, text, "by", data FROM events WHERE place > ? AND place < ? ORDER BY place LIMIT ?'

_BLANK = 'UPDATE events SET text = ?, "by" = ?, data = ?, mentions = 0 WHERE place = ?'

_BESIDE = (
    ("purged", "message"),
    ("amended", "place"),
    ("earlier", "message"),
    ("reactions", "message"),
    ("mentions", "place"),
)
"""What is kept of messages beside the log, and by which column."""

_GONE = "UPDATE destroyed SET state = 2, name = NULL, skeleton = NULL, folder = NULL, kept = ? WHERE room = ?"

_MEMBERS = "SELECT account, room FROM members WHERE room = ? LIMIT ?"


def about_destroyed(group: Group, change: d.OfDestroyed) -> Any:
    """One line per change."""
    match change:
        case d.Destroy():
            return destroy(group, change)
        case d.Revive():
            return revive(group, change)
        case d.EraseDestroyed():
            return erase(group, change)


def destroy(group: Group, change: d.Destroy) -> d.Done | Denied:
    """Put a room's row aside, with an act and an event."""
    record, event = change.record, change.record.event
    assert isinstance(event, Destroyed)
    run, room = group.connection.execute, record.room
    row = _row(group.connection, room)
    if row is None or run("SELECT 1 FROM copies WHERE room = ?", (room,)).fetchall():
        return d.NO_ROOM
    kind = row["kind"]
    mine = standing_of(group.connection, room, record.author)
    denied = d.why_not(mine, Rules(kind), operator=change.operator)
    if denied is not None:
        return denied
    event.act = note(
        group.connection,
        lot=None if kind == "open" else change.lot,
        at=event.at,
        by=record.author,
        verb="destroy",
        detail=change.reason,
        name=change.name if kind == "open" else "",
        room=room,
    )
    group.note(record)
    kept = json.encode(row).decode()
    folder = row["folder"] or row["name"]
    run(_KEEP, (room, event.act, event.at, row["name"], row["skeleton"], folder, kept))
    run("DELETE FROM rooms WHERE id = ?", (room,))
    group.rights_changed()
    return d.Done(event.act, (record,), {})


def _row(connection: Connection, room: int) -> dict[str, Any] | None:
    """A room's row, whatever columns it has."""
    cursor = connection.execute("SELECT * FROM rooms WHERE id = ?", (room,))
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    return dict(zip(names, rows[0], strict=True)) if rows else None


def revive(group: Group, change: d.Revive) -> d.Done | Denied:
    """Put a room's row back, with an act and an event."""
    record, event = change.record, change.record.event
    assert isinstance(event, Revived)
    rows = group.connection.execute(_ACT, (change.act,)).fetchall()
    if not rows:
        return NO_ACT
    at, undone, room, kept = rows[0]
    denied = why_not_undone(event.at, at, change.within, undone=bool(undone))
    if denied or room is None:
        return denied or CHANGED
    row: dict[str, Any] = json.decode(kept)
    mine = standing_of(group.connection, room, record.author)
    denied = d.why_not(mine, Rules(row["kind"]), operator=change.operator)
    if denied is not None:
        return denied
    folder, row["folder"] = row["folder"] or row["name"], None
    columns, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    group.connection.execute(f"INSERT INTO rooms ({columns}) VALUES ({marks})", tuple(row.values()))
    group.connection.execute(_FOLDER, {"room": room, "folder": folder})
    group.connection.execute("DELETE FROM destroyed WHERE room = ?", (room,))
    act = note(
        group.connection,
        lot=None if row["kind"] == "open" else change.lot,
        at=event.at,
        by=record.author,
        verb="revive",
        name=change.name if row["kind"] == "open" else "",
        undoes=change.act,
        room=room,
    )
    event.act = change.act
    record.room, event.room = room, row["name"]
    group.note(record)
    group.rights_changed()
    places = dict(group.connection.execute("SELECT account, role FROM members WHERE room = ?", (room,)).fetchall())
    return d.Done(act, (record,), places)


def erase(group: Group, change: d.EraseDestroyed) -> bool:
    """A step of erasing the room that was destroyed first, among those that cannot come back any more."""
    rows = group.connection.execute(_DUE, (change.before,)).fetchall()
    if not rows:
        return False
    room, _, erased = rows[0]
    group.erased()
    upto = _blank(group, room, max(erased, place(room, 0)), change.most)
    if upto:
        group.connection.execute("UPDATE destroyed SET state = 1, erased = ? WHERE room = ?", (upto, room))
    elif not (_drop(group.connection, room, change.most) or _part(group.connection, room, change.most)):
        _forget(group.connection, room)
    return True


def _blank(group: Group, room: int, after: int, most: int) -> int:
    """Overwrite what people wrote in the next events of a room; returns the place of the last, 0 where there is none.

    The rows stay: what comes after them in the index of words, and in a search, goes by their ids.
    """
    rows = group.connection.execute(_ROWS, (after, end(room), most)).fetchall()
    for where, *_ in rows:
        target = read_target(group.connection, room, where - place(room, 0))
        if target is not None and target.message.text:
            group.words.replace(where, target.record, "")
            if target.edit:  # with its message: the index of words reads it there
                values = (_nothing(target.message.text), place(room, target.edit))
                group.connection.execute("UPDATE events SET text = ? WHERE place = ?", values)
    for where, text, by, data in rows:
        group.connection.execute(_BLANK, (_nothing(text), _nothing(by), _nothing(data), where))
    return rows[-1][0] if rows else 0


def _nothing(text: str | None) -> str | None:
    """As many NULs as a text has bytes: a row that keeps its size moves no other row."""
    return None if text is None else "\0" * len(text.encode("utf-8", "surrogatepass"))


def _drop(connection: Connection, room: int, most: int) -> bool:
    """Delete some of what is kept of a room's messages beside the log; false where there was nothing."""
    for table, column in _BESIDE:
        some = f"SELECT {column} FROM {table} WHERE {column} > ? AND {column} < ? LIMIT ?"
        sql = f"DELETE FROM {table} WHERE {column} IN ({some})"
        if connection.execute(sql, (place(room, 0), end(room), most)).rowcount:
            return True
    return False


def _part(connection: Connection, room: int, most: int) -> bool:
    """Some members belong to a room no more, and have read nothing of it; false where there was none."""
    rows = connection.execute(_MEMBERS, (room, most)).fetchall()
    connection.executemany("DELETE FROM marks WHERE reader = ? AND room = ?", rows)
    connection.executemany("DELETE FROM members WHERE account = ? AND room = ?", rows)
    return bool(rows)


def _forget(connection: Connection, room: int) -> None:
    """Nothing is left of a room but its number; its name is free."""
    connection.execute("DELETE FROM removed WHERE room = ?", (room,))
    connection.execute("DELETE FROM spoke WHERE room = ?", (room,))
    connection.execute("DELETE FROM invites WHERE room = ?", (room,))
    connection.execute("DELETE FROM former WHERE room = ?", (room,))
    connection.execute("UPDATE acts SET detail = '' WHERE room = ? AND id >= ?", (room, PRIVATE))
    (kept,) = connection.execute("SELECT kept FROM destroyed WHERE room = ?", (room,)).fetchone()
    connection.execute(_GONE, (_nothing(kept), room))
