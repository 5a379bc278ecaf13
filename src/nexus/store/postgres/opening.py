"""How the database is opened: its tables, its migrations, and what it says of itself."""

import os
from importlib import resources
from typing import NamedTuple

import psycopg

from nexus.store import StoreError
from nexus.store.postgres.connecting import Database, Speaking, why
from nexus.store.sql.words import READ_AS

OLDEST = 150000
"""The first version of PostgreSQL that we try."""

KEY_BYTES = 32
"""How long the key is that signs sessions."""

_ALONE = "SELECT pg_advisory_xact_lock(20056, 1)"
"""One node at a time looks at the tables, and moves them where they are older."""

_META = """
INSERT INTO meta (id, epoch, key, run) VALUES (1, ?, ?, 1)
ON CONFLICT (id) DO UPDATE SET run = meta.run + 1 RETURNING epoch, key, run
"""


class Meta(NamedTuple):
    """What a database says of itself; `run` counts its openings."""

    epoch: str
    key: bytes
    run: int


def prepare(database: Database) -> Meta:
    """Bring the tables up to date, count this opening; raises StoreError."""
    try:
        connection = database.connect()
        try:
            make_tables(connection)
            refuse_moved(connection)
            meta = os.urandom(8).hex(), os.urandom(KEY_BYTES)
            epoch, key, run = connection.execute(_META, meta).fetchall()[0]
            return Meta(epoch, bytes(key), run)
        finally:
            connection.close()
    except psycopg.Error as error:
        raise StoreError(f"The database of store.url cannot be opened. {why(error)}") from error


def make_tables(connection: Speaking) -> None:
    """Bring the tables up to date, one node at a time; raises StoreError and psycopg.Error."""
    _check(connection)
    connection.run("BEGIN")
    connection.run(_ALONE)
    _migrate(connection)
    _read_again(connection)
    connection.run("COMMIT")


def refuse_moved(connection: Speaking) -> None:
    """Refuse a database from which the chat was moved, or into which it is not moved as a whole yet."""
    if connection.execute("SELECT to_regclass('moved')").fetchall()[0][0] is not None:
        ((place,),) = connection.execute("SELECT place FROM moved LIMIT 1").fetchall()
        raise StoreError(f"The chat of this database was moved to {place}; start Nexus there.")
    if connection.execute("SELECT to_regclass('moving')").fetchall()[0][0] is not None:
        raise StoreError("A chat is being moved into this database; run `nexus move` again, which goes on with it.")


def describe(url: str) -> str:
    """What stands at a URL, in a sentence; raises StoreError where it is nothing that we can use."""
    try:
        connection = Database(url).connect()
        try:
            _check(connection)
            there = connection.execute("SELECT to_regclass('migrations') IS NOT NULL").fetchall()[0][0]
            schema = connection.execute("SELECT max(schema) FROM migrations").fetchall()[0][0] if there else 0
            version = connection.raw.info.server_version
        finally:
            connection.close()
    except psycopg.Error as error:
        raise StoreError(f"The database of store.url cannot be opened. {why(error)}") from error
    return f"PostgreSQL {version // 10000} answers: schema {schema} of {len(_scripts())}."


def _check(connection: Speaking) -> None:
    version = connection.raw.info.server_version
    if version < OLDEST:
        raise StoreError(f"This is PostgreSQL {version // 10000}; Nexus needs 15 or later.")
    ((encoding,),) = connection.execute("SHOW server_encoding").fetchall()
    if encoding != "UTF8":
        raise StoreError(f"The database of store.url has the encoding {encoding}; Nexus needs one made with UTF8.")


def _migrate(connection: Speaking) -> None:
    """Run the migrations that the database does not have yet; all of this is one transaction."""
    connection.run("CREATE TABLE IF NOT EXISTS migrations (schema bigint PRIMARY KEY)")
    ((version,),) = connection.execute("SELECT coalesce(max(schema), 0) FROM migrations").fetchall()
    scripts = _scripts()
    if version > len(scripts):
        raise StoreError(
            f"The database of store.url was moved on by a newer Nexus: it has schema {version}, and this one knows "
            f"those up to {len(scripts)}. Start the newer Nexus."
        )
    for schema, script in enumerate(scripts[version:], version + 1):
        connection.run(script)
        connection.execute("INSERT INTO migrations VALUES (?)", (schema,))
    connection.run(_text("functions.sql"))


def _read_again(connection: Speaking) -> None:
    """Start the index over where texts were read in another way."""
    ((letters,),) = connection.execute("SELECT letters FROM indexed").fetchall()
    if letters != READ_AS:
        connection.run("DELETE FROM words")
        connection.execute("UPDATE indexed SET upto = 0, letters = ?", (READ_AS,))


def _scripts() -> list[str]:
    folder = resources.files("nexus.store.postgres")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql") and file.name[0].isdigit())
    return [_text(name) for name in names]


def _text(name: str) -> str:
    return (resources.files("nexus.store.postgres") / name).read_text(encoding="utf-8")
