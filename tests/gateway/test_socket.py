"""A connection between its transport and the chat: frames, silence, fullness, and the end."""

import json
from typing import Any, cast

import pytest
from websockets.client import ClientProtocol
from websockets.extensions import ClientExtensionFactory
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from nexus.gateway.admission import Admission
from nexus.gateway.websocket.socket import Socket
from nexus.gateway.websocket.sweeper import Sweeper
from nexus.settings import Heartbeat, Limits
from tests.world.node import World


class Pipe:
    """A transport that keeps what is written, for a client that speaks the other side of the protocol."""

    def __init__(self, world: World, admission: Admission, *extensions: ClientExtensionFactory) -> None:
        self.world = world
        self.written = b""
        self.writes: list[bytes] = []
        self.ended = False
        self.reading = True
        self.client = ClientProtocol(parse_uri("ws://localhost/ws"), extensions=extensions)
        self.socket = Socket(admission)
        self.socket.connection_made(cast("Any", self))
        self.client.send_request(self.client.connect())
        self.flush()
        self.hears()  # the handshake's answer

    # --- asyncio.Transport ---
    def write(self, data: bytes) -> None:
        self.written += data
        self.writes.append(data)

    def set_write_buffer_limits(self, high: int) -> None:
        self.high = high

    def get_write_buffer_size(self) -> int:
        return 0

    def get_extra_info(self, name: str) -> Any:
        return ("192.0.2.1", 5) if name == "peername" else None

    def is_closing(self) -> bool:
        return self.ended

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.written += b""

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def close(self) -> None:
        if not self.ended:
            self.ended = True
            self.socket.connection_lost(None)

    abort = close

    # --- the client's side ---
    def flush(self) -> None:
        for data in self.client.data_to_send():
            if data and not self.ended:
                self.socket.data_received(data)
        self.world.settle()

    def say(self, **command: Any) -> None:
        self.client.send_text(json.dumps(command).encode())
        self.flush()

    def hears(self) -> list[Any]:
        """The frames written since the last call."""
        self.world.settle()
        data, self.written = self.written, b""
        self.client.receive_data(data)
        events = self.client.events_received()
        return [
            json.loads(bytes(event.data))
            for event in events
            if isinstance(event, Frame) and event.opcode is Opcode.TEXT and event.fin
        ]

    def answers(self) -> None:
        """Let the client answer pings, as it does by itself."""
        self.hears()
        self.flush()


class Place:
    """A world with a admission and its sweeper."""

    def __init__(self, **settings: Any) -> None:
        self.world = World(**settings)
        self.admission = Admission(self.world.settings, self.world.node, self.world.clock, self.world.store.key)
        self.sweeper = Sweeper(self.admission)
        self.sweeper.start()

    def greeted(self, name: str, *extensions: ClientExtensionFactory) -> Pipe:
        pipe = Pipe(self.world, self.admission, *extensions)
        pipe.say(type="hello", ref=1, name=name)
        pipe.say(type="join", ref=2, room="garden")
        pipe.hears()
        return pipe


def test_a_conversation_goes_through_the_frames() -> None:
    place = Place()
    ann, bo = place.greeted("Ann"), place.greeted("Bo")

    ann.say(type="post", ref=3, room="garden", text="hello")

    assert [frame["type"] for frame in ann.hears()] == ["done", "posted"]
    assert [frame["text"] for frame in bo.hears() if frame["type"] == "posted"] == ["hello"]


def test_a_message_is_compressed_once_for_all_who_want_it_so() -> None:
    place = Place()
    plain = place.greeted("Ann")
    bo, cy = (place.greeted(name, ClientPerMessageDeflateFactory()) for name in ("Bo", "Cy"))

    plain.say(type="post", ref=3, room="garden", text="hello " * 100)

    assert bo.writes[-1] is cy.writes[-1]
    assert len(bo.writes[-1]) < 200
    for pipe in (plain, bo, cy):
        assert [frame["text"] for frame in pipe.hears() if frame["type"] == "posted"] == ["hello " * 100]


def test_a_silent_peer_is_pinged_and_then_dropped() -> None:
    place = Place(heartbeat=Heartbeat(every=20, within=50))
    ann, bo = place.greeted("Ann"), place.greeted("Bo")

    for _ in range(6):
        place.world.clock.advance(10)
        ann.answers()

    assert not ann.ended
    assert bo.ended
    assert place.admission.sockets == {ann.socket}


def test_a_process_that_slept_throws_nobody_out() -> None:
    place = Place(heartbeat=Heartbeat(every=20, within=50))
    ann = place.greeted("Ann")

    place.world.clock.time += 3600  # nothing that was due in that hour happened
    place.world.clock.advance(30)
    ann.answers()
    place.world.clock.advance(30)

    assert not ann.ended


def test_a_connection_without_hello_is_closed() -> None:
    place = Place()
    cy = Pipe(place.world, place.admission)

    place.world.clock.advance(place.world.settings.session.hello_within + 2)

    assert [frame["code"] for frame in cy.hears()] == ["late"]
    assert cy.client.close_rcvd is not None
    assert cy.client.close_rcvd.code == 4008
    place.world.clock.advance(10)
    assert cy.ended


def test_a_hello_that_waits_for_a_passwords_turn_is_not_late() -> None:
    place = Place()
    cy = Pipe(place.world, place.admission)
    place.world.threads.held = True
    cy.say(type="hello", ref=1, name="Cy", password="correct horse", register=True)

    for _ in range(3):
        place.world.clock.advance(place.world.settings.session.hello_within)
        cy.answers()
    assert not cy.ended
    place.world.threads.held = False
    place.world.threads.release()
    assert [frame["type"] for frame in cy.hears()] == ["done"]


def test_anyone_who_was_refused_has_to_say_hello_in_time_as_well() -> None:
    place = Place()
    cy = Pipe(place.world, place.admission)
    cy.say(type="hello", ref=1, token="nonsense")

    place.world.clock.advance(place.world.settings.session.hello_within + 2)

    assert [frame["code"] for frame in cy.hears()] == ["unauthorised", "late"]


def test_a_full_socket_is_neither_written_to_nor_read_from() -> None:
    place = Place(limits=Limits())
    ann, bo = place.greeted("Ann"), place.greeted("Bo")
    bo.socket.pause_writing()
    bo.say(type="ping", ref=9)
    for number in range(50):
        ann.say(type="post", ref=number + 10, room="garden", text=f"m{number}")
    assert bo.hears() == []
    for _ in range(3):
        bo.say(type="post", ref=1, room="garden", text="x" * 7000)

    bo.socket.resume_writing()

    frames = bo.hears()
    assert [frame["text"] for frame in frames if frame["type"] == "posted"][:50] == [f"m{n}" for n in range(50)]
    assert next(frame["ref"] for frame in frames if frame["type"] == "done") == 9


def test_unread_input_stays_in_the_kernel() -> None:
    place = Place()
    bo = place.greeted("Bo")
    bo.socket.pause_writing()

    for number in range(20):
        bo.say(type="post", ref=number, room="garden", text="x" * 7000)
    assert not bo.reading

    bo.socket.resume_writing()
    bo.hears()
    assert bo.reading


@pytest.mark.parametrize(("code", "waits"), [(1000, True), (1001, True), (4000, False)])
def test_closing_keeps_the_session_unless_one_leaves_on_purpose(code: int, waits: bool) -> None:
    place = Place()
    bo = place.greeted("Bo")

    bo.client.send_close(code, "")
    bo.flush()

    assert bo.ended
    assert bool(place.world.node.sessions) is waits


def test_all_counters_are_back_at_zero_when_everyone_is_gone() -> None:
    place = Place()
    for pipe in [place.greeted(f"Guest{number}") for number in range(5)]:
        pipe.close()

    place.world.clock.advance(place.world.settings.session.grace + 1)

    assert not place.admission.sockets
    assert not place.admission._chatting
    assert not place.world.node.sessions
    assert all(not room.sessions for room in place.world.node.active_rooms.by_id.values())
