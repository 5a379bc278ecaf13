"""The verbs by which people protect themselves: whom they ignore, and from whom they get direct messages.

The ignored is not told, and nobody else is: what follows is done by those who ignore, and by what is counted for them.
"""

from nexus.core.changes import Denied
from nexus.core.people import Counts
from nexus.core.person import person_of
from nexus.core.protecting import Ignore, IgnoredRow, Prefer, Unignore
from nexus.core.rights import Facts
from nexus.core.speaker import Speaker
from nexus.ports import Clock, Store
from nexus.protocol import commands as c
from nexus.protocol.events import Ignored, Preferred, Unignored
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.protocol.types import IgnoredInfo, Preferences
from nexus.server.access import check
from nexus.server.journal import Journal
from nexus.server.pointing import Pointing, Somebody
from nexus.server.reading import Reader
from nexus.server.send import send
from nexus.server.sessions import Session, Sessions
from nexus.server.unread import Unread, rooms_of


class Protecting:
    """The verbs `ignore`, `unignore`, `ignored` and `prefer`; all devices of an account hear of it."""

    def __init__(
        self,
        store: Store,
        journal: Journal,
        reader: Reader,
        sessions: Sessions,
        pointing: Pointing,
        unread: Unread,
        clock: Clock,
    ) -> None:
        self._store = store
        self._journal = journal
        self._reader = reader
        self._sessions = sessions
        self._pointing = pointing
        self._unread = unread
        self._clock = clock

    async def ignore(self, speaker: Speaker, command: c.Ignore) -> Done:
        """Ignore someone from now on."""
        other = await self._pointing.found_by(speaker, command.name, command.person)
        check("ignore", Facts(speaker.role, oneself=other.author == speaker.author))
        speaker.budget.spend_post(self._clock.now())
        before = await self._unread.of_rooms(speaker)
        done = await self._journal.change(Ignore(speaker.author, other.author, self._clock.wall()), speaker.sources[0])
        if isinstance(done, Denied):
            raise Refusal(done.code, done.message)
        if done or not self._all_know(speaker, other.author, ignored=True):
            await self._changed(speaker, other, before, ignored=True)
        return Done(command.ref)

    async def unignore(self, speaker: Speaker, command: c.Unignore) -> Done:
        """Stop ignoring someone."""
        other = await self._whom(speaker, command)
        speaker.budget.spend_post(self._clock.now())
        before = await self._unread.of_rooms(speaker)
        done = await self._journal.change(Unignore(speaker.author, other.author), speaker.sources[0])
        if done or not self._all_know(speaker, other.author, ignored=False):
            await self._changed(speaker, other, before, ignored=False)
        return Done(command.ref)

    async def ignored(self, speaker: Speaker, command: c.Ignored) -> Done:
        """Whom one ignores, by name."""
        author = speaker.author
        rows = await self._reader.read(lambda: self._store.ignored(author), speaker.sources)
        return Done(command.ref, ignored=self._infos(rows))

    async def prefer(self, speaker: Speaker, command: c.Prefer) -> Done:
        """Choose from whom one gets direct messages."""
        check("prefer", Facts(speaker.role))
        account = speaker.account or 0
        speaker.budget.spend_post(self._clock.now())
        await self._journal.change(Prefer(account, command.directs), speaker.sources[0])
        send(self._own(speaker), Preferred(directs=command.directs))
        return Done(command.ref, preferences=Preferences(command.directs))

    async def told(self, session: Session) -> tuple[list[IgnoredInfo], Preferences | None]:
        """What a session's client has to know when it begins; from now on it hears of what changes."""
        store, author, account = self._store, session.author, session.account
        changes, rows, directs = -1, list[IgnoredRow](), None
        while changes != session.ignoring_changes:
            changes = session.ignoring_changes
            rows, directs = await self._reader.read(
                lambda: (store.ignored(author), None if account is None else store.directs(account)), session.sources
            )
        session.learn_ignored({row.author for row in rows})
        return self._infos(rows), None if directs is None else Preferences(directs)

    def erased(self, account: int, name: str) -> None:
        """An account was erased, and is ignored by nobody any more."""
        those = [one for one in self._sessions.all() if account in one.ignoring]
        for one in those:
            one.ignore(account, ignored=False)
        send(those, Unignored(person=person_of(account, self._store.key), name=name))

    async def look(self, session: Session) -> None:
        """On another node the reader may have ignored someone, or no longer."""
        author, known = session.author, set(session.ignoring)
        rows = await self._reader.read(lambda: self._store.ignored(author), session.sources)
        names, key = {row.author: row.name for row in rows}, self._store.key
        for other in names.keys() ^ known:
            kind, name = (Ignored, names[other]) if other in names else (Unignored, "")
            session.ignore(other, ignored=other in names)
            send([session], kind(person=person_of(other, key), name=name, guest=other < 0))
        if names.keys() != known:
            for room in rooms_of(session):
                self._unread.recount(session, room.id)

    async def _whom(self, speaker: Speaker, command: c.Unignore) -> Somebody:
        """Somebody whom one ignores, who may have gone since."""
        rows = await self._reader.read(lambda: self._store.ignored(speaker.author), speaker.sources)
        for row in rows:
            if person_of(row.author, self._store.key) == command.person:
                return Somebody(row.author, row.name, "")
        return await self._pointing.found_by(speaker, command.name, command.person)

    def _all_know(self, speaker: Speaker, author: int, *, ignored: bool) -> bool:
        """Whether one's devices know that it is so: it may have been stored without an answer."""
        return all((author in one.ignoring) is ignored for one in self._own(speaker))

    async def _changed(self, speaker: Speaker, other: Somebody, before: dict[int, Counts], *, ignored: bool) -> None:
        """Tell one's devices, and what is unread now where that is something else."""
        own, kind = self._own(speaker), Ignored if ignored else Unignored
        for one in own:
            one.ignore(other.author, ignored=ignored)
        person, guest = person_of(other.author, self._store.key), other.author < 0
        send(own, kind(person=person, name=other.name, guest=guest))
        after = await self._unread.of_rooms(speaker)
        for room in (room for room, counts in after.items() if counts != before.get(room)):
            for one in own:
                self._unread.recount(one, room)

    def _own(self, speaker: Speaker) -> list[Session]:
        if speaker.account is not None:
            return self._sessions.of_account(speaker.account)
        return [speaker] if isinstance(speaker, Session) else []

    def _infos(self, rows: list[IgnoredRow]) -> list[IgnoredInfo]:
        key = self._store.key
        return [IgnoredInfo(person_of(row.author, key), row.name, row.author < 0) for row in rows]
