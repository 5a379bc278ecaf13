"""Which store a node opens: SQLite in its data directory, or the PostgreSQL that several nodes share."""

from pathlib import Path
from typing import Protocol

import structlog

from nexus.ports import Cluster, Store, Upkeep
from nexus.settings import Settings
from nexus.store.sqlite import SqliteStore

log = structlog.get_logger()


class NodeStore(Store, Upkeep, Protocol):
    """What a running node needs of its store."""

    cluster: Cluster | None
    """What it does for nodes that share it; None where none do."""

    def stop_reading(self) -> None:
        """Interrupt what is being read, and let nothing more be read until `go_on_reading`."""

    def go_on_reading(self) -> None:
        """What was to be interrupted has ended."""

    def sizes(self) -> dict[str, float]:
        """How much there is of it, by the names of the metrics; what cannot be told now is left out."""


def open_store(settings: Settings) -> NodeStore:
    """Open it, or make it where there is none; raises StoreError."""
    if settings.store.url:
        from nexus.store.postgres import PostgresStore  # here, as nobody else is to wait for psycopg

        return PostgresStore.open(settings.store.url)
    store = SqliteStore.open(Path(settings.data))
    if store.snapshot is not None:
        log.info(
            "the database has a new schema now; a copy from before can go once all is well", copy=str(store.snapshot)
        )
    return store
