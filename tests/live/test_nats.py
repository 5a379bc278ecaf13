"""The bus over a real nats-server, which is killed and comes back."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest

from nexus.bus.nats import NatsBus, where
from nexus.core.announcing import Announcement, Look
from tests.nats import Server

PATIENCE = 20


class End:
    """One node's end of the bus: what it heard, and how often it was told to look."""

    def __init__(self, url: str, chat: str = "garden") -> None:
        self.bus = NatsBus(url, chat)
        self.heard: list[Announcement] = []
        self.looked = 0
        self.bus.listen(self.heard.append, self._look)

    def _look(self) -> None:
        self.looked += 1


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    made.start()
    yield made
    made.kill()


@asynccontextmanager
async def ends(*urls: str) -> AsyncIterator[list[End]]:
    made = [End(url) for url in urls]
    try:
        yield made
    finally:
        for one in made:
            await one.bus.close()


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0)


def url(server: Server, who: str = "") -> str:
    return f"nats://{who}127.0.0.1:{server.port}"


def test_what_one_announces_the_others_hear_and_it_does_not(server: Server) -> None:
    async def play() -> None:
        async with ends(url(server), url(server), url(server)) as (ann, bo, cy):
            await until(lambda: all(one.looked for one in (ann, bo, cy)))
            said = [Announcement(1, looks=(Look("account", number),)) for number in range(100)]
            for one in said:
                ann.bus.announce(one)
            await until(lambda: len(bo.heard) == len(cy.heard) == 100)
            assert bo.heard == cy.heard == said
            assert ann.heard == []

    asyncio.run(play())


def test_a_server_that_is_killed_is_missed_by_nobody_and_when_it_is_back_everyone_looks(server: Server) -> None:
    async def play() -> None:
        async with ends(url(server), url(server)) as (ann, bo):
            await until(lambda: bool(ann.looked and bo.looked))
            server.kill()
            await until(lambda: not ann.bus.connected and not bo.bus.connected)
            ann.bus.announce(Announcement(1))
            assert ann.bus.dropped == 1
            server.start()
            await until(lambda: ann.looked == bo.looked == 2)
            ann.bus.announce(Announcement(2))
            await until(lambda: bool(bo.heard))
            assert [one.node for one in bo.heard] == [2]

    asyncio.run(play())


def test_a_node_starts_without_the_bus_and_finds_it_later() -> None:
    server = Server()

    async def play() -> None:
        async with ends(url(server)) as (ann,):
            ann.bus.announce(Announcement(1))
            assert ann.bus.dropped == 1
            server.start()
            await until(lambda: ann.bus.connected and ann.looked == 1)

    try:
        asyncio.run(play())
    finally:
        server.kill()


def test_who_has_the_password_gets_in() -> None:
    server = Server("--user", "nexus", "--pass", "secret")
    server.start()

    async def play() -> None:
        async with ends(url(server, "nexus:secret@"), url(server, "nexus:wrong@")) as (ann, bo):
            await until(lambda: ann.bus.connected)
            assert not bo.bus.connected

    try:
        asyncio.run(play())
    finally:
        server.kill()


def test_chats_that_share_a_server_do_not_hear_each_other(server: Server) -> None:
    async def play() -> None:
        garden, kitchen = End(url(server)), End(url(server), "kitchen")
        other = End(url(server))
        await until(lambda: bool(garden.looked and kitchen.looked and other.looked))
        garden.bus.announce(Announcement(1))
        await until(lambda: bool(other.heard))
        assert kitchen.heard == []
        for one in (garden, kitchen, other):
            await one.bus.close()

    asyncio.run(play())


def test_what_a_url_says() -> None:
    assert where("nats://a:4222,tls://b?ca=/ca.pem&credentials=/nexus.creds") == (
        ["nats://a:4222", "tls://b"],
        "/nexus.creds",
        "/ca.pem",
    )
