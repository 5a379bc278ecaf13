"""A world: one store, one clock, and a node that can be crashed and started again."""

from typing import Any

from argon2 import PasswordHasher

from nexus.bus.local import LocalBus
from nexus.protocol import commands as c
from nexus.server.build import build
from nexus.settings import Pace, Settings
from nexus.store.memory import Durable, MemoryStore
from tests.world.clock import SimClock, SimThreads
from tests.world.people import Person

UNPACED = Pace(posts=0, commands=0, address=0, logins=0)
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class World:
    """Everything a test needs to play a whole server by hand."""

    def __init__(self, **settings: Any) -> None:
        self.settings = Settings(**({"pace": UNPACED} | settings))
        self.clock = SimClock()
        self.durable = Durable()
        self.noted: list[Any] = []
        self.start()

    def start(self) -> None:
        """Start a node on what is durable."""
        self.threads = SimThreads(self.clock)
        self.store = MemoryStore(self.durable)
        self.node = build(self.settings, self.store, self.clock, self.threads, LocalBus(), QUICK, self.noted.extend)
        self.chat = self.node.chat
        self.state = self.node.chat.state

    def crash(self) -> None:
        """The process is gone: nothing that was due happens, and a new one starts on what is durable."""
        time = self.clock.time
        self.clock = SimClock()
        self.clock.time = time
        self.start()

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
