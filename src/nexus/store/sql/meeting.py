"""Who meets whom: the people that a limited account finds are those in its rooms."""

from nexus.store.sql.connection import Connection
from nexus.store.sql.log import SEQ_BITS
from nexus.store.sql.standing import standing_of

MEET = f"""
SELECT 1 FROM members m WHERE m.account = :account
  AND EXISTS (SELECT 1 FROM members WHERE room = m.room AND account = :other)
  AND (m.hidden IS NULL OR EXISTS (
    SELECT 1 FROM events WHERE place > (m.room << {SEQ_BITS}) AND place < ((m.room + 1) << {SEQ_BITS})
  )) LIMIT 1
"""
"""Whether two accounts belong to a room that the first knows of: a direct one is that with its first message."""


def finds(connection: Connection, account: int, other: int) -> bool:
    """Whether another account is there for one, which is so for everyone whose account is not limited."""
    if not standing_of(connection, 0, account).limited:
        return True
    return bool(connection.execute(MEET, {"account": account, "other": other}).fetchall())
