"""What a server says, as a client takes it: an event of a later version is not understood, but it counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from nexus.protocol.codec import decode_frame
from nexus.protocol.events import AnyEvent, LogEvent
from nexus.protocol.replies import Done, Refused
from nexus.protocol.types import Millis, Seq


class _Entry(msgspec.Struct):
    """What tells an entry of a room's log: passing events have no `at`."""

    type: str
    room: str
    seq: Seq
    at: Millis


@dataclass(frozen=True)
class Unknown:
    """An entry of a room's log whose `type` a later version brought; `raw` is the whole of it, as it came."""

    type: str
    room: str
    seq: int
    at: int
    raw: bytes


Entry = LogEvent | Unknown
"""Whatever has a place in a room's log."""

Heard = AnyEvent | Unknown
"""Whatever a server may say unasked."""

_entry = msgspec.json.Decoder(_Entry)


def read_frame(payload: str | bytes | msgspec.Raw) -> Heard | Done | Refused | None:
    """Read what a server says; None for what a client passes over."""
    raw = payload.encode() if isinstance(payload, str) else bytes(payload)
    try:
        return decode_frame(raw)
    except msgspec.DecodeError:  # of a later version, or broken
        pass
    try:
        entry = _entry.decode(raw)
    except msgspec.DecodeError:
        return None
    return Unknown(entry.type, entry.room, entry.seq, entry.at, raw)


def read_page(events: Sequence[msgspec.Raw] | None) -> list[Entry]:
    """The events of a page of history, or what a search found."""
    return [event for event in map(read_frame, events or ()) if isinstance(event, Entry)]
