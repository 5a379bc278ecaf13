"""Moving a database to the newest schema, after a copy of it as it was."""

import os
import shutil
import sqlite3
from contextlib import closing
from importlib import resources
from pathlib import Path

from nexus.store import StoreError
from nexus.store.owner import make
from nexus.store.sql.connection import number

APPLICATION = 0x4E585553
"""SQLite's application_id of our files: "NXUS"."""

MOVED = 0x4E584D56
"""That of a file whose chat was moved to another place: "NXMV". An older Nexus takes it for another program's."""

SPARE = 2
"""Times its own size that must be free beside a database that is moved: for the copy, and for what the move writes."""


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse, before anything is written, what is not ours or newer than we are."""
    application = number(connection, "PRAGMA application_id")
    if application == MOVED:
        (place,) = connection.execute("SELECT place FROM moved").fetchone()
        raise StoreError(f"The chat of {path} was moved to {place}; start Nexus there.")
    if application != APPLICATION and (application or number(connection, "SELECT count(*) FROM sqlite_schema")):
        raise StoreError(
            f"{path} is the database of another program; move it away, or start Nexus with another data directory."
        )
    version, known = schema_of(connection), len(_migrations())
    if version > known:
        raise StoreError(
            f"{path} was written by a newer Nexus: it has schema {version}, and this Nexus knows up to {known}. "
            "Start the newer Nexus, or restore a backup that this one made."
        )


def migrate(connection: sqlite3.Connection, path: Path) -> Path | None:
    """Run the migrations that the file does not have yet, each in a transaction of its own.

    Returns the copy that was made before; None for a file that is new or up to date. Raises StoreError where there is
    no space for it, and then nothing has changed.
    """
    version = schema_of(connection)
    missing = _migrations()[version:]
    snapshot = _keep(connection, path, version) if version and missing else None
    for schema, script in enumerate(missing, version + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE;\n{script}\n"
            f"PRAGMA application_id = {APPLICATION};\nPRAGMA user_version = {schema};\nCOMMIT;"
        )
    return snapshot


def schema_of(connection: sqlite3.Connection) -> int:
    """How many migrations a database has."""
    return number(connection, "PRAGMA user_version")


def damage(connection: sqlite3.Connection) -> str:
    """What is wrong with a database when one looks all through it; empty where it is whole."""
    found: str = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    return "" if found == "ok" else " ".join(found.split())


def _keep(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    """Copy a database beside itself; under its name the copy is whole and synced, however this may end."""
    snapshot = path.with_name(f"{path.name}.schema-{version}")
    unfinished = path.with_name(f"{path.name}.copying")
    _need_space(path)
    unfinished.unlink(missing_ok=True)
    os.close(make(unfinished))
    with closing(sqlite3.connect(unfinished, isolation_level=None)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()  # one file, which can be copied as it is
        damaged = damage(copy)
    if damaged:
        raise StoreError(f"{path} is damaged ({damaged}), so it is not moved to the new schema. Restore a backup.")
    sync(unfinished)
    unfinished.replace(snapshot)
    sync(path.parent)
    return snapshot


def _need_space(path: Path) -> None:
    needed, free = SPARE * path.stat().st_size, shutil.disk_usage(path.parent).free
    if free < needed:
        raise StoreError(
            f"{path} has an older schema, and there is no space to copy it before it is moved to the new one: "
            f"{needed >> 20} MiB are needed and {free >> 20} are free. Nothing was changed."
        )


def sync(path: Path) -> None:
    """Have the disk keep a file, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _migrations() -> list[str]:
    folder = resources.files("nexus.store.sqlite")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return [file.read_text(encoding="utf-8") for file in files]
