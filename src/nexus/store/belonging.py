"""How the store in memory changes rooms, who belongs to them, and as what."""

from typing import Any

from msgspec.structs import replace

from nexus.core import access
from nexus.core import changes as c
from nexus.core.access import MOST_FORMER, OPEN, Rules, Standing
from nexus.core.destroying import HELD, NO_ROOM
from nexus.core.limiting import NO_ROOMS, cannot_be_reached, no_account
from nexus.core.log import Record
from nexus.core.people import Mark, RoomRow
from nexus.core.person import person_of
from nexus.core.protecting import Reach, why_apart
from nexus.core.room import changed_rules
from nexus.protocol import events as e
from nexus.store.bots import Owning
from nexus.store.durable import Durable

OF_A_ROOM = (c.AddMember, c.EndMember, c.Admit, c.Remove, c.Promote, c.Configure)
"""What changes a room, which has to be there."""

NOT_IN_IT = c.Denied("not_joined", "You are not in that room any more.")


class Belonging(Owning):
    """Changes to rooms and memberships, each so that it can be undone."""

    def __init__(self, durable: Durable) -> None:
        super().__init__()
        self._d = durable

    def _about_rooms(self, change: c.Change[Any]) -> Any:
        """One line per kind of change; NotImplemented where it is about something else."""
        if isinstance(change, OF_A_ROOM) and change.record.room not in self._d.rooms:
            return c.Placed("") if isinstance(change, c.AddMember | c.EndMember) else NO_ROOM
        match change:
            case c.MakeRoom():
                return self._make_room(change)
            case c.MakeDirect():
                return self._make_direct(change)
            case c.DropRooms():
                return self._drop_rooms(change)
            case c.AddMember():
                return self._add_member(change)
            case c.EndMember():
                return self._end_member(change.record)
            case c.HideRoom():
                return self._hide(change)
            case c.Admit():
                return self._admit(change)
            case c.Remove():
                return self._remove(change)
            case c.Promote():
                return self._promote(change)
            case c.Configure():
                return self._configure(change)
        return NotImplemented

    # --- rights ------------------------------------------------------------------------------------

    def _rules(self, room: int) -> Rules:
        row = self._d.rooms.get(room)
        return OPEN if row is None else row.rules

    def _standing(self, room: int, author: int) -> Standing:
        account = self._d.accounts.get(author)
        place = self._role_in(room, author)
        if account is None:
            return Standing("member" if author > 0 else "guest", place)
        return Standing(account.role, place, account.limited)

    def _finds(self, account: int, other: int) -> bool:
        """Whether another account is there for one, which is so for everyone whose account is not limited."""
        return not self._standing(0, account).limited or self._d.meet(account, other)

    def _refusal(self, record: Record) -> c.Denied | None:
        """Why someone may not say anything in a room; None where they may."""
        room, author, now = record.room, record.author, record.event.at
        if room not in self._d.rooms:
            return NOT_IN_IT
        rules, standing = self._rules(room), self._standing(room, author)
        outside = not standing.place if author > 0 else (room, author) in self._d.removed
        if outside or not access.may_find(standing, rules):
            return NOT_IN_IT
        if rules.kind == "direct" and (apart := self._why_apart_in(room, author)):
            return apart
        why = access.why_silent(standing, rules) or self._why_muted(author, now)
        if author <= 0 and self._d.pause:
            why = why or access.PAUSED
        if why:
            return c.Denied("forbidden", why)
        return c.BANNED if self._is_banned(author, now) else None

    def _is_banned(self, author: int, now: int) -> bool:
        """Whether somebody may not come in, as an author, or as the bot of one."""
        bans = [ban.until for ban in self._d.bans.values() if ban.author in self._accountable(author)]
        return any(until == 0 or until > now for until in bans)

    def _why_apart_in(self, room: int, author: int) -> c.Denied | None:
        """Why someone may not write to the other in a room of two; None where they may, and in every other room."""
        people = next((people for people, id in self._d.directs.items() if id == room), ())
        others = [one for one in people if one != author]
        return self._apart(author, others[0]) if len(others) == 1 else None

    def _why_not_between(self, me: int, other: int, name: str) -> c.Denied | None:
        """Why someone does not reach another; who is called as they are, or as the asker says."""
        if not self._finds(me, other):
            return cannot_be_reached(name or self._d.accounts[other].name)
        return self._apart(me, other, name)

    def _apart(self, author: int, other: int, name: str = "") -> c.Denied | None:
        mine, theirs = (self._reach_of(*pair) for pair in ((author, other), (other, author)))
        return why_apart(mine, theirs, name or self._d.accounts[other].name)

    def _reach_of(self, who: int, other: int) -> Reach:
        return Reach(self._d.preferred.get(who, "everyone"), (who, other) in self._d.ignored)

    # --- rooms -------------------------------------------------------------------------------------

    def _room(self, id: int) -> RoomRow:
        row = self._d.rooms.get(id)
        if row is None and id in self._d.destroyed:
            return self._d.destroyed[id].row
        if row is None:
            raise LookupError(f"There is no room {id}.")
        return row

    def _named(self, key: str, skeleton: str) -> RoomRow | None:
        id = self._d.rooms_by_key.get(key, self._d.rooms_by_skeleton.get(skeleton))
        return None if id is None else self._d.rooms.get(id)

    def _put_room(self, row: RoomRow) -> None:
        """Write a room's row, where it is."""
        if row.id in self._d.destroyed:
            self._put(self._d.destroyed, row.id, self._d.destroyed[row.id]._replace(row=row))
        else:
            self._put(self._d.rooms, row.id, row)

    def _is_held(self, key: str, skeleton: str) -> bool:
        """Whether a room that was destroyed may come back under that name, or under one that looks like it."""
        return self._d.rooms_by_key.get(key, self._d.rooms_by_skeleton.get(skeleton)) in self._d.destroyed

    def _make_room(self, change: c.MakeRoom) -> RoomRow | c.NameTaken | c.Denied:
        if self._is_held(change.key, change.skeleton):
            return HELD
        row = self._named(change.key, change.skeleton)
        led = self._d.former.get(change.key)
        if row is None and not change.new and led is not None and led[1] in self._d.rooms:
            return self._room(led[1])
        if row is not None:
            return c.NameTaken(row.name) if change.new or row.name != change.key else row
        if self._standing(0, change.maker).limited:
            return NO_ROOMS
        rules = OPEN if change.kind == "open" else Rules(change.kind)
        newest = max((*self._d.rooms, *self._d.destroyed), default=0)
        row = RoomRow(newest + 1, change.key, "", 0, 0, rules, change.title)
        self._put(self._d.rooms, row.id, row)
        self._put(self._d.rooms_by_key, change.key, row.id)
        self._put(self._d.rooms_by_skeleton, change.skeleton, row.id)
        self._put(self._d.made, row.id, change.at)
        self._put(self._d.makers, row.id, change.maker)
        self._release(change.key, change.skeleton)
        if change.key in self._d.folders.values():
            self._put(self._d.folders, row.id, f"{change.key} {row.id}")
        return row

    def _release(self, key: str, skeleton: str) -> None:
        """A name leads to no room that had it any more, and neither do those that look like it."""
        alike = [one for one, (_, _, looks) in self._d.former.items() if one == key or looks == skeleton]
        for one in alike:
            self._drop(self._d.former, one)

    def _rename_room(self, row: RoomRow, name: str, skeleton: str) -> c.NameTaken | None:
        """A room has another name, and the one it had leads to it; unless another room has that one."""
        other = self._named(name, skeleton)
        if other is not None and other.id != row.id:
            return c.NameTaken(other.name)
        self._release(name, skeleton)
        (before,) = [looks for looks, id in self._d.rooms_by_skeleton.items() if id == row.id]
        self._drop(self._d.rooms_by_key, row.name)
        self._drop(self._d.rooms_by_skeleton, before)
        self._put(self._d.rooms_by_key, name, row.id)
        self._put(self._d.rooms_by_skeleton, skeleton, row.id)
        if row.id not in self._d.folders:
            self._put(self._d.folders, row.id, row.name)
        last = max((at for at, _, _ in self._d.former.values()), default=0)
        self._put(self._d.former, row.name, (last + 1, row.id, before))
        for _, key in sorted(((at, key) for key, (at, id, _) in self._d.former.items() if id == row.id))[:-MOST_FORMER]:
            self._drop(self._d.former, key)
        return None

    def _make_direct(self, change: c.MakeDirect) -> RoomRow | c.Denied:
        people, me = tuple(sorted(change.people)), change.people[0]
        for other, name in zip(change.people, change.names or ("",) * len(change.people), strict=True):
            denied = None if other == me else self._why_not_between(me, other, name)
            if denied:
                return denied
        room = self._d.directs.get(people)
        if room is None:
            row = self._make_room(c.MakeRoom(change.name, f" {change.name}", change.at, kind="direct"))
            assert isinstance(row, RoomRow)
            room = row.id
            self._put(self._d.directs, people, room)
            for account in people:
                self._put(self._d.members, (room, account), change.at)
                self._put(self._d.places, (room, account), "member")
                self._put(self._d.hidden, (room, account), 0)
        self._drop(self._d.hidden, (room, me))
        return replace(self._d.rooms[room], topic="")

    def _drop_rooms(self, change: c.DropRooms) -> tuple[int, ...]:
        gone = tuple(id for id in change.ids if id in self._d.rooms and self._d.is_unused(id, change.before))
        for id in gone:
            self._drop_room(id)
        return gone

    def _drop_room(self, id: int) -> None:
        """Nothing is kept of a room that was not used."""
        self._free_name(id, self._d.rooms[id].name)
        self._drop(self._d.rooms, id)
        self._drop(self._d.made, id)

    def _free_name(self, id: int, name: str) -> None:
        """Another room may have the name of this one, and those that led to it."""
        self._drop(self._d.rooms_by_key, name)
        for skeleton in [key for key, room in self._d.rooms_by_skeleton.items() if room == id]:
            self._drop(self._d.rooms_by_skeleton, skeleton)
        for key in [key for key, (_, room, _) in self._d.former.items() if room == id]:
            self._drop(self._d.former, key)
        self._drop(self._d.folders, id)

    def _configure(self, change: c.Configure) -> Record | c.NameTaken | c.Denied:
        record, event = change.record, change.record.event
        assert isinstance(event, e.Configured)
        row = self._room(record.room)
        if record.room in self._d.copies:
            return c.Denied("not_found", "That room is still being made.")
        standing = access.OPERATOR if change.operator else self._standing(row.id, record.author)
        denied = access.why_not_configure(standing, row.rules, event, here=change.here)
        if denied:
            return c.Denied("forbidden", denied)
        if event.name and self._is_held(event.name, change.skeleton):
            return HELD
        taken = self._rename_room(row, event.name, change.skeleton) if event.name else None
        if taken is not None:
            return taken
        title, name = row.title if event.title is None else event.title, event.name or row.name
        changed = replace(row, name=name, topic=event.topic, title=title, rules=changed_rules(row.rules, event))
        self._put(self._d.rooms, row.id, changed)
        return self._note(record)

    # --- members -----------------------------------------------------------------------------------

    def _add_member(self, change: c.AddMember) -> c.Placed:
        room, author = change.record.room, change.record.author
        standing = self._standing(room, author)
        if not access.may_enter(standing, self._room(room).rules):
            return c.Placed(standing.place)
        return self._begin(change.record, change.read)

    def _begin(self, record: Record, read: int | None = None) -> c.Placed:
        pair = record.room, record.author
        if pair in self._d.members:
            return c.Placed(self._d.places[pair])
        place = "owner" if self._d.makers.get(record.room) == record.author else "member"
        self._put(self._d.members, pair, record.event.at)
        self._put(self._d.places, pair, place)
        self._note(record)
        self._mark_read(c.MarkRead(record.room, record.author, record.event.seq if read is None else read))
        return c.Placed(place, (record,))

    def _admit(self, change: c.Admit) -> c.Placed | c.Denied:
        record, by = change.record, change.by
        rules = self._room(record.room).rules
        if by and not access.may_add(self._standing(record.room, by), rules):
            return c.Denied("forbidden", "Only the moderators of this room can bring people in.")
        if by and not self._finds(by, record.author):
            return no_account(record.event.by)
        return self._why_not_here(record.room, record.author, "member") or self._begin(record)

    def _end_member(self, record: Record) -> c.Placed:
        if not self._leave(record.room, record.author):
            return c.Placed("")
        if self._rules(record.room).kind == "private":
            self._retire_maker(record.room, record.author)
        return c.Placed("", (self._note(record), *self._succeed(record), *self._follow(record, record.author)))

    def _retire_maker(self, room: int, account: int) -> None:
        """Who made a room owns it as they come in; who was removed, or left one that others own, does not any more."""
        if self._d.makers.get(room) == account:
            self._put(self._d.makers, room, 0)

    def _leave(self, room: int, account: int) -> bool:
        self._drop(self._d.places, (room, account))
        self._drop(self._d.hidden, (room, account))
        return self._drop(self._d.members, (room, account))

    def _succeed(self, last: Record) -> list[Record]:
        account = self._successor(last.room, last.event.at)
        if account is None:
            return []
        name = self._d.accounts[account].name
        event = e.Promoted(
            room=last.event.room,
            seq=0,
            at=last.event.at,
            by=name,
            name=name,
            person=person_of(account, b""),
            role="owner",
        )
        return [self._note(Record(last.room, account, event))]

    def _successor(self, room: int, now: int) -> int | None:
        """Where a private room has no owner any more, the longest moderator is now, or the longest member."""
        left = sorted(
            (self._is_banned(id, now), self._d.places.get((room, id), "") != "moderator", since, id)
            for (of, id), since in self._d.members.items()
            if of == room and not self._d.accounts[id].owner
        )
        if self._rules(room).kind != "private" or not left or self._owners(room):
            return None
        *_, account = left[0]
        self._put(self._d.places, (room, account), "owner")
        return account

    def _owners(self, room: int) -> int:
        return sum(of == room and place == "owner" for (of, _), place in self._d.places.items())

    def _hide(self, change: c.HideRoom) -> int | None:
        row, pair = self._room(change.room), (change.room, change.account)
        if row.rules.kind != "direct" or pair not in self._d.members:
            return None
        self._put(self._d.hidden, pair, row.head)
        return row.head

    def _remove(self, change: c.Remove) -> Record | c.Placed | c.Denied:
        record, target = change.record, change.target
        mine, theirs = (self._standing(record.room, one) for one in (record.author, target))
        if not access.may_remove(mine, theirs, self._rules(record.room)):
            return c.Denied("forbidden", "You can only remove people from a room who stand below you in it.")
        if target > 0 and not self._leave(record.room, target):
            return c.Denied("not_found", "They are not in this room.")
        self._retire_maker(record.room, target)
        if target <= 0:
            self._put(self._d.removed, (record.room, target), None)
        return self._with_bots(record, target)

    def _promote(self, change: c.Promote) -> Record | c.Placed | c.Denied | None:
        record, target, event = change.record, change.target, change.record.event
        assert isinstance(event, e.Promoted)
        room, rules, oneself = record.room, self._rules(record.room), change.target == record.author
        mine, theirs = (self._standing(room, one) for one in (record.author, target))
        if theirs.place == event.role:
            return None
        if not access.may_promote(mine, theirs, rules, event.role, oneself=oneself):
            return c.Denied("forbidden", "You can only give roles below your own, to members who stand below you.")
        if denied := self._why_not_here(room, target, event.role):
            return denied
        if theirs.place == "owner" and rules.kind == "private" and self._owners(room) == 1:
            return c.Denied("forbidden", "A room needs an owner; make somebody else one first.")
        self._put(self._d.places, (room, target), event.role)
        if oneself:
            self._retire_maker(room, target)
        return self._with_bots(record, target)

    # --- read marks --------------------------------------------------------------------------------

    def _mark_read(self, change: c.MarkRead) -> int:
        mark = self._d.marks.get((change.room, change.reader), Mark())
        seq = min(change.seq, self._room(change.room).head)
        if seq == mark.seq or (seq < mark.seq) is not change.back:
            return mark.seq
        self._put(self._d.marks, (change.room, change.reader), mark._replace(seq=seq))
        return seq
