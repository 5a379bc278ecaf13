"""SQLite as a place that a chat is moved from or to."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from nexus.store import StoreError
from nexus.store.moving import BATCH, KEYS, Identity, Row
from nexus.store.sql.connection import number
from nexus.store.sqlite.migrate import MOVED, sync
from nexus.store.sqlite.open import key_file, open_writer, prepare, why

_COUNT_ON = "UPDATE sqlite_sequence SET seq = ? WHERE name = ? AND seq < ?"


class InSqlite:
    """A database file; a new one stands in a folder of its own until it is whole."""

    def __init__(self, directory: Path, *, new: bool) -> None:
        self.name = str(directory)
        self._directory = directory
        self._folder = directory.with_name(f"{directory.name}.moving") if new else directory
        if new and directory.exists() and any(directory.iterdir()):
            raise StoreError(f"{directory} is not empty; a chat is moved into a new directory.")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / "nexus.db"
        with self._told():
            moved = path.exists() and _is_moved(path)
            if not moved:
                prepare(path)
            self._connection = open_writer(path)
            epoch, run = self._connection.execute("SELECT epoch, run FROM meta").fetchone()
        self._identity = Identity(epoch, key_file(path).read_bytes(), run)
        self._moved = moved

    def close(self) -> None:
        """End; what was committed is in the file."""
        self._connection.close()

    def identity(self) -> Identity:
        """Whose chat it is."""
        return self._identity

    def columns(self, table: str) -> tuple[str, ...]:
        """What a table has."""
        with self._told():
            return tuple(row[1] for row in self._connection.execute(f"PRAGMA table_info({table})"))

    def rows(self, table: str, columns: tuple[str, ...], after: Row | None) -> list[Row]:
        """The next rows of a table behind a key, in order."""
        keys, named = ", ".join(KEYS[table]), ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(KEYS[table]))
        behind = "" if after is None else f"WHERE ({keys}) > ({marks})"
        with self._told():
            sql = f"SELECT {named} FROM {table} {behind} ORDER BY {keys} LIMIT {BATCH}"
            return self._connection.execute(sql, after or ()).fetchall()

    def last(self, table: str) -> Row | None:
        """The key of the last row of a table."""
        keys = KEYS[table]
        order = ", ".join(f"{key} DESC" for key in keys)
        with self._told():
            rows = self._connection.execute(f"SELECT {', '.join(keys)} FROM {table} ORDER BY {order} LIMIT 1")
            found: Row | None = rows.fetchone()
            return found

    def counters(self) -> dict[str, int]:
        """Which ids were given out."""
        with self._told():
            return dict(self._connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())

    def begin(self, identity: Identity) -> None:
        """Begin, or go on where that was begun."""
        with self._told():
            (count,) = self._connection.execute("SELECT count(*) FROM rooms").fetchone()
        if count and self._identity.epoch != identity.epoch:
            raise StoreError(f"{self._folder} has a part of another chat; delete it and move again.")
        with self._told():
            self._connection.execute("UPDATE meta SET epoch = ?", (identity.epoch,))

    def add(self, table: str, columns: tuple[str, ...], rows: list[Row]) -> None:
        """Append rows."""
        named, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
        with self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(f"INSERT INTO {table} ({named}) VALUES ({marks})", rows)
            self._connection.execute("COMMIT")

    def open(self, identity: Identity, counters: dict[str, int]) -> None:
        """All is there: give it its key and its name."""
        with self._told():
            self._connection.execute("UPDATE meta SET run = ?", (identity.run,))
            for table, seq in counters.items():
                self._connection.execute(_COUNT_ON, (seq, table, seq))
            self._connection.close()
        key = key_file(self._folder / "nexus.db")
        key.write_bytes(identity.key)
        key.chmod(0o600)
        sync(key)
        with suppress(FileNotFoundError):
            self._directory.rmdir()
        self._folder.replace(self._directory)
        sync(self._directory.parent)

    def moved_to(self) -> str | None:
        """Where it was moved to already."""
        with self._told():
            found = self._connection.execute("SELECT place FROM moved").fetchone() if self._moved else None
        return found[0] if found else None

    def leave(self, to: str) -> None:
        """Mark it as moved."""
        with self._told():
            self._connection.execute("CREATE TABLE IF NOT EXISTS moved (place TEXT NOT NULL UNIQUE)")
            self._connection.execute("INSERT OR IGNORE INTO moved VALUES (?)", (to,))
            self._connection.execute(f"PRAGMA application_id = {MOVED}")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"{self._folder} cannot be used. {why(error)}") from error


def _is_moved(path: Path) -> bool:
    with closing(open_writer(path)) as connection:
        return number(connection, "PRAGMA application_id") == MOVED
