"""From an event of the log to what travels on the wire."""

from nexus.core.entries import Event, Kind
from nexus.protocol.codec import encode
from nexus.protocol.events import Configured, Joined, Left, LogEvent, Posted


def payload_of(event: Event, room: str) -> bytes:
    """The event's one encoding, for every listener and every page."""
    if event.kind == Kind.POSTED:  # first, since nearly all are messages
        return encode(
            Posted(
                room=room,
                seq=event.seq,
                at=event.at,
                by=event.by,
                guest=event.author < 0,
                text=event.text,
                reply_to=event.target,
            )
        )
    return encode(_on_wire(event, room))


def _on_wire(event: Event, room: str) -> LogEvent:
    match event.kind:
        case Kind.JOINED:
            return Joined(room=room, seq=event.seq, at=event.at, by=event.by, guest=event.author < 0)
        case Kind.LEFT:
            return Left(room=room, seq=event.seq, at=event.at, by=event.by, guest=event.author < 0)
        case Kind.CONFIGURED:
            return Configured(
                room=room, seq=event.seq, at=event.at, by=event.by, guest=event.author < 0, topic=event.text
            )
    raise ValueError(f"The log of '{room}' holds an event of kind {event.kind} that this version does not know.")
