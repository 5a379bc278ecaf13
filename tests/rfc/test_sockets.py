"""The whole table through a real port: Nexus's HTTP door, its connections, and a client that is only bytes."""

import pytest

from tests.rfc.handshakes import ASKS
from tests.rfc.results import Tried, names_of, try_on_sockets
from tests.rfc.table import CASES


@pytest.fixture(scope="module")
def results() -> dict[str, Tried]:
    """What came of everything."""
    return try_on_sockets()


@pytest.mark.parametrize("name", names_of(CASES, ASKS))
def test_a_rule_is_kept_on_a_socket(results: dict[str, Tried], name: str) -> None:
    assert {how: fault for how, fault in results[name].items() if fault} == {}
