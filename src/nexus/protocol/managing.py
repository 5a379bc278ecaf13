"""Commands about what a room is, who belongs to it, and who may come in."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from nexus.protocol.command import Command, PersonId, PersonName, Reason, Room, Secret, Title
from nexus.protocol.types import SAFE, GuestsName, KindName, PlaceName, PostingName

Address = Annotated[str, Meta(max_length=200, pattern="^https?://", description="an address of the web")]


class Create(Command):
    """Make a new room: an open one of that name, or a `private` one, which has a title and gets an id for its name.

    A private one can be made out of a direct one, `from`: for the same people, and with `history` with a copy of what
    was said there.
    """

    room: Room | None = None
    title: Title | None = None
    kind: KindName = "open"
    topic: str = ""
    from_: Room | None = msgspec.field(name="from", default=None)
    history: bool = False


class Direct(Command):
    """Enter the room between oneself and up to nine others, or none; the same people always get the same room."""

    names: Annotated[list[PersonName], Meta(max_length=20)]


class Configure(Command):
    """Change what a room is: what is not given stays.

    An open room gets another `name`; the one it had leads to it until another room takes it. With the `kind` `open` a
    private room becomes one for everyone, under a `name`: all of its history then is, so `confirm` has to be true.
    """

    room: Room
    name: Room | None = None
    kind: KindName | None = None
    confirm: bool = False
    topic: str | None = None
    title: Title | None = None
    posting: PostingName | None = None
    slow: Annotated[int, Meta(ge=0, le=86_400, description="seconds")] | None = None
    guests: GuestsName | None = None
    archived: bool | None = None
    keep: Annotated[int, Meta(ge=-1, le=36_500, description="days, 0 for ever, -1 as the server")] | None = None


class Destroy(Command):
    """Delete a room for everyone, which its owners do; without `confirm` it is only said what that takes away."""

    room: Room
    confirm: bool = False
    reason: Reason = ""


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
    """Make a code by which people come into a `room`, or without one by which they make an account.

    They get the `role` there, in the room or on the server. An account that is made with a `limited` one finds nothing
    but the rooms that it is brought into. `page` is the address that the client has the page from: with it `done` has
    the whole link as a `qr` code, rows of 0 (light) and 1 (dark).
    """

    room: Room | None = None
    uses: Annotated[int, Meta(ge=1, le=10_000)] = 1
    hours: Annotated[int, Meta(ge=1, le=87_600)] = 168
    role: PlaceName | Literal["admin"] = "member"
    limited: bool = False
    page: Address | None = None


class Invites(Command):
    """List the codes of a room, or the server's, that can be used, and who came in by them."""

    room: Room | None = None


class Uninvite(Command):
    """Take a code back, by the number that `invites` lists."""

    invite: Annotated[int, Meta(ge=1, le=SAFE)]


class Accept(Command):
    """Come into the room that a code leads to; needs an account."""

    code: Secret
