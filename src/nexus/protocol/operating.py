"""What the operator's commands ask a server through the socket in its data directory; `ask` tells them apart."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from nexus.protocol.command import Reason

Role = Literal["member", "moderator", "admin", "owner"]

Name = Annotated[str, Meta(max_length=4000)]


class Ask(msgspec.Struct, tag_field="ask", tag=str.lower, forbid_unknown_fields=True):
    """Something that only an operator may ask, that is, someone who can open the data directory."""


class Users(Ask):
    """Accounts by name, those after a key."""

    after: str = ""


class User(Ask):
    """An account, with its logins and rooms."""

    name: Name


class ResetUser(Ask):
    """A one-time code by which an account gets another password."""

    name: Name


class SetRole(Ask):
    """Make an account something else."""

    name: Name
    role: Role


class RenameUser(Ask):
    """Give an account another name."""

    name: Name
    to: Name


class EndLogins(Ask):
    """End all logins and sessions of an account."""

    name: Name


class EraseUser(Ask):
    """Remove a person: account, logins and memberships, and with `remove` also what they said."""

    name: Name
    messages: Literal["keep", "remove"] = "keep"


class ExportUser(Ask):
    """What a person said, after a place that an answer named."""

    name: Name
    after: int = 0


class MakeBot(Ask):
    """A bot for an account, or another token for one that it has."""

    name: Name
    owner: Name


class Bots(Ask):
    """All bots by name, those after a key."""

    after: str = ""


class EndBot(Ask):
    """End a bot."""

    name: Name


class BanUser(Ask):
    """Send someone away for some hours, or for good.

    With `address` where they come from too: without `confirm` that is only looked at. `purge` is hours.
    """

    name: Name
    hours: Annotated[int, Meta(ge=1, le=87_600)] | None = None
    reason: Reason = ""
    address: bool = False
    confirm: bool = False
    purge: Annotated[int, Meta(ge=1, le=8760)] | None = None


class UnbanUser(Ask):
    """Let someone in again."""

    name: Name


class MuteUser(Ask):
    """Let someone say nothing for some minutes, or for good."""

    name: Name
    minutes: Annotated[int, Meta(ge=1, le=5_256_000)] | None = None
    reason: Reason = ""


class UnmuteUser(Ask):
    """Let someone talk again."""

    name: Name


class LimitUser(Ask):
    """Let an account find only the rooms that it belongs to."""

    name: Name
    reason: Reason = ""


class UnlimitUser(Ask):
    """Let an account find everything again."""

    name: Name


class Rooms(Ask):
    """All rooms, the most recently active first."""


class Room(Ask):
    """A room, with its members."""

    name: Name


class RenameRoom(Ask):
    """Give an open room another name; the one it had leads to it."""

    name: Name
    to: Name


class ArchiveRoom(Ask):
    """Let nothing more be said in a room, or with `archived` false let it be said again."""

    name: Name
    archived: bool = True


class DeleteRoom(Ask):
    """Take a room away from everyone, or with `undo` bring it back."""

    name: Name
    reason: Name = ""
    undo: bool = False


class ExportRoom(Ask):
    """A stretch of a room's log, after a seq."""

    name: Name
    after: int = 0


class Sessions(Ask):
    """Who is here, and from where."""


class Nodes(Ask):
    """Which nodes share the store, and how each is."""


class Audit(Ask):
    """What was done to accounts, the newest first, before an id."""

    before: int | None = None


class Invite(Ask):
    """A code by which people make an account, or come into a room; for so many hours, or with 0 for good.

    The role is the one on the server, or in the room.
    """

    role: Role = "member"
    uses: Annotated[int, Meta(ge=1, le=10_000)] = 1
    hours: Annotated[float, Meta(ge=0, le=87_600)] = 168
    room: Name = ""
    limited: bool = False


class Invites(Ask):
    """The codes, and who came in by them."""


class EndInvite(Ask):
    """Take an invite back."""

    id: int


class Backup(Ask):
    """Copy the database to a file, or where none is named to one named after the time."""

    to: Name = ""


AnyAsk = (
    Users
    | User
    | ResetUser
    | SetRole
    | RenameUser
    | EndLogins
    | EraseUser
    | ExportUser
    | MakeBot
    | Bots
    | EndBot
    | BanUser
    | UnbanUser
    | MuteUser
    | UnmuteUser
    | LimitUser
    | UnlimitUser
    | Rooms
    | Room
    | RenameRoom
    | ArchiveRoom
    | DeleteRoom
    | ExportRoom
    | Sessions
    | Nodes
    | Audit
    | Invite
    | Invites
    | EndInvite
    | Backup
)
