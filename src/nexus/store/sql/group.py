"""One transaction on its way: where events get their seqs, and retries are told from new messages."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from msgspec.json import encode

from nexus.core.access import may_mention_everyone
from nexus.core.changes import Change, Denied, NonceReused, PostOutcome, Repeated
from nexus.core.log import Record, time_after
from nexus.core.mentions import Mentioned, resolve, set_mentions, spellings
from nexus.core.slowing import too_soon
from nexus.protocol.events import Posted, RoomEvent
from nexus.store.sql import log
from nexus.store.sql.connection import Connection, NonceKnown
from nexus.store.sql.log import Head
from nexus.store.sql.standing import last_said, note_said, rules_of, standing_of, wait_of
from nexus.store.sql.words import Statements, Words

MOST_ALLOWED = 100_000
"""Rooms and authors of which it is remembered that they may say something there."""

_WHO = """
SELECT key, id, name FROM accounts WHERE key IN (SELECT value FROM json_each(:keys))
UNION ALL SELECT key, -id, name FROM sessions WHERE key IN (SELECT value FROM json_each(:keys))
UNION ALL SELECT '', id, '' FROM accounts
  WHERE limited = 1 AND id IN (SELECT CAST(value AS INTEGER) FROM json_each(:authors))
"""

_BELONGS = "SELECT 1 FROM members WHERE room = ? AND account = ?"

_MENTION = "INSERT INTO mentions (reader, place, author, name) VALUES (?, ?, ?, ?)"


class Who(NamedTuple):
    """Who has a key now, and which of the authors have a limited account: they mention only who belongs to the room."""

    names: dict[str, Mentioned]
    limited: set[int]


_NOBODY = Who({}, set())


class Group:
    """Numbers events after the heads; `heads` has those of the rooms it saw, true once it is committed.

    `allowed` are the rooms and authors of whom it is known that they may say something there, and how many seconds they
    wait between two messages; whatever may change that calls `rights_changed`. `erased` is called where a text was
    overwritten, which still stands in the write-ahead log.
    """

    elsewhere = ""
    """What leaves out the sessions that other nodes have, where there may be others."""

    def __init__(
        self,
        connection: Connection,
        known: Mapping[int, Head],
        allowed: dict[tuple[int, int], int],
        erased: Callable[[], None],
        statements: Statements,
    ) -> None:
        self.connection = connection
        self.words = Words(connection, statements)
        self.allowed = allowed
        self.heads: dict[int, Head] = {}
        self.erased = erased
        self._known = known
        self._set_ahead: list[tuple[RoomEvent, int]] = []

    def head(self, room: int) -> Head:
        """Where a room's log ends now; raises LookupError where there is no such room."""
        head = self.heads.get(room)
        if head is None:
            head = self._known.get(room) or log.read_head(self.connection, room)
            self.heads[room] = head
        return head

    def forget(self, room: int) -> None:
        """Nothing of a room stays."""
        self.heads.pop(room, None)

    def begin(self) -> None:
        """Begin the transaction of a group."""
        self.connection.execute("BEGIN IMMEDIATE")

    def changed(self, changes: Sequence[Change[Any]], outcomes: Sequence[Any]) -> None:
        """All changes were carried out, and came to this."""

    def commit(self) -> None:
        """End it, with all that was written."""
        self.connection.execute("COMMIT")

    def roll_back(self) -> None:
        """Begin again, with the times that events came with: a retry among them may have set others ahead."""
        self.connection.execute("ROLLBACK")
        self.allowed.clear()
        self.heads.clear()
        for event, at in self._set_ahead:
            event.at = at
        self._set_ahead.clear()

    @contextmanager
    def entry(self) -> Iterator[None]:
        """One entry by itself: where it fails, nothing of it stays, and the others are none the worse for it."""
        before = dict(self.heads)
        self.connection.execute("SAVEPOINT entry")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO entry")
            self.allowed.clear()
            self.heads = before
            raise
        finally:
            self.connection.execute("RELEASE entry")

    def post(self, records: Sequence[Record]) -> Sequence[PostOutcome]:
        """Store messages as if every nonce were new; raises NonceKnown where one is not.

        Those that are slowed are stored one by one, each behind those before it.
        """
        keys = {key for record in records if record.names for key in spellings(record.names)}
        who = self._who(keys, {record.author for record in records if record.names}) if keys else _NOBODY
        slowed: dict[int, PostOutcome] = {}
        allowed, first = self.allowed, 0
        for index, record in enumerate(records):
            if record.earlier and self.known(record):
                raise NonceKnown("the nonce is known of the guest that the author was before")
            wait: int | Denied | None = allowed.get((record.room, record.author)) if record.checked else 0
            if wait is None:
                wait = self._wait(record)
            if not wait:
                self._number(record, who)
                continue
            if isinstance(wait, Denied):
                raise NonceKnown("the author may not say anything in that room any more")
            log.insert(self.connection, records[first:index])
            first = index + 1
            slowed[index] = self._post_slowly(record, wait)
        log.insert(self.connection, records[first:] if first else records)
        return [slowed.get(index, record) for index, record in enumerate(records)] if slowed else records

    def post_carefully(self, records: Sequence[Record]) -> Sequence[PostOutcome]:
        """Store messages one by one, those whose nonce is new."""
        return [self.post_one(record) for record in records]

    def post_one(self, record: Record) -> PostOutcome:
        """Store a message, unless its nonce is known, or its author may not say anything there any more."""
        wait = self._wait(record) if record.checked else 0
        if isinstance(wait, Denied):
            return wait
        return self._post_slowly(record, wait) if wait else self.known(record) or self.append(record)

    def _post_slowly(self, record: Record, slow: int) -> PostOutcome:
        """Store a message where its author waits so many seconds between two; what is known is no second one."""
        known = self.known(record)
        if known is not None:
            return known
        room, author, now = record.room, record.author, record.event.at
        denied = too_soon(slow, last_said(self.connection, room, author), now)
        if denied is None and record.earlier:
            denied = too_soon(slow, last_said(self.connection, room, record.earlier), now)
        if denied is not None:
            return denied
        note_said(self.connection, room, author, now, slow)
        return self.append(record)

    def refusal(self, record: Record) -> Denied | None:
        """Why an author may not say anything in a room by now; None where they may."""
        wait = self._wait(record)
        return wait if isinstance(wait, Denied) else None

    def _wait(self, record: Record) -> int | Denied:
        """Seconds that an author waits between two messages in a room; Denied where they may say nothing there."""
        pair = record.room, record.author
        known = self.allowed.get(pair)
        if known is not None:
            return known
        wait = wait_of(self.connection, *pair, record.event.at)
        if not isinstance(wait, Denied):
            if len(self.allowed) >= MOST_ALLOWED:
                self.allowed.clear()
            self.allowed[pair] = wait
        return wait

    def rights_changed(self) -> None:
        """Somebody's right to say something somewhere may have changed."""
        self.allowed.clear()

    def append(self, record: Record) -> Record:
        """Store an event."""
        self._number(record, self._who(spellings(record.names), {record.author}) if record.names else _NOBODY)
        log.insert(self.connection, [record])
        return record

    def note(self, record: Record) -> Record:
        """Store an event that comes of a change; a nonce means nothing there."""
        record.nonce = None
        return self.append(record)

    def known(self, record: Record) -> Repeated | NonceReused | None:
        """What became of a record's nonce; None where it is new."""
        if record.nonce is None:
            return None
        known = log.find(self.connection, record.room, record.author, record.nonce)
        if known is None and record.earlier:  # the same again, from before they had an account; else the nonce is new
            known = log.find(self.connection, record.room, record.earlier, record.nonce)
            return Repeated(known) if known and log.is_retry(self.connection, known, record) else None
        if known is None:
            return None
        return Repeated(known) if log.is_retry(self.connection, known, record) else NonceReused(known.event.seq)

    def _number(self, record: Record, who: Who) -> None:
        seq, at = self.heads.get(record.room) or self.head(record.room)
        event = record.event
        event.seq = seq = seq + 1
        if event.at < at:  # a clock set back must not be seen here
            self._set_ahead.append((event, event.at))
            event.at = time_after(at, event.at)
        self.heads[record.room] = seq, event.at
        if record.names:
            self._mention(record, who)

    def _mention(self, record: Record, who: Who) -> None:
        """Note whom a message mentions."""
        event, author = record.event, record.author
        assert isinstance(event, Posted)
        find = partial(self._find_member, record.room, who) if author in who.limited else who.names.get
        found = resolve(record.names, author, find, lambda: self._may_mention_everyone(record))
        where = log.place(record.room, event.seq)
        rows = [(reader, where, author, name if reader < 0 else None) for reader, name in found]
        self.connection.executemany(_MENTION, rows)
        set_mentions(event, found)

    def _find_member(self, room: int, who: Who, key: str) -> Mentioned | None:
        found = who.names.get(key)
        belongs = found is not None and self.connection.execute(_BELONGS, (room, found[0])).fetchall()
        return found if belongs else None

    def _may_mention_everyone(self, record: Record) -> bool:
        if record.here == "everyone":
            return True
        standing = standing_of(self.connection, record.room, record.author)
        return may_mention_everyone(standing, rules_of(self.connection, record.room), record.here)

    def _who(self, keys: Iterable[str], authors: set[int]) -> Who:
        """Who has these keys now, accounts before guests; in one question, as each one lets other threads go first."""
        who = Who({}, set())
        values = {"keys": encode(list(keys)).decode(), "authors": encode(list(authors)).decode()}
        for key, reader, name in self.connection.execute(_WHO, values):
            if key:
                who.names.setdefault(key, (reader, name))
            else:
                who.limited.add(reader)
        return who
