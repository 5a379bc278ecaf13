"""What is done to a message that was posted: edits, deletions, reactions, pins."""

from nexus.core.amending import Target, counts, decide, digest
from nexus.core.changes import Amend, Denied, NonceReused, Repeated
from nexus.core.log import Record
from nexus.protocol import events as e
from nexus.protocol.kinds import target_of
from nexus.store.sqlite import log, words
from nexus.store.sqlite.group import Group
from nexus.store.sqlite.log import place

_CHANGED = """
INSERT INTO amended (place, changed) VALUES (:place, :seq)
ON CONFLICT (place) DO UPDATE SET changed = excluded.changed
"""

_REACT = 'INSERT INTO reactions (message, seq, emoji, author, "by") VALUES (?, ?, ?, ?, ?)'

_UNREACT = "DELETE FROM reactions WHERE message = ? AND emoji = ? AND author = ?"

_DELETE = "UPDATE amended SET deleted = 1, edit = NULL, pinned = 0 WHERE place = ?"


def amend(group: Group, change: Amend) -> Record | Repeated | NonceReused | Denied:
    """Store the event and fold it into its message; a retry and what is so already store nothing."""
    record = change.record
    refusal = group.refusal(record) if record.checked else None
    known = (refusal if refusal and counts(refusal, record.event) else None) or group.known(record)
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
    group.append(record)
    fold_into(group, target, record)
    return record


def _forgets(group: Group, target: Target, record: Record) -> bool:
    """Their author deletes a message that a moderator has hidden: nothing takes it back any more."""
    if not isinstance(record.event, e.Deleted) or target.record.author not in (record.author, record.earlier or 0):
        return False
    where = place(record.room, target.message.seq)
    if not group.connection.execute("DELETE FROM purged WHERE message = ?", (where,)).rowcount:
        return False
    group.erased()
    group.append(record)
    group.connection.execute(_CHANGED, {"place": where, "seq": record.event.seq})
    return True


def fold_into(group: Group, target: Target, record: Record) -> None:
    """Do to the tables what the event does to its message; `protocol.folding` says it of a message in memory."""
    run, event, author = group.connection.execute, record.event, record.author
    message = place(record.room, target.message.seq)
    run(_CHANGED, {"place": message, "seq": event.seq})
    match event:
        case e.Edited(text=text):
            seq = _erase(group, target)
            words.replace(group.connection, message, target.record, text or "")
            run("INSERT INTO earlier VALUES (?, ?, ?)", (message, seq, digest(target.message.text)))
            run("UPDATE amended SET edit = ? WHERE place = ?", (place(record.room, event.seq), message))
        case e.Deleted():
            _erase(group, target)
            words.replace(group.connection, message, target.record, "")
            run("DELETE FROM earlier WHERE message = ?", (message,))
            run("DELETE FROM reactions WHERE message = ?", (message,))
            run("DELETE FROM mentions WHERE place = ?", (message,))
            run("UPDATE events SET mentions = 0 WHERE place = ? AND mentions > 0", (message,))
            run(_DELETE, (message,))
        case e.Reacted(emoji=emoji):
            run(_REACT, (message, event.seq, emoji, author, event.by if author < 0 else None))
        case e.Unreacted(emoji=emoji):
            run(_UNREACT, (message, emoji, author))
        case e.Pinned() | e.Unpinned():
            pinned = event.seq if isinstance(event, e.Pinned) else 0
            run("UPDATE amended SET pinned = ? WHERE place = ?", (pinned, message))


def _erase(group: Group, target: Target) -> int:
    """Overwrite the text that the message has now, where it stands: in its event or an edit's; returns that seq."""
    seq = target.edit or target.message.seq
    nothing = "\0" * len(target.message.text.encode("utf-8", "surrogatepass"))
    where = place(target.record.room, seq)
    group.connection.execute("UPDATE events SET text = ? WHERE place = ?", (nothing, where))
    group.erased()
    return seq
