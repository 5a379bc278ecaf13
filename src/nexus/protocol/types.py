"""The small types that commands, events and replies share."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

SAFE = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly (RFC 8259 section 6)."""

Seq = Annotated[int, Meta(ge=0, le=SAFE, description="an event's place in its room; 0 is before the first")]
Millis = Annotated[int, Meta(ge=0, le=SAFE, description="UTC milliseconds since 1970")]
Ref = (
    Annotated[int, Meta(ge=-SAFE, le=SAFE, description="a number the client chose")]
    | Annotated[str, Meta(max_length=64, description="a short string the client chose")]
)


LevelName = Literal["everything", "mentions", "nothing"]
"""What a room notifies one about; it changes no count."""


DirectsName = Literal["everyone", "nobody"]
"""From whom somebody gets direct messages."""

HereName = Literal["everyone", "members", "moderators"]
"""Who mentions everyone with `@here`."""

KindName = Literal["open", "private", "direct"]
"""What a room is: for everyone, for its members, or between a few people."""

PostingName = Literal["everyone", "members", "moderators"]
"""Who says something in a room."""

GuestsName = Literal["talk", "read", "none"]
"""What guests do in a room."""

PlaceName = Literal["member", "moderator", "owner"]
"""What someone is in a room."""


class Position(msgspec.Struct, frozen=True):
    """An event as a client remembers it; `at` tells a replaced history from the one it knew."""

    seq: Seq
    at: Millis = 0


class You(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who a session speaks as. A `limited` account finds only the rooms that it was brought into."""

    name: str
    role: str
    guest: bool
    limited: bool = False


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """Someone who reacted; `guest` marks a name without an account."""

    by: str
    guest: bool = False


class Brief(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message without its text: enough to count it. Its fields are those of `posted`."""

    seq: Seq
    by: str
    guest: bool = False
    mentions: tuple[str, ...] = ()
    here: bool = False


class Server(msgspec.Struct, frozen=True):
    """What a client may show about the server; `time` is the server's clock, `room` is opened when none is named."""

    name: str
    version: str
    time: Millis
    room: str = ""


class Limits(msgspec.Struct, frozen=True):
    """What the server accepts, so that a client can say no before it sends."""

    text: int
    topic: int
    name: int
    room_name: int
    frame: int
    history: int
    catch_up: int
    rooms: int


class RoomInfo(msgspec.Struct):
    """A room as its members see it; `read` is the own read mark.

    `unread` and `mentions` are counted as of `head`, up to 1000. `here` is told where a `hello` resumes the room, empty
    where there are too many. Of a `private` room the `name` is an id, and `title` is what to show; of a `direct` one
    that is who the `people` in it are. A `favourite` is one that one keeps at hand. `role` is the own one in the
    room, where one belongs to it. `former` are the names that it had and that lead to it, the newest first. `keep`
    says for how many days it keeps messages, 0 for ever; `first` is the oldest event that has not expired. What is
    not told is as in most rooms: everyone posts, at once, guests talk, it is not archived, keeps messages for as
    long as the server says, and begins with 1.
    """

    name: str
    topic: str = ""
    head: Seq = 0
    at: Millis = 0
    online: int = 0
    member: bool = False
    read: Seq | None = None
    unread: int | None = None
    mentions: int | None = None
    level: LevelName = "everything"
    favourite: bool | msgspec.UnsetType = msgspec.UNSET
    here: list[str] | msgspec.UnsetType = msgspec.UNSET
    kind: KindName = "open"
    title: str | msgspec.UnsetType = msgspec.UNSET
    role: str | msgspec.UnsetType = msgspec.UNSET
    posting: PostingName | msgspec.UnsetType = msgspec.UNSET
    slow: int | msgspec.UnsetType = msgspec.UNSET
    guests: GuestsName | msgspec.UnsetType = msgspec.UNSET
    archived: bool | msgspec.UnsetType = msgspec.UNSET
    people: list[str] | msgspec.UnsetType = msgspec.UNSET
    former: list[str] | msgspec.UnsetType = msgspec.UNSET
    keep: int | msgspec.UnsetType = msgspec.UNSET
    first: Seq | msgspec.UnsetType = msgspec.UNSET


class MemberInfo(msgspec.Struct):
    """Someone who belongs to a room or is in it now: the `role` on the server, and the `place` in the room.

    `person` is an id that stays, whatever they are called. Whose account is `limited` finds only their rooms. `since`
    is when they joined the room. A bot has an `owner`, who is named where they belong to the room too.
    """

    name: str
    role: str = "member"
    guest: bool = False
    here: bool = False
    place: str = ""
    person: str = ""
    limited: bool | msgspec.UnsetType = msgspec.UNSET
    since: Millis | msgspec.UnsetType = msgspec.UNSET
    owner: str | msgspec.UnsetType = msgspec.UNSET


class IgnoredInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody whom one ignores, and what they are called now; `guest` marks a name without an account."""

    person: str
    name: str
    guest: bool = False


class Preferences(msgspec.Struct, frozen=True):
    """What an account chose for all its devices: from whom it gets direct messages."""

    directs: DirectsName = "everyone"


class LoginInfo(msgspec.Struct):
    """A durable sign-in of an account on a device; `id` is what `revoke` takes."""

    id: str
    client: str = ""
    created: Millis = 0
    used: Millis = 0
    current: bool = False


class BotInfo(msgspec.Struct):
    """A bot of one's own; `used` is when its token was used last, 0 for never."""

    name: str
    person: str
    created: Millis = 0
    used: Millis = 0


class BanInfo(msgspec.Struct):
    """Somebody who may not come in; `until` is 0 for good. `address` tells that it is also about where they were."""

    ban: int
    name: str
    person: str
    at: Millis = 0
    until: Millis = 0
    by: str = ""
    reason: str = ""
    address: bool = False


class ActInfo(msgspec.Struct, omit_defaults=True):
    """Something that `by` did to someone; `undone` tells that it was taken back, `undoes` which one this took back.

    `room` is where it was done, or what it was done to.
    """

    act: int
    at: Millis
    by: str
    verb: str
    name: str = ""
    person: str = ""
    until: Millis = 0
    reason: str = ""
    undone: bool = False
    undoes: int = 0
    room: str = ""


class InviteInfo(msgspec.Struct):
    """A code that can be used so many times, until `expires` (0: for good); `used` are those who came in by it.

    `role` is what it makes them, in the `room` where it leads into one. The accounts that it makes may be `limited`.
    """

    invite: int
    by: str = ""
    uses: int = 0
    created: Millis = 0
    expires: Millis = 0
    room: str = ""
    role: str = "member"
    used: list[str] = []
    limited: bool = False


class ReportInfo(msgspec.Struct):
    """A message that someone reported: as it was then, among those around it. `person` is its author."""

    report: int
    at: Millis
    by: str
    room: str
    seq: Seq
    person: str
    reason: str = ""
    events: list[msgspec.Raw] = []
