"""Puts a node's server together from its ports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from argon2 import PasswordHasher

from nexus.core.entries import Event
from nexus.ports import Bus, Clock, Store, Threads
from nexus.server.accounts import Accounts
from nexus.server.chat import Chat
from nexus.server.counters import Counters
from nexus.server.hub import Hub
from nexus.server.journal import Journal
from nexus.server.shelf import Shelf
from nexus.server.state import State
from nexus.settings import Settings


@dataclass(frozen=True)
class Built:
    """The parts of a node's server that others speak to."""

    chat: Chat
    accounts: Accounts
    counters: Counters


def build(
    settings: Settings,
    store: Store,
    clock: Clock,
    threads: Threads,
    bus: Bus,
    hasher: PasswordHasher,
    noted: Callable[[Sequence[Event]], None],
) -> Built:
    """Put a server together; `noted` hears every group's new events once they are stored."""
    counters = Counters()
    journal = Journal(store, threads, clock, counters)
    hub = Hub(store, threads, clock, settings, counters)
    shelf = Shelf(store, journal, threads, clock, hub.tails, settings)
    state = State(settings, store, clock, threads, counters, journal, hub, shelf)
    accounts = Accounts(state, hasher)
    chat = Chat(state, bus, accounts, noted)
    journal.committed = chat.committed  # the chat is built on the journal, which hands over to it
    return Built(chat, accounts, counters)
