"""Whom the reader ignores, as the server tells it; no I/O."""

from nexus.client.reading import Heard
from nexus.protocol import events as e
from nexus.protocol.replies import Done
from nexus.protocol.types import IgnoredInfo


class Ignoring:
    """Knows those people by what they are called now: an event says who it is by, and names are unique."""

    def __init__(self) -> None:
        self.people: dict[str, IgnoredInfo] = {}
        """By their ids."""
        self.shown: set[tuple[str, int]] = set()
        """Messages, by room and seq, that the reader wanted to see all the same."""

    def has(self, by: str, guest: bool) -> bool:
        """Whether somebody of that name is ignored."""
        return any((one.name, one.guest) == (by, guest) for one in self.people.values())

    def hides(self, event: Heard) -> bool:
        """Whether an event of a room is not to be seen."""
        if not isinstance(event, e.RoomEvent) or (event.room, event.seq) in self.shown:
            return False
        return bool(self.people) and self.has(event.by, event.guest)

    def told(self, done: Done) -> None:
        """A reply that tells who one is tells whom one ignores, too: nobody, where it names none."""
        self.people = {one.person: one for one in done.ignored or ()}

    def apply(self, event: Heard) -> None:
        """Fold in what changes it; any other event changes nothing."""
        match event:
            case e.Ignored(person=person, name=name, guest=guest):
                self.people[person] = IgnoredInfo(person, name, guest)
            case e.Unignored(person=person):
                self.people.pop(person, None)
            case e.Renamed(from_=before, to=name, guest=guest):
                for person, one in self.people.items():
                    if (one.name, one.guest) == (before, guest):
                        self.people[person] = IgnoredInfo(person, name, guest)
