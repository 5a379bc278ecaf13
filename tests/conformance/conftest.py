"""The server under test: the one named by `--url` or NEXUS_TEST_URL, else one started for these tests.

Any server of `nexus.v1` will do where everyone may register and make rooms: `pytest tests/conformance --url
ws://127.0.0.1:8000/ws`.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conformance.peer import Peer, fresh
from tests.live.server import Server

PACED = {
    "NEXUS_PACE_POSTS": "20",
    "NEXUS_PACE_COMMANDS": "50",
    "NEXUS_PACE_LOGINS": "0.2",
    "NEXUS_PACE_LOGINS_BURST": "3",
}
"""As a server is out of the box, but for passwords, each of which takes its time."""

Meet = Callable[..., Peer]
"""A guest who said hello, by the first half of a fresh name."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--url ws://…` names a running server."""
    parser.addoption("--url", help="the WebSocket address of the server that tests/conformance speaks with")


@pytest.fixture(scope="session")
def url(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The WebSocket address of the server under test."""
    given = pytestconfig.getoption("--url", None) or os.environ.get("NEXUS_TEST_URL")
    if given:
        yield given
        return
    with Server(tmp_path_factory.mktemp("conformance") / "data", env=PACED) as server:
        yield server.ws


@pytest.fixture
def knock(url: str) -> Iterator[Callable[..., Peer]]:
    """Connects without a hello; whoever came leaves for good after the test."""
    came: list[Peer] = []

    def connect(**how: Any) -> Peer:
        came.append(Peer(url, **how))
        return came[-1]

    yield connect
    for peer in came:
        peer.leave()


@pytest.fixture
def meet(knock: Callable[..., Peer]) -> Meet:
    """Connects and says hello as a guest; `rooms` are joined."""

    def greet(word: str, *rooms: str) -> Peer:
        peer = knock()
        peer.greet(fresh(word))
        for room in rooms:
            peer.done("join", room=room)
        return peer

    return greet


@pytest.fixture
def garden() -> str:
    """A room that nobody was in before."""
    return fresh("garden")
