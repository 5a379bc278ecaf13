"""The stores that the contract is held against; another one is one more line in STORES."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nexus.ports import Store
from nexus.store.memory import Durable, MemoryStore
from nexus.store.postgres import PostgresStore
from nexus.store.sqlite import SqliteStore
from tests.postgres import Postgres

Open = Callable[[], Store]


def memory(_: Path) -> Open:
    durable = Durable()
    return lambda: MemoryStore(durable)


def sqlite(directory: Path) -> Open:
    return lambda: SqliteStore.open(directory)


STORES = ("memory", "sqlite", "postgres")


@pytest.fixture(params=STORES)
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens a store that is new the first time."""
    if request.param != "postgres":
        yield memory(tmp_path) if request.param == "memory" else sqlite(tmp_path)
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.lend()
    yield lambda: PostgresStore.open(url)
    server.take_back(url)


@pytest.fixture
def reopen(open_store: Open) -> Iterator[Open]:
    """Closes the store that is open, if any, and opens it again."""
    opened: list[Store] = []

    def close_and_open() -> Store:
        while opened:
            opened.pop().close()
        opened.append(open_store())
        return opened[0]

    yield close_and_open
    opened[0].close()


@pytest.fixture
def store(reopen: Open) -> Store:
    """A new and empty store."""
    return reopen()
