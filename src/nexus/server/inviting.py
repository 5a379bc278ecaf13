"""The verbs about invitations: to a room, and to the server."""

import secrets

from nexus.core.access import PLACES, ROLES
from nexus.core.changes import AddInvite, Denied, EndInvite
from nexus.core.inviting import Accept, digest
from nexus.core.people import Invite
from nexus.core.speaker import Speaker
from nexus.ports import Clock, Store
from nexus.protocol import commands as c
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.protocol.types import InviteInfo
from nexus.server.access import Access, refused, room_name
from nexus.server.accounts import Accounts
from nexus.server.active_rooms import ActiveRooms
from nexus.server.journal import Journal
from nexus.server.placing import Placing
from nexus.server.qr import qr_of
from nexus.server.reading import Reader
from nexus.server.sessions import ActiveRoom, Session
from nexus.server.unread import Unread
from nexus.settings import Settings

HOUR = 3_600_000
"""Milliseconds."""


class Inviting:
    """The verbs `invite`, `invites`, `uninvite` and `accept`."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        accounts: Accounts,
        access: Access,
        active: ActiveRooms,
        journal: Journal,
        reader: Reader,
        placing: Placing,
        unread: Unread,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._store = store
        self._accounts = accounts
        self._access = access
        self._active = active
        self._journal = journal
        self._reader = reader
        self._placing = placing
        self._unread = unread
        self._clock = clock

    async def invite(self, speaker: Speaker, command: c.Invite) -> Done:
        """Make a code; it is given out once, and never kept."""
        room = await self._room(speaker, command.room, "invite", command.role)
        bounds = self._settings.invites
        if command.uses > bounds.uses or command.hours > bounds.hours:
            why = f"An invitation is for {bounds.uses} people and {bounds.hours} hours at most here."
            raise Refusal("bad_request", why)
        if command.limited and room is None:
            raise Refusal("bad_request", "A limited account finds only rooms it is invited to; say which one.")
        speaker.budget.spend_post(self._clock.now())
        code, at = secrets.token_urlsafe(18), self._clock.wall()
        change = AddInvite(
            digest(code),
            command.role if room is None else "member",
            command.uses,
            at,
            at + command.hours * HOUR,
            room=0 if room is None else room.id,
            by=speaker.author,
            room_role="member" if room is None else command.role,
            limited=command.limited,
        )
        number = await self._journal.change(change, speaker.sources[0])
        url = f"{self._settings.base}/invite/{code}"
        return Done(command.ref, invite=number, code=code, url=url, qr=await self._qr(speaker, command.page, url))

    async def _qr(self, speaker: Speaker, page: str | None, url: str) -> list[str] | None:
        """The link as a QR code, where the client says from where it has the page; drawn beside the loop."""
        if page is None:
            return None
        link = page.rstrip("/").removesuffix(self._settings.base) + url
        return await self._reader.read(lambda: qr_of(link), speaker.sources)

    async def invites(self, speaker: Speaker, command: c.Invites) -> Done:
        """The codes that can be used."""
        room = await self._room(speaker, command.room, "invites")
        found = await self._of(speaker, 0 if room is None else room.id)
        return Done(command.ref, invites=[_info(invite) for invite in found])

    async def uninvite(self, speaker: Speaker, command: c.Uninvite) -> Done:
        """Revoke a code: for the person who made it, and anyone who may make one like it."""
        now = self._clock.wall()
        rows = await self._reader.read(self._store.invites, speaker.sources)
        invite = next((one for one in rows if one.id == command.invite and _is_open(one, now)), None)
        if invite is None or not (invite.by == speaker.account or await self._may(speaker, invite)):
            raise Refusal("not_found", f"There is no invitation {command.invite}; `invites` lists them.")
        await self._journal.change(EndInvite(invite.id))
        return Done(command.ref)

    async def accept(self, session: Session, command: c.Accept) -> Done:
        """Come into a room."""
        if session.account is None:
            raise Refusal("forbidden", "An invitation needs an account; log in, or register with it.")
        self._access.check("accept", session)
        session.budget.spend_post(self._clock.now())
        change = Accept(digest(command.code), session.account, session.name, self._clock.wall())
        async with self._accounts.trying_code(session.sources[0]):
            accepted = await self._journal.change(change, session.sources[0])
            if isinstance(accepted, Denied):
                raise refused(accepted)
        # Before any wait: what takes them out of it again may be next.
        for record in accepted.placed.records[:1]:
            active = self._active.by_id.get(accepted.room)
            self._placing.came_in(record, active, accepted.placed.place, session.name, session)
        row = await self._reader.read(lambda: self._store.room_by_id(accepted.room), session.sources)
        room = None if row is None else await self._active.load(room_name(row.name), session.sources)
        if room is None:
            raise Refusal("unavailable", "You are in the room, but it cannot be read right now.", 1.0)
        self._access.still_readable(session, room)
        return Done(command.ref, room=await self._unread.info(session, room))

    async def _room(self, speaker: Speaker, name: str | None, verb: str, role: str = "member") -> ActiveRoom | None:
        """The room that is meant, None for the server; refuses who may not invite there, or not as that."""
        room = None if name is None else await self._access.readable(speaker, name)
        if role not in (ROLES if room is None else PLACES)[1:]:
            raise Refusal("bad_request", "The roles in a room are owner, moderator and member.")
        self._access.check(verb, speaker, room, wanted=role)
        return room

    async def _of(self, speaker: Speaker, room: int) -> list[Invite]:
        now = self._clock.wall()
        rows = await self._reader.read(self._store.invites, speaker.sources)
        return [one for one in rows if one.room == room and _is_open(one, now)]

    async def _may(self, speaker: Speaker, invite: Invite) -> bool:
        try:
            return await self._room(speaker, invite.place or None, "invites") is not None or not invite.room
        except Refusal:
            return False


def _is_open(invite: Invite, now: int) -> bool:
    return not invite.expires or invite.expires > now


def _info(invite: Invite) -> InviteInfo:
    return InviteInfo(
        invite.id,
        invite.doer or "the operator",
        invite.uses,
        invite.created,
        invite.expires,
        invite.place,
        invite.room_role if invite.room else invite.role,
        list(invite.used),
        invite.limited,
    )
