"""The verbs about who one is: name, account, logins."""

from collections import Counter

from nexus.core.entries import NameTaken, OpenSession, RenameAccount, RenameGuest
from nexus.core.people import Account, Mark
from nexus.core.session import Session
from nexus.ports import Listener, Unavailable
from nexus.protocol import commands as c
from nexus.protocol.events import Renamed
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.protocol.types import LoginInfo
from nexus.server.accounts import Accounts
from nexus.server.greeting import AGAIN, Greeting
from nexus.server.later import start
from nexus.server.state import State, person
from nexus.server.visits import Visits


class People:
    """The verbs about who one is."""

    def __init__(self, state: State, accounts: Accounts, visits: Visits, greeting: Greeting) -> None:
        self._state = state
        self._accounts = accounts
        self._visits = visits
        self._greeting = greeting

    # --- names -------------------------------------------------------------------------------------

    async def rename(self, session: Session, command: c.Rename) -> Done:
        """Take another name; an account's older messages show it too."""
        name = person(command.name)
        change: RenameAccount | RenameGuest
        if session.account is not None:
            change = RenameAccount(session.account, session.id, name.shown, name.key, name.skeleton)
        else:
            change = RenameGuest(session.id, name.shown, name.key, name.skeleton)
        try:
            taken = await self._state.journal.change(change)
        except Unavailable:
            start(self._adopt(session))
            raise
        if isinstance(taken, NameTaken):
            raise await self._accounts.name_taken(name, taken.holder)
        self._named(session, name.shown)
        return Done(command.ref, you=session.you)

    async def _adopt(self, session: Session) -> None:
        """A new name may be stored though nobody heard so: be called what the store says."""
        try:
            row = await self._state.read(lambda: self._state.store.session(session.id))
        except Unavailable:
            self._state.clock.later(AGAIN, lambda: start(self._adopt(session)))
            return
        if row is not None and session.id in self._state.sessions:
            self._named(session, row.name)

    def _named(self, session: Session, name: str) -> None:
        """The store knows a guest, or an account, by this name."""
        if session.account is None:
            self._call([session], name, guest=True)
        elif name != session.name:
            self._state.shelf.forget_tails()
            self._call([session, *self._state.sessions_of(session.account)], name, guest=False)

    def _call(self, sessions: list[Session], name: str, *, guest: bool) -> None:
        """These sessions have another name from now on: tell everyone who sees it."""
        old = sessions[0].name
        if old == name:
            return
        hear = set(sessions)
        for session in hear:
            session.name = name
        self._state.journal.renamed(sessions[0].author, name)
        for room, count in Counter(room for session in hear for room in session.rooms.values()).items():
            hear |= room.sessions
            if room.presence.rename(old, name, count):
                self._visits.tell_presence(room)
        for room_id in {id for session in sessions for id in session.member_of}:
            belongs = self._state.shelf.by_id.get(room_id)  # where older messages of the account are looked at
            hear |= belongs.sessions if belongs is not None else set()
        self._state.hub.tell(hear, Renamed(from_=old, to=name, guest=guest))
        for session in set(sessions):  # an event that is on its way to them may have the old name
            for room in session.rooms.values():
                self._visits.marks.doubt(session, room)

    # --- accounts ----------------------------------------------------------------------------------

    async def register(self, session: Session, command: c.Register) -> Done:
        """Make an account, and speak as it from now on."""
        listener = self._guest(session)
        account = await self._accounts.sign_up(session.id, command.name, command.password, command.invite)
        return await self._become(session, listener, account, command)

    async def log_in(self, session: Session, command: c.Login) -> Done:
        """Speak as an account from now on."""
        listener = self._guest(session)
        account = await self._accounts.sign_in(command.name, command.password, listener.address)
        return await self._become(session, listener, account, command)

    def _guest(self, session: Session) -> Listener:
        """The connection of a guest."""
        if session.account is not None:
            raise Refusal("bad_request", f"You are logged in as '{session.name}' already; log out first.")
        listener: Listener = session.listener
        return listener

    async def _become(
        self, session: Session, listener: Listener, account: Account, command: c.Register | c.Login
    ) -> Done:
        """The guest is a member now: the same session, another author, a membership in each of its rooms."""
        marks = self._visits.marks
        login, token = await self._accounts.add_login(account, "")
        for room in list(session.rooms.values()):
            read = session.marks.get(room.id, Mark()).seq
            await self._visits.add_member(room, account.id, account.name, read)
            self._visits.belongs(account.id, room, listener)
            await marks.take_along(session, room, account.id)
        memberships = await marks.memberships(session, account.id)
        if session.listener is not listener:
            raise Refusal("unauthorised", "The session has ended, or goes on elsewhere.")
        await self._greeting.remember(OpenSession(session.id, self._state.store.run, account=account.id, login=login))
        session.account, session.login, session.role = account.id, login, account.role
        session.marks = {}
        self._call([session], account.name, guest=True)
        infos = marks.know(session, memberships, {})
        for room in session.rooms.values():
            marks.doubt(session, room)
        return Done(command.ref, you=session.you, token=token, rooms=list(infos.values()))

    # --- logins ------------------------------------------------------------------------------------

    async def log_out(self, session: Session, command: c.Logout) -> Done:
        """End this session; with an account, its login on this device and all that use it."""
        over = [session]
        if session.account is not None and session.login is not None:
            await self._accounts.end_login(session.account, session.login)
            over = self._using(session.login)
        self._state.clock.soon(lambda: self._greeting.end_all(over, "ended"))  # after the reply
        return Done(command.ref)

    async def logins(self, session: Session, command: c.Logins) -> Done:
        """The devices on which one's account is signed in."""
        rows = await self._accounts.logins(self._account(session))
        return Done(
            command.ref,
            logins=[LoginInfo(str(row.id), row.client, row.created, row.used, row.id == session.login) for row in rows],
        )

    async def revoke(self, session: Session, command: c.Revoke) -> Done:
        """End a login of one's account, and the sessions that use it."""
        account = self._account(session)
        login = int(command.login) if command.login.isdecimal() and command.login.isascii() else 0
        if not 0 < login < 2**63 or not await self._accounts.end_login(account, login):
            raise Refusal("not_found", f"Your account has no login '{command.login}'; `logins` lists them.")
        over = self._using(login)
        self._state.clock.soon(lambda: self._greeting.end_all(over, "revoked"))  # after the reply
        return Done(command.ref)

    def _using(self, login: int) -> list[Session]:
        return [session for session in self._state.sessions.values() if session.login == login]

    def _account(self, session: Session) -> int:
        if session.account is None:
            raise Refusal("forbidden", "Guests have no logins; register an account first.")
        return session.account
