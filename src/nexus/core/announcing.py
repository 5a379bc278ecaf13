"""What nodes that share a store tell each other; and the bytes of that, which other versions read too.

Nothing here is more than a hint: who hears it looks at the store, and who does not hear it looks there a moment later.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from nexus.core.log import Record
from nexus.protocol.events import LogEvent

VERSION = 1
"""Of the bytes: a higher one is of a node that says things which cannot be read here."""

MOST = 262_144
"""Bytes of events in one announcement, at most: of what is above, it tells only where it is in the log."""

_encode = msgspec.msgpack.Encoder().encode
_event: msgspec.msgpack.Decoder[LogEvent] = msgspec.msgpack.Decoder(LogEvent)


class Look(NamedTuple):
    """Something that is different in the store now; what it is says what to look at again.

    Nodes pass over those that they do not know.
    """

    what: str
    id: int = 0
    other: int = 0


class Span(msgspec.Struct, array_like=True, frozen=True):
    """New events of a room, from one seq to another, and what they are; nothing where they have to be read."""

    room: int
    first: int
    last: int
    events: tuple[msgspec.Raw, ...] = ()


class Here(msgspec.Struct, array_like=True, frozen=True):
    """A session is in a room under a name; with an empty one it is there no longer."""

    room: int
    session: int
    author: int
    name: str


class Called(msgspec.Struct, array_like=True, frozen=True):
    """An author has another name now; they belong to these rooms."""

    author: int
    before: str
    name: str
    rooms: tuple[int, ...] = ()


class Typed(msgspec.Struct, array_like=True, frozen=True):
    """Someone writes in a room."""

    room: int
    author: int
    name: str


class Spent(msgspec.Struct, array_like=True, frozen=True):
    """A source has used so much of a limit; what is less than nothing it was given back."""

    limit: str
    source: str
    uses: float


class Announcement(msgspec.Struct, omit_defaults=True, frozen=True):
    """What one node tells the others at once.

    `told` counts what it has said of who is here, so that a gap is noticed; with `whole`, `here` is all of that. `ask`
    is the node that is to say all of it. `known` are names of accounts with where they logged in.
    """

    node: int
    version: int = VERSION
    spans: tuple[Span, ...] = ()
    looks: tuple[Look, ...] = ()
    here: tuple[Here, ...] = ()
    told: int = 0
    whole: bool = False
    ask: int = 0
    called: tuple[Called, ...] = ()
    typed: tuple[Typed, ...] = ()
    spent: tuple[Spent, ...] = ()
    known: tuple[tuple[str, str], ...] = ()


_announcement = msgspec.msgpack.Decoder(Announcement)


def spans_of(rooms: Iterable[tuple[int, Sequence[Record]]]) -> tuple[Span, ...]:
    """What is told of new events of rooms."""
    left, spans = MOST, []
    for room, records in rooms:
        events: list[msgspec.Raw] = []
        for record in records:
            if left > 0:
                events.append(msgspec.Raw(_encode(record.event)))
                left -= len(events[-1])
        told = tuple(events) if left > 0 else ()
        spans.append(Span(room, records[0].event.seq, records[-1].event.seq, told))
    return tuple(spans)


def records_of(span: Span) -> list[Record]:
    """The events of a span, in order; none where they are not told, or one of them is of a kind that is not known."""
    try:
        return [Record(span.room, 0, _event.decode(raw)) for raw in span.events]
    except msgspec.DecodeError:
        return []


def encode(announcement: Announcement) -> bytes:
    """The bytes of an announcement."""
    return _encode(announcement)


def decode(payload: bytes) -> Announcement | None:
    """What the bytes of another node say; None where that cannot be read."""
    try:
        heard = _announcement.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return heard if heard.version <= VERSION else None
