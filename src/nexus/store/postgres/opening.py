"""How the database is opened, and what it says of itself."""

import os
import re
from typing import NamedTuple

import psycopg

from nexus.store import StoreError
from nexus.store.postgres.connecting import POOLED, Database, Speaking, why
from nexus.store.postgres.migrating import IS_THERE, Tables, migrate, read, stands, too_old
from nexus.store.sql.words import READ_AS

OLDEST = 150000
"""The first version of PostgreSQL that we try."""

KEY_BYTES = 32
"""How long the key is that signs sessions."""

_META = """
INSERT INTO meta (id, epoch, key, run) VALUES (1, ?, ?, 1)
ON CONFLICT (id) DO UPDATE SET run = meta.run + 1 RETURNING epoch, key, run
"""

_LETTERS = f"SELECT letters, EXISTS (SELECT 1 FROM nodes WHERE letters = indexed.letters AND {IS_THERE}) FROM indexed"


class Meta(NamedTuple):
    """What a database says of itself; `run` counts its openings, and `knows` is the newest schema that we know."""

    epoch: str
    key: bytes
    run: int
    knows: int


def prepare(database: Database, tables: Tables) -> Meta:
    """Bring the tables up to date, count this opening; raises StoreError."""
    try:
        make_tables(database, tables)
        connection = database.connect()
        try:
            refuse_moved(connection)
            _read_again(connection)
            meta = os.urandom(8).hex(), os.urandom(KEY_BYTES)
            epoch, key, run = connection.execute(_META, meta).fetchall()[0]
            return Meta(epoch, bytes(key), run, tables.schema)
        finally:
            connection.close()
    except psycopg.Error as error:
        raise StoreError(f"The database of store.url cannot be opened. {why(error)}") from error


def make_tables(database: Database, tables: Tables) -> int:
    """Bring the tables up to date; returns their schema. Raises StoreError and psycopg.Error."""
    connection = database.connect(None)
    try:
        _check(connection)
        return migrate(connection, tables)
    finally:
        connection.close()


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
            schema, oldest = stands(connection)
            version = connection.raw.info.server_version
        finally:
            connection.close()
    except psycopg.Error as error:
        raise StoreError(f"The database of store.url cannot be opened. {why(error)}") from error
    known = read().schema
    if oldest > known:
        raise StoreError(too_old(schema, oldest, known))
    more = ", with which this Nexus goes on" if schema > known else ""
    return f"PostgreSQL {version // 10000} answers: schema {schema} of {known}{more}."


def _check(connection: Speaking) -> None:
    version = connection.raw.info.server_version
    if version < OLDEST:
        raise StoreError(f"This is PostgreSQL {version // 10000}; Nexus needs 15 or later.")
    # A pooler says of each connection another number than that of the process behind it.
    if connection.execute("SELECT pg_backend_pid()").fetchall() != [(connection.raw.info.backend_pid,)]:
        raise StoreError(POOLED)
    ((encoding,),) = connection.execute("SHOW server_encoding").fetchall()
    if encoding != "UTF8":
        raise StoreError(f"The database of store.url has the encoding {encoding}; Nexus needs one made with UTF8.")


def _read_again(connection: Speaking) -> None:
    """Start the index over where texts were read in another way; an older way waits until nobody keeps the newer."""
    with connection.raw.transaction():
        connection.run("SELECT pg_advisory_xact_lock(20056, 0)")
        ((letters, is_kept),) = connection.execute(_LETTERS).fetchall()
        if letters != READ_AS and (_numbers(READ_AS) > _numbers(letters) or not is_kept):
            connection.run("TRUNCATE words")
            connection.execute("UPDATE indexed SET upto = 0, letters = ?", (READ_AS,))


def _numbers(letters: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", letters)]
