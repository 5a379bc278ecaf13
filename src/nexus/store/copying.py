"""How the store in memory makes a private room out of a direct one: all of its log at once, with the last step."""

from typing import Any

from msgspec.structs import replace

from nexus.core import changes as c
from nexus.core import copying as p
from nexus.core.log import Record
from nexus.core.people import FORMER, RoomRow
from nexus.protocol.events import Joined
from nexus.store.purging import TABLES, Purging

NOT_YOURS = c.Denied("not_found", "There is no such room, or you are not one of the people in it.")


class Copying(Purging):
    """Makes the room, then fills it and lets its people in."""

    def _about_rooms(self, change: c.Change[Any]) -> Any:
        match change:
            case p.BeginCopy():
                return self._begin_copy(change)
            case p.CopyStep():
                return False  # the last step does it
            case p.FinishCopy():
                return self._finish_copy(change)
        return super()._about_rooms(change)

    def _begin_copy(self, change: p.BeginCopy) -> RoomRow | c.Denied:
        source = self._d.rooms.get(change.source)
        if source is None or source.rules.kind != "direct" or (source.id, change.maker) not in self._d.members:
            return NOT_YOURS
        apart = self._why_apart_in(source.id, change.maker)
        if apart:
            return apart
        made = self._make_room(
            c.MakeRoom(change.name, f" {change.name}", change.at, True, change.maker, "private", change.title)
        )
        if isinstance(made, c.Denied):
            return made
        assert isinstance(made, RoomRow)
        if change.history:
            made = replace(made, topic=source.topic)
            self._put(self._d.rooms, made.id, made)
        self._put(self._d.copies, made.id, (p.CopyRow(made.id, source.id, change.maker), change.history))
        return made

    def _finish_copy(self, change: p.FinishCopy) -> c.Placed | c.Denied:
        (room, source, maker), history = self._d.copies[change.room]
        self._drop(self._d.copies, room)
        people = [id for of, id in self._d.members if of == source and self._may_be_let_in(source, id)]
        denied = self._why_apart_in(source, maker) if maker in people else NOT_YOURS
        if denied:
            self._drop_room(room)
            return denied
        if history:
            self._copy_log(source, room)
        people.sort(key=lambda account: (account != maker, self._d.names[account].key))
        records = []
        for account in people:
            self._put(self._d.members, (room, account), change.at)
            self._put(self._d.places, (room, account), "owner" if account == maker else "member")
            mark = self._d.marks.get((source, account))
            if history and mark is not None:
                self._put(self._d.marks, (room, account), mark)
            added = "" if account == maker else self._d.accounts[maker].name
            event = Joined(room="", seq=0, at=change.at, by=self._d.accounts[account].name, added=added)
            records.append(self._note(Record(room, account, event)))
        return c.Placed("owner", tuple(records))

    def _may_be_let_in(self, source: int, account: int) -> bool:
        """Whether somebody of the other room comes along: a bot only where its owner does."""
        one = self._d.accounts[account]
        return one.role != FORMER and (not one.owner or (source, one.owner) in self._d.members)

    def _copy_log(self, source: int, room: int) -> None:
        head, at = self._d.rooms[source].head, self._d.rooms[source].at
        for seq in range(1, head + 1):
            record = self._d.records[source, seq]
            self._put(self._d.records, (room, seq), Record(room, record.author, replace(record.event)))
            for name in TABLES:
                table = getattr(self._d, name)
                if (source, seq) in table:
                    self._put(table, (room, seq), table[source, seq])
        for (of, reader), seqs in list(self._d.mentioned.items()):
            if of == source:
                self._put(self._d.mentioned, (room, reader), list(seqs))
        first = self._d.rooms[source].first
        self._put(self._d.rooms, room, replace(self._d.rooms[room], head=head, at=at, first=first))
        self._put(self._d.copied, room, head)
