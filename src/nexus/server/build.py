"""Puts a node's server together from its ports."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from argon2 import PasswordHasher

from nexus.core.changes import Probe
from nexus.core.tail import Tails
from nexus.ports import Clock, Link, Store, Threads, Unavailable
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
from nexus.server.later import start as launch
from nexus.server.members import Members
from nexus.server.membership import Membership
from nexus.server.messages import Messages
from nexus.server.moderation import Moderation
from nexus.server.news import News
from nexus.server.nodes import Nodes
from nexus.server.notable import Notable
from nexus.server.operating import Operating
from nexus.server.origins import Origins
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
from nexus.server.unused import Unused
from nexus.server.verbs import Moderators, Verbs
from nexus.settings import Settings

DROP_IDLE_EVERY = 60.0
"""Seconds between two looks for rooms that nobody is in."""

PROBE_EVERY = 2.0
"""Seconds between two tries whether anything can be stored again, while nothing could be."""


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
    counters, sessions, presence = Counters(), Sessions(), Presence(settings, clock)
    reader, tails = Reader(threads, store, clock, counters), Tails(settings.limits.tail_bytes)
    active = ActiveRooms(store, reader, tails, settings.limits.tail_events)
    access, unread = Access(active, settings), Unread(store, reader, active, sessions, settings.presence.every, clock)
    placing, pointing = Placing(sessions, active, presence, store.key), Pointing(store, reader, sessions)
    news = News(sessions, active, unread, clock)
    hub = Hub(store, reader, clock, settings, counters, tails, unread.missed, unread.deleted, placing.heard, news.heard)
    outcomes = Outcomes(hub, active, clock, counters, notify, placing, news)
    journal = Journal(store, threads, clock, counters, outcomes.hand_out)
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
    chat = Chat(settings, verbs, farewells, sessions, hub, reader, journal, counters, clock)
    there = hub, outcomes, news, active, journal, reader, sessions, presence, unread, pointing, farewells, sanctions
    if link is not None:
        from nexus.server.together import join  # here, as a node that is alone needs nothing of it

        operating.nodes = lambda: nodes.all if nodes is not None else []
    nodes = None if link is None else join(link, settings, store, verbs, *there, clock)
    start = partial(
        _start, settings, store, reader, journal, outcomes, active, farewells, sanctions, verbs, nodes, clock
    )
    return Built(chat, accounts, operating, sessions, active, journal, outcomes, tails, counters, reader, start)


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


def _start(
    settings: Settings,
    store: Store,
    reader: Reader,
    journal: Journal,
    outcomes: Outcomes,
    active: ActiveRooms,
    farewells: Farewells,
    sanctions: Sanctions,
    verbs: Verbs,
    nodes: Nodes | None,
    clock: Clock,
) -> None:
    """Begin what is done again and again."""
    unused, origins = Unused(store, reader, journal, active), Origins(settings, journal, clock)

    def tidy() -> None:
        launch(unused.look(clock.wall()))
        launch(verbs.gathering.go_on())
        for one in (verbs.moderators.purges, verbs.moderators.destroying, verbs.moderators.reporting, origins):
            launch(one.forget())

    def go_on() -> None:
        launch(verbs.moderators.destroying.forget())
        for interrupted in (verbs.moderators.purges, verbs.erasing, verbs.gathering):
            launch(interrupted.go_on())

    def drop_idle() -> None:
        if not journal.waiting_bytes:  # else a post to one of them may be on its way
            active.drop_idle()
            if nodes is None or nodes.leads:
                tidy()
        clock.later(DROP_IDLE_EVERY, drop_idle)

    async def probe() -> None:
        with suppress(Unavailable):
            await journal.change(Probe())

    def look_for_space() -> None:
        if outcomes.trouble and not journal.waiting_bytes:
            launch(probe())
        clock.later(PROBE_EVERY, look_for_space)

    launch(sanctions.load())
    if nodes is None:
        go_on()
    else:
        unused.someone_is_in, nodes.leading = nodes.someone_is_in, go_on
        nodes.begin()
    verbs.rooms.expiring.begin()
    clock.later(PROBE_EVERY, look_for_space)
    clock.later(DROP_IDLE_EVERY, drop_idle)
    clock.later(settings.session.grace, farewells.end_earlier)
