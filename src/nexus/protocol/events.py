"""What a server says unasked: a room's log (with `seq`) and passing events (never stored)."""

import msgspec

from nexus.protocol.codes import GOODBYES
from nexus.protocol.types import (
    Brief,
    DirectsName,
    GuestsName,
    KindName,
    LevelName,
    Millis,
    Person,
    Position,
    PostingName,
    Seq,
)


class RoomEvent(msgspec.Struct, tag_field="type", tag=str.lower, kw_only=True, omit_defaults=True, gc=False):
    """What every event of a room's log carries; `guest` marks an author without an account.

    An event that is not stored yet has the seq 0.
    """

    room: str
    seq: Seq
    at: Millis
    by: str
    guest: bool = False


class Posted(RoomEvent):
    """A message as it is now; `changed` is the seq of the last event that changed it, `edited` the time of an edit.

    `mentions` are those whom it summoned when it was posted, `here` that it summoned everyone.
    """

    text: str
    reply_to: Seq | None = None
    mentions: tuple[str, ...] = ()
    here: bool = False
    changed: Seq | None = None
    edited: Millis | None = None
    deleted: bool = False
    pinned: bool = False
    reactions: dict[str, list[Person]] = {}


class Joined(RoomEvent):
    """An account became a member of the room; `added` is who brought them in, where that was somebody else."""

    added: str = ""


class Left(RoomEvent):
    """An account's membership ended."""


class Removed(RoomEvent):
    """Someone was taken out of the room; nothing after this event reaches them."""

    name: str
    person: str = ""
    reason: str = ""


class Promoted(RoomEvent):
    """A member has another role in the room: `owner`, `moderator` or `member`."""

    name: str
    person: str = ""
    role: str = "member"


class Purged(RoomEvent):
    """A moderator hid the messages `targets`, all by `name`, in the act of that number; they are as if deleted."""

    name: str
    act: int = 0
    targets: list[Seq] = []


class Restored(RoomEvent):
    """A purge was taken back: the messages `targets` stand where they stood, and `history` has them."""

    name: str
    act: int = 0
    targets: list[Seq] = []


class Destroyed(RoomEvent):
    """The room was deleted in the act of that number; nobody is in it any more, so nobody hears this as it happens."""

    act: int = 0


class Revived(RoomEvent):
    """The room, which the act of that number had deleted, was brought back as it was."""

    act: int = 0


class Configured(RoomEvent):
    """The room was made or changed; what is not there is as it was. A `keep` of -1 is as the server keeps messages."""

    topic: str
    name: str | None = None
    kind: KindName | None = None
    title: str | None = None
    posting: PostingName | None = None
    slow: int | None = None
    guests: GuestsName | None = None
    archived: bool | None = None
    keep: int | None = None


class Edited(RoomEvent):
    """The message `target` has another text; there is none where a later edit or a deletion replaced it."""

    target: Seq
    text: str | None = None


class Deleted(RoomEvent):
    """The message `target` was deleted; its text is gone everywhere."""

    target: Seq


class Reacted(RoomEvent):
    """Someone added an emoji to the message `target`."""

    target: Seq
    emoji: str


class Unreacted(RoomEvent):
    """Someone removed their emoji from the message `target`."""

    target: Seq
    emoji: str


class Pinned(RoomEvent):
    """The message `target` was pinned in the room."""

    target: Seq


class Unpinned(RoomEvent):
    """The message `target` is no longer pinned."""

    target: Seq


class Unrecognised(RoomEvent):
    """An event of a kind that a later version of the server stored; clients pass it over."""

    kind: int
    text: str = ""
    target: Seq | None = None
    data: str | None = None


class Passing(msgspec.Struct, tag_field="type", tag=str.lower, kw_only=True, omit_defaults=True):
    """What passes by: never stored, no `seq`."""


class Presence(Passing):
    """Who came and went since the last one; in large rooms only how many are here."""

    room: str
    online: int
    here: list[str] | msgspec.UnsetType = msgspec.UNSET
    gone: list[str] | msgspec.UnsetType = msgspec.UNSET


class Typing(Passing):
    """Someone is writing."""

    room: str
    by: str


class Read(Passing):
    """The reader's own mark is at `seq`; what is unread after it is counted as of `head`, up to 1000.

    With `back` it was moved back; without, one that is below the mark known was overtaken.
    """

    room: str
    seq: Seq
    head: Seq
    unread: int
    mentions: int
    back: bool = False


class Level(Passing):
    """What the reader is notified of in the room, and whether it is a favourite, as set on one of their devices."""

    room: str
    level: LevelName
    favourite: bool = False


class News(Passing):
    """What was said in a room that the reader belongs to and is not in; `last` is the newest of the messages."""

    room: str
    last: Position
    posts: list[Brief]


class Member(Passing):
    """Someone belongs to the room in another way: `name` has the `role` in it now, or `none`, and `by` saw to that.

    `member` tells whether the reader themselves belongs to it: on another device they joined the room, or left it and
    are taken out of it here too. Without a `name` it is only about that.
    """

    room: str
    member: bool
    name: str = ""
    role: str = ""
    by: str = ""


class Renamed(Passing):
    """Someone has another name; an account's older messages carry it too, a guest's keep theirs."""

    from_: str = msgspec.field(name="from")
    to: str
    guest: bool = False


class Moved(Passing):
    """The room that was called `from` is called `room` from now on: what comes of it carries that name."""

    room: str
    from_: str = msgspec.field(name="from")


class Ignored(Passing):
    """On one of their devices the reader ignored someone."""

    person: str
    name: str
    guest: bool = False


class Unignored(Passing):
    """The reader no longer ignores someone: on one of their devices they said so, or that account was erased."""

    person: str
    name: str
    guest: bool = False


class Preferred(Passing):
    """What the reader chose on one of their devices, for all of them: from whom they get direct messages."""

    directs: DirectsName


class Yourself(Passing):
    """The reader's own role on the server is another now, or their account is `limited` or is no longer."""

    role: str
    limited: bool = False


class Notice(Passing):
    """A sentence from the server for the person."""

    text: str


class Skipped(Passing):
    """`from` to `to` (inclusive) were not sent; `history` has them, unless they are `gone`: they have expired."""

    room: str
    from_: Seq = msgspec.field(name="from")
    to: Seq
    gone: bool = False


class Expired(Passing):
    """What is older than the room keeps messages is gone for good; `first` is the oldest event that is left."""

    room: str
    first: Seq


class Reset(Passing):
    """The room's history is not the one the client knew: forget it and start over."""

    room: str


class Goodbye(Passing):
    """The session's connection ends; come back after `retry_after` seconds where it is given."""

    code: str
    reason: str
    retry_after: float | None = None

    @classmethod
    def of(cls, code: str, reason: str | None = None, retry_after: float | None = None) -> "Goodbye":
        """The goodbye of a code, with the table's sentence unless there is a better one."""
        return cls(code=code, reason=reason or GOODBYES[code].sentence, retry_after=retry_after)


Amendment = Edited | Deleted | Reacted | Unreacted | Pinned | Unpinned
"""The events that are about an earlier message, which their `target` names."""

LogEvent = (
    Posted | Joined | Left | Removed | Promoted | Purged | Restored | Destroyed | Revived | Configured | Amendment
)
AnyEvent = (
    LogEvent
    | Presence
    | Typing
    | Read
    | Level
    | News
    | Member
    | Renamed
    | Moved
    | Ignored
    | Unignored
    | Preferred
    | Yourself
    | Notice
    | Skipped
    | Expired
    | Reset
    | Goodbye
)


def deletions(event: Purged) -> list[Deleted]:
    """What a purge is to each of its messages."""
    return [Deleted(room=event.room, seq=event.seq, at=event.at, by=event.by, target=one) for one in event.targets]
