"""The chat: takes every command, answers it once, and hands out what was stored."""

import secrets
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import structlog

from nexus.core.entries import Draft, Event, Kind, NonceReused, Outcome, Stored
from nexus.core.mentions import candidates
from nexus.core.room import Room
from nexus.core.session import Session
from nexus.core.texts import TextInvalid, TextTooLong, check_nonce, check_text
from nexus.ports import Bus, Listener, Unavailable
from nexus.protocol import commands as c
from nexus.protocol.codec import encode
from nexus.protocol.events import Goodbye
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done, Refused
from nexus.protocol.types import Ref
from nexus.server.accounts import Accounts
from nexus.server.greeting import Greeting
from nexus.server.journal import Waiting
from nexus.server.later import start
from nexus.server.messages import Messages, reused
from nexus.server.people import People
from nexus.server.searches import Searches
from nexus.server.state import State
from nexus.server.visits import Visits

OfOneself = c.Rename | c.Register | c.Login | c.Logout | c.Logins | c.Revoke

log = structlog.get_logger()


class Chat:
    """The verbs of one node; everything that a connection says comes through `take`."""

    def __init__(self, state: State, bus: Bus, accounts: Accounts, noted: Callable[[Sequence[Event]], None]) -> None:
        self.state = state
        self.accounts = accounts
        self._bus = bus
        self._noted = noted
        self._visits = Visits(state)
        self._messages = Messages(state, self._visits)
        self._searches = Searches(state, self._visits)
        self._greeting = Greeting(state, self._visits, accounts)
        self._people = People(state, accounts, self._visits, self._greeting)
        self._doubtful: set[int] = set()
        self.trouble = ""
        """Why nothing can be stored right now; empty where it can."""
        bus.listen(self.hear)

    # --- from a connection -------------------------------------------------------------------------

    def take(self, listener: Listener, command: c.AnyCommand) -> None:
        """Carry out one command; its reply is written when it is done."""
        session: Session | None = listener.session
        try:
            if session is None:
                self._carry_out(listener, command.ref, self._first(listener, command))
            elif type(command) is c.Post:
                self._post(listener, session, command)
            else:
                session.admit_command(command.ref, self.state.clock.now())
                self._carry_out(listener, command.ref, self._verb(session, command))
        except Refusal as refusal:
            self.refuse(listener, command.ref, refusal)

    def refuse(self, listener: Listener, ref: Ref | None, refusal: Refusal) -> None:
        """Answer that a command is not carried out, and why."""
        self._reply(listener, encode(self._refused(ref, refusal)))

    def lost(self, listener: Listener, *, leaving: bool) -> None:
        """The connection is gone; with `leaving` the person meant it, so nobody waits for a resume."""
        self._greeting.lost(listener, leaving=leaving)

    def stalled(self, listener: Listener) -> None:
        """The connection's socket is full."""
        if listener.session is not None:
            self.state.hub.stall(listener.session)

    def drained(self, listener: Listener) -> None:
        """The connection's socket takes bytes again."""
        if listener.session is not None:
            self.state.hub.drained(listener.session)

    # --- from other nodes --------------------------------------------------------------------------

    def hear(self, room_id: int, events: Sequence[Event]) -> None:
        """Another node stored these."""
        room = self.state.shelf.by_id.get(room_id)
        if room is not None and events:
            self.state.hub.deliver(room, events)

    # --- commands ----------------------------------------------------------------------------------

    def _first(self, listener: Listener, command: c.AnyCommand) -> Coroutine[Any, None, Done]:
        if not isinstance(command, c.Hello):
            raise Refusal("unauthorised", "Say hello first, with a name, a token or a session.")
        return self._greeting.hello(listener, command)

    def _verb(self, session: Session, command: c.AnyCommand) -> Coroutine[Any, None, Done]:  # noqa: C901, PLR0912
        """One line per command; each is the verb that carries it out."""
        visits = self._visits
        match command:
            case c.Join():
                return visits.join(session, command)
            case c.Leave():
                return visits.leave(session, command)
            case c.Edit() | c.Delete() | c.React() | c.Unreact() | c.Pin() | c.Unpin():
                return self._messages.amend(session, command)
            case c.Pins():
                return self._messages.pins(session, command)
            case c.History():
                return visits.history(session, command)
            case c.Search():
                return self._searches.search(session, command)
            case c.Typing():
                return visits.typing(session, command)
            case c.Read():
                return visits.read(session, command)
            case c.Level():
                return visits.level(session, command)
            case c.Rooms():
                return visits.rooms(session, command)
            case c.Who():
                return visits.who(session, command)
            case c.Create():
                return visits.create(session, command)
            case c.Configure():
                return visits.configure(session, command)
            case c.Rename() | c.Register() | c.Login() | c.Logout() | c.Logins() | c.Revoke():
                return self._of_oneself(session, command)
            case c.Ping():
                return ping(command)
        raise Refusal("bad_request", "This session has said hello already.")

    def _of_oneself(self, session: Session, command: OfOneself) -> Coroutine[Any, None, Done]:
        """The verbs about who one is."""
        people = self._people
        match command:
            case c.Rename():
                return people.rename(session, command)
            case c.Register():
                return people.register(session, command)
            case c.Login():
                return people.log_in(session, command)
            case c.Logout():
                return people.log_out(session, command)
            case c.Logins():
                return people.logins(session, command)
            case c.Revoke():
                return people.revoke(session, command)

    def _carry_out(self, listener: Listener, ref: Ref, verb: Coroutine[Any, None, Done]) -> None:
        listener.busy += 1
        start(self._run(listener, ref, verb))

    async def _run(self, listener: Listener, ref: Ref, verb: Coroutine[Any, None, Done]) -> None:
        """Answer with what comes of a verb, then let the connection say the next thing."""
        reply: Done | Refused
        try:
            reply = await verb
        except Refusal as refusal:
            reply = self._refused(ref, refusal)
        except Unavailable as why:
            reply = self._refused(ref, Refusal("unavailable", str(why), 1.0))
        except Exception as fault:  # one faulty verb must end neither the node nor the session
            reply = self._refused(ref, _internal(fault))
        if listener.session is not None:
            listener.session.refs.discard(ref)
        self._reply(listener, encode(reply))
        if listener.session is not None:
            self.state.hub.drained(listener.session)
        listener.busy -= 1
        listener.ready()

    def _post(self, listener: Listener, session: Session, command: c.Post) -> None:
        """The hot path: admit the message and give it to the journal."""
        state = self.state
        limits = state.settings.limits
        try:
            check_text(command.text, limits.text)
            if command.nonce is not None:
                check_nonce(command.nonce)
        except TextInvalid as why:
            raise Refusal("too_large" if isinstance(why, TextTooLong) else "bad_request", str(why)) from None
        if state.stopping:
            raise Refusal("unavailable", "The server is stopping; this was not stored.", 1.0)
        if state.journal.waiting_bytes > limits.waiting_bytes:
            raise Refusal("unavailable", "The disk is slower than what is posted; try again in a moment.", 1.0)
        name = command.room if command.room in session.rooms else self._visits.key(command.room)
        room: Room = session.admit_post(name, command.ref, state.clock.now())
        if command.reply_to is not None and not 0 < command.reply_to <= room.head:
            session.refs.discard(command.ref)
            raise Refusal("not_found", f"There is no message {command.reply_to} in '{name}' to reply to.")
        if len(session.refs) >= limits.in_flight and not session.flooded:
            session.flooded = True
            listener.busy += 1
        state.journal.post(
            Draft(
                room.id,
                session.author,
                session.name,
                Kind.POSTED,
                state.clock.wall(),
                command.text,
                command.nonce,
                command.reply_to,
                candidates(command.text) if "@" in command.text else (),
            ),
            listener,
            command.ref,
        )

    # --- from the journal --------------------------------------------------------------------------

    def committed(self, group: Waiting, result: list[Outcome] | Unavailable) -> None:
        """A group is stored (or is not): per room one fan-out, to each author their reply with it."""
        if isinstance(result, Unavailable):
            self._failed(group, result)
            return
        self.trouble = ""
        replies: dict[Session, list[bytes]] = {}
        fresh: dict[int, list[Event]] = {}
        arrivals = []
        for (_, asker), outcome in zip(group, result, strict=True):
            event: Outcome = outcome
            if isinstance(outcome, Stored):
                event = self._stored(outcome, asker, replies)
            elif isinstance(outcome, NonceReused) and isinstance(asker, tuple):
                self._answer(asker[0], asker[1], encode(self._refused(asker[1], reused(outcome))), replies)
            if isinstance(event, Event):
                fresh.setdefault(event.room, []).append(event)
            if not isinstance(asker, tuple):
                arrivals.append((asker, outcome))
        for room_id, events in fresh.items():
            room = self.state.shelf.by_id.get(room_id)
            if room is not None:
                self.state.hub.deliver(room, events, replies)
            self._noted(events)
            self._bus.announce(room_id, events)
        self._send(replies)
        self._look_again()
        for later, outcome in arrivals:
            later.arrive(outcome)

    def _stored(self, stored: Stored, asker: Any, replies: dict[Session, list[bytes]]) -> Event | None:
        """Answer a stored message (what was done to one is answered by its verb); returns its event where it is new."""
        event, first = stored
        if isinstance(asker, tuple):
            listener, ref = asker
            self._answer(listener, ref, encode(Done(ref, event.seq, event.at)), replies)
            self.state.counters.posts += first
        if first:
            return event
        self.state.counters.retries += 1
        room = self.state.shelf.by_id.get(event.room)
        if room is not None and event.seq > room.head:  # stored by a group whose outcome was never heard
            self._doubtful.add(room.id)
        return None

    def _failed(self, group: Waiting, why: Unavailable) -> None:
        """Nothing of the group counts as stored; should some of it be, the log tells later."""
        replies: dict[Session, list[bytes]] = {}
        refusal = Refusal("unavailable", f"Not stored: {why}", 1.0)
        self.trouble = str(why)
        log.warning("a group was not stored", entries=len(group), why=str(why))
        for entry, asker in group:
            if isinstance(asker, tuple):
                self._answer(asker[0], asker[1], encode(self._refused(asker[1], refusal)), replies)
            draft = getattr(entry, "draft", entry)
            if isinstance(draft, Draft):
                self._doubtful.add(draft.room)
        self._send(replies)
        self.state.clock.later(1.0, self._look_again)  # also where nothing more is ever said
        for _, asker in group:
            if not isinstance(asker, tuple):
                asker.arrive(why)

    def _look_again(self) -> None:
        """Rooms of which more may be stored than was heard: fill them from the log."""
        while self._doubtful:
            room = self.state.shelf.by_id.get(self._doubtful.pop())
            if room is not None:
                self.state.hub.refresh(room)

    def _answer(self, listener: Listener, ref: Ref, reply: bytes, replies: dict[Session, list[bytes]]) -> None:
        """Keep a post's reply for its author, unless that connection is gone."""
        session = listener.session
        if session is None:
            return
        session.refs.discard(ref)
        replies.setdefault(session, []).append(reply)
        if session.flooded and len(session.refs) <= self.state.settings.limits.in_flight // 2:
            session.flooded = False
            listener.busy -= 1
            self.state.clock.soon(listener.ready)

    def _send(self, replies: dict[Session, list[bytes]]) -> None:
        for session, payloads in replies.items():
            listener = session.listener
            if listener is not None:
                listener.write(listener.dialect.frames(payloads))

    def _reply(self, listener: Listener, payload: bytes) -> None:
        if not listener.closed:
            listener.write(listener.dialect.frames([payload]))

    def _refused(self, ref: Ref | None, refusal: Refusal) -> Refused:
        self.state.counters.refusals[refusal.code] += 1
        return Refused(ref, refusal.code, refusal.message, refusal.retry_after)

    # --- stopping ----------------------------------------------------------------------------------

    async def stop(self) -> None:
        """Store what waits, then send everyone away, each with a time of their own to come back."""
        self.state.stopping = True
        await self.state.journal.idle()
        sessions = [session for session in self.state.sessions.values() if session.listener is not None]
        for index, session in enumerate(sessions):
            wait = round(0.2 + self.state.settings.stop.spread * index / len(sessions), 2)
            self._greeting.dismiss(session, Goodbye(code="restarting", reason=RESTARTING, retry_after=wait))


RESTARTING = "The server stops or restarts; everything sent is stored."


async def ping(command: c.Ping) -> Done:
    """Answer, and nothing else."""
    return Done(command.ref)


def _internal(fault: Exception) -> Refusal:
    id = secrets.token_hex(4)
    log.error("a command failed", id=id, exc_info=fault)
    return Refusal("internal", f"That failed by a fault of the server; its log has it under {id}.")
