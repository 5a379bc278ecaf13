"""What the journal commits, and what comes of it.

An author is one number: an account's id (above zero), or a guest's session id negated (below zero).
"""

from enum import IntEnum
from typing import NamedTuple

import msgspec

from nexus.core.people import Account, RoomRow
from nexus.protocol.types import LevelName


class Kind(IntEnum):
    """What an event of a room's log is; the numbers are stored, so they never change."""

    POSTED = 1
    JOINED = 2
    LEFT = 3
    CONFIGURED = 4
    EDITED = 5
    DELETED = 6
    REACTED = 7
    UNREACTED = 8
    PINNED = 9
    UNPINNED = 10


class Draft(msgspec.Struct, gc=False):
    """What wants to become an event; `at` is the wall clock in UTC ms.

    `text` is the message, the new text of an edited one, the topic of a configured event, or the emoji of a
    reaction. `target` is the seq it is about (reply_to, or the message that is edited, deleted, …). `names` are
    those that a message may mention, as `core.mentions` finds them; whom they name is decided when it is stored.
    """

    room: int
    author: int
    by: str
    kind: int
    at: int
    text: str = ""
    nonce: str | None = None
    target: int | None = None
    names: tuple[str, ...] = ()


class Reaction(NamedTuple):
    """An emoji that someone put to a message, in the event `seq`; `by` is their name as of now."""

    seq: int
    emoji: str
    author: int
    by: str


class Amended(msgspec.Struct, gc=False, frozen=True):
    """What became of a message since it was posted; `changed` is the seq of the last event that did it.

    `edit` and `edited` are the seq and the time of the last edit, `pinned` is the seq that pinned it; 0 where
    there is none.
    """

    changed: int
    edit: int = 0
    edited: int = 0
    deleted: bool = False
    pinned: int = 0
    reactions: tuple[Reaction, ...] = ()


class Event(msgspec.Struct, gc=False, frozen=True):
    """One entry of a room's log; `by` is the author's name as of now, and so is a message's text.

    The text of a deleted message is empty, and so is that of an edit that another one or a deletion followed.
    `mentions` are the names of those whom a message mentions, an account's as of now; `here`: it mentions everyone.
    """

    room: int
    seq: int
    at: int
    kind: int
    author: int
    by: str
    text: str
    nonce: str | None
    target: int | None
    amended: Amended | None = None
    mentions: tuple[str, ...] = ()
    here: bool = False


class Found(NamedTuple):
    """What a search found, the newest first; `next` is what to go on before, None where there is no more to look at.

    A search looks at so much and no further: it may have found nothing and have a `next` all the same.
    """

    hits: list[Event]
    next: int | None


class OpenSession(msgspec.Struct, frozen=True):
    """Begin or resume a session; a guest claims a name with it. Outcome: None | NameTaken."""

    id: int
    run: int
    shown: str = ""
    key: str = ""
    skeleton: str = ""
    account: int | None = None
    login: int | None = None


class RenameGuest(msgspec.Struct, frozen=True):
    """A guest claims another name. Outcome: None | NameTaken."""

    session: int
    shown: str
    key: str
    skeleton: str


class RenameAccount(msgspec.Struct, frozen=True):
    """An account claims another name. Outcome: None | NameTaken."""

    account: int
    session: int
    shown: str
    key: str
    skeleton: str


class EndSessions(msgspec.Struct, frozen=True):
    """Forget sessions and free their names; with `before_run`, those an earlier start left. Outcome: None."""

    ids: tuple[int, ...] = ()
    before_run: int | None = None


class Register(msgspec.Struct, frozen=True):
    """Make an account; the session asking may hold the name as a guest. Outcome: Account | NameTaken."""

    session: int
    shown: str
    key: str
    skeleton: str
    hash: str
    role: str
    at: int


class AddLogin(msgspec.Struct, frozen=True):
    """Sign an account in on a device. Outcome: int (the login's id)."""

    account: int
    digest: bytes
    client: str
    at: int


class EndLogin(msgspec.Struct, frozen=True):
    """Revoke a login of an account, with its sessions. Outcome: bool (whether it was there)."""

    account: int
    login: int


class UseLogin(msgspec.Struct, frozen=True):
    """Remember when a login was last used. Outcome: None."""

    login: int
    at: int


class Rehash(msgspec.Struct, frozen=True):
    """Replace a password's hash by one with today's parameters. Outcome: None."""

    account: int
    hash: str


class MakeRoom(msgspec.Struct, frozen=True):
    """Make a room, or find it. Outcome: RoomRow | NameTaken (another room's name looks like it)."""

    key: str
    skeleton: str
    at: int


class AddMember(msgspec.Struct, frozen=True):
    """Make an account a member; its `joined` is stored where it was none. Outcome: Event | None.

    It has read up to `read` then, or all that was there.
    """

    draft: Draft
    read: int | None = None


class EndMember(msgspec.Struct, frozen=True):
    """End an account's membership; its `left` is stored where it was one. Outcome: Event | None."""

    draft: Draft


class SetTopic(msgspec.Struct, frozen=True):
    """Change a room's topic. Outcome: Event."""

    draft: Draft


class MarkRead(msgspec.Struct, frozen=True):
    """Move a reader's mark forward. Outcome: int (where it stands now)."""

    room: int
    reader: int
    seq: int


class SetLevel(msgspec.Struct, frozen=True):
    """Remember about what of a room a reader wants to be told. Outcome: None."""

    room: int
    reader: int
    level: LevelName


class Amend(msgspec.Struct, frozen=True):
    """Edit, delete, react to or pin a message, as the draft's kind says. Outcome: Stored | NonceReused | Denied.

    Where that is so already, the outcome is the event that did it. `role` is the person's; `within` is how
    long one may edit, in milliseconds (0: always); `emoji` and `reactions` are the most that a message bears.
    """

    draft: Draft
    role: str = "guest"
    within: int = 0
    emoji: int = 20
    reactions: int = 1000


class NameTaken(NamedTuple):
    """The name, or one that looks like it, is someone's."""

    holder: str


class Stored(NamedTuple):
    """A draft is an event; `first` is false where its nonce was known, and nothing was stored now."""

    event: Event
    first: bool


class NonceReused(NamedTuple):
    """The nonce belongs to another message of that author, the one at `seq`."""

    seq: int


class Denied(NamedTuple):
    """It may not be done, or cannot: a refusal's code, and the sentence for the person."""

    code: str
    message: str


Change = (
    OpenSession
    | RenameGuest
    | RenameAccount
    | EndSessions
    | Register
    | AddLogin
    | EndLogin
    | UseLogin
    | Rehash
    | MakeRoom
    | AddMember
    | EndMember
    | SetTopic
    | MarkRead
    | SetLevel
    | Amend
)
Entry = Draft | Change
Outcome = Stored | NonceReused | Denied | NameTaken | Event | Account | RoomRow | int | bool | None
