"""The full-text index in FTS5: a table without content, whose parts are merged where words are to be gone."""

import sqlite3

from nexus.store.sql.connection import number
from nexus.store.sql.words import READ_AS, Statements

MERGED = 100
"""Pages of the index that one step merges, where words are to be gone."""

STATEMENTS = Statements(
    put="INSERT INTO words (rowid, said, about) VALUES (?, ?, ?)",
    take="INSERT INTO words (words, rowid, said, about) VALUES ('delete', ?, ?, ?)",
)

FIND = """
SELECT rowid FROM words WHERE words MATCH :part AND rowid >= :low AND rowid < :high ORDER BY rowid DESC LIMIT :many
"""


def part(said: str, about: tuple[str, ...]) -> str:
    """What `FIND` looks for: messages with that word, or with one of those that we keep about them."""
    either = f"about : ({' OR '.join(about)})"
    return f'(said : "{said}" OR {either})' if said else either


def prepare(connection: sqlite3.Connection) -> None:
    """Start over where texts were read in another way: a word is taken out only as it was put in."""
    letters: str = connection.execute("SELECT letters FROM indexed").fetchone()[0]
    if letters != READ_AS:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
        connection.execute("UPDATE indexed SET upto = 0, stale = 0, letters = ?", (READ_AS,))
        connection.execute("COMMIT")


def stale(connection: sqlite3.Connection) -> int:
    """Not 0 where the index may have words that were taken out: 1 since then, 2 while they are being merged away."""
    return number(connection, "SELECT stale FROM indexed")


def merge(connection: sqlite3.Connection) -> bool:
    """Merge on towards an index of one part, in which nothing is that was taken out; true when it is reached."""
    pages = -MERGED if stale(connection) == 1 else MERGED  # less than nothing: all parts are to become one
    before = connection.total_changes
    connection.execute("INSERT INTO words (words, rank) VALUES ('merge', ?)", (pages,))
    done = connection.total_changes - before < 2  # so the manual says that there was nothing to do
    connection.execute("UPDATE indexed SET stale = ?", (0 if done else 2,))
    return done
