"""The stores that the contract is held against; another one is one more line in STORES."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nexus.ports import Store
from nexus.store.memory import Durable, MemoryStore
from nexus.store.sqlite import SqliteStore

Open = Callable[[], Store]


def memory(_: Path) -> Open:
    durable = Durable()
    return lambda: MemoryStore(durable)


def sqlite(directory: Path) -> Open:
    return lambda: SqliteStore.open(directory)


STORES: dict[str, Callable[[Path], Open]] = {"memory": memory, "sqlite": sqlite}


@pytest.fixture(params=STORES)
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Closes the store that is open, if any, and opens it again."""
    open_store = STORES[request.param](tmp_path)
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
