"""How far people have read, what they have not, and what of it they want to be told: the same on all their devices.

Whoever is told counts is told as of which seq, and counts what comes after that alone. Where that might go wrong, as
for a session that was told of an event too late to be counted right, it is told them anew: see `doubt`.
"""

from collections.abc import Awaitable
from typing import NamedTuple, TypeVar

from nexus.core.entries import MarkRead, SetLevel
from nexus.core.people import Counts, Mark, RoomRow
from nexus.core.room import Room
from nexus.core.session import Session
from nexus.ports import Store, Unavailable
from nexus.protocol.events import Level
from nexus.protocol.events import Read as WasRead
from nexus.protocol.refusals import Refusal
from nexus.protocol.types import LevelName, RoomInfo
from nexus.server.later import start
from nexus.server.state import State

T = TypeVar("T")

MOST = 1000
"""Unread messages are counted up to here, and so are mentions among them."""

AGAIN = 1.0
"""Seconds until counts that could not be read are read again."""


class Standing(NamedTuple):
    """Where a reader stands in a room: counted from the mark to the row's head."""

    row: RoomRow
    mark: Mark
    counts: Counts


class Marks:
    """A session's `marks` are what it was last told; of a guest they are all there is."""

    def __init__(self, state: State) -> None:
        self._state = state
        state.hub.missed = self.doubt

    # --- told with a room --------------------------------------------------------------------------

    async def info(self, session: Session, room: Room) -> RoomInfo:
        """The room as this session sees it; a guest has read what was there when they came."""
        if session.account is None:
            session.marks.setdefault(room.id, Mark(room.head))
        standing = await self._standing(session, room, session.marks.get(room.id))
        return self._info(session, standing)

    async def rooms(self, session: Session, most: int) -> list[RoomInfo]:
        """The rooms there are; those that one belongs to or is in with what is unread."""
        store, account, reader = self._state.store, session.account, session.author
        own = session.member_of | {room.id for room in session.rooms.values()}
        known = {id: session.marks.get(id, Mark()) for id in own}

        def ask() -> tuple[list[RoomRow], dict[int, Standing]]:
            marks = known if account is None else {id: store.mark(id, account) for id in own}
            rows = store.rooms(most)
            return rows, {row.id: _stand(store, row, marks[row.id], reader) for row in rows if row.id in own}

        rows, standings = await self._state.read(ask)
        infos = []
        for row in rows:
            standing = standings.get(row.id)
            infos.append(self.row_info(session, row) if standing is None else self._info(session, standing))
        return infos

    async def memberships(self, session: Session, account: int) -> list[Standing]:
        """Where an account stands in the rooms that it belongs to; the session is told of what changes after that."""
        store, moves = self._state.store, -1
        standings: list[Standing] = []
        while moves != session.moves:
            moves = session.moves
            standings = await self._state.read(
                lambda: [_stand(store, row, mark, account) for row, mark in store.memberships(account)]
            )
        return standings

    def know(self, session: Session, memberships: list[Standing], before: dict[int, Mark]) -> dict[int, RoomInfo]:
        """From now on a session knows where its account belongs; returns that as it is told, by the room's id.

        `before` are the session's marks of before the memberships were read.
        """
        session.member_of = {one.row.id for one in memberships}
        for one in memberships:
            _learn(session, one.row.id, before.get(one.row.id), one.mark)
        return {one.row.id: self._info(session, one) for one in memberships}

    def row_info(self, session: Session, row: RoomRow) -> RoomInfo:
        """What anyone may know of a room."""
        room = self._state.shelf.by_id.get(row.id)
        online = len(room.presence) if room is not None else 0
        return RoomInfo(row.name, row.topic, row.head, row.at, online, row.id in session.member_of)

    def mend(self, session: Session, room: int, info: RoomInfo) -> None:
        """This is about to be told; what the session was told on another way since it was read goes before it."""
        mark = session.marks.get(room)
        if mark is not None:
            info.level = mark.level
            if mark.seq > (info.read or 0):
                self._doubt(session, room)

    def _info(self, session: Session, standing: Standing) -> RoomInfo:
        info = self.row_info(session, standing.row)
        (info.read, info.level), (info.unread, info.mentions) = standing.mark, standing.counts
        return info

    async def _standing(self, session: Session, room: Room, known: Mark | None) -> Standing:
        """Where a session stands now; `known` is its mark, which for a guest is what counts."""
        standing = await self._read(session, room.id, known)
        if standing is None:
            raise Refusal("not_found", f"The room '{room.name}' is gone.")
        _learn(session, room.id, known, standing.mark)
        return standing

    async def _read(self, session: Session, room: int, known: Mark | None) -> Standing | None:
        store, account, reader = self._state.store, session.account, session.author

        def ask() -> Standing | None:
            mark = (known or Mark()) if account is None else store.mark(room, account)
            row = store.room_by_id(room)  # after the mark, so that it is not beyond the head
            return None if row is None else _stand(store, row, mark, reader)

        return await self._state.read(ask)

    # --- told to all devices -----------------------------------------------------------------------

    async def read(self, session: Session, room: Room, seq: int) -> None:
        """Move the mark forward, and tell what is left after it; a mark that stands there already stays."""
        known = session.marks.get(room.id, Mark())
        if session.account is not None:
            seq = await self._surely(session, room, self._state.journal.change(MarkRead(room.id, session.account, seq)))
        if seq <= session.marks.get(room.id, Mark()).seq:
            return
        standing = await self._surely(session, room, self._read(session, room.id, known._replace(seq=seq)))
        if standing is not None:
            self._tell(self._own(session), room.name, room.id, standing)

    async def level(self, session: Session, room: Room, level: LevelName) -> None:
        """Remember about what of a room one wants to be told."""
        if session.account is not None:
            await self._surely(session, room, self._state.journal.change(SetLevel(room.id, session.account, level)))
        own = self._own(session)
        for one in own:
            mark = one.marks.get(room.id, Mark(room.head if one.account is None else 0))
            one.marks[room.id] = mark._replace(level=level)
        self._state.hub.tell(own, Level(room=room.name, level=level))

    async def take_along(self, session: Session, room: Room, account: int) -> None:
        """What a guest has read, the account has that they speak as from now on."""
        mark = session.marks.get(room.id, Mark())
        try:
            await self._state.journal.change(MarkRead(room.id, account, mark.seq))
        finally:  # stored or not, the account's devices are told what the store says
            for one in self._state.sessions_of(account):
                self._doubt(one, room.id)

    async def _surely(self, session: Session, room: Room, work: Awaitable[T]) -> T:
        """Do it; should something be stored of which nobody hears here, all devices are told what the store says."""
        try:
            return await work
        except Unavailable:
            for one in self._own(session):
                self._doubt(one, room.id)
            raise

    def _own(self, session: Session) -> list[Session]:
        return [session] if session.account is None else self._state.sessions_of(session.account)

    def _tell(self, sessions: list[Session], name: str, room: int, standing: Standing) -> None:
        """Tell those who were not told that the mark is there."""
        behind = [one for one in sessions if one.marks.get(room, Mark()).seq < standing.mark.seq]
        for one in behind:
            one.marks[room] = one.marks.get(room, Mark())._replace(seq=standing.mark.seq)
        self._state.hub.tell(behind, _was_read(name, standing))

    # --- told anew ---------------------------------------------------------------------------------

    def doubt(self, session: Session, room: Room) -> None:
        """What the session counts may be wrong, as after `skipped` or under another name: tell it."""
        self._doubt(session, room.id)

    def _doubt(self, session: Session, room: int) -> None:
        start(self._recount(session, room))

    async def _recount(self, session: Session, room: int) -> None:
        while session.listener is not None:
            known, author = session.marks.get(room), session.author
            try:
                standing = await self._read(session, room, known)
            except Unavailable:
                self._state.clock.later(AGAIN, lambda: self._doubt(session, room))
                return
            if standing is None:
                return
            if session.marks.get(room) == known and session.author == author:  # else it was told something newer
                session.marks[room] = standing.mark
                self._state.hub.tell([session], _was_read(standing.row.name, standing))
                if known is not None and known.level != standing.mark.level:
                    self._state.hub.tell([session], Level(room=standing.row.name, level=standing.mark.level))
                return


def _stand(store: Store, row: RoomRow, mark: Mark, reader: int) -> Standing:
    return Standing(row, mark, store.counts(row.id, reader, after=mark.seq, upto=row.head, most=MOST))


def _learn(session: Session, room: int, before: Mark | None, mark: Mark) -> None:
    """A mark was read from the store; unless the session was told of a newer one meanwhile, it is that."""
    if session.marks.get(room) == before:
        session.marks[room] = mark


def _was_read(name: str, standing: Standing) -> WasRead:
    row, mark, counts = standing
    return WasRead(room=name, seq=mark.seq, head=row.head, unread=counts.unread, mentions=counts.mentions)
