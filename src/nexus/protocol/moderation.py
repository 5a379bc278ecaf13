"""What those who moderate the server may say; one struct per command."""

from typing import Annotated

from msgspec import Meta

from nexus.protocol.command import Command, PageLimit, PersonId, PersonName, Reason, Room
from nexus.protocol.types import SAFE, Millis, Seq


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
    looked at: `others` says how many guests are there beside them. With `purge` what they said in the last so many
    hours is hidden, with `address` also what guests said who came from there; all of it is one act.
    """

    hours: Annotated[int, Meta(ge=1, le=87_600)] | None = None
    address: bool = False
    confirm: bool = False
    purge: Annotated[int, Meta(ge=1, le=8760, description="hours")] | None = None
    reason: Reason = ""


class Purge(Target, kw_only=True):
    """Hide what someone said since a time, in the `room` or `everywhere` that one may; it can be taken back."""

    since: Millis
    everywhere: bool = False
    reason: Reason = ""


class Report(Command):
    """Tell the moderators of the server about a message; a copy of it, and of five around it, is kept for them."""

    room: Room
    seq: Seq
    reason: Reason = ""


class Reports(Command):
    """List what was reported and nobody has settled, the oldest first."""


class Settle(Command):
    """Be done with a report, and say what came of it."""

    report: Annotated[int, Meta(ge=1, le=SAFE)]
    outcome: Reason = ""


class Restore(Command):
    """Let messages that an act has hidden stand where they stood."""

    act: Annotated[int, Meta(ge=1, le=SAFE)]


class Limit(Target):
    """Let an account find nothing but the rooms that it belongs to, and the people in them; for administrators."""

    reason: Reason = ""


class Unlimit(Target):
    """Let an account find again what everyone finds."""


class Unban(Command):
    """Let someone in again, by the number that `bans` lists."""

    ban: Annotated[int, Meta(ge=1, le=SAFE)]


class Bans(Command):
    """List who is banned."""


class Pause(Command):
    """Let nobody new in, and let guests only read; or, with `on` false, no longer. For moderators of the server.

    With `purge` what guests said in the last so many hours is hidden; all of it is one act.
    """

    on: bool = True
    purge: Annotated[int, Meta(ge=1, le=8760)] | None = None
    reason: Reason = ""


class Acts(Command):
    """List what moderators did to whom, the newest first, before an act; it is never changed."""

    before: Annotated[int, Meta(ge=1, le=SAFE)] | None = None
    limit: PageLimit = 50


class Undo(Command):
    """Take an act back, where nothing about it has changed since."""

    act: Annotated[int, Meta(ge=1, le=SAFE)]
