"""What an event of a room does to people: who is taken out, who is somebody else there, whose it is again."""

from nexus.core.log import Record
from nexus.core.person import account_of, person_of
from nexus.core.room import Room
from nexus.protocol.events import (
    Configured,
    Destroyed,
    Left,
    Member,
    Moved,
    Notice,
    Promoted,
    Removed,
    Revived,
    RoomEvent,
)
from nexus.server.active_rooms import ActiveRooms
from nexus.server.presence import Presence
from nexus.server.send import send
from nexus.server.sessions import ActiveRoom, Session, Sessions


class Placing:
    """Hears of events in the step in which they are delivered, and before anyone is: nobody hears too much."""

    def __init__(self, sessions: Sessions, rooms: ActiveRooms, presence: Presence, key: bytes) -> None:
        """The key is the one that ids of people are made with."""
        self._sessions = sessions
        self._rooms = rooms
        self._presence = presence
        self._key = key

    def outside(self, room_id: int, author: int) -> None:
        """An author does not belong to a room, as the store says: what was believed of their sessions was wrong."""
        for one in [one for one in self._sessions.all() if one.author == author]:
            one.no_longer_belong(room_id)
            for room in [room for room in one.rooms.values() if room.id == room_id]:
                self._presence.exit(one, room)
                send([one], Member(room=room.name, member=False))

    def taken_out(self, room: ActiveRoom, account: int) -> None:
        """An account was just taken out of a room, though one of its devices may have come in with the same group."""
        for one in self._sessions.of_account(account):
            if one.no_longer_belong(room.id):
                self._presence.exit(one, room)
                send([one], Member(room=room.name, member=False))

    def unheard(self, room_id: int, event: RoomEvent) -> None:
        """An event of a room that is not in use, so nobody hears it; the person it removes is out all the same."""
        account = account_of(event.person) if isinstance(event, Removed) else None
        if account is not None:
            self.outside(room_id, account)

    def heard(self, room: ActiveRoom, event: RoomEvent) -> None:
        """An event is about to be delivered."""
        match event:
            case Removed():
                self._removed(room, event)
            case Left():
                self._left(room, event)
            case Promoted():
                self._promoted(room, event)
            case Configured():
                self._configured(room, event)
            case Destroyed():
                self.destroyed(room, event)
            case _:
                self._said(room)

    def added(self, room: ActiveRoom, account: int, place: str, by: str, asking: Session | None = None) -> None:
        """An account belongs to a room: its other devices are told, and so are those who are there."""
        devices = self._sessions.of_account(account)
        for one in devices:
            if one.belong(room.id, place) and one is not asking:
                send([one], Member(room=room.name, member=True, name=one.name, role=place, by=by))
        self._tell(room, devices[0].name if devices else "", place, by)

    def came_in(self, record: Record, room: ActiveRoom | None, place: str, by: str, asking: Session | None) -> None:
        """The same of one whose `joined` was delivered just now, and perhaps a removal; the room may not be in use."""
        name, seq = record.event.room, record.event.seq
        devices = self._sessions.of_account(record.author)
        for one in devices:
            if one.belong(record.room, place, seq) and one is not asking:
                send([one], Member(room=name, member=True, name=one.name, role=place, by=by))
        if room is not None and any(record.room in one.member_of for one in devices):
            self._tell(room, devices[0].name, place, by)

    def destroyed(self, room: ActiveRoom, event: Destroyed) -> None:
        """The room is there for nobody any more, on no device."""
        self._rooms.take_away(room)
        gone = Member(room=room.name, member=False, role="none", by=event.by)
        told = Notice(text=f"{event.by} deleted the room '{title_of(room)}'.")
        for one in list(self._sessions.all()):
            known, there = one.no_longer_belong(room.id), one in room.sessions
            if there:
                self._presence.exit(one, room)
            if known or there:
                send([one], gone)
                send([one], told)

    def revived(self, room: int, event: Revived, places: dict[int, str]) -> None:
        """A room is there again, for those who belong to it."""
        self._rooms.gone.discard(room)
        for one in self._sessions.all():
            place = places.get(one.author)
            if place is not None and one.belong(room, place):
                send([one], Member(room=event.room, member=True, name=one.name, role=place, by=event.by))

    def _removed(self, room: ActiveRoom, event: Removed) -> None:
        """Nothing more of the room reaches the person who was taken out of it, on any device."""
        account = account_of(event.person)
        gone = Member(room=room.name, member=False, name=event.name, role="none", by=event.by)
        why = f" ({event.reason})" if event.reason else ""
        told = Notice(text=f"{event.by} took you out of '{title_of(room)}'{why}.")
        for one in self._who(room, event.person):
            known = account is not None and one.no_longer_belong(room.id, event.seq)
            if known or one in room.sessions:
                self._presence.exit(one, room)
                if account is None:
                    room.removed.add(one.author)
                send([one], gone)
                send([one], told)
        self._tell(room, event.name, "none", event.by)

    def _left(self, room: ActiveRoom, event: Left) -> None:
        """Someone who leaves a room that is not open hears nothing more of it."""
        if room.rules.kind == "open":
            return
        for one in [one for one in room.sessions if one.account is not None and one.name == event.by]:
            self._presence.exit(one, room)

    def _promoted(self, room: ActiveRoom, event: Promoted) -> None:
        account = account_of(event.person)
        for one in self._sessions.of_account(account) if account is not None else []:
            if room.id in one.member_of:
                one.belong(room.id, event.role)
        self._tell(room, event.name, event.role, event.by)

    def _configured(self, room: ActiveRoom, event: Configured) -> None:
        """A room may have another name; guests leave one that is not for them any more."""
        if event.name is not None and event.name != room.name:
            self._rename(room, event.name)
        if room.rules.guests != "none":
            return
        for one in [one for one in room.sessions if one.account is None]:
            self._presence.exit(one, room)
            send([one], Member(room=room.name, member=False))
            send([one], Notice(text=f"The room '{room.name}' is no longer open to guests."))

    def _rename(self, room: ActiveRoom, name: str) -> None:
        """Everyone who is in a room, or belongs to it, learns its name before anything else comes under that."""
        before = room.name
        self._rooms.rename(room, name)
        for one in room.sessions:
            one.rooms.pop(before, None)
            one.rooms[name] = room
        belong = {one for one in self._sessions.all() if room.id in one.member_of}
        send(room.sessions | belong, Moved(room=name, from_=before))

    def _said(self, room: ActiveRoom) -> None:
        """A direct room that someone left out of sight is theirs again, since something is said in it."""
        hidden, room.hidden = room.hidden, {}
        for account in hidden:
            for one in self._sessions.of_account(account):
                if one.belong(room.id, "member"):
                    send([one], Member(room=room.name, member=True))

    def _who(self, room: ActiveRoom, person: str) -> list[Session]:
        """The sessions of a person: all of an account's, or the guest's in the room."""
        account = account_of(person)
        if account is not None:
            return self._sessions.of_account(account)
        return [one for one in room.sessions if person_of(one.author, self._key) == person]

    def _tell(self, room: Room[Session], name: str, place: str, by: str) -> None:
        """Those who belong to the room learn what somebody is in it."""
        if name:
            there = [one for one in room.sessions if room.id in one.member_of]
            send(there, Member(room=room.name, member=True, name=name, role=place, by=by))


def title_of(room: ActiveRoom) -> str:
    """What people call a room."""
    return room.title or room.name
