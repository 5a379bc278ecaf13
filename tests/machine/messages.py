"""Messages as a person holds them, folded from what they hear, beside the messages of the log."""

from copy import deepcopy
from typing import Any

import msgspec

from nexus.core.log import Record
from nexus.protocol import events as ev
from nexus.protocol.codec import decode_event, encode
from nexus.protocol.folding import fold, rename


class Held:
    """What someone knows of messages, by room and seq."""

    def __init__(self) -> None:
        self.rooms: dict[str, dict[int, ev.Posted]] = {}

    def take(self, event: ev.RoomEvent) -> None:
        """The next event of a room's log."""
        messages = self.rooms.setdefault(event.room, {})
        if isinstance(event, ev.Posted):
            messages[event.seq] = event
        elif isinstance(event, ev.Amendment) and event.target in messages:
            messages[event.target] = fold(messages[event.target], event)

    def renamed(self, event: ev.Renamed) -> None:
        """Someone has another name."""
        for messages in self.rooms.values():
            for seq, message in messages.items():
                messages[seq] = rename(message, event)

    def forget(self, room: str) -> None:
        """What was known of a room may be out of date."""
        self.rooms.pop(room, None)

    def copy(self) -> "Held":
        """The same for another connection."""
        held = Held()
        held.rooms = deepcopy(self.rooms)
        return held


def truth(record: Record) -> ev.RoomEvent:
    """An event of the log, as it would be sent now."""
    found = decode_event(encode(record.event))
    assert isinstance(found, ev.RoomEvent)
    return found


def bare(message: ev.RoomEvent, *, reactions: bool) -> dict[str, Any]:
    """A message without the names of accounts, which may be older or newer than the log's."""
    fields: dict[str, Any] = msgspec.to_builtins(message)
    if not message.guest:
        del fields["by"]
    if "mentions" in fields:
        fields["mentions"] = len(fields["mentions"])
    if "reactions" in fields:
        people = {
            emoji: sorted(one["by"] if one.get("guest") else "" for one in people)
            for emoji, people in fields.pop("reactions").items()
        }
        fields["reactions"] = people if reactions else None
    elif not reactions:
        fields["reactions"] = None
    return fields


def check_message(told: ev.Posted, now: ev.Posted) -> None:
    """What is told of a message is what it is, or was: then the later events about it are still to come."""
    assert (told.seq, told.at, told.guest, told.reply_to) == (now.seq, now.at, now.guest, now.reply_to)
    assert (told.changed or 0) <= (now.changed or 0), (told, now)
    if told.changed == now.changed:
        assert bare(told, reactions=True) == bare(now, reactions=True)
