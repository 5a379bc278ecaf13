"""Who talks in the tests: a person with a connection that the test holds in its hand."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from nexus.core.tail import Dialect, Message
from nexus.protocol import commands as c
from nexus.protocol.codec import decode, decode_event, decode_frame, encode
from nexus.protocol.events import AnyEvent, Posted
from nexus.protocol.replies import Done, Refused
from nexus.server.sessions import Session

if TYPE_CHECKING:
    from tests.world.node import World

T = TypeVar("T")
Frame = AnyEvent | Done | Refused


class Lines:
    """The dialect of the tests: a message is a line of JSON."""

    def encode(self, message: Message) -> bytes:
        return encode(message) + b"\n"


LINES = Lines()


def events_of(page: list[msgspec.Raw] | None) -> list[AnyEvent]:
    """The events of a page, as a client reads them."""
    return [decode_event(raw) for raw in page or ()]


class Person:
    """A connection to the world's node; keeps every frame it was written."""

    def __init__(self, world: "World", name: str, address: str = "192.0.2.1") -> None:
        self.world = world
        self.name = name
        self.address = address
        self.kept = ""
        self.dialect: Dialect = LINES
        self.connection = world.chat.connect(self)
        self.held_commands = 0
        self.closed = False
        self.paused = False
        self.close_code: int | None = None
        self.frames: list[Frame] = []
        self.waiting: list[c.AnyCommand] = []
        self.stuck = False
        self.secret: str | None = None
        self.ref = 0

    # --- the Listener's side -----------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        assert not self.closed, f"{self.name} was written to after the end: {data!r}"
        self.frames += [decode_frame(line) for line in data.splitlines()]
        if self.stuck and not self.paused:
            self.paused = True
            self.world.chat.stalled(self.connection)

    def send(self, message: Message) -> None:
        self.write(self.dialect.encode(message))

    def wait(self, go: Callable[[], None]) -> None:
        self.world.clock.soon(go)

    def hold(self) -> None:
        self.held_commands += 1

    def release(self) -> None:
        self.held_commands -= 1
        if not self.held_commands:
            self.world.clock.soon(self.go_on)

    def close(self, code: int, reason: str) -> None:  # noqa: ARG002
        self.closed = True
        self.close_code = code

    def go_on(self) -> None:
        while self.waiting and not (self.held_commands or self.paused or self.closed):
            self.takes(self.waiting.pop(0))

    def takes(self, command: c.AnyCommand) -> None:
        """The server reads the next command of this connection."""
        self.world.chat.take(self.connection, command)

    # --- the person's side -------------------------------------------------------------------------

    @property
    def session(self) -> Session | None:
        """The session that goes on at this connection."""
        return self.connection.session

    def sends(self, kind: type[c.Command], /, **fields: Any) -> int:
        """Say a command, as through the wire; returns its ref."""
        self.ref += 1
        command = decode(encode(kind(ref=self.ref, **fields)))
        self.waiting.append(command)
        self.go_on()
        return self.ref

    def ask(self, kind: type[c.Command], /, **fields: Any) -> Done:
        """Say a command and get its `done`."""
        reply = self.reply(self.sends(kind, **fields))
        assert isinstance(reply, Done), f"{self.name} was refused: {reply}"
        return reply

    def refused(self, kind: type[c.Command], /, **fields: Any) -> Refused:
        """Say a command and get its refusal."""
        reply = self.reply(self.sends(kind, **fields))
        assert isinstance(reply, Refused), f"{self.name} was not refused: {reply}"
        return reply

    def reply(self, ref: int) -> Done | Refused:
        """The one reply to a ref, once everything has settled."""
        self.world.settle()
        found = [frame for frame in self.frames if isinstance(frame, Done | Refused) and frame.ref == ref]
        assert len(found) == 1, f"{self.name} has {len(found)} replies to {ref}: {self.frames}"
        return found[0]

    def hello(self, **fields: Any) -> Done:
        """Say hello: by name, unless told otherwise."""
        done = self.ask(c.Hello, **(fields or {"name": self.name}))
        self.secret = done.session
        return done

    def join(self, room: str = "garden", **fields: Any) -> Done:
        return self.ask(c.Join, room=room, **fields)

    def says(self, text: str, room: str = "garden", **fields: Any) -> Done:
        return self.ask(c.Post, room=room, text=text, **fields)

    def drops(self) -> None:
        """The connection breaks."""
        if not self.closed:
            self.closed = True
            self.world.chat.lost(self.connection, leaving=False)

    def drains(self) -> None:
        """The stuck socket takes bytes again."""
        self.stuck = self.paused = False
        if not self.closed:
            self.world.chat.drained(self.connection)
            self.go_on()
        self.world.settle()

    def heard(self, kind: type[T]) -> list[T]:
        """Every frame of a kind so far."""
        self.world.settle()
        return [frame for frame in self.frames if isinstance(frame, kind)]

    def texts(self, room: str = "garden") -> list[str]:
        """The messages heard in a room."""
        return [event.text for event in self.heard(Posted) if event.room == room]

    def forgets(self) -> None:
        """Start listening again."""
        self.frames.clear()

    def history(self, room: str = "garden", limit: int = 200, **fields: Any) -> list[AnyEvent]:
        """A page of the log."""
        return events_of(self.ask(c.History, room=room, limit=limit, **fields).events)
