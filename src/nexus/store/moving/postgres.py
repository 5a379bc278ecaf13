"""PostgreSQL as a place that a chat is moved from or to."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from nexus.store import StoreError
from nexus.store.moving import BATCH, KEYS, Identity, Row, plain
from nexus.store.postgres.connecting import Database, why
from nexus.store.postgres.migrating import read
from nexus.store.postgres.opening import make_tables

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'nexus' AND pid <> pg_backend_pid()
"""

LOOKS, LOOK = 10, 0.1
"""How often it is looked whether others are connected, and the seconds between."""

COUNTED = ("events", "accounts", "logins", "invites", "bans", "reports", "former")
"""The tables whose ids the database counts up."""


class InPostgres:
    """A database that no node uses meanwhile."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self.name = f"postgresql://{place.hostname or 'localhost'}{place.path}"
        database, tables = Database(url), read()
        with self._told():
            self._connection = database.connect(None)
            try:
                self._connection.run("SET statement_timeout = 0")
                if not self._is_alone():
                    raise StoreError(f"A server uses {self.name}; stop every node first.")
                schema, ours = make_tables(database, tables), tables.schema
                if schema > ours:
                    raise StoreError(f"{self.name} has schema {schema}, and this Nexus knows those up to {ours}.")
            except BaseException:
                self._connection.close()
                raise

    def _is_alone(self) -> bool:
        """Whether no node is connected; one that has just ended is seen for a moment longer."""
        for _ in range(LOOKS):
            if not self._connection.execute(OTHERS).fetchall()[0][0]:
                return True
            time.sleep(LOOK)
        return False

    def close(self) -> None:
        """End."""
        self._connection.close()

    def identity(self) -> Identity:
        """Whose chat it is."""
        with self._told():
            rows = self._connection.execute("SELECT epoch, key, run FROM meta").fetchall()
        if not rows:
            raise StoreError(f"{self.name} has no chat.")
        epoch, key, run = rows[0]
        return Identity(epoch, bytes(key), run)

    def columns(self, table: str) -> tuple[str, ...]:
        """What a table has."""
        with self._told():
            cursor = self._connection.execute(f"SELECT * FROM {table} LIMIT 0")
            return tuple(column.name for column in cursor.description or ())

    def rows(self, table: str, columns: tuple[str, ...], after: Row | None) -> list[Row]:
        """The next rows of a table behind a key, in order."""
        keys, named = ", ".join(KEYS[table]), ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(KEYS[table]))
        behind = "" if after is None else f"WHERE ({keys}) > ({marks})"
        with self._told():
            found = self._connection.execute(
                f"SELECT {named} FROM {table} {behind} ORDER BY {keys} LIMIT {BATCH}", after or ()
            )
            return found.fetchall()

    def last(self, table: str) -> Row | None:
        """The key of the last row of a table."""
        keys = KEYS[table]
        order = ", ".join(f"{key} DESC" for key in keys)
        with self._told():
            found: Row | None = self._connection.execute(
                f"SELECT {', '.join(keys)} FROM {table} ORDER BY {order} LIMIT 1"
            ).fetchone()
            return found

    def counters(self) -> dict[str, int]:
        """Which ids were given out."""
        found: dict[str, int] = {}
        with self._told():
            for table in COUNTED:
                row = self._connection.execute(f"SELECT last_value, is_called FROM {table}_id_seq").fetchall()[0]
                found |= {table: row[0]} if row[1] else {}
        return found

    def begin(self, identity: Identity) -> None:
        """Begin, or go on where that was begun."""
        with self._told():
            self._connection.run("CREATE TABLE IF NOT EXISTS moving (epoch text NOT NULL)")
            begun = self._connection.execute("SELECT epoch FROM moving").fetchall()
            if not begun:
                if self._connection.execute("SELECT 1 FROM meta UNION SELECT 1 FROM rooms LIMIT 1").fetchall():
                    self._connection.run("DROP TABLE moving")
                    raise StoreError(f"{self.name} has a chat already; a chat is moved into an empty database.")
                self._connection.execute("INSERT INTO moving VALUES (?)", (identity.epoch,))
            elif begun[0][0] != identity.epoch:
                raise StoreError(f"{self.name} has a part of another chat; empty it and move again.")

    def add(self, table: str, columns: tuple[str, ...], rows: list[Row]) -> None:
        """Append rows."""
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with self._told(), self._connection.raw.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(plain(row))

    def open(self, identity: Identity, counters: dict[str, int]) -> None:
        """All is there: give it its identity."""
        with self._told():
            self._connection.run("BEGIN")
            for table in COUNTED:
                self._connection.execute(
                    f"SELECT setval('{table}_id_seq', greatest(?, (SELECT max(id) FROM {table}), 1), true)",
                    (counters.get(table, 0),),
                )
            self._connection.execute("INSERT INTO meta (id, epoch, key, run) VALUES (1, ?, ?, ?)", identity)
            self._connection.run("DROP TABLE moving")
            self._connection.run("COMMIT")
            self._connection.run("ANALYZE")

    def moved_to(self) -> str | None:
        """Where it was moved to already."""
        with self._told():
            there = self._connection.execute("SELECT to_regclass('moved') IS NOT NULL").fetchall()[0][0]
            found = self._connection.execute("SELECT place FROM moved").fetchone() if there else None
        return found[0] if found else None

    def leave(self, to: str) -> None:
        """Mark it as moved."""
        with self._told():
            self._connection.run("CREATE TABLE IF NOT EXISTS moved (place text NOT NULL UNIQUE)")
            self._connection.execute("INSERT INTO moved VALUES (?) ON CONFLICT DO NOTHING", (to,))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise StoreError(f"{self.name} cannot be used. {why(error)}") from error
