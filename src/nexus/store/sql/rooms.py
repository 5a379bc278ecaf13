"""Rooms, and how far people have read them: how a group changes that."""

from msgspec.structs import asdict

from nexus.core import access
from nexus.core import changes as c
from nexus.core.access import OPERATOR
from nexus.core.changes import Denied, NameTaken
from nexus.core.destroying import HELD, NO_ROOM
from nexus.core.limiting import NO_ROOMS
from nexus.core.log import Record
from nexus.core.people import RoomRow
from nexus.protocol.events import Configured
from nexus.store.sql import naming
from nexus.store.sql.group import Group
from nexus.store.sql.log import SEQ_BITS
from nexus.store.sql.standing import find_rules, rules_of, standing_of

MOST_ROOMS = (1 << 22) - 1
"""Rooms that there can ever be: a room's id has 22 bits of an event's place."""

_FIND = """
SELECT id, name, topic FROM rooms WHERE name = :key OR skeleton = :skeleton ORDER BY name <> :key LIMIT 1
"""

_FIND_FORMER = "SELECT r.id, r.name, r.topic FROM former f JOIN rooms r ON r.id = f.room WHERE f.key = :key"

_HELD = "SELECT 1 FROM destroyed WHERE name = :key OR skeleton = :skeleton"

_NEWEST = "SELECT max(coalesce((SELECT max(id) FROM rooms), 0), coalesce((SELECT max(room) FROM destroyed), 0))"

_NEW = """
INSERT INTO rooms (id, name, skeleton, made, maker, kind, title)
VALUES (:id, :key, :skeleton, :at, :maker, :kind, :title)
"""

UNUSED = f"""
SELECT id FROM rooms r WHERE id = ? AND made < ? AND topic = ''
  AND NOT EXISTS (SELECT 1 FROM events WHERE place > (r.id << {SEQ_BITS}) AND place < ((r.id + 1) << {SEQ_BITS}))
  AND NOT EXISTS (SELECT 1 FROM members WHERE room = r.id)
"""
"""A room that was made before a time and has no event, member or topic."""

_CONFIGURE = """
UPDATE rooms SET topic = :topic, title = coalesce(:title, title),
  posting = coalesce(:posting, posting), slow = coalesce(:slow, slow), guests = coalesce(:guests, guests),
  archived = coalesce(:archived, archived), kind = coalesce(:kind, kind), keep = coalesce(:keep, keep) WHERE id = :room
"""

_MARK = """
INSERT INTO marks (room, reader, seq) VALUES (:room, :reader, :seq)
ON CONFLICT (reader, room) DO UPDATE SET seq = excluded.seq
"""


def make_room(group: Group, change: c.MakeRoom) -> RoomRow | NameTaken | Denied:
    """Make a room, or find it, or the one that looks like it."""
    rows = group.connection.execute(_FIND, asdict(change)).fetchall()
    if not rows and _is_held(group, change.key, change.skeleton):
        return HELD
    led = [] if rows or change.new else group.connection.execute(_FIND_FORMER, asdict(change)).fetchall()
    if not rows and not led:
        return new_room(group, change)
    id, name, topic = (rows or led)[0]
    if change.new or (name != change.key and not led):
        return NameTaken(name)
    return RoomRow(id, name, topic, *group.head(id), rules_of(group.connection, id))


def _is_held(group: Group, key: str, skeleton: str) -> bool:
    """Whether a room that was destroyed may come back under that name, or under one that looks like it."""
    return bool(group.connection.execute(_HELD, {"key": key, "skeleton": skeleton}).fetchall())


def new_room(group: Group, change: c.MakeRoom) -> RoomRow | Denied:
    """Make a room whose name nobody has."""
    newest: int = group.connection.execute(_NEWEST).fetchall()[0][0]
    if newest >= MOST_ROOMS:
        return Denied("too_many", f"There have been {MOST_ROOMS:,} rooms here, which is the limit; use one of them.")
    if standing_of(group.connection, 0, change.maker).limited:
        return NO_ROOMS
    id = newest + 1
    group.connection.execute(_NEW, asdict(change) | {"id": id})
    naming.take(group, id, change.key, change.skeleton)
    return RoomRow(id, change.key, "", 0, 0, rules_of(group.connection, id), change.title)


def drop_rooms(group: Group, change: c.DropRooms) -> tuple[int, ...]:
    """Delete rooms that are unused now."""
    gone = []
    for id in change.ids:
        if group.connection.execute(UNUSED, (id, change.before)).fetchall():
            group.connection.execute("DELETE FROM rooms WHERE id = ?", (id,))
            group.connection.execute("DELETE FROM removed WHERE room = ?", (id,))
            naming.forget(group, id)
            gone.append(id)
    return tuple(gone)


def configure(group: Group, change: c.Configure) -> Record | NameTaken | Denied:
    """Write what a room is, with its event, where its author still may."""
    record, event = change.record, change.record.event
    assert isinstance(event, Configured)
    rules = find_rules(group.connection, record.room)
    if rules is None:
        return NO_ROOM
    if group.connection.execute("SELECT 1 FROM copies WHERE room = ?", (record.room,)).fetchall():
        return Denied("not_found", "That room is still being made.")
    standing = OPERATOR if change.operator else standing_of(group.connection, record.room, record.author)
    denied = access.why_not_configure(standing, rules, event, here=change.here)
    if denied:
        return Denied("forbidden", denied)
    if event.name and _is_held(group, event.name, change.skeleton):
        return HELD
    taken = event.name and naming.rename(group, record.room, event.name, change.skeleton)
    if taken:
        return taken
    group.connection.execute(_CONFIGURE, asdict(event) | {"room": record.room})
    group.rights_changed()
    return group.note(record)


def mark_read(group: Group, change: c.MarkRead) -> int:
    """Move a read mark forward, to the room's head at most, or back."""
    rows = group.connection.execute(
        "SELECT seq FROM marks WHERE room = ? AND reader = ?", (change.room, change.reader)
    ).fetchall()
    stands: int = rows[0][0] if rows else 0
    seq = min(change.seq, group.head(change.room)[0])
    if seq == stands or (seq < stands) is not change.back:
        return stands
    group.connection.execute(_MARK, {"room": change.room, "reader": change.reader, "seq": seq})
    return seq
