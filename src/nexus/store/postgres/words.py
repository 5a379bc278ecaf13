"""The full-text index in PostgreSQL: a row for each message, with its words and ours about it."""

from nexus.store.sql.words import Statements

LONGEST = 500
"""Letters of a word that the index has: PostgreSQL takes 2,046 bytes. What is found is compared in its text anyway."""

STATEMENTS = Statements(
    put="INSERT INTO words (id, terms) VALUES (?, terms_of(?, ?)) "
    "ON CONFLICT (id) DO UPDATE SET terms = excluded.terms",
    take="DELETE FROM words USING (SELECT CAST(? AS bigint) AS id, ? AS said, ? AS about) o WHERE words.id = o.id",
)

FIND = """
SELECT id FROM words WHERE terms @@ CAST(:part AS tsquery) AND id >= :low AND id < :high ORDER BY id DESC LIMIT :many
"""


def part(said: str, about: tuple[str, ...]) -> str:
    """What `FIND` looks for: messages with that word, or with one of those that we keep about them."""
    terms = [f":{word}" for word in about] + ([said[:LONGEST]] if said else [])
    return " | ".join("'" + term.replace("\\", "\\\\").replace("'", "''") + "'" for term in terms)
