"""What nodes have to look at again after a change was stored: one line for each kind of change."""

from collections.abc import Iterable
from typing import Any

from nexus.core import changes as c
from nexus.core.announcing import Look
from nexus.core.bots import MakeBot
from nexus.core.copying import BeginCopy, FinishCopy
from nexus.core.destroying import Destroy, Revive
from nexus.core.erasing import Erase
from nexus.core.expiring import Expire, Gone
from nexus.core.inviting import Accept, Accepted
from nexus.core.moderating import Moderation, Mute, Unmute
from nexus.core.people import RoomRow
from nexus.core.person import account_of
from nexus.core.protecting import Ignore, Prefer, Unignore

ALL = Look("all")
"""More is different than is known."""

PASSING = frozenset({"mark"})
"""What is only told: it comes so often that it is much to keep, and the next one mends what was lost."""


def looks_of(change: c.Change[Any], outcome: Any) -> tuple[Look, ...]:
    """What to look at again after a change that came to an outcome."""
    if outcome is False or isinstance(outcome, c.Denied | c.NameTaken | c.Failed):
        return ()
    if isinstance(change, c.Acted):
        return looks_of(change.change, outcome)
    return _of_people(change, outcome) or _of_rooms(change, outcome)


def lasting(looks: Iterable[Look]) -> list[Look]:
    """Those that a store keeps for nodes that were not told."""
    return [look for look in looks if look.what not in PASSING]


def _of_people(change: c.Change[Any], outcome: Any) -> tuple[Look, ...]:
    match change:
        case Moderation():
            return (*((Look("muted", change.target),) if _mutes(change) else ()), *_whom(change))
        case c.OpenSession():
            return (Look("session", change.id),) if change.again else ()
        case c.RetireSession() | c.RenameGuest():
            return (Look("session", change.session),)
        case c.AddLogin():
            return (Look("account", change.account),) if outcome is not None and outcome.ended else ()
        case c.UseReset():
            return (Look("account", outcome.id),) if outcome is not None else ()
        case MakeBot():
            return (Look("account", outcome.account.id),)
        case Ignore() | Unignore():
            return (Look("ignored", change.reader),)
        case Prefer():
            return (Look("ignored", change.account),)
    if isinstance(change, c.RenameAccount | c.SetRole | c.EndLogin | c.EndLogins | c.ChangePassword | Erase):
        return (Look("account", change.account),)
    return ()


def _mutes(change: Moderation) -> bool:
    return isinstance(change, Mute | Unmute) or type(change).__name__ == "Undo"


def _whom(change: Moderation) -> tuple[Look, ...]:
    """The person an act of a moderator is about; and who may come in at all."""
    if change.target > 0:
        return Look("sanctions"), Look("account", change.target)
    if change.target < 0:
        return Look("sanctions"), Look("session", -change.target)
    return (Look("sanctions"),)


def _bots(outcome: Any) -> tuple[Look, ...]:
    """Who else is something else in a room, or out of it, because somebody is."""
    records = outcome.records[1:] if isinstance(outcome, c.Placed) else ()
    people = [(one.room, account_of(getattr(one.event, "person", ""))) for one in records]
    return tuple(Look("place", room, account) for room, account in people if account is not None)


def _of_rooms(change: c.Change[Any], outcome: Any) -> tuple[Look, ...]:
    match change:
        case c.AddMember() | c.EndMember() | c.Admit():
            return (Look("place", change.record.room, change.record.author), *_bots(outcome))
        case c.Remove() | c.Promote():
            return (Look("place", change.record.room, change.target), *_bots(outcome))
        case c.HideRoom():
            return (Look("hidden", change.room), Look("place", change.room, change.account))
        case c.MakeDirect() if isinstance(outcome, RoomRow):
            return tuple(Look("place", outcome.id, account) for account in change.people)
        case c.DropRooms():
            return tuple(Look("dropped", room) for room in outcome)
        case Accept() if isinstance(outcome, Accepted):
            return (Look("place", outcome.room, change.account),)
        case c.MarkRead() | c.SetLevel():
            return (Look("mark", change.room, change.reader),)
        case Expire() if isinstance(outcome, Gone):
            return (Look("expired", outcome.room, outcome.first),)
        case Destroy() | Revive():
            return (Look("room", change.record.room),)
        case FinishCopy():
            return (Look("room", change.room),)
        case BeginCopy() if isinstance(outcome, RoomRow):
            return (Look("room", outcome.id),)
    return ()
