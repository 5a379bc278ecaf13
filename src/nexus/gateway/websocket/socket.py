"""One WebSocket connection: bytes to commands, and frames to bytes. No task, no queue, no coroutine."""

import asyncio
from collections.abc import Callable
from typing import cast

from nexus.core.overhead import BAD_BYTE, CONTROL, FRAGMENT, REFUSAL, Overhead
from nexus.core.tail import Dialect, Message
from nexus.gateway.admission import Admission, peer_of
from nexus.gateway.http.cookies import kept_secret
from nexus.gateway.websocket import handshake
from nexus.gateway.websocket.deflate import inflate
from nexus.gateway.websocket.dialects import DEFLATED, PLAIN
from nexus.gateway.websocket.frames import (
    PING,
    PONG,
    Binary,
    Close,
    Frames,
    Ping,
    Pong,
    ProtocolError,
    close_frame,
    frame,
)
from nexus.gateway.websocket.line import FRAME, work_of
from nexus.protocol.codec import SUBPROTOCOL, BadFrame, decode
from nexus.protocol.replies import Refused

LEAVING = 4000
"""The close code by which a client says that it will not come back (docs/protocol.md)."""

UNREAD = 65_536
"""Received bytes that may wait while a command is being carried out; more stay in the kernel."""

READ_AWAY = 67_108_864
"""Bytes that are read and thrown away after our close; who sends more is hung up on."""

PILE = 524_288
"""Bytes of replies and passing events that may join what a full socket holds; who lets more wait reads nothing."""


class Socket(asyncio.Protocol):
    """A connection after its upgrade; to the floors below, a Listener."""

    __slots__ = (
        "_busy",
        "_connection",
        "_frames",
        "_full_at",
        "_line",
        "_overhead",
        "_parsing",
        "_reading",
        "_thrown_away",
        "_transport",
        "address",
        "admission",
        "admitted",
        "closed",
        "dialect",
        "heard",
        "kept",
        "paused",
        "peer",
        "pinged",
        "since",
        "write",
    )

    def __init__(self, admission: Admission) -> None:
        self.admission = admission
        self.address = ""
        self.peer = ""
        self.admitted = False
        self._busy = 0
        self._connection = admission.chat.connect(self)
        self.closed = False
        self.paused = False
        self.pinged = False
        self.dialect: Dialect = PLAIN
        self.kept = ""
        self.heard = self.since = admission.clock.now()
        self._frames: Frames | None = None
        self._full_at = 0
        self._overhead = Overhead(admission.shares, self.since)
        self._parsing = False
        self._reading = True
        self._thrown_away = 0

    # --- asyncio.Protocol --------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The HTTP side hands the connection over."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(self.admission.settings.limits.write_buffer)
        self.write = self._transport.write
        self.admission.sockets.add(self)

    def data_received(self, data: bytes) -> None:
        """First the request's head, then frames."""
        self.heard = self.admission.clock.now()
        self.pinged = False
        if self.closed:
            self._throw_away(len(data))
            return
        if self._frames is None:
            self._shake_hands(data)
            return
        self.admission.counters.received_bytes += len(data)
        self._frames.feed(data)
        self._take_frames()

    def _throw_away(self, received: int) -> None:
        """What comes after our close is read, so that it causes no reset, but not without end."""
        self._thrown_away += received
        if self._thrown_away > READ_AWAY:
            self._transport.abort()

    def eof_received(self) -> bool:
        """The client sends no more: close."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  why it ended changes nothing
        """Nothing more comes or goes."""
        self.admission.dismiss(self)
        self._part(leaving=False)

    def pause_writing(self) -> None:
        """The socket is full: its session falls behind, and nothing more is read meanwhile."""
        self.paused = True
        self._full_at = self._transport.get_write_buffer_size()
        self.admission.chat.stalled(self._connection)

    def resume_writing(self) -> None:
        """The socket takes bytes again: catch up, then go on reading."""
        self.paused = False
        if not self.closed:
            self.wait(self._catch_up)

    def _catch_up(self) -> None:
        if not self.closed:
            self.admission.chat.drained(self._connection)
            self._go_on()

    # --- the opening handshake ---------------------------------------------------------------------

    def _shake_hands(self, head: bytes) -> None:
        request = handshake.parse_request(head)
        self.peer = peer_of(self._transport)
        self.address = self.admission.address(self.peer, request.header("x-forwarded-for"))
        self._line = self.admission.lines.of(self.address)
        self.kept = kept_secret(request, self.admission.cookie, tls=self.admission.tls)
        refused = self.admission.admit(self, request)
        answer = refused or handshake.answer(
            request, subprotocols=(SUBPROTOCOL,), compress=self.admission.settings.compression
        )
        self._transport.write(answer.response)
        if isinstance(answer, handshake.Rejected):
            self.admission.counters.handshakes_refused[answer.reason] += 1
            self.closed = True
            self._transport.close()
            return
        if answer.deflate:
            self.dialect = DEFLATED
        self._frames = Frames(self.admission.frame_limits, inflate if answer.deflate else None)

    # --- frames ------------------------------------------------------------------------------------

    def wait(self, go: Callable[[], None]) -> None:
        """Call when it is this connection's turn again, and count the time that it takes."""
        self._line.wait(lambda: self._timed(go))

    def _timed(self, go: Callable[[], None]) -> None:
        clock = self.admission.clock
        begun = clock.now()
        try:
            go()
        finally:
            self._line.spend((clock.now() - begun) * 1e6)

    def hold(self) -> None:
        """Leave the next command unread until `release` was called as often as this."""
        self._busy += 1

    def release(self) -> None:
        """Take the next command, once whatever is being handled now is done."""
        self._busy -= 1
        if not self._busy and not self._parsing:
            self.admission.clock.soon(self._go_on)

    def _go_on(self) -> None:
        if self._frames is not None and not self._parsing:
            self._take_frames()

    def _take_frames(self) -> None:
        """Take every whole frame received, until a command or a full socket makes the rest wait."""
        frames = self._frames
        assert frames is not None
        begun = self.admission.clock.now()
        left, work, texts = self._line.left(begun), 0.0, 0
        self._parsing = True
        try:
            while not (self._busy or self.paused or self.closed):
                if work >= left:
                    self._wait_a_turn()
                    break
                message = frames.next()
                if frames.fragments:
                    self._charge(FRAGMENT * frames.fragments)
                    frames.fragments = 0
                if message is None:
                    break
                if isinstance(message, bytes):
                    texts += 1
                    work += work_of(message)
                    self._take(message)
                else:
                    work += FRAME
                    self._take_other(message)
        except ProtocolError as error:
            self.close(error.code, error.reason)
        finally:
            self._parsing = False
            # What commands really took, where that is more than one sees from their bytes.
            self._line.spend(max(work, (self.admission.clock.now() - begun) * 1e6) if texts else work)
            self.admission.counters.received_frames += texts
        self._mind_reading(frames)

    def _take(self, payload: bytes) -> None:
        try:
            command = decode(payload)
        except BadFrame as bad:
            self.admission.chat.refuse(self._connection, bad.ref, bad)
            self._charge(BAD_BYTE * len(payload))
        else:
            self.admission.chat.take(self._connection, command)

    def _take_other(self, message: Binary | Ping | Pong | Close) -> None:
        match message:
            case Ping():
                self._charge(CONTROL)
                self.write(frame(message.payload, PONG))
            case Close():
                self._part(leaving=message.code == LEAVING)
                self.write(close_frame(message.code))
                self._transport.close()
            case Binary():
                self.close(1003, "Nexus speaks JSON in text frames.")
            case Pong():
                self._charge(CONTROL)  # that it came was noted when its bytes did

    # --- what is no command of a session -------------------------------------------------------------

    def _wait_a_turn(self) -> None:
        """Go on after whatever else the loop has to do, and after others from the same address."""
        self.admission.counters.turns += 1
        self.hold()
        self._line.wait(self._have_a_turn)

    def _have_a_turn(self) -> None:
        self._busy -= 1
        if not self._busy:
            self._go_on()

    def _charge(self, work: float) -> None:
        """Count what costs time and is no command carried out; in debt, take nothing more until it is paid."""
        if self.closed:
            return
        counters = self.admission.counters
        counters.overhead += work
        wait = self._overhead.spend(work, self.address, self.admission.clock.now())
        if self._overhead.beyond_bearing:
            counters.floods += 1
            self.close(1008, "Too many refused commands, pings or broken frames.")
        elif wait:
            counters.overhead_waits += 1
            self.hold()
            self.admission.clock.later(wait, self.release)

    def _mind_reading(self, frames: Frames) -> None:
        """Leave bytes in the kernel while more than enough wait here."""
        full = bool(self._busy or self.paused) and frames.buffered > UNREAD
        if full is self._reading and not self._transport.is_closing():
            self._reading = not full
            if full:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    # --- the end -----------------------------------------------------------------------------------

    def close(self, code: int, reason: str) -> None:
        """Say why, then end; what still comes is read away first, so that the client hears it."""
        if self.closed or self._transport.is_closing():
            return
        self._part(leaving=False)
        self.since = self.admission.clock.now()
        self.write(close_frame(code, reason))
        if not self._reading:
            self._reading = True
            self._transport.resume_reading()
        if self._transport.can_write_eof():
            self._transport.write_eof()

    def _part(self, *, leaving: bool) -> None:
        """Whatever ends the connection comes by here, once."""
        if not self.closed:
            self.closed = True
            self.admission.chat.lost(self._connection, leaving=leaving)

    def send(self, message: Message) -> None:
        """Write one message."""
        self.write(self.dialect.encode(message))
        if type(message) is Refused:
            self._charge(REFUSAL)

    @property
    def greeted(self) -> bool:
        """Whether a session goes on here, or a `hello` is being answered."""
        return self._connection.session is not None or self._connection.greeting

    def overfull(self) -> bool:
        """Whether so much has piled up on the full socket that nobody can be reading at all."""
        return self.paused and self._transport.get_write_buffer_size() > self._full_at + PILE

    def ping(self) -> None:
        """Ask whether anyone is there."""
        self.pinged = True
        self.write(frame(b"", PING))

    def abort(self) -> None:
        """End at once."""
        self._transport.abort()
