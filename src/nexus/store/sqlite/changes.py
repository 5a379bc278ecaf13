"""What a group changes besides posting: rooms, people, sessions, memberships, read marks."""

from typing import Any

from msgspec.structs import asdict

from nexus.core import changes as c
from nexus.core.changes import Denied, NameTaken
from nexus.core.log import Record
from nexus.core.people import RoomRow
from nexus.protocol.events import Configured
from nexus.store.sqlite.accounts import about_account
from nexus.store.sqlite.amend import amend
from nexus.store.sqlite.claims import claim, execute
from nexus.store.sqlite.group import Group
from nexus.store.sqlite.log import SEQ_BITS

MOST_ROOMS = (1 << 22) - 1
"""Rooms that there can ever be: a room's id has 22 bits of an event's place."""

_OPEN = """
INSERT INTO sessions (id, run, name, key, skeleton, account, login, guest)
VALUES (:id, :run, :shown, :key, :skeleton, :account, :login, :guest)
ON CONFLICT (id) DO UPDATE SET
  run = excluded.run, name = excluded.name, key = excluded.key, skeleton = excluded.skeleton,
  account = excluded.account, login = excluded.login, guest = excluded.guest
"""

_RENAME_GUEST = """
UPDATE sessions SET name = :shown, key = :key, skeleton = :skeleton WHERE id = :session AND account IS NULL
"""

_FIND_ROOM = """
SELECT id, name, topic FROM rooms WHERE name = :key OR skeleton = :skeleton ORDER BY name <> :key LIMIT 1
"""

UNUSED = f"""
SELECT id FROM rooms r WHERE id = ? AND made < ? AND topic = ''
  AND NOT EXISTS (SELECT 1 FROM events WHERE place > (r.id << {SEQ_BITS}) AND place < ((r.id + 1) << {SEQ_BITS}))
  AND NOT EXISTS (SELECT 1 FROM members WHERE room = r.id)
"""
"""A room that was made before a time and has no event, member or topic."""

_MARK = """
INSERT INTO marks (room, reader, seq) VALUES (:room, :reader, :seq)
ON CONFLICT (reader, room) DO UPDATE SET seq = excluded.seq
"""

_LEVEL = """
INSERT INTO marks (room, reader, seq, level) VALUES (:room, :reader, 0, :level)
ON CONFLICT (reader, room) DO UPDATE SET level = excluded.level
"""


_ACT = """
INSERT INTO acts (at, "by", verb, account, detail) VALUES (:at, :by, :verb, :account, :detail)
"""

OfSession = c.OpenSession | c.RenameGuest | c.EndSessions | c.RetireSession


def carry_out(group: Group, change: c.Change[Any]) -> Any:  # noqa: C901, PLR0912
    """One line per kind of change; each is what carries it out."""
    match change:
        case c.OpenSession() | c.RenameGuest() | c.EndSessions() | c.RetireSession():
            return about_session(group, change)
        case c.Acted():
            execute(group, _ACT, change)
            return carry_out(group, change.change)
        case c.Probe():
            group.connection.execute("UPDATE meta SET run = run")
        case c.MakeRoom():
            return make_room(group, change)
        case c.DropRooms():
            return drop_rooms(group, change)
        case c.AddMember():
            return add_member(group, change)
        case c.EndMember():
            return end_member(group, change)
        case c.Configure():
            return configure(group, change)
        case c.MarkRead():
            return mark_read(group, change)
        case c.SetLevel():
            execute(group, _LEVEL, change)
        case c.Post():
            return group.post_one(change.record)
        case c.Amend():
            return amend(group, change)
        case _:
            return about_account(group, change)
    return None


def about_session(group: Group, change: OfSession) -> NameTaken | None:
    """The same for sessions and the names that they hold."""
    match change:
        case c.OpenSession():
            return open_session(group, change)
        case c.RenameGuest():
            return claim(group, change, _RENAME_GUEST, session=change.session)
        case c.EndSessions():
            end_sessions(group, change)
        case c.RetireSession():
            execute(group, "INSERT OR IGNORE INTO retired (session) VALUES (:session)", change)
            execute(group, "DELETE FROM sessions WHERE id = :session AND account IS NULL", change)
    return None


_RETIRED = "SELECT 1 FROM retired WHERE session = ?"

_LOGIN = "SELECT 1 FROM logins WHERE id = ?"


def open_session(group: Group, change: c.OpenSession) -> NameTaken | None:
    """Open or open again; a session that has ended, or whose login has, is nobody's: NameTaken("")."""
    if change.account is not None:
        if change.login is not None and not group.connection.execute(_LOGIN, (change.login,)).fetchall():
            return NameTaken("")
        values = asdict(change) | {"shown": None, "key": None, "skeleton": None}
        group.connection.execute(_OPEN, values)
        return None
    if change.shown:
        if group.connection.execute(_RETIRED, (change.id,)).fetchall():
            return NameTaken("")
        return claim(group, change, _OPEN, session=change.id)
    cursor = group.connection.execute("UPDATE sessions SET run = ? WHERE id = ?", (change.run, change.id))
    return None if cursor.rowcount else NameTaken("")


def end_sessions(group: Group, change: c.EndSessions) -> None:
    """Delete sessions, which frees their names."""
    group.connection.executemany("DELETE FROM sessions WHERE id = ?", [(id,) for id in change.ids])
    if change.before_run is not None:
        group.connection.execute("DELETE FROM sessions WHERE run < ?", (change.before_run,))


def make_room(group: Group, change: c.MakeRoom) -> RoomRow | NameTaken | Denied:
    """Make a room, or find it, or the one that looks like it."""
    rows = group.connection.execute(_FIND_ROOM, asdict(change)).fetchall()
    if not rows:
        newest: int = group.connection.execute("SELECT coalesce(max(id), 0) FROM rooms").fetchall()[0][0]
        if newest >= MOST_ROOMS:
            return Denied(
                "too_many", f"There have been {MOST_ROOMS:,} rooms here, which is the limit; use one of them."
            )
        cursor = group.connection.execute(
            "INSERT INTO rooms (name, skeleton, made) VALUES (:key, :skeleton, :at) RETURNING id",
            asdict(change),
        )
        return RoomRow(cursor.fetchall()[0][0], change.key, "", 0, 0)
    id, name, topic = rows[0]
    if change.new or name != change.key:
        return NameTaken(name)
    return RoomRow(id, name, topic, *group.head(id))


def drop_rooms(group: Group, change: c.DropRooms) -> tuple[int, ...]:
    """Delete rooms that are unused now."""
    gone = []
    for id in change.ids:
        if group.connection.execute(UNUSED, (id, change.before)).fetchall():
            group.connection.execute("DELETE FROM rooms WHERE id = ?", (id,))
            gone.append(id)
    return tuple(gone)


def add_member(group: Group, change: c.AddMember) -> Record | None:
    """Begin a membership, with its event."""
    record = change.record
    group.head(record.room)
    cursor = group.connection.execute(
        "INSERT OR IGNORE INTO members (room, account, since) VALUES (?, ?, ?)",
        (record.room, record.author, record.event.at),
    )
    if not cursor.rowcount:
        return None
    group.note(record)
    read = record.event.seq if change.read is None else change.read
    mark_read(group, c.MarkRead(record.room, record.author, read))
    return record


def end_member(group: Group, change: c.EndMember) -> Record | None:
    """End a membership, with its event."""
    record = change.record
    cursor = group.connection.execute(
        "DELETE FROM members WHERE room = ? AND account = ?", (record.room, record.author)
    )
    return group.note(record) if cursor.rowcount else None


def configure(group: Group, change: c.Configure) -> Record:
    """Write what a room is, with its event."""
    record = change.record
    assert isinstance(record.event, Configured)
    group.connection.execute("UPDATE rooms SET topic = ? WHERE id = ?", (record.event.topic, record.room))
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
