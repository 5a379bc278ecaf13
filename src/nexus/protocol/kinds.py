"""The table of kinds: how each event of a room's log is stored, written to a transcript, and read back.

A new kind is a class in `protocol.events`, a row here, and its texts; docs/architecture.md walks through one.
"""

from functools import cached_property
from typing import Any

import msgspec

from nexus.protocol import events as e

COMMON = frozenset({"room", "seq", "at", "by", "guest"})
"""The fields of every event; a store has columns for them."""


def _default_of(field: msgspec.structs.FieldInfo) -> Any:
    """What a field holds where nothing is stored of it."""
    if field.default_factory is not msgspec.NODEFAULT:
        return msgspec.field(default_factory=field.default_factory)
    return field.default


class Kind(msgspec.Struct, frozen=True, dict=True, kw_only=True):
    """One kind of event.

    `number` is stored, so it never changes. `text` names the field that people wrote (searched, erased with the
    message), `target` the field with the seq of the message it is about; a store has a column for either. `derived`
    fields follow from other events and are not stored with this one; what is left is the kind's own `data`.
    `phrase` is how a transcript says it.
    """

    number: int
    event: type[e.RoomEvent]
    phrase: str
    text: str = ""
    target: str = ""
    derived: frozenset[str] = frozenset()

    @cached_property
    def without_text(self) -> str | None:
        """What the text field holds where the text is gone, or never was."""
        field = next((field for field in msgspec.structs.fields(self.event) if field.name == self.text), None)
        return None if field is None or not field.required else ""

    @cached_property
    def data(self) -> "msgspec.json.Decoder[Any] | None":
        """Reads the fields that have no column of their own; None where the kind has none."""
        known = COMMON | self.derived | {self.text, self.target}
        fields = [field for field in msgspec.structs.fields(self.event) if field.name not in known]
        if not fields:
            return None
        struct = msgspec.defstruct(
            f"{self.event.__name__}Data",
            [(field.name, field.type, _default_of(field)) for field in fields],
            kw_only=True,
        )
        return msgspec.json.Decoder(struct)


KINDS = (
    Kind(
        number=1,
        event=e.Posted,
        phrase="posted",
        text="text",
        target="reply_to",
        derived=frozenset({"mentions", "here", "changed", "edited", "deleted", "pinned", "reactions"}),
    ),
    Kind(number=2, event=e.Joined, phrase="joined"),
    Kind(number=3, event=e.Left, phrase="left"),
    Kind(number=4, event=e.Configured, phrase="set the topic", text="topic"),
    Kind(number=5, event=e.Edited, phrase="edited", text="text", target="target"),
    Kind(number=6, event=e.Deleted, phrase="deleted", target="target"),
    Kind(number=7, event=e.Reacted, phrase="reacted to", text="emoji", target="target"),
    Kind(number=8, event=e.Unreacted, phrase="took back from", text="emoji", target="target"),
    Kind(number=9, event=e.Pinned, phrase="pinned", target="target"),
    Kind(number=10, event=e.Unpinned, phrase="unpinned", target="target"),
    Kind(number=11, event=e.Removed, phrase="removed", text="name"),
    Kind(number=12, event=e.Promoted, phrase="changed the role of", text="name"),
    Kind(number=13, event=e.Purged, phrase="removed messages of", text="name"),
    Kind(number=14, event=e.Restored, phrase="restored messages of", text="name"),
    Kind(number=15, event=e.Destroyed, phrase="deleted the room"),
    Kind(number=16, event=e.Revived, phrase="brought the room back"),
)
"""Every kind of event in a room's log."""

BY_EVENT: dict[type[e.RoomEvent], Kind] = {kind.event: kind for kind in KINDS}
BY_NUMBER = {kind.number: kind for kind in KINDS}

POSTED = BY_EVENT[e.Posted].number
"""The number of messages, for the queries of a store."""


def columns(event: e.RoomEvent) -> tuple[int, str, int | None, str | None]:
    """What a store keeps of an event beside the common fields: number, text, target, and data as JSON."""
    if type(event) is e.Posted:  # nearly all are
        return POSTED, event.text, event.reply_to, None
    if isinstance(event, e.Unrecognised):
        return event.kind, event.text, event.target, event.data
    kind = BY_EVENT[type(event)]
    return kind.number, text_of(event), target_of(event), _data_of(event, kind)


def text_of(event: e.RoomEvent) -> str:
    """The words of a person in an event; empty where it has none."""
    if isinstance(event, e.Unrecognised):
        return event.text
    kind = BY_EVENT[type(event)]
    return (getattr(event, kind.text) or "") if kind.text else ""


def target_of(event: e.RoomEvent) -> int | None:
    """The seq of the message that an event is about, or that it replies to."""
    if isinstance(event, e.Unrecognised):
        return event.target
    kind = BY_EVENT[type(event)]
    return getattr(event, kind.target) if kind.target else None


def _data_of(event: e.RoomEvent, kind: Kind) -> str | None:
    if kind.data is None:
        return None
    fields = msgspec.structs.fields(kind.data.type)
    given = {one.name: getattr(event, one.name) for one in fields if getattr(event, one.name) != one.default}
    return msgspec.json.encode(given).decode() if given else None


def restore(number: int, text: str, target: int | None, data: str | None, **common: Any) -> e.RoomEvent:
    """The event that a store kept; `common` are the fields of every event."""
    kind = BY_NUMBER.get(number)
    if kind is None:  # a later version stored it: the log goes on, and clients pass it over
        return e.Unrecognised(kind=number, text=text, target=target, data=data, **common)
    if kind.text:
        common[kind.text] = text or kind.without_text
    if kind.target:
        common[kind.target] = target
    if kind.data is not None and data is not None:
        common |= msgspec.structs.asdict(kind.data.decode(data))
    return kind.event(**common)
