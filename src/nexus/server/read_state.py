"""How far people have read, and what they want to be notified of: the same on all their devices."""

from collections.abc import Awaitable
from typing import TypeVar

from nexus.core.changes import MarkRead, SetLevel
from nexus.core.people import Mark
from nexus.core.speaker import Speaker
from nexus.ports import Unavailable
from nexus.protocol import commands as c
from nexus.protocol.events import Level
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.server.access import Access
from nexus.server.journal import Journal
from nexus.server.send import send
from nexus.server.sessions import ActiveRoom, Session, Sessions
from nexus.server.unread import Unread

T = TypeVar("T")


class ReadState:
    """The verbs `read` and `level`."""

    def __init__(self, access: Access, journal: Journal, sessions: Sessions, unread: Unread) -> None:
        self._access = access
        self._journal = journal
        self._sessions = sessions
        self._unread = unread
        self._turns: dict[tuple[int, int], int] = {}
        """By author and room, how often the mark moved while that was not told yet."""

    async def read(self, speaker: Speaker, command: c.Read) -> Done:
        """Move one's own read mark, and tell all devices what is left after it."""
        room = await self._access.readable(speaker, command.room, command.seq)
        if command.seq > room.head:
            raise Refusal("not_found", f"'{room.name}' has no event {command.seq}; its newest is {room.head}.")
        await self._read(speaker, room, command.seq, back=command.back)
        return Done(command.ref)

    async def _read(self, speaker: Speaker, room: ActiveRoom, seq: int, *, back: bool) -> None:
        known = speaker.mark(room.id) or Mark()
        if speaker.account is not None:
            change = MarkRead(room.id, speaker.account, seq, back)
            seq = await self._surely(speaker, room, self._journal.change(change, speaker.sources[0]))
        elif (seq < known.seq) is not back:
            return  # it is there already
        if seq == _seq(speaker, room.id):
            return
        turn = self._turns[speaker.author, room.id] = self._turns.get((speaker.author, room.id), 0) + 1
        position = await self._surely(speaker, room, self._unread.position(speaker, room.id, known._replace(seq=seq)))
        if position is None or self._turns.get((speaker.author, room.id)) != turn:
            return  # the mark moved again meanwhile, which is told then
        del self._turns[speaker.author, room.id]
        mark = position.mark.seq
        for one in self._own(speaker):
            before = _seq(one, room.id)
            if before != mark:
                one.set_mark(room.id, (one.mark(room.id) or Mark())._replace(seq=mark))
                send([one], position.event(back=mark < before))

    async def level(self, speaker: Speaker, command: c.Level) -> Done:
        """Say what one wants to be notified of in a room, or that it is a favourite, for all devices."""
        room = await self._access.readable(speaker, command.room)
        if speaker.account is not None:
            change = SetLevel(room.id, speaker.account, command.level, command.favourite)
            await self._surely(speaker, room, self._journal.change(change))
        own = self._own(speaker)
        for one in own:
            mark = one.mark(room.id) or Mark(room.head if one.account is None else 0)
            chosen = mark.chosen(command.level, command.favourite)
            one.set_mark(room.id, chosen)
            send([one], Level(room=room.name, level=chosen.level, favourite=chosen.favourite))
        return Done(command.ref)

    async def hand_over(self, session: Session, room: ActiveRoom, account: int) -> None:
        """What a guest has read, the account has that they speak as from now on."""
        mark = session.mark(room.id) or Mark()
        try:
            await self._journal.change(MarkRead(room.id, account, mark.seq))
        finally:  # stored or not, the account's devices hear what the store says
            for one in self._sessions.of_account(account):
                self._unread.recount(one, room.id)

    async def _surely(self, speaker: Speaker, room: ActiveRoom, work: Awaitable[T]) -> T:
        """Do it; should something be stored without an answer, all devices hear what the store says."""
        try:
            return await work
        except (Unavailable, Refusal):
            for one in self._own(speaker):
                self._unread.recount(one, room.id)
            raise

    def _own(self, speaker: Speaker) -> list[Session]:
        if speaker.account is not None:
            return self._sessions.of_account(speaker.account)
        return [speaker] if isinstance(speaker, Session) else []


def _seq(speaker: Speaker, room: int) -> int:
    return (speaker.mark(room) or Mark()).seq
