"""What a client may say: one struct per command, imperative names; `type` tells them apart."""

from typing import Annotated, Literal

from msgspec import Meta

from nexus.protocol.command import (
    Command,
    Emoji,
    Limit,
    Nonce,
    PersonId,
    PersonName,
    Reason,
    Room,
    Secrecy,
    Secret,
    Title,
)
from nexus.protocol.moderation import (
    Acts,
    Ban,
    Bans,
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
    Unmute,
)
from nexus.protocol.types import SAFE, GuestsName, KindName, LevelName, PlaceName, Position, PostingName, Seq

__all__ = [
    "Acts", "Ban", "Bans", "Command", "Emoji", "Limit", "Mute", "Nonce", "Pause", "PersonId", "PersonName",
    "Purge", "Reason", "Report", "Reports", "Restore", "Room", "Secrecy", "Secret", "Settle",
    "Target", "Title", "Unban", "Undo", "Unmute",
]  # fmt: skip


class Hello(Command):
    """Begin or resume a session: a guest's (name), an account's (token, or name and password), or a kept one.

    With `register` the account of that name is made first, by an `invite` where one is needed. A `reset` is the
    one-time code that an operator made for whoever forgot their password: `password` is the new one then.
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
    """Delete a message: one's own, or as an administrator any; its text is gone everywhere."""

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
    limit: Limit = 50


class History(Command):
    """Read a stretch of a room's log: before, after or around a seq, else the newest."""

    room: Room
    before: Seq | None = None
    after: Seq | None = None
    around: Seq | None = None
    limit: Limit = 50


class Search(Command):
    """Find messages by words, "phrases", -WORD, from:NAME, in:ROOM, before:DAY, after:DAY and has:link, newest first.

    `before` is the `next` of the answer before; in one `room` it may be any seq.
    """

    query: Annotated[str, Meta(max_length=4000)]
    room: Room | None = None
    before: Seq | None = None
    limit: Limit = 20


class Typing(Command):
    """Show the others in a room that one is typing."""

    room: Room


class Read(Command):
    """Move the own read mark of a room forward to a seq, or with `back` back to it."""

    room: Room
    seq: Seq
    back: bool = False


class Level(Command):
    """Choose what a room notifies one about."""

    room: Room
    level: LevelName


class Rooms(Command):
    """List the rooms one may enter."""


class Who(Command):
    """List a room's members and who is here."""

    room: Room


class Create(Command):
    """Make a new room: an open one of that name, or a `private` one, which has a title and gets an id for its name."""

    room: Room | None = None
    title: Title | None = None
    kind: KindName = "open"
    topic: str = ""


class Direct(Command):
    """Enter the room between oneself and up to nine others, or none; the same people always get the same room."""

    names: Annotated[list[PersonName], Meta(max_length=20)]


class Configure(Command):
    """Change what a room is: what is not given stays."""

    room: Room
    topic: str | None = None
    title: Title | None = None
    posting: PostingName | None = None
    slow: Annotated[int, Meta(ge=0, le=86_400, description="seconds")] | None = None
    guests: GuestsName | None = None
    archived: bool | None = None


class Add(Command):
    """Bring someone who has an account into a room."""

    room: Room
    name: PersonName | None = None
    person: PersonId | None = None


class Remove(Command):
    """Take someone out of a room."""

    room: Room
    name: PersonName | None = None
    person: PersonId | None = None
    reason: Reason = ""


class Promote(Command):
    """Give a member of a room another role in it: `owner`, `moderator` or `member`.

    Without a `room` it is the role on the server that changes: `owner`, `admin`, `moderator` or `member`.
    """

    role: PlaceName | Literal["admin"]
    room: Room | None = None
    name: PersonName | None = None
    person: PersonId | None = None


class Invite(Command):
    """Make a code by which people come into a `room`, or without one by which they make an account."""

    room: Room | None = None
    uses: Annotated[int, Meta(ge=1, le=10_000)] = 1
    hours: Annotated[int, Meta(ge=1, le=87_600)] = 168


class Invites(Command):
    """List the codes of a room, or the server's, that can be used, and who came in by them."""

    room: Room | None = None


class Uninvite(Command):
    """Take a code back, by the number that `invites` lists."""

    invite: Annotated[int, Meta(ge=1, le=SAFE)]


class Accept(Command):
    """Come into the room that a code leads to; needs an account."""

    code: Secret


class Rename(Command):
    """Take another name."""

    name: PersonName


class Register(Command):
    """Create an account and use it from now on; an invite sets its role."""

    name: PersonName
    password: Secrecy
    invite: Secret | None = None


class Login(Command):
    """Speak as an account from now on."""

    name: PersonName
    password: Secrecy


class Logout(Command):
    """End this session, and this device's login if there is one; or, `everywhere`, all logins of the account."""

    everywhere: bool = False


class Password(Command):
    """Change the own password: every login and session of the account ends but this session, which gets a new token."""

    old: Secrecy
    new: Secrecy


class Erase(Command):
    """Erase one's account: its name, logins and memberships; what it said stays, of a former member, or is deleted."""

    password: Secrecy
    messages: Literal["keep", "remove"] = "keep"


class Logins(Command):
    """List the devices on which one's account is signed in."""


class Revoke(Command):
    """End a login of one's account; its sessions end at once."""

    login: Annotated[str, Meta(max_length=64)]


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
    | Logins
    | Revoke
    | Ping
)
