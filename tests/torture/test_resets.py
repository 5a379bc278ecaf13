"""A connection ends with an RST in every phase of its life: everything it held is given back, and the log is silent."""

import json
from collections.abc import Callable, Iterator
from random import Random

import pytest

from tests.conformance.peer import Peer, fresh
from tests.hostile.raw import FIN, TEXT, Raw, command, frame, request
from tests.live.server import Server
from tests.torture.gauges import NOBODY, sockets, until, wait_for
from tests.torture.scale import SEED, scaled

ROUNDS = scaled(8, 200)
EVENTS = 1500
ROOM = "garden"
TEXT_OF = "x" * 2000

HASTY = {
    "NEXUS_SESSION_GRACE": "0.2",
    "NEXUS_PRESENCE_EVERY": "0.01",
    "NEXUS_LIMITS_TAIL_EVENTS": "200",
    "NEXUS_LIMITS_CATCH_UP": "100000",
}
"""Graces that a test can wait for, and a tail that does not reach back: who catches up is served from the log."""

SMALL_WINDOW = 4096

POSTS = b"".join(command("post", number, room=ROOM, text=TEXT_OF) for number in range(10, 20))
CATCH_UP = command("join", 3, room=ROOM, after={"seq": 0, "at": 0})
FRAGMENT = frame(b'{"type":"ping","re', TEXT)
CLOSE = frame((1000).to_bytes(2), FIN | 0x8)
RESERVED = frame(b"", FIN | 0x3)


class Visit:
    """One who comes only to go; says things at once and does not wait for more than a phase needs."""

    def __init__(self, server: Server, chance: Random) -> None:
        self.raw = Raw(server.port, window=SMALL_WINDOW)
        self.chance = chance
        self.name = fresh("Cy")

    def part_of(self, data: bytes) -> None:
        """Send the beginning of something, never all of it."""
        self.raw.send(data[: self.chance.randrange(1, len(data))])

    def upgrade(self) -> None:
        """Become a WebSocket."""
        self.raw.upgrade()

    def hello(self) -> bytes:
        """A hello, as bytes."""
        return command("hello", name=self.name)

    def greet(self, *rooms: str) -> None:
        """Be greeted, and enter rooms."""
        self.upgrade()
        self.name = self.raw.greet(*rooms)


def in_the_request(visit: Visit) -> None:
    visit.part_of(request())


def before_the_answer(visit: Visit) -> None:
    visit.raw.send(request())


def before_hello(visit: Visit) -> None:
    visit.upgrade()


def in_hello(visit: Visit) -> None:
    visit.upgrade()
    visit.part_of(visit.hello())


def before_the_answer_to_hello(visit: Visit) -> None:
    visit.upgrade()
    visit.raw.send(visit.hello())


def before_the_answer_to_join(visit: Visit) -> None:
    visit.upgrade()
    visit.raw.send(visit.hello() + command("join", 2, room=ROOM))


def in_join(visit: Visit) -> None:
    visit.greet()
    visit.part_of(command("join", 2, room=ROOM))


def at_the_start_of_a_catch_up(visit: Visit) -> None:
    visit.greet()
    visit.raw.send(CATCH_UP)


def in_a_catch_up(visit: Visit) -> None:
    visit.greet()
    visit.raw.send(CATCH_UP)
    assert visit.raw.reply(3)["type"] == "done"
    for _ in range(visit.chance.randrange(1, 300)):
        assert visit.raw.event()["type"] in ("posted", "presence")


def with_a_full_socket(visit: Visit) -> None:
    visit.greet()
    visit.raw.send(CATCH_UP + command("ping", 4) * 50)
    assert visit.raw.reply(3)["type"] == "done"


def in_a_fragmented_message(visit: Visit) -> None:
    visit.greet(ROOM)
    visit.raw.send(FRAGMENT)


def in_the_head_of_a_frame(visit: Visit) -> None:
    visit.greet(ROOM)
    visit.raw.send(POSTS[: visit.chance.randrange(1, 8)])


def with_posts_on_their_way(visit: Visit) -> None:
    visit.greet(ROOM)
    visit.raw.send(POSTS)


def in_its_own_close(visit: Visit) -> None:
    visit.greet(ROOM)
    visit.raw.send(CLOSE)


def in_the_servers_close(visit: Visit) -> None:
    visit.greet(ROOM)
    visit.raw.send(RESERVED)
    assert visit.raw.ends() == 1002


Phase = Callable[[Visit], None]

PHASES: list[Phase] = [
    in_the_request,
    before_the_answer,
    before_hello,
    in_hello,
    before_the_answer_to_hello,
    before_the_answer_to_join,
    in_join,
    at_the_start_of_a_catch_up,
    in_a_catch_up,
    with_a_full_socket,
    in_a_fragmented_message,
    in_the_head_of_a_frame,
    with_posts_on_their_way,
    in_its_own_close,
    in_the_servers_close,
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one room that has a history."""
    with Server(tmp_path_factory.mktemp("resets") / "data", env=HASTY) as server:
        ann = Peer(server.ws)
        ann.greet("Ann")
        ann.done("join", room=ROOM)
        post = {"type": "post", "room": ROOM, "text": TEXT_OF}
        for number in range(EVENTS):
            ann.socket.send(json.dumps({**post, "ref": f"fill {number}"}))
        assert ann.reply(f"fill {EVENTS - 1}")["seq"] == EVENTS
        ann.leave()
        yield server


@pytest.fixture(scope="module")
def idle(server: Server) -> int:
    """How many sockets the server has open when nobody is there; this looks through none."""
    wait_for(server, NOBODY)
    return min(sockets(server) for _ in range(100))


@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.__name__)
def test_a_reset_gives_back_all_that_a_connection_held(server: Server, idle: int, phase: Phase) -> None:
    chance, names = Random(SEED), []
    for _ in range(ROUNDS):
        visit = Visit(server, chance)
        phase(visit)
        visit.raw.reset()
        names.append(visit.name)

    last = Peer(server.ws)
    last.greet(fresh("Bo"))  # the store opens sessions in turn: all that were begun are open by now
    last.leave()
    wait_for(server, NOBODY)
    until(lambda: sockets(server) == idle)
    last = Peer(server.ws)
    last.greet(names.pop())
    for name in names:
        last.done("rename", name=name)
    last.leave()
    assert server.log.read_text() == ""
