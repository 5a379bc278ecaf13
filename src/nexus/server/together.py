"""Makes a node one of several that share a store: puts together what it takes, and ties it to the rest."""

from typing import Any

from nexus import __version__
from nexus.core.kept import Kept
from nexus.ports import Clock, Link, NodeRow, Store
from nexus.server.built import Built
from nexus.server.elsewhere import Elsewhere
from nexus.server.looking import Looking
from nexus.server.neighbours import Neighbours
from nexus.server.nodes import Nodes
from nexus.server.spending import Spending
from nexus.settings import Settings


def join(link: Link, settings: Settings, store: Store, built: Built, clock: Clock) -> None:
    """The node is one of several from its start on."""
    verbs, hub, news, presence, unread, pointing, farewells, sanctions = built.there
    active, sessions, reader, journal = built.active_rooms, built.sessions, built.reader, built.journal
    began = clock.wall()

    def row() -> NodeRow:
        return NodeRow(store.run, link.name, __version__, began, 0, len(sessions), len(active.by_id), nodes.behind)

    def begin() -> None:
        elsewhere.begin()
        spending.begin()

    rooms, moderation = verbs.rooms, verbs.moderators.moderation
    nodes = Nodes(link, active, hub, reader, journal, clock, row, settings.session.grace)
    elsewhere = Elsewhere(store.run, active, presence, sessions, settings.presence.every, clock)
    seen = active, sessions, presence, unread, verbs.people, verbs.protecting, farewells, sanctions, moderation
    looking = Looking(store, link.cluster, reader, *seen, elsewhere, rooms.expiring.heard, clock)
    greeting, guesses = verbs.greeting, built.accounts.guesses
    limits: dict[str, Kept[Any]] = {"posts": greeting.addresses, **greeting.quotas.limits, **guesses.limits}
    spending = Spending(store.run, limits, guesses, clock)
    heard = active, hub, elsewhere, looking, nodes, news, unread, sessions, spending
    neighbours = Neighbours(store.run, link.bus, *heard, clock)
    built.outcomes.stored, rooms.typed = neighbours.stored, neighbours.typing
    verbs.people.told_renamed = neighbours.renamed
    rooms.guests_elsewhere = verbs.members.guests_elsewhere = elsewhere.guests
    pointing.guest_elsewhere = elsewhere.guest
    rooms.expiring.leads = lambda: nodes.leads
    farewells.run, verbs.greeting.has_gone = store.run, looking.has_gone
    nodes.there, nodes.someone_is_in = elsewhere.nodes_are, elsewhere.someone_is_in
    nodes.replaced, nodes.began = looking.everything, begin
    built.operating.nodes, built.chores.nodes = lambda: nodes.known, nodes
