"""What a client may say: one struct per command, imperative names; `type` tells them apart."""

from typing import Annotated

from msgspec import Meta

from nexus.protocol.command import Command, Emoji, Nonce, PageLimit, PersonName, Room, Secrecy, Secret
from nexus.protocol.managing import (
    Accept,
    Add,
    Configure,
    Create,
    Destroy,
    Direct,
    Invite,
    Invites,
    Promote,
    Remove,
    Uninvite,
)
from nexus.protocol.moderation import (
    Acts,
    Ban,
    Bans,
    Limit,
    Mute,
    Pause,
    Purge,
    Report,
    Reports,
    Restore,
    Settle,
    Target,
    Unban,
    Undo,
    Unlimit,
    Unmute,
)
from nexus.protocol.oneself import (
    Bot,
    Bots,
    Erase,
    Ignore,
    Ignored,
    Login,
    Logins,
    Logout,
    Password,
    Prefer,
    Register,
    Rename,
    Revoke,
    Unbot,
    Unignore,
    Why,
)
from nexus.protocol.types import LevelName, Position, Seq

__all__ = [
    "Accept",
    "Acts",
    "Add",
    "Ban",
    "Bans",
    "Bot",
    "Bots",
    "Command",
    "Configure",
    "Create",
    "Destroy",
    "Direct",
    "Erase",
    "Ignore",
    "Ignored",
    "Invite",
    "Invites",
    "Limit",
    "Login",
    "Logins",
    "Logout",
    "Mute",
    "Password",
    "Pause",
    "Prefer",
    "Promote",
    "Purge",
    "Register",
    "Remove",
    "Rename",
    "Report",
    "Reports",
    "Restore",
    "Revoke",
    "Settle",
    "Target",
    "Unban",
    "Unbot",
    "Undo",
    "Unignore",
    "Uninvite",
    "Unlimit",
    "Unmute",
    "Why",
]


class Hello(Command):
    """Begin or resume a session: a guest's (name), an account's (token, or name and password), or a kept one.

    With `register` the account of that name is made first, by an `invite` where one is needed. A `reset` is the
    one-time code that an operator made for someone who forgot their password: `password` is the new one then.
    """

    name: PersonName | None = None
    token: Secret | None = None
    password: Secrecy | None = None
    session: Secret | None = None
    epoch: Annotated[str, Meta(max_length=64)] | None = None
    resume: Annotated[dict[Room, Position], Meta(max_length=1000)] | None = None
    client: Annotated[str, Meta(max_length=200)] = ""
    kept: bool = False
    register: bool = False
    invite: Secret | None = None
    reset: Secret | None = None


class Join(Command):
    """Enter a room: after the last event one has, or with the last few messages."""

    room: Room
    after: Position | None = None
    last: Annotated[int, Meta(ge=0, le=200)] | None = None


class Leave(Command):
    """Leave a room; an account's membership ends with it."""

    room: Room


class Post(Command):
    """Post a message; the same `nonce` again returns the first `seq` and stores nothing."""

    room: Room
    text: str
    nonce: Nonce | None = None
    reply_to: Seq | None = None


class Edit(Command):
    """Edit one's own message."""

    room: Room
    seq: Seq
    text: str
    nonce: Nonce | None = None


class Delete(Command):
    """Delete a message: one's own, its text is gone everywhere; or another's, as a moderator, by an act."""

    room: Room
    seq: Seq
    nonce: Nonce | None = None


class React(Command):
    """Add an emoji to a message, once per person and emoji."""

    room: Room
    seq: Seq
    emoji: Emoji
    nonce: Nonce | None = None


class Unreact(Command):
    """Remove one's own emoji from a message."""

    room: Room
    seq: Seq
    emoji: Emoji
    nonce: Nonce | None = None


class Pin(Command):
    """Pin a message in its room; needs an account."""

    room: Room
    seq: Seq
    nonce: Nonce | None = None


class Unpin(Command):
    """Unpin a message."""

    room: Room
    seq: Seq
    nonce: Nonce | None = None


class Pins(Command):
    """List the messages that are pinned in a room, the one pinned last first; 200 at most.

    `before` is the `next` of the answer before.
    """

    room: Room
    before: Seq | None = None


class Replies(Command):
    """Read the replies to a message, those before a seq or else the newest, in order; deleted ones are left out."""

    room: Room
    seq: Seq
    before: Seq | None = None
    limit: PageLimit = 50


class History(Command):
    """Read a stretch of a room's log: before, after or around a seq, else the newest."""

    room: Room
    before: Seq | None = None
    after: Seq | None = None
    around: Seq | None = None
    limit: PageLimit = 50


class Search(Command):
    """Find messages by words, "phrases", -WORD, from:NAME, in:ROOM, before:DAY, after:DAY and has:link, newest first.

    `before` is the `next` of the answer before, which says nothing else; in one `room` it may be any seq.
    """

    query: Annotated[str, Meta(max_length=4000)]
    room: Room | None = None
    before: Seq | None = None
    limit: PageLimit = 20


class Typing(Command):
    """Show the others in a room that one is typing."""

    room: Room


class Read(Command):
    """Move the own read mark of a room forward to a seq, or with `back` back to it."""

    room: Room
    seq: Seq
    back: bool = False


class Level(Command):
    """Choose what a room notifies one about, and whether it is a favourite; what is not given stays."""

    room: Room
    level: LevelName | None = None
    favourite: bool | None = None


class Rooms(Command):
    """List the rooms one may enter."""


class Who(Command):
    """List a room's members and who is here."""

    room: Room


class Ping(Command):
    """Ask for a `done`, to measure the round trip or as a barrier."""


AnyCommand = (
    Hello
    | Join
    | Leave
    | Post
    | Edit
    | Delete
    | React
    | Unreact
    | Pin
    | Unpin
    | Pins
    | Replies
    | History
    | Search
    | Typing
    | Read
    | Level
    | Rooms
    | Who
    | Create
    | Direct
    | Configure
    | Destroy
    | Add
    | Remove
    | Promote
    | Invite
    | Invites
    | Uninvite
    | Accept
    | Mute
    | Unmute
    | Ban
    | Limit
    | Unlimit
    | Purge
    | Restore
    | Report
    | Reports
    | Settle
    | Unban
    | Bans
    | Pause
    | Acts
    | Undo
    | Rename
    | Register
    | Login
    | Logout
    | Password
    | Erase
    | Ignore
    | Unignore
    | Ignored
    | Prefer
    | Why
    | Logins
    | Revoke
    | Bot
    | Bots
    | Unbot
    | Ping
)
