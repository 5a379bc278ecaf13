"""Durable memberships: an account that enters a room belongs to it, on all its devices, until it leaves."""

from collections.abc import Set

from nexus.core.changes import AddMember, EndMember, HideRoom
from nexus.core.log import Record
from nexus.ports import Clock
from nexus.protocol.events import Joined, Left, Member
from nexus.server.access import no_room
from nexus.server.active_rooms import ActiveRooms
from nexus.server.journal import Journal
from nexus.server.presence import Presence
from nexus.server.send import send
from nexus.server.sessions import ActiveRoom, Connection, Session, Sessions


class Membership:
    """Begins and ends memberships, and tells an account's devices."""

    def __init__(
        self, journal: Journal, sessions: Sessions, rooms: ActiveRooms, presence: Presence, clock: Clock
    ) -> None:
        self._journal = journal
        self._sessions = sessions
        self._rooms = rooms
        self._presence = presence
        self._clock = clock

    async def begin(
        self, room: ActiveRoom, account: int, name: str, asking: Connection | None, read: int | None = None
    ) -> None:
        """An account belongs to a room from now on, and has read up to there, or all that there is."""
        event = Joined(room=room.name, seq=0, at=self._clock.wall(), by=name)
        placed = await self._journal.change(AddMember(Record(room.id, account, event), read))
        if not placed.place:
            raise no_room(room.name)
        seq = placed.records[0].event.seq if placed.records else None
        for one in self._sessions.of_account(account):
            if one.belong(room.id, placed.place, seq) and one.connection is not asking:
                send([one], Member(room=room.name, member=True))

    async def end(self, session: Session, room: ActiveRoom) -> None:
        """The session's account belongs to the room no longer; all its devices are taken out of it."""
        account = session.author
        if room.rules.kind == "direct":
            await self._hide(session, room, account)
            return
        event = Left(room=room.name, seq=0, at=self._clock.wall(), by=session.name)
        await self._journal.change(EndMember(Record(room.id, account, event)), session.sources[0])
        self._forget(session, room, account)

    async def _hide(self, session: Session, room: ActiveRoom, account: int) -> None:
        """A direct room is not left, but out of sight until the next message."""
        head = await self._journal.change(HideRoom(room.id, account), session.sources[0])
        if head is not None and head >= room.head:
            room.hidden[account] = head
            self._forget(session, room, account)

    def _forget(self, session: Session, room: ActiveRoom, account: int) -> None:
        """None of the account's devices is in the room any more."""
        for one in self._sessions.of_account(account):
            was_there = one in room.sessions
            known = one.no_longer_belong(room.id)
            self._presence.exit(one, room)
            if (known or was_there) and one is not session:
                send([one], Member(room=room.name, member=False))

    def announce_others(self, session: Session, known: Set[int]) -> None:
        """The session knows that it belongs to these rooms: tell it of others, joined meanwhile elsewhere."""
        rooms = [self._rooms.by_id.get(id) for id in session.member_of.keys() - known]
        for room in filter(None, rooms):
            send([session], Member(room=room.name, member=True))
