"""What is done to a message that was posted: edits, deletions, reactions, pins."""

from nexus.core.amending import decide, digest
from nexus.core.entries import Amend, Denied, Event, Kind, NonceReused, Stored
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


def amend(group: Group, change: Amend) -> Stored | NonceReused | Denied:
    """Store the event and fold it into its message; a retry and what is so already store nothing."""
    draft = change.draft
    known = group.known(draft)
    if known is not None:
        return known
    target = log.read(group.connection, draft.room, draft.target or 0)
    verdict = decide(change, target)
    if isinstance(verdict, Denied):
        return verdict
    if verdict is not None:
        done = log.read(group.connection, draft.room, verdict)
        assert done is not None
        return Stored(done, False)
    assert target is not None
    event = group.note(draft, draft.nonce)
    _fold(group, target, event)
    return Stored(event, True)


def _fold(group: Group, target: Event, event: Event) -> None:
    run = group.connection.execute
    message = place(target.room, target.seq)
    run(_CHANGED, {"place": message, "seq": event.seq})
    match event.kind:
        case Kind.EDITED:
            seq = _erase(group, target)
            words.replace(group.connection, message, target, event.text)
            run("INSERT INTO earlier VALUES (?, ?, ?)", (message, seq, digest(target.text)))
            run("UPDATE amended SET edit = ? WHERE place = ?", (place(event.room, event.seq), message))
        case Kind.DELETED:
            _erase(group, target)
            words.replace(group.connection, message, target, "")
            run("DELETE FROM earlier WHERE message = ?", (message,))
            run("DELETE FROM reactions WHERE message = ?", (message,))
            run(_DELETE, (message,))
        case Kind.REACTED:
            by = event.by if event.author < 0 else None
            run(_REACT, (message, event.seq, event.text, event.author, by))
        case Kind.UNREACTED:
            run(_UNREACT, (message, event.text, event.author))
        case Kind.PINNED | Kind.UNPINNED:
            pinned = event.seq if event.kind == Kind.PINNED else 0
            run("UPDATE amended SET pinned = ? WHERE place = ?", (pinned, message))


def _erase(group: Group, target: Event) -> int:
    """Overwrite the text that the message has now, where it stands: in its event or an edit's; returns that seq."""
    amended = target.amended
    seq = amended.edit if amended is not None and amended.edit else target.seq
    nothing = "\0" * len(target.text.encode("utf-8", "surrogatepass"))
    group.connection.execute("UPDATE events SET text = ? WHERE place = ?", (nothing, place(target.room, seq)))
    group.erased = True
    return seq
