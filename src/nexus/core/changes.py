"""What the journal commits beside messages, each change with the type of its outcome."""

from typing import Generic, NamedTuple, TypeVar

import msgspec

from nexus.core.log import Record
from nexus.core.people import Account, Registered, RoomRow
from nexus.protocol.types import KindName, LevelName

R = TypeVar("R")


class Repeated(NamedTuple):
    """The nonce is known, and nothing was stored now: what was stored with it the first time."""

    record: Record


class NonceReused(NamedTuple):
    """The nonce belongs to something else that its author stored, at `seq`."""

    seq: int


class Denied(NamedTuple):
    """It may not be done, or cannot: a refusal's code, the sentence for the person, and in how many seconds it may."""

    code: str
    message: str
    retry_after: float | None = None


BANNED = Denied("forbidden", "You may not come in here; its moderators sent you away.")
INVALID_INVITE = Denied("unauthorised", "That invitation is not valid, or has already been used.")
OFFICIAL_NAME = Denied("name_invalid", "That name is kept for those who run this server; choose one of your own.")


class NameTaken(NamedTuple):
    """The name, or one that looks like it, is someone's."""

    holder: str


class Placed(NamedTuple):
    """What someone is in a room now ("": nothing), and the events of that: none where it was so before."""

    place: str
    records: tuple[Record, ...] = ()


class SignedIn(NamedTuple):
    """The id of a new login, and those that ended for it, as there were too many."""

    login: int
    ended: tuple[int, ...] = ()


class Failed(NamedTuple):
    """This entry of a group could not be stored, whatever became of the others."""

    why: str


PostOutcome = Record | Repeated | NonceReused | Denied | Failed
"""What becomes of a message that is posted: the same record, now with its seq, where it is new."""


class Change(msgspec.Struct, Generic[R], frozen=True):
    """Something that a group stores; R is what comes of it."""


class Recorded(Change[R], frozen=True):
    """A change with an event of its own in a room's log."""

    record: Record


class OpenSession(Change[NameTaken | None], frozen=True):
    """Begin or resume a session; a guest claims a name with it. NameTaken("") where it, or its login, has ended.

    `guest` tells of an account's session that it began as a guest's. Names that are held until later than `at` are
    taken. Where a guest has an `address`, it is kept as the one they came from last. `again`: it may go on elsewhere.
    """

    id: int
    run: int
    shown: str = ""
    key: str = ""
    skeleton: str = ""
    account: int | None = None
    login: int | None = None
    guest: bool = False
    at: int = 0
    address: str = ""
    again: bool = False


class RetireSession(Change[None], frozen=True):
    """End a guest's session for good: its secret is worth nothing from now on."""

    session: int


class RenameGuest(Change[NameTaken | None], frozen=True):
    """A guest claims another name."""

    session: int
    shown: str
    key: str
    skeleton: str
    at: int = 0


class RenameAccount(Change[NameTaken | None], frozen=True):
    """An account claims another name; the one that it had is held for it until a time."""

    account: int
    session: int
    shown: str
    key: str
    skeleton: str
    at: int = 0
    until: int = 0


class EndSessions(Change[None], frozen=True):
    """Forget sessions and free their names; with `before_run`, those that an earlier start left.

    Those of other nodes stay. With a `run`, of the ids only those that this node has; with `runs` all of these nodes.
    """

    ids: tuple[int, ...] = ()
    before_run: int | None = None
    run: int = 0
    runs: tuple[int, ...] = ()


class Register(Change[Account | Registered | NameTaken | Denied], frozen=True):
    """Make an account; the session asking may hold the name as a guest.

    With `invite`, the digest of a code, one use of it is spent, and its role is the account's; Denied where it is not
    valid. A name that sounds `official` is for administrators alone.
    """

    session: int
    shown: str
    key: str
    skeleton: str
    hash: str
    role: str
    at: int
    invite: bytes | None = None
    official: bool = False


class AddLogin(Change[SignedIn | Denied | None], frozen=True):
    """Sign an account in on a device; None where its password is no longer the one that has the `hash`.

    Denied where it is banned. Where it has more than `most` logins then (0: any), those unused for the longest end.
    """

    account: int
    digest: bytes
    client: str
    at: int
    hash: str | None = None
    most: int = 0


class ChangePassword(Change[SignedIn | None], frozen=True):
    """Give an account another password, where it has the `old` one still: all its logins end, and so do its sessions.

    One session goes on, with a new login.
    """

    account: int
    old: str
    hash: str
    session: int
    digest: bytes
    client: str
    at: int


class UseReset(Change[Account | None], frozen=True):
    """Give an account another password by the code that was made for it: its logins and sessions end."""

    code: bytes
    hash: str
    at: int


class AddReset(Change[None], frozen=True):
    """Let someone with a code set an account's password once; an earlier code no longer works then."""

    account: int
    code: bytes
    expires: int


class AddInvite(Change[int], frozen=True):
    """Let anyone who has a code make an account, and come into a `room`, as the account `by` says (0: an operator).

    There they are what `room_role` says. With `limited` an account that it makes finds nothing but the rooms that it
    was brought into.
    """

    code: bytes
    role: str
    uses: int
    at: int
    expires: int = 0
    room: int = 0
    by: int = 0
    room_role: str = "member"
    limited: bool = False


class EndInvite(Change[bool], frozen=True):
    """Take an invite back; false where there is none."""

    invite: int


class SetRole(Change[bool], frozen=True):
    """Make an account something else; false where there is none."""

    account: int
    role: str


class EndLogins(Change[bool], frozen=True):
    """End all logins of an account, and its sessions; false where there is no such account."""

    account: int


class Acted(Change[R], frozen=True):
    """Carry out a change and, unless it comes to false, note that it was done, by whom (0: the operator), to whom."""

    change: Change[R]
    at: int
    by: int
    verb: str
    account: int = 0
    detail: str = ""


class EndLogin(Change[bool], frozen=True):
    """Revoke a login of an account, with its sessions; false where there is none."""

    account: int
    login: int


class UseLogin(Change[None], frozen=True):
    """Remember when a login was last used."""

    login: int
    at: int


class Rehash(Change[None], frozen=True):
    """Replace a password's hash by one with today's parameters, where the password is still the same."""

    account: int
    old: str
    hash: str


class MakeRoom(Change[RoomRow | NameTaken | Denied], frozen=True):
    """Make a room, or find it; NameTaken where another room's name looks like it, or a new one is there already.

    Denied where no room can be made any more. The `maker` is the account that owns it once it belongs to it, or 0.
    """

    key: str
    skeleton: str
    at: int
    new: bool = False
    maker: int = 0
    kind: KindName = "open"
    title: str = ""


class MakeDirect(Change[RoomRow | Denied], frozen=True):
    """Make the room between some accounts, or find it; it is one of the first one's rooms from now on.

    It is one of the others' with the next message. Denied where it does not reach one, whom it calls as `names` say.
    """

    people: tuple[int, ...]
    name: str
    at: int
    names: tuple[str, ...] = ()


class DropRooms(Change[tuple[int, ...]], frozen=True):
    """Delete those of some rooms that were made before a time and have no event, member or topic; which they were."""

    ids: tuple[int, ...]
    before: int


class Probe(Change[None], frozen=True):
    """Write something that changes nothing, to learn whether anything can be stored."""


class Post(Recorded[Record | Repeated | NonceReused | Denied], frozen=True):
    """Store a message for someone who waits for it; what connections post comes to a store beside the changes."""


class AddMember(Recorded[Placed], frozen=True):
    """Make an account a member of an open room; its `joined` is stored where it was none.

    It has read up to `read` then, or all that was there.
    """

    read: int | None = None


class EndMember(Recorded[Placed], frozen=True):
    """End an account's membership; its `left` is stored where it was one.

    Where a private room has no owner left, its longest moderator follows, or its longest member.
    """


class HideRoom(Change[int | None], frozen=True):
    """A direct room is none of an account's until the next message after this one; None where it is not one."""

    room: int
    account: int


class Admit(Recorded[Placed | Denied], frozen=True):
    """Make an account a member because somebody says so.

    The record is its `joined`; `by` is the account that says so, 0 for the operator.
    """

    by: int


class Remove(Recorded[Record | Placed | Denied], frozen=True):
    """Take someone out of a room, an account with its bots or a guest, because the author of the record says so."""

    target: int


class Promote(Recorded[Record | Placed | Denied | None], frozen=True):
    """Give a member another role in a room, because the author of the record says so; None where they have it."""

    target: int


class Configure(Recorded[Record | NameTaken | Denied], frozen=True):
    """Change what a room is, as its `configured` says; Denied where its author may not, or no longer.

    `here` tells that they are in it, `operator` that the operator says so, who may. A name that it gets has
    that `skeleton`; NameTaken where another room has it, or one that looks like it. The name it had leads to it then.
    """

    here: bool = True
    operator: bool = False
    skeleton: str = ""


class Amend(Recorded[Record | Repeated | NonceReused | Denied], frozen=True):
    """Edit, delete, react to or pin a message, as the record's event says; Repeated where that is so already.

    `role` is the author's; `within` is how long one may edit, in milliseconds (0: always); `emoji` and `reactions`
    are the most that a message bears; `lot` is as that of an `Undo`; `anyway`: also in a room that was destroyed.
    """

    role: str = "guest"
    within: int = 0
    emoji: int = 20
    reactions: int = 1000
    lot: int = 0
    anyway: bool = False


class MarkRead(Change[int], frozen=True):
    """Move a reader's mark forward, or with `back` back; the outcome is where it stands now."""

    room: int
    reader: int
    seq: int
    back: bool = False


class SetLevel(Change[None], frozen=True):
    """Remember what a reader wants to be notified of in a room, and whether they keep it at hand; None leaves it."""

    room: int
    reader: int
    level: LevelName | None = None
    favourite: bool | None = None
