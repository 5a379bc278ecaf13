"""What one member sees of one room: events in, a view out; no I/O."""

from collections import deque
from collections.abc import Callable, Sequence

from msgspec import UNSET
from msgspec.structs import asdict

from nexus.client.reading import Entry, Heard, Unknown
from nexus.protocol import events as e
from nexus.protocol.folding import fold, rename
from nexus.protocol.types import LevelName, Position, RoomInfo

KEPT = 1000
"""Messages a view keeps, at most."""

MOST = 1000
"""What is unread is counted up to here, as the server counts it."""


class Gap(Exception):  # noqa: N818  what was seen, not an error of ours
    """An event came whose predecessor did not; the client has to resume from `after`."""

    def __init__(self, after: int, got: int) -> None:
        super().__init__(f"Event {got} came after event {after}; the ones in between are missing.")
        self.after = after
        self.got = got


class RoomView:
    """A room as its events tell it: messages, topic, who is here, what others said that is unread.

    `own` tells which messages are the reader's own, `named` which name the reader among those they mention, `ignored`
    which are by somebody whom the reader ignores: those are unread for nobody, and summon nobody.
    """

    def __init__(
        self,
        name: str,
        own: Callable[[e.Posted], bool] = lambda _: False,
        named: Callable[[e.Posted], bool] = lambda _: False,
        ignored: Callable[[e.Posted], bool] = lambda _: False,
    ) -> None:
        self.name = name
        self._ignored = ignored
        self._own = own
        self._named = named
        self.topic = ""
        self.first = 1
        """The oldest event that has not expired."""
        self.info = RoomInfo(name)
        self.last: Position | None = None
        self.events: deque[e.LogEvent] = deque(maxlen=KEPT)
        self.here: set[str] = set()
        self.online = 0
        self.level: LevelName = "everything"
        self.favourite = False
        self.skipped: list[tuple[int, int]] = []
        self._told = 0  # up to here the log was sent or named as skipped
        self._start: Position | None = None
        self._counted = 0  # up to here the server has counted what is unread,
        self._mark = 0  # from here on,
        self._counts = (0, 0)  # and found so much unread, and so many mentions among that
        self._since: deque[int] = deque(maxlen=MOST)  # what others said since
        self._named_since: deque[int] = deque(maxlen=MOST)

    def enter(self, info: RoomInfo, here: Sequence[str] | None = None, online: int | None = None) -> None:
        """What the `done` of a join, or of a hello that resumes, tells; the room's events follow it."""
        self.topic = info.topic
        self.told(info)
        if self._start is None:
            self._start = Position(info.head, info.at)
        if here is not None:
            self.here = set(here)
        self.online = info.online if online is None else online

    def told(self, info: RoomInfo) -> None:
        """The server told what the room is, and what is unread."""
        self.info = info
        self._begin_with(info.first if isinstance(info.first, int) else 1)
        self.level, self.favourite = info.level, info.favourite is True
        self._count(info.read or 0, info.head, (info.unread or 0, info.mentions or 0))

    @property
    def read(self) -> int:
        """The own read mark: what others said after it is unread."""
        return self._mark

    @property
    def unread(self) -> int:
        """How many messages of others are unread, up to MOST."""
        return min(self._counts[0] + len(self._since), MOST)

    @property
    def mentions(self) -> int:
        """How many of them mention the reader, or everyone."""
        return min(self._counts[1] + len(self._named_since), MOST)

    @property
    def resumes(self) -> Position | None:
        """After which event to go on on a new connection: the last, or the head there was on entering."""
        return self.last or self._start

    def rewind(self) -> None:
        """A new connection: what comes next is what follows the last event, whatever was named as skipped since."""
        self._told = 0 if self.resumes is None else self.resumes.seq
        self.skipped = [one for one in self.skipped if one[1] <= self._told]

    def apply(self, event: Heard) -> bool:
        """Fold an event in; true where it is new and to be shown. Raises Gap."""
        match event:
            case _ if isinstance(event, Entry):
                return self._append(event)
            case e.Presence():
                self.online = event.online
                if event.here is UNSET and event.gone is UNSET:  # too many to name: no list is right any more
                    self.here.clear()
                self.here |= set(event.here or ())
                self.here -= set(event.gone or ())
            case e.Renamed():
                self._rename(event)
            case e.Read():
                overtaken = event.seq < self._mark or (event.seq == self._mark and event.head < self._counted)
                if event.back or not overtaken:
                    self._count(event.seq, event.head, (event.unread, event.mentions))
            case e.Level():
                self.level, self.favourite = event.level, event.favourite
            case e.News():
                self._hear_of(event)
            case e.Skipped():
                return self._skip(event)
            case e.Expired():
                self._begin_with(event.first)
            case e.Reset():  # comes after a `done` that told the topic and what is unread
                self.events.clear()
                self.skipped.clear()
                self._since.clear()
                self._named_since.clear()
                self.last = self._start = None
                self._told = 0
        return True

    def _append(self, event: Entry) -> bool:
        if self.last is not None and event.seq <= self.last.seq:
            return False
        if self._told and event.seq != self._told + 1:
            raise Gap(self._told, event.seq)
        self._told = event.seq
        self.last = Position(event.seq, event.at)
        if isinstance(event, Unknown):  # it has its place in the log, though nothing to show
            return True
        if isinstance(event, e.Amendment):
            if isinstance(event, e.Deleted):
                self._delete(event)
            else:
                self._amend(event)
            return True
        if isinstance(event, e.Purged):
            for one in e.deletions(event):
                self._delete(one)
        self.events.append(event)
        if isinstance(event, e.Configured):
            self._configure(event)
        self._add(event)
        return True

    def _add(self, event: Entry) -> None:
        """A message may be one that is unread, and was not heard of already."""
        if not self.is_new(event) or (self._since and event.seq <= self._since[-1]):
            return
        self._since.append(event.seq)
        if self.summons(event):
            self._named_since.append(event.seq)

    def _hear_of(self, event: e.News) -> None:
        """What was said while the reader was not in the room counts as if they had been."""
        for brief in event.posts:
            self._add(e.Posted(room=event.room, at=event.last.at, text="", **asdict(brief)))

    def _configure(self, event: e.Configured) -> None:
        self.topic = event.topic
        if event.title is not None:
            self.info.title = event.title
        if event.kind is not None:
            self.info.kind = event.kind

    def _delete(self, event: e.Deleted) -> None:
        """A message is gone, and unread for nobody."""
        self._amend(event)
        self._since = deque((seq for seq in self._since if seq != event.target), MOST)
        self._named_since = deque((seq for seq in self._named_since if seq != event.target), MOST)

    def is_new(self, event: Heard) -> bool:
        """Whether this is a message of someone else, of after the server has counted."""
        if not isinstance(event, e.Posted) or event.seq <= self._counted:
            return False
        return not (event.deleted or self._own(event) or self._ignored(event))

    def summons(self, event: Heard) -> bool:
        """Whether this is a message of someone else that mentions the reader, or everyone."""
        if not isinstance(event, e.Posted) or self._own(event) or self._ignored(event):
            return False
        return event.here or self._named(event)

    def _count(self, mark: int, head: int, counts: tuple[int, int]) -> None:
        """The server has counted from a mark to a head; what came since is added to that."""
        self._mark, self._counted, self._counts = mark, head, counts
        for seqs in (self._since, self._named_since):
            while seqs and seqs[0] <= head:
                seqs.popleft()

    def _amend(self, event: e.Amendment) -> None:
        """Change the message that an event is about, where it is kept."""
        for index in reversed(range(len(self.events))):
            one = self.events[index]
            if one.seq == event.target and isinstance(one, e.Posted):
                self.events[index] = fold(one, event)
            if one.seq <= event.target:
                return

    def newest(self, *, own: bool) -> e.Posted | None:
        """The newest message that was not deleted: of anyone, or of the reader's own."""
        messages = (one for one in reversed(self.events) if isinstance(one, e.Posted) and not one.deleted)
        return next((one for one in messages if self._own(one) or not own), None)

    def _skip(self, event: e.Skipped) -> bool:
        if event.to <= self._told:
            return False
        if self._told and event.from_ > self._told + 1:
            raise Gap(self._told, event.from_)
        if event.gone:
            self._begin_with(event.to + 1)
        else:
            self.skipped.append((event.from_, event.to))
        self._told = event.to
        return True

    def _begin_with(self, first: int) -> None:
        """What comes before a seq has expired: it is not there, and unread for nobody."""
        self.first = first
        self.events = deque((one for one in self.events if one.seq >= first), KEPT)
        self.skipped = [(max(from_, first), to) for from_, to in self.skipped if to >= first]
        self._since = deque((seq for seq in self._since if seq >= first), MOST)
        self._named_since = deque((seq for seq in self._named_since if seq >= first), MOST)

    def _rename(self, event: e.Renamed) -> None:
        if event.from_ in self.here:
            self.here.discard(event.from_)
            self.here.add(event.to)
        if isinstance(self.info.people, list) and not event.guest:
            self.info.people = [event.to if name == event.from_ else name for name in self.info.people]
        if not event.guest:
            for index, one in enumerate(self.events):
                if isinstance(one, e.Posted):
                    self.events[index] = rename(one, event)
                elif one.by == event.from_ and not one.guest:
                    one.by = event.to
