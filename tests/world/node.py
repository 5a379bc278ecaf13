"""A world: one store, one clock, and a node that can be crashed and started again."""

from collections.abc import Coroutine
from typing import Any, TypeVar

from argon2 import PasswordHasher

from nexus.core.log import Record
from nexus.ports import Link
from nexus.protocol import commands as c
from nexus.server.build import build
from nexus.server.later import start
from nexus.server.together import join
from nexus.settings import Pace, Settings
from nexus.store.clustering import MemoryCluster
from nexus.store.memory import Durable, MemoryStore
from tests.world.air import Air
from tests.world.clock import EPOCH, NodeClock, SimClock, SimThreads
from tests.world.people import Person

T = TypeVar("T")

UNPACED = Pace(posts=0, commands=0, address=0, logins=0)
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class World:
    """Everything a test needs to play a whole server by hand; `beside` another it is a second node on its store."""

    def __init__(self, *, beside: "World | None" = None, together: bool = False, **settings: Any) -> None:
        """With `together` there will be others beside it."""
        self.settings: Settings = beside.settings if beside else Settings(**({"pace": UNPACED} | settings))
        self.clock: SimClock = beside.clock if beside else SimClock()
        self.durable: Durable = beside.durable if beside else Durable()
        self.air: Air = beside.air if beside else Air()
        self.all: list[World] = [*beside.all, self] if beside else [self]
        if beside:
            beside.all = self.all
        self.noted: list[Any] = []
        self.is_one_of_several = beside is not None or together
        self.start()

    def start(self) -> None:
        """Start a node on what is durable."""
        self.heart = NodeClock(self.clock)
        self.threads = SimThreads(self.heart)
        self.store = MemoryStore(self.durable)
        clock = self.clock
        self.cluster = MemoryCluster(self.durable, lambda: EPOCH + int(clock.time * 1000))
        self.bus = self.air.bus()
        link = (
            Link(self.bus, self.cluster, self.heart.correct, f"node{self.store.run}")
            if self.is_one_of_several
            else None
        )
        self.node = build(self.settings, self.store, self.heart, self.threads, QUICK, self.noted.extend)
        if link is not None:
            join(link, self.settings, self.store, self.node, self.heart)
        self.node.start()
        self.chat = self.node.chat

    def dies(self) -> None:
        """This node is gone, and the others are not."""
        self.air.buses.remove(self.bus)
        self.heart.stopped = True

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
