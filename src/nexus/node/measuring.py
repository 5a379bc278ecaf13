"""What a node's metrics say of its files: sizes, space, accounts, and how far its transcripts are behind."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from nexus.store.sqlite.open import open_reader

FILES = {"database_bytes": "nexus.db", "wal_bytes": "nexus.db-wal"}


class Measuring:
    """Looks when it is called, in a reader's thread; what cannot be told now is left out."""

    def __init__(self, directory: Path, transcript_lag: Callable[[], float] | None) -> None:
        self._directory = directory
        self._transcript_lag = transcript_lag

    def __call__(self) -> dict[str, float]:
        """The numbers by the names that `gateway.http.metrics` explains."""
        told: dict[str, float] = {}
        for name, file in FILES.items():
            with suppress(OSError):
                told[name] = (self._directory / file).stat().st_size
        with suppress(OSError):
            space = shutil.disk_usage(self._directory)
            told.update(disk_bytes=space.total, disk_free_bytes=space.free)
        with suppress(sqlite3.Error), closing(open_reader(self._directory / "nexus.db")) as connection:
            (told["accounts"],) = connection.execute("SELECT count(*) FROM accounts").fetchone()
        if self._transcript_lag is not None:
            told["transcript_lag_seconds"] = self._transcript_lag()
        return told
