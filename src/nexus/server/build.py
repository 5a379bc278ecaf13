"""Puts a node's server together from its ports."""

from argon2 import PasswordHasher

from nexus.core.tail import Tails
from nexus.ports import Clock, Store, Threads
from nexus.server.access import Access
from nexus.server.accounts import Accounts
from nexus.server.active_rooms import ActiveRooms
from nexus.server.bots import Bots
from nexus.server.built import Built, There
from nexus.server.chat import Chat
from nexus.server.chores import Chores
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
from nexus.server.reporting import Reporting
from nexus.server.rooms import Rooms
from nexus.server.sanctions import Sanctions
from nexus.server.searches import Searches
from nexus.server.sessions import Sessions
from nexus.server.unread import Unread
from nexus.server.verbs import Moderators, Verbs
from nexus.settings import Settings


def build(
    settings: Settings, store: Store, clock: Clock, threads: Threads, hasher: PasswordHasher, notify: Notify
) -> Built:
    """Put a server together; `notify` hears every group's new events once they are stored."""
    counters, sessions, presence = Counters(), Sessions(), Presence(settings, clock)
    reader, tails = Reader(threads, store, clock, counters), Tails(settings.limits.tail_bytes)
    active, quotas = ActiveRooms(store, reader, tails, settings.limits.tail_events), Quotas(settings.limits, clock)
    unread = Unread(store, reader, active, sessions, settings.presence.every, clock)
    placing, pointing = Placing(sessions, active, presence, store.key), Pointing(store, reader, sessions)
    news, sanctions = News(sessions, active, unread, clock), Sanctions(store, reader, clock)
    hub = Hub(store, reader, clock, settings, counters, tails, unread.missed, unread.deleted, placing.heard, news.heard)
    access, outcomes = Access(active, hub, settings), Outcomes(hub, active, clock, counters, notify, placing, news)
    journal = Journal(store, threads, clock, counters, outcomes.hand_out)
    passwords, notable = Passwords(settings.accounts, threads, clock, hasher), Notable(clock)
    read_state, page = ReadState(access, journal, sessions, unread), settings.limits.page_bytes
    accounts = Accounts(settings, store, journal, reader, passwords, sanctions, notable, counters, clock)
    membership, parts = Membership(journal, sessions, active, presence, clock), (settings, store, accounts)
    entering = Entering(settings, active, journal, hub, reader, membership, presence, unread, quotas, clock)
    farewells = Farewells(store, journal, sessions, presence, clock, settings.session.grace, settings.session.waiting)
    protecting = Protecting(store, journal, reader, sessions, pointing, unread, clock)
    seen, among = (membership, presence, unread, protecting), (membership, placing, presence, unread, sanctions, quotas)
    people = People(settings, store, accounts, active, journal, reader, sessions, *seen, read_state, farewells, clock)
    erasing = Erasing(*parts, people, journal, reader, sessions, farewells, clock)
    destroying = Destroying(settings, store, access, active, journal, reader, placing, notable, clock)
    hello = Greeting(settings, store, accounts, reader, sessions, entering, *seen, farewells, sanctions, quotas, clock)
    expiring = Expiring(settings.history.keep, store, journal, reader, active, unread, outcomes.gone, clock)
    rooms = Rooms(settings, store, access, active, entering, journal, hub, reader, *among, expiring, clock)
    gathering = Gathering(store, access, active, journal, reader, placing, unread, quotas, clock)
    members = Members(store, access, active, journal, reader, pointing, placing, unread, quotas, clock)
    shared = settings, store, accounts, access, active, journal, reader, sessions, pointing, farewells, placing, unread
    moderators = _moderators(*shared, sanctions, notable, destroying, clock)
    kept = (*parts, people, erasing, destroying, active, journal, reader, sessions, farewells)
    bots = Bots(*parts, access, erasing, journal, reader, sessions, farewells, sanctions, notable, clock)
    operating = Operating(*kept, Enforcing(store, moderators.moderation, reader), bots, notable, clock)
    messages = Messages(settings, store, access, journal, reader, placing, clock)
    reading = messages, History(access, reader, page), Searches(store, access, reader, page), read_state
    verbs = Verbs(hello, people, erasing, protecting, bots, rooms, gathering, members, moderators, *reading)
    chat = Chat(settings, verbs, farewells, sessions, hub, reader, journal, counters, clock)
    there = There(verbs, hub, news, presence, unread, pointing, farewells, sanctions)
    chores = Chores(settings, store, reader, journal, outcomes, active, farewells, sanctions, verbs, clock)
    return Built(chat, accounts, operating, sessions, active, journal, outcomes, tails, counters, reader, there, chores)


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
