"""A world: one store, one clock, and a node that can be crashed and started again."""

from collections.abc import Coroutine
from typing import Any, TypeVar

from argon2 import PasswordHasher

from nexus.core.log import Record
from nexus.protocol import commands as c
from nexus.server.build import build
from nexus.server.later import start
from nexus.settings import Pace, Settings
from nexus.store.memory import Durable, MemoryStore
from tests.world.air import Air
from tests.world.clock import SimClock, SimThreads
from tests.world.people import Person

T = TypeVar("T")

UNPACED = Pace(posts=0, commands=0, address=0, logins=0)
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class World:
    """Everything a test needs to play a whole server by hand; `beside` another it is a second node on its store."""

    def __init__(self, *, beside: "World | None" = None, **settings: Any) -> None:
        self.settings: Settings = beside.settings if beside else Settings(**({"pace": UNPACED} | settings))
        self.clock: SimClock = beside.clock if beside else SimClock()
        self.durable: Durable = beside.durable if beside else Durable()
        self.air: Air = beside.air if beside else Air()
        self.noted: list[Any] = []
        if beside:
            self.durable.run -= 1  # one start of both: neither takes the other's sessions for an earlier start's
        self.start()

    def start(self) -> None:
        """Start a node on what is durable."""
        self.threads = SimThreads(self.clock)
        self.store = MemoryStore(self.durable)
        bus = self.air.bus()
        self.node = build(self.settings, self.store, self.clock, self.threads, bus, QUICK, self.noted.extend)
        self.node.start()
        self.chat = self.node.chat

    def crash(self) -> None:
        """The machine is gone: nothing that was due happens, and a new node starts on what is durable."""
        before = self.clock
        self.clock = SimClock()
        self.clock.time, self.clock.wall_offset = before.time, before.wall_offset
        self.air = Air()
        self.start()

    def log(self, room: int, after: int = 0) -> list[Record]:
        """What is durable of a room's log after a seq, as it is now."""
        return self.store.page(room, after=after, before=2**40, limit=2**40, newest=False)

    def does(self, verb: Coroutine[Any, None, T]) -> T:
        """What a verb gives that is not said by anyone, such as an operator's."""
        made: list[T] = []

        async def run() -> None:
            made.append(await verb)

        start(run())
        self.settle()
        return made[0]

    def settle(self) -> None:
        """Let everything happen that is due now."""
        self.clock.settle()

    def connect(self, name: str, **fields: Any) -> Person:
        """A new connection, not greeted yet."""
        return Person(self, name, **fields)

    def guest(self, name: str, *rooms: str) -> Person:
        """Someone who has said hello and joined rooms."""
        person = self.connect(name)
        person.hello()
        for room in rooms:
            person.join(room)
        return person

    def member(self, name: str, *rooms: str) -> Person:
        """Someone with an account, in rooms."""
        person = self.connect(name)
        person.hello()
        person.ask(c.Register, name=name, password="correct horse")
        for room in rooms:
            person.join(room)
        return person
