"""The chat: the front door for everything that people say, whatever way they come in."""

import secrets

import structlog

from nexus.core.budget import NOBODY
from nexus.core.speaker import Speaker
from nexus.ports import Clock, Listener, Unavailable
from nexus.protocol import commands as c
from nexus.protocol.events import Goodbye
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done, Page, Refused
from nexus.protocol.types import Ref
from nexus.server.counters import Counters
from nexus.server.farewells import Farewells
from nexus.server.hub import Hub
from nexus.server.journal import Journal
from nexus.server.later import Later, start
from nexus.server.reading import Reader
from nexus.server.sessions import Connection, Sessions
from nexus.server.verbs import Verb, Verbs
from nexus.settings import Settings

PATIENCE = 0.1
"""Seconds for which a command that comes too fast waits; it is refused where it would have to wait for longer."""

ROUNDING = 0.001
"""Seconds more, as what is counted in fractions may fall short of one by a hair."""

RESTARTING = "The server stops or restarts; everything you sent is stored."

log = structlog.get_logger()


class Chat:
    """Takes every command, has it carried out by the verb that it names, and answers it once."""

    def __init__(
        self,
        settings: Settings,
        verbs: Verbs,
        farewells: Farewells,
        sessions: Sessions,
        hub: Hub,
        reader: Reader,
        journal: Journal,
        counters: Counters,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._verbs = verbs
        self._post = verbs.messages.take
        self._farewells = farewells
        self._sessions = sessions
        self._hub = hub
        self._reader = reader
        self._journal = journal
        self._counters = counters
        self._clock = clock

    # --- a connection ------------------------------------------------------------------------------

    def connect(self, listener: Listener) -> Connection:
        """Someone is there, and has said nothing yet."""
        return Connection(listener, self._settings.limits.in_flight)

    def take(self, connection: Connection, command: c.AnyCommand) -> None:
        """Carry out one command; its reply is written when it is done. What comes a moment too fast waits for it."""
        try:
            if type(command) is c.Post and connection.session is not None:  # nearly all are
                self._post(connection, connection.session, command)
            else:
                self._begin(connection, command)
        except Refusal as refusal:
            wait = refusal.retry_after if refusal.code == "too_fast" else None
            if wait is None or wait > PATIENCE:
                self.refuse(connection, command.ref, refusal)
            else:
                connection.listener.hold()
                self._clock.later(wait + ROUNDING, lambda: self._take_late(connection, command))

    def _take_late(self, connection: Connection, command: c.AnyCommand) -> None:
        """What came too fast had its wait."""
        if not connection.listener.closed:
            try:
                self._begin(connection, command)
            except Refusal as refusal:
                self.refuse(connection, command.ref, refusal)
        connection.listener.release()

    def _begin(self, connection: Connection, command: c.AnyCommand) -> None:
        """Begin with a command, or raise the Refusal."""
        session = connection.session
        if session is None:
            self._carry_out(connection, command.ref, self._first(connection, command))
        elif type(command) is c.Post:
            self._post(connection, session, command)
        else:
            connection.begin(command.ref)
            try:
                session.budget.spend_command(self._clock.now())
                verb = self._verbs.verb(session, command)
            except Refusal:
                connection.end(command.ref)
                raise
            self._carry_out(connection, command.ref, verb)

    def refuse(self, connection: Connection, ref: Ref | None, refusal: Refusal) -> None:
        """Answer that a command is not carried out, and why."""
        self._reply(connection, self._counters.refused(ref, refusal))

    def lost(self, connection: Connection, *, leaving: bool) -> None:
        """The connection is gone; with `leaving` the person meant it, so nobody waits for a resume."""
        self._farewells.lost(connection, leaving=leaving)

    def stalled(self, connection: Connection) -> None:
        """The connection's socket is full."""
        if connection.session is not None:
            self._hub.stall(connection.session)

    def drained(self, connection: Connection) -> None:
        """The connection's socket takes bytes again."""
        if connection.session is not None:
            self._hub.drained(connection.session)

    # --- from elsewhere ----------------------------------------------------------------------------

    async def ask(self, speaker: Speaker, command: c.AnyCommand) -> Done:
        """The reply to any command, for a speaker without a connection; raises Refusal, and Unavailable."""
        return await self._verbs.verb(speaker, command)

    # --- commands ----------------------------------------------------------------------------------

    def _first(self, connection: Connection, command: c.AnyCommand) -> Verb:
        if not isinstance(command, c.Hello):
            raise Refusal("unauthorised", "Say hello first, with a name, a token or a session.")
        return self._verbs.greeting.hello(connection, command)

    def _carry_out(self, connection: Connection, ref: Ref, verb: Verb) -> None:
        connection.listener.hold()
        start(self._run(connection, ref, verb))

    async def _run(self, connection: Connection, ref: Ref, verb: Verb) -> None:
        """Answer with what comes of a verb, then let the connection say the next thing."""
        reply: Done | Refused | bytes
        try:
            reply = await verb
            if isinstance(reply, Page):
                reply = await self._encoded(connection, reply)
        except Refusal as refusal:
            reply = self._counters.refused(ref, refusal)
        except Unavailable as why:
            reply = self._counters.refused(ref, Refusal("unavailable", str(why), 1.0))
        except Exception as fault:  # one faulty verb must end neither the node nor the session
            reply = self._counters.refused(ref, _internal(fault))
        connection.end(ref)
        self._reply(connection, reply)
        self.drained(connection)
        connection.listener.release()

    def _encoded(self, connection: Connection, page: Page) -> Later[bytes]:
        """A page as the connection wants it, made in a reader's thread: a large one would hold up everyone else."""
        dialect, session = connection.listener.dialect, connection.session
        return self._reader.read(lambda: dialect.encode(page), session.sources if session is not None else NOBODY)

    def _reply(self, connection: Connection, reply: Done | Refused | bytes) -> None:
        if connection.listener.closed:
            return
        if isinstance(reply, bytes):
            connection.listener.write(reply)
        else:
            connection.listener.send(reply)

    # --- stopping ----------------------------------------------------------------------------------

    async def stop(self) -> None:
        """Store what waits, then send everyone away, each with a time of their own to come back."""
        self._verbs.messages.stopping = self._verbs.greeting.stopping = True
        await self._journal.idle()
        sessions = [session for session in self._sessions.all() if session.connection is not None]
        for index, session in enumerate(sessions):
            wait = round(0.2 + self._settings.stop.spread * index / len(sessions), 2)
            self._farewells.dismiss(session, Goodbye.of("restarting", RESTARTING, wait))


def _internal(fault: Exception) -> Refusal:
    id = secrets.token_hex(4)
    log.error("a command failed", id=id, exc_info=fault)
    return Refusal("internal", f"The server failed to carry this out; its log has the details under {id}.")
