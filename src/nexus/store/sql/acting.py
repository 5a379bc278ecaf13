"""The acts that are noted: their numbers, and what each says."""

from typing import Any

from nexus.core.moderating import PRIVATE, private_number
from nexus.store.sql.connection import Connection

_NOTE = """
INSERT INTO acts (id, at, "by", verb, account, detail, target, name, until, before, undoes, room)
VALUES (:id, :at, :by, :verb, :account, :detail, :target, :name, :until, :before, :undoes, :room)
"""

_NOTHING = {"account": 0, "detail": "", "target": 0, "name": "", "until": 0, "before": "", "undoes": None, "room": 0}


def note(connection: Connection, *, lot: int | None = None, **said: Any) -> int:
    """Keep an act; returns its number, which with a `lot` tells nothing of how many there were."""
    if lot is None:
        (number,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM acts WHERE id < ?", (PRIVATE,)).fetchone()
    else:
        number = private_number(said["at"], lot)
        while connection.execute("SELECT 1 FROM acts WHERE id = ?", (number,)).fetchall():
            number += 1
    connection.execute(_NOTE, _NOTHING | said | {"id": number})
    return int(number)
