"""How a session ends, and how the store comes to know what is true of it."""

from collections.abc import Iterable

from nexus.core.changes import EndSessions, NameTaken, OpenSession
from nexus.ports import Clock, Store, Unavailable
from nexus.protocol.codes import GOODBYES
from nexus.protocol.events import Goodbye
from nexus.server.access import person_name
from nexus.server.journal import Journal
from nexus.server.later import start
from nexus.server.presence import Presence
from nexus.server.sessions import Connection, Session, Sessions, Waiting

NORMAL = 1000
"""The close code of a client that has done what it came for."""

MOST_ADDRESSES = 10_000
"""Addresses from which sessions waited, before those are forgotten where none does any more."""

RETRY_AFTER = 5.0
"""Seconds until something that the store would not do is tried again."""


class Farewells:
    """Ends sessions; one whose connection dropped keeps its name and rooms for the grace time, in seconds."""

    def __init__(
        self,
        store: Store,
        journal: Journal,
        sessions: Sessions,
        presence: Presence,
        clock: Clock,
        grace: float,
        most_waiting: int,
    ) -> None:
        """Of those from one address at most `most_waiting` wait."""
        self._store = store
        self._journal = journal
        self._sessions = sessions
        self._presence = presence
        self._clock = clock
        self._grace = grace
        self._most_waiting = most_waiting
        self._waiting: dict[str, Waiting] = {}
        self.run = 0
        """This node among others, which may have the session by now; 0 where there are none."""

    def lost(self, connection: Connection, *, leaving: bool) -> None:
        """The connection is gone: nothing is written to it any more; the session waits or ends."""
        session = connection.session
        if session is None:
            return
        session.detach()
        if leaving:
            self.end(session)
        else:
            self.wait(session)

    def wait(self, session: Session) -> None:
        """Nobody is there; the session ends after the grace time."""
        beside = self._beside(session)
        session.wait(self._clock.later(self._grace, lambda: self._expire(session)), beside)
        if session.sources[0] and len(beside) > self._most_waiting:
            self.end(next(iter(beside)))  # else names could be held without end, one connection after the other

    def _expire(self, session: Session) -> None:
        """The grace time is over; it begins again where someone is about to come back, however long that takes."""
        if session.coming:
            session.wait(self._clock.later(self._grace, lambda: self._expire(session)), self._beside(session))
        else:
            self.end(session)

    def _beside(self, session: Session) -> Waiting:
        """Those that wait who came from the same address."""
        if len(self._waiting) > MOST_ADDRESSES:
            self._waiting = {address: waiting for address, waiting in self._waiting.items() if waiting}
        return self._waiting.setdefault(session.sources[0], {})

    def dismiss(self, session: Session, goodbye: Goodbye) -> None:
        """Say goodbye on the session's connection and close it; the session itself waits."""
        listener = session.listener
        if listener is None:
            return
        session.detach()
        self.wait(session)
        listener.send(goodbye)
        listener.close(GOODBYES[goodbye.code].close or NORMAL, goodbye.code)

    def end(self, session: Session) -> None:
        """Nobody comes back to this session: leave its rooms, free its name."""
        if not self._sessions.remove(session):
            return
        session.stop_waiting()
        for room in list(session.rooms.values()):
            self._presence.exit(session, room)
        start(self._synchronise(session.id))

    def end_all(self, sessions: Iterable[Session], code: str) -> None:
        """End sessions whose login is over, or that asked for it, with a goodbye."""
        for session in sessions:
            self.dismiss(session, Goodbye.of(code))
            self.end(session)

    def gone_elsewhere(self, session: Session) -> None:
        """The session goes on at another node, which the store knows: nothing of it ends but what is here."""
        self.dismiss(session, Goodbye.of("replaced"))
        if self._sessions.remove(session):
            session.stop_waiting()
            for room in list(session.rooms.values()):
                self._presence.exit(session, room)

    async def remember(self, change: OpenSession) -> NameTaken | None:
        """Store who a session is; raises Unavailable, and sees to it then that the store has what is true."""
        try:
            return await self._journal.change(change)
        except Unavailable:
            start(self._synchronise(change.id))  # it may be stored all the same, and would hold or free a name
            raise

    async def _synchronise(self, id: int) -> None:
        """Store what is true of a session, however often it takes: that it is over, or who it is."""
        session, run = self._sessions.get(id), self._store.run
        try:
            if session is None:
                await self._journal.change(EndSessions((id,), run=self.run))
            elif session.account is not None:
                guest = session.earlier != 0
                again = OpenSession(id, run, account=session.account, login=session.login, guest=guest)
                if await self._journal.change(again) is not None:
                    self.end_all([session], "revoked")
            else:
                name = person_name(session.name)
                again = OpenSession(id, run, *name, at=self._clock.wall())
                if await self._journal.change(again) is not None:
                    self.end_all([session], "ended")  # the name that the store had taken away is another's now
        except Unavailable:
            self._clock.later(RETRY_AFTER, lambda: start(self._synchronise(id)))

    def end_earlier(self) -> None:
        """Sessions that an earlier start left and that nobody resumed within the grace time are over."""
        start(self._end_earlier())

    async def _end_earlier(self) -> None:
        try:
            await self._journal.change(EndSessions(before_run=self._store.run))
        except Unavailable:
            self._clock.later(RETRY_AFTER, self.end_earlier)
