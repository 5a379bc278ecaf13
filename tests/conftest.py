"""How every test starts: hypothesis tries the same cases each time, and signals act, whatever the parent ignored."""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import Postgres, needs_postgres, running

settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", deadline=None, max_examples=1000)
settings.load_profile("soak" if os.environ.get("NEXUS_SOAK") else "steady")

# nohup, cron and `make test &` ignore these, and what a test starts would inherit that: nothing would stop it there.
for one in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
    if signal.getsignal(one) is signal.SIG_IGN:
        signal.signal(one, signal.default_int_handler if one is signal.SIGINT else signal.SIG_DFL)


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
