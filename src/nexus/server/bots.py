"""The verbs about bots: accounts of one's own that programs speak as, by a token."""

import secrets

from nexus.core import names
from nexus.core.bots import Made, MakeBot
from nexus.core.changes import Acted, Denied, NameTaken
from nexus.core.inviting import digest
from nexus.core.people import FORMER, Account, Profile
from nexus.core.person import person_of
from nexus.core.speaker import Speaker
from nexus.ports import Clock, Store
from nexus.protocol import commands as c
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.protocol.types import BotInfo
from nexus.server.access import Access, claimed_name, refused
from nexus.server.accounts import Accounts
from nexus.server.erasing import MOST_BOTS, Erasing
from nexus.server.farewells import Farewells
from nexus.server.journal import Journal
from nexus.server.notable import Notable
from nexus.server.reading import Reader
from nexus.server.sanctions import Sanctions
from nexus.server.sessions import Sessions
from nexus.settings import Settings


class Bots:
    """Makes, lists and ends them, for their owners and for an operator."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        accounts: Accounts,
        access: Access,
        erasing: Erasing,
        journal: Journal,
        reader: Reader,
        sessions: Sessions,
        farewells: Farewells,
        sanctions: Sanctions,
        notable: Notable,
        clock: Clock,
    ) -> None:
        self._most = settings.accounts.bots
        self._store = store
        self._accounts = accounts
        self._access = access
        self._erasing = erasing
        self._journal = journal
        self._reader = reader
        self._sessions = sessions
        self._farewells = farewells
        self._sanctions = sanctions
        self._notable = notable
        self._clock = clock

    async def make(self, speaker: Speaker, command: c.Bot) -> Done:
        """Make a bot, or give one of one's own another token."""
        self._access.check("bot", speaker)
        self._sanctions.check_new(speaker.sources[0])
        speaker.budget.spend_post(self._clock.now())
        token = await self.make_for(speaker.author, command.name, speaker.role, speaker.sources[0])
        return Done(command.ref, token=token)

    async def mine(self, speaker: Speaker, command: c.Bots) -> Done:
        """The speaker's own bots."""
        self._access.check("bots", speaker)
        rows = await self._of(speaker.author)
        key = self._store.key
        bots = [BotInfo(row.name, person_of(row.account, key), row.created, row.used) for row in rows]
        return Done(command.ref, bots=bots)

    async def end(self, speaker: Speaker, command: c.Unbot) -> Done:
        """End a bot of one's own."""
        self._access.check("unbot", speaker)
        account = await self.called(command.name)
        if account is None or account.owner != speaker.author:
            raise Refusal("not_found", f"You have no bot '{command.name[:64]}'; `bots` lists them.")
        await self.end_one(account, speaker.author)
        return Done(command.ref)

    async def make_for(self, owner: int, text: str, role: str, source: str = "", by: int | None = None) -> str:
        """A bot for an account; returns its token. Where it is an operator who says so, that is noted."""
        name, token, at = claimed_name(text, role), secrets.token_urlsafe(32), self._clock.wall()
        change = MakeBot(owner, *name, digest(token), at, self._most if by is None else MOST_BOTS)
        if by is None:
            made = await self._journal.change(change, source)
        else:
            made = await self._journal.change(Acted(change, at, by, "bot", owner, name.shown))
        if isinstance(made, NameTaken):
            raise await self._accounts.name_taken(name, made.holder)
        if isinstance(made, Denied):
            raise refused(made)
        assert isinstance(made, Made)
        before = [one for one in self._sessions.of_account(made.account.id) if one.login != made.login]
        self._farewells.end_all(before, "revoked")
        self._notable.tell("a bot has a token", account=made.account.id, owner=owner)
        return token

    async def end_one(self, account: Account, by: int) -> None:
        """Nothing is left of a bot but what it said."""
        await self._erasing.erase(account, by, remove=False)
        self._farewells.end_all(self._sessions.of_account(account.id), "revoked")

    async def called(self, text: str) -> Account | None:
        """The bot of that name."""
        try:
            key = names.person_name(text).key
        except names.NameInvalid:
            return None
        account = await self._reader.read(lambda: self._store.account(key))
        return account if account is not None and account.owner else None

    async def _of(self, owner: int) -> list[Profile]:
        rows = await self._reader.read(lambda: self._store.profiles("", MOST_BOTS, owner))
        return [row for row in rows if row.role != FORMER]
