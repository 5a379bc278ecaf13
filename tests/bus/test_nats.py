"""Nodes hear each other over a real NATS, which is killed, paused, locked and full."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import uvloop

from nexus.bus import nats
from nexus.bus.nats import NatsBus
from nexus.core.announcing import VERSION, Announcement, Look, encode, records_of, spans_of
from nexus.core.log import Record
from nexus.protocol.events import Posted
from tests.nats import Server

PATIENCE = 60.0

CERTIFICATES = Path(__file__).parent.parent / "cli" / "certificates"

LOCKED = 'authorization { user: "nexus", password: "correct horse" }'


@pytest.fixture(autouse=True)
def patient(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where that is what is tried: on a machine that is busy a server may take more than a second to answer."""
    if "hangs" not in request.node.name:
        monkeypatch.setattr(nats, "PING_EVERY", 30)


def locked(user: str, nats: Server, scheme: str = "nats") -> str:
    """Its URL with a name and a password."""
    return f"{scheme}://{user}@127.0.0.1:{nats.port}"


def encrypted() -> str:
    """The configuration of a server with TLS."""
    return f'tls {{ cert_file: "{CERTIFICATES / "good.pem"}", key_file: "{CERTIFICATES / "good.key"}" }}'


class Ear:
    """A node's end of the bus, with what it heard."""

    def __init__(self, url: str, chat: str = "garden") -> None:
        self.bus = NatsBus(url, chat)
        self.heard: list[Announcement] = []
        self.again = 0
        self.changed = asyncio.Event()
        self.stumble = False
        self.bus.listen(self._hear, self._look)

    def _hear(self, heard: Announcement) -> None:
        if self.stumble:
            raise RuntimeError("a fault")
        self.heard.append(heard)
        self.changed.set()

    def _look(self) -> None:
        self.again += 1
        self.changed.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until it has heard, or lost, enough."""
        async with asyncio.timeout(PATIENCE):
            while not holds():
                self.changed.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.02):
                        await self.changed.wait()

    async def connected(self) -> None:
        """Wait until it is there."""
        await self.until(lambda: self.bus.connected)

    async def gone(self) -> None:
        """Wait until it has noticed that the bus is away."""
        await self.until(lambda: not self.bus.connected)


@asynccontextmanager
async def ears(*urls: str) -> AsyncIterator[list[Ear]]:
    """Nodes that are connected, one for each URL."""
    made = [Ear(url) for url in urls]
    try:
        for ear in made:
            await ear.connected()
        yield made
    finally:
        for ear in made:
            await ear.bus.close()


def there(ear: Ear) -> str:
    """Which server it is connected to."""
    client = ear.bus._client
    assert client is not None
    assert client.connected_url is not None
    return client.connected_url.geturl()


def told(node: int, *seqs: int, text: str = "hello") -> Announcement:
    """What a node tells of new messages in a room."""
    events = [Record(7, 1, Posted(room="garden", seq=seq, at=1000, by="Ann", text=text)) for seq in seqs]
    return Announcement(node, spans=spans_of([(7, events)]))


def run(work: Coroutine[Any, Any, None]) -> None:
    """One test on a loop of its own, of the kind that nodes have."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


def test_what_one_node_says_all_others_hear_and_it_does_not(tmp_path: Path) -> None:
    async def play(url: str) -> None:
        async with ears(url, url, url) as (one, two, three):
            one.bus.announce(told(1, 4, 5))
            two.bus.announce(Announcement(2, looks=(Look("account", 9),)))
            await three.until(lambda: len(three.heard) == 2)
            await two.until(lambda: bool(two.heard))
            await one.until(lambda: bool(one.heard))

            assert [heard.node for heard in one.heard + two.heard] == [2, 1]
            (span,) = two.heard[0].spans
            assert (span.first, span.last) == (4, 5)
            assert [record.event for record in records_of(span)] == [
                Posted(room="garden", seq=seq, at=1000, by="Ann", text="hello") for seq in (4, 5)
            ]

    with Server(tmp_path) as server:
        run(play(server.url))


def test_a_node_counts_as_connected_when_the_server_has_answered_behind_its_subscription() -> None:
    said: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'INFO {"max_payload":1048576}\r\n')
        async for line in reader:
            said.append(line.split()[0])
            if said[-1] == b"PING":
                writer.write(b"PONG\r\n")
        writer.close()

    async def play() -> None:
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            async with ears(f"nats://127.0.0.1:{server.sockets[0].getsockname()[1]}"):
                heard = list(said)
            assert b"PING" in heard[heard.index(b"SUB") :]

    run(play())


def test_nodes_of_another_chat_on_the_same_server_are_not_heard(tmp_path: Path) -> None:
    async def play(url: str) -> None:
        async with ears(url, url) as (one, two):
            other = Ear(url, "kitchen")
            await other.connected()
            other.bus.announce(told(1, 1))
            await other.bus.close()  # which sends what waits
            one.bus.announce(told(2, 2))
            await two.until(lambda: bool(two.heard))

            assert [heard.node for heard in two.heard] == [2]

    with Server(tmp_path) as server:
        run(play(server.url))


def test_a_node_starts_while_the_bus_is_away_and_finds_it_when_it_is_there(tmp_path: Path) -> None:
    async def play(server: Server) -> None:
        one = Ear(server.url)
        one.bus.announce(told(1, 1))
        assert not one.bus.connected
        assert one.bus.dropped == 1
        server.start()
        await one.connected()
        assert one.again == 1
        await one.bus.close()

    server = Server(tmp_path)
    try:
        run(play(server))
    finally:
        server.kill()


def test_when_the_bus_was_killed_nothing_is_raised_and_all_look_at_the_store_again(tmp_path: Path) -> None:
    async def play(server: Server) -> None:
        async with ears(server.url, server.url) as (one, two):
            server.kill()
            for seq in range(1, 301):
                one.bus.announce(told(1, seq))
            await one.gone()
            await two.gone()
            one.bus.announce(told(1, 301))
            assert one.bus.dropped
            assert not two.heard

            server.start()
            await one.connected()
            await two.connected()
            assert (one.again, two.again) == (2, 2)
            one.bus.announce(told(1, 302))
            await two.until(lambda: bool(two.heard))
            assert two.heard[-1].spans[0].last == 302

    with Server(tmp_path) as server:
        run(play(server))


def test_a_bus_that_hangs_is_noticed_and_costs_no_more_memory_than_is_set_aside(tmp_path: Path) -> None:
    assert (nats.PINGS + 1) * nats.PING_EVERY < 3  # seconds, after which it counts as away

    async def play(server: Server) -> None:
        async with ears(server.url, server.url) as (one, two):
            server.pause()
            for seq in range(1, 201):  # far more than the socket takes, and than may wait
                one.bus.announce(told(1, seq, text="x" * 200_000))
            assert one.bus.dropped > 100
            assert sum(map(len, one.bus._waiting)) <= nats.MOST_WAITING
            await one.gone()
            await two.gone()

            server.go_on()
            await one.connected()
            await two.connected()
            assert (one.again, two.again) == (2, 2)
            one.bus.announce(told(1, 999))
            await two.until(lambda: bool(two.heard) and two.heard[-1].spans[0].last == 999)

    with Server(tmp_path) as server:
        run(play(server))


def test_where_the_events_are_too_large_for_the_server_only_their_places_are_told(tmp_path: Path) -> None:
    async def play(url: str) -> None:
        async with ears(url, url) as (one, two):
            one.bus.announce(told(1, 1, 2, text="x" * 3000))
            one.bus.announce(Announcement(1, looks=tuple(Look("account", id) for id in range(3000))))
            one.bus.announce(told(1, 3))
            await two.until(lambda: len(two.heard) == 2)

            (span,), (small,) = two.heard[0].spans, two.heard[1].spans
            assert (span.first, span.last, span.events) == (1, 2, ())
            assert len(small.events) == 1
            assert one.bus.dropped == 1  # what has no smaller form

    with Server(tmp_path, "max_payload: 4096") as server:
        run(play(server.url))


def test_what_cannot_be_read_sends_the_node_to_the_store(tmp_path: Path) -> None:
    async def play(url: str) -> None:
        async with ears(url, url) as (one, two):
            client = one.bus._client
            assert client is not None
            for payload in (b"\xc1", b"", encode(Announcement(1, version=VERSION + 1))):
                await client.publish(one.bus._subject, payload)
            await two.until(lambda: two.again == 4)
            one.bus.announce(told(1, 1))
            await two.until(lambda: bool(two.heard))

            assert len(two.heard) == 1

    with Server(tmp_path) as server:
        run(play(server.url))


def test_a_node_that_stumbles_over_an_announcement_hears_the_next_one(tmp_path: Path) -> None:
    async def play(url: str) -> None:
        async with ears(url, url) as (one, two):
            two.stumble = True
            one.bus.announce(told(1, 1))
            await two.until(lambda: two.again == 2)
            two.stumble = False
            one.bus.announce(told(1, 2))
            await two.until(lambda: bool(two.heard))

    with Server(tmp_path) as server:
        run(play(server.url))


def test_the_password_in_the_url_is_said_to_the_server_and_in_no_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def play(server: Server) -> None:
        wrong = Ear(locked("nexus:battery+staple", server))
        async with ears(*[locked("nexus:correct%20horse", server)] * 2) as (one, two):
            one.bus.announce(told(1, 1))
            await two.until(lambda: bool(two.heard))
        await wrong.until(lambda: bool(wrong.bus.trouble))
        assert "authorization" in wrong.bus.trouble.lower()
        assert not wrong.bus.connected
        await wrong.bus.close()

    with Server(tmp_path, LOCKED) as server:
        run(play(server))
    assert "staple" not in "".join(capsys.readouterr())


def test_with_tls_the_server_proves_who_it_is(tmp_path: Path) -> None:
    async def play(server: Server) -> None:
        url = locked("nexus:correct%20horse", server, "tls")
        async with ears(*[f"{url}?ca={CERTIFICATES / 'good.pem'}"] * 2) as (one, two):
            one.bus.announce(told(1, 1))
            await two.until(lambda: bool(two.heard))
        stranger = Ear(url)
        await stranger.until(lambda: bool(stranger.bus.trouble))
        assert not stranger.bus.connected
        await stranger.bus.close()

    with Server(tmp_path, f"{LOCKED}\n{encrypted()}") as server:
        run(play(server))


def test_where_tls_is_asked_for_nothing_is_said_without_it(tmp_path: Path) -> None:
    async def play(server: Server) -> None:
        one = Ear(locked("nexus:correct%20horse", server, "tls"))
        await one.until(lambda: one.bus.trouble == "the server has no TLS, which tls:// asks for; nothing was sent")
        await one.bus.close()

    with Server(tmp_path, LOCKED) as server:
        run(play(server))


def test_while_one_server_hangs_the_nodes_meet_on_another(tmp_path: Path) -> None:
    async def play(first: Server, second: Server) -> None:
        async with ears(first.url, f"{first.url},{second.url}", f"{first.url},{second.url}") as (alone, one, two):
            first.pause()
            for ear in (alone, one, two):
                ear.bus.announce(told(1, 1, text="x" * 200_000))  # bytes that nobody takes are no reason to stay
            await one.until(lambda: one.bus.connected and there(one) == second.url)
            await two.until(lambda: two.bus.connected and there(two) == second.url)
            one.bus.announce(told(1, 2))
            await two.until(lambda: bool(two.heard) and two.heard[-1].spans[0].last == 2)
            first.go_on()

    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    with Server(tmp_path / "first") as first, Server(tmp_path / "second") as second:
        run(play(first, second))


def test_a_server_that_turned_the_node_away_is_asked_again(tmp_path: Path) -> None:
    async def play(server: Server) -> None:
        async with ears(server.url, server.url) as (one, two):
            server.kill()
            await one.gone()
            await two.gone()
            server.configure(LOCKED)
            server.start()
            await one.until(lambda: "authorization" in one.bus.trouble.lower())
            server.kill()
            server.configure("")
            server.start()
            await one.connected()
            await two.connected()
            one.bus.announce(told(1, 1))
            await two.until(lambda: bool(two.heard))

    with Server(tmp_path) as server:
        run(play(server))
