"""What rooms are called: a name is one room's, and an earlier name leads to its room until another one takes it."""

from nexus.core.access import MOST_FORMER
from nexus.core.changes import NameTaken
from nexus.store.sql.group import Group

_HOLDER = """
SELECT name FROM rooms WHERE (name = :key OR skeleton = :skeleton) AND id <> :room ORDER BY name <> :key LIMIT 1
"""

_RELEASE = "DELETE FROM former WHERE key = :key OR skeleton = :skeleton"

_KEEP = "INSERT INTO former (key, skeleton, room) SELECT name, skeleton, id FROM rooms WHERE id = :room"

_BOUND = f"""
DELETE FROM former WHERE room = :room
  AND id NOT IN (SELECT id FROM former WHERE room = :room ORDER BY id DESC LIMIT {MOST_FORMER})
"""

_RENAME = """
UPDATE rooms SET folder = coalesce(folder, name), renamed = 1, name = :key, skeleton = :skeleton WHERE id = :room
"""

_OWN_FOLDER = """
UPDATE rooms SET folder = name || ' ' || id
WHERE id = :room AND EXISTS (SELECT 1 FROM rooms o WHERE o.folder = :key AND o.id <> :room)
"""


def take(group: Group, room: int, key: str, skeleton: str) -> None:
    """A new room has a name: it leads to no other any more, and neither do those that look like it."""
    values = {"room": room, "key": key, "skeleton": skeleton}
    group.connection.execute(_RELEASE, values)
    group.connection.execute(_OWN_FOLDER, values)


def rename(group: Group, room: int, key: str, skeleton: str) -> NameTaken | None:
    """A room has another name, and the one it had leads to it; unless another room has that one."""
    values = {"room": room, "key": key, "skeleton": skeleton}
    rows = group.connection.execute(_HOLDER, values).fetchall()
    if rows:
        return NameTaken(rows[0][0])
    for sql in (_RELEASE, _KEEP, _RENAME, _BOUND):
        group.connection.execute(sql, values)
    return None


def forget(group: Group, room: int) -> None:
    """The room is gone, and nothing leads to it."""
    group.connection.execute("DELETE FROM former WHERE room = ?", (room,))
