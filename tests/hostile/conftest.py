"""Two people who talk in a room while somebody misbehaves: they must not notice anything."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conformance.peer import Frame, Peer, fresh
from tests.hostile.raw import Raw
from tests.live.server import Server

LIMIT = 100
"""Connections from one address."""

TAIL = 8_000_000
"""Bytes of events kept in memory."""

SMALL = {
    "NEXUS_LIMITS_CONNECTIONS_PER_ADDRESS": str(LIMIT),
    "NEXUS_LIMITS_TAIL_BYTES": str(TAIL),
    "NEXUS_PRESENCE_EVERY": "0.01",
}
"""Limits that are soon reached."""

Dial = Callable[..., Raw]


class Others:
    """Ann and Bo, in a room of their own or with people who misbehave."""

    def __init__(self, url: str) -> None:
        self.room = fresh("garden")
        self.ann, self.bo = Peer(url), Peer(url)
        self.ann.greet(fresh("Ann"))
        self.bo.greet(fresh("Bo"))
        for peer in (self.ann, self.bo):
            peer.done("join", room=self.room)
        for peer in (self.ann, self.bo):
            peer.sees("here", self.bo.name)
        self.noticed()

    def noticed(self) -> list[Frame]:
        """What came to them since the last look, but for strangers who come and go."""
        return [event for peer in (self.ann, self.bo) for event in peer.sync() if not self._stranger(event)]

    def _stranger(self, event: Frame) -> bool:
        ours = {self.ann.name, self.bo.name}
        return event["type"] == "presence" and not ours & {*event["here"], *event["gone"]}

    def check(self) -> None:
        """They noticed nothing, and talk on."""
        assert self.noticed() == []
        for one, other in ((self.ann, self.bo), (self.bo, self.ann)):
            seq = one.post(self.room, "Did you notice anything?")
            for peer in (one, other):
                assert peer.hears("posted")["seq"] == seq
        assert self.noticed() == []

    def leave(self) -> None:
        """They go home."""
        self.ann.leave()
        self.bo.leave()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose limits are soon reached."""
    with Server(tmp_path_factory.mktemp("hostile") / "data", env=SMALL) as server:
        yield server


@pytest.fixture(scope="module")
def pair(server: Server) -> Iterator[Others]:
    """Ann and Bo, who talk all day."""
    others = Others(server.ws)
    yield others
    others.leave()


@pytest.fixture(autouse=True)
def others(pair: Others) -> Iterator[Others]:
    """Ann and Bo; after every test they must have noticed nothing that the test did not ask them about."""
    yield pair
    pair.check()


@pytest.fixture
def cy(server: Server) -> Iterator[Peer]:
    """Someone who said hello."""
    cy = Peer(server.ws)
    cy.greet(fresh("Cy"))
    yield cy
    cy.leave()


@pytest.fixture
def dial(server: Server) -> Iterator[Dial]:
    """Opens bare connections; they are closed after the test."""
    opened: list[Raw] = []

    def connect(**how: Any) -> Raw:
        opened.append(Raw(server.port, **how))
        return opened[-1]

    yield connect
    for raw in opened:
        raw.close()
