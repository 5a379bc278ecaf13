"""A person's device: a connection whose frames a client's conversation folds, in the order in which they come."""

from typing import Any

from msgspec.structs import asdict

from nexus.client.conversation import Conversation
from nexus.protocol import commands as c
from nexus.protocol.events import Posted
from nexus.protocol.replies import Done, Refused
from tests.world.node import World
from tests.world.people import Frame, Person

PASSWORD = "correct horse"


class Device(Person):
    """What `client.Connection` does, without a network."""

    def __init__(self, world: World, name: str, talk: Conversation) -> None:
        super().__init__(world, name)
        self.talk = talk
        self.said: dict[Any, c.Command] = {}
        self.folded = 0

    def says_hello(self, **fields: Any) -> None:
        """Begin, or go on after a drop."""
        again = {name: value for name, value in asdict(self.talk.hello()).items() if name != "ref"}
        self.tells(c.Hello, **(again | fields))

    def tells(self, kind: type[c.Command], **fields: Any) -> None:
        """Send a command, and remember it until its reply."""
        self.said[self.ref + 1] = kind(ref=self.ref + 1, **fields)
        self.sends(kind, **fields)

    def fold(self) -> None:
        """Take in what has come."""
        while self.folded < len(self.frames):
            self.folded += 1
            self._fold(self.frames[self.folded - 1])

    def _fold(self, frame: Frame) -> None:
        if not isinstance(frame, Done | Refused):
            self.talk.apply(frame)
            return
        command = self.said.pop(frame.ref)
        assert isinstance(frame, Done) or frame.code != "internal", (command, frame)
        if isinstance(frame, Refused):
            if isinstance(command, c.Join):
                self.talk.views.pop(command.room, None)
        elif isinstance(command, c.Hello):
            for room in self.talk.greeted(frame):
                self.tells(c.Join, room=room, after=self.talk.view(room).resumes)
        else:
            self.talk.entered(frame)
            if isinstance(command, c.Leave):
                self.talk.left(command.room)

    def check(self) -> None:
        """What the device shows is what a recount of the log from the own mark gives."""
        assert self.session is not None
        assert not self.said
        account, reader = self.session.account, self.session.author
        durable = self.world.durable
        for name, view in self.talk.views.items():
            room = durable.rooms_by_key[name]
            mark = durable.marks.get((room, account)) if account is not None else self.session.mark(room)
            seq, *chosen = mark or (0, "everything", False)
            counts = recount(self.world, room, reader, seq)
            assert (view.unread, view.mentions, view.level, view.favourite) == (*counts, *chosen), name
        assert set(self.talk.views) == set(self.session.rooms)
        if account is not None:
            belongs = {durable.rooms[room].name for room, of in durable.members if of == account}
            assert set(self.talk.memberships) == belongs


def recount(world: World, room: int, reader: int, mark: int) -> tuple[int, int]:
    """What the log says is unread after a mark, and how much of it mentions the reader."""
    durable = world.durable
    posted = [one for one in world.log(room, mark) if isinstance(one.event, Posted) and not one.event.deleted]
    theirs = [one for one in posted if one.author != reader]
    mentions = [{who for who, _ in durable.mentions.get((room, one.event.seq), ())} & {reader, 0} for one in theirs]
    return len(theirs), sum(map(bool, mentions))
