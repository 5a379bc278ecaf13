"""What this node tells the others, and what it does when it hears them."""

from collections.abc import Iterable

from nexus.core.announcing import Announcement, Called, Span, Typed, records_of, spans_of
from nexus.core.log import Record
from nexus.core.looking import looks_of
from nexus.ports import Bus, Clock
from nexus.protocol.events import Typing
from nexus.server.active_rooms import ActiveRooms
from nexus.server.elsewhere import Elsewhere
from nexus.server.hub import Hub
from nexus.server.journal import Group, Result
from nexus.server.looking import Looking
from nexus.server.news import News
from nexus.server.nodes import Nodes
from nexus.server.sessions import Sessions
from nexus.server.spending import Spending
from nexus.server.unread import Unread

MOST_TYPED = 256
"""People who write of whom the others are told at once; more are not worth it."""

MOST_HEADS = 10_000
"""Rooms of which it is known up to where they were told, though nobody is in them here."""

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
        elsewhere: Elsewhere,
        looking: Looking,
        nodes: Nodes,
        news: News,
        unread: Unread,
        sessions: Sessions,
        spending: Spending,
        clock: Clock,
    ) -> None:
        self._run = run
        self._bus = bus
        self._active = active
        self._hub = hub
        self._elsewhere = elsewhere
        self._looking = looking
        self._news = news
        self._unread = unread
        self._sessions = sessions
        self._spending = spending
        self._heads: dict[int, int] = {}
        """Of rooms that nobody is in here, up to where they were told."""
        self._clock = clock
        self._typed: list[Typed] = []
        elsewhere.tell = spending.tell = self._bus.announce
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

    # --- hearing -----------------------------------------------------------------------------------

    def hear(self, heard: Announcement) -> None:
        """Another node says something; what it says may be old, or come twice."""
        if heard.node == self._run:
            return
        self._looking.look([look for look in heard.looks if look.what == "session"])  # those leave before they hear
        for span in heard.spans:
            room = self._active.by_id.get(span.room)
            if room is None:
                self._hear_of_unused(span)
                continue
            if span.last <= room.head:
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
        self._elsewhere.hear(heard)
        self._spending.hear(heard)
        self._looking.look([look for look in heard.looks if look.what != "session"])

    def _hear_of_unused(self, span: Span) -> None:
        """A room that nobody is in here: those who belong to it count what is said, or are told the counts."""
        known = self._heads.pop(span.room, None)
        if len(self._heads) >= MOST_HEADS:
            del self._heads[next(iter(self._heads))]
        self._heads[span.room] = max(span.last, known or 0)
        if known is not None and span.first <= known:
            return
        records = records_of(span)
        if records and (known is None or span.first == known + 1):
            self._news.heard(span.room, [record.event for record in records])
            return
        for one in [one for one in self._sessions.all() if span.room in one.member_of]:
            self._unread.recount(one, span.room)

    def _pass_on(self, typed: Typed) -> None:
        room = self._active.by_id.get(typed.room)
        if room is not None:
            self._hub.pass_on(room, Typing(room=room.name, by=typed.name), typed.author)
