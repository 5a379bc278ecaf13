"""From an event of the log to what travels on the wire."""

from nexus.core.entries import Amended, Event, Kind
from nexus.protocol import events as e
from nexus.protocol.codec import decode_event, encode
from nexus.protocol.folding import Amending, fold
from nexus.protocol.types import Person

EDITED = b'{"type":"edited"'
"""How the payload of an edit begins."""


def payload_of(event: Event, room: str) -> bytes:
    """The event's one encoding, for every listener and every page."""
    if event.kind == Kind.POSTED and event.amended is None:  # first, since nearly all are messages as they were said
        return encode(
            e.Posted(
                room=room,
                seq=event.seq,
                at=event.at,
                by=event.by,
                guest=event.author < 0,
                text=event.text,
                reply_to=event.target,
                mentions=event.mentions,
                here=event.here,
            )
        )
    return encode(on_wire(event, room))


def on_wire(event: Event, room: str) -> e.LogEvent:
    """The event as it is sent."""
    seq, at, by, guest, target = event.seq, event.at, event.by, event.author < 0, event.target or 0
    match event.kind:
        case Kind.POSTED:
            return _amended(event, room, event.amended or Amended(0))
        case Kind.JOINED:
            return e.Joined(room=room, seq=seq, at=at, by=by, guest=guest)
        case Kind.LEFT:
            return e.Left(room=room, seq=seq, at=at, by=by, guest=guest)
        case Kind.CONFIGURED:
            return e.Configured(room=room, seq=seq, at=at, by=by, guest=guest, topic=event.text)
        case Kind.EDITED:
            return e.Edited(room=room, seq=seq, at=at, by=by, guest=guest, target=target, text=event.text or None)
        case Kind.DELETED:
            return e.Deleted(room=room, seq=seq, at=at, by=by, guest=guest, target=target)
        case Kind.REACTED:
            return e.Reacted(room=room, seq=seq, at=at, by=by, guest=guest, target=target, emoji=event.text)
        case Kind.UNREACTED:
            return e.Unreacted(room=room, seq=seq, at=at, by=by, guest=guest, target=target, emoji=event.text)
        case Kind.PINNED:
            return e.Pinned(room=room, seq=seq, at=at, by=by, guest=guest, target=target)
        case Kind.UNPINNED:
            return e.Unpinned(room=room, seq=seq, at=at, by=by, guest=guest, target=target)
    raise ValueError(f"The log of '{room}' holds an event of kind {event.kind} that this version does not know.")


def _amended(event: Event, room: str, amended: Amended) -> e.Posted:
    reactions: dict[str, list[Person]] = {}
    for one in amended.reactions:
        reactions.setdefault(one.emoji, []).append(Person(one.by, one.author < 0))
    return e.Posted(
        room=room,
        seq=event.seq,
        at=event.at,
        by=event.by,
        guest=event.author < 0,
        text=event.text,
        reply_to=event.target,
        mentions=event.mentions,
        here=event.here,
        changed=amended.changed or None,
        edited=amended.edited or None,
        deleted=amended.deleted,
        pinned=bool(amended.pinned),
        reactions=reactions,
    )


def folded(payload: bytes, event: Amending) -> bytes:
    """A message's payload after an event about it; that of anything else as it is."""
    message = decode_event(payload)
    if not isinstance(message, e.Posted):
        return payload
    fold(message, event)
    return encode(message)


def without_text(payload: bytes, target: int) -> bytes:
    """The payload of an edit of that message without its text; that of anything else as it is."""
    if not payload.startswith(EDITED):
        return payload
    edit = decode_event(payload)
    if not isinstance(edit, e.Edited) or edit.target != target:
        return payload
    edit.text = None
    return encode(edit)
