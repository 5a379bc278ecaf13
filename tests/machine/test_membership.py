"""Who belongs to a room, under everything that comes in between: nobody hears or says anything behind their removal."""

import os
from collections.abc import Iterator
from typing import Any

import hypothesis.strategies as st
import pytest
import structlog
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from nexus.core.person import account_of
from nexus.protocol import commands as c
from nexus.protocol import events as ev
from nexus.protocol.replies import Done
from nexus.protocol.types import Position
from tests.machine.watched import GARDEN, Watched, log
from tests.server.test_moderation import of_role
from tests.world.node import World

SOAK = "NEXUS_SOAK" in os.environ

NAMES = ("Ann", "Bo", "Cy", "Dot")
CALLED = ("plans", "meadow", "lawn")
BO, DOT = 2, 4
"""Their accounts: Dot is a bot of Bo's."""
ROLES = ("member", "moderator", "owner")

who = st.integers(0, len(NAMES) - 1)
above = st.sampled_from((0, 0, 0, 1, 2))
below = st.sampled_from((1, 1, 1, 2, 3, 0))


class Membership(RuleBasedStateMachine):
    """Three people and a bot, one private room, threads that answer when they like, and a machine that crashes."""

    @initialize()
    def begin(self) -> None:
        """Ann has a room, and Bo is in it."""
        self.world = World()
        self.faults: list[str] = []
        self.people: list[Watched] = []
        self.count = 0
        for name in NAMES:
            person = self._seat(name)
            if name == "Dot":  # a bot of Bo's
                self.token = self.people[1].ask(c.Bot, name=name).token
                person.hello(token=self.token)
            else:
                person.hello()
                person.ask(c.Register, name=name, password="correct horse")
            assert person.session is not None
            person.account = person.session.account or 0
        made = self.people[0].ask(c.Create, kind="private", title="Plans").room
        assert made is not None
        self.room = made.name
        self.id = self.world.durable.rooms_by_key[self.room]
        for person in self.people:
            person.room, person.id = self.id, self.room
            person.called = self.room
        self.admin = of_role(self.world, "Eve", "owner")
        self.people[0].join(GARDEN)
        self.people[0].join(self.room)
        self.people[0].ask(c.Add, room=self.room, name="Bo")
        self.people[1].join(self.room)

    def _seat(self, name: str) -> Watched:
        person = Watched(self.world, name)
        person.faults = self.faults
        self.people.append(person)
        return person

    def _says(self, by: int, command: type[c.Command], /, **fields: Any) -> None:
        self._ask(by, command, room=self.room, **fields)

    def _ask(self, by: int, command: type[c.Command], /, **fields: Any) -> int | None:
        person = self.people[by]
        if person.closed or person.session is None:
            return None
        ref = person.sends(command, **fields)
        self._after()
        return ref

    def _after(self) -> None:
        if not self.world.threads.held:
            self.world.settle()

    # --- what people do ----------------------------------------------------------------------------

    @rule(by=who, nonce=st.booleans())
    def post(self, by: int, nonce: bool) -> None:
        """Say something."""
        self.count += 1
        self._says(by, c.Post, text=f"m{self.count}", nonce=f"n{self.count}" if nonce else None)

    @rule(by=who, seq=st.integers(1, 9))
    def react(self, by: int, seq: int) -> None:
        """React to something."""
        self._says(by, c.React, seq=seq, emoji="👍")

    @rule(by=above, whom=below)
    def add(self, by: int, whom: int) -> None:
        """Bring someone in."""
        self._says(by, c.Add, name=NAMES[whom])

    @rule(by=above, whom=below)
    def remove(self, by: int, whom: int) -> None:
        """Take someone out."""
        self._says(by, c.Remove, name=NAMES[whom])

    @rule(whom=below, before=st.integers(0, 3), after=st.integers(0, 3), works=st.integers(0, 4))
    def remove_while_they_talk(self, whom: int, before: int, after: int, works: int) -> None:
        """Someone who is in the room, and talks all the while, is taken out of it."""
        self._says(0, c.Add, name=NAMES[whom])
        self._says(whom, c.Join, last=5)
        self.world.threads.held = True
        for _ in range(before):
            self.post(whom, nonce=False)
        self._says(0, c.Remove, name=NAMES[whom])
        for _ in range(works):
            self.work(0, arrive=True)
        for _ in range(after):
            self.post(whom, nonce=False)
            self.post(0, nonce=False)
            self.look(whom, 5)
        self.world.settle()

    @rule(by=above, whom=below, role=st.sampled_from(ROLES))
    def promote(self, by: int, whom: int, role: str) -> None:
        """Give a role."""
        self._says(by, c.Promote, name=NAMES[whom], role=role)

    @rule(by=above, works=st.integers(0, 4))
    def destroy_while_they_talk(self, by: int, works: int) -> None:
        """The room is deleted, while everybody talks, looks and enters."""
        self.world.threads.held = True
        for one in range(len(NAMES)):
            self.post(one, nonce=False)
        self._says(by, c.Destroy, confirm=True)
        self.world.settle()
        for one in range(len(NAMES)):  # behind it, whether that is stored by now or not
            self.post(one, nonce=True)
            self.react(one, 1)
            self._says(one, c.Join, last=5)
            self.look(one, 5)
        self._says(0, c.Add, name=NAMES[2])
        self._says(0, c.Remove, name=NAMES[1])
        for _ in range(works):
            self.work(0, arrive=True)
        self.world.settle()

    @rule(by=above)
    def destroy(self, by: int) -> None:
        """Delete the room."""
        self._says(by, c.Destroy, confirm=True)

    @rule(by=above, last=st.integers(0, 1))
    def undo(self, by: int, last: int) -> None:
        """Bring it back."""
        acts = [id for id, act in sorted(self.world.durable.acts.items()) if act.verb == "destroy"]
        person = self.people[by]
        if acts and not person.closed and person.session is not None:
            person.sends(c.Undo, act=acts[-1 - min(last, len(acts) - 1)])
            self._after()

    @rule(by=who, posting=st.sampled_from(("everyone", "moderators")))
    def configure(self, by: int, posting: str) -> None:
        """Say who talks."""
        self._says(by, c.Configure, posting=posting)

    @rule(by=above, name=st.sampled_from(CALLED), opens=st.booleans())
    def rename(self, by: int, name: str, opens: bool) -> None:
        """Call it something else: it has a title first, and a name once it is open to everyone."""
        if opens:
            self._says(by, c.Configure, name=name, kind="open", confirm=True)
        else:
            self._says(by, c.Configure, name=name)

    @rule(by=who)
    def join(self, by: int) -> None:
        """Enter, or again."""
        self._says(by, c.Join, last=5)

    @rule(by=who)
    def leave(self, by: int) -> None:
        """Leave."""
        self._says(by, c.Leave)

    @rule(whom=below, on=st.booleans())
    def limit(self, whom: int, on: bool) -> None:
        """Somebody finds only the rooms that they belong to from now on, or all."""
        self.admin.sends(c.Limit if on else c.Unlimit, name=NAMES[whom])
        self._after()

    @rule(by=who, kind=st.sampled_from((c.Join, c.Leave, c.Create, c.History)))
    def go_to_the_garden(self, by: int, kind: type[c.Command]) -> None:
        """Into the open room, or out of it."""
        self._ask(by, kind, room=GARDEN)

    @rule(whom=below, uses=st.integers(1, 2), role=st.sampled_from(ROLES))
    def invite(self, whom: int, uses: int, role: str) -> None:
        """Someone is invited, and comes."""
        self._ask(0, c.Invite, room=self.room, uses=uses, role=role)
        codes = [frame.code for frame in self.people[0].frames if isinstance(frame, Done) and frame.code]
        if codes:
            self._ask(whom, c.Accept, code=codes[-1])

    @rule(by=who, around=st.integers(1, 20))
    def look(self, by: int, around: int) -> None:
        """Read."""
        self._says(by, c.History, around=around)

    @rule(by=who)
    def come_back(self, by: int) -> None:
        """The connection breaks, and the session goes on with another."""
        old = self.people[by]
        secret, account = old.secret, old.account
        old.drops()
        fresh = Watched(self.world, NAMES[by])
        fresh.faults, fresh.secret, fresh.account, fresh.room = self.faults, secret, account, self.id
        fresh.id = self.room
        self.people[by] = fresh
        if secret is not None:
            proof = {"token": self.token} if NAMES[by] == "Dot" else {"name": NAMES[by], "password": "correct horse"}
            fresh.sends(c.Hello, session=secret, resume={self.room: Position(1)}, **proof)
            self._after()

    @rule(by=who, stuck=st.booleans())
    def stall(self, by: int, stuck: bool) -> None:
        """A socket is full, or drains."""
        if not stuck:
            self.people[by].drains()
        elif not self.people[by].closed:
            self.people[by].stuck = True

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

    @rule(steps=st.integers(1, 8))
    def step(self, steps: int) -> None:
        """Some of what is due is done."""
        for _ in range(steps):
            self.world.clock.step()

    # --- what is true ------------------------------------------------------------------------------

    @invariant()
    def nobody_hears_what_came_behind_their_removal(self) -> None:
        """Looked at as it was written."""
        assert not getattr(self, "faults", []), self.faults[0]

    @invariant()
    def nothing_is_stored_behind_a_removal_and_nothing_that_was_not_allowed(self) -> None:
        """The log, from its beginning, with the rights that it tells of itself."""
        if not hasattr(self, "id"):
            return
        places: dict[int, str] = {}
        posting, kind, maker, there = "everyone", "private", self.people[0].account, True
        for record in log(self.world, self.id):
            event, author = record.event, record.author
            assert there or isinstance(event, ev.Revived), f"{event} was stored in a room that was deleted"
            match event:
                case ev.Destroyed() | ev.Revived():
                    assert places[author] == "owner", f"{event} by {places}"
                    there = isinstance(event, ev.Revived)
                case ev.Joined():
                    assert not places or event.added or kind == "open", f"{event} came by themselves"
                    places[author] = "owner" if author == maker else "member"
                case ev.Left():
                    places.pop(author)
                    maker = 0 if author == maker and kind == "private" else maker
                case ev.Removed():
                    gone = account_of(event.person) or 0
                    follows = gone == DOT and BO not in places  # the bot goes with whose it is
                    assert follows or RANK[places.get(author, "")] >= 2, f"{event} by {places}"
                    places.pop(gone)
                case ev.Promoted():
                    places[account_of(event.person) or 0] = event.role
                    maker = 0 if author == account_of(event.person) == maker else maker
                case ev.Configured():
                    assert RANK[places.get(author, "")] >= (3 if event.kind else 2), f"{event} was not allowed"
                    posting, kind = event.posting or posting, event.kind or kind
                case _:
                    assert author in places, f"{event} was stored behind a removal"
                    assert posting == "everyone" or RANK[places[author]] >= 2, f"{event} was not allowed"
        durable = self.world.durable
        assert (self.id in durable.rooms) is there
        members = {account: durable.places[room, account] for room, account in durable.members if room == self.id}
        assert members == places
        assert not members or "owner" in members.values() or kind == "open"
        assert DOT not in places or kind == "open" or BO in places, "a bot is where its owner is not"
        assert RANK[places.get(DOT, "")] <= max(RANK[places.get(BO, "")], 1), "a bot is more than its owner"

    def teardown(self) -> None:
        """In the end all is quiet, and everyone knows where they belong."""
        if not hasattr(self, "id"):
            return
        for person in self.people:
            person.drains()
        self.world.threads.held = False
        self.world.threads.release()
        self.world.clock.advance(5)
        self.nobody_hears_what_came_behind_their_removal()
        self.nothing_is_stored_behind_a_removal_and_nothing_that_was_not_allowed()
        for session in self.world.node.sessions.all():
            durable = self.world.durable
            belongs = (self.id, session.account) in durable.members and self.id in durable.rooms
            assert (self.id in session.member_of) is belongs, session.name
            there = [name for name, room in session.rooms.items() if room.id == self.id]
            assert there == ([self.world.durable.rooms[self.id].name] if there else [])
            assert belongs or not there
            assert session.limited is self.world.durable.accounts[session.account or 0].limited, session.name
            garden = self.world.durable.rooms_by_key[GARDEN]
            assert GARDEN not in session.rooms or (garden, session.account) in self.world.durable.members
        assert len(self.world.durable.rooms_by_key) == 2


RANK = {"": 0, "member": 1, "moderator": 2, "owner": 3}


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    """What accounts are made is of no interest."""

    def drop(*_: object) -> str:
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[drop])
    yield
    structlog.configure(**before)


TestMembership = pytest.mark.timeout(0)(Membership.TestCase)
TestMembership.settings = settings(
    max_examples=5000 if SOAK else 200,
    stateful_step_count=40,
    derandomize=not SOAK,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
