"""What the events about a message do to it: clients fold them into what they show, the server into its tail."""

from nexus.protocol import events as e
from nexus.protocol.types import Person

Amending = e.Edited | e.Deleted | e.Reacted | e.Unreacted | e.Pinned | e.Unpinned
"""The events that are about an earlier message, which their `target` names."""


def fold(message: e.Posted, event: Amending) -> None:
    """Change a message as an event about it says; one that is in it already (see `changed`) changes nothing."""
    if event.seq <= (message.changed or 0):
        return
    message.changed = event.seq
    match event:
        case e.Edited():
            message.edited = event.at
            if event.text is not None:  # else the edit that replaced it follows
                message.text = event.text
        case e.Deleted():
            message.text, message.deleted = "", True
            message.edited, message.pinned, message.reactions = None, False, {}
        case e.Reacted():
            message.reactions.setdefault(event.emoji, []).append(Person(event.by, event.guest))
        case e.Unreacted():
            _take_back(message.reactions, event.emoji, Person(event.by, event.guest))
        case e.Pinned() | e.Unpinned():
            message.pinned = isinstance(event, e.Pinned)


def _take_back(reactions: dict[str, list[Person]], emoji: str, person: Person) -> None:
    people = reactions.get(emoji, [])
    if person in people:
        people.remove(person)
    if not people:
        reactions.pop(emoji, None)


def rename(message: e.Posted, event: e.Renamed) -> None:
    """Give an account its new name wherever a message shows it; a guest's stays as it was."""
    if event.guest:
        return
    if message.by == event.from_ and not message.guest:
        message.by = event.to
    if event.from_ in message.mentions:
        message.mentions = tuple(event.to if one == event.from_ else one for one in message.mentions)
    before, after = Person(event.from_), Person(event.to)
    for people in message.reactions.values():
        people[:] = [after if one == before else one for one in people]
