"""What is different since another node changed it: read from the store again, and told to those who are here.

Each look is right whenever it is done, and however often: it brings what is known here to what the store says.
"""

from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

from nexus.core.announcing import Called, Look
from nexus.core.people import FORMER
from nexus.ports import Clock, Cluster, Store, Unavailable
from nexus.protocol.events import Member, Notice, Yourself
from nexus.protocol.refusals import Refusal
from nexus.server.active_rooms import ActiveRooms
from nexus.server.elsewhere import Elsewhere
from nexus.server.farewells import Farewells
from nexus.server.later import start
from nexus.server.moderation import Moderation
from nexus.server.people import People
from nexus.server.presence import Presence
from nexus.server.protecting import Protecting
from nexus.server.reading import Reader
from nexus.server.sanctions import Sanctions
from nexus.server.send import send
from nexus.server.sessions import Session, Sessions
from nexus.server.unread import Unread

AGAIN = 1.0
"""Seconds until the store is asked again that could not answer."""

Verb = Coroutine[Any, None, None]


class Looking:
    """Looks again at what another node changed."""

    def __init__(
        self,
        store: Store,
        cluster: Cluster,
        reader: Reader,
        active: ActiveRooms,
        sessions: Sessions,
        presence: Presence,
        unread: Unread,
        people: People,
        protecting: Protecting,
        farewells: Farewells,
        sanctions: Sanctions,
        moderation: Moderation,
        elsewhere: Elsewhere,
        expired: Callable[[int, int], None],
        clock: Clock,
    ) -> None:
        self._store = store
        self._cluster = cluster
        self._reader = reader
        self._active = active
        self._sessions = sessions
        self._presence = presence
        self._unread = unread
        self._people = people
        self._protecting = protecting
        self._farewells = farewells
        self._sanctions = sanctions
        self._moderation = moderation
        self._elsewhere = elsewhere
        self._expired = expired
        self._clock = clock
        self._under_way: dict[tuple[Any, ...], bool] = {}
        """What is being looked at, and whether it is to be looked at again after that."""

    def look(self, looks: Sequence[Look]) -> None:
        """Look at all of these again, each once."""
        sessions = {look.id for look in looks if look.what == "session"}
        if sessions:
            self._begin(self._look_at_sessions, tuple(one for one in self._sessions.all() if one.id in sessions))
        for look in dict.fromkeys(looks):
            self._look_at(look)

    def _look_at(self, look: Look) -> None:  # noqa: C901, PLR0912
        """One line for each thing; those that only a later version knows are passed over."""
        match look.what:
            case "account":
                self._begin(self._look_at_account, look.id)
            case "sanctions":
                self._begin(self._look_at_sanctions)
            case "muted":
                self._begin(self._look_at_mute, look.id)
            case "place":
                self._begin(self._look_at_place, look.id, look.other)
            case "room":
                self._begin(self._look_at_room, look.id)
            case "hidden":
                self._begin(self._look_at_hidden, look.id)
            case "mark":
                for one in self._sessions.of_account(look.other):
                    self._unread.recount(one, look.id)
            case "ignored":
                for one in [one for one in self._sessions.all() if one.author == look.id]:
                    self._begin(self._protecting.look, one)
            case "expired":
                self._expired(look.id, look.other)
            case "dropped":
                self._dropped(look.id)
            case "all":
                self.everything()

    def everything(self) -> None:
        """More may be different than is known."""
        sessions = tuple(self._sessions.all())
        self._begin(self._look_at_sessions, sessions)
        self._begin(self._look_at_sanctions)
        for account in {one.account for one in sessions} - {None}:
            self._begin(self._look_at_account, account)
            self._begin(self._look_at_places, account)

    def _begin(self, verb: Callable[..., Verb], *about: Any) -> None:
        """Do it; where it is being done, once more after that, as what is read now may be older than this."""
        key = verb.__name__, *about
        if key in self._under_way:
            self._under_way[key] = True
        else:
            self._under_way[key] = False
            start(self._do(key, verb, about))

    async def _do(self, key: tuple[Any, ...], verb: Callable[..., Verb], about: tuple[Any, ...]) -> None:
        """Do it; where the store cannot answer, a moment later."""
        try:
            await verb(*about)
        except (Unavailable, Refusal):
            self._clock.later(AGAIN, lambda: self._begin(verb, *about))
        finally:
            again = self._under_way.pop(key)
        if again:
            self._begin(verb, *about)

    # --- who is here -------------------------------------------------------------------------------

    async def _look_at_sessions(self, sessions: Sequence[Session]) -> None:
        """Some may have gone on elsewhere, or be over."""
        if not sessions:
            return
        ids, run = [one.id for one in sessions], self._store.run
        runs = await self._reader.read(lambda: self._cluster.runs(ids))
        for one in sessions:
            has = runs.get(one.id)
            if has is None and not one.coming:
                self._farewells.end_all([one], "revoked" if one.account is not None else "ended")
            elif has not in (None, run):
                self._farewells.gone_elsewhere(one)
            elif one.account is None:
                await self._people.look_at_name(one)

    async def has_gone(self, session: Session) -> bool:
        """Whether a session that is known here has gone on elsewhere since, and comes back now."""
        runs = await self._reader.read(lambda: self._cluster.runs([session.id]), session.sources)
        if runs.get(session.id) in (None, self._store.run):
            return False
        self._farewells.gone_elsewhere(session)
        return True

    async def _look_at_account(self, id: int) -> None:
        """What an account is, what it is called, and which of its sessions are left."""
        mine = self._sessions.of_account(id)
        await self._look_at_sessions(self._sessions.of_bots(id))
        if not mine:
            return
        changes = self._sessions.account_changes
        account = await self._reader.read(lambda: self._store.account_by_id(id))
        if changes != self._sessions.account_changes:  # what was read may be of before that
            await self._look_at_account(id)
            return
        if account is None or account.role == FORMER:
            self._farewells.end_all(mine, "revoked")
            return
        changed = any((one.role, one.limited) != (account.role, account.limited) for one in mine)
        mine = self._sessions.account_is(account)
        if changed:
            send(mine, Yourself(role=account.role, limited=account.limited))
        for one in mine[:1]:
            await self._people.look_at_name(one)
        await self._look_at_sessions(mine)

    def called(self, called: Called) -> None:
        """Somebody has another name."""
        rooms = self._elsewhere.renamed(called.author, called.name)
        for id, count in rooms.items():
            room = self._active.by_id.get(id)
            if room is not None:
                self._presence.rename(room, called.before, called.name, count)
        self._people.renamed_elsewhere(called, rooms)

    # --- who may not -------------------------------------------------------------------------------

    async def _look_at_sanctions(self) -> None:
        """Who may come in, and whether anyone does."""
        paused = self._sanctions.paused
        await self._sanctions.load()
        if self._sanctions.paused is not paused:
            self._moderation.tell_guests(paused=self._sanctions.paused)
        for one in [one for one in self._sessions.all() if one.account is None and one.sources[0]]:
            try:
                self._sanctions.check(one.sources[0])
            except Refusal:
                self._farewells.end_all([one], "banned")

    async def _look_at_mute(self, author: int) -> None:
        """Whether someone may talk."""
        until = await self._reader.read(lambda: self._store.muted(author))
        was = self._sanctions.is_muted(author)
        if until is None:
            self._sanctions.unmute(author)
        else:
            self._sanctions.mute(author, until)
        if self._sanctions.is_muted(author) is not was:
            told = "You may talk again." if was else "A moderator muted you."
            send([one for one in self._sessions.all() if one.author == author], Notice(text=told))

    # --- where they belong -------------------------------------------------------------------------

    async def _look_at_place(self, room_id: int, account: int) -> None:
        """What an account is in a room."""
        mine = self._sessions.of_account(account)
        if not mine:
            return
        before = [one.membership_changes for one in mine]
        place, row, hidden = await self._reader.read(
            lambda: (
                self._store.place(room_id, account),
                self._store.room_by_id(room_id),
                account in self._store.hidden(room_id),
            )
        )
        if before != [one.membership_changes for one in mine]:  # what was read may be of before that
            await self._look_at_place(room_id, account)
            return
        place = "" if hidden or row is None else place
        name = row.name if row is not None else ""
        for one in mine:
            if place:
                if one.belong(room_id, place):
                    send([one], Member(room=name, member=True, name=one.name, role=place))
            elif one.no_longer_belong(room_id):
                self._out(one, room_id, name)

    def _out(self, session: Session, room_id: int, name: str) -> None:
        """A session's account does not belong to a room any more."""
        room = self._active.by_id.get(room_id)
        if room is not None and session in room.sessions:
            self._presence.exit(session, room)
        if room is not None or name:
            send([session], Member(room=name if room is None else room.name, member=False))

    async def _look_at_places(self, account: int) -> None:
        """The rooms that an account belongs to."""
        memberships = await self._reader.read(lambda: self._store.memberships(account))
        known = {room for one in self._sessions.of_account(account) for room in one.member_of}
        for room in known | {one.row.id for one in memberships}:
            await self._look_at_place(room, account)

    async def _look_at_room(self, id: int) -> None:
        """A room is gone, or there again, or is what it was not."""
        row = await self._reader.read(lambda: self._store.room_by_id(id))
        if row is None:
            self._gone(id)
        else:
            self._active.gone.discard(id)
        for account in {one.account for one in self._sessions.all()} - {None}:
            await self._look_at_place(id, account or 0)

    def _gone(self, id: int) -> None:
        """A room was destroyed; where it is in use its people are about to hear, or have heard."""
        room = self._active.by_id.get(id)
        if room is None:
            self._active.gone.add(id)

    async def _look_at_hidden(self, id: int) -> None:
        """Who left a direct room out of sight."""
        hidden = await self._reader.read(lambda: self._store.hidden(id))
        room = self._active.by_id.get(id)
        if room is not None:
            room.hidden = hidden

    def _dropped(self, id: int) -> None:
        """A room that nobody used is gone."""
        room = self._active.by_id.get(id)
        if room is not None:
            self._out_of(room.sessions, id, room.name)
            self._active.drop([id])

    def _out_of(self, sessions: Iterable[Session], id: int, name: str) -> None:
        for one in list(sessions):
            self._out(one, id, name)
