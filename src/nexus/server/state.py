"""What the verbs share: one node's settings, ports, journal, hub, rooms and sessions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from nexus.core import names
from nexus.core.names import Name, NameInvalid
from nexus.core.pace import Bucket, Buckets
from nexus.core.session import Session
from nexus.ports import Clock, Store, Threads
from nexus.protocol.refusals import Refusal
from nexus.server.counters import Counters
from nexus.server.hub import Hub
from nexus.server.journal import Journal
from nexus.server.later import Later
from nexus.server.shelf import Shelf
from nexus.settings import Settings

T = TypeVar("T")


@dataclass
class State:
    """One node, as its verbs see it."""

    settings: Settings
    store: Store
    clock: Clock
    threads: Threads
    counters: Counters
    journal: Journal
    hub: Hub
    shelf: Shelf
    sessions: dict[int, Session] = field(default_factory=dict)
    stopping: bool = False
    addresses: Buckets = field(init=False)

    def __post_init__(self) -> None:
        pace = self.settings.pace
        self.addresses = Buckets(lambda now: Bucket(pace.address, pace.address_burst, now))

    def read(self, work: Callable[[], T]) -> Later[T]:
        """Ask the store in a reader thread."""
        later: Later[T] = Later()
        self.threads.read(work, later.arrive)
        return later

    def sessions_of(self, account: int) -> list[Session]:
        """The sessions that speak as an account."""
        return [session for session in self.sessions.values() if session.account == account]


def person(text: str) -> Name:
    """A valid person's name, or the Refusal `name_invalid`."""
    try:
        return names.person_name(text)
    except NameInvalid as why:
        raise Refusal("name_invalid", str(why)) from None


def room(text: str) -> Name:
    """A valid room's name, or the Refusal `name_invalid`."""
    try:
        return names.room_name(text)
    except NameInvalid as why:
        raise Refusal("name_invalid", str(why)) from None
