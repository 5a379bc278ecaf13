"""What this node tells the others, and what it does when it hears them."""

from collections.abc import Iterable

from nexus.core.announcing import Announcement, Called, Typed, records_of, spans_of
from nexus.core.log import Record
from nexus.core.looking import looks_of
from nexus.ports import Bus, Clock
from nexus.protocol.events import Typing
from nexus.server.active_rooms import ActiveRooms
from nexus.server.company import Company
from nexus.server.hub import Hub
from nexus.server.journal import Group, Result
from nexus.server.looking import Looking
from nexus.server.nodes import Nodes

MOST_TYPED = 256
"""People who write of whom the others are told at once; more are not worth it."""

SOON = 0.05
"""Seconds in which what passes by is gathered."""


class Neighbours:
    """Speaks and listens on the bus."""

    def __init__(
        self,
        run: int,
        bus: Bus,
        active: ActiveRooms,
        hub: Hub,
        company: Company,
        looking: Looking,
        nodes: Nodes,
        clock: Clock,
    ) -> None:
        self._run = run
        self._bus = bus
        self._active = active
        self._hub = hub
        self._company = company
        self._looking = looking
        self._nodes = nodes
        self._clock = clock
        self._typed: list[Typed] = []
        company.tell = self._tell_company
        nodes.looked = looking.look
        bus.listen(self.hear, nodes.check)

    # --- telling -----------------------------------------------------------------------------------

    def stored(self, group: Group, result: Result, new: dict[int, list[Record]]) -> None:
        """A group is stored, with these new events of rooms: the others are told of all of it at once."""
        looks = [
            look
            for change, outcome in zip(group.changes, result.changes, strict=True)
            for look in looks_of(change, outcome)
        ]
        spans = spans_of(new.items())
        if spans or looks:
            self._bus.announce(Announcement(self._run, spans=spans, looks=tuple(looks)))

    def typing(self, room: int, author: int, name: str) -> None:
        """Someone writes."""
        if not self._typed:
            self._clock.later(SOON, self._tell_typed)
        if len(self._typed) < MOST_TYPED:
            self._typed.append(Typed(room, author, name))

    def _tell_typed(self) -> None:
        typed, self._typed = tuple(self._typed), []
        self._bus.announce(Announcement(self._run, typed=typed))

    def renamed(self, author: int, before: str, name: str, rooms: Iterable[int]) -> None:
        """Somebody is called something else."""
        self._bus.announce(Announcement(self._run, called=(Called(author, before, name, tuple(rooms)),)))

    def _tell_company(self, announcement: Announcement) -> None:
        self._bus.announce(announcement)

    # --- hearing -----------------------------------------------------------------------------------

    def hear(self, heard: Announcement) -> None:
        """Another node says something; what it says may be old, or come twice."""
        if heard.node == self._run:
            return
        self._looking.look([look for look in heard.looks if look.what == "session"])  # those leave before they hear
        for span in heard.spans:
            room = self._active.by_id.get(span.room)
            if room is None or span.last <= room.head:
                continue
            records = records_of(span)
            if records:
                self._hub.deliver(room, records, {})
            else:
                self._hub.refresh(room)
        for called in heard.called:
            self._looking.called(called)
        for typed in heard.typed:
            self._pass_on(typed)
        self._company.hear(heard)
        self._looking.look([look for look in heard.looks if look.what != "session"])

    def _pass_on(self, typed: Typed) -> None:
        room = self._active.by_id.get(typed.room)
        if room is not None:
            self._hub.pass_on(room, Typing(room=room.name, by=typed.name), typed.author)
