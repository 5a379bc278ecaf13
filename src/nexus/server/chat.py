"""The chat: the front door for everything that people say, whatever way they come in."""

import secrets
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from nexus.core.budget import NOBODY
from nexus.core.log import Record
from nexus.core.speaker import Speaker
from nexus.ports import Clock, Listener, Unavailable
from nexus.protocol import commands as c
from nexus.protocol.events import Goodbye
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done, Page, Refused
from nexus.protocol.types import Ref
from nexus.server.active_rooms import ActiveRooms
from nexus.server.counters import Counters
from nexus.server.erasing import Erasing
from nexus.server.farewells import Farewells
from nexus.server.greeting import Greeting
from nexus.server.history import History
from nexus.server.hub import Hub
from nexus.server.inviting import Inviting
from nexus.server.journal import Journal
from nexus.server.later import Later, start
from nexus.server.members import Members
from nexus.server.messages import Messages
from nexus.server.moderation import Moderation
from nexus.server.people import People
from nexus.server.purges import Purges
from nexus.server.read_state import ReadState
from nexus.server.reading import Reader
from nexus.server.reporting import Reporting
from nexus.server.rooms import Rooms
from nexus.server.searches import Searches
from nexus.server.sessions import Connection, Session, Sessions
from nexus.settings import Settings

OfOneself = c.Rename | c.Register | c.Login | c.Logout | c.Password | c.Logins | c.Revoke
OfRooms = c.Join | c.Leave | c.Typing | c.Rooms | c.Who | c.Create | c.Configure
OfOthers = c.Direct | c.Add | c.Remove | c.Promote
OfInvites = c.Invite | c.Invites | c.Uninvite | c.Accept
OfReports = c.Report | c.Reports | c.Settle
OfModerators = c.Mute | c.Unmute | c.Ban | c.Purge | c.Restore | c.Unban | c.Bans | c.Acts | c.Undo | c.Pause
Verb = Coroutine[Any, None, Done]

RESTARTING = "The server stops or restarts; everything you sent is stored."

log = structlog.get_logger()


@dataclass(frozen=True)
class Moderators:
    """What is said by those who look after people, and to them; and what goes on of it by itself."""

    moderation: Moderation
    inviting: Inviting
    reporting: Reporting
    purges: Purges


@dataclass(frozen=True)
class Verbs:
    """Everything that can be said, by what it is about."""

    greeting: Greeting
    people: People
    erasing: Erasing
    rooms: Rooms
    members: Members
    moderators: Moderators
    messages: Messages
    history: History
    searches: Searches
    read_state: ReadState


class Chat:
    """Takes every command, has it carried out by the verb that it names, and answers it once."""

    def __init__(
        self,
        settings: Settings,
        verbs: Verbs,
        farewells: Farewells,
        sessions: Sessions,
        active: ActiveRooms,
        hub: Hub,
        reader: Reader,
        journal: Journal,
        counters: Counters,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._verbs = verbs
        self._farewells = farewells
        self._sessions = sessions
        self._active = active
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
        """Carry out one command; its reply is written when it is done."""
        session = connection.session
        try:
            if session is None:
                self._carry_out(connection, command.ref, self._first(connection, command))
            elif type(command) is c.Post:
                self._verbs.messages.take(connection, session, command)
            else:
                connection.begin(command.ref)
                try:
                    session.budget.spend_command(self._clock.now())
                    verb = self._verb(session, command)
                except Refusal:
                    connection.end(command.ref)
                    raise
                self._carry_out(connection, command.ref, verb)
        except Refusal as refusal:
            self.refuse(connection, command.ref, refusal)

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
        """The reply to any command, for whoever has no connection; raises Refusal, and Unavailable."""
        return await self._verb(speaker, command)

    def hear(self, room_id: int, records: Sequence[Record]) -> None:
        """Another node stored these."""
        room = self._active.by_id.get(room_id)
        if room is not None and records:
            self._hub.deliver(room, records, {})

    # --- commands ----------------------------------------------------------------------------------

    def _first(self, connection: Connection, command: c.AnyCommand) -> Verb:
        if not isinstance(command, c.Hello):
            raise Refusal("unauthorised", "Say hello first, with a name, a token or a session.")
        return self._verbs.greeting.hello(connection, command)

    def _verb(self, speaker: Speaker, command: c.AnyCommand) -> Verb:  # noqa: C901, PLR0912
        """One line per command; each is the verb that carries it out."""
        match command:
            case c.Post():
                return self._verbs.messages.post(speaker, command)
            case c.Edit() | c.Delete() | c.React() | c.Unreact() | c.Pin() | c.Unpin():
                return self._verbs.messages.amend(speaker, command)
            case c.Replies():
                return self._verbs.messages.replies(speaker, command)
            case c.Pins():
                return self._verbs.messages.pins(speaker, command)
            case c.History():
                return self._verbs.history.history(speaker, command)
            case c.Search():
                return self._verbs.searches.search(speaker, command)
            case c.Read():
                return self._verbs.read_state.read(speaker, command)
            case c.Level():
                return self._verbs.read_state.level(speaker, command)
            case c.Join() | c.Leave() | c.Typing() | c.Rooms() | c.Who() | c.Create() | c.Configure():
                return self._of_rooms(speaker, command)
            case c.Direct() | c.Add() | c.Remove() | c.Promote():
                return self._of_others(speaker, command)
            case c.Report() | c.Reports() | c.Settle():
                return self._of_reports(speaker, command)
            case c.Invite() | c.Invites() | c.Uninvite() | c.Accept():
                return self._of_invites(speaker, command)
            case c.Mute() | c.Unmute() | c.Ban() | c.Purge() | c.Restore() | c.Unban() | c.Bans() | c.Acts() | c.Undo():
                return self._of_moderators(speaker, command)
            case c.Pause():
                return self._of_moderators(speaker, command)
            case c.Rename() | c.Register() | c.Login() | c.Logout() | c.Password() | c.Logins() | c.Revoke():
                return self._of_oneself(speaker, command)
            case c.Erase():
                return self._verbs.erasing.oneself(_in_conversation(speaker), command)
            case c.Ping():
                return ping(command)
            case c.Hello():
                raise Refusal("bad_request", "This session has said hello already.")

    def _of_rooms(self, speaker: Speaker, command: OfRooms) -> Verb:
        """The verbs about rooms."""
        rooms = self._verbs.rooms
        match command:
            case c.Join():
                return rooms.join(_in_conversation(speaker), command)
            case c.Leave():
                return rooms.leave(_in_conversation(speaker), command)
            case c.Typing():
                return rooms.typing(speaker, command)
            case c.Rooms():
                return rooms.rooms(speaker, command)
            case c.Who():
                return rooms.who(speaker, command)
            case c.Create():
                return rooms.create(speaker, command)
            case c.Configure():
                return rooms.configure(speaker, command)

    def _of_others(self, speaker: Speaker, command: OfOthers) -> Verb:
        """The verbs about who is in a room."""
        members = self._verbs.members
        match command:
            case c.Direct():
                return members.direct(_in_conversation(speaker), command)
            case c.Add():
                return members.add(speaker, command)
            case c.Remove():
                return members.remove(speaker, command)
            case c.Promote() if command.room is None:
                return self._verbs.moderators.moderation.give_role(speaker, command)
            case c.Promote():
                return members.promote(speaker, command)

    def _of_invites(self, speaker: Speaker, command: OfInvites) -> Verb:
        """The verbs about invitations."""
        inviting = self._verbs.moderators.inviting
        match command:
            case c.Invite():
                return inviting.invite(speaker, command)
            case c.Invites():
                return inviting.invites(speaker, command)
            case c.Uninvite():
                return inviting.uninvite(speaker, command)
            case c.Accept():
                return inviting.accept(_in_conversation(speaker), command)

    def _of_reports(self, speaker: Speaker, command: OfReports) -> Verb:
        """The verbs about what people report."""
        reporting = self._verbs.moderators.reporting
        match command:
            case c.Report():
                return reporting.report(speaker, command)
            case c.Reports():
                return reporting.reports(speaker, command)
            case c.Settle():
                return reporting.settle(speaker, command)

    def _of_moderators(self, speaker: Speaker, command: OfModerators) -> Verb:
        """The verbs about people on the whole server."""
        moderation = self._verbs.moderators.moderation
        match command:
            case c.Mute():
                return moderation.mute(speaker, command)
            case c.Unmute():
                return moderation.unmute(speaker, command)
            case c.Ban():
                return moderation.ban(speaker, command)
            case c.Purge():
                return moderation.purge(speaker, command)
            case c.Restore():
                return moderation.undo(speaker, c.Undo(ref=command.ref, act=command.act))
            case c.Unban():
                return moderation.unban(speaker, command)
            case c.Pause():
                return moderation.pause(speaker, command)
            case c.Bans():
                return moderation.bans(speaker, command)
            case c.Acts():
                return moderation.acts(speaker, command)
            case c.Undo():
                return moderation.undo(speaker, command)

    def _of_oneself(self, speaker: Speaker, command: OfOneself) -> Verb:
        """The verbs about who one is."""
        people = self._verbs.people
        match command:
            case c.Rename():
                return people.rename(_in_conversation(speaker), command)
            case c.Register():
                return people.register(_in_conversation(speaker), command)
            case c.Login():
                return people.log_in(_in_conversation(speaker), command)
            case c.Logout():
                return people.log_out(_in_conversation(speaker), command)
            case c.Password():
                return people.password(_in_conversation(speaker), command)
            case c.Logins():
                return people.logins(speaker, command)
            case c.Revoke():
                return people.revoke(speaker, command)

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


async def ping(command: c.Ping) -> Done:
    """Answer, and nothing else."""
    return Done(command.ref)


def _in_conversation(speaker: Speaker) -> Session:
    """The session of whoever is in a conversation; refuses those who only ask for one thing."""
    if not isinstance(speaker, Session):
        raise Refusal("bad_request", "This needs a conversation; connect and say hello first.")
    return speaker


def _internal(fault: Exception) -> Refusal:
    id = secrets.token_hex(4)
    log.error("a command failed", id=id, exc_info=fault)
    return Refusal("internal", f"The server failed to carry this out; its log has the details under {id}.")
