"""A day in the life of a server: who is there does what people do, seeded, and in the evening everything is counted."""

import random
from collections.abc import Callable, Iterable
from typing import Any

from nexus.protocol import commands as c
from nexus.protocol import events as e
from nexus.protocol.replies import Done
from tests.days.resident import Resident
from tests.world.node import World
from tests.world.people import events_of

HOUR = 3600


class Day:
    """Its people by name, and what was acknowledged of what they said."""

    def __init__(self, seed: int, **settings: Any) -> None:
        self.world = World(**settings)
        self.chance = random.Random(seed)
        self.faults: list[str] = []
        self.people: dict[str, Resident] = {}
        self.said: dict[tuple[str, int], str] = {}
        self.gone: set[tuple[str, int]] = set()
        """What its author deleted."""
        self._count = 0

    # --- who is there ------------------------------------------------------------------------------

    def comes(self, name: str, address: str = "192.0.2.1") -> Resident:
        """A guest."""
        self.people[name] = Resident(self.world, name, self.faults, address).arrives()
        return self.people[name]

    def registers(self, name: str, invite: str | None = None) -> Resident:
        """Somebody with an account."""
        self.people[name] = Resident(self.world, name, self.faults).registers(invite)
        return self.people[name]

    def present(self) -> list[Resident]:
        """All who are connected."""
        return [one for one in self.people.values() if not one.closed]

    # --- what people do ----------------------------------------------------------------------------

    def lives(self, hours: float, deeds: int, *, every: Iterable[Callable[[Resident], object]] = ()) -> None:
        """So many things happen in these hours, each at its time; now and then something of one's own."""
        doing = (self.talks,) * 12 + (self.reacts,) * 3 + (self.edits,) * 2 + (self.deletes, self.moves, self.sleeps)
        for _ in range(deeds):
            self.world.clock.advance(hours * HOUR / deeds)
            people = self.present()
            self.chance.choice((*doing, *every))(self.chance.choice(people))
            for one in list(self.people.values()):
                if one.closed and self.chance.random() < 0.1:
                    self.wakes(one)

    def talks(self, one: Resident) -> None:
        """Say something in one of one's rooms."""
        room = self._room_of(one)
        if room is not None:
            self.talks_in(one, room)

    def talks_in(self, one: Resident, room: str) -> None:
        """Say something there, and remember that it was acknowledged."""
        self._count += 1
        text = f"saying {self._count}"
        reply = one.tries(c.Post, room=room, text=text, nonce=f"n{self._count}")
        if isinstance(reply, Done):
            assert reply.seq is not None
            self.said[room, reply.seq] = text

    def reacts(self, one: Resident) -> None:
        """To what was last said in a room."""
        room = self._room_of(one)
        if room is not None:
            one.tries(c.React, room=room, seq=max(1, one.at[room].seq), emoji="👍")

    def edits(self, one: Resident) -> None:
        """What one said, if one finds it."""
        found = self._own(one)
        if found is not None:
            text = f"{self.said[found]}!"
            if isinstance(one.tries(c.Edit, room=found[0], seq=found[1], text=text), Done):
                self.said[found] = text

    def deletes(self, one: Resident) -> None:
        """What one said."""
        found = self._own(one)
        if found is not None and isinstance(one.tries(c.Delete, room=found[0], seq=found[1]), Done):
            self.gone.add(found)

    def moves(self, one: Resident) -> None:
        """Look into an open room, or a private one by its id, which must not be there for anyone who is not in it."""
        rooms = sorted(row.name for row in self.world.durable.rooms.values())
        room = self.chance.choice(rooms)
        if room not in one.at:
            one.enters(room)

    def sleeps(self, one: Resident) -> None:
        """The lid is closed."""
        one.drops()

    def wakes(self, one: Resident) -> Resident:
        """And opened again, soon or not before the session is over."""
        one.drops()
        self.people[one.name] = one.returns()
        return self.people[one.name]

    def _room_of(self, one: Resident) -> str | None:
        return self.chance.choice(sorted(one.at)) if one.at else None

    def _own(self, one: Resident) -> tuple[str, int] | None:
        room = self._room_of(one)
        if room is None:
            return None
        id = self.world.durable.rooms_by_key[room]
        author = one.session.author if one.session is not None else 0
        mine = [
            record.event.seq for record in self.world.log(id, max(0, one.at[room].seq - 20)) if record.author == author
        ]
        own = [(room, seq) for seq in mine if (room, seq) in self.said and (room, seq) not in self.gone]
        return self.chance.choice(own) if own else None

    # --- in the evening ----------------------------------------------------------------------------

    def ends(self) -> None:
        """Everybody comes back once more; then nothing was overheard, and nothing is lost."""
        for one in list(self.people.values()):
            if one.closed:
                self.wakes(one)
        self.world.clock.advance(5)
        assert not self.faults, self.faults[:5]
        self._everything_is_stored()
        for one in self.people.values():
            self._knows_all(one)

    def _everything_is_stored(self) -> None:
        logs: dict[str, dict[int, e.Posted]] = {}
        for (room, seq), text in self.said.items():
            if room not in logs:
                records = self.world.log(self.world.durable.rooms_by_key[room])
                assert [record.event.seq for record in records] == list(range(1, len(records) + 1))
                logs[room] = {one.event.seq: one.event for one in records if isinstance(one.event, e.Posted)}
            posted = logs[room][seq]
            assert posted.text == ("" if (room, seq) in self.gone else text), (room, seq)

    def _knows_all(self, one: Resident) -> None:
        """They are at the head of each of their rooms, can read it wholly, and find nothing of any other."""
        durable = self.world.durable
        for room, at in one.at.items():
            assert at.seq == durable.rooms[durable.rooms_by_key[room]].head, (one.name, room)
        mine = self._room_of(one)
        if mine is not None:
            page = events_of(one.ask(c.History, room=mine, after=0, limit=200).events)
            seqs = [event.seq for event in page if isinstance(event, e.RoomEvent)]
            assert seqs == list(range(1, len(seqs) + 1))
        hits = events_of(one.ask(c.Search, query="saying", limit=50).hits)
        assert all(one.may_hear(hit.room, hit.seq) for hit in hits if isinstance(hit, e.Posted)), one.name
        secret = [row.name for row in durable.rooms.values() if not one.finds(row.id)]
        for name in self.chance.sample(secret, min(3, len(secret))):
            assert one.refused(c.History, room=name).code == "not_found"
            assert one.refused(c.Join, room=name).code == "not_found"
