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
from tests.postgres import Postgres

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


def _given(config: pytest.Config) -> str | None:
    return config.getoption("--url", None) or os.environ.get("NEXUS_TEST_URL")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One server of somebody else's, or one of ours over each of the databases."""
    if "url" in metafunc.fixturenames:
        where = ["given"] if _given(metafunc.config) else ["sqlite", "postgres"]
        metafunc.parametrize("url", where, indirect=True, scope="session")


@pytest.fixture(scope="session")
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The WebSocket address of the server under test."""
    if request.param == "given":
        yield str(_given(request.config))
        return
    env = PACED
    if request.param == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        env = PACED | {"NEXUS_STORE_URL": server.new()}
    with Server(tmp_path_factory.mktemp("conformance") / "data", env=env) as running:
        yield running.ws


@pytest.fixture
def knock(url: str) -> Iterator[Callable[..., Peer]]:
    """Connects without a hello; those who came leave for good after the test."""
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
