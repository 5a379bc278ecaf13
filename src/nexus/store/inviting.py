"""Invitations in the store in memory."""

from msgspec.structs import replace

from nexus.core import changes as c
from nexus.core.access import is_admin
from nexus.core.inviting import (
    NOT_FOR_ACCOUNTS,
    Accept,
    Accepted,
    InviteFirst,
    digest,
    first_code,
    may_invite,
    private_number,
)
from nexus.core.log import Record
from nexus.core.people import Invite
from nexus.core.person import person_of
from nexus.protocol.events import Joined, Promoted
from nexus.store.protecting import Protecting


class Inviting(Protecting):
    """Made, spent, and worth what their maker may by then."""

    def _about_invite(self, change: c.AddInvite | InviteFirst | c.EndInvite) -> int | str | bool:
        match change:
            case c.AddInvite():
                return self._add_invite(change)
            case InviteFirst():
                return self._invite_first(change)
        return self._drop(self._d.invites, change.invite)

    def _add_invite(self, change: c.AddInvite) -> int:
        for id, (invite, _) in list(self._d.invites.items()):
            if 0 < invite.expires <= change.at:
                self._drop(self._d.invites, id)
        if change.room and self._rules(change.room).kind != "open":
            id = private_number(change.code)
        else:
            id = self._d.last_invite.get(None, 0) + 1
            self._put(self._d.last_invite, None, id)
        invite = Invite(
            id,
            change.role,
            change.uses,
            change.at,
            change.expires,
            change.room,
            change.by,
            room_role=change.room_role,
            limited=change.limited,
        )
        self._put(self._d.invites, id, (invite, change.code))
        return id

    def _invite_first(self, change: InviteFirst) -> str:
        """Keep the code that counts, or put another in its place."""
        rows = [(id, *row) for id, row in self._d.invites.items() if row[0].role == "admin"]
        for _, invite, kept in () if change.fresh else rows:
            code = first_code(change.key, invite.created)
            if invite.uses and kept == digest(code):
                return code
        if any(is_admin(account.role) for account in self._d.accounts.values()):
            return ""
        for id, *_ in rows:
            self._drop(self._d.invites, id)
        code = first_code(change.key, change.at)
        self._add_invite(c.AddInvite(digest(code), "admin", 1, change.at))
        return code

    def _valid(self, code: bytes, at: int) -> Invite | None:
        """The invitation of a code, where it can be used and its maker might still make it."""
        for invite, kept in self._d.invites.values():
            if kept == code and invite.uses and (not invite.expires or invite.expires > at):
                if invite.room and invite.room not in self._d.rooms:
                    return None
                return invite if not invite.by or self._may_invite(invite, at) else None
        return None

    def _may_invite(self, invite: Invite, at: int) -> bool:
        rules, role = (self._rules(invite.room), invite.room_role) if invite.room else (None, invite.role)
        return may_invite(self._standing(invite.room, invite.by), rules, role) and not self._is_banned(invite.by, at)

    def _spend(self, invite: Invite, account: int) -> None:
        left = replace(invite, uses=invite.uses - 1)
        self._put(self._d.invites, invite.id, (left, self._d.invites[invite.id][1]))
        self._put(self._d.invited, invite.id, (*self._d.invited.get(invite.id, ()), account))

    def _enter(self, invite: Invite, account: int, name: str, at: int) -> c.Placed:
        maker = self._d.accounts.get(invite.by)
        event = Joined(
            room=self._room(invite.room).name, seq=0, at=at, by=name, added=maker.name if maker is not None else ""
        )
        placed = self._begin(Record(invite.room, account, event))
        return self._make(invite, placed)

    def _make(self, invite: Invite, placed: c.Placed) -> c.Placed:
        """Somebody who came in just now is more than a member, as the invitation says; with its event."""
        role = invite.room_role
        if not placed.records or placed.place != "member" or role == "member":
            return placed
        came = placed.records[0]
        maker = self._d.accounts.get(invite.by)
        event = Promoted(
            room=came.event.room,
            seq=0,
            at=came.event.at,
            by=came.event.by if maker is None else maker.name,
            name=came.event.by,
            person=person_of(came.author, b""),
            role=role,
        )
        self._put(self._d.places, (came.room, came.author), role)
        return c.Placed(role, (came, self._note(Record(came.room, invite.by or came.author, event))))

    def _accept(self, change: Accept) -> Accepted | c.Denied:
        invite = self._valid(change.code, change.at)
        if invite is None:
            return c.INVALID_INVITE
        if not invite.room:
            return NOT_FOR_ACCOUNTS
        if self._is_banned(change.account, change.at):
            return c.BANNED
        placed = self._enter(invite, change.account, change.name, change.at)
        if placed.records:
            self._spend(invite, change.account)
        return Accepted(invite.room, placed)
