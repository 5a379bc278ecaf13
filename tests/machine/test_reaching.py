"""Who writes to whom directly, under everything that comes in between: nothing is stored behind a refusal."""

import os
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from nexus.core.people import Counts
from nexus.protocol import commands as c
from nexus.protocol import events as ev
from nexus.protocol.replies import Refused
from nexus.protocol.types import Position
from tests.world.node import World
from tests.world.people import Person

SOAK = "NEXUS_SOAK" in os.environ

NAMES = ("Ann", "Bo")
ANN, BO = 1, 2

who = st.integers(0, 1)
CODES = {"forbidden", "not_found", "not_joined", "too_many", "unauthorised", "unavailable"}


class Reaching(RuleBasedStateMachine):
    """Ann and Bo, the room between them, and the garden, in which both are."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.people: list[Person] = []
        self.faults: list[str] = []
        self.count = 0

    @initialize()
    def begin(self) -> None:
        """Both have an account and are in both rooms."""
        for name in NAMES:
            person = self.world.member(name, "garden")
            self.people.append(person)
        made = self.people[0].ask(c.Direct, names=["Bo"]).room
        assert made is not None
        self.room = made.name
        self.id = self.world.durable.rooms_by_key[self.room]
        self.people[0].join(self.room)
        self.people[0].says("good day", self.room)
        self.people[1].join(self.room)
        self._watch()

    def _watch(self) -> None:
        """Look at what each commit stores: messages come before whatever else is in a group."""
        before: dict[str, Any] = {}

        def reached(point: str) -> None:
            if point == "begin":
                before.update(head=self._head(), apart=self._apart())
            elif point == "written":
                new = (self.world.durable.records[self.id, seq] for seq in range(before["head"] + 1, self._head() + 1))
                posted = [record.event for record in new if isinstance(record.event, ev.Posted)]
                if posted and before["apart"]:
                    self.faults.append(f"{posted} was stored behind a refusal")

        self.world.store.fail = reached

    def _head(self) -> int:
        return self.world.durable.rooms[self.id].head

    def _apart(self) -> bool:
        durable = self.world.durable
        ignoring = {(ANN, BO), (BO, ANN)} & durable.ignored.keys()
        return bool(ignoring) or "nobody" in durable.preferred.values()

    def _says(self, by: int, command: type[c.Command], /, **fields: Any) -> None:
        person = self.people[by]
        if not person.closed and person.session is not None:
            person.sends(command, **fields)
            if not self.world.threads.held:
                self.world.settle()

    # --- what people do ----------------------------------------------------------------------------

    @rule(by=who, there=st.booleans())
    def post(self, by: int, there: bool) -> None:
        """Say something, to the other or in the garden."""
        self.count += 1
        self._says(
            by, c.Post, room=self.room if there else "garden", text=f"m{self.count} @here", nonce=f"{self.count}"
        )

    @rule(by=who, ignore=st.booleans())
    def ignore(self, by: int, ignore: bool) -> None:
        """Ignore the other, or no longer."""
        self._says(by, c.Ignore if ignore else c.Unignore, name=NAMES[1 - by])

    @rule(by=who, directs=st.sampled_from(("everyone", "nobody")))
    def prefer(self, by: int, directs: str) -> None:
        """Switch direct messages off, or on."""
        self._says(by, c.Prefer, directs=directs)

    @rule(by=who)
    def direct(self, by: int) -> None:
        """Ask for the room between both."""
        self._says(by, c.Direct, names=[NAMES[1 - by]])

    @rule(by=who, history=st.booleans())
    def gather(self, by: int, history: bool) -> None:
        """Make a private room of the one between both."""
        self._says(by, c.Create, kind="private", title="Plans", from_=self.room, history=history)

    @rule(by=who, seq=st.integers(1, 9))
    def read(self, by: int, seq: int) -> None:
        """Read some of the garden."""
        self._says(by, c.Read, room="garden", seq=seq)

    @rule(by=who)
    def come_back(self, by: int) -> None:
        """The connection breaks, and the session goes on with another."""
        self.people[by].drops()
        fresh = self.world.connect(NAMES[by])
        self.people[by] = fresh
        resume = {self.room: Position(1), "garden": Position(1)}
        fresh.sends(c.Hello, name=NAMES[by], password="correct horse", resume=resume)
        if not self.world.threads.held:
            self.world.settle()

    # --- what machines do --------------------------------------------------------------------------

    @rule(held=st.booleans())
    def hold(self, held: bool) -> None:
        """Threads answer when they like, or at once."""
        self.world.threads.held = held
        if not held:
            self.world.threads.release()
            self.world.settle()

    @rule(index=st.integers(0, 5), arrive=st.booleans())
    def work(self, index: int, arrive: bool) -> None:
        """One of the threads does one thing, and its answer arrives now or later."""
        self.world.threads.work(index)
        if arrive:
            self.world.threads.arrive()
        self.world.settle()

    # --- what is true ------------------------------------------------------------------------------

    @invariant()
    def nothing_is_stored_behind_a_refusal(self) -> None:
        """Looked at in each commit."""
        assert not self.faults, self.faults[0]

    @invariant()
    def a_room_that_is_made_of_theirs_is_both_of_theirs_at_once(self) -> None:
        """Until then it is nobody's, and what was said in the other stands in it as it does there."""
        durable = self.world.durable
        for room in [id for id, row in durable.rooms.items() if row.rules.kind == "private"]:
            members = {account for of, account in durable.members if of == room}
            assert members == (set() if room in durable.copies else {ANN, BO})
            for seq in range(1, durable.copied.get(room, 0) + 1):
                ours, theirs = (durable.records[of, seq].event for of in (room, self.id))
                assert (type(ours), getattr(ours, "text", "")) == (type(theirs), getattr(theirs, "text", ""))

    def teardown(self) -> None:
        """In the end all is quiet: everyone knows whom they ignore, and what is unread is what the log says."""
        if not hasattr(self, "id"):
            return
        self.world.threads.held = False
        self.world.threads.release()
        self.world.clock.advance(5)
        self.nothing_is_stored_behind_a_refusal()
        self.a_room_that_is_made_of_theirs_is_both_of_theirs_at_once()
        durable = self.world.durable
        for session in self.world.node.sessions.all():
            assert session.ignoring == {other for one, other in durable.ignored if one == session.author}
        for person, account in zip(self.people, (ANN, BO), strict=True):
            assert all(frame.code in CODES for frame in person.frames if isinstance(frame, Refused))
            if person.session is not None and not person.closed:
                self._counts_are_right(person, account)

    def _counts_are_right(self, person: Person, account: int) -> None:
        """The list of rooms tells what the log does, and so does what the devices were told."""
        room = next(one for one in person.ask(c.Rooms).rooms or [] if one.name == "garden")
        garden = self.world.durable.rooms_by_key["garden"]
        heard = [
            record
            for record in self.world.log(garden)
            if isinstance(record.event, ev.Posted)
            and record.event.seq > (room.read or 0)
            and record.author != account
            and (account, record.author) not in self.world.durable.ignored
        ]
        assert (room.unread, room.mentions) == Counts(len(heard), len(heard))


TestReaching = pytest.mark.timeout(0)(Reaching.TestCase)
TestReaching.settings = settings(
    max_examples=5000 if SOAK else 150,
    stateful_step_count=30,
    derandomize=not SOAK,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
