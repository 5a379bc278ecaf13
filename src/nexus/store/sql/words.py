"""The full-text index of the messages: what goes in, and how it goes out again. All in the writer's connection.

New messages come into it a little later, many at once: posting costs nothing for it, and a search looks at what is
not in it yet. Edits and deletions are followed in the transaction that makes them.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any, NamedTuple
from unicodedata import unidata_version

from nexus.core.log import Record
from nexus.core.searching import has_link, name_key
from nexus.core.words import SIGNS, words
from nexus.protocol.events import Posted
from nexus.protocol.kinds import POSTED
from nexus.store.sql.connection import Connection, number

READ_AS = f"4 {unidata_version}"
"""How texts are read into words: our rules, with a number that goes up when they change, and Python's Unicode."""

MOST_WORDS = 1500
"""Different words of a message that the index has: no text of people has more, and what has would take it long."""

STEP = 250
"""Events that one step brings in, at most."""

WORDS = 1500
"""Words after which a step brings in no more messages."""

LETTERS = 250_000
"""Letters of texts after which a step brings in no more messages."""

BUSY = 1000
"""Events stored since the last step above which new ones wait for a quieter moment."""

MOST_BEHIND = 100_000
"""Events that the index is behind at most, however busy it is."""

_SIGNS = frozenset(f"{SIGNS}.")

LINK, PLAIN = "link", "plain"
"""The words of messages with a link and without."""

LONG = "long"
"""The word of messages that have more words than the index has of them; each search looks at those."""

NEXT = """
SELECT e.id, e.place >> 40, e.kind, e.author, coalesce(a.name, e."by"), coalesce(t.text, e.text)
FROM events e LEFT JOIN accounts a ON a.id = e.author
  LEFT JOIN amended m ON m.place = e.place LEFT JOIN events t ON t.place = m.edit
WHERE e.id > :after AND e.id <= :newest ORDER BY e.id LIMIT :most
"""

_UPTO = "SELECT upto FROM indexed"

_ID = "SELECT e.id FROM events e, indexed WHERE e.place = ? AND e.id <= upto"


class Statements(NamedTuple):
    """How a database keeps the index: a message's row is its event's id, its words, and words of our own about it."""

    put: str
    take: str


class Coming(NamedTuple):
    """What one step brings in: messages as they are read, with their words and ours about each."""

    upto: int
    """The last event of the step; 0 where there is none."""
    messages: list[tuple[Any, ...]]
    words: list[tuple[str, str]]


class Words:
    """The index, as the connection that writes changes it."""

    def __init__(self, connection: Connection, statements: Statements) -> None:
        self._connection = connection
        self._statements = statements

    def behind(self) -> int:
        """How many events the index does not know yet."""
        newest = number(self._connection, "SELECT coalesce(max(id), 0) FROM events")
        return newest - number(self._connection, _UPTO)

    def take_in(self) -> None:
        """Bring the next events into the index."""
        newest = number(self._connection, "SELECT coalesce(max(id), 0) FROM events")
        after = {"after": number(self._connection, _UPTO), "newest": newest, "most": STEP}
        coming = coming_of(self._connection.execute(NEXT, after))
        rows = [(message[0], *words) for message, words in zip(coming.messages, coming.words, strict=True)]
        self._connection.executemany(self._statements.put, rows)
        if coming.upto:
            self._connection.execute("UPDATE indexed SET upto = ?", (coming.upto,))

    def replace(self, place: int, old: Record, text: str) -> None:
        """A message's text is another now, or none; what the index does not know yet is left to `take_in`."""
        rows = self._connection.execute(_ID, (place,)).fetchall()
        if not rows:
            return
        (id,) = rows[0]
        message = old.event
        assert isinstance(message, Posted)
        before = indexed(old.room, old.author, message.by, message.text)
        self._connection.execute(self._statements.take, (id, *before))
        if text:
            self._connection.execute(self._statements.put, (id, *indexed(old.room, old.author, message.by, text)))
        self._connection.execute("UPDATE indexed SET stale = 1")

    def put(self, place: int, record: Record) -> None:
        """A message has its text again; what the index does not know yet is left to `take_in`."""
        rows = self._connection.execute(_ID, (place,)).fetchall()
        message = record.event
        assert isinstance(message, Posted)
        if rows:
            words_of = indexed(record.room, record.author, message.by, message.text)
            self._connection.execute(self._statements.put, (rows[0][0], *words_of))


def coming_of(rows: Iterable[tuple[Any, ...]]) -> Coming:
    """As much of the rows of NEXT as one step takes; no more of them are read."""
    messages: list[tuple[Any, ...]] = []
    found: list[tuple[str, str]] = []
    upto = taken = letters = 0
    for row in rows:
        upto, room, kind, author, by, text = row
        if kind == POSTED and text and not text.startswith("\0"):  # overwritten, as those of deleted messages are
            messages.append(row)
            found.append(indexed(room, author, by, text))
            taken += 1 + found[-1][0].count(" ")
            letters += len(text)
        if taken >= WORDS or letters >= LETTERS:
            break
    return Coming(upto, messages, found)


def said(text: str) -> str:
    """A text as the index has it: each of its words once, since where they stand is read in the text."""
    return " ".join(map(said_word, islice(dict.fromkeys(words(text)), MOST_WORDS)))


def said_word(word: str) -> str:
    """A word as the index has it, which takes the signs of ASCII for blanks."""
    return f"_{ord(word):x}" if word in _SIGNS else word


def indexed(room: int, author: int, by: str, text: str) -> tuple[str, str]:
    """A message as the index has it: its words; and its room, its author, whether it has a link, or too many words."""
    who = account_word(author) if author > 0 else guest_word(name_key(by))
    kept = said(text)
    about = [room_word(room), who, LINK if has_link(text) else PLAIN]
    if kept.count(" ") + 1 >= MOST_WORDS:
        about.append(LONG)
    return kept, " ".join(about)


def room_word(room: int) -> str:
    """The word of all messages in a room."""
    return f"in{room}"


def account_word(account: int) -> str:
    """The word of all messages of an account, whatever it is called."""
    return f"account{account}"


def guest_word(key: str) -> str:
    """The word of all messages of guests whose name has that key."""
    return f"guest{key.encode().hex()}"
