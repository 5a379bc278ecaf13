"""Someone who looks at each event of a room as it is written, and at what is durable in that moment."""

from nexus.core.log import Record
from nexus.core.person import account_of
from nexus.protocol import events as ev
from nexus.protocol.replies import Done
from tests.world.node import World
from tests.world.people import Frame, Person

GARDEN = "garden"
"""A room beside the one that is looked at."""


class Watched(Person):
    """Looks at each event of the room as it is written, and at what is durable in that moment."""

    account = 0
    faults: list[str]
    room: int
    id = ""
    called = ""

    def write(self, data: bytes) -> None:
        count = len(self.frames)
        super().write(data)
        for frame in self.frames[count:]:
            self._look(frame)

    def _look(self, frame: Frame) -> None:
        if getattr(frame, "room", "") == GARDEN:
            return  # the other room, where everyone may come and go
        if isinstance(frame, Done):
            for info in (*(frame.rooms or ()), *([frame.room] if frame.room is not None else ())):
                if self.id in (info.name, *(info.former or ())):
                    self.called = info.name
        elif isinstance(frame, ev.Member) and frame.member and frame.name in ("", self.name):
            self.called = frame.room
        elif isinstance(frame, ev.Moved):
            if frame.from_ != self.called:
                self.faults.append(f"{self.name} knew {self.called} and heard {frame}")
            self.called = frame.room
        elif isinstance(frame, ev.RoomEvent):
            if frame.room != self.called:
                self.faults.append(f"{self.name} knew {self.called} and heard {frame}")
            ended = out_since(self.world, self.room, self.account)
            if ended is not None and frame.seq >= ended:
                self.faults.append(f"{self.name} was removed at {ended} and heard {frame}")


def out_since(world: World, room: int, account: int) -> int | None:
    """Since which seq an account is out of a room; None while it belongs to it, and the room is there."""
    if (room, account) in world.durable.members and room in world.durable.rooms:
        return None
    row = world.durable.rooms.get(room)
    if row is not None and row.rules.kind == "open":
        return None  # anyone may read it, and come in again
    ends = [one.event.seq for one in log(world, room) if _ends(one.event, one.author, account)]
    return max(ends, default=0)


def log(world: World, room: int) -> list[Record]:
    """All that is durable of a room, also where it was destroyed."""
    return [record for (of, _), record in sorted(world.durable.records.items()) if of == room]


def _ends(event: ev.RoomEvent, author: int, account: int) -> bool:
    if isinstance(event, ev.Destroyed):
        return True
    if isinstance(event, ev.Removed):
        return account_of(event.person) == account
    return isinstance(event, ev.Left) and author == account
