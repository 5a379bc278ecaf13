"""How the store in memory hides messages so that they can come back."""

from typing import Any

from msgspec.structs import replace

from nexus.core import purging as p
from nexus.core.amending import Target, hiding, why_not_hidden
from nexus.core.changes import Amend, Denied
from nexus.core.destroying import NO_ROOM
from nexus.core.log import Record
from nexus.core.purging import PurgeRow
from nexus.protocol.events import Deleted, Posted, Purged, Restored
from nexus.store.moderating import Moderating

TABLES = ("edits", "pins", "reactions", "mentions", "earlier")
"""What is kept of a message beside its record, by its place."""


class Purging(Moderating):
    """A purge deletes messages, and keeps what takes them back."""

    def _target(self, room: int, seq: int) -> Target | None:
        raise NotImplementedError

    def _fold(self, target: Target, record: Record) -> None:
        raise NotImplementedError

    def _append(self, record: Record) -> Record:
        raise NotImplementedError

    def _about_purge(self, change: p.OfPurge) -> Any:
        """One line per step of a purge."""
        match change:
            case p.PurgeStep():
                return self._purge(change)
            case p.RestoreStep():
                return self._restore(change)
            case p.FinishPurge():
                self._put(self._d.purges, change.act, self._d.purges[change.act]._replace(state=change.state))
            case p.ForgetPurged():
                old = [at for at, (act, _) in self._d.purged.items() if self._d.acts[act].at < change.before]
                for at in old[: change.most]:
                    self._drop(self._d.purged, at)
                return len(old[: change.most])
        return None

    def _purge(self, change: p.PurgeStep) -> Record | None:
        record, targets = change.record, list[Target]()
        for seq in change.seqs:
            target = self._target(record.room, seq)
            meant = target is not None and self._d.is_by(target.record.author, change.target, change.address)
            if target is not None and meant and not target.message.deleted:
                targets.append(target)
        if not targets:
            return None
        record.nonce = None
        return self._hide_messages(record, targets, change.act)

    def _delete_others(self, change: Amend, target: Target) -> Record | Denied:
        """Hide a message of somebody else, by an act that can be undone."""
        record, author, row = change.record, target.record.author, self._room(change.record.room)
        mine, theirs = (self._standing(row.id, one) for one in (record.author, author))
        denied = NO_ROOM if row.id not in self._d.rooms else why_not_hidden(target, mine, theirs, row.rules)
        if denied is not None:
            return denied
        event = hiding(record.event, target)
        event.act = self._note_in_room(
            row, change.lot, event.at, record.author, "delete", account=max(author, 0), target=author, name=event.name
        )
        purge = PurgeRow(event.act, author, row.id, 0, p.DONE, record.author, event.by, event.name)
        self._put(self._d.purges, event.act, purge)
        return self._hide_messages(Record(row.id, record.author, event, record.nonce), [target], event.act)

    def _hide_messages(self, record: Record, targets: list[Target], act: int) -> Record:
        """Hide messages, as the `purged` of an act says, and keep what takes that back."""
        assert isinstance(record.event, Purged)
        record.event.targets = [target.message.seq for target in targets]
        for target in targets:
            at = record.room, target.message.seq
            self._put(self._d.purged, at, (act, self._snapshot(at)))
        self._append(record)
        for target in targets:
            event = record.event
            deleted = Deleted(room=event.room, seq=event.seq, at=event.at, by=event.by, target=target.message.seq)
            self._fold(target, Record(record.room, record.author, deleted))
        return record

    def _snapshot(self, at: tuple[int, int]) -> dict[str, Any]:
        kept: dict[str, Any] = {name: getattr(self._d, name).get(at) for name in TABLES}
        edit = self._d.edits.get(at, 0)
        kept["record"] = self._d.records[at]
        kept["edit"] = self._d.records[at[0], edit] if edit else None
        return kept

    def _restore(self, change: p.RestoreStep) -> Record | None:
        record = change.record
        found = []
        for seq in change.seqs:
            act, kept = self._d.purged.get((record.room, seq), (0, {}))
            if act == change.act:
                found.append((seq, kept))
                self._drop(self._d.purged, (record.room, seq))
        if not found:
            return None
        assert isinstance(record.event, Restored)
        record.event.targets = [seq for seq, _ in found]
        self._note(record)
        for seq, kept in found:
            self._put_back((record.room, seq), kept, record.event.seq)
        return record

    def _put_back(self, at: tuple[int, int], kept: dict[str, Any], changed: int) -> None:
        for name in TABLES:
            if kept[name] is not None:
                self._put(getattr(self._d, name), at, kept[name])
        message = kept["record"].event
        assert isinstance(message, Posted)
        self._put(self._d.records, at, replace(kept["record"], event=replace(message, changed=changed)))
        if kept["edit"] is not None:
            self._put(self._d.records, (at[0], kept["edit"].event.seq), kept["edit"])
        for reader, _ in kept["mentions"] or ():
            seqs = self._d.mentioned.get((at[0], reader), [])
            self._put(self._d.mentioned, (at[0], reader), sorted({*seqs, at[1]}))
