"""Messages expire while people talk, drop, stall and page: each gets all that is left, and nothing of what is gone."""

import os
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from nexus.client.conversation import Conversation
from nexus.client.view import Gap, RoomView
from nexus.core.lines import DAY_MS
from nexus.protocol import commands as c
from nexus.protocol import events as ev
from nexus.protocol.replies import Done, Refused
from nexus.settings import History, Limits
from tests.world.node import World
from tests.world.people import Frame, Person, events_of

SOAK = "NEXUS_SOAK" in os.environ

ROOM, ID = "garden", 1
NAMES = ("Ann", "Bo", "Cy")
KEEP = 2

who = st.integers(0, len(NAMES) - 1)
LIMITS = st.builds(
    Limits,
    catch_up=st.sampled_from((1000, 6, 3)),
    tail_events=st.sampled_from((1000, 4, 1)),
    tail_bytes=st.sampled_from((1_000_000, 900)),
    write_buffer=st.sampled_from((65_536, 200)),
    page_bytes=st.sampled_from((262_144, 400)),
)


class Watched(Person):
    """Someone whose client folds what they hear; nothing may reach them that they were told is gone."""

    faults: list[str]

    def __init__(self, world: World, name: str, talk: Conversation | None = None) -> None:
        self.talk = talk or Conversation(name)
        self.first = 1
        super().__init__(world, name)

    def write(self, data: bytes) -> None:
        count = len(self.frames)
        super().write(data)
        for frame in self.frames[count:]:
            try:
                self._look(frame)
            except Gap as gap:
                self.faults.append(f"{self.name}: {gap}")

    def _look(self, frame: Frame) -> None:
        if isinstance(frame, Done):
            if frame.session is not None:
                self.talk.greeted(frame)
            self.talk.entered(frame)
            for info in (frame.room, *(frame.rooms or [])):
                self._learns(info.first if info is not None and isinstance(info.first, int) else 1)
            for event in events_of(frame.events):  # which was on its way, perhaps, when more expired
                if getattr(event, "seq", 0) < (frame.first or 1):
                    self.faults.append(f"{self.name} has a page that begins with {frame.first}, and {event}")
            return
        if isinstance(frame, Refused):
            return
        self._check(frame)
        self.talk.apply(frame)
        if isinstance(frame, ev.Expired):
            self._learns(frame.first)
        elif isinstance(frame, ev.Skipped) and frame.gone:
            self._learns(frame.to + 1)

    def _learns(self, first: int) -> None:
        self.first = max(self.first, first)

    def _check(self, event: object) -> None:
        if isinstance(event, ev.RoomEvent) and event.seq < self.first:
            self.faults.append(f"{self.name} was told that the room begins with {self.first}, and hears {event}")

    @property
    def view(self) -> RoomView:
        return self.talk.view(ROOM)


class Expiring(RuleBasedStateMachine):
    """Three people in a room that keeps messages for two days, threads that answer when they like, and crashes."""

    @initialize(limits=LIMITS)
    def begin(self, limits: Limits) -> None:
        """They have just come in."""
        self.world = World(limits=limits, history=History(keep=KEEP))
        self.faults: list[str] = []
        self.sent: dict[str, tuple[int, str]] = {}
        """By nonce, whose message it was, and what it says."""
        self.stored: dict[str, int] = {}
        self.people = [self._come(Watched(self.world, name)) for name in NAMES]
        self.post(0, 1)

    def _come(self, person: Watched, **fields: Any) -> Watched:
        person.faults = self.faults
        person.sends(c.Hello, **(fields or {"name": person.name}))
        person.sends(c.Join, room=ROOM) if not fields else None
        self._after()
        return person

    def _after(self) -> None:
        if not self.world.threads.held:
            self.world.settle()

    def _says(self, by: int, kind: type[c.Command], **fields: Any) -> None:
        person = self.people[by]
        if not person.closed and person.session is not None:
            person.sends(kind, room=ROOM, **fields)
            self._after()

    # --- what people do ----------------------------------------------------------------------------

    @rule(by=who, many=st.integers(1, 4))
    def post(self, by: int, many: int) -> None:
        """Say something, under a nonce."""
        for _ in range(many):
            nonce = f"n{len(self.sent)}"
            self.sent[nonce] = by, f"text {nonce}"
            self._says(by, c.Post, text=f"text {nonce}", nonce=nonce)

    @rule(by=who, back=st.integers(0, 6), kind=st.sampled_from((c.Edit, c.Delete, c.React)))
    def amend(self, by: int, back: int, kind: type[c.Command]) -> None:
        """Do something to one of the newest messages."""
        more = {c.Edit: {"text": "edited"}, c.React: {"emoji": "👍"}}.get(kind, {})
        self._says(by, kind, seq=max(self.world.durable.rooms[ID].head - back, 1), **more)

    @rule(by=who, before=st.integers(1, 30), around=st.booleans())
    def page(self, by: int, before: int, around: bool) -> None:
        """Look at an older page."""
        self._says(by, c.History, limit=5, **{"around" if around else "before": before})

    @rule(by=who, seq=st.integers(1, 30))
    def reads(self, by: int, seq: int) -> None:
        """Move the read mark."""
        self._says(by, c.Read, seq=seq)

    @rule(by=who)
    def drop(self, by: int) -> None:
        """A connection breaks, and somebody comes back later by their session."""
        self.people[by].drops()
        self._after()

    @rule(by=who)
    def back(self, by: int) -> None:
        """Come back, after what one has."""
        old = self.people[by]
        if not old.closed or old.secret is None:
            return
        hello = old.talk.hello()
        again = Watched(self.world, old.name, old.talk)
        again.first, again.secret = old.first, old.secret
        self.people[by] = again
        resume = {"resume": hello.resume} if isinstance(hello.resume, dict) and hello.resume else {}
        self._come(again, session=old.secret, epoch=hello.epoch, **resume)

    # --- what happens to them ----------------------------------------------------------------------

    @rule(by=who, stuck=st.booleans())
    def stall(self, by: int, stuck: bool) -> None:
        """A socket is full after the next write, or takes bytes again."""
        person = self.people[by]
        if stuck:
            person.stuck = True
        elif person.paused:
            person.drains()

    @rule(days=st.sampled_from((1, 1, 2, 3)))
    def pass_days(self, days: int) -> None:
        """Days pass."""
        self.world.clock.wall_offset += days * DAY_MS

    @rule(seconds=st.sampled_from((0.02, 1.0, 5.0, 601.0)))
    def wait(self, seconds: float) -> None:
        """A while passes, and it may be looked for what is too old."""
        self.world.clock.advance(seconds)

    @rule()
    def hold(self) -> None:
        """The threads take their time."""
        self.world.threads.held = True

    @precondition(lambda self: self.world.threads.held)
    @rule(works=st.lists(st.integers(0, 5), max_size=4), results=st.integers(0, 3))
    def work(self, works: list[int], results: int) -> None:
        """The threads do jobs in any order, and results arrive."""
        for which in works:
            self.world.threads.work(which)
        for _ in range(results):
            self.world.threads.arrive()
        self.world.settle()

    @precondition(lambda self: self.world.threads.held)
    @rule()
    def let_go(self) -> None:
        """The threads are quick again."""
        self.world.threads.held = False
        self.world.threads.release()
        self.world.settle()

    # --- what must be true -------------------------------------------------------------------------

    @invariant()
    def nothing_wrong_was_told(self) -> None:
        """At any moment."""
        assert not self.faults, self.faults

    @rule()
    def rest(self) -> None:
        """Everything arrives, and everyone has what there is."""
        self.let_go()
        for person in self.people:
            if not person.closed:
                person.drains()
        for _ in range(3):
            self.world.clock.advance(700)  # guests who are away are forgotten meanwhile
        self.nothing_wrong_was_told()
        self._check_store()
        for person in self.people:
            if not person.closed and person.session is not None:
                self._check_person(person)

    def _check_store(self) -> None:
        row = self.world.durable.rooms[ID]
        log = self.world.log(ID)
        assert [one.event.seq for one in log] == list(range(row.first, row.head + 1))
        too_old = self.world.clock.wall() - KEEP * DAY_MS
        assert not log or log[0].event.at >= too_old - 1_000_000
        active = self.world.node.active_rooms.by_id.get(ID)
        if active is not None:
            assert (active.first, active.head) == (row.first, row.head)
            assert active.tail.first >= row.first
            assert self.world.node.tails.size == active.tail.size

    def _check_person(self, person: Watched) -> None:
        row, view, session = self.world.durable.rooms[ID], person.view, person.session
        assert session is not None
        assert view.last is None or view.last.seq <= row.head
        assert view.first == row.first, f"{person.name} thinks that the room begins with {view.first}"
        log = {one.event.seq: one.event for one in self.world.log(ID)}
        for one in view.events:
            assert one.seq in log
            if isinstance(one, ev.Posted) and all(one.seq > to for _, to in view.skipped):
                now = log[one.seq]
                assert isinstance(now, ev.Posted)
                assert (one.text, one.deleted) == (now.text, now.deleted)
        mark = session.mark(ID)
        counts = self.world.store.counts(ID, session.author, after=mark.seq if mark else 0, upto=row.head, most=1000)
        assert view.unread == counts.unread, person.name
        assert self._all_pages(person) == list(log)

    def _all_pages(self, person: Watched) -> list[int]:
        seqs: list[int] = []
        more, before = True, None
        while more:
            done = person.ask(c.History, room=ROOM, limit=7, before=before)
            page = [getattr(event, "seq", 0) for event in events_of(done.events)]
            seqs, more = page + seqs, bool(done.more)
            before = seqs[0] if seqs else None
            assert done.first == self.world.durable.rooms[ID].first
        return seqs

    def teardown(self) -> None:
        """In the end all is well, and what was stored is known for ever."""
        if not hasattr(self, "world"):
            return
        self.rest()
        for (room, _, nonce), seq in self.world.durable.nonces.items():
            by, text = self.sent[nonce]
            person = self.people[by]
            if room == ID and not person.closed and person.session is not None:
                author = self.world.durable.records[room, seq].author
                if author == person.session.author:
                    assert person.says(text, nonce=nonce).seq == seq


TestExpiring = pytest.mark.timeout(0)(Expiring.TestCase)
TestExpiring.settings = settings(
    max_examples=5000 if SOAK else 200,
    stateful_step_count=40,
    derandomize=not SOAK,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
