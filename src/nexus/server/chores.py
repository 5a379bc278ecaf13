"""What is done again and again, and what a stop interrupted."""

from contextlib import suppress

from nexus.core.changes import Probe
from nexus.ports import Clock, Store, Unavailable
from nexus.server.active_rooms import ActiveRooms
from nexus.server.farewells import Farewells
from nexus.server.guest_addresses import GuestAddresses
from nexus.server.journal import Journal
from nexus.server.later import start
from nexus.server.nodes import Nodes
from nexus.server.outcomes import Outcomes
from nexus.server.reading import Reader
from nexus.server.sanctions import Sanctions
from nexus.server.unused import Unused
from nexus.server.verbs import Verbs
from nexus.settings import Settings

DROP_IDLE_EVERY = 60.0
"""Seconds between two looks for rooms that nobody is in."""

PROBE_EVERY = 2.0
"""Seconds between two tries whether anything can be stored again, while nothing could be."""


class Chores:
    """Begins them; among several nodes one does those that are for all."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        reader: Reader,
        journal: Journal,
        outcomes: Outcomes,
        active: ActiveRooms,
        farewells: Farewells,
        sanctions: Sanctions,
        verbs: Verbs,
        clock: Clock,
    ) -> None:
        self._grace = settings.session.grace
        self._journal = journal
        self._outcomes = outcomes
        self._active = active
        self._farewells = farewells
        self._sanctions = sanctions
        self._verbs = verbs
        self._clock = clock
        self._probing = False
        self._unused = Unused(store, reader, journal, active)
        self._addresses = GuestAddresses(settings, journal, clock)
        self.nodes: Nodes | None = None
        """The others, where there are any."""

    def others_differ(self) -> bool:
        """Whether nodes of another version run beside this one."""
        return self.nodes is not None and self.nodes.differ()

    def begin(self) -> None:
        """Begin all of it."""
        start(self._sanctions.load())
        if self.nodes is None:
            self._go_on()
        else:
            self._unused.someone_is_in, self.nodes.leading = self.nodes.someone_is_in, self._go_on
            self.nodes.begin()
        self._verbs.rooms.expiring.begin()
        self._clock.later(PROBE_EVERY, self._look_for_space)
        self._clock.later(DROP_IDLE_EVERY, self._drop_idle)
        self._clock.later(self._grace, self._farewells.end_earlier)

    def _go_on(self) -> None:
        """Go on with what was interrupted."""
        start(self._verbs.moderators.destroying.forget())
        for interrupted in (self._verbs.moderators.purges, self._verbs.erasing, self._verbs.gathering):
            start(interrupted.go_on())

    def _drop_idle(self) -> None:
        if not self._journal.waiting_bytes:  # else a post to one of them may be on its way
            self._active.drop_idle()
            if self.nodes is None or self.nodes.leads:
                self._tidy()
        self._clock.later(DROP_IDLE_EVERY, self._drop_idle)

    def _tidy(self) -> None:
        """What is for all of the store."""
        moderators = self._verbs.moderators
        start(self._unused.look(self._clock.wall()))
        start(self._verbs.gathering.go_on())
        for one in (moderators.purges, moderators.destroying, moderators.reporting, self._addresses):
            start(one.forget())

    def _look_for_space(self) -> None:
        if self._outcomes.trouble and not self._probing:
            start(self._probe())
        self._clock.later(PROBE_EVERY, self._look_for_space)

    async def _probe(self) -> None:
        self._probing = True
        with suppress(Unavailable):
            await self._journal.change(Probe())
            self._outcomes.trouble = ""
        self._probing = False
