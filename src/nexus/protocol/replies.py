"""The one reply that each command gets: `done` or `refused`."""

from collections.abc import Sequence

import msgspec

from nexus.protocol.events import RoomEvent
from nexus.protocol.types import (
    ActInfo,
    BanInfo,
    BotInfo,
    IgnoredInfo,
    InviteInfo,
    Limits,
    LoginInfo,
    MemberInfo,
    Millis,
    Preferences,
    Ref,
    ReportInfo,
    RoomInfo,
    Seq,
    Server,
    You,
)


class Done(msgspec.Struct, tag_field="type", tag="done", omit_defaults=True):
    """The command was carried out; ADDS lists the fields that each command adds."""

    ref: Ref
    seq: Seq | None = None
    at: Millis | None = None
    you: You | None = None
    session: str | None = None
    token: str | None = None
    epoch: str | None = None
    server: Server | None = None
    limits: Limits | None = None
    rooms: list[RoomInfo] | None = None
    room: RoomInfo | None = None
    here: list[str] | None = None
    online: int | None = None
    events: list[msgspec.Raw] | None = None
    hits: list[msgspec.Raw] | None = None
    more: bool | None = None
    next: Seq | None = None
    first: Seq | None = None
    members: list[MemberInfo] | None = None
    logins: list[LoginInfo] | None = None
    bots: list[BotInfo] | None = None
    act: int | None = None
    others: int | None = None
    count: int | None = None
    invite: int | None = None
    code: str | None = None
    url: str | None = None
    qr: list[str] | None = None
    invites: list[InviteInfo] | None = None
    reports: list[ReportInfo] | None = None
    bans: list[BanInfo] | None = None
    acts: list[ActInfo] | None = None
    paused: bool | None = None
    ignored: list[IgnoredInfo] | None = None
    preferences: Preferences | None = None
    allowed: bool | None = None
    why: str | None = None


class Page(Done, tag_field="type", tag="done", omit_defaults=True):
    """A `done` with events, as a server writes it; a client reads a Done, whose events may be of later versions."""

    events: Sequence[RoomEvent] | None = None  # type: ignore[assignment]  # the same once it is written
    hits: Sequence[RoomEvent] | None = None  # type: ignore[assignment]


class Refused(msgspec.Struct, tag_field="type", tag="refused", omit_defaults=True):
    """The command was not carried out, and why; `ref` is null where none could be read."""

    ref: Ref | None
    code: str
    message: str
    retry_after: float | None = None


ADDS: dict[str, tuple[str, ...]] = {
    "hello": ("you", "session", "token", "epoch", "server", "limits", "rooms", "ignored", "preferences"),
    "join": ("room", "here", "online"),
    "leave": (),
    "post": ("seq", "at"),
    "edit": ("seq",),
    "delete": ("seq", "act"),
    "react": ("seq",),
    "unreact": ("seq",),
    "pin": ("seq",),
    "unpin": ("seq",),
    "pins": ("events", "more", "next"),
    "replies": ("events", "more"),
    "history": ("events", "more", "first"),
    "search": ("hits", "more", "next"),
    "typing": (),
    "read": (),
    "level": (),
    "rooms": ("rooms",),
    "who": ("members",),
    "create": ("room",),
    "direct": ("room",),
    "configure": ("room",),
    "destroy": ("act",),
    "add": (),
    "remove": (),
    "promote": (),
    "invite": ("invite", "code", "url", "qr"),
    "invites": ("invites",),
    "uninvite": (),
    "accept": ("room",),
    "mute": ("act",),
    "unmute": ("act",),
    "ban": ("act", "others", "count"),
    "purge": ("act", "count"),
    "restore": ("act",),
    "report": (),
    "reports": ("reports",),
    "settle": (),
    "limit": ("act",),
    "unlimit": ("act",),
    "unban": ("act",),
    "bans": ("bans",),
    "pause": ("act", "count"),
    "acts": ("acts", "more", "paused"),
    "undo": ("act",),
    "rename": ("you",),
    "register": ("you", "token", "rooms", "ignored", "preferences"),
    "login": ("you", "token", "rooms", "ignored", "preferences"),
    "logout": (),
    "password": ("you", "token"),
    "erase": (),
    "ignore": (),
    "unignore": (),
    "ignored": ("ignored",),
    "prefer": ("preferences",),
    "why": ("allowed", "why"),
    "logins": ("logins",),
    "revoke": (),
    "bot": ("token",),
    "bots": ("bots",),
    "unbot": (),
    "ping": (),
}
"""What `done` adds for each command."""
