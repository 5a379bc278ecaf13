"""What moderators do to people: changes of the journal, each noted as an act that can be undone."""

from typing import Any

from nexus.core.access import BOT, Standing, may_give, may_limit, may_moderate
from nexus.core.changes import Change, Denied

BELOW = Denied("forbidden", "You can only do that to people who stand below you.")
ABOVE = Denied("forbidden", "You can only do that to people who stand below you on this server.")
HAS_ROLE = Denied("forbidden", "Only members can have a limited account; make them a member first.")
IS_LIMITED = Denied("forbidden", "They have a limited account, which cannot have a role; lift the limit first.")
IS_BOT = Denied("forbidden", "A bot has no role on the server, and what its owner has; make it a moderator of rooms.")
LIMITED_ALREADY = Denied("bad_request", "They already have a limited account.")
NOT_LIMITED = Denied("bad_request", "They do not have a limited account.")
NO_ACT = Denied("not_found", "There is no such act.")
UNDONE = Denied("forbidden", "That was already undone.")
TOO_LATE = Denied("forbidden", "That is too long ago to be undone.")
IS_PAUSED = Denied("bad_request", "The server is already paused.")
NOT_PAUSED = Denied("bad_request", "The server is not paused.")
BUSY = Denied("unavailable", "That is still under way; undo it in a moment.")
CHANGED = Denied("forbidden", "That has changed since, so it cannot be undone; look at how it is now.")


PRIVATE = 1 << 52
"""Acts in rooms that are not open have numbers from here on, by their time: they tell nobody how many there were."""

LOTS = 1024
"""How many such numbers there are for a moment."""


def private_number(at: int, lot: int) -> int:
    """The number of an act in a room that is not open; the next one where it is taken."""
    return PRIVATE + at % (PRIVATE // LOTS) * LOTS + lot % LOTS


class Moderation(Change[int | Denied], frozen=True):
    """Something that an account does to an author; what comes of it is the number of the act."""

    by: int
    at: int
    target: int = 0
    name: str = ""
    reason: str = ""


class Mute(Moderation, frozen=True):
    """Let someone say nothing until a time, or for good (0)."""

    until: int = 0


class Unmute(Moderation, frozen=True):
    """Let someone talk again; or as the earlier mute of that `act` does, until its end, which this brings back."""

    act: int = 0
    until: int = 0


class Ban(Moderation, frozen=True):
    """Let someone in no more until a time, or for good (0): their logins and sessions end.

    With an `address` no guest comes in from there either. Where `since` is told, hiding begins with it: of what they
    said since then, and of what guests said who came from that address.
    """

    until: int = 0
    address: str = ""
    since: int = 0


class Unban(Moderation, frozen=True):
    """End a ban."""

    ban: int = 0


class GiveRole(Moderation, frozen=True):
    """Make an account something else on the server."""

    role: str = "member"


class Limit(Moderation, frozen=True):
    """Let an account find nothing but the rooms that it belongs to."""


class Unlimit(Moderation, frozen=True):
    """Let an account find what everyone can find."""


class Pause(Moderation, frozen=True):
    """Let nobody new in, and let guests only read; with `since` hiding begins of what they said since then."""

    since: int = 0


class Unpause(Moderation, frozen=True):
    """Let people in, and guests talk, as before."""


class Purge(Moderation, frozen=True):
    """Begin to hide what someone said since a time, in a room or in all (0)."""

    room: int = 0
    since: int = 0


class Restore(Moderation, frozen=True):
    """Begin to let stand again what a purge has hidden, or with a `room` the deletion of a message in it."""

    purge: int = 0
    room: int = 0
    lot: int | None = None


class Undo(Moderation, frozen=True):
    """Take an act back that is not older than `within` milliseconds; `lot` is as that of an act in a room."""

    act: int = 0
    within: int = 0
    lot: int = 0


VERBS: dict[type[Moderation], str] = {
    Mute: "mute",
    Unmute: "unmute",
    Ban: "ban",
    Unban: "unban",
    GiveRole: "role",
    Limit: "limit",
    Unlimit: "unlimit",
    Pause: "pause",
    Unpause: "unpause",
    Purge: "purge",
    Restore: "restore",
    Undo: "undo",
}


def why_not(change: Moderation, role: str, other: str) -> Denied | None:
    """Why someone of a role may not do that to someone of another; None where they may."""
    if isinstance(change, GiveRole):
        allowed = may_give(role, other, change.role, oneself=change.by == change.target)
    elif isinstance(change, Limit | Unlimit):
        allowed = may_limit(role, other)
    else:
        allowed = may_moderate(role, other if change.target else "guest")  # what is about nobody in particular
    return None if allowed else ABOVE


def detail_of(change: Moderation, before: str) -> str:
    """What is said of an act: its reason, else what was so before, but for which mute another one took the place of."""
    return change.reason or ("" if isinstance(change, Mute) else before)


def take_back_mute(before: str, common: tuple[int, int, int, str, str]) -> Unmute:
    """What takes a mute back that took the place of another one, if any: `before` has its act and its end."""
    act, until = map(int, before.split()) if before else (0, -1)
    lasts = until == 0 or until > common[1]
    return Unmute(*common, act, until) if lasts else Unmute(*common)


def why_not_changed(change: GiveRole | Limit | Unlimit, now: Standing) -> Denied | None:
    """Why an account is not made that, as what it is now; None where it can be."""
    if now.role == BOT:
        return IS_BOT
    match change:
        case GiveRole():
            return IS_LIMITED if now.limited and change.role != "member" else None
        case Unlimit():
            return None if now.limited else NOT_LIMITED
        case Limit():
            return LIMITED_ALREADY if now.limited else HAS_ROLE if now.role != "member" else None


def why_not_undone(now: int, at: int, within: int, *, undone: bool) -> Denied | None:
    """Why an act of a time is not taken back, within so many milliseconds (0: always); None where it may be."""
    if undone:
        return UNDONE
    return TOO_LATE if within and now - at > within else None


def until_of(change: Any) -> int:
    """Until when it holds, where it does."""
    return getattr(change, "until", 0)


class ForgetAddresses(Change[int], frozen=True):
    """Forget the addresses of guests who came before a time and are gone, so many at most; returns how many."""

    before: int
    most: int
