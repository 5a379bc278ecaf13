"""What is done to a message that was posted: edits, deletions, reactions, pins."""

from nexus.core.amending import Target, counts, decide, hiding, is_others, why_not_hidden
from nexus.core.changes import Amend, Denied, NonceReused, Repeated
from nexus.core.destroying import NO_ROOM
from nexus.core.log import Record
from nexus.core.purging import DONE
from nexus.protocol import events as e
from nexus.protocol.kinds import target_of
from nexus.store.sql import acting, log
from nexus.store.sql.folding import CHANGED, fold_into
from nexus.store.sql.group import Group
from nexus.store.sql.log import place
from nexus.store.sql.purging import hide
from nexus.store.sql.standing import find_rules, standing_of


def amend(group: Group, change: Amend) -> Record | Repeated | NonceReused | Denied:
    """Store the event and fold it into its message; a retry and what is so already store nothing."""
    record = change.record
    denied = _why_not(group, change)
    known = denied or group.known(record)
    if known is not None:
        return known
    target = log.read_target(group.connection, record.room, target_of(record.event) or 0)
    if target is not None and target.message.deleted and _forgets(group, target, record):
        return record
    verdict = decide(change, target)
    if isinstance(verdict, Denied):
        return verdict
    if verdict is not None:
        done = log.read(group.connection, record.room, verdict)
        assert done is not None
        return Repeated(done)
    assert target is not None
    if isinstance(record.event, e.Deleted) and is_others(change, target):
        return _delete_others(group, change, target)
    group.append(record)
    fold_into(group, target, record)
    return record


def _why_not(group: Group, change: Amend) -> Denied | None:
    """Why nothing can be done by the author in the room by now; None where something can."""
    record = change.record
    if not record.checked:
        there = change.anyway or find_rules(group.connection, record.room) is not None
        return None if there else NO_ROOM
    refusal = group.refusal(record)
    return refusal if refusal and counts(refusal, record.event) else None


def _delete_others(group: Group, change: Amend, target: Target) -> Record | Denied:
    """Hide a message of somebody else, by an act that can be undone."""
    record, author = change.record, target.record.author
    rules = find_rules(group.connection, record.room)
    if rules is None:
        return NO_ROOM
    mine, theirs = (standing_of(group.connection, record.room, one) for one in (record.author, author))
    denied = why_not_hidden(target, mine, theirs, rules)
    if denied is not None:
        return denied
    event = hiding(record.event, target)
    act = acting.note(
        group.connection,
        lot=None if rules.kind == "open" else change.lot,
        at=record.event.at,
        by=record.author,
        verb="delete",
        account=max(author, 0),
        target=author,
        name=event.name,
        room=record.room,
    )
    event.act = act
    group.connection.execute(
        "INSERT INTO purges (act, author, room, since, state) VALUES (?, ?, ?, 0, ?)", (act, author, record.room, DONE)
    )
    return hide(group, Record(record.room, record.author, event, record.nonce), [target], act)


def _forgets(group: Group, target: Target, record: Record) -> bool:
    """Their author deletes a message that a moderator has hidden: nothing takes it back any more."""
    if not isinstance(record.event, e.Deleted) or target.record.author not in (record.author, record.earlier or 0):
        return False
    where = place(record.room, target.message.seq)
    if not group.connection.execute("DELETE FROM purged WHERE message = ?", (where,)).rowcount:
        return False
    group.erased()
    group.append(record)
    group.connection.execute(CHANGED, {"place": where, "seq": record.event.seq})
    return True
