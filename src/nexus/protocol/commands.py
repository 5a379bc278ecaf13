"""What a client may say: one struct per command, imperative names; `type` tells them apart."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from nexus.protocol.types import SAFE, GuestsName, KindName, LevelName, PlaceName, Position, PostingName, Ref, Seq

Room = Annotated[str, Meta(max_length=1000, description="a room's name")]
PersonName = Annotated[str, Meta(max_length=4000, description="a person's name")]
Secrecy = Annotated[str, Meta(max_length=1000, description="a password")]
Secret = Annotated[str, Meta(max_length=200, description="a secret the server gave out")]
Nonce = Annotated[str, Meta(max_length=64)]
Title = Annotated[str, Meta(max_length=1000, description="what a room is called, for people")]
PersonId = Annotated[str, Meta(max_length=64, description="someone's id")]
Reason = Annotated[str, Meta(max_length=2000)]
Emoji = Annotated[str, Meta(max_length=64, description="one emoji")]
Limit = Annotated[int, Meta(ge=1, le=200, description="how many events at most")]


class Command(msgspec.Struct, tag_field="type", tag=str.lower, kw_only=True):
    """What every command carries: the client's own `ref`, returned by its one reply."""

    ref: Ref


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


class Target(Command):
    """Somebody else: by name, by the id that `who` lists, or by a message of theirs."""

    name: PersonName | None = None
    person: PersonId | None = None
    room: Room | None = None
    seq: Seq | None = None


class Mute(Target):
    """Let someone say nothing, in any room, for some minutes or for good; for moderators of the server."""

    minutes: Annotated[int, Meta(ge=1, le=5_256_000)] | None = None
    reason: Reason = ""


class Unmute(Target):
    """Let someone talk again."""


class Ban(Target):
    """Send someone away for some hours or for good: their sessions and logins end.

    With `address` no guest comes in from where they are, and nobody registers there; without `confirm` that is only
    looked at: `others` says how many guests are there beside them.
    """

    hours: Annotated[int, Meta(ge=1, le=87_600)] | None = None
    address: bool = False
    confirm: bool = False
    reason: Reason = ""


class Unban(Command):
    """Let someone in again, by the number that `bans` lists."""

    ban: Annotated[int, Meta(ge=1, le=SAFE)]


class Bans(Command):
    """List who may not come in."""


class Acts(Command):
    """List what moderators did to whom, the newest first, before an act; it is never changed."""

    before: Annotated[int, Meta(ge=1, le=SAFE)] | None = None
    limit: Limit = 50


class Undo(Command):
    """Take an act back, where nothing about it has changed since."""

    act: Annotated[int, Meta(ge=1, le=SAFE)]


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
    | Mute
    | Unmute
    | Ban
    | Unban
    | Bans
    | Acts
    | Undo
    | Rename
    | Register
    | Login
    | Logout
    | Password
    | Logins
    | Revoke
    | Ping
)
