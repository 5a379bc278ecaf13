"""What the journal commits beside messages, each change with the type of its outcome."""

from typing import Generic, NamedTuple, TypeVar

import msgspec

from nexus.core.log import Record
from nexus.core.people import Account, RoomRow
from nexus.protocol.types import LevelName

R = TypeVar("R")


class Repeated(NamedTuple):
    """The nonce is known, and nothing was stored now: what was stored with it the first time."""

    record: Record


class NonceReused(NamedTuple):
    """The nonce belongs to something else that its author stored, at `seq`."""

    seq: int


class Denied(NamedTuple):
    """It may not be done, or cannot: a refusal's code, and the sentence for the person."""

    code: str
    message: str


class NameTaken(NamedTuple):
    """The name, or one that looks like it, is someone's."""

    holder: str


class Failed(NamedTuple):
    """This entry of a group could not be stored, whatever became of the others."""

    why: str


PostOutcome = Record | Repeated | NonceReused | Failed
"""What becomes of a message that is posted: the same record, now with its seq, where it is new."""


class Change(msgspec.Struct, Generic[R], frozen=True):
    """Something that a group stores; R is what comes of it."""


class Recorded(Change[R], frozen=True):
    """A change with an event of its own in a room's log."""

    record: Record


class OpenSession(Change[NameTaken | None], frozen=True):
    """Begin or resume a session; a guest claims a name with it. NameTaken("") where it, or its login, has ended.

    `guest` tells of an account's session that it began as a guest's.
    """

    id: int
    run: int
    shown: str = ""
    key: str = ""
    skeleton: str = ""
    account: int | None = None
    login: int | None = None
    guest: bool = False


class RetireSession(Change[None], frozen=True):
    """End a guest's session for good: its secret is worth nothing from now on."""

    session: int


class RenameGuest(Change[NameTaken | None], frozen=True):
    """A guest claims another name."""

    session: int
    shown: str
    key: str
    skeleton: str


class RenameAccount(Change[NameTaken | None], frozen=True):
    """An account claims another name."""

    account: int
    session: int
    shown: str
    key: str
    skeleton: str


class EndSessions(Change[None], frozen=True):
    """Forget sessions and free their names; with `before_run`, those that an earlier start left."""

    ids: tuple[int, ...] = ()
    before_run: int | None = None


class Register(Change[Account | NameTaken], frozen=True):
    """Make an account; the session asking may hold the name as a guest."""

    session: int
    shown: str
    key: str
    skeleton: str
    hash: str
    role: str
    at: int


class AddLogin(Change[int], frozen=True):
    """Sign an account in on a device; the outcome is the login's id."""

    account: int
    digest: bytes
    client: str
    at: int


class EndLogin(Change[bool], frozen=True):
    """Revoke a login of an account, with its sessions; false where there is none."""

    account: int
    login: int


class UseLogin(Change[None], frozen=True):
    """Remember when a login was last used."""

    login: int
    at: int


class Rehash(Change[None], frozen=True):
    """Replace a password's hash by one with today's parameters."""

    account: int
    hash: str


class MakeRoom(Change[RoomRow | NameTaken | Denied], frozen=True):
    """Make a room, or find it; NameTaken where another room's name looks like it, or a new one is there already.

    Denied where no room can be made any more.
    """

    key: str
    skeleton: str
    at: int
    new: bool = False


class Probe(Change[None], frozen=True):
    """Write something that changes nothing, to learn whether anything can be stored."""


class Post(Recorded[Record | Repeated | NonceReused], frozen=True):
    """Store a message for someone who waits for it; what connections post comes to a store beside the changes."""


class AddMember(Recorded[Record | None], frozen=True):
    """Make an account a member; its `joined` is stored where it was none.

    It has read up to `read` then, or all that was there.
    """

    read: int | None = None


class EndMember(Recorded[Record | None], frozen=True):
    """End an account's membership; its `left` is stored where it was one."""


class Configure(Recorded[Record], frozen=True):
    """Change what a room is, as its `configured` says."""


class Amend(Recorded[Record | Repeated | NonceReused | Denied], frozen=True):
    """Edit, delete, react to or pin a message, as the record's event says; Repeated where that is so already.

    `role` is the author's; `within` is how long one may edit, in milliseconds (0: always); `emoji` and `reactions`
    are the most that a message bears.
    """

    role: str = "guest"
    within: int = 0
    emoji: int = 20
    reactions: int = 1000


class MarkRead(Change[int], frozen=True):
    """Move a reader's mark forward; the outcome is where it stands now."""

    room: int
    reader: int
    seq: int


class SetLevel(Change[None], frozen=True):
    """Remember what a reader wants to be notified of in a room."""

    room: int
    reader: int
    level: LevelName
