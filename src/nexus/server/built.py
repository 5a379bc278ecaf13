"""What a node's server is made of, for those who speak to it or tie it to others."""

from dataclasses import dataclass
from typing import NamedTuple

from nexus.core.tail import Tails
from nexus.server.accounts import Accounts
from nexus.server.active_rooms import ActiveRooms
from nexus.server.chat import Chat
from nexus.server.chores import Chores
from nexus.server.counters import Counters
from nexus.server.farewells import Farewells
from nexus.server.hub import Hub
from nexus.server.journal import Journal
from nexus.server.news import News
from nexus.server.operating import Operating
from nexus.server.outcomes import Outcomes
from nexus.server.pointing import Pointing
from nexus.server.presence import Presence
from nexus.server.reading import Reader
from nexus.server.sanctions import Sanctions
from nexus.server.sessions import Sessions
from nexus.server.unread import Unread
from nexus.server.verbs import Verbs


class There(NamedTuple):
    """The parts that are tied to other nodes, where there are any."""

    verbs: Verbs
    hub: Hub
    news: News
    presence: Presence
    unread: Unread
    pointing: Pointing
    farewells: Farewells
    sanctions: Sanctions


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
    there: There
    chores: Chores

    def start(self) -> None:
        """Begin what is done again and again."""
        self.chores.begin()
