"""The store in memory: for tests, and for a server that may forget.

What a disk would keep is a `Durable`; a `MemoryStore` is one opening of it. A test that crashes a server drops
its store and opens another over the same `Durable`; `MemoryStore.fail` makes a commit fail where it wants.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from msgspec.structs import replace

from nexus.core import access
from nexus.core import changes as c
from nexus.core.amending import Target, counts, decide, digest, is_hidden_by, is_others
from nexus.core.destroying import NO_ROOM, Destroy, EraseDestroyed, Revive
from nexus.core.expiring import Expire
from nexus.core.inviting import Accept
from nexus.core.lines import without_text
from nexus.core.log import Reaction, Record, time_after
from nexus.core.looking import lasting, looks_of
from nexus.core.mentions import Mentioned, resolve, set_mentions
from nexus.core.moderating import Moderation
from nexus.core.people import Mark
from nexus.core.protecting import Ignore, Prefer, Unignore
from nexus.core.purging import FinishPurge, ForgetPurged, PurgeStep, RestoreStep
from nexus.core.reporting import AddReport, ForgetReports, SettleReport
from nexus.core.slowing import too_soon, wait_between
from nexus.protocol import events as e
from nexus.protocol.folding import fold
from nexus.protocol.kinds import columns, target_of
from nexus.store.destroying import Destroying
from nexus.store.durable import KEPT_LOOKS, Durable
from nexus.store.expiring import Expiring
from nexus.store.overseeing import Overseeing

__all__ = ["Durable", "MemoryStore"]

K = TypeVar("K")
V = TypeVar("V")


class MemoryStore(Overseeing, Destroying, Expiring):
    """One opening of a `Durable`; the one before it must not be used any more."""

    fail: Callable[[str], None] | None = None
    """Called by `commit` at "begin", "written" and "synced"; what it raises, `commit` raises.

    At the first two the group is as if it had never been; at "synced" it is durable and nobody hears of it.
    """

    def __init__(self, durable: Durable) -> None:
        Overseeing.__init__(self, durable)
        Destroying.__init__(self, durable)
        durable.run += 1
        self.epoch, self.key, self.run = durable.epoch, durable.key, durable.run

    def commit(
        self, posts: Sequence[Record], changes: Sequence[c.Change[Any]]
    ) -> tuple[list[c.PostOutcome], list[Any]]:
        with self._reading():
            try:
                self._reach("begin")
                posted = [self._alone(self._post, record) for record in posts]
                outcomes = posted, [self._alone(self._carry_out, change) for change in changes]
                self._note_looks(changes, outcomes[1])
                self._reach("written")
            except BaseException:
                self._undo_to(0)
                raise
            self._undo.clear()
            self._reach("synced")
            return outcomes

    def _alone(self, store: Callable[[K], V], entry: K) -> V | c.Failed:
        """One entry; where something is wrong with it, nothing of it stays, and the others are stored."""
        before = len(self._undo)
        try:
            return store(entry)
        except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError) as fault:
            self._undo_to(before)
            return c.Failed(f"{type(fault).__name__}: {fault}")

    def _note_looks(self, changes: Sequence[c.Change[Any]], outcomes: Sequence[Any]) -> None:
        """What other nodes have to look at again, where there are any."""
        if self._d.nodes:
            for change, outcome in zip(changes, outcomes, strict=True):
                for look in lasting(looks_of(change, outcome)):
                    self._put(self._d.looks, next(reversed(self._d.looks), 0) + 1, look)
            for number in list(islice(self._d.looks, max(len(self._d.looks) - KEPT_LOOKS, 0))):
                del self._d.looks[number]

    def close(self) -> None:
        self._closed = True

    def _reach(self, point: str) -> None:
        if self.fail is not None:
            self.fail(point)

    def _carry_out(self, change: c.Change[Any]) -> Any:  # noqa: C901, PLR0912
        """One line per kind of change; each is what carries it out."""
        match change:
            case c.Post():
                return self._post(change.record)
            case c.Probe():
                pass
            case c.Acted():
                done = self._carry_out(change.change)
                if done is not False and not isinstance(done, c.NameTaken | c.Denied):
                    self._note_act(change)
                return done
            case c.MarkRead():
                return self._mark_read(change)
            case c.SetLevel():
                self._set_level(change)
            case c.Amend():
                return self._amend(change)
            case AddReport() | SettleReport() | ForgetReports():
                return self._about_reports(change)
            case Accept():
                return self._accept(change)
            case Destroy() | Revive() | EraseDestroyed():
                return self._about_destroyed(change)
            case Ignore() | Unignore() | Prefer():
                return self._about_oneself(change)
            case PurgeStep() | RestoreStep() | FinishPurge() | ForgetPurged():
                return self._about_purge(change)
            case Expire():
                return self._expire(change)
            case Moderation():
                return self._moderate(change)
            case _:
                done = self._about_rooms(change)
                return self._about_people(change) if done is NotImplemented else done
        return None

    def _post(self, record: Record) -> c.PostOutcome:
        refusal = self._refusal(record) if record.checked else None
        return refusal or self._known(record) or self._slowed(record) or self._append(record)

    def _slowed(self, record: Record) -> c.Denied | None:
        """The refusal of someone who has to wait before they say more in a room; else it is noted that they do."""
        room, author, now = record.room, record.author, record.event.at
        slow = wait_between(self._standing(room, author), self._rules(room)) if record.checked else 0
        if not slow:
            return None
        for one in (author, record.earlier):
            denied = too_soon(slow, self._d.spoke.get((room, one)), now)
            if denied is not None:
                return denied
        for pair in [pair for pair, at in self._d.spoke.items() if pair[0] == room and not too_soon(slow, at, now)]:
            self._drop(self._d.spoke, pair)
        self._put(self._d.spoke, (room, author), now)
        return None

    def _known(self, record: Record) -> c.Repeated | c.NonceReused | None:
        """What became of a record's nonce; None where it is new."""
        seq = self._d.nonces.get((record.room, record.author, record.nonce or ""))
        earlier = self._d.nonces.get((record.room, record.earlier, record.nonce or ""))
        if seq is None and (earlier is None or not self._is_retry(self._d.records[record.room, earlier], record)):
            return None
        seq = seq or earlier or 0
        known = self._d.records[record.room, seq]
        return c.Repeated(self._today(known)) if self._is_retry(known, record) else c.NonceReused(seq)

    def _is_retry(self, known: Record, again: Record) -> bool:
        """Whether a record says what a known one said; of what was deleted or has expired nothing can be compared."""
        if is_hidden_by(known.event, again.event):
            return True
        number, text, target, data = columns(known.event)
        other_number, other_text, other_target, other_data = columns(again.event)
        about = target if isinstance(known.event, e.Edited) else known.event.seq
        if (about or 0) < self._first(known.room):
            return (number, target) == (other_number, other_target)
        if (number, target, data) != (other_number, other_target, other_data):
            return False
        seq = known.event.seq
        place = known.room, seq if isinstance(known.event, e.Posted) else target or 0
        if isinstance(known.event, e.Posted | e.Edited):
            message = self._d.records.get(place)
            if message is not None and isinstance(message.event, e.Posted) and message.event.deleted:
                return True
        before = self._d.earlier.get(place, {}).get(seq)
        return text == other_text if before is None else before == digest(other_text)

    def _append(self, record: Record) -> Record:
        """Give an event its place, and store a copy: what the caller does with theirs changes nothing here."""
        row, event = self._room(record.room), record.event
        event.seq, event.at = row.head + 1, time_after(row.at, event.at)
        if record.names:
            self._mention(record)
        self._put_room(replace(row, head=event.seq, at=event.at))
        kept = Record(row.id, record.author, replace(event), record.nonce)
        self._put(self._d.records, (row.id, event.seq), kept)
        if record.nonce is not None:
            self._put(self._d.nonces, (row.id, record.author, record.nonce), event.seq)
        return record

    def _note(self, record: Record) -> Record:
        """Append an event that comes of a change; a nonce means nothing there."""
        record.nonce = None
        return self._append(record)

    def _mention(self, record: Record) -> None:
        """Note whom a message mentions."""
        event = record.event
        assert isinstance(event, e.Posted)
        limited = self._d.is_limited(record.author)
        find = partial(self._who, record.room if limited else 0)
        found = resolve(record.names, record.author, find, lambda: self._may_mention_everyone(record))
        if found:
            self._put(self._d.mentions, (record.room, event.seq), found)
        for reader, _ in found:
            seqs = self._d.mentioned.get((record.room, reader), [])
            self._put(self._d.mentioned, (record.room, reader), [*seqs, event.seq])
        set_mentions(event, found)

    def _may_mention_everyone(self, record: Record) -> bool:
        standing = self._standing(record.room, record.author)
        return access.may_mention_everyone(standing, self._rules(record.room), record.here)

    def _who(self, room: int, key: str) -> Mentioned | None:
        """Who has a key; with a room, where they belong to it."""
        reader = self._d.keys.get((True, key)) or self._d.keys.get((False, key))
        if room and (room, reader) not in self._d.members:
            return None
        return None if reader is None else (reader, self._d.names[reader].shown)

    def _amend(self, change: c.Amend) -> Record | c.Repeated | c.NonceReused | c.Denied:
        record = change.record
        known = self._why_not_amend(change) or self._known(record)
        if known is not None:
            return known
        target = self._target(record.room, target_of(record.event) or 0)
        if target is not None and target.message.deleted and self._forgets(target, record):
            return record
        verdict = decide(change, target)
        if isinstance(verdict, c.Denied):
            return verdict
        if verdict is not None:
            return c.Repeated(self._today(self._d.records[record.room, verdict]))
        assert target is not None
        if isinstance(record.event, e.Deleted) and is_others(change, target):
            return self._delete_others(change, target)
        self._append(record)
        self._fold(target, record)
        return record

    def _why_not_amend(self, change: c.Amend) -> c.Denied | None:
        """Why nothing can be done by the author in the room by now; None where something can."""
        record = change.record
        if not record.checked:
            return None if change.anyway or record.room in self._d.rooms else NO_ROOM
        refusal = self._refusal(record)
        return refusal if refusal and counts(refusal, record.event) else None

    def _forgets(self, target: Target, record: Record) -> bool:
        """Their author deletes a message that a moderator has hidden: nothing takes it back any more."""
        place = record.room, target.message.seq
        mine = target.record.author in (record.author, record.earlier or 0)
        if not isinstance(record.event, e.Deleted) or not mine or not self._drop(self._d.purged, place):
            return False
        self._append(record)
        known = self._d.records[place]
        self._put(self._d.records, place, replace(known, event=replace(known.event, changed=record.event.seq)))
        return True

    def _fold(self, target: Target, record: Record) -> None:
        """The message after the event; its reactions are kept with who they are by, whatever they are called."""
        event, place = record.event, (record.room, target.message.seq)
        assert isinstance(event, e.Amendment)
        if isinstance(event, e.Edited | e.Deleted):
            self._erase(target, event)
        match event:
            case e.Edited():
                self._put(self._d.edits, place, event.seq)
            case e.Deleted():
                self._drop(self._d.edits, place)
                self._drop(self._d.pins, place)
                self._drop(self._d.reactions, place)
                self._unmention(place)
            case e.Reacted():
                one = Reaction(event.seq, event.emoji, record.author, event.by)
                self._put(self._d.reactions, place, (*target.reactions, one))
            case e.Unreacted():
                mine = event.emoji, record.author
                left = tuple(one for one in target.reactions if (one.emoji, one.author) != mine)
                self._put(self._d.reactions, place, left)
            case e.Pinned():
                self._put(self._d.pins, place, event.seq)
            case e.Unpinned():
                self._drop(self._d.pins, place)
        message = replace(self._d.records[place], event=fold(target.message, event))
        self._put(self._d.records, place, message)

    def _unmention(self, place: tuple[int, int]) -> None:
        """The message mentions nobody any more."""
        room, seq = place
        for reader, _ in self._d.mentions.get(place, ()):
            left = [one for one in self._d.mentioned.get((room, reader), []) if one != seq]
            self._put(self._d.mentioned, (room, reader), left)
        self._drop(self._d.mentions, place)

    def _erase(self, target: Target, event: e.Edited | e.Deleted) -> None:
        """The text that the message has now is gone, in its own event or in an edit's."""
        place, text = (target.record.room, target.message.seq), target.message.text
        if target.edit:
            edit = self._d.records[target.record.room, target.edit]
            self._put(self._d.records, (edit.room, target.edit), replace(edit, event=without_text(edit.event)))
        earlier = self._d.earlier.get(place, {}) | {target.edit or target.message.seq: digest(text)}
        self._put(self._d.earlier, place, {} if isinstance(event, e.Deleted) else earlier)

    def _set_level(self, change: c.SetLevel) -> None:
        mark = self._d.marks.get((change.room, change.reader), Mark())
        self._put(self._d.marks, (change.room, change.reader), mark.chosen(change.level, change.favourite))
