"""Bots in the store in memory: what they may follows from what their owner is."""

from nexus.core import bots as b
from nexus.core.access import Rules, why_muted
from nexus.core.changes import Denied, Placed
from nexus.core.log import Record
from nexus.core.people import FORMER
from nexus.store.durable import Durable
from nexus.store.undo import Undoing


class Owning(Undoing):
    """Takes from bots what their owner has lost, each so that it can be undone."""

    _d: Durable

    def _note(self, record: Record) -> Record:
        """Append an event that comes of a change."""
        raise NotImplementedError

    def _rules(self, room: int) -> Rules:
        """What a room is."""
        raise NotImplementedError

    def _bots(self, owner: int) -> list[int]:
        """The bots that an account has."""
        return [one.id for one in self._d.accounts.values() if one.owner == owner and one.role != FORMER]

    def _accountable(self, author: int) -> tuple[int, ...]:
        """An author, and whose bot they are: what is done to either is done to them."""
        account = self._d.accounts.get(author)
        return (author, account.owner) if account is not None and account.owner else (author,)

    def _why_muted(self, author: int, now: int) -> str:
        mutes = [self._d.mutes[one][0] for one in self._accountable(author) if one in self._d.mutes]
        return next((why for until in mutes if (why := why_muted(until, now))), "")

    def _role_in(self, room: int, account: int) -> str:
        pair = room, account
        return self._d.places.get(pair, "member") if pair in self._d.members else ""

    def _why_not_here(self, room: int, bot: int, wanted: str) -> Denied | None:
        """Why an account, where it is a bot, is not made that in a room; None where it may be."""
        account = self._d.accounts[bot]
        if not account.owner or (wanted == "member" and self._rules(room).kind == "open"):
            return None
        return b.why_not_in(account.name, self._role_in(room, account.owner), wanted)

    def _follow(self, last: Record, owner: int) -> tuple[Record, ...]:
        """Somebody is less in a room, or out of it: and so are their bots, with an event for each."""
        room, records = last.room, []
        theirs, private = self._role_in(room, owner), self._rules(room).kind != "open"
        for bot in sorted(one for one in self._bots(owner) if (room, one) in self._d.members):
            place, name = self._role_in(room, bot), self._d.accounts[bot].name
            wanted = b.follows(place, theirs, private=private)
            if not wanted:
                self._drop(self._d.members, (room, bot))
                self._drop(self._d.places, (room, bot))
            elif wanted != place:
                self._put(self._d.places, (room, bot), wanted)
            else:
                continue
            records.append(self._note(b.followed(last, bot, name, wanted)))
        return tuple(records)

    def _with_bots(self, record: Record, owner: int) -> Record | Placed:
        """The event of what somebody is from now on, and those of what their bots are then."""
        noted = self._note(record)
        more = self._follow(noted, owner) if owner > 0 else ()
        return Placed("", (noted, *more)) if more else noted
