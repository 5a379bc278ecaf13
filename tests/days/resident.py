"""Somebody who lives through a day, and judges every event in the moment in which it is written to them."""

from typing import Any

from nexus.core.person import account_of
from nexus.protocol import commands as c
from nexus.protocol import events as e
from nexus.protocol.replies import Done, Refused
from nexus.protocol.types import Position
from tests.world.node import World
from tests.world.people import Frame, Person

PASSWORD = "correct horse"


class Resident(Person):
    """One device of a person; `at` has the last event that it knows of each room it is in."""

    def __init__(self, world: World, name: str, faults: list[str], address: str = "192.0.2.1") -> None:
        super().__init__(world, name, address)
        self.faults = faults
        self.at: dict[str, Position] = {}
        self.account = 0

    # --- coming and going --------------------------------------------------------------------------

    def arrives(self) -> "Resident":
        """As a guest."""
        self.hello()
        return self

    def registers(self, invite: str | None = None) -> "Resident":
        """With an account of their own."""
        self.hello()
        self.ask(c.Register, name=self.name, password=PASSWORD, invite=invite)
        return self._known()

    def _known(self) -> "Resident":
        assert self.session is not None
        self.account = self.session.account or 0
        return self

    def enters(self, room: str) -> None:
        """As a newcomer, whom only the newest messages are told."""
        self.at.pop(room, None)
        reply = self.tries(c.Join, room=room)
        if isinstance(reply, Done) and reply.room is not None:
            self.at.setdefault(room, Position(reply.room.head, 0))

    def returns(self) -> "Resident":
        """The same person on a new connection, in the rooms where they were."""
        fresh = Resident(self.world, self.name, self.faults, self.address)
        fresh.at, fresh.account, fresh.secret = dict(self.at), self.account, self.secret
        done = fresh.ask(c.Hello, session=self.secret, name=self.name, **self._proof(), resume=fresh.at)
        fresh.secret = done.session
        again = {room.name for room in done.rooms or [] if isinstance(room.here, list)}
        for room in fresh.at.keys() - again:
            del fresh.at[room]
        self.world.settle()
        return fresh

    def _proof(self) -> dict[str, Any]:
        return {"password": PASSWORD} if self.account else {}

    # --- saying ------------------------------------------------------------------------------------

    def tries(self, kind: type[c.Command], /, **fields: Any) -> Done | Refused:
        """Say a command, whatever comes of it; what was heard before is forgotten."""
        self.frames.clear()
        return self.reply(self.sends(kind, **fields))

    # --- hearing -----------------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        count = len(self.frames)
        super().write(data)
        for frame in self.frames[count:]:
            self._judge(frame)
        if len(self.frames) > 500:
            self.frames[:-5] = [frame for frame in self.frames[:-5] if isinstance(frame, Done | Refused)]

    def _judge(self, frame: Frame) -> None:
        if isinstance(frame, e.RoomEvent):
            self._in_order(frame)
            if not self.may_hear(frame.room, frame.seq):
                self.faults.append(f"{self.name} overheard {frame}")
        elif isinstance(frame, e.Presence | e.Typing) and not self.may_hear(frame.room, 1 << 50):
            self.faults.append(f"{self.name} overheard {frame}")
        elif isinstance(frame, e.Skipped):
            self.at[frame.room] = Position(frame.to, 0)
        elif isinstance(frame, e.Member) and not frame.member and frame.name in (None, "", self.name):
            self.at.pop(frame.room, None)

    def _in_order(self, event: e.RoomEvent) -> None:
        known = self.at.get(event.room)
        if known is not None and known.seq and event.seq != known.seq + 1:
            self.faults.append(f"{self.name} knew {known.seq} of '{event.room}' and heard {event}")
        self.at[event.room] = Position(event.seq, event.at)

    def may_hear(self, name: str, seq: int) -> bool:
        """Whether what is durable by now allows them to be told an event of a room."""
        room = self.world.durable.rooms_by_key[name]
        return self.finds(room) or seq < self._ended(room)

    def finds(self, room: int) -> bool:
        """Whether a room is there for them now, by what is durable: a second opinion, not the server's own rule."""
        durable = self.world.durable
        rules = durable.rooms[room].rules
        if (room, self.account) in durable.members:
            return True
        limited = self.account > 0 and durable.accounts[self.account].limited
        return rules.kind == "open" and not limited and (self.account > 0 or rules.guests != "none")

    def _ended(self, room: int) -> int:
        """The seq of the event by which they were out of a room; 0 where they never were in it."""
        ends = [0]
        for record in self.world.log(room):
            event = record.event
            removed = isinstance(event, e.Removed) and account_of(event.person) == self.account
            if removed or (isinstance(event, e.Left) and record.author == self.account):
                ends.append(event.seq)
        return max(ends)
