"""How the store in memory takes rooms away, brings them back, and erases what is kept of them."""

from typing import Any

from msgspec.structs import replace

from nexus.core import destroying as d
from nexus.core.changes import Denied
from nexus.core.moderating import CHANGED, NO_ACT, PRIVATE, why_not_undone
from nexus.protocol.events import Destroyed, Revived, Unrecognised
from nexus.store.copying import Copying
from nexus.store.purging import TABLES


class Destroying(Copying):
    """A room that is put aside is found by nobody."""

    def _about_destroyed(self, change: d.OfDestroyed) -> Any:
        """One line per change."""
        match change:
            case d.Destroy():
                return self._destroy(change)
            case d.Revive():
                return self._revive(change)
            case d.EraseDestroyed():
                return self._erase_destroyed(change)

    def _destroy(self, change: d.Destroy) -> d.Done | Denied:
        record, event = change.record, change.record.event
        assert isinstance(event, Destroyed)
        row = self._d.rooms.get(record.room)
        if row is None or row.id in self._d.copies:
            return d.NO_ROOM
        denied = d.why_not(self._standing(row.id, record.author), row.rules, operator=change.operator)
        if denied is not None:
            return denied
        shown = row.rules.kind == "open"
        event.act = self._note_in_room(
            row, change.lot, event.at, record.author, "destroy", detail=change.reason, name=change.name if shown else ""
        )
        self._note(record)
        folder = self._d.folders.get(row.id, row.name)
        self._put(self._d.destroyed, row.id, d.Aside(event.act, event.at, self._d.rooms[row.id], folder=folder))
        self._drop(self._d.rooms, row.id)
        self._drop(self._d.folders, row.id)
        return d.Done(event.act, (record,), {})

    def _revive(self, change: d.Revive) -> d.Done | Denied:
        record, event = change.record, change.record.event
        assert isinstance(event, Revived)
        act = self._d.acts.get(change.act)
        if act is None or act.verb != "destroy":
            return NO_ACT
        undone = any(other.undoes == act.id for other in self._d.acts.values())
        aside = self._d.destroyed.get(act.room)
        denied = why_not_undone(event.at, act.at, change.within, undone=undone)
        if denied or aside is None or aside.state != d.KEPT:
            return denied or CHANGED
        row = aside.row
        denied = d.why_not(self._standing(row.id, record.author), row.rules, operator=change.operator)
        if denied is not None:
            return denied
        if aside.folder in self._folders():
            self._put(self._d.folders, row.id, f"{row.name} {row.id}")
        elif aside.folder != row.name:
            self._put(self._d.folders, row.id, aside.folder)
        self._put(self._d.rooms, row.id, row)
        self._drop(self._d.destroyed, row.id)
        name = change.name if row.rules.kind == "open" else ""
        number = self._note_in_room(row, change.lot, event.at, record.author, "revive", name=name, undoes=act.id)
        event.act = act.id
        record.room, event.room = row.id, row.name
        self._note(record)
        places = {account: self._d.places[of, account] for of, account in self._d.members if of == row.id}
        return d.Done(number, (record,), places)

    def _folders(self) -> set[str]:
        """Where the rooms that there are have their transcripts."""
        return {self._d.folders.get(row.id, row.name) for row in self._d.rooms.values()}

    def _erase_destroyed(self, change: d.EraseDestroyed) -> bool:
        """All of a room at once: there is no disk that would take long."""
        due = [
            (one.at, room) for room, one in self._d.destroyed.items() if one.at < change.before and one.state < d.GONE
        ]
        if not due:
            return False
        _, room = min(due)
        for at in [at for at in self._d.records if at[0] == room]:
            record = self._d.records[at]
            hull = Unrecognised(room="", seq=record.event.seq, at=record.event.at, by="", kind=0)
            self._put(self._d.records, at, replace(record, event=hull))
            for table in (*(getattr(self._d, name) for name in TABLES), self._d.purged):
                self._drop(table, at)
        for pair in [pair for pair in self._d.members if pair[0] == room]:
            self._leave(*pair)
            self._drop(self._d.marks, pair)
        for invite in [one.id for one, _ in self._d.invites.values() if one.room == room]:
            self._drop(self._d.invites, invite)
        for id, act in list(self._d.acts.items()):
            if act.room == room and id >= PRIVATE:
                self._put(self._d.acts, id, replace(act, detail=""))
        aside = self._d.destroyed[room]
        self._free_name(room, aside.row.name)
        self._put(
            self._d.destroyed,
            room,
            aside._replace(folder="", row=replace(aside.row, name="", topic="", title=""), state=d.GONE),
        )
        return True
