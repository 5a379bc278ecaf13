"""What people were told of their messages, and what the log must say to that."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from nexus.core.log import Record
from nexus.core.mentions import EVERYONE
from nexus.protocol import commands as c
from nexus.protocol import events as ev
from nexus.protocol.kinds import target_of
from nexus.protocol.replies import Done, Refused
from nexus.store.memory import Durable
from nexus.store.reading import Reading

EVENTS: dict[type[c.Command], type[ev.RoomEvent]] = {
    c.Edit: ev.Edited,
    c.Delete: ev.Deleted,
    c.React: ev.Reacted,
    c.Unreact: ev.Unreacted,
    c.Pin: ev.Pinned,
    c.Unpin: ev.Unpinned,
}
"""What comes of each command about a message."""

DENIALS = {"not_found", "forbidden", "not_joined", "too_fast", "too_many", "unavailable", "unauthorised", "bad_request"}
"""What an edit, a reaction and so on may be refused with."""


@dataclass
class Saying:
    """A message that someone tries to post, maybe several times; no two have the same text."""

    text: str
    room: str
    nonce: str | None
    reply_to: int | None
    floor: int
    """The newest seq of the room that anyone had a `done` for before this was first sent."""
    author: int | None = None
    """Behind which identity it was posted first."""
    told: tuple[int, int] | None = None
    """The seq and at of its `done`."""
    unanswered: int = 0
    doubtful: bool = False
    """A try of it was answered by `unavailable`, or it was tried behind two identities."""


@dataclass
class Deed:
    """What someone wants done to a message, maybe several times."""

    verb: type[c.Command]
    fields: dict[str, Any]
    author: int | None = None
    told: dict[int, int] = field(default_factory=dict)
    """The seq of its `done`, by the identity that did it; who becomes a member is another author."""


@dataclass
class Ledger:
    """Compares what is told with what is durable, at the moment it is told."""

    durable: Durable
    sayings: dict[str, Saying] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """By room, the newest seq that anyone had a `done` for."""
    told: dict[tuple[bool, str], int] = field(default_factory=lambda: defaultdict(int))
    """By node and room, the newest seq that anyone there was told of."""
    names: set[str] = field(default_factory=set)
    """Every name that anyone ever asked for."""
    faults: list[AssertionError] = field(default_factory=list)
    """What was wrong with a frame, when it was written."""
    registering: set[int] = field(default_factory=set)
    """The sessions that asked for an account and may have been given it, whatever they were told."""
    leaving: set[tuple[int, str]] = field(default_factory=set)
    """Which accounts are leaving which rooms: until that is answered, it may happen at any moment."""
    deeds: list[Deed] = field(default_factory=list)
    said: dict[tuple[str, int], str] = field(default_factory=dict)
    """By room and seq, what was said there first, as far as anyone had a `done` for it."""
    renamed: bool = False
    """Someone asked for another name, so that names in reactions may be old ones."""
    same_nonce: dict[tuple[int, str, str], list[Saying]] = field(default_factory=lambda: defaultdict(list))

    # --- the log -----------------------------------------------------------------------------------

    def room(self, name: str) -> int:
        """A room's id; 0 where there is none."""
        return self.durable.rooms_by_key.get(name, 0)

    def head(self, room: str) -> int:
        """The newest durable seq."""
        row = self.durable.rooms.get(self.room(room))
        return row.head if row else 0

    def event(self, room: str, seq: int) -> Record | None:
        """An event of the log as it is now, once it is durable."""
        found = self.log(room, seq - 1, seq)
        return found[0] if found else None

    def log(self, room: str, after: int = 0, upto: int | None = None) -> list[Record]:
        """The events with after < seq <= upto, as they are now."""
        last = self.head(room) if upto is None else upto
        reading = Reading(self.durable)
        return reading.page(self.room(room), after=after, before=last + 1, limit=last, newest=False)

    def messages(self, room: str, after: int, upto: int) -> int:
        """How many entries of a stretch are messages."""
        return sum(isinstance(record.event, ev.Posted) for record in self.log(room, after, upto))

    def counts(self, room: str, reader: int, after: int, upto: int | None = None) -> tuple[int, int]:
        """How many messages of a stretch are by others, and how many of them mention the reader or everyone."""
        theirs = [
            one.event.seq
            for one in self.log(room, after, upto)
            if isinstance(one.event, ev.Posted) and not one.event.deleted and one.author != reader
        ]
        mentioned = [{who for who, _ in self.durable.mentions.get((self.room(room), seq), ())} for seq in theirs]
        return len(theirs), sum(bool(who & {reader, EVERYONE}) for who in mentioned)

    def check_counts(self, room: str, reader: int, span: tuple[int, int], told: tuple[int, int]) -> None:
        """What was told is what is unread, but for messages that were deleted since it was counted."""
        now = self.counts(room, reader, *span)
        stretch = [one for one in self.log(room, *span) if isinstance(one.event, ev.Posted) and one.author != reader]
        gone = sum(one.event.deleted for one in stretch if isinstance(one.event, ev.Posted))
        for counted, least in zip(told, now, strict=True):
            assert least <= counted <= least + gone, f"{now} is unread in {room}, and {told} was told"

    # --- a message's tries -------------------------------------------------------------------------

    def say(self, room: str, nonce: str | None, reply_to: int | None, size: int, whom: str = "") -> Saying:
        """A new message, as its author sends it, to whomever it names."""
        text = f"m{len(self.sayings)}{'.' * size}{whom}"
        saying = Saying(text, room, nonce, reply_to, self.done[room])
        self.sayings[text] = saying
        return saying

    def tried(self, saying: Saying, author: int) -> None:
        """The server reads it, from this identity."""
        saying.unanswered += 1
        if saying.nonce is not None:
            twins = self.same_nonce[author, saying.room, saying.nonce]
            if saying not in twins:
                twins.append(saying)
        if saying.author is not None and saying.author != author:
            saying.doubtful = True  # who becomes a member is another author: the nonce starts again
            saying.told = None
        saying.author = author

    def answered(self, saying: Saying, reply: Done | Refused) -> None:
        """One of its tries has its reply."""
        saying.unanswered -= 1
        if isinstance(reply, Refused):
            saying.doubtful |= reply.code == "unavailable"
            if reply.code == "nonce_reused":
                self._refuse_reuse(saying)
            return
        assert reply.seq is not None
        assert reply.at is not None
        record = self.event(saying.room, reply.seq)
        assert record is not None, f"{saying} is acknowledged, but {reply.seq} is not durable"
        event = record.event
        assert isinstance(event, ev.Posted)
        if not (event.edited or event.deleted):
            assert event.text == saying.text, (saying, event)
        assert (event.at, event.reply_to) == (reply.at, saying.reply_to), (saying, event)
        first_said = self.said.setdefault((saying.room, reply.seq), saying.text)
        if event.deleted and first_said != saying.text:
            saying.doubtful = True  # of the deleted text nothing is left to tell that the nonce is another message's
            return
        assert first_said == saying.text
        assert saying.told in (None, (reply.seq, reply.at)), f"{saying} has another seq now: {reply}"
        if saying.told is None:
            assert reply.seq > saying.floor, f"{saying} has {reply.seq}, but was sent after that was acknowledged"
        saying.told = reply.seq, reply.at
        self.done[saying.room] = max(self.done[saying.room], reply.seq)
        for twin in self._twins(saying):
            first = None if twin.told is None else self.event(saying.room, twin.told[0])
            theirs = first is not None and first.author == record.author  # else a guest's, of before they registered
            assert not theirs, f"{twin} and {saying} have the same nonce, and both are done"

    def amended(self, deed: Deed, reply: Done | Refused) -> None:
        """A try to do something to a message has its reply."""
        if isinstance(reply, Refused):
            assert reply.code in DENIALS, (deed, reply)
            return
        record = self.event(deed.fields["room"], reply.seq or 0)
        assert record is not None, f"{deed} is acknowledged, but {reply.seq} is not durable"
        event = record.event
        assert (type(event), target_of(event)) == (EVENTS[deed.verb], deed.fields["seq"]), (deed, event)
        if record.nonce is not None and record.nonce == deed.fields.get("nonce"):
            first = deed.told.setdefault(record.author, event.seq)
            assert first == event.seq, f"{deed} has another seq now: {reply}"

    def _refuse_reuse(self, saying: Saying) -> None:
        assert saying.author is not None
        assert saying.nonce is not None
        seq = self.durable.nonces.get((self.room(saying.room), saying.author, saying.nonce))
        record = self.event(saying.room, seq or 0)
        assert record is not None, f"{saying} is refused for a nonce that is not known"
        known = record.event
        same = isinstance(known, ev.Posted) and (known.text, known.reply_to) == (saying.text, saying.reply_to)
        assert not same, f"{saying} is what its nonce belongs to"

    def _twins(self, saying: Saying) -> list[Saying]:
        if saying.author is None or saying.nonce is None:
            return []
        twins = self.same_nonce[saying.author, saying.room, saying.nonce]
        return [twin for twin in twins if twin is not saying]

    # --- the whole ---------------------------------------------------------------------------------

    def audit(self) -> None:
        """Every log is 1, 2, 3 … and holds every acknowledged message once, and none that was refused."""
        stored: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for row in self.durable.rooms.values():
            for record in self.log(row.name):
                event = record.event
                if isinstance(event, ev.Posted):
                    touched = event.edited or event.deleted
                    text = self.said.get((row.name, event.seq), "") if touched else event.text
                    assert text in self.sayings or touched, f"Nobody said {event}"
                    if text in self.sayings:
                        assert self.sayings[text].room == row.name
                        stored[text].append((event.seq, event.at))
        for saying in self.sayings.values():
            places = stored[saying.text]
            if saying.told is not None:
                assert saying.told in places, f"{saying} was acknowledged and is lost"
            elif not saying.unanswered and not saying.doubtful:
                assert not places, f"{saying} was refused and is stored at {places}"
            if not saying.doubtful or saying.nonce is None:
                assert len(places) < 2, f"{saying} is stored at {places}"
