"""Makes a node one of several that share a store: puts together what it takes, and ties it to the rest."""

from nexus import __version__
from nexus.ports import Clock, Link, NodeRow, Store
from nexus.server.active_rooms import ActiveRooms
from nexus.server.company import Company
from nexus.server.farewells import Farewells
from nexus.server.hub import Hub
from nexus.server.journal import Journal
from nexus.server.looking import Looking
from nexus.server.neighbours import Neighbours
from nexus.server.news import News
from nexus.server.nodes import Nodes
from nexus.server.outcomes import Outcomes
from nexus.server.pointing import Pointing
from nexus.server.presence import Presence
from nexus.server.reading import Reader
from nexus.server.sanctions import Sanctions
from nexus.server.sessions import Sessions
from nexus.server.unread import Unread
from nexus.server.verbs import Verbs
from nexus.settings import Settings


def join(
    link: Link,
    settings: Settings,
    store: Store,
    verbs: Verbs,
    hub: Hub,
    outcomes: Outcomes,
    news: News,
    active: ActiveRooms,
    journal: Journal,
    reader: Reader,
    sessions: Sessions,
    presence: Presence,
    unread: Unread,
    pointing: Pointing,
    farewells: Farewells,
    sanctions: Sanctions,
    clock: Clock,
) -> Nodes:
    """The node among others; it begins with `begin`."""
    began = clock.wall()

    def row() -> NodeRow:
        return NodeRow(store.run, link.name, __version__, began, 0, len(sessions), len(active.by_id))

    rooms, moderation = verbs.rooms, verbs.moderators.moderation
    nodes = Nodes(link.cluster, active, hub, reader, journal, clock, row, settings.session.grace)
    company = Company(store.run, active, presence, sessions, settings.presence.every, clock)
    seen = active, sessions, presence, unread, verbs.people, verbs.protecting, farewells, sanctions, moderation, company
    looking = Looking(store, link.cluster, reader, *seen, rooms.expiring.heard, clock)
    neighbours = Neighbours(store.run, link.bus, active, hub, company, looking, nodes, news, unread, sessions, clock)
    outcomes.stored, rooms.typed, verbs.people.told_renamed = neighbours.stored, neighbours.typing, neighbours.renamed
    rooms.guests_elsewhere = verbs.members.guests_elsewhere = company.guests
    pointing.guest_elsewhere = company.guest
    rooms.expiring.leads = lambda: nodes.leads
    farewells.run, verbs.greeting.has_gone = store.run, looking.has_gone
    nodes.there, nodes.someone_is_in = company.nodes_are, company.someone_is_in
    nodes.replaced, nodes.began = looking.everything, company.begin
    return nodes
