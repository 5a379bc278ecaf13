"""The verbs about who belongs to a room: bring in, take out, give a role; and the rooms between a few people."""

import secrets
from collections.abc import Callable

from nexus.core.access import DIRECT_MOST, Standing
from nexus.core.changes import Admit, Denied, MakeDirect, Promote, Remove
from nexus.core.limiting import cannot_be_reached, no_account
from nexus.core.log import Record
from nexus.core.people import Account
from nexus.core.person import person_of
from nexus.core.rights import NEEDS_ACCOUNT
from nexus.core.room_id import room_id
from nexus.core.speaker import ROW, Speaker
from nexus.ports import Clock, Store
from nexus.protocol import commands as c
from nexus.protocol.events import Joined, Promoted, Removed
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.server.access import Access, person_name, refused, room_name
from nexus.server.active_rooms import ActiveRooms
from nexus.server.journal import Journal
from nexus.server.placing import Placing
from nexus.server.pointing import Pointing, is_meant
from nexus.server.quotas import Quotas
from nexus.server.reading import Reader
from nexus.server.sessions import ActiveRoom, Session
from nexus.server.unread import Unread

REASON = 500
"""Characters of a reason, at most."""


class Members:
    """The verbs `add`, `remove`, `promote` and `direct`; each right is looked at again where the change is stored."""

    def __init__(
        self,
        store: Store,
        access: Access,
        active: ActiveRooms,
        journal: Journal,
        reader: Reader,
        pointing: Pointing,
        placing: Placing,
        unread: Unread,
        quotas: Quotas,
        clock: Clock,
    ) -> None:
        self._store = store
        self._access = access
        self._active = active
        self._journal = journal
        self._reader = reader
        self._pointing = pointing
        self._placing = placing
        self._unread = unread
        self._quotas = quotas
        self._clock = clock
        self.guests_elsewhere: Callable[[int], list[tuple[str, int]]] = lambda _room: []
        """The guests who are in a room on other nodes, by name and author."""

    async def add(self, speaker: Speaker, command: c.Add) -> Done:
        """Bring someone who has an account into a room."""
        room = await self._access.readable(speaker, command.room)
        self._access.check("add", speaker, room)
        by = self._account(speaker)
        speaker.budget.spend_post(self._clock.now())
        account = await self._account_meant(speaker, command)
        event = Joined(room=room.name, seq=0, at=self._clock.wall(), by=account.name, added=speaker.name)
        placed = await self._journal.change(Admit(Record(room.id, account.id, event), by), speaker.sources[0])
        if isinstance(placed, Denied):
            raise refused(placed)
        for record in placed.records[:1]:
            self._placing.came_in(record, room, placed.place, speaker.name, None)
        return Done(command.ref)

    async def remove(self, speaker: Speaker, command: c.Remove) -> Done:
        """Take someone out of a room."""
        room = await self._access.readable(speaker, command.room)
        if len(command.reason) > REASON:
            raise Refusal("too_large", f"That reason is too long; up to {REASON} characters would work.")
        self._access.check("remove", speaker, room)
        speaker.budget.spend_post(self._clock.now(), ROW + len(command.reason))
        author, name = await self._author(speaker, room, command)
        event = Removed(
            room=room.name,
            seq=0,
            at=self._clock.wall(),
            by=speaker.name,
            name=name,
            person=person_of(author, self._store.key),
            reason=command.reason,
        )
        done = await self._journal.change(Remove(Record(room.id, speaker.author, event), author), speaker.sources[0])
        if isinstance(done, Denied):
            raise refused(done)
        self._placing.taken_out(room, author)
        return Done(command.ref)

    async def promote(self, speaker: Speaker, command: c.Promote) -> Done:
        """Give someone another role in a room."""
        role = command.role
        if role == "admin":
            raise Refusal("bad_request", "The roles in a room are owner, moderator and member.")
        room = await self._access.readable(speaker, command.room or "")
        speaker.budget.spend_post(self._clock.now())
        account = await self._account_meant(speaker, command)
        theirs = Standing("member", await self._reader.read(lambda: self._store.place(room.id, account.id)))
        oneself = account.id == speaker.account
        self._access.check("promote", speaker, room, other=theirs, oneself=oneself, wanted=role)
        event = Promoted(
            room=room.name,
            seq=0,
            at=self._clock.wall(),
            by=speaker.name,
            name=account.name,
            person=person_of(account.id, self._store.key),
            role=role,
        )
        done = await self._journal.change(Promote(Record(room.id, speaker.author, event), account.id))
        if isinstance(done, Denied):
            raise refused(done)
        return Done(command.ref)

    async def direct(self, session: Session, command: c.Direct) -> Done:
        """The room between oneself and a few others."""
        me = self._account(session)
        session.budget.spend_post(self._clock.now())
        people = {me: ""}
        for text in command.names:
            people.setdefault(await self._reachable(session, text), text[:64])
        if len(people) > DIRECT_MOST:
            raise Refusal(
                "too_many", f"A direct room is for {DIRECT_MOST} people at most; make a private one for more."
            )
        change = MakeDirect(tuple(people), room_id(secrets.token_bytes(12)), self._clock.wall(), tuple(people.values()))
        row = await self._journal.change(change, session.sources[0])
        if isinstance(row, Denied):
            raise refused(row)
        room = await self._active.load(room_name(row.name), session.sources)
        if room is None:
            raise Refusal("unavailable", "The room was made, but it cannot be read right now.", 1.0)
        room.hidden.pop(me, None)
        self._placing.added(room, me, "member", session.name, asking=session)
        return Done(command.ref, room=await self._unread.info(session, room))

    async def _reachable(self, session: Session, text: str) -> int:
        """The account of that name; one answer for everybody who cannot be reached, for any reason."""
        account = await self._pointing.account(session, text, None)
        if account is None or not await self._pointing.meets(session, account.id):
            raise refused(cannot_be_reached(text))
        return account.id

    # --- whom a command means ----------------------------------------------------------------------

    async def _account_meant(self, speaker: Speaker, command: c.Add | c.Remove | c.Promote) -> Account:
        """The account that a command points at."""
        if command.person is None and command.name is None:
            raise Refusal("bad_request", "Say whom you mean: by name, or by the id that `who` lists.")
        account = await self._pointing.account(speaker, command.name, command.person)
        if account is None or not await self._pointing.meets(speaker, account.id):
            raise refused(no_account(command.name or command.person or ""))
        return account

    async def _author(self, speaker: Speaker, room: ActiveRoom, command: c.Remove) -> tuple[int, str]:
        """Whom to take out: a guest who is in the room, or an account; with their name."""
        here = [(one.name, one.author) for one in room.sessions if one.account is None]
        key = "" if command.name is None else person_name(command.name).key
        for name, author in here + self.guests_elsewhere(room.id):
            if is_meant(name, author, key, command.person, self._store.key):
                return author, name
        account = await self._account_meant(speaker, command)
        return account.id, account.name

    def _account(self, speaker: Speaker) -> int:
        if speaker.account is None:
            raise Refusal(*NEEDS_ACCOUNT)
        return speaker.account
