"""The database: readable, whole, and of a schema that this Nexus knows; never written to."""

import sqlite3
import time
from contextlib import closing
from importlib import resources
from pathlib import Path

from nexus.cli.checks import Check
from nexus.store import StoreError

PATIENCE = 10.0
"""Seconds to look for damage; a long read would keep the write-ahead log of a running server from shrinking."""

STEPS = 10_000
"""Steps of SQLite between two looks at the clock."""


def check(directory: Path) -> Check:
    """Open nexus.db as a reader."""
    path = directory / "nexus.db"
    if not path.exists():
        return Check("database", "ok", "There is none yet; `nexus serve` creates it.")
    try:
        with closing(_open(path)) as connection:
            return _look(connection, path)
    except sqlite3.Error as error:
        return Check("database", "FAIL", f"{path} cannot be read ({error}); {_what_to_do(error)}.")


def _what_to_do(error: sqlite3.Error) -> str:
    """A disk that is full, or that fails just now, takes no backup to be well again."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return "restore a backup, and keep this one"
    return "look at the disk first, then ask again"


def check_shared(url: str) -> Check:
    """Ask the PostgreSQL of `store.url` for its version; nothing is made or moved there."""
    try:
        from nexus.store.postgres.opening import describe
    except ImportError as error:
        return Check("database", "FAIL", f"store.url needs psycopg ({error}); install nexus[cluster].")
    try:
        return Check("database", "ok", describe(url))
    except StoreError as error:
        return Check("database", "FAIL", str(error))


def _open(path: Path) -> sqlite3.Connection:
    # Where there is no write-ahead log, SQLite would make one, owned by this user; `immutable` makes nothing.
    mode = "mode=ro" if path.with_name("nexus.db-wal").exists() else "mode=ro&immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None)


def _look(connection: sqlite3.Connection, path: Path) -> Check:
    known = sum(file.name.endswith(".sql") for file in resources.files("nexus.store.sqlite").iterdir())
    schema = connection.execute("PRAGMA user_version").fetchone()[0]
    if schema > known:
        return Check(
            "database",
            "FAIL",
            f"{path} was written by a newer Nexus: it has schema {schema}, and this Nexus knows up to {known}.",
        )
    if schema == 0:
        return Check("database", "FAIL", f"{path} is not a database of Nexus; move it away.")
    epoch = connection.execute("SELECT epoch FROM meta").fetchone()
    damage = _damage(connection)
    said = f"schema {schema}, epoch {epoch[0] if epoch else 'not set'}"
    if damage is None:
        return Check("database", "warn", f"{path}: {said}; too large to check completely in {PATIENCE:.0f} seconds.")
    if damage != "ok":
        return Check("database", "FAIL", f"{path} is damaged ({damage}); restore a backup, and keep this one.")
    return Check("database", "ok", f"{path} is whole: {said}.")


def _damage(connection: sqlite3.Connection) -> str | None:
    """The first thing SQLite finds wrong, "ok", or None where the time was not enough."""
    end = time.monotonic() + PATIENCE
    connection.set_progress_handler(lambda: time.monotonic() > end, STEPS)
    try:
        found: str = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname == "SQLITE_INTERRUPT":
            return None
        raise
    return " ".join(found.split())
