"""One transaction on its way: where events get their seqs, and retries are told from new messages."""

import sqlite3
from collections.abc import Iterable, Mapping

from nexus.core.entries import Draft, Event, NonceReused, Stored
from nexus.core.mentions import Mentioned, resolve, with_mentions
from nexus.store.sqlite import log
from nexus.store.sqlite.log import Head

_WHO = """
SELECT id, name FROM accounts WHERE key = :key
UNION ALL SELECT -id, name FROM sessions WHERE key = :key LIMIT 1
"""

_MENTION = "INSERT INTO mentions (reader, place, author, name) VALUES (?, ?, ?, ?)"


class Group:
    """Numbers events after the heads; `heads` has those of the rooms it saw, true once it is committed.

    `erased` tells that a text was overwritten, which still stands in the write-ahead log.
    """

    def __init__(self, connection: sqlite3.Connection, known: Mapping[int, Head]) -> None:
        self.connection = connection
        self.heads: dict[int, Head] = {}
        self.erased = False
        self._known = known

    def head(self, room: int) -> Head:
        """Where a room's log ends now; raises LookupError where there is no such room."""
        head = self.heads.get(room)
        if head is None:
            head = self._known.get(room) or log.read_head(self.connection, room)
            self.heads[room] = head
        return head

    def post(self, drafts: Iterable[Draft]) -> list[Stored]:
        """Store messages as if every nonce were new; raises sqlite3.IntegrityError where one is not."""
        events = [self._number(draft, draft.nonce) for draft in drafts]
        log.insert(self.connection, events)
        return [Stored(event, True) for event in events]

    def post_carefully(self, drafts: Iterable[Draft]) -> list[Stored | NonceReused]:
        """Store messages one by one, those whose nonce is new."""
        return [self._post_one(draft) for draft in drafts]

    def note(self, draft: Draft, nonce: str | None = None) -> Event:
        """Store an event that comes of a change; the draft's own nonce means nothing."""
        event = self._number(draft, nonce)
        log.insert(self.connection, [event])
        return event

    def known(self, draft: Draft) -> Stored | NonceReused | None:
        """What became of a draft's nonce; None where it is new."""
        if draft.nonce is None:
            return None
        known = log.find(self.connection, draft.room, draft.author, draft.nonce)
        if known is None:
            return None
        return Stored(known, False) if log.is_retry(self.connection, known, draft) else NonceReused(known.seq)

    def _post_one(self, draft: Draft) -> Stored | NonceReused:
        return self.known(draft) or self.post([draft])[0]

    def _number(self, draft: Draft, nonce: str | None) -> Event:
        seq, at = self.head(draft.room)
        head = self.heads[draft.room] = seq + 1, max(draft.at, at)  # a clock set back must not be seen here
        event = Event(draft.room, *head, draft.kind, draft.author, draft.by, draft.text, nonce, draft.target)
        return self._mention(event, draft.names) if draft.names else event

    def _mention(self, event: Event, names: tuple[str, ...]) -> Event:
        """Note whom a message mentions."""
        found = resolve(names, event.author, self._who)
        where = log.place(event.room, event.seq)
        rows = [(reader, where, event.author, name if reader < 0 else None) for reader, name in found]
        self.connection.executemany(_MENTION, rows)
        return with_mentions(event, found)

    def _who(self, key: str) -> Mentioned | None:
        rows = self.connection.execute(_WHO, {"key": key}).fetchall()
        return rows[0] if rows else None
