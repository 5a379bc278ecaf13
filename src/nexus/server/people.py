"""The verbs about who one is: name, account, logins."""

from collections import Counter
from collections.abc import Callable, Iterable, Set

from nexus.core.announcing import Called
from nexus.core.changes import Acted, NameTaken, OpenSession, RenameAccount, RenameGuest, RetireSession
from nexus.core.names import Name
from nexus.core.people import FORMER_NAME, Account, Mark
from nexus.core.rights import NOT_BOTS
from nexus.core.speaker import Speaker
from nexus.ports import Clock, Store, Unavailable
from nexus.protocol import commands as c
from nexus.protocol.events import Member, Renamed
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.protocol.types import LoginInfo
from nexus.server.access import claimed_name
from nexus.server.accounts import DAY, Accounts, login_ended
from nexus.server.active_rooms import ActiveRooms
from nexus.server.farewells import RETRY_AFTER, Farewells
from nexus.server.journal import Journal
from nexus.server.later import start
from nexus.server.membership import Membership
from nexus.server.presence import Presence
from nexus.server.protecting import Protecting
from nexus.server.read_state import ReadState
from nexus.server.reading import Reader
from nexus.server.send import send
from nexus.server.sessions import ActiveRoom, Connection, Session, Sessions
from nexus.server.unread import Unread
from nexus.settings import Settings


class People:
    """The verbs about who one is."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        accounts: Accounts,
        active: ActiveRooms,
        journal: Journal,
        reader: Reader,
        sessions: Sessions,
        membership: Membership,
        presence: Presence,
        unread: Unread,
        protecting: Protecting,
        read_state: ReadState,
        farewells: Farewells,
        clock: Clock,
    ) -> None:
        self._protecting = protecting
        self._hold = settings.names.hold
        self._store = store
        self._accounts = accounts
        self._active = active
        self._journal = journal
        self._reader = reader
        self._sessions = sessions
        self._membership = membership
        self._presence = presence
        self._unread = unread
        self._read_state = read_state
        self._farewells = farewells
        self._clock = clock
        self.told_renamed: Callable[[int, str, str, Iterable[int]], None] = lambda *_: None
        """Hears of another name of an author: what it was, what it is, and the rooms that they belong to."""

    # --- names -------------------------------------------------------------------------------------

    async def rename(self, session: Session, command: c.Rename) -> Done:
        """Take another name; an account's older messages show it too."""
        name = claimed_name(command.name, session.role)
        at = self._clock.wall()
        change: RenameAccount | RenameGuest
        if session.account is not None:
            change = RenameAccount(session.account, session.id, *name, at, at + self._hold * DAY)
        else:
            change = RenameGuest(session.id, *name, at)
        try:
            taken = await self._journal.change(change)
        except Unavailable:
            start(self._adopt_stored_name(session))
            raise
        if taken is not None:
            raise await self._accounts.name_taken(name, taken.holder)
        self._apply_name(session, name.shown)
        return Done(command.ref, you=session.you)

    async def _adopt_stored_name(self, session: Session) -> None:
        """A new name may be stored though nobody heard so: take the one that the store has."""
        try:
            row = await self._reader.read(lambda: self._store.session(session.id), session.sources)
        except (Unavailable, Refusal):
            self._clock.later(RETRY_AFTER, lambda: start(self._adopt_stored_name(session)))
            return
        if row is not None and session in self._sessions:
            self._apply_name(session, row.name)

    async def look_at_name(self, session: Session) -> None:
        """On another node the session, or its account, may have got another name."""
        row = await self._reader.read(lambda: self._store.session(session.id), session.sources)
        if row is not None and session in self._sessions and row.name != session.name:
            self._apply_name(session, row.name)

    def renamed_elsewhere(self, called: Called, rooms: Iterable[int]) -> None:
        """Another node gave somebody another name, whose sessions there are in some rooms."""
        self._active.forget_tails()
        sessions = {one for one in self._sessions.of_author(called.author) if one.name != called.name}
        belongs = {*called.rooms, *rooms}
        self._tell_renamed(called.author, called.before, called.name, sessions, belongs, guest=called.author < 0)

    def _apply_name(self, session: Session, name: str) -> None:
        """The store knows a guest, or an account, by this name."""
        if session.account is None:
            self._rename_sessions([session], name, guest=True)
        elif name != session.name:
            self._active.forget_tails()
            self._rename_sessions([session, *self._sessions.of_account(session.account)], name, guest=False)

    def _rename_sessions(self, sessions: list[Session], name: str, *, guest: bool) -> None:
        """These sessions have another name from now on: tell everyone who sees it."""
        first, before = sessions[0], sessions[0].name
        belongs = {id for session in sessions for id in session.member_of}
        self._tell_renamed(first.author, before, name, set(sessions), belongs, guest=guest)
        self.told_renamed(first.author, before, name, belongs)

    async def rename_account(self, account: Account, name: Name, at: int) -> NameTaken | None:
        """An operator gives an account another name."""
        rooms = await self._reader.read(lambda: self._store.memberships(account.id))
        change = RenameAccount(account.id, 0, *name, at, at + self._hold * DAY)
        taken = await self._journal.change(
            Acted(change, at, 0, "rename", account.id, f"{account.name} to {name.shown}")
        )
        if taken is None:
            self.renamed(account.id, account.name, name.shown, {one.row.id for one in rooms})
        return taken

    def renamed(self, account: int, old: str, name: str, belongs: Set[int]) -> None:
        """An account is called something else, though nobody may be here who speaks as it."""
        self._active.forget_tails()
        self._tell_renamed(account, old, name, set(self._sessions.of_account(account)), belongs, guest=False)
        self.told_renamed(account, old, name, belongs)

    def forget_ignored(self, account: int) -> None:
        """An account was erased: nobody ignores it any more."""
        self._protecting.erased(account, FORMER_NAME)

    def _tell_renamed(
        self, author: int, old: str, name: str, sessions: set[Session], belongs: Set[int], *, guest: bool
    ) -> None:
        """Tell those who share a room with one of these sessions, or with the account, in it or not."""
        if old == name:
            return
        audience = set(sessions)
        for session in sessions:
            session.rename(name)
        self._journal.renamed(author, name)
        for room, count in Counter(room for session in sessions for room in session.rooms.values()).items():
            audience |= room.sessions
            self._presence.rename(room, old, name, count)
        for room_id in belongs:
            known = self._active.by_id.get(room_id)  # where older messages of the account are looked at
            audience |= known.sessions if known is not None else set()
        for one in self._sessions.all():
            if author in one.ignoring or not one.member_of.keys().isdisjoint(belongs):
                audience.add(one)  # who belongs to a room with them may have it in a list under their name
        send(audience, Renamed(from_=old, to=name, guest=guest))
        for session in sessions:  # an event that is on its way to them may have the old name
            for room in session.rooms.values():
                self._presence.renamed(session, room)
                self._unread.recount(session, room.id)

    # --- accounts ----------------------------------------------------------------------------------

    async def register(self, session: Session, command: c.Register) -> Done:
        """Make an account, and speak as it from now on."""
        connection = self._guest(session)
        address = connection.listener.address
        account = await self._accounts.sign_up(session.id, command.name, command.password, command.invite, address)
        return await self._become(session, connection, account, command)

    async def log_in(self, session: Session, command: c.Login) -> Done:
        """Speak as an account from now on."""
        connection = self._guest(session)
        account = await self._accounts.sign_in(command.name, command.password, connection.listener.address)
        return await self._become(session, connection, account, command)

    def _guest(self, session: Session) -> Connection:
        """The connection of a guest."""
        if session.account is not None:
            raise Refusal("bad_request", f"You are already logged in as '{session.name}'; log out first.")
        assert session.connection is not None
        return session.connection

    async def _become(
        self, session: Session, connection: Connection, account: Account, command: c.Register | c.Login
    ) -> Done:
        """The guest joined the room: the same session, another author, a membership in each of its rooms."""
        device = await self._accounts.add_login(account, "", connection.listener.address)
        login, token = device.login, device.token
        for room in list(session.rooms.values()):
            read = (session.mark(room.id) or Mark()).seq
            if await self._may_stay(room, account, connection, read):
                await self._read_state.hand_over(session, room, account.id)
            else:
                self._presence.exit(session, room)
                send([session], Member(room=room.name, member=False))
        memberships = await self._unread.memberships(session, account.id)
        if session.connection is not connection:
            raise Refusal("unauthorised", "The session has ended, or continues elsewhere.")
        opened = OpenSession(session.id, self._store.run, account=account.id, login=login, guest=True)
        if await self._farewells.remember(opened) is not None:
            raise login_ended()
        session.become(await self._as_it_is(account), login)
        self._accounts.was_here(account.name, connection.listener.address)
        for old in device.ended:
            self._farewells.end_all(self._sessions.of_login(old), "revoked")
        self._rename_sessions([session], account.name, guest=True)
        infos = self._unread.learn(session, memberships, {})
        for room in session.rooms.values():
            self._unread.recount(session, room.id)
        ignored, preferences = await self._protecting.told(session)
        told = list(infos.values())
        return Done(
            command.ref, you=session.you, token=token, rooms=told, ignored=ignored or None, preferences=preferences
        )

    async def _as_it_is(self, account: Account) -> Account:
        """What an account is by now, as long as it changes while it is read."""
        changes = -1
        while changes != self._sessions.account_changes:
            changes = self._sessions.account_changes
            account = await self._accounts.by_id(account.id) or account
        return account

    async def _may_stay(self, room: ActiveRoom, account: Account, connection: Connection, read: int) -> bool:
        """Whether the room that someone was in as a guest is the account's from now on; a limited one enters none."""
        try:
            await self._membership.begin(room, account.id, account.name, connection, read)
        except Refusal as refusal:
            if refusal.code == "not_found" and account.limited:
                return False
            raise
        return True

    # --- logins ------------------------------------------------------------------------------------

    async def log_out(self, session: Session, command: c.Logout) -> Done:
        """End this session; with an account, its login on this device and all that use it."""
        ended = [session]
        if session.account is not None and command.everywhere:
            await self._accounts.end_logins(session.account)
            ended = self._sessions.of_account(session.account)
        elif session.account is not None and session.login is not None:
            await self._accounts.end_login(session.account, session.login)
            ended = self._sessions.of_login(session.login)
        elif session.account is None:
            await self._journal.change(RetireSession(session.id))
        self._clock.soon(lambda: self._farewells.end_all(ended, "ended"))  # after the reply
        return Done(command.ref)

    async def password(self, session: Session, command: c.Password) -> Done:
        """Change the password; all other sessions of the account end."""
        connection, account = session.connection, self._account(session)
        address = "" if connection is None else connection.listener.address
        device = await self._accounts.change_password(
            account, session.name, command.old, command.new, session.id, address
        )
        session.use_login(device.login)
        others = [other for other in self._sessions.of_account(account) if other is not session]
        self._clock.soon(lambda: self._farewells.end_all(others, "revoked"))  # after the reply
        return Done(command.ref, you=session.you, token=device.token)

    async def logins(self, speaker: Speaker, command: c.Logins) -> Done:
        """The devices on which one's account is signed in."""
        rows = await self._accounts.logins(self._account(speaker))
        current = speaker.login if isinstance(speaker, Session) else None
        return Done(
            command.ref,
            logins=[LoginInfo(str(row.id), row.client, row.created, row.used, row.id == current) for row in rows],
        )

    async def revoke(self, speaker: Speaker, command: c.Revoke) -> Done:
        """End a login of one's account, and the sessions that use it."""
        account = self._account(speaker)
        login = int(command.login) if command.login.isdecimal() and command.login.isascii() else 0
        if not 0 < login < 2**63 or not await self._accounts.end_login(account, login):
            raise Refusal("not_found", f"Your account has no login '{command.login}'; `logins` lists them.")
        ended = self._sessions.of_login(login)
        self._clock.soon(lambda: self._farewells.end_all(ended, "revoked"))  # after the reply
        return Done(command.ref)

    def _account(self, speaker: Speaker) -> int:
        if speaker.account is None:
            raise Refusal("forbidden", "Guests have no logins; register an account first.")
        if speaker.owner:
            raise Refusal(*NOT_BOTS)
        return speaker.account
