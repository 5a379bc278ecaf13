"""Who listens where: `deliver` for the live, `catch_up` for everyone else. History is the queue."""

from collections.abc import Callable, Sequence

from nexus.core.budget import Sources
from nexus.core.lines import without_text
from nexus.core.log import Record
from nexus.core.room import Cursor, changed_rules
from nexus.core.speaker import Speaker
from nexus.core.tail import Dialect, Tails, fitting
from nexus.ports import Clock, Listener, RoomLog
from nexus.protocol.events import (
    Amendment,
    Configured,
    Deleted,
    Destroyed,
    Edited,
    Left,
    Passing,
    Posted,
    Promoted,
    Purged,
    Removed,
    Reset,
    Restored,
    RoomEvent,
    Skipped,
    deletions,
)
from nexus.protocol.folding import fold
from nexus.protocol.refusals import Refusal
from nexus.server.counters import Counters
from nexus.server.reading import Reader
from nexus.server.sessions import ActiveRoom, Session
from nexus.settings import Settings

SERVED = 262_144
"""Bytes that someone who catches up gets in a turn, before others have theirs."""

CHUNK = 128
"""Events written to someone who catches up before their socket is looked at again."""

PAGE = 200
"""Events read from the log at once for someone whom the tail does not reach."""

PAGE_BYTES = 262_144
"""About how many bytes at most are read at once."""

END = 2**40
"""Above every seq."""

Replies = dict[Session, bytes]
"""Frames for the authors of a group, each in their own dialect."""


class Hub:
    """Delivers each room's events to its listeners: in order, without a hole, without a queue per listener.

    `missed` hears who was not sent events that they would have counted; `placed` of events that change who is in the
    room, or as what, before they are delivered to anyone; `said` of all events, for those who are not in the room.
    """

    def __init__(
        self,
        log: RoomLog,
        reader: Reader,
        clock: Clock,
        settings: Settings,
        counters: Counters,
        tails: Tails,
        missed: Callable[[Session, ActiveRoom], None],
        deleted: Callable[[ActiveRoom, int], None],
        placed: Callable[[ActiveRoom, RoomEvent], None],
        said: Callable[[int, Sequence[RoomEvent]], None],
    ) -> None:
        self._log = log
        self._reader = reader
        self._clock = clock
        self._fanout = settings.fanout
        self._limits = settings.limits
        self._counters = counters
        self._tails = tails
        self._missed = missed
        self._deleted = deleted
        self._placed = placed
        self._said = said

    # --- the fast path -----------------------------------------------------------------------------

    def deliver(self, room: ActiveRoom, records: Sequence[Record], replies: Replies) -> None:
        """New events of a room, in order: to its tail and its live listeners.

        `replies` are taken from as they are written together with the events; what is left in it the
        caller sends. Events known already are passed over; a hole is filled from the log first.
        """
        if room.refreshing:
            room.refresh_again = True
            return
        events = [record.event for record in records]
        if events[0].seq != room.head + 1:
            events = [event for event in events if event.seq > room.head]
            if not events:
                return
            if events[0].seq != room.head + 1:
                self.refresh(room)
                return
        self._tails.extend(room.tail, events)
        name = room.name
        for event in events:
            if event.room != room.name:  # the room was renamed since it was said
                event.room = room.name
            if type(event) is not Posted:
                self._take_effect(room, event)
        if room.name != name:
            self._renamed(room, events)
        if room.hidden:
            self._placed(room, events[-1])
        newest = events[-1]
        room.head = newest.seq
        room.at = newest.at
        room.pending += events
        self._said(room.id, events)
        if not room.resting:
            self._flush(room, replies)

    def _take_effect(self, room: ActiveRoom, event: RoomEvent) -> None:
        """What an event does to the room, or to a message in its tail: a newcomer gets that as it is now."""
        if isinstance(event, Configured):
            room.topic = event.topic
            room.title = room.title if event.title is None else event.title
            room.rules = changed_rules(room.rules, event)
        if isinstance(event, Configured | Removed | Promoted | Left | Destroyed):
            self._placed(room, event)
        if isinstance(event, Purged):
            for one in deletions(event):
                self._amend(room, one)
        elif isinstance(event, Restored):
            self._tails.drop(room.tail)  # the log has them as they are again
            self._deleted(room, max(event.targets, default=0))
        elif isinstance(event, Amendment):
            self._amend(room, event)

    def _renamed(self, room: ActiveRoom, events: Sequence[RoomEvent]) -> None:
        """Everyone knows the room's new name: whatever goes out from now on carries it."""
        for event in (*room.pending, *events):
            event.room = room.name
        self._tails.drop(room.tail)  # the log has the others

    def _amend(self, room: ActiveRoom, event: Amendment) -> None:
        target = event.target
        if isinstance(event, Deleted):
            self._deleted(room, target)
        self._tails.change(room.tail, (target,), lambda one: fold(one, event) if isinstance(one, Posted) else one)
        if isinstance(event, Edited | Deleted):
            between = range(max(target + 1, room.tail.first), event.seq)
            self._tails.change(room.tail, between, lambda one: _superseded(one, target))

    def _flush(self, room: ActiveRoom, replies: Replies) -> None:
        """Write what is pending to every live listener, encoded and joined once per dialect."""
        events, room.pending = room.pending, []
        room.delivered = room.head
        listeners = 0
        for dialect, live in room.live.items():
            pairs = live.pairs()
            if not pairs:
                continue
            listeners += len(pairs)
            frames = b"".join([dialect.encode(event) for event in events])
            self._counters.delivered_bytes += len(frames) * len(pairs)
            for session, write in pairs:
                own = replies.pop(session, None) if replies else None
                write(frames if own is None else own + frames)
        self._counters.deliveries += listeners * len(events)
        if listeners >= self._fanout.from_listeners:
            self._rest(room)

    def _rest(self, room: ActiveRoom) -> None:
        """A flush to many costs much: leave the core to others before the next one, by what it took."""
        room.resting = True
        begun = self._clock.now()
        # The sockets get their bytes only when the loop is done with what it is at; `soon` comes after that.
        self._clock.soon(lambda: self._took(room, self._clock.now() - begun))

    def _took(self, room: ActiveRoom, seconds: float) -> None:
        rest = max(seconds / self._fanout.share - seconds, self._fanout.shortest)
        if rest:
            self._clock.later(min(rest, self._fanout.longest), lambda: self._rested(room))
        else:
            self._rested(room)

    def _rested(self, room: ActiveRoom) -> None:
        room.resting = False
        if room.pending:
            self._flush(room, {})

    def flush(self, room: ActiveRoom) -> None:
        """Write what is pending now, whether the room rests or not."""
        if room.pending:
            self._flush(room, {})

    def pass_on(self, room: ActiveRoom, event: Passing, author: int, by: Speaker | None = None) -> None:
        """Write a passing event to the live listeners, except its author's own and those who ignore the author."""
        for dialect, live in room.live.items():
            frame = dialect.encode(event)
            for session, write in live.pairs():
                if session is not by and author not in session.ignoring:
                    write(frame)

    def expire(self, room: ActiveRoom) -> None:
        """What comes before the room's first event is gone: from its tail too, and the texts of edits of it."""
        self._tails.forget(room.tail, room.first)
        seqs = range(room.tail.first, room.tail.last + 1)
        self._tails.change(room.tail, seqs, lambda one: _without_expired(one, room.first))

    # --- listening ---------------------------------------------------------------------------------

    def listen(self, session: Session, room: ActiveRoom, after: int, *, counted: int, reset: bool = False) -> None:
        """From the next `drained` on, serve a session every event after a seq; with `reset` say so first.

        It was told what is unread up to `counted`.
        """
        room.stop_listening(session)
        room.behind[session] = Cursor(after, counted=counted, reset=reset)

    def stall(self, session: Session) -> None:
        """The session's socket is full: serve it from the history once it has drained."""
        self._counters.stalls += 1
        for room in session.rooms.values():
            room.fall_behind(session)

    def drained(self, session: Session) -> None:
        """The session's socket takes bytes (again): go on serving whatever it is behind in."""
        for room in list(session.rooms.values()):
            if session in room.behind:
                self.catch_up(session, room)

    def catch_up(self, session: Session, room: ActiveRoom) -> None:
        """Everything that is not the fast path: serve from the tail, else from the log, until live."""
        cursor = room.behind.get(session)
        left = SERVED
        while cursor is not None and not cursor.reading:
            listener = session.listener
            if listener is None or listener.paused:
                return
            if left <= 0:
                self._wait(session, room, cursor, listener)
                return
            if cursor.reset:
                cursor.reset = False
                self._counters.resets += 1
                listener.send(Reset(room=room.name))
            if cursor.seq >= room.delivered:
                room.go_live(session, listener.dialect, listener.write)
                return
            if cursor.seq + 1 < room.first:
                gone = min(room.first - 1, room.delivered)
                listener.send(Skipped(room=room.name, from_=cursor.seq + 1, to=gone, gone=True))
                cursor.seq = gone
                continue
            if room.delivered - cursor.seq > self._limits.catch_up:
                self._skip(session, room, cursor, listener)
            if not room.tail.reaches(cursor.seq):
                self._read_page(session, room, cursor, listener.dialect)
                return
            frames = self._tails.frames(room.tail, listener.dialect, cursor.seq, room.delivered, CHUNK)
            left -= self._serve(cursor, listener, frames)

    def _wait(self, session: Session, room: ActiveRoom, cursor: Cursor, listener: Listener) -> None:
        """Go on when it is the connection's turn again."""
        cursor.reading = True

        def go() -> None:
            cursor.reading = False
            if room.behind.get(session) is cursor:
                self.catch_up(session, room)

        listener.wait(go)

    def _serve(self, cursor: Cursor, listener: Listener, frames: list[bytes]) -> int:
        """Write as much as a socket should hold at once; returns how many bytes that were."""
        count = fitting(map(len, frames), self._limits.write_buffer)
        cursor.seq += count
        cursor.page = min(2 * count, PAGE)
        joined = b"".join(frames[:count])
        self._counters.deliveries += count
        self._counters.delivered_bytes += len(joined)
        listener.write(joined)
        return len(joined)

    def _skip(self, session: Session, room: ActiveRoom, cursor: Cursor, listener: Listener) -> None:
        """Far behind: name what is not sent, go on with the newest."""
        upto = room.delivered - self._limits.catch_up
        self._counters.skipped += 1
        listener.send(Skipped(room=room.name, from_=cursor.seq + 1, to=upto))
        cursor.seq = upto
        if upto > cursor.counted:
            self._missed(session, room)

    def _read_page(self, session: Session, room: ActiveRoom, cursor: Cursor, dialect: Dialect) -> None:
        cursor.reading = True
        span = {"after": cursor.seq, "before": room.delivered + 1, "limit": cursor.page}
        name = room.name

        def read() -> list[bytes]:
            page = self._log.page(room.id, **span, newest=False, size=PAGE_BYTES)
            if page and page[0].event.seq != span["after"] + 1:
                return []  # what comes before that has just expired, and the room is about to learn it
            for record in page:
                record.event.room = name  # the log may know of another that nobody here was told yet
            return [dialect.encode(record.event) for record in page]

        def served(frames: list[bytes] | Exception) -> None:
            cursor.reading = False
            listener = session.listener
            if room.behind.get(session) is not cursor or listener is None:
                return  # left, dropped, or began again meanwhile
            if cursor.seq + 1 < room.first:
                self.catch_up(session, room)  # what was read has expired meanwhile
                return
            if isinstance(frames, Exception) or not frames:
                self._clock.later(1.0, lambda: self.catch_up(session, room))  # the disk may come back
                return
            if room.name == name:
                self._serve(cursor, listener, frames)
            self.catch_up(session, room)

        self._reader.submit(read, served, session.sources)

    # --- lost announcements ------------------------------------------------------------------------

    def refresh(self, room: ActiveRoom) -> None:
        """Events may be missing here: read them from the log and deliver them."""
        if room.refreshing:
            room.refresh_again = True
            return
        room.refreshing = True
        after = room.head

        def read(page: list[Record] | Exception) -> None:
            room.refreshing = False
            if isinstance(page, Exception):
                self._clock.later(1.0, lambda: self.refresh(room))
                return
            again, room.refresh_again = room.refresh_again or bool(page), False
            if page:
                self.deliver(room, page, {})
            if again:
                self.refresh(room)

        self._reader.submit(
            lambda: self._log.page(room.id, after=after, before=END, limit=PAGE, newest=False, size=PAGE_BYTES), read
        )

    async def reach(self, room: ActiveRoom, seq: int, sources: Sources) -> None:
        """Have what is stored up to an event, of which another node told somebody before it told this one."""
        while room.head < seq and not room.refreshing:
            span = {"after": room.head, "before": END, "limit": PAGE}
            page = await self._reader.page(room.id, **span, newest=False, size=PAGE_BYTES, sources=sources)
            if not page:
                return
            self.deliver(room, page, {})
        self.flush(room)
        if room.delivered < seq:
            raise Refusal("unavailable", f"'{room.name}' is still catching up; try again.", 0.5)


def _without_expired(event: RoomEvent, first: int) -> RoomEvent:
    """An edit of a message that has expired without its text; any other event as it is."""
    return without_text(event) if isinstance(event, Edited) and event.target < first else event


def _superseded(event: RoomEvent, target: int) -> RoomEvent:
    """An earlier edit of the message without its text; any other event as it is."""
    return without_text(event) if isinstance(event, Edited) and event.target == target else event
