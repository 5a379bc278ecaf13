"""Puts a node's server together from its ports."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from argon2 import PasswordHasher

from nexus.core.tail import Tails
from nexus.ports import Clock, Link, Store, Threads
from nexus.server.access import Access
from nexus.server.accounts import Accounts
from nexus.server.active_rooms import ActiveRooms
from nexus.server.chat import Chat
from nexus.server.counters import Counters
from nexus.server.destroying import Destroying
from nexus.server.enforcing import Enforcing
from nexus.server.entering import Entering
from nexus.server.erasing import Erasing
from nexus.server.expiring import Expiring
from nexus.server.explaining import Explaining
from nexus.server.farewells import Farewells
from nexus.server.gathering import Gathering
from nexus.server.greeting import Greeting
from nexus.server.history import History
from nexus.server.hub import Hub
from nexus.server.inviting import Inviting
from nexus.server.journal import Journal
from nexus.server.members import Members
from nexus.server.membership import Membership
from nexus.server.messages import Messages
from nexus.server.moderation import Moderation
from nexus.server.news import News
from nexus.server.notable import Notable
from nexus.server.operating import Operating
from nexus.server.outcomes import Notify, Outcomes
from nexus.server.passwords import Passwords
from nexus.server.people import People
from nexus.server.placing import Placing
from nexus.server.pointing import Pointing
from nexus.server.presence import Presence
from nexus.server.protecting import Protecting
from nexus.server.purges import Purges
from nexus.server.quotas import Quotas
from nexus.server.read_state import ReadState
from nexus.server.reading import Reader
from nexus.server.repeating import Repeating
from nexus.server.reporting import Reporting
from nexus.server.rooms import Rooms
from nexus.server.sanctions import Sanctions
from nexus.server.searches import Searches
from nexus.server.sessions import Sessions
from nexus.server.unread import Unread
from nexus.server.verbs import Moderators, Verbs
from nexus.settings import Settings


@dataclass(frozen=True)
class Built:
    """The parts of a node's server that others speak to."""

    chat: Chat
    accounts: Accounts
    operating: Operating
    sessions: Sessions
    active_rooms: ActiveRooms
    journal: Journal
    outcomes: Outcomes
    tails: Tails
    counters: Counters
    reader: Reader
    start: Callable[[], None]
    """Begins what is done again and again."""


class Ground(NamedTuple):
    """What all verbs stand on."""

    counters: Counters
    sessions: Sessions
    presence: Presence
    reader: Reader
    tails: Tails
    active: ActiveRooms
    access: Access
    unread: Unread
    placing: Placing
    pointing: Pointing
    news: News
    hub: Hub
    outcomes: Outcomes
    journal: Journal


def _ground(settings: Settings, store: Store, clock: Clock, threads: Threads, notify: Notify) -> Ground:
    """The journal, the hub, and what follows a commit."""
    counters, sessions, presence = Counters(), Sessions(), Presence(settings, clock)
    reader, tails = Reader(threads, store, clock, counters), Tails(settings.limits.tail_bytes)
    active = ActiveRooms(store, reader, tails, settings.limits.tail_events)
    access, unread = Access(active, settings), Unread(store, reader, active, sessions, settings.presence.every, clock)
    placing, pointing = Placing(sessions, active, presence, store.key), Pointing(store, reader, sessions)
    news = News(sessions, active, unread, clock)
    hub = Hub(store, reader, clock, settings, counters, tails, unread.missed, unread.deleted, placing.heard, news.heard)
    outcomes = Outcomes(hub, active, clock, counters, notify, placing, news)
    journal = Journal(store, threads, clock, counters, outcomes.hand_out)
    seen = active, access, unread, placing, pointing
    return Ground(counters, sessions, presence, reader, tails, *seen, news, hub, outcomes, journal)


def build(
    settings: Settings,
    store: Store,
    clock: Clock,
    threads: Threads,
    hasher: PasswordHasher,
    notify: Notify,
    link: Link | None,
) -> Built:
    """Put a server together; `notify` hears every group's new events once they are stored."""
    ground = _ground(settings, store, clock, threads, notify)
    counters, sessions, presence, reader, tails, active, _, unread, _, pointing = ground[:10]
    news, hub, outcomes, journal = ground[10:]
    accounts, operating, farewells, sanctions, verbs = _verbs(settings, store, clock, threads, hasher, ground)
    chat = Chat(settings, verbs, farewells, sessions, hub, reader, journal, counters, clock)
    nodes = None
    if link is not None:
        from nexus.server.together import join  # here, as a node that is alone needs nothing of it

        there = hub, outcomes, news, active, journal, reader, sessions, presence, unread, pointing, farewells
        nodes = join(link, settings, store, verbs, *there, sanctions, clock)
        operating.nodes = lambda: nodes.all
    repeating = Repeating(settings, store, reader, journal, outcomes, active, farewells, sanctions, verbs, nodes, clock)
    start = repeating.begin
    return Built(chat, accounts, operating, sessions, active, journal, outcomes, tails, counters, reader, start)


def _verbs(
    settings: Settings, store: Store, clock: Clock, threads: Threads, hasher: PasswordHasher, ground: Ground
) -> tuple[Accounts, Operating, Farewells, Sanctions, Verbs]:
    """The verbs, and what others need of what they stand on."""
    counters, sessions, presence, reader, _, active, access, unread, placing, pointing = ground[:10]
    hub, outcomes, journal = ground[11:]
    passwords, sanctions = Passwords(settings.accounts, threads, clock, hasher), Sanctions(store, reader, clock)
    read_state, notable = ReadState(access, journal, sessions, unread), Notable(clock)
    accounts = Accounts(settings, store, journal, reader, passwords, sanctions, notable, counters, clock)
    membership, quotas = Membership(journal, sessions, active, presence, clock), Quotas(settings.limits, clock)
    entering = Entering(settings, active, journal, hub, reader, membership, presence, unread, quotas, clock)
    farewells = Farewells(store, journal, sessions, presence, clock, settings.session.grace, settings.session.waiting)
    protecting = Protecting(store, journal, reader, sessions, pointing, unread, clock)
    seen, first = (membership, presence, unread, protecting), (settings, store, accounts, reader, sessions, entering)
    people = People(settings, store, accounts, active, journal, reader, sessions, *seen, read_state, farewells, clock)
    parts = settings, store, accounts, people
    erasing = Erasing(*parts, journal, reader, sessions, farewells, clock)
    destroying = Destroying(settings, store, access, active, journal, reader, placing, notable, clock)
    greeting = Greeting(*first, *seen, farewells, sanctions, quotas, clock)
    expiring = Expiring(settings.history.keep, store, journal, reader, active, unread, outcomes.gone, clock)
    company = membership, placing, presence, unread, sanctions, quotas
    rooms = Rooms(settings, store, access, active, entering, journal, hub, reader, *company, expiring, clock)
    gathering = Gathering(settings, store, access, active, journal, reader, placing, unread, quotas, clock)
    members = Members(store, access, active, journal, reader, sessions, placing, unread, quotas, clock)
    shared = settings, store, accounts, access, active, journal, reader, sessions, pointing, farewells, placing, unread
    moderators = _moderators(*shared, sanctions, notable, destroying, clock)
    kept = (*parts, erasing, destroying, active, journal, reader, sessions, farewells)
    operating = Operating(*kept, Enforcing(store, moderators.moderation, reader), notable, clock)
    messages, page = Messages(settings, store, access, journal, reader, placing, clock), settings.limits.page_bytes
    reading = History(access, reader, page), Searches(store, access, reader, page), read_state
    verbs = Verbs(greeting, people, erasing, protecting, rooms, gathering, members, moderators, messages, *reading)
    return accounts, operating, farewells, sanctions, verbs


def _moderators(
    settings: Settings,
    store: Store,
    accounts: Accounts,
    access: Access,
    active: ActiveRooms,
    journal: Journal,
    reader: Reader,
    sessions: Sessions,
    pointing: Pointing,
    farewells: Farewells,
    placing: Placing,
    unread: Unread,
    sanctions: Sanctions,
    notable: Notable,
    destroying: Destroying,
    clock: Clock,
) -> Moderators:
    """What those do who look after people."""
    purges = Purges(settings, store, journal, reader, clock)
    people = sessions, pointing, farewells, sanctions, notable, purges, destroying
    inviting = Inviting(settings, store, accounts, access, active, journal, reader, placing, unread, clock)
    reporting = Reporting(settings, store, access, journal, reader, sessions, clock)
    explaining = Explaining(store, access, reader, pointing, clock)
    moderation = Moderation(settings, store, access, journal, reader, *people, clock)
    return Moderators(moderation, inviting, reporting, explaining, purges, destroying)
