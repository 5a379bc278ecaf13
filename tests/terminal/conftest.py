"""One server for all of these tests; some of them restart it, and those who are connected come back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.server import Server

CATCH_UP = 20
"""Events that someone far behind is sent; the rest is skipped."""


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("server") / "data"
    with Server(data, env={"NEXUS_LIMITS_CATCH_UP": str(CATCH_UP)}) as running:
        yield running


@pytest.fixture
def room(tmp_path: Path) -> str:
    """A room of the test's own."""
    return "garden-" + re.sub(r"[^a-z0-9]+", "-", tmp_path.name.lower())[-24:].strip("-")
