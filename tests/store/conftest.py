"""What the tests of PostgreSQL have in common."""

from collections.abc import Iterator

import pytest

from tests.postgres import Postgres


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    """A new and empty database."""
    made = postgres.new()
    yield made
    postgres.drop(made)
