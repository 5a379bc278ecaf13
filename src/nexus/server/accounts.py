"""Accounts: passwords, logins with their tokens, and the names of people."""

import hashlib
import hmac
import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Iterable
from itertools import chain, islice
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import HashingError, InvalidHashError, VerificationError

from nexus.core import names
from nexus.core.changes import AddLogin, EndLogin, NameTaken, Register, Rehash, UseLogin
from nexus.core.names import Name, NameInvalid, alternatives
from nexus.core.people import Account, Login
from nexus.ports import Clock, Store, Threads, Unavailable
from nexus.protocol.refusals import Refusal
from nexus.server.access import person_name
from nexus.server.guesses import Guesses
from nexus.server.journal import Journal
from nexus.server.later import Later, start
from nexus.server.reading import Reader
from nexus.settings import Settings

T = TypeVar("T")

CLIENT_LIMIT = 200
"""Characters kept of what a device calls itself."""


def digest(token: str) -> bytes:
    """What is kept of a token: enough to know it again, nothing to use it with."""
    return hashlib.sha256(token.encode()).digest()


def normalised(password: str) -> str:
    """A password in one form, whichever keyboard it was typed on (NFC, as RFC 8265 section 4.2 has it)."""
    return unicodedata.normalize("NFC", password)


def login_ended() -> Refusal:
    """The refusal of a login that was revoked, or ended itself."""
    return Refusal("unauthorised", "That login has ended; log in again with your name and password.")


def hash_of_nothing(hasher: PasswordHasher) -> str:
    """What no password hashes to, and takes as long to find out; made without hashing, so that a start is quick."""
    salt, hashed = (b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (hasher.salt_len, hasher.hash_len))
    return f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}${salt}${hashed}"


class Accounts:
    """Makes and opens accounts; argon2id runs in threads of its own, a few at a time."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        journal: Journal,
        reader: Reader,
        threads: Threads,
        clock: Clock,
        hasher: PasswordHasher,
    ) -> None:
        self._settings = settings.accounts
        self._store = store
        self._journal = journal
        self._reader = reader
        self._threads = threads
        self._clock = clock
        self._hasher = hasher
        self._nobody = hash_of_nothing(hasher)
        self._hashing = 0
        self._guesses = Guesses(settings.pace, clock)
        self._invite: bytes | None = None

    def invite_admin(self) -> str:
        """A one-time invite that makes who registers with it an administrator; only this start knows it."""
        invite = secrets.token_urlsafe(24)
        self._invite = digest(invite)
        return invite

    # --- who knows the password --------------------------------------------------------------------

    async def sign_up(self, session: int, asked: str, password: str, invite: str | None) -> Account:
        """Make an account; the session asking may hold the name as a guest."""
        name = person_name(asked)
        password = normalised(password)
        self._check_password(password)
        role = self._role(invite)
        used = self._use_invite() if role == "admin" else None
        try:
            hashed = await self._hash(lambda: self._hasher.hash(password))
            made = await self._journal.change(
                Register(session, name.shown, name.key, name.skeleton, hashed, role, self._clock.wall())
            )
            if isinstance(made, NameTaken):
                raise await self.name_taken(name, made.holder)
        except (Refusal, HashingError):  # nothing is known of what the store did where it is Unavailable
            self._invite = used or self._invite
            raise
        return made

    def _use_invite(self) -> bytes | None:
        """Nobody else may use it from now on, however long this one takes."""
        used, self._invite = self._invite, None
        return used

    async def sign_in(self, asked: str, password: str, address: str) -> Account:
        """The account of a name and its password; one answer for everything that is wrong."""
        try:
            key = names.person_name(asked).key
        except NameInvalid:
            key = ""
        attempt, wrong = self._guesses.begin(address, key), False
        try:
            account = await self._reader.read(lambda: self._store.account(key))
            stored = account.hash if account is not None else self._nobody  # as slow for nobody as for someone
            wrong = not await self._hash(lambda: self._verify(stored, password)) or account is None
        finally:
            if not wrong:
                attempt.forgive()
        if account is None or wrong:
            raise Refusal("unauthorised", "Wrong name or password.")
        self._guesses.succeeded(address, key)
        if self._hasher.check_needs_rehash(account.hash):
            renewed = await self._hash(lambda: self._hasher.hash(password))
            await self._journal.change(Rehash(account.id, renewed))
        return account

    def _check_password(self, password: str) -> None:
        least = self._settings.password_min
        if len(password) < least:
            raise Refusal("bad_request", f"That password is too short; use at least {least} characters.")

    def _role(self, invite: str | None) -> str:
        """What the invite makes of someone who registers."""
        if invite is not None:
            if self._invite is None or not hmac.compare_digest(digest(invite), self._invite):
                raise Refusal("unauthorised", "That invite is not valid, or has already been used.")
            return "admin"
        if self._settings.register == "invited":
            raise Refusal("forbidden", "You need an invitation to create an account here.")
        return "member"

    def _verify(self, stored: str, password: str) -> bool:
        """Whether it is the password, in the form of today or as an earlier version hashed it."""
        forms = dict.fromkeys((normalised(password), password))
        return any(self._is_hash_of(form, stored) for form in forms)

    def _is_hash_of(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _hash(self, work: Callable[[], T]) -> T:
        """Hash in a thread, unless too many wait already."""
        if self._hashing >= self._settings.hashing_waiting:
            raise Refusal("too_fast", "Many people are logging in right now; try again in a moment.", 2.0)
        self._hashing += 1
        later: Later[T] = Later()
        self._threads.hash(work, later.arrive)
        try:
            return await later
        finally:
            self._hashing -= 1

    # --- logins ------------------------------------------------------------------------------------

    async def add_login(self, account: Account, client: str) -> tuple[int, str]:
        """Sign a device in; returns the login's id and its token, which is told once and never kept."""
        token = secrets.token_urlsafe(32)
        login = await self._journal.change(
            AddLogin(account.id, digest(token), client[:CLIENT_LIMIT], self._clock.wall())
        )
        return login, token

    async def by_token(self, token: str) -> tuple[Login, Account]:
        """The login of a token and its account; the Refusal `unauthorised` where it is over."""
        found = await self._reader.read(lambda: self._store.login(digest(token)))
        if found is None:
            raise login_ended()
        start(self._used(found[0].id))
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
        return await self._journal.change(EndLogin(account, login))

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
