"""Passwords: which ones are accepted, and argon2id in threads of its own, by turns."""

import secrets
import unicodedata
from base64 import b64encode
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from nexus.core.budget import NOBODY, Sources
from nexus.ports import Clock, Threads
from nexus.protocol.refusals import Refusal
from nexus.server.lane import Bounds, Lane
from nexus.settings import Accounts

GUESSED_FIRST = 150
"""How many of the most common passwords are refused; further ones take a guesser longer, as `pace.logins` has it."""

WITHIN = 60.0
"""Seconds that a password may wait to be hashed: a whole class registers in one minute, also on a small machine."""

MANY = 4
"""Times as many may wait to be hashed, of all, as of one source."""


def normalised(password: str) -> str:
    """A password in one form, whichever keyboard it was typed on: NFC and one kind of blank (RFC 8265 section 4.2)."""
    blanks = (" " if unicodedata.category(char) == "Zs" else char for char in password)
    return unicodedata.normalize("NFC", "".join(blanks))


def hash_of_nothing(hasher: PasswordHasher) -> str:
    """What no password hashes to, and takes as long to find out; made without hashing, so that a start is quick."""
    salt, hashed = (b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (hasher.salt_len, hasher.hash_len))
    return f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}${salt}${hashed}"


class Passwords:
    """Hashes and compares passwords, a few at a time; each source has a fair share of that."""

    def __init__(self, settings: Accounts, threads: Threads, clock: Clock, hasher: PasswordHasher) -> None:
        self._least = settings.password_min
        self._hasher = hasher
        self._nobody = hash_of_nothing(hasher)
        each = settings.hashing_waiting
        self._lane = Lane(
            threads.hash,
            clock,
            Bounds(settings.hashing_at_once, MANY * each, each, WITHIN),
            "Too many people are logging in right now; try again in a moment.",
        )

    async def hash(self, password: str, name: str, sources: Sources = NOBODY) -> str:
        """The hash of a new password; the Refusal of one that is too short, or that everybody guesses first."""
        password = normalised(password)
        if len(password) < self._least:
            raise Refusal("bad_request", f"That password is too short; use at least {self._least} characters.")
        if password.casefold() == name.casefold():
            raise Refusal("bad_request", "That password is your name; choose another one.")
        return await self._lane.do(lambda: self._new_hash(password), sources)

    def _new_hash(self, password: str) -> str:
        if is_common(password):
            raise Refusal(
                "bad_request", "That password is among the first that anyone would guess; choose a less common one."
            )
        return self._hasher.hash(password)

    async def renew(self, password: str) -> str:
        """The hash of a password that is known to be right, with today's parameters."""
        return await self._lane.do(lambda: self._hasher.hash(normalised(password)))

    async def match(self, stored: str | None, password: str, sources: Sources = NOBODY) -> bool:
        """Whether a password has that hash; without one it is no, and takes as long to say."""
        same = await self._lane.do(lambda: self._verify(stored or self._nobody, password), sources)
        return same and bool(stored)

    def is_old(self, stored: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str, password: str) -> bool:
        """Whether it is the password, in the form of today or as an earlier version hashed it."""
        forms = dict.fromkeys((normalised(password), unicodedata.normalize("NFC", password), password))
        return any(self._is_hash_of(form, stored) for form in forms)

    def _is_hash_of(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def is_common(password: str) -> bool:
    """Whether it is one of those that are found most often where passwords were stolen, in any case."""
    return password.lower() in _common()


@cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # a large module, which only a new password needs

    return frozenset(FREQUENCY_LISTS["passwords"][:GUESSED_FIRST])
