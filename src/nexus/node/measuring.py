"""What a node's metrics say of what it keeps: sizes, space, accounts, and how far its transcripts are behind."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from nexus.node.stores import NodeStore


class Measuring:
    """Looks when it is called, in a reader's thread; what cannot be told now is left out."""

    def __init__(self, directory: Path, store: NodeStore, transcript_lag: Callable[[], float] | None) -> None:
        self._directory = directory
        self._store = store
        self._transcript_lag = transcript_lag

    def __call__(self) -> dict[str, float]:
        """The numbers by the names that `gateway.http.metrics` explains."""
        told = self._store.sizes()
        with suppress(OSError):
            space = shutil.disk_usage(self._directory)
            told.update(disk_bytes=space.total, disk_free_bytes=space.free)
        if self._transcript_lag is not None:
            told["transcript_lag_seconds"] = self._transcript_lag()
        return told
