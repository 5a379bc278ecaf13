"""The verbs of those who moderate the server: mute, ban, give roles, look at what was done, and take it back."""

import secrets

from nexus.core.access import PAUSED, Standing, is_admin, is_moderator
from nexus.core.changes import Denied
from nexus.core.moderating import (
    BUSY,
    LOTS,
    Ban,
    GiveRole,
    Limit,
    Mute,
    Pause,
    Purge,
    Unban,
    Undo,
    Unlimit,
    Unmute,
    Unpause,
)
from nexus.core.moderating import Moderation as Change
from nexus.core.people import Account, Act, BanRow
from nexus.core.person import person_of
from nexus.core.purging import DOING, GUESTS, GUESTS_NAME, PurgeRow
from nexus.core.speaker import Speaker
from nexus.ports import Clock, Store
from nexus.protocol import commands as c
from nexus.protocol.events import Notice, Yourself
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.protocol.types import ActInfo, BanInfo
from nexus.server.access import Access
from nexus.server.destroying import Destroying
from nexus.server.farewells import Farewells
from nexus.server.journal import Journal
from nexus.server.notable import Notable
from nexus.server.pointing import Pointing, Somebody
from nexus.server.purges import Purges
from nexus.server.reading import Reader
from nexus.server.sanctions import HOUR, MOST, Sanctions, reason_of
from nexus.server.send import send
from nexus.server.sessions import Session, Sessions
from nexus.settings import Settings

MINUTE = 60_000
"""Milliseconds."""

OPERATOR = "the operator"
"""Who did what nobody with an account did."""


class Moderation:
    """The verbs about people on the whole server; each right is looked at again in the transaction."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        access: Access,
        journal: Journal,
        reader: Reader,
        sessions: Sessions,
        pointing: Pointing,
        farewells: Farewells,
        sanctions: Sanctions,
        notable: Notable,
        purges: Purges,
        destroying: Destroying,
        clock: Clock,
    ) -> None:
        self._settings = settings.moderation
        self._guests_talk = settings.guests == "talk"
        self._store = store
        self._access = access
        self._journal = journal
        self._reader = reader
        self._sessions = sessions
        self._pointing = pointing
        self._farewells = farewells
        self._sanctions = sanctions
        self._notable = notable
        self._purges = purges
        self._destroying = destroying
        self._clock = clock

    # --- what is done to people --------------------------------------------------------------------

    async def mute(self, speaker: Speaker, command: c.Mute) -> Done:
        """Let someone say nothing for a while, or for good."""
        other = await self._above(speaker, command)
        at = self._clock.wall()
        until = 0 if command.minutes is None else at + command.minutes * MINUTE
        common = self._by(speaker), at, other.author, other.name, reason_of(command.reason)
        act = await self._carry_out(Mute(*common, until), speaker)
        self._sanctions.mute(other.author, until)
        span = "" if command.minutes is None else f" for {command.minutes} minutes"
        self._tell(other.author, f"A moderator muted you{span}{_because(command.reason)}.")
        return Done(command.ref, act=act)

    async def unmute(self, speaker: Speaker, command: c.Unmute) -> Done:
        """Let someone talk again."""
        other = await self._above(speaker, command)
        act = await self._carry_out(Unmute(self._by(speaker), self._clock.wall(), other.author, other.name), speaker)
        self._sanctions.unmute(other.author)
        self._tell(other.author, "You may talk again.")
        return Done(command.ref, act=act)

    async def ban(self, speaker: Speaker, command: c.Ban) -> Done:
        """Send someone away, and do not let them come back for a while, or for good."""
        other = await self._above(speaker, command)
        mine = self._of(other.author)
        address = await self._address(speaker, mine, other) if command.address else ""
        beside = [one for one in self._guests_from(address) if one.author != other.author]
        if command.address and not command.confirm:
            return Done(command.ref, others=len(beside))
        at = self._clock.wall()
        until = 0 if command.hours is None else at + command.hours * HOUR
        since = 0 if command.purge is None else at - command.purge * HOUR
        by, common = self._by(speaker), (at, other.author, other.name, reason_of(command.reason))
        act = await self._carry_out(Ban(by, *common, until, address, since), speaker)
        await self._sanctions.load()
        bots = self._sessions.of_bots(other.author)
        self._farewells.end_all([*self._of(other.author), *bots, *self._guests_from(address)], "banned")
        row = PurgeRow(act, other.author, 0, since, DOING, by, speaker.name, other.name, address)
        hidden = await self._purges.hide(row) if since else None
        return Done(command.ref, act=act, others=len(beside) if command.address else None, count=hidden)

    async def purge(self, speaker: Speaker, command: c.Purge) -> Done:
        """Hide what someone said since a time."""
        other = await self._above(speaker, command)
        room = 0
        if command.room is not None and not command.everywhere:
            found = await self._access.readable(speaker, command.room)
            self._access.check("purge", speaker, found, other=Standing(other.role))
            room = found.id
        by, at = self._by(speaker), self._clock.wall()
        change = Purge(by, at, other.author, other.name, reason_of(command.reason), room, command.since)
        act = await self._carry_out(change, speaker)
        row = PurgeRow(act, other.author, room, command.since, DOING, by, speaker.name, other.name)
        return Done(command.ref, act=act, count=await self._purges.hide(row))

    async def unban(self, speaker: Speaker, command: c.Unban) -> Done:
        """Let someone in again."""
        self._access.check("unban", speaker)
        bans = await self._reader.read(lambda: self._store.bans(MOST), speaker.sources)
        ban = next((ban for ban in bans if ban.id == command.ban), None)
        if ban is None:
            raise Refusal("not_found", f"There is no ban {command.ban}; `bans` lists them.")
        change = Unban(self._by(speaker), self._clock.wall(), ban.author, ban.act.name, "", ban.id)
        act = await self._carry_out(change, speaker)
        await self._sanctions.load()
        return Done(command.ref, act=act)

    async def give_role(self, speaker: Speaker, command: c.Promote) -> Done:
        """Make someone else something else on the server, or step down oneself."""
        self._access.check("acts", speaker)  # before anybody is looked for, whom one may not find
        other = await self._pointing.somebody(speaker, command.name, command.person)
        if other.author <= 0:
            raise Refusal("not_found", f"{other.name} is a guest; only accounts have roles.")
        oneself = other.author == speaker.author
        self._access.check("promote", speaker, other=Standing(other.role), oneself=oneself, wanted=command.role)
        change = GiveRole(self._by(speaker), self._clock.wall(), other.author, other.name, "", command.role)
        await self._carry_out(change, speaker)
        await self._roles_changed(other.author)
        return Done(command.ref)

    async def limit(self, speaker: Speaker, command: c.Limit | c.Unlimit) -> Done:
        """Let an account find only the rooms that it belongs to, or all again."""
        other = await self._above(speaker, command)
        if other.author <= 0:
            raise Refusal("not_found", f"{other.name} is a guest; only accounts can be limited.")
        common = self._by(speaker), self._clock.wall(), other.author, other.name
        limiting = isinstance(command, c.Limit)
        change = Limit(*common, reason_of(command.reason)) if isinstance(command, c.Limit) else Unlimit(*common)
        act = await self._carry_out(change, speaker)
        await self._account_changed(other.author)
        self._farewells.end_all(self._sessions.of_bots(other.author) if limiting else (), "revoked")
        found = "only the rooms that you were brought into" if limiting else "all open rooms"
        self._tell(other.author, f"From now on you find {found}.")
        return Done(command.ref, act=act)

    async def pause(self, speaker: Speaker, command: c.Pause) -> Done:
        """Let nobody new in and guests only read; or no longer."""
        self._access.check("pause", speaker)
        by, at = self._by(speaker), self._clock.wall()
        since = at - command.purge * HOUR if command.on and command.purge is not None else 0
        common = by, at, 0, "", reason_of(command.reason)
        act = await self._carry_out(Pause(*common, since) if command.on else Unpause(*common), speaker)
        self.tell_guests(paused=command.on)
        row = PurgeRow(act, 0, 0, since, DOING, by, speaker.name, GUESTS_NAME, GUESTS)
        return Done(command.ref, act=act, count=await self._purges.hide(row) if since else None)

    # --- what was done -----------------------------------------------------------------------------

    async def bans(self, speaker: Speaker, command: c.Bans) -> Done:
        """Who may not come in now."""
        self._access.check("bans", speaker)
        now = self._clock.wall()
        rows = await self._reader.read(lambda: self._store.bans(MOST), speaker.sources)
        return Done(command.ref, bans=[self._ban(row) for row in rows if row.until == 0 or row.until > now])

    async def acts(self, speaker: Speaker, command: c.Acts) -> Done:
        """What was done to whom, by whom, when and why; on the server, and in the rooms that one looks after."""
        limit = command.limit
        rows = await self._acts(speaker, limit + 1, command.before)
        if not rows:
            self._access.check("acts", speaker)
        shown = [self._act(row) for row in rows[:limit]]
        return Done(command.ref, acts=shown, more=len(rows) > limit, paused=self._sanctions.paused)

    async def undo(self, speaker: Speaker, command: c.Undo) -> Done:
        """Take an act back."""
        rows = await self._acts(speaker, 1, command.act + 1)
        if not rows or rows[0].id != command.act:
            self._access.check("acts", speaker)
            raise Refusal("not_found", f"There is no act {command.act}; `acts` lists them.")
        act, within = rows[0], int(self._settings.undo_hours * HOUR)
        if act.verb == "destroy":
            return Done(command.ref, act=await self._destroying.bring_back(speaker, act))
        if act.verb != "delete":
            self._access.check("acts", speaker)
        lot = secrets.randbelow(LOTS)
        change = Undo(self._by(speaker), self._clock.wall(), act.target, act.name, "", act.id, within, lot)
        done = await self._carry_out(change, speaker)
        await self._undone(act)
        return Done(command.ref, act=done)

    async def _acts(self, speaker: Speaker, limit: int, before: int | None) -> list[Act]:
        """Acts that one may know of, before one of them."""
        server, reader = is_moderator(speaker.role), speaker.account or 0
        return await self._reader.read(
            lambda: self._store.acts(limit, before=before, server=server, reader=reader), speaker.sources
        )

    async def _undone(self, act: Act) -> None:
        """What follows for those who are here."""
        match act.verb:
            case "mute":
                until = await self._reader.read(lambda: self._store.muted(act.target))
                if until is None:
                    self._sanctions.unmute(act.target)
                    self._tell(act.target, "You may talk again.")
                else:
                    self._sanctions.mute(act.target, until)
            case "ban":
                await self._sanctions.load()
                await self._purges.take_back(act.id)
            case "role":
                await self._roles_changed(act.target)
            case "limit" | "unlimit":
                await self._account_changed(act.target)
            case "pause":
                was = self._sanctions.paused
                await self._sanctions.load()
                if self._sanctions.paused is not was:
                    self.tell_guests(paused=self._sanctions.paused)
                await self._purges.take_back(act.id)
            case "purge" | "delete":
                await self._purges.take_back(act.id)

    # --- whom it is about --------------------------------------------------------------------------

    async def _above(self, speaker: Speaker, command: c.Target) -> Somebody:
        """Whom a command means, where one stands above them."""
        verb = type(command).__name__.lower()
        self._access.check(verb, speaker)
        if command.seq is not None:
            other = await self._author_of(speaker, command.room or "", command.seq)
        else:
            other = await self._pointing.somebody(speaker, command.name, command.person)
        self._access.check(verb, speaker, other=Standing(other.role))
        return other

    async def _author_of(self, speaker: Speaker, name: str, seq: int) -> Somebody:
        """Who said a message."""
        room = await self._access.readable(speaker, name)
        page = await self._reader.page(
            room.id, after=seq - 1, before=seq + 1, limit=1, newest=False, sources=speaker.sources
        )
        if not page:
            raise Refusal("not_found", f"There is no message {seq} in '{room.name}'.")
        author, by = page[0].author, page[0].event.by
        if author <= 0:
            return Somebody(author, by, "guest")
        account = await self._reader.read(lambda: self._store.account_by_id(author), speaker.sources)
        return Somebody(author, by, "member" if account is None else account.role)

    def _of(self, author: int) -> list[Session]:
        return [one for one in self._sessions.all() if one.author == author]

    async def _address(self, speaker: Speaker, sessions: list[Session], other: Somebody) -> str:
        """Where somebody is, or was; it is shown to nobody."""
        found = next((one.sources[0] for one in sessions if one.sources[0]), "")
        found = found or await self._reader.read(lambda: self._store.origin(other.author), speaker.sources)
        if not found:
            raise Refusal("not_found", f"The address of {other.name} is not known; ban them without `address`.")
        return found

    def _guests_from(self, address: str) -> list[Session]:
        if not address:
            return []
        return [one for one in self._sessions.all() if one.account is None and one.sources[0] == address]

    # --- carrying out ------------------------------------------------------------------------------

    def _by(self, speaker: Speaker) -> int:
        return speaker.author

    async def _carry_out(self, change: Change, speaker: Speaker) -> int:
        """The number of the act; the Refusal of what may not be done by now."""
        done = await self._journal.change(change, speaker.sources[0])
        if isinstance(done, Denied):
            raise Refusal(done.code, done.message, 1.0 if done == BUSY else None)
        self._notable.tell("a moderator acted", act=done, by=change.by, on=change.target)
        return done

    async def _roles_changed(self, author: int) -> None:
        """Somebody is something else on the server now, and told so."""
        account = await self._account_changed(author)
        if account is not None:
            self._tell(author, f"You are {_with_article(account.role)} here from now on.")

    async def _account_changed(self, author: int) -> Account | None:
        """The sessions of an account know what it is now."""
        if author <= 0:
            return None
        account = await self._reader.read(lambda: self._store.account_by_id(author))
        if account is not None:
            send(self._sessions.account_is(account), Yourself(role=account.role, limited=account.limited))
        return account

    def tell_guests(self, *, paused: bool) -> None:
        """Guests only read while the server is paused, and know it."""
        self._sanctions.paused = paused
        guests = [one for one in self._sessions.all() if one.account is None]
        for one in guests:
            one.let_talk(self._guests_talk and not paused)
        send(guests, Notice(text=PAUSED if paused else "The server is not paused any more."))

    def _tell(self, author: int, text: str) -> None:
        send(self._of(author), Notice(text=text))

    def _ban(self, row: BanRow) -> BanInfo:
        act = row.act
        person = person_of(row.author, self._store.key)
        doer = act.doer or OPERATOR
        return BanInfo(row.id, act.name, person, act.at, row.until, doer, act.detail, bool(row.address))

    def _act(self, act: Act) -> ActInfo:
        target = act.target or act.account
        person = person_of(target, self._store.key) if target else ""
        return ActInfo(
            act.id,
            act.at,
            act.doer or OPERATOR,
            act.verb,
            act.name,
            person,
            act.until,
            act.detail,
            act.undone,
            act.undoes,
            act.place,
        )


def _because(text: str) -> str:
    return f" ({text.strip()})" if text.strip() else ""


def _with_article(role: str) -> str:
    return f"an {role}istrator" if role == "admin" else f"an {role}" if is_admin(role) else f"a {role}"
