"""What people have not read: counted when someone enters, lists or falls behind, and corrected where it went wrong.

Counts are sent as of some seq; a client counts what comes after that itself. Where that might go wrong, as
for a session that hears of an event too late to count it right, it is sent them again: see `recount`.
"""

from typing import NamedTuple

from msgspec.structs import replace

from nexus.core.access import OPEN, may_find
from nexus.core.people import Counts, Mark, RoomRow
from nexus.core.speaker import Speaker
from nexus.ports import Clock, Store, Unavailable
from nexus.protocol.events import Level, Read
from nexus.protocol.refusals import Refusal
from nexus.protocol.types import RoomInfo
from nexus.server.active_rooms import ActiveRooms
from nexus.server.later import start
from nexus.server.reading import Reader
from nexus.server.send import send
from nexus.server.sessions import ActiveRoom, Session, Sessions

MOST = 1000
"""Unread messages are counted up to here, and so are mentions among them."""

PER_PERSON = 0.001
"""Seconds between two such counts in a room, per person in it: each of them is a read of the store."""

RETRY_AFTER = 1.0
"""Seconds until counts that could not be read are read again."""


class Position(NamedTuple):
    """Where a reader is in a room: counted from the mark to the row's head."""

    row: RoomRow
    mark: Mark
    counts: Counts
    place: str = ""

    def event(self, *, back: bool = False) -> Read:
        """How the reader's devices hear of it; with `back` it is below the mark that they know."""
        row, mark, (unread, mentions), _ = self
        return Read(room=row.name, seq=mark.seq, head=row.head, unread=unread, mentions=mentions, back=back)


class Unread:
    """Reads where people are in their rooms; a guest's marks are those of their session."""

    def __init__(
        self, store: Store, reader: Reader, rooms: ActiveRooms, sessions: Sessions, every: float, clock: Clock
    ) -> None:
        """After deletions in a room it is counted again at most once in `every` seconds."""
        self._store = store
        self._reader = reader
        self._rooms = rooms
        self._sessions = sessions
        self._every = every
        self._clock = clock

    async def info(self, speaker: Speaker, room: ActiveRoom) -> RoomInfo:
        """The room as they see it; a guest has read what was there when they came."""
        known = speaker.mark(room.id)
        if speaker.account is None and known is None:
            known = Mark(room.head)
            speaker.set_mark(room.id, known)
        position = await self.position(speaker, room.id, known)
        if position is None:
            raise Refusal("not_found", f"The room '{room.name}' is gone.")
        speaker.learn_mark(room.id, known, position.mark)
        return self._info(speaker, position)

    async def rooms(self, speaker: Speaker, most: int) -> list[RoomInfo]:
        """The rooms there are; those that one belongs to or is in with what is unread."""
        store, account, author = self._store, speaker.account, speaker.author
        own = set(speaker.member_of)
        if isinstance(speaker, Session):
            own |= {room.id for room in speaker.rooms.values()}
        known = {id: speaker.mark(id) or Mark() for id in own}

        def ask() -> tuple[list[RoomRow], dict[int, Position]]:
            marks = known if account is None else {id: store.mark(id, account) for id in own}
            rows = store.rooms(most, account or 0)
            return rows, {row.id: _count(store, row, marks[row.id], author) for row in rows if row.id in own}

        rows, positions = await self._reader.read(ask, speaker.sources)
        infos = []
        for row in rows:
            if self._rooms.is_gone(row.id) or not may_find(speaker.standing(row.id), row.rules):
                continue
            position = positions.get(row.id)
            infos.append(self._row_info(speaker, row) if position is None else self._info(speaker, position))
        return infos

    async def memberships(self, session: Session, account: int) -> list[Position]:
        """Where an account is in the rooms that it belongs to; the session hears of what changes after that."""
        store, changes = self._store, -1
        positions: list[Position] = []
        while changes != session.membership_changes:
            changes = session.membership_changes
            positions = await self._reader.read(
                lambda: [
                    _count(store, one.row, one.mark, account)._replace(place=one.place)
                    for one in store.memberships(account)
                ],
                session.sources,
            )
        return positions

    async def of_rooms(self, speaker: Speaker) -> dict[int, Counts]:
        """What is unread of the rooms that one belongs to or is in."""
        store, account, author = self._store, speaker.account, speaker.author
        marks = {room.id: speaker.mark(room.id) or Mark() for room in rooms_of(speaker)}

        def ask() -> dict[int, Counts]:
            if account is not None:
                found = store.memberships(account)
                return {one.row.id: _count(store, one.row, one.mark, account).counts for one in found}
            rows = [row for id in marks if (row := store.room_by_id(id)) is not None]
            return {row.id: _count(store, row, marks[row.id], author).counts for row in rows}

        return await self._reader.read(ask, speaker.sources)

    def learn(self, session: Session, memberships: list[Position], before: dict[int, Mark]) -> dict[int, RoomInfo]:
        """From now on a session knows where its account belongs; returns that as it is sent, by the room's id.

        `before` are the session's marks of before the memberships were read.
        """
        session.learn_memberships({one.row.id: one.place for one in memberships})
        for one in memberships:
            session.learn_mark(one.row.id, before.get(one.row.id), one.mark)
        return {one.row.id: self._info(session, one) for one in memberships}

    def reconcile(self, session: Session, room: int, info: RoomInfo) -> None:
        """An info is about to be sent; what the session heard in another way since it was read is newer."""
        mark = session.mark(room)
        if mark is not None:
            info.level = mark.level
            if mark.seq > (info.read or 0):
                self.recount(session, room)

    def since(self, session: Session, id: int, info: RoomInfo) -> None:
        """What was said after a room was counted, and before the session could be told of it, counts too."""
        room = self._rooms.by_id.get(id)
        if room is not None and room.head > info.head:
            self.recount(session, id)

    async def position(self, speaker: Speaker, room: int, known: Mark | None) -> Position | None:
        """Where they are now, None where the room is gone; `known` is their mark, which for a guest is what counts."""
        store, account, author = self._store, speaker.account, speaker.author

        def ask() -> Position | None:
            mark = (known or Mark()) if account is None else store.mark(room, account)
            row = store.room_by_id(room)  # after the mark, so that it is not beyond the head
            return None if row is None else _count(store, row, mark, author)

        found = await self._reader.read(ask, speaker.sources)
        return None if found is None else found._replace(row=self._as_told(found.row))

    def _as_told(self, row: RoomRow) -> RoomRow:
        """A room under the name that those who are in it know, while the store may have another since just now."""
        room = self._rooms.by_id.get(row.id)
        return row if room is None or room.name == row.name else replace(row, name=room.name, former=room.former)

    def missed(self, session: Session, room: ActiveRoom) -> None:
        """The session was not served all that it should count."""
        self.recount(session, room.id)

    def expired(self, id: int, first: int) -> None:
        """Nothing before a seq is unread for anybody any more, whether the room is in use or not."""
        room = self._rooms.by_id.get(id)
        if room is not None:
            self.deleted(room, first - 1)
            return
        for session in self._sessions.all():
            mark = session.mark(id) if id in session.member_of else None
            if mark is not None and mark.seq < first - 1:
                self.recount(session, id)

    def deleted(self, room: ActiveRoom, target: int) -> None:
        """A message is unread for nobody any more: soon, those who may have counted it are sent their counts again."""
        first = not room.deleted
        room.deleted = max(room.deleted, target)
        if first:
            wait = max(self._every, PER_PERSON * len(room.sessions))
            self._clock.later(wait, lambda: self._recount_those_before(room))

    def _recount_those_before(self, room: ActiveRoom) -> None:
        target, room.deleted = room.deleted, 0
        belong = [session for session in self._sessions.all() if room.id in session.member_of]
        for session in room.sessions.union(belong):
            mark = session.mark(room.id)
            if mark is not None and mark.seq < target:
                self.recount(session, room.id)

    def recount(self, session: Session, room: int) -> None:
        """What the session counts may be wrong, as after `skipped` or under another name: send it the counts."""
        start(self._recount(session, room))

    async def _recount(self, session: Session, room: int) -> None:
        while session.listener is not None:
            known, author = session.mark(room), session.author
            try:
                position = await self.position(session, room, known)
            except (Unavailable, Refusal):  # refused where too much else is read for them
                self._clock.later(RETRY_AFTER, lambda: self.recount(session, room))
                return
            if position is None:
                return
            if session.mark(room) == known and session.author == author:  # else it has heard something newer
                session.set_mark(room, position.mark)
                send([session], position.event())
                _, level, favourite = position.mark
                if known is not None and known[1:] != (level, favourite):
                    send([session], Level(room=position.row.name, level=level, favourite=favourite))
                return

    def _info(self, speaker: Speaker, position: Position) -> RoomInfo:
        info = self._row_info(speaker, position.row)
        (info.read, info.level, favourite), (info.unread, info.mentions) = position.mark, position.counts
        if favourite:
            info.favourite = True
        return info

    def _row_info(self, speaker: Speaker, row: RoomRow) -> RoomInfo:
        """What anyone may know of a room."""
        row, room = self._as_told(row), self._rooms.by_id.get(row.id)
        online = len(room.presence) if room is not None else 0
        info = RoomInfo(row.name, row.topic, row.head, row.at, online, row.id in speaker.member_of)
        if row.id in speaker.member_of:
            info.role = speaker.member_of[row.id]
        if room is not None:
            room.first = max(room.first, row.first)  # the room may be about to hear that more has expired
        first = row.first if room is None else room.first
        if first > 1:
            info.first = first
        if row.rules is not OPEN or row.former:
            describe(info, row)
        return info


def describe(info: RoomInfo, row: RoomRow) -> None:
    """Add what a room is that is not like most."""
    rules = row.rules
    for what in ("kind", "posting", "slow", "guests", "archived", "keep"):
        if getattr(rules, what) != getattr(OPEN, what):
            setattr(info, what, getattr(rules, what))
    if row.title:
        info.title = row.title
    if rules.kind == "direct":
        info.people = list(row.people)
    if row.former:
        info.former = list(row.former)


def rooms_of(speaker: Speaker) -> list[ActiveRoom]:
    """The rooms that someone in a conversation is in."""
    return list(speaker.rooms.values()) if isinstance(speaker, Session) else []


def _count(store: Store, row: RoomRow, mark: Mark, reader: int) -> Position:
    return Position(row, mark, store.counts(row.id, reader, after=mark.seq, upto=row.head, most=MOST))
