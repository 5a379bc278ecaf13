"""Whether a message may be edited, deleted, reacted to or pinned. What comes of it is `protocol.folding`."""

from hashlib import sha256
from typing import NamedTuple

from nexus.core.access import Rules, Standing, may_edit, may_hide, may_pin
from nexus.core.changes import Amend, Denied
from nexus.core.log import Reaction, Record
from nexus.protocol import events as e


class Target(NamedTuple):
    """A message as it is now, and which events made it so.

    `edit` is the seq of the edit whose text it has, `pinned` the seq that pinned it; 0 where there is none.
    """

    record: Record
    edit: int = 0
    pinned: int = 0
    reactions: tuple[Reaction, ...] = ()

    @property
    def message(self) -> e.Posted:
        """The message."""
        assert isinstance(self.record.event, e.Posted)
        return self.record.event


def counts(refusal: Denied, event: e.RoomEvent) -> bool:
    """Whether what keeps someone from talking in a room keeps them from this too: their own words they may delete."""
    return refusal.code == "not_joined" or not isinstance(event, e.Deleted)


def decide(amend: Amend, target: Target | None) -> Denied | int | None:
    """Why not; or the seq of the event that has done it already; or None: do it."""
    event = amend.record.event
    if target is None:
        about = getattr(event, "target", 0)
        return Denied("not_found", f"There is no message {about} in this room.")
    if target.message.deleted:
        return Denied("not_found", f"Message {target.message.seq} was deleted.")
    match event:
        case e.Edited():
            return _edit(amend, target)
        case e.Deleted():
            return None  # one's own; of another's is decided by `why_not_hidden`
        case e.Reacted():
            return _react(amend, event, target)
        case e.Unreacted():
            return _unreact(amend, event, target)
        case e.Pinned() | e.Unpinned():
            return _pin(amend, target)
    raise TypeError(f"{type(event).__name__} is not about an earlier message.")


def _edit(amend: Amend, target: Target) -> Denied | None:
    by, author, message = _speaker(amend, target), target.record.author, target.message
    if by != author:
        return Denied("forbidden", f"Message {message.seq} is {_whose(target)}; you can only edit your own.")
    if not may_edit(author, by, amend.record.event.at - message.at, amend.within):
        limit = _duration(amend.within)
        return Denied("forbidden", f"Message {message.seq} is more than {limit} old and can no longer be edited.")
    return None


def is_others(amend: Amend, target: Target) -> bool:
    """Whether a message is somebody else's: to delete it is to hide it, so that it can come back."""
    return _speaker(amend, target) != target.record.author


def is_hidden_by(known: e.RoomEvent, again: e.RoomEvent) -> bool:
    """Whether a deletion is sent again that was stored as the `purged` of an act."""
    return isinstance(known, e.Purged) and isinstance(again, e.Deleted) and again.target in known.targets


def hiding(event: e.RoomEvent, target: Target) -> e.Purged:
    """What a deletion of another's message is to everyone."""
    message = target.message
    return e.Purged(room=event.room, seq=0, at=event.at, by=event.by, name=message.by, targets=[message.seq])


def why_not_hidden(target: Target, standing: Standing, other: Standing, rules: Rules) -> Denied | None:
    """Why someone may not delete the message of another; None where they may."""
    if may_hide(standing, other, rules):
        return None
    whose = f"Message {target.message.seq} is {_whose(target)}"
    if may_hide(standing, Standing("guest"), rules):
        return Denied("forbidden", f"{whose}; you can only delete those of people who stand below you.")
    return Denied("forbidden", f"{whose}; you can only delete your own.")


def _speaker(amend: Amend, target: Target) -> int:
    """Who speaks: as the author of the message, where that is the guest that they were before."""
    record = amend.record
    return record.earlier if record.earlier and target.record.author == record.earlier else record.author


def _whose(target: Target) -> str:
    """Whose message it is; someone who has an account now may have been a guest of the same name then."""
    by = target.message.by
    return f"{by}'s" if target.record.author > 0 else f"the guest {by}'s"


def _react(amend: Amend, event: e.Reacted, target: Target) -> Denied | int | None:
    own, seq = _own_reaction(amend, event.emoji, target), target.message.seq
    if own:
        return own
    if len(target.reactions) >= amend.reactions:
        return Denied("too_many", f"Message {seq} already has {amend.reactions:,} reactions, which is the limit.")
    different = {one.emoji for one in target.reactions}
    if event.emoji not in different and len(different) >= amend.emoji:
        return Denied(
            "too_many", f"Message {seq} already has {amend.emoji} different emoji, which is the limit; use one of them."
        )
    return None


def _unreact(amend: Amend, event: e.Unreacted, target: Target) -> Denied | None:
    if _own_reaction(amend, event.emoji, target):
        return None
    return Denied("not_found", f"You have not reacted to message {target.message.seq} with {event.emoji}.")


def _own_reaction(amend: Amend, emoji: str, target: Target) -> int:
    """The seq of the author's own reaction with that emoji; 0 where there is none."""
    wanted = emoji, amend.record.author
    return next((one.seq for one in target.reactions if (one.emoji, one.author) == wanted), 0)


def _pin(amend: Amend, target: Target) -> Denied | int | None:
    if not may_pin(amend.role):
        return Denied("forbidden", "Only people with an account can pin and unpin messages.")
    if isinstance(amend.record.event, e.Pinned):
        return target.pinned or None
    return None if target.pinned else Denied("not_found", f"Message {target.message.seq} is not pinned.")


def _duration(milliseconds: int) -> str:
    """A time limit in words, never rounded."""
    for size, unit in ((86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1000, "second")):
        count, rest = divmod(milliseconds, size)
        if count and not rest:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return f"{milliseconds / 1000} seconds"


def digest(text: str) -> bytes:
    """Enough of a text that is no longer stored to tell a retry of it from another one."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]
