"""How a session begins, and how it is resumed."""

import secrets
from collections.abc import Awaitable, Callable, Set

from msgspec.structs import replace

from nexus import __version__
from nexus.core import names
from nexus.core.budget import sources_of
from nexus.core.changes import OpenSession
from nexus.core.kept import Kept
from nexus.core.names import Name
from nexus.core.pace import Bucket
from nexus.core.people import Account, SessionRow
from nexus.core.session import make_secret, read_secret
from nexus.core.speaker import Budget
from nexus.ports import Clock, Store
from nexus.protocol import commands as c
from nexus.protocol.events import Goodbye, Member, Notice
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.protocol.types import Limits, RoomInfo, Server
from nexus.server.access import claimed_name, person_name, room_name
from nexus.server.accounts import Accounts, login_ended
from nexus.server.entering import Entering, Entrance
from nexus.server.farewells import Farewells
from nexus.server.membership import Membership
from nexus.server.presence import Presence
from nexus.server.protecting import Protecting
from nexus.server.quotas import Quotas
from nexus.server.reading import Reader
from nexus.server.sanctions import Sanctions
from nexus.server.send import send
from nexus.server.sessions import Connection, Session, Sessions
from nexus.server.unread import Unread
from nexus.settings import Settings


class Greeting:
    """The verb `hello`."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        accounts: Accounts,
        reader: Reader,
        sessions: Sessions,
        entering: Entering,
        membership: Membership,
        presence: Presence,
        unread: Unread,
        protecting: Protecting,
        farewells: Farewells,
        sanctions: Sanctions,
        quotas: Quotas,
        clock: Clock,
    ) -> None:
        self._protecting = protecting
        self._settings = settings
        self._store = store
        self._accounts = accounts
        self._reader = reader
        self._sessions = sessions
        self._entering = entering
        self._membership = membership
        self._presence = presence
        self._unread = unread
        self._farewells = farewells
        self._sanctions = sanctions
        self.quotas = quotas
        self._clock = clock
        pace = settings.pace
        self.addresses = Kept(lambda now: Bucket(pace.address, pace.address_burst, now))
        self.has_gone: Callable[[Session], Awaitable[bool]] | None = None
        """Whether a session has gone on at another node, where there are others."""
        self.stopping = False
        """Nobody new is greeted."""

    async def hello(self, connection: Connection, command: c.Hello) -> Done:
        """Begin or resume a session on this connection; resumed rooms follow the reply."""
        if self.stopping:
            raise Refusal("unavailable", "The server is stopping; come back in a moment.", 1.0)
        connection.greeting = True
        try:
            session, token = await self._identify(connection, command)
            session.begin_hello()
            try:
                return await self._go_on(connection, command, session, token)
            finally:
                session.end_hello()
        finally:
            connection.greeting = False

    async def _go_on(self, connection: Connection, command: c.Hello, session: Session, token: str | None) -> Done:
        """Go on with a session on this connection, in its rooms."""
        turn = session.take_turn(connection.listener.address)
        known: dict[int, RoomInfo] = {}
        if session.account is not None:
            before = session.marks()
            memberships = await self._unread.memberships(session, session.account)
            known = self._unread.learn(session, memberships, before)
        ignored, preferences = await self._protecting.told(session)
        entrances, refusals = await self._entrances(session, command)
        # From here on in one step with the reply, so that nothing comes between, however long all else took.
        self._attach(connection, session, turn)
        rooms = self._enter(session, entrances, refusals)
        session.has_returned()
        rooms += self._others(session, known, {room.name for room in rooms})
        sent = known.keys() | {entrance.room.id for entrance in entrances.values()}
        self._clock.soon(lambda: self._membership.announce_others(session, sent))
        return Done(
            command.ref,
            you=session.you,
            session=make_secret(session.id, self._store.key),
            token=token,
            epoch=self._store.epoch,
            server=Server(self._settings.title, __version__, self._clock.wall(), self._settings.rooms.first),
            limits=self._limits(session),
            rooms=rooms,
            ignored=ignored or None,
            preferences=preferences,
        )

    # --- who it is ---------------------------------------------------------------------------------

    async def _identify(self, connection: Connection, command: c.Hello) -> tuple[Session, str | None]:
        """The session to speak in, and the token of a login made now."""
        listener = connection.listener
        command = self._with_kept(listener.kept, command)
        account = login = token = None
        changes = self._sessions.account_changes
        if command.token is not None:
            found, account = await self._accounts.by_token(command.token, sources_of(listener.address))
            login = found.id
        elif command.password is not None and (command.name is not None or command.reset is not None):
            account = await self._with_password(command, command.password, listener.address)
            login, token = await self._add_login(account, command.client, listener.address)
        id = self._session_id(command)
        if account is None:
            self._sanctions.check(sources_of(listener.address)[0])
        session = await self._resume(id, account, listener.address) if id is not None else None
        if session is None:
            if account is not None:
                session = await self._open(account, login)
            elif command.name is not None:
                self._sanctions.check_new(sources_of(listener.address)[0])
                session = await self._claim(claimed_name(command.name, "guest"), id, listener.address)
            else:
                raise Refusal("unauthorised", "That session has ended; say hello with a name or a token.")
        await self._catch_up(session, changes)
        if session.account is not None:
            self._accounts.was_here(session.name, listener.address)
        return session, token

    async def _catch_up(self, session: Session, changes: int) -> None:
        """What its account became since it was read, as long as that goes on."""
        while session.account is not None and changes != self._sessions.account_changes:
            changes = self._sessions.account_changes
            account = await self._accounts.by_id(session.account)
            if account is not None and changes == self._sessions.account_changes:
                session.update(account)

    async def _with_password(self, command: c.Hello, password: str, address: str) -> Account:
        """The account of someone who says a password: their own, a new one, or that of a new account."""
        if command.reset is not None:
            account = await self._accounts.use_reset(command.reset, password, address)
            self._farewells.end_all(self._sessions.of_account(account.id), "revoked")
            return account
        name = command.name or ""
        if command.register or command.invite is not None:
            return await self._accounts.sign_up(0, name, password, command.invite, address)
        return await self._accounts.sign_in(name, password, address)

    async def _add_login(self, account: Account, client: str, address: str) -> tuple[int, str]:
        """A login on this device, and its token; the sessions of one that had to make room for it end."""
        device = await self._accounts.add_login(account, client, address)
        for login in device.ended:
            self._farewells.end_all(self._sessions.of_login(login), "revoked")
        return device.login, device.token

    def _with_kept(self, kept: str, command: c.Hello) -> c.Hello:
        """What the browser kept stands for the session or the token that its page does not know."""
        if not (command.kept and kept) or command.token is not None:
            return command
        if read_secret(kept, self._store.key) is None:
            return replace(command, token=kept)
        return command if command.session is not None else replace(command, session=kept)

    def _session_id(self, command: c.Hello) -> int | None:
        """The id in the session's secret; refuses where there is nothing at all to go by."""
        if command.session is None:
            if command.name is None and command.token is None and command.reset is None:
                raise Refusal("unauthorised", "Say hello with a name, a token or a session.")
            return None
        id = read_secret(command.session, self._store.key)
        if id is None and command.name is None and command.token is None:
            raise Refusal("unauthorised", "That is not a session of this server; say hello with a name.")
        return id

    async def _resume(self, id: int, account: Account | None, address: str) -> Session | None:
        """The session of that id, from memory, or from the store after a restart; None where it has ended."""
        session = self._sessions.get(id)
        if session is not None and self.has_gone is not None and await self.has_gone(session):
            session = None
        if session is None:
            row = await self._reader.read(lambda: self._store.session(id), sources_of(address))
            if row is None or (account is not None and row.account != account.id):
                return None
            session = await self._revive(row, address)
        if session is not None and account is not None and session.account != account.id:
            return None
        return session

    async def _revive(self, row: SessionRow, address: str) -> Session | None:
        """A session of an earlier start; another connection may revive the same one, and be faster."""
        if row.account is None:
            return await self._claim(person_name(row.name), row.id, address)
        account = await self._accounts.by_id(row.account)
        return None if account is None else await self._open(account, row.login, row.id, guest=row.guest)

    async def _open(
        self, account: Account, login: int | None, id: int | None = None, *, guest: bool = False
    ) -> Session:
        run, again = self._store.run, id is not None
        id = id or secrets.randbits(62) + 1
        opened = OpenSession(id, run, account=account.id, login=login, guest=guest, again=again)
        if await self._farewells.remember(opened) is not None:
            raise login_ended()
        return self._add(Session.of_account(id, account, login, self._budget(), was_guest=guest))

    async def _claim(self, name: Name, id: int | None, address: str) -> Session:
        """A new guest; who proves an earlier session stays the same author, so that retries are known."""
        if self._settings.guests == "none":
            raise Refusal("forbidden", "Guests may not come in here; log in, or register if you may.")
        proven = id is not None
        id = id or secrets.randbits(62) + 1
        opened = OpenSession(id, self._store.run, name.shown, name.key, name.skeleton, at=self._clock.wall())
        kept = sources_of(address)[0] if self._settings.moderation.sources else ""
        change = replace(opened, address=kept, again=proven)
        taken = await self._farewells.remember(change)
        if taken is not None and not taken.holder:
            return await self._claim(name, None, address)  # that session was logged out: this is someone new
        if taken is not None:
            raise await self._accounts.name_taken(name, taken.holder)
        may_talk = self._settings.guests == "talk" and not self._sanctions.paused
        budget = self._budget()
        return self._add(Session.of_guest(id, name.shown, budget, may_talk=may_talk, returning=proven))

    def _add(self, session: Session) -> Session:
        known = self._sessions.add(session)
        if known is session:
            self._farewells.wait(session)  # should this hello fail, the next one has that long
        return known

    def _budget(self) -> Budget:
        pace, now = self._settings.pace, self._clock.now()
        posts = Bucket(pace.posts, pace.posts_burst, now)
        commands = Bucket(pace.commands, pace.commands_burst, now)
        return Budget(posts, commands, Bucket(0, 1, 0))

    def _attach(self, connection: Connection, session: Session, turn: int) -> None:
        """The session continues on this connection, and on no other; on the newest, whichever was the fastest."""
        listener = connection.listener
        if listener.closed or session.turn != turn or session not in self._sessions:
            raise Refusal("unavailable", "The session ended or went on elsewhere meanwhile; say hello again.", 1.0)
        if session.connection is not None:
            self._farewells.dismiss(session, Goodbye.of("replaced"))
        address = listener.address
        session.attach(connection)
        bucket = self.addresses.of(address, self._clock.now()) if address else Bucket(0, 1, 0)
        session.budget.come_from(bucket, self.quotas.allowance(session))

    # --- its rooms ---------------------------------------------------------------------------------

    async def _entrances(self, session: Session, command: c.Hello) -> tuple[dict[str, Entrance], dict[str, Refusal]]:
        """Where the client wants to go on; a room that cannot be entered is no reason to stay away altogether.

        No more rooms are looked for than one may be in, whether or not they can be entered.
        """
        entrances: dict[str, Entrance] = {}
        refusals: dict[str, Refusal] = {}
        replaced = command.epoch is not None and command.epoch != self._store.epoch
        for looked_for, (name, position) in enumerate((command.resume or {}).items()):
            key = name
            try:
                self._entering.check_room_count(session, looked_for)
                key = room_name(name).key
                after = None if replaced else position
                entrance = await self._entering.resume(session, key, after, reset=replaced)
                if entrance.room not in [one.room for one in entrances.values()]:  # as under two of its names
                    entrances[key] = entrance
            except Refusal as refusal:
                refusals[key] = refusal
                if refusal.code == "too_many":
                    break
        return entrances, refusals

    def _enter(self, session: Session, entrances: dict[str, Entrance], refusals: dict[str, Refusal]) -> list[RoomInfo]:
        """Be in these rooms and in no others; one is told of each that cannot be entered, or was left elsewhere."""
        rooms = []
        resumed = {entrance.room for entrance in entrances.values()}
        for room in [room for room in session.rooms.values() if room not in resumed]:
            self._presence.exit(session, room)
        for key, entrance in entrances.items():
            try:
                info = self._entering.enter(session, entrance)
                info.here = self._presence.here(entrance.room)
                rooms.append(info)
            except Refusal as refusal:
                refusals[key] = refusal
                self._presence.exit(session, entrance.room)
        for name, missing in refusals.items():
            left = missing.code == "not_joined" and session.account is not None
            send([session], Member(room=name, member=False) if left else Notice(text=missing.message))
        return rooms

    def _others(self, session: Session, known: dict[int, RoomInfo], entered: Set[str]) -> list[RoomInfo]:
        """Rooms that one belongs to and is not in."""
        others = {id: room for id, room in known.items() if room.name not in entered and id in session.member_of}
        for id, info in others.items():
            self._unread.reconcile(session, id, info)
            self._unread.since(session, id, info)
        return list(others.values())

    def _limits(self, session: Session) -> Limits:
        limits = self._settings.limits
        return Limits(
            text=limits.text,
            topic=limits.topic,
            name=names.PERSON_CHARACTERS,
            room_name=names.ROOM_CHARACTERS,
            frame=limits.frame,
            history=200,
            catch_up=limits.catch_up,
            rooms=self._entering.most_rooms(session),
        )
