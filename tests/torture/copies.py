"""The database as its files say it, read by SQLite alone and never by the server."""

import shutil
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.torture.load import Load

FILES = ("nexus.db", "nexus.db-wal")

_HEADS = "SELECT r.name, count(*) FROM rooms r JOIN events e ON e.place >> 40 = r.id GROUP BY r.name"


def copy_database(data: Path, to: Path) -> None:
    """Copy the files of a database that no server has open."""
    to.mkdir(exist_ok=True)
    for name in FILES:
        if (data / name).exists():
            shutil.copy(data / name, to / name)


def put_back(copy: Path, data: Path) -> None:
    """Replace a database by a copy, all of it."""
    for file in data.glob("nexus.db*"):
        file.unlink()
    copy_database(copy, data)


def read_heads(data: Path, rooms: Collection[str], wal: int | None = None) -> dict[str, int]:
    """How many events each room has, where the write-ahead log ends after so many bytes; the files stay as they are."""
    with TemporaryDirectory() as directory:
        copy = Path(directory)
        copy_database(data, copy)
        if wal is not None:
            with (copy / "nexus.db-wal").open("r+b") as file:
                file.truncate(wal)
        with closing(sqlite3.connect(copy / "nexus.db")) as connection:
            heads: dict[str, int] = dict(connection.execute(_HEADS).fetchall())
    return {room: heads.get(room, 0) for room in rooms}


def wait_until_all_are_cut_off(load: Load) -> None:
    """Until everyone has read what a server that was killed had sent: what they hear from then on is of the next."""
    while load.log.counts["ended"] < load.log.counts["began"]:
        load.until(ended=load.log.counts["began"])
