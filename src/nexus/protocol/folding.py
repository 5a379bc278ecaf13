"""What an event does to an earlier message: written once, for clients, the server's tails and the stores."""

from msgspec.structs import replace

from nexus.protocol import events as e
from nexus.protocol.types import Person

Reactions = dict[str, list[Person]]


def fold(message: e.Posted, event: e.Amendment) -> e.Posted:
    """The message after an event about it; one that it includes already (see `changed`) changes nothing."""
    if event.seq <= (message.changed or 0):
        return message
    match event:
        case e.Edited():
            # Without a text, a later edit or a deletion replaced this one and follows.
            text = message.text if event.text is None else event.text
            return replace(message, changed=event.seq, edited=event.at, text=text)
        case e.Deleted():
            bare = replace(message, text="", edited=None, pinned=False, reactions={}, mentions=(), here=False)
            return replace(bare, changed=event.seq, deleted=True)
        case e.Reacted():
            reactions = _add(message.reactions, event.emoji, Person(event.by, event.guest))
            return replace(message, changed=event.seq, reactions=reactions)
        case e.Unreacted():
            reactions = _remove(message.reactions, event.emoji, Person(event.by, event.guest))
            return replace(message, changed=event.seq, reactions=reactions)
        case e.Pinned() | e.Unpinned():
            return replace(message, changed=event.seq, pinned=isinstance(event, e.Pinned))


def rename(message: e.Posted, event: e.Renamed) -> e.Posted:
    """The message with an account's new name wherever it shows the old one; a guest's stays as it was."""
    if event.guest:
        return message
    before, after = Person(event.from_), Person(event.to)
    return replace(
        message,
        by=event.to if message.by == event.from_ and not message.guest else message.by,
        mentions=tuple([event.to if name == event.from_ else name for name in message.mentions]),
        reactions={
            emoji: [after if person == before else person for person in people]
            for emoji, people in message.reactions.items()
        },
    )


def _add(reactions: Reactions, emoji: str, person: Person) -> Reactions:
    return reactions | {emoji: [*reactions.get(emoji, ()), person]}


def _remove(reactions: Reactions, emoji: str, person: Person) -> Reactions:
    people = list(reactions.get(emoji, ()))
    if person in people:
        people.remove(person)
    if people:
        return reactions | {emoji: people}
    return {other: those for other, those in reactions.items() if other != emoji}
