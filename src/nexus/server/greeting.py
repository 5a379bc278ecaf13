"""How a session begins, drops, is resumed, and ends."""

import secrets
from collections.abc import Iterable, Set

from msgspec.structs import replace

from nexus import __version__
from nexus.core import names
from nexus.core.entries import EndSessions, NameTaken, OpenSession
from nexus.core.names import Name
from nexus.core.pace import Bucket
from nexus.core.people import Account, SessionRow
from nexus.core.session import Session, make_secret, read_secret
from nexus.ports import Listener, Unavailable
from nexus.protocol import commands as c
from nexus.protocol.codec import encode
from nexus.protocol.events import GOODBYES, Goodbye, Notice
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.protocol.types import Limits, RoomInfo, Server
from nexus.server.accounts import Accounts
from nexus.server.later import start
from nexus.server.state import State, person
from nexus.server.visits import Place, Visits

CLOSE_CODES = {"restarting": 1012, "replaced": 4001, "revoked": 4003, "ended": 1000, "late": 4008}
"""The WebSocket close code (RFC 6455 section 7.4) that follows each goodbye."""

AGAIN = 5.0
"""Seconds until something that the store would not do is tried again."""


class Greeting:
    """Greets, resumes and dismisses; a dropped session keeps its name and rooms for the grace time."""

    def __init__(self, state: State, visits: Visits, accounts: Accounts) -> None:
        self._state = state
        self._visits = visits
        self._accounts = accounts
        state.clock.later(state.settings.session.grace, self._sweep)

    # --- hello -------------------------------------------------------------------------------------

    async def hello(self, listener: Listener, command: c.Hello) -> Done:
        """Begin or resume a session on this connection; resumed rooms follow the reply."""
        if self._state.stopping:
            raise Refusal("unavailable", "The server is stopping; come back in a moment.", 1.0)
        session, token = await self._who(listener, command)
        turn = session.hellos = session.hellos + 1
        known: dict[int, RoomInfo] = {}
        if session.account is not None:
            marks, before = self._visits.marks, dict(session.marks)
            known = marks.know(session, await marks.memberships(session, session.account), before)
        places, refusals = await self._places(session, command)
        # From here on in one step with the reply, so that nothing comes between, however long all else took.
        self._attach(listener, session, turn)
        rooms = self._enter(session, places, refusals)
        rooms += self._others(session, known, places.keys() | refusals.keys())
        told = known.keys() | {place.room.id for place in places.values()}
        self._state.clock.soon(lambda: self._visits.tell_memberships(session, told))
        return Done(
            command.ref,
            you=session.you,
            session=make_secret(session.id, self._state.store.key),
            token=token,
            epoch=self._state.store.epoch,
            server=Server(self._state.settings.title, __version__, self._state.clock.wall()),
            limits=self._limits(),
            rooms=rooms,
        )

    async def _who(self, listener: Listener, command: c.Hello) -> tuple[Session, str | None]:
        """The session to speak in, and the token of a login made now."""
        command = self._with_kept(listener, command)
        account = login = token = None
        if command.token is not None:
            found, account = await self._accounts.by_token(command.token)
            login = found.id
        elif command.password is not None and command.name is not None:
            account = await self._accounts.sign_in(command.name, command.password, listener.address)
            login, token = await self._accounts.add_login(account, command.client)
        id = self._known(command)
        session = await self._again(id, account) if id is not None else None
        if session is None:
            if account is not None:
                session = await self._open(account, login)
            elif command.name is not None:
                session = await self._claim(person(command.name), id)
            else:
                raise Refusal("unauthorised", "That session has ended; say hello with a name or a token.")
        return session, token

    def _with_kept(self, listener: Listener, command: c.Hello) -> c.Hello:
        """What the browser kept stands for the session or the token that its page does not know."""
        if not (command.kept and listener.kept) or command.token is not None:
            return command
        if read_secret(listener.kept, self._state.store.key) is None:
            return replace(command, token=listener.kept)
        return command if command.session is not None else replace(command, session=listener.kept)

    def _known(self, command: c.Hello) -> int | None:
        """The id in the session's secret; refuses where there is nothing at all to go by."""
        if command.session is None:
            if command.name is None and command.token is None:
                raise Refusal("unauthorised", "Say hello with a name, a token or a session.")
            return None
        id = read_secret(command.session, self._state.store.key)
        if id is None and command.name is None and command.token is None:
            raise Refusal("unauthorised", "That is no session of this server; say hello with a name.")
        return id

    async def _again(self, id: int, account: Account | None) -> Session | None:
        """The session of that id, from memory, or from the store after a restart; None where it has ended."""
        session = self._state.sessions.get(id)
        if session is None:
            row = await self._state.read(lambda: self._state.store.session(id))
            if row is None or (account is not None and row.account != account.id):
                return None
            session = await self._revive(row)
        if session is not None and account is not None and session.account != account.id:
            return None
        return session

    async def _revive(self, row: SessionRow) -> Session | None:
        """A session of an earlier start; another connection may revive the same one, and be faster."""
        if row.account is None:
            return await self._claim(person(row.name), row.id)
        account = await self._accounts.by_id(row.account)
        return None if account is None else await self._open(account, row.login, row.id)

    async def _open(self, account: Account, login: int | None, id: int | None = None) -> Session:
        id = id or secrets.randbits(62) + 1
        await self.remember(OpenSession(id, self._state.store.run, account=account.id, login=login))
        return self._new(Session(id, account.name, account.role, account.id, login))

    async def _claim(self, name: Name, id: int | None) -> Session:
        """A new guest; who proves an earlier session stays the same author, so that retries are known."""
        id = id or secrets.randbits(62) + 1
        taken = await self.remember(OpenSession(id, self._state.store.run, name.shown, name.key, name.skeleton))
        if isinstance(taken, NameTaken):
            raise await self._accounts.name_taken(name, taken.holder)
        return self._new(Session(id, name.shown, "guest", None, None))

    async def remember(self, change: OpenSession) -> NameTaken | None:
        """Store who a session is; raises Unavailable, and sees to it then that the store does not know it otherwise."""
        try:
            taken: NameTaken | None = await self._state.journal.change(change)
        except Unavailable:
            start(self._agree(change.id))  # it may be stored all the same, and would hold or free a name
            raise
        return taken

    def _new(self, session: Session) -> Session:
        known = self._state.sessions.get(session.id)
        if known is not None:
            return known
        pace, now = self._state.settings.pace, self._state.clock.now()
        session.posts = Bucket(pace.posts, pace.posts_burst, now)
        session.commands = Bucket(pace.commands, pace.commands_burst, now)
        self._state.sessions[session.id] = session
        self._wait(session)  # should this hello fail, the next one has that long
        return session

    def _attach(self, listener: Listener, session: Session, turn: int) -> None:
        """The session continues on this connection, and on no other; on the newest, whichever was the fastest."""
        if listener.closed or session.hellos != turn or self._state.sessions.get(session.id) is not session:
            raise Refusal("unavailable", "The session ended or went on elsewhere meanwhile; say hello again.", 1.0)
        if session.listener is not None:
            self.dismiss(session, Goodbye(code="replaced", reason=GOODBYES["replaced"]))
        if session.grace is not None:
            session.grace.cancel()
            session.grace = None
        address = listener.address
        session.address_posts = (
            self._state.addresses.of(address, self._state.clock.now()) if address else Bucket(0, 1, 0)
        )
        session.listener = listener
        listener.session = session

    async def _places(self, session: Session, command: c.Hello) -> tuple[dict[str, Place], dict[str, Refusal]]:
        """Where the client wants to go on; a room that cannot be entered is no reason to stay away altogether."""
        places: dict[str, Place] = {}
        refusals: dict[str, Refusal] = {}
        replaced = command.epoch is not None and command.epoch != self._state.store.epoch
        for name, position in (command.resume or {}).items():
            key = name
            try:
                key = self._visits.key(name)
                after = None if replaced else position
                places[key] = await self._visits.find(session, key, after, reset=replaced)
            except Refusal as refusal:
                refusals[key] = refusal
        return places, refusals

    def _enter(self, session: Session, places: dict[str, Place], refusals: dict[str, Refusal]) -> list[RoomInfo]:
        """Be in these rooms and in no others; a notice tells of each that cannot be entered."""
        rooms = []
        for room in [room for name, room in session.rooms.items() if name not in places]:
            self._visits.exit(session, room)
        for key, place in places.items():
            try:
                info = self._visits.enter(session, place)
                info.here = self._visits.here(place.room)
                rooms.append(info)
            except Refusal as refusal:
                refusals[key] = refusal
                self._visits.exit(session, place.room)
        for missing in refusals.values():
            self._state.hub.tell([session], Notice(text=missing.message))
        return rooms

    def _others(self, session: Session, known: dict[int, RoomInfo], asked: Set[str]) -> list[RoomInfo]:
        """Rooms that one belongs to; one that was asked for and is not told cannot be entered."""
        others = {id: room for id, room in known.items() if room.name not in asked and id in session.member_of}
        for id, info in others.items():
            self._visits.marks.mend(session, id, info)
        return list(others.values())

    def _limits(self) -> Limits:
        limits = self._state.settings.limits
        return Limits(
            text=limits.text,
            topic=limits.topic,
            name=names.PERSON_CHARACTERS,
            room_name=names.ROOM_CHARACTERS,
            frame=limits.frame,
            history=200,
            catch_up=limits.catch_up,
            rooms=limits.rooms,
        )

    # --- the end -----------------------------------------------------------------------------------

    def lost(self, listener: Listener, *, leaving: bool) -> None:
        """The connection is gone: nothing is written to it any more; the session waits or ends."""
        session = listener.session
        if session is None:
            return
        self._detach(session)
        if leaving:
            self.end(session)
        else:
            self._wait(session)

    def _wait(self, session: Session) -> None:
        session.grace = self._state.clock.later(self._state.settings.session.grace, lambda: self.end(session))

    def _detach(self, session: Session) -> None:
        for room in session.rooms.values():
            room.stop_listening(session)
        listener, session.listener = session.listener, None
        listener.session = None
        session.refs = set()
        session.flooded = False

    def dismiss(self, session: Session, goodbye: Goodbye) -> None:
        """Say goodbye on the session's connection and close it; the session itself waits."""
        listener = session.listener
        if listener is None:
            return
        self._detach(session)
        self._wait(session)
        listener.write(listener.dialect.frames([encode(goodbye)]))
        listener.close(CLOSE_CODES[goodbye.code], goodbye.code)

    def end(self, session: Session) -> None:
        """Nobody comes back to this session: leave its rooms, free its name."""
        if self._state.sessions.pop(session.id, None) is None:
            return
        if session.grace is not None:
            session.grace.cancel()
        for room in list(session.rooms.values()):
            self._visits.exit(session, room)
        start(self._agree(session.id))

    def end_all(self, sessions: Iterable[Session], code: str) -> None:
        """End sessions whose login is over, or that asked for it, with a goodbye."""
        for session in sessions:
            self.dismiss(session, Goodbye(code=code, reason=GOODBYES[code]))
            self.end(session)

    async def _agree(self, id: int) -> None:
        """Tell the store what is true of a session, however often it takes: that it is over, or who it is."""
        session, run = self._state.sessions.get(id), self._state.store.run
        try:
            if session is None:
                await self._state.journal.change(EndSessions((id,)))
            elif session.account is not None:
                await self._state.journal.change(OpenSession(id, run, account=session.account, login=session.login))
            else:
                name = person(session.name)
                again = OpenSession(id, run, name.shown, name.key, name.skeleton)
                if await self._state.journal.change(again) is not None:
                    self.end_all([session], "ended")  # the name that the store had taken away is another's now
        except Unavailable:
            self._state.clock.later(AGAIN, lambda: start(self._agree(id)))

    def _sweep(self) -> None:
        """Sessions that an earlier start left and that nobody resumed within the grace time are over."""
        start(self._sweep_now())

    async def _sweep_now(self) -> None:
        try:
            await self._state.journal.change(EndSessions(before_run=self._state.store.run))
        except Unavailable:
            self._state.clock.later(AGAIN, self._sweep)
