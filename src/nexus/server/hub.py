"""Who listens where: `deliver` for the live, `catch_up` for everyone else. History is the queue."""

from collections.abc import Callable, Iterable, Sequence

from nexus.core.entries import Event, Kind
from nexus.core.room import Cursor, Room
from nexus.core.session import Session
from nexus.core.tail import Tails, cut
from nexus.ports import Clock, Dialect, Listener, RoomLog, Threads
from nexus.protocol.codec import encode
from nexus.protocol.events import AnyEvent, Configured, Deleted, Edited, Reset, Skipped
from nexus.protocol.folding import Amending
from nexus.server.counters import Counters
from nexus.server.encoding import folded, on_wire, payload_of, without_text
from nexus.settings import Settings

CHUNK = 128
"""Events written to someone who catches up before their socket is looked at again."""

PAGE = 200
"""Events read from the log at once for someone whom the tail does not reach."""

END = 2**40
"""Above every seq."""


class Hub:
    """Delivers each room's events to its listeners: in order, without a hole, without a queue per listener."""

    def __init__(self, log: RoomLog, threads: Threads, clock: Clock, settings: Settings, counters: Counters) -> None:
        self._log = log
        self._threads = threads
        self._clock = clock
        self._fanout = settings.fanout
        self._limits = settings.limits
        self._counters = counters
        self.tails = Tails(settings.limits.tail_bytes)
        self.missed: Callable[[Session, Room], None] = lambda *_: None
        """Hears who was not sent events that they would have counted."""

    # --- the fast path -----------------------------------------------------------------------------

    def deliver(self, room: Room, events: Sequence[Event], replies: dict[Session, list[bytes]] | None = None) -> None:
        """New events of a room, in order: to its tail and its live listeners.

        `replies` are taken from as they are written together with the events; what is left in it the
        caller sends. Events known already are passed over; a hole is filled from the log first.
        """
        if room.refreshing:
            room.refresh_again = True
            return
        if events[0].seq != room.head + 1:
            events = [event for event in events if event.seq > room.head]
            if not events:
                return
            if events[0].seq != room.head + 1:
                self.refresh(room)
                return
        payloads = [payload_of(event, room.name) for event in events]
        self.tails.extend(room.tail, [event.at for event in events], payloads)
        for event in events:
            if event.kind != Kind.POSTED:
                self._take_effect(room, event)
        room.head = events[-1].seq
        room.at = events[-1].at
        room.pending += payloads
        if not room.resting:
            self._flush(room, replies or {})

    def _take_effect(self, room: Room, event: Event) -> None:
        """What an event does to the room, or to a message in its tail: a newcomer gets that as it is now."""
        said = on_wire(event, room.name)
        if isinstance(said, Configured):
            room.topic = said.topic
        if not isinstance(said, Amending):
            return
        self.tails.amend(room.tail, (said.target,), lambda payload: folded(payload, said))
        if isinstance(said, Edited | Deleted):
            between = range(max(said.target + 1, room.tail.first), said.seq)
            self.tails.amend(room.tail, between, lambda payload: without_text(payload, said.target))

    def _flush(self, room: Room, replies: dict[Session, list[bytes]]) -> None:
        """Write what is pending to every live listener, encoded and joined once per dialect."""
        payloads, room.pending = room.pending, []
        room.told = room.head
        listeners = 0
        for dialect, live in room.live.items():
            pairs = live.pairs()
            if not pairs:
                continue
            listeners += len(pairs)
            buffer = dialect.frames(payloads)
            self._counters.delivered_bytes += len(buffer) * len(pairs)
            for session, write in pairs:
                own = replies.pop(session, None) if replies else None
                write(buffer if own is None else dialect.frames(own) + buffer)
        self._counters.deliveries += listeners * len(payloads)
        self._rest(room, listeners)

    def _rest(self, room: Room, listeners: int) -> None:
        """A flush to many costs much: leave the core to others before the next one, by what it took."""
        if listeners < self._fanout.from_listeners:
            return
        room.resting = True
        begun = self._clock.now()
        # The sockets get their bytes only when the loop is done with what it is at; `soon` comes after that.
        self._clock.soon(lambda: self._took(room, self._clock.now() - begun))

    def _took(self, room: Room, seconds: float) -> None:
        rest = max(seconds / self._fanout.share - seconds, self._fanout.shortest)
        if rest:
            self._clock.later(min(rest, self._fanout.longest), lambda: self._rested(room))
        else:
            self._rested(room)

    def _rested(self, room: Room) -> None:
        room.resting = False
        if room.pending:
            self._flush(room, {})

    def pass_on(self, room: Room, event: AnyEvent, but: Session) -> None:
        """Write a passing event to the live listeners but one; who is behind does without."""
        payload = encode(event)
        for dialect, live in room.live.items():
            buffer = dialect.frames([payload])
            for session, write in live.pairs():
                if session is not but:
                    write(buffer)

    def tell(self, sessions: Iterable[Session], event: AnyEvent) -> None:
        """Write a passing event to each session's connection, live or behind."""
        payload = encode(event)
        buffers: dict[Dialect, bytes] = {}
        for session in sessions:
            listener = session.listener
            if listener is not None:
                buffer = buffers.get(listener.dialect)
                if buffer is None:
                    buffer = buffers[listener.dialect] = listener.dialect.frames([payload])
                listener.write(buffer)

    # --- listening ---------------------------------------------------------------------------------

    def listen(self, session: Session, room: Room, after: int, *, counted: int, reset: bool = False) -> None:
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

    def catch_up(self, session: Session, room: Room) -> None:
        """Everything that is not the fast path: serve from the tail, else from the log, until live."""
        cursor = room.behind.get(session)
        while cursor is not None and not cursor.reading:
            listener = session.listener
            if listener is None or listener.paused:
                return
            if cursor.reset:
                cursor.reset = False
                self._counters.resets += 1
                listener.write(listener.dialect.frames([encode(Reset(room=room.name))]))
            if cursor.seq >= room.told:
                room.go_live(session, listener.dialect, listener.write)
                return
            if room.told - cursor.seq > self._limits.catch_up:
                self._skip(session, room, cursor, listener)
            if not room.tail.reaches(cursor.seq):
                self._read_page(session, room, cursor)
                return
            self._serve(cursor, listener, room.tail.between(cursor.seq, room.told, CHUNK))

    def _serve(self, cursor: Cursor, listener: Listener, payloads: list[bytes]) -> None:
        """Write as much as a socket should hold at once."""
        payloads = cut(payloads, self._limits.write_buffer)
        cursor.seq += len(payloads)
        cursor.fits = min(2 * len(payloads), PAGE)
        buffer = listener.dialect.frames(payloads)
        self._counters.deliveries += len(payloads)
        self._counters.delivered_bytes += len(buffer)
        listener.write(buffer)

    def _skip(self, session: Session, room: Room, cursor: Cursor, listener: Listener) -> None:
        """Far behind: name what is not sent, go on with the newest."""
        upto = room.told - self._limits.catch_up
        self._counters.skipped += 1
        skipped = encode(Skipped(room=room.name, from_=cursor.seq + 1, to=upto))
        listener.write(listener.dialect.frames([skipped]))
        cursor.seq = upto
        if upto > cursor.counted:
            self.missed(session, room)

    def _read_page(self, session: Session, room: Room, cursor: Cursor) -> None:
        cursor.reading = True
        after, upto, limit = cursor.seq, room.told, cursor.fits

        def served(page: list[Event] | Exception) -> None:
            cursor.reading = False
            if room.behind.get(session) is not cursor or session.listener is None:
                return  # left, dropped, or began anew meanwhile
            if isinstance(page, Exception) or not page:
                self._clock.later(1.0, lambda: self.catch_up(session, room))  # the disk may come back
                return
            self._serve(cursor, session.listener, [payload_of(event, room.name) for event in page])
            self.catch_up(session, room)

        self._threads.read(
            lambda: self._log.page(room.id, after=after, before=upto + 1, limit=limit, newest=False), served
        )

    # --- lost announcements ------------------------------------------------------------------------

    def refresh(self, room: Room) -> None:
        """Events may be missing here: read them from the log and deliver them."""
        if room.refreshing:
            room.refresh_again = True
            return
        room.refreshing = True
        after = room.head

        def read(page: list[Event] | Exception) -> None:
            room.refreshing = False
            if isinstance(page, Exception):
                self._clock.later(1.0, lambda: self.refresh(room))
                return
            again, room.refresh_again = room.refresh_again or len(page) == PAGE, False
            if page:
                self.deliver(room, page)
            if again:
                self.refresh(room)

        self._threads.read(lambda: self._log.page(room.id, after=after, before=END, limit=PAGE, newest=False), read)
