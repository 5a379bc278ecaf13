"""Accounts: who may make one, the logins by which people come back, and the names they hold."""

import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import chain, islice
from typing import NamedTuple

from nexus.core import names
from nexus.core.budget import Sources, sources_of
from nexus.core.changes import (
    AddLogin,
    ChangePassword,
    Denied,
    EndLogin,
    EndLogins,
    NameTaken,
    Register,
    Rehash,
    UseLogin,
    UseReset,
)
from nexus.core.inviting import InviteFirst, digest
from nexus.core.names import Name, NameInvalid, alternatives
from nexus.core.people import Account, Login, Registered
from nexus.ports import Clock, Store, Unavailable
from nexus.protocol.refusals import Refusal
from nexus.server.access import person_name
from nexus.server.counters import Counters
from nexus.server.guesses import Guesses
from nexus.server.journal import Journal
from nexus.server.later import start
from nexus.server.notable import Notable
from nexus.server.passwords import Passwords
from nexus.server.reading import Reader
from nexus.server.sanctions import Sanctions
from nexus.settings import Settings

CLIENT_LIMIT = 200
"""Characters kept of what a device calls itself."""

DAY = 86_400_000
"""Milliseconds."""


class Device(NamedTuple):
    """Where an account is signed in: the login, its token, which is given out once and never kept, and what ended."""

    login: int
    token: str
    ended: tuple[int, ...] = ()


def login_ended() -> Refusal:
    """The refusal of a login that was revoked, or ended itself."""
    return Refusal("unauthorised", "That login has ended; log in again with your name and password.")


class Accounts:
    """Makes accounts and opens them."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        journal: Journal,
        reader: Reader,
        passwords: Passwords,
        sanctions: Sanctions,
        notable: Notable,
        counters: Counters,
        clock: Clock,
    ) -> None:
        self._settings = settings.accounts
        self._store = store
        self._journal = journal
        self._reader = reader
        self._passwords = passwords
        self._sanctions = sanctions
        self._notable = notable
        self._counters = counters
        self._clock = clock
        self.guesses = Guesses(settings.pace, clock)

    async def invite_admin(self, *, fresh: bool = True) -> str:
        """A one-time code that makes who registers with it an administrator; nothing where there is one by now.

        Made `fresh`, that of an earlier start is void; else it is the one that other nodes show.
        """
        return await self._journal.change(InviteFirst(self._store.key, self._clock.wall(), fresh))

    # --- who knows the password --------------------------------------------------------------------

    async def sign_up(self, session: int, asked: str, password: str, invite: str | None, address: str) -> Account:
        """Make an account; the session asking may hold the name as a guest."""
        name = person_name(asked)
        self._sanctions.check_new(sources_of(address)[0])
        if invite is None:
            self._check_open()
            return await self._make(session, name, password, None, address)
        async with self.trying_code(address):
            return await self._make(session, name, password, digest(invite), address)

    @asynccontextmanager
    async def trying_code(self, address: str) -> AsyncIterator[None]:
        """Someone tries an invitation or a one-time code: it counts where it was refused as one that is not valid."""
        attempt, wrong = await self.guesses.begin_code(address), False
        try:
            yield
        except Refusal as refusal:
            wrong = refusal.code == "unauthorised"
            raise
        finally:
            attempt.end(wrong=wrong)

    async def _make(self, session: int, name: Name, password: str, code: bytes | None, address: str) -> Account:
        hashed = await self._passwords.hash(password, name.shown, sources_of(address))
        self._sanctions.check_new(sources_of(address)[0])
        official = names.sounds_official(name)
        made = await self._journal.change(
            Register(session, *name, hashed, "member", self._clock.wall(), code, official=official)
        )
        if isinstance(made, NameTaken):
            raise await self.name_taken(name, made.holder)
        if isinstance(made, Denied):
            self._notable.tell("an invitation was refused", address=address)
            raise Refusal(made.code, made.message)
        account = made.account if isinstance(made, Registered) else made
        self._notable.tell("an account was made", account=account.id, role=account.role, address=address)
        return account

    def _check_open(self) -> None:
        """Whether anyone may register who was not invited."""
        if self._settings.register == "invited":
            raise Refusal("forbidden", "You need an invitation to create an account here.")
        if self._settings.register == "nobody":
            raise Refusal("forbidden", "No new accounts are made here; ask the people who run this server.")

    async def sign_in(self, asked: str, password: str, address: str) -> Account:
        """The account of a name and its password; one answer for everything that is wrong."""
        try:
            key = names.person_name(asked).key
        except NameInvalid:
            key = ""
        account = await self._proven(key, password, address)
        if account is None:
            raise Refusal("unauthorised", "Wrong name or password.")
        if self._passwords.is_old(account.hash):
            renewed = await self._passwords.renew(password)
            await self._journal.change(Rehash(account.id, account.hash, renewed))
            account = await self.by_id(account.id) or account
        return account

    async def _proven(self, key: str, password: str, address: str) -> Account | None:
        """The account of that key where the password is its own; every failure counts as a guess."""
        attempt, wrong = await self.guesses.begin(address, key), False
        try:
            account = await self._reader.read(lambda: self._store.account(key))
            stored = None if account is None else account.hash
            wrong = not await self._passwords.match(stored, password, sources_of(address))
        finally:
            attempt.end(wrong=wrong)
        if account is None or wrong:
            self._counters.failed_logins += 1
            self._notable.tell("a login failed", address=address)
            return None
        self.was_here(account.name, address)
        return account

    def was_here(self, name: str, address: str) -> None:
        """The account of that name speaks from an address: what others guess elsewhere keeps nobody out there."""
        self.guesses.succeeded(address, names.person_name(name).key)

    async def prove(self, id: int, password: str, address: str) -> Account:
        """The account, if the password is right."""
        known = await self.by_id(id)
        if known is None:
            raise login_ended()
        proven = await self._proven(names.person_name(known.name).key, password, address)
        if proven is None or proven.id != id:
            raise Refusal("unauthorised", "That is not your password; nothing was changed.")
        return proven

    async def change_password(self, account: int, name: str, old: str, new: str, session: int, address: str) -> Device:
        """Another password, for someone who knows the old one; every login of the account ends, but for a new one."""
        proven = await self.prove(account, old, address)
        hashed = await self._passwords.hash(new, name, sources_of(address, account))
        token = secrets.token_urlsafe(32)
        changed = await self._journal.change(
            ChangePassword(account, proven.hash, hashed, session, digest(token), "", self._clock.wall())
        )
        if changed is None:
            raise Refusal("unavailable", "Your password was changed elsewhere meanwhile; try again.", 1.0)
        self._notable.tell("a password was changed", account=account, address=address)
        return Device(changed.login, token)

    async def use_reset(self, code: str, new: str, address: str) -> Account:
        """Another password, for someone with the one-time code that the operator made."""
        async with self.trying_code(address):
            hashed = await self._passwords.hash(new, "", sources_of(address))
            account = await self._journal.change(UseReset(digest(code), hashed, self._clock.wall()))
            if account is None:
                self._notable.tell("a reset code was refused", address=address)
                raise Refusal("unauthorised", "That link is not valid any more; ask for another one.")
        self._notable.tell("a password was reset", account=account.id, address=address)
        return account

    # --- logins ------------------------------------------------------------------------------------

    async def add_login(self, account: Account, client: str, address: str) -> Device:
        """Sign a device in; refused where the password was changed since it was proven."""
        token = secrets.token_urlsafe(32)
        change = AddLogin(
            account.id, digest(token), client[:CLIENT_LIMIT], self._clock.wall(), account.hash, self._settings.logins
        )
        added = await self._journal.change(change)
        if isinstance(added, Denied):
            raise Refusal(added.code, added.message)
        if added is None:
            raise Refusal("unavailable", "Your password was changed meanwhile; log in again.", 1.0)
        self._notable.tell("an account logged in", account=account.id, address=address)
        return Device(added.login, token, added.ended)

    async def by_token(self, token: str, sources: Sources) -> tuple[Login, Account]:
        """The login of a token and its account; the Refusal `unauthorised` where it is over."""
        found = await self._reader.read(lambda: self._store.login(digest(token)), sources)
        if found is None:
            raise login_ended()
        login, days = found[0], self._settings.login_days
        if days and not found[1].owner and login.used + days * DAY < self._clock.wall():
            await self._journal.change(EndLogin(login.account, login.id))
            raise login_ended()
        start(self._used(login.id))
        return found

    async def _used(self, login: int) -> None:
        try:
            await self._journal.change(UseLogin(login, self._clock.wall()))
        except Unavailable:
            return  # only a date for the list of logins is lost

    async def by_id(self, account: int) -> Account | None:
        """The account with that id."""
        return await self._reader.read(lambda: self._store.account_by_id(account))

    async def logins(self, account: int) -> list[Login]:
        """Where an account is signed in."""
        return await self._reader.read(lambda: self._store.logins(account))

    async def end_login(self, account: int, login: int) -> bool:
        """Revoke a login of an account; false where there is none."""
        ended = await self._journal.change(EndLogin(account, login))
        if ended:
            self._notable.tell("a login was ended", account=account)
        return ended

    async def end_logins(self, account: int) -> None:
        """Revoke all logins of an account."""
        await self._journal.change(EndLogins(account))
        self._notable.tell("all logins of an account were ended", account=account)

    # --- names -------------------------------------------------------------------------------------

    async def name_taken(self, name: Name, holder: str) -> Refusal:
        """The refusal of a name, with a free one to take instead."""
        free = await self._free(islice(alternatives(name), 20))
        why = f"'{name.shown}' is taken"
        if holder != name.shown:
            why = f"'{name.shown}' looks like '{holder}', which is taken"
        return Refusal("name_taken", f"{why}; '{free}' is free." if free else f"{why}; choose another name.")

    async def free(self, name: Name) -> str | None:
        """The name itself where nobody has it, else a free one close to it, if one was found."""
        return await self._free(chain([name], islice(alternatives(name), 20)))

    async def _free(self, wanted: Iterable[Name]) -> str | None:
        tried = list(wanted)
        taken = await self._reader.read(lambda: self._store.taken([name.skeleton for name in tried]))
        return next((name.shown for name in tried if name.skeleton not in taken), None)
