"""What may be done to a message that was posted, and what becomes of it: `decide`, then `fold`."""

from hashlib import sha256

from msgspec.structs import replace

from nexus.core.access import may_delete, may_edit, may_pin
from nexus.core.entries import Amend, Amended, Denied, Event, Kind, Reaction

UNTOUCHED = Amended(0)
"""Of a message to which nothing was done yet."""


def decide(amend: Amend, target: Event | None) -> Denied | int | None:
    """Why not; or the seq of the event that has done it already; or None: do it."""
    draft = amend.draft
    if target is None or target.kind != Kind.POSTED:
        return Denied("not_found", f"There is no message {draft.target} in this room.")
    amended = target.amended or UNTOUCHED
    if amended.deleted:
        return Denied("not_found", f"Message {target.seq} was deleted.")
    match draft.kind:
        case Kind.EDITED:
            return _edit(amend, target)
        case Kind.DELETED:
            if not may_delete(target.author, draft.author, amend.role):
                return Denied("forbidden", f"Message {target.seq} is {_whose(target)}; you may delete your own.")
        case Kind.REACTED:
            return _react(amend, target.seq, amended)
        case Kind.UNREACTED:
            if not _reacted(amend, amended):
                return Denied("not_found", f"You have no {draft.text} at message {target.seq}.")
        case Kind.PINNED | Kind.UNPINNED:
            return _pin(amend, target.seq, amended)
    return None


def _edit(amend: Amend, target: Event) -> Denied | None:
    if target.author != amend.draft.author:
        return Denied("forbidden", f"Message {target.seq} is {_whose(target)}; you may edit your own.")
    if not may_edit(target.author, amend.draft.author, amend.draft.at - target.at, amend.within):
        limit = _duration(amend.within)
        return Denied("forbidden", f"Message {target.seq} is older than {limit}; it could be edited so long.")
    return None


def _whose(target: Event) -> str:
    """Whose message it is; who has an account now may have been a guest of the same name then."""
    return f"{target.by}'s" if target.author > 0 else f"that of the guest {target.by}"


def _react(amend: Amend, seq: int, amended: Amended) -> Denied | int | None:
    own = _reacted(amend, amended)
    if own:
        return own
    if len(amended.reactions) >= amend.reactions:
        return Denied("too_many", f"Message {seq} has {amend.reactions:,} reactions, which is the limit.")
    different = {one.emoji for one in amended.reactions}
    if amend.draft.text not in different and len(different) >= amend.emoji:
        return Denied(
            "too_many", f"Message {seq} has {amend.emoji} different emoji, which is the limit; use one of them."
        )
    return None


def _reacted(amend: Amend, amended: Amended) -> int:
    """The seq of the author's own reaction with that emoji; 0 where there is none."""
    wanted = amend.draft.text, amend.draft.author
    return next((one.seq for one in amended.reactions if (one.emoji, one.author) == wanted), 0)


def _pin(amend: Amend, seq: int, amended: Amended) -> Denied | int | None:
    if not may_pin(amend.role):
        return Denied("forbidden", "Only who has an account may pin messages, or take a pin off.")
    if amend.draft.kind == Kind.PINNED:
        return amended.pinned or None
    return None if amended.pinned else Denied("not_found", f"Message {seq} is not pinned.")


def _duration(milliseconds: int) -> str:
    """A time limit in words, never rounded."""
    for size, unit in ((86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1000, "second")):
        count, rest = divmod(milliseconds, size)
        if count and not rest:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return f"{milliseconds / 1000} seconds"


def fold(target: Event, event: Event) -> Event:
    """The message after an event that is about it."""
    before, at = target.amended or UNTOUCHED, event.seq
    match event.kind:
        case Kind.EDITED:
            return replace(target, text=event.text, amended=replace(before, changed=at, edit=at, edited=event.at))
        case Kind.DELETED:
            return replace(target, text="", amended=Amended(at, deleted=True))
        case Kind.REACTED:
            reactions = (*before.reactions, Reaction(at, event.text, event.author, event.by))
        case Kind.UNREACTED:
            mine = event.text, event.author
            reactions = tuple(one for one in before.reactions if (one.emoji, one.author) != mine)
        case _:
            pinned = at if event.kind == Kind.PINNED else 0
            return replace(target, amended=replace(before, changed=at, pinned=pinned))
    return replace(target, amended=replace(before, changed=at, reactions=reactions))


def digest(text: str) -> bytes:
    """Enough of a text that is no longer kept to tell a retry of it from another one."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]
