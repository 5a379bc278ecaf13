"""How every test starts: hypothesis tries the same cases each time, and SIGINT interrupts, whatever the parent did."""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import Postgres, needs_postgres, running

settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", deadline=None, max_examples=1000)
settings.load_profile("soak" if os.environ.get("NEXUS_SOAK") else "steady")

# nohup, cron and `make test &` ignore SIGINT, and what a test starts would inherit that: Ctrl+C would do nothing there.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


SLOW = ("torture", "days", "machine", "live", "cli", "browser", "terminal", "contract", "hostile", "store")
"""Folders whose files take long, which come first: at the end no process waits for another one's last file."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files for the processes that take them one by one."""
    places = {name: place for place, name in enumerate(SLOW)}
    items.sort(key=lambda item: places.get(item.path.parent.name, len(SLOW)))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL for all tests of a process; what it keeps does not outlive a power cut."""
    needs_postgres()
    with running("fsync=off", "full_page_writes=off") as server:
        yield server
