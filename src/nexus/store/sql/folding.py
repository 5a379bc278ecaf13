"""What an event does to its message in the tables; `protocol.folding` says it of a message in memory."""

from nexus.core.amending import Target, digest
from nexus.core.log import Record
from nexus.protocol import events as e
from nexus.store.sql.group import Group
from nexus.store.sql.log import place

CHANGED = """
INSERT INTO amended (place, changed) VALUES (:place, :seq)
ON CONFLICT (place) DO UPDATE SET changed = excluded.changed
"""

_REACT = 'INSERT INTO reactions (message, seq, emoji, author, "by") VALUES (?, ?, ?, ?, ?)'

_UNREACT = "DELETE FROM reactions WHERE message = ? AND emoji = ? AND author = ?"

_DELETE = "UPDATE amended SET deleted = 1, edit = NULL, pinned = 0 WHERE place = ?"


def fold_into(group: Group, target: Target, record: Record) -> None:
    """Do to the tables what the event does to its message."""
    run, event, author = group.connection.execute, record.event, record.author
    message = place(record.room, target.message.seq)
    run(CHANGED, {"place": message, "seq": event.seq})
    match event:
        case e.Edited(text=text):
            seq = _erase(group, target)
            group.words.replace(message, target.record, text or "")
            run("INSERT INTO earlier VALUES (?, ?, ?)", (message, seq, digest(target.message.text)))
            run("UPDATE amended SET edit = ? WHERE place = ?", (place(record.room, event.seq), message))
        case e.Deleted():
            _erase(group, target)
            group.words.replace(message, target.record, "")
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
