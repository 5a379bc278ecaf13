"""Whom a command means that names somebody, or points at them by an id."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from nexus.core.people import FORMER, Account
from nexus.core.person import account_of, person_of
from nexus.core.speaker import Speaker
from nexus.ports import Store
from nexus.protocol.refusals import Refusal
from nexus.server.access import person_name
from nexus.server.reading import Reader
from nexus.server.sessions import Sessions


class Somebody(NamedTuple):
    """Whom a command means; a guest's author is below zero."""

    author: int
    name: str
    role: str
    limited: bool = False


class Pointing:
    """Finds accounts, and guests who are here or were a moment ago."""

    def __init__(self, store: Store, reader: Reader, sessions: Sessions) -> None:
        self._store = store
        self._reader = reader
        self._sessions = sessions
        self.guest_elsewhere: Callable[[Callable[[str, int], bool]], tuple[str, int] | None] = lambda _is_meant: None
        """A guest who is in a room on another node, by name and author."""

    async def somebody(self, speaker: Speaker, name: str | None, person: str | None) -> Somebody:
        """The one with that id, else of that name; raises the Refusal where there is nobody."""
        if name is None and person is None:
            raise Refusal("bad_request", "Say whom you mean: by name, by the id that `who` lists, or by a message.")
        key = person_name(name).key if name is not None else ""
        for one in self._sessions.all():
            if one.account is None and is_meant(one.name, one.author, key, person, self._store.key):
                return Somebody(one.author, one.name, "guest")
        guest = self.guest_elsewhere(lambda name, author: is_meant(name, author, key, person, self._store.key))
        if guest is not None:
            return Somebody(guest[1], guest[0], "guest")
        account = await self.account(speaker, name, person)
        if account is None:
            raise Refusal("not_found", f"There is nobody '{(person or name or '')[:64]}'.")
        return Somebody(account.id, account.name, account.role, account.limited)

    async def account(self, speaker: Speaker, name: str | None, person: str | None) -> Account | None:
        """The account with that id, else of that name; None where there is none, or none any more."""
        if person is not None:
            id = account_of(person)
            ask = None if id is None else partial(self._store.account_by_id, id)
        else:
            ask = None if name is None else partial(self._store.account, person_name(name).key)
        account = None if ask is None else await self._reader.read(ask, speaker.sources)
        return None if account is None or account.role == FORMER else account

    async def meets(self, speaker: Speaker, account: int) -> bool:
        """Whether an account is there for someone; a limited one finds only people in its rooms."""
        me = speaker.account
        if not speaker.limited or me is None or account == me:
            return True
        return await self._reader.read(lambda: self._store.meet(me, account), speaker.sources)

    async def found_by(self, speaker: Speaker, name: str | None, person: str | None) -> Somebody:
        """The same; for a limited account only those who are in one of its rooms are there."""
        other = await self.somebody(speaker, name, person)
        if not speaker.limited:
            return other
        if other.author > 0:
            meets = await self.meets(speaker, other.author)
        else:
            mine = (one for one in self._sessions.all() if one.author == other.author)
            meets = any(room.id in speaker.member_of for one in mine for room in one.rooms.values())
        if not meets:
            raise Refusal("not_found", f"There is nobody '{(person or name or '')[:64]}'.")
        return other


def is_meant(name: str, author: int, key: str, person: str | None, secret: bytes) -> bool:
    """Whether this is the guest with that id, else of the name with that key."""
    if person is not None:
        return person_of(author, secret) == person
    return person_name(name).key == key
