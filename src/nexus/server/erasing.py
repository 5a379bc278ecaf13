"""An account is nobody's any more, and all that it said is deleted, where that is wanted; a crash does not end that."""

from contextlib import suppress
from functools import partial

from nexus.core.changes import Acted, Amend
from nexus.core.erasing import EndRemoval, Erase
from nexus.core.log import Record
from nexus.core.people import FORMER_NAME, Account
from nexus.core.rights import NOT_BOTS
from nexus.ports import Clock, Store, Unavailable
from nexus.protocol import commands as c
from nexus.protocol.events import Deleted
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.server.accounts import DAY, Accounts
from nexus.server.farewells import Farewells
from nexus.server.journal import Journal
from nexus.server.later import start
from nexus.server.people import People
from nexus.server.reading import Reader
from nexus.server.sessions import Session, Sessions
from nexus.settings import Settings

MOST_BOTS = 10_000
"""Bots of one account, more than anybody has."""

STEP = 5000
"""Events that are looked through at once for what somebody said."""


class Erasing:
    """Erases accounts, for an operator and for those whose they are."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        accounts: Accounts,
        people: People,
        journal: Journal,
        reader: Reader,
        sessions: Sessions,
        farewells: Farewells,
        clock: Clock,
    ) -> None:
        self._hold = settings.names.hold
        self._store = store
        self._accounts = accounts
        self._people = people
        self._journal = journal
        self._reader = reader
        self._sessions = sessions
        self._farewells = farewells
        self._clock = clock

    async def oneself(self, session: Session, command: c.Erase) -> Done:
        """The verb `erase`, for someone who knows the password; the session ends after the reply."""
        if session.account is None:
            raise Refusal("forbidden", "Guests have no account to erase.")
        if session.owner:
            raise Refusal(*NOT_BOTS)
        address = "" if session.connection is None else session.connection.listener.address
        account = await self._accounts.prove(session.account, command.password, address)
        remove = command.messages == "remove"
        if not await self.erase(account, account.id, remove=remove, hashed=account.hash):
            raise Refusal("unavailable", "Your account was changed elsewhere meanwhile; try again.", 1.0)
        ended = self._sessions.of_account(account.id)
        self._clock.soon(lambda: self._farewells.end_all(ended, "ended"))
        if remove:
            start(self.go_on())
        return Done(command.ref)

    async def erase(self, account: Account, by: int, *, remove: bool, hashed: str | None = None) -> bool:
        """Erase an account; false where its password is not that one any more."""
        at = self._clock.wall()
        rooms, bots = await self._reader.read(
            lambda: (self._store.memberships(account.id), self._store.profiles("", MOST_BOTS, account.id))
        )
        change = Erase(account.id, at, at + self._hold * DAY, remove, hashed)
        detail = "with messages" if remove else ""
        if not await self._journal.change(Acted(change, at, by, "erase", account.id, detail)):
            return False
        self._people.renamed(account.id, account.name, FORMER_NAME, {one.row.id for one in rooms})
        for bot in bots:
            self._people.renamed(bot.account, bot.name, FORMER_NAME, set())
        self._farewells.end_all(self._sessions.of_bots(account.id), "revoked")
        self._people.forget_ignored(account.id)
        return True

    async def remove(self, account: int) -> int:
        """Delete all that an account said, a step at a time; returns how many messages that were."""
        removed = 0
        after: int | None = 0
        while after is not None:
            found, after = await self._reader.read(partial(self._store.said_by, account, after=after, limit=STEP))
            for room, seq in found:
                row = await self._reader.read(partial(self._store.room_by_id, room))
                name = row.name if row is not None else ""
                await self._journal.change(Amend(self._deletion(account, room, name, seq), anyway=True))
                removed += 1
        await self._journal.change(EndRemoval(account))
        return removed

    async def go_on(self) -> None:
        """Finish what was begun, by now or before a stop or a crash."""
        with suppress(Unavailable, Refusal):  # the next start goes on
            for account in await self._reader.read(self._store.removals):
                await self.remove(account)

    def _deletion(self, account: int, room: int, name: str, seq: int) -> Record:
        event = Deleted(room=name, seq=0, at=self._clock.wall(), by=FORMER_NAME, target=seq)
        return Record(room, account, event, None)
