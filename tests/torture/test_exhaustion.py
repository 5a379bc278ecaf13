"""What the system gives is used up: descriptors, then memory. Those who are here go on, and nothing stored is lost."""

import asyncio
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.conformance.peer import Peer, fresh
from tests.hostile.raw import Raw
from tests.live.server import Server
from tests.torture.gauges import descriptors, processor, status, until
from tests.torture.load import read_history, read_transcripts
from tests.torture.person import Person, run
from tests.torture.record import Event, Log
from tests.torture.scale import scaled

DESCRIPTORS = 100
COMING = 150
KNOCKS = scaled(50, 1000)
POSTS = scaled(100, 2000)
WATCHED = scaled(2.5, 20.0)
"""Seconds for which the server is watched while it has no descriptors; it looks after itself once a second."""

MUCH = 700
"""Long messages after which the database wants tidying, for which it has to open files."""

FLOODING = scaled(8, 20)
FLOOD = scaled(150, 500)
"""Messages of each who floods."""

UNREAD = 10
"""Readers, in the rooms of those who flood, who read nothing."""

LONG_TEXT = "🌱" * 7900
WAITING = 4_000_000
TAILS = 4_000_000
FLOODED = {
    "NEXUS_LIMITS_WAITING_BYTES": str(WAITING),
    "NEXUS_LIMITS_TAIL_BYTES": str(TAILS),
    "NEXUS_TRANSCRIPT_EVERY": "0.05",
}

COPIES = 4
"""Of a waiting post there are its frame, its text at four bytes a character, its row, and its event on the way out."""

ELSE = 128_000_000
"""Addresses, used or not, for the heaps of two more threads; caches of the database; buffers of sockets."""


@pytest.fixture
def starved(tmp_path: Path) -> Iterator[Server]:
    """A server that may open few files."""
    server = Server(tmp_path / "data", env={"NEXUS_LIMITS_REQUEST_WITHIN": "3600"})
    server.under = ("sh", "-c", f'ulimit -n {DESCRIPTORS}; exec "$@"', "sh")
    with server:
        yield server


def come(server: Server, crowd: ExitStack) -> None:
    """More connections than there are descriptors; they stay, whatever the server makes of them."""
    for _ in range(COMING):
        crowd.enter_context(socket.create_connection(("127.0.0.1", server.port)))
    until(lambda: descriptors(server) == DESCRIPTORS)


def turned_away(port: int) -> bool:
    """Whether a new connection is dropped."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.settimeout(WATCHED)
        try:
            return line.recv(1) == b""
        except ConnectionError:
            return True


@pytest.fixture
def crowd() -> Iterator[ExitStack]:
    """Connections that are closed after the test at the latest."""
    with ExitStack() as crowd:
        yield crowd


def test_without_descriptors_those_who_are_here_go_on_and_it_recovers(starved: Server, crowd: ExitStack) -> None:
    server = starved
    ann, bo = Peer(server.ws), Peer(server.ws)
    for peer, word in ((ann, "Ann"), (bo, "Bo")):
        peer.greet(fresh(word))
        peer.done("join", room="garden")
    ann.done("join", room="attic")
    come(server, crowd)

    assert all(turned_away(server.port) for _ in range(KNOCKS))
    for number in range(MUCH):
        assert ann.post("attic", f"{number} ".ljust(8000, "x")) == number + 1
    used, begun = processor(server), time.monotonic()
    while time.monotonic() < begun + WATCHED:
        with suppress(TimeoutError):  # Bo waits for what nobody says
            bo.socket.recv(timeout=WATCHED / 2)
    used, seconds = processor(server) - used, time.monotonic() - begun
    for peer in (ann, bo):
        peer.done("join", room="kitchen")  # its transcript is a file that cannot be opened now
    seqs = [ann.post(room, f"{number}") for number in range(POSTS) for room in ("garden", "kitchen")]
    assert [bo.hears("posted")["seq"] for _ in seqs] == seqs

    assert used < seconds / 2, f"{used:.1f} s of processor time in {seconds:.1f} s of waiting"
    said = [line.partition(" ")[2] for line in server.log.read_text().splitlines()]
    assert [line for line in said if "nobody new can connect; raise the limit" in line], said
    assert len(set(said)) == len(said), f"the same trouble is told more than once: {said}"
    crowd.close()
    until(lambda: descriptors(server) < DESCRIPTORS // 2)
    cy = Peer(server.ws)
    cy.greet(fresh("Cy"))
    cy.done("join", room="garden")
    assert ann.post("garden", "There is room again.") == POSTS + 1
    assert cy.hears("posted", text="There is room again.")["seq"] == POSTS + 1
    for peer in (ann, bo, cy):
        peer.leave()
    complete(server)


def complete(server: Server) -> None:
    """After a kill and another start all is in the history, and after a stop in the transcript too."""
    server.kill()
    server.start()
    history = read_history(server.ws, ["garden", "kitchen"])
    assert {room: len(events) for room, events in history.items()} == {"garden": POSTS + 1, "kitchen": POSTS}
    assert server.stop() == 0
    lines = read_transcripts(server.data, ["garden", "kitchen"])
    assert {room: len(of_room) for room, of_room in lines.items()} == {"garden": POSTS + 1, "kitchen": POSTS}


class Flood:
    """One who says very much at once, each post again and again until it is stored."""

    def __init__(self, member: Person) -> None:
        self.member = member
        self.stored: set[int] = set()
        self.refused = 0

    async def say(self) -> None:
        """All of it, without waiting for anything but the end."""
        await asyncio.gather(*(self._post(number) for number in range(FLOOD)))

    async def _post(self, number: int) -> None:
        room = self.member.rooms[0]
        while (told := await self._try(room, number))["type"] != "done":
            assert told["code"] == "unavailable", told
            self.refused += 1
        self.stored.add(told["seq"])

    def _try(self, room: str, number: int) -> "asyncio.Future[Event]":
        return self.member.ask("post", room=room, text=f"{LONG_TEXT} {number}", nonce=f"n-{number}")


async def flood(server: Server) -> list[Flood]:
    """All who flood, each in a room of their own with some who do not read."""
    floods = []
    for number in range(FLOODING):
        member = Person(server.ws, fresh(f"Dot{number}"), [f"garden{number}"], Log())
        await member.come()
        floods.append(Flood(member))
    await asyncio.gather(*(each.say() for each in floods))
    await asyncio.gather(*(each.member.end() for each in floods))
    return floods


def test_a_flood_stays_within_a_limit_of_memory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Server(tmp_path / "data", env=FLOODED) as server:
        assert server.process is not None
        readers = [Raw(server.port, window=4096).upgrade() for _ in range(UNREAD)]
        for number, reader in enumerate(readers):
            reader.greet(f"garden{number % FLOODING}")
        base = status(server, "VmSize")
        limit = base + COPIES * WAITING + TAILS + ELSE
        resource.prlimit(server.process.pid, resource.RLIMIT_AS, (limit, limit))

        floods = run(flood(server))

        with capsys.disabled():
            print(
                f"\n{FLOODING} people flooded {FLOODING * FLOOD * len(LONG_TEXT.encode()) / 1e6:.0f} MB, "
                f"{sum(each.refused for each in floods)} refusals: at most {status(server, 'VmHWM') / 1e6:.0f} MB "
                f"resident; {status(server, 'VmPeak') / 1e6:.0f} MB of addresses, of {limit / 1e6:.0f} allowed"
            )
        assert all(each.stored == set(range(1, FLOOD + 1)) for each in floods)
        assert read_history(server.ws, ["garden0"])["garden0"][-1]["seq"] == FLOOD
        for reader in readers:
            reader.close()
