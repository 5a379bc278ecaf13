"""The durable facts of rooms and people, as the directory keeps them."""

from typing import NamedTuple

import msgspec

from nexus.core.access import OPEN, Rules
from nexus.core.log import Record
from nexus.protocol.types import LevelName


class RoomRow(msgspec.Struct, frozen=True):
    """A room; `head` and `at` are its newest event's seq and time (0 where there is none).

    `title` is what people read where the name is an id; `people` are those of a direct room; `former` the names that it
    had and that lead to it, the newest first. `folder` names its transcripts where its name does not. `first` is the
    oldest event that has not expired; where all have, it is the next one's.
    """

    id: int
    name: str
    topic: str
    head: int
    at: int
    rules: Rules = OPEN
    title: str = ""
    people: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    folder: str = ""
    first: int = 1


class Registered(NamedTuple):
    """An account that was made by an invitation to a room, and the event of its coming in."""

    account: "Account"
    records: tuple[Record, ...]


class Membership(NamedTuple):
    """A room that an account belongs to: what it is there, and how far it has read."""

    row: RoomRow
    mark: "Mark"
    place: str


class Account(msgspec.Struct, frozen=True):
    """Someone with a password; `hash` is argon2id's own encoding. A `limited` one finds only its rooms.

    A bot has no password, and an `owner`: the account that it belongs to.
    """

    id: int
    name: str
    role: str
    hash: str
    limited: bool = False
    owner: int = 0


FORMER = "former"
"""The role of an account that was erased."""

FORMER_NAME = "former member"
"""What its messages are by."""


def former_key(account: int) -> str:
    """Stands where the key of its name was: no name has a space."""
    return f"former {account}"


class Login(msgspec.Struct, frozen=True):
    """A durable sign-in of an account on a device."""

    id: int
    account: int
    client: str
    created: int
    used: int


class SessionRow(msgspec.Struct, frozen=True):
    """A session that may be resumed; a guest's has a name of its own. `guest`: an account's began as a guest's."""

    id: int
    name: str
    account: int | None
    login: int | None
    guest: bool = False


class Mark(NamedTuple):
    """How far a reader has read a room, about what of it they want to be told, and whether they keep it at hand."""

    seq: int = 0
    level: LevelName = "everything"
    favourite: bool = False

    def chosen(self, level: LevelName | None, favourite: bool | None) -> "Mark":
        """The same with what somebody chose; None leaves it as it is."""
        return Mark(self.seq, level or self.level, self.favourite if favourite is None else favourite)


class Counts(NamedTuple):
    """Of a stretch of a room's log: the messages by others, and those of them that mention the reader or everyone."""

    unread: int
    mentions: int


class Member(msgspec.Struct, frozen=True):
    """An account that belongs to a room: its role on the server, and in the room, whether it is limited, since when.

    `owner` is the account that it belongs to, if it is a bot.
    """

    account: int
    name: str
    role: str
    place: str = "member"
    limited: bool = False
    since: int = 0
    owner: int = 0


class Profile(msgspec.Struct, frozen=True):
    """An account, as an operator looks at it: how many logins it has, and when one was last used (0: never).

    `owner` is whose bot it is.
    """

    account: int
    name: str
    key: str
    role: str
    created: int
    logins: int
    used: int
    limited: bool = False
    owner: str = ""


class Invite(msgspec.Struct, frozen=True):
    """A code by which someone may make an account; `uses` are left. `expires` is 0 for never.

    `room` is the one that it leads into, or 0, `place` its name, `room_role` what it makes people there, `by` who made
    it, `doer` what they are called, `used` who came in by it. The accounts that it makes may be `limited`.
    """

    id: int
    role: str
    uses: int
    created: int
    expires: int
    room: int = 0
    by: int = 0
    place: str = ""
    doer: str = ""
    used: tuple[str, ...] = ()
    room_role: str = "member"
    limited: bool = False


class Act(msgspec.Struct, frozen=True):
    """Something that was done to an account; `by` is who did it, 0 for the operator, and `doer` what they are called.

    `target` is the author it was done to, `name` what they are called; `undoes` the act that it took back. `room` is
    where it was done, or what it was done to, 0 where it is about the server, and `place` its name, while it has one.
    """

    id: int
    at: int
    by: int
    verb: str
    account: int
    detail: str
    target: int = 0
    name: str = ""
    until: int = 0
    undoes: int = 0
    undone: bool = False
    doer: str = ""
    room: int = 0
    place: str = ""


class BanRow(NamedTuple):
    """A ban: of whom, until when (0: for good), by which act; and from where, where it is about that too."""

    id: int
    author: int
    address: str
    until: int
    act: Act
