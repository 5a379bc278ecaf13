"""Two nodes on one store, the people on them, and what must be true at any moment and once all is quiet."""

from collections import defaultdict
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from nexus.core.names import person_name
from nexus.protocol import commands as c
from nexus.server.sessions import Session
from nexus.settings import Fanout, History, Limits, Pace, Presence
from nexus.settings import Session as SessionSettings
from tests.machine import settled
from tests.machine.ledger import Ledger
from tests.machine.player import Player
from tests.world.node import UNPACED, World

NAMES = ("Ann", "Bo", "Cy", "Dot", "BO", "Eve")
ROOMS = ("garden", "kitchen", "shed")
PASSWORD = "correct horse"

BIG = 1_000_000
LIMITS = st.builds(
    Limits,
    rooms=st.sampled_from((100, 2)),
    in_flight=st.sampled_from((256, 2)),
    waiting_bytes=st.sampled_from((BIG, 1500)),
    write_buffer=st.sampled_from((BIG, 200)),
    catch_up=st.sampled_from((BIG, 8, 3)),
    page_bytes=st.sampled_from((BIG, 400)),
    tail_events=st.sampled_from((BIG, 5, 1)),
    tail_bytes=st.sampled_from((BIG, 2000, 200)),
)
SLOW = Pace(posts=2, posts_burst=3, commands=5, commands_burst=8, address=0, logins=0)
PACES = st.sampled_from((UNPACED, UNPACED, SLOW))
FANOUTS = st.sampled_from((Fanout(), Fanout(shortest=0.02, from_listeners=1)))

index = st.integers(0, 7)


class Scene(RuleBasedStateMachine):
    """What the rules share."""

    def __init__(self) -> None:
        super().__init__()
        self.people: list[Player] = []
        self.eager = True
        self.lossy = False
        self.strangers = 0

    @initialize(
        limits=LIMITS,
        pace=PACES,
        fanout=FANOUTS,
        names=st.sampled_from((200, 2)),
        newest=st.sampled_from((5, 2, 0)),
        grace=st.sampled_from((60, 4)),
    )
    def begin(self, limits: Limits, pace: Pace, fanout: Fanout, names: int, newest: int, grace: int) -> None:
        """A server with small or large limits, and two people in the garden."""
        self.near = World(
            together=True,
            limits=limits,
            pace=pace,
            fanout=fanout,
            presence=Presence(names=names),
            history=History(on_join=newest),
            session=SessionSettings(grace=grace),
        )
        self.far = World(beside=self.near)
        self.ledger = Ledger(self.near.durable)
        for name in NAMES[:2]:
            self.greet(self.connect(), name)
            self.enter(self.people[-1], "garden")

    # --- who is there ------------------------------------------------------------------------------

    @property
    def worlds(self) -> tuple[World, World]:
        """Both nodes."""
        return self.near, self.far

    def connect(self, *, far: bool = False) -> Player:
        """One more connection."""
        return self.seat(Player(self.far if far else self.near, self.ledger, "", far=far))

    def seat(self, player: Player) -> Player:
        """Let a connection take part."""
        self.people = [one for one in self.people if not one.closed or one.secret][-12:]
        self.people.append(player)
        for world in self.worlds:
            friends = [one for one in self.people if one.world is world]
            for one in friends:
                one.friends = friends
        return player

    def pick(self, index: int, *, member: bool | None = None) -> Player | None:
        """One of those who are connected."""
        people = [one for one in self.people if not one.closed and member in (None, not one.guest)]
        return people[index % len(people)] if people else None

    def place(self, index: int) -> tuple[Player, str] | None:
        """Someone who is connected, and a room that they are in; now and then one that they are not in."""
        places = [(one, room) for one in self.people if not one.closed for room in one.feeds]
        player = self.pick(index)
        if places and index < 7:
            return places[index % len(places)]
        return (player, ROOMS[index % len(ROOMS)]) if player is not None else None

    def greet(self, player: Player, name: str, **fields: Any) -> None:
        """Say hello for the first time."""
        self.ledger.names.add(name)
        player.asks(c.Hello, name=name, **fields)
        self.after()

    def enter(self, player: Player, room: str, **fields: Any) -> None:
        """Join as a newcomer."""
        player.asks(c.Join, {"starts": {room: player.start(room, None, **fields)}}, room=room, **fields)
        self.after()

    def after(self) -> None:
        """What follows each thing that happens: everything that is due, unless time stands still."""
        if self.eager:
            self.near.settle()

    # --- at any moment -----------------------------------------------------------------------------

    @invariant()
    def nothing_wrong_was_told(self) -> None:
        """Every frame was right when it was written."""
        if self.ledger.faults:
            raise self.ledger.faults[0]

    @invariant()
    def names_are_unique(self) -> None:
        """No two identities have one name, or names that look alike."""
        holders: dict[str, set[int]] = defaultdict(set)
        for world in self.worlds:
            for session in world.node.sessions.all():
                holders[person_name(session.name).skeleton].add(self._identity(session))
        shared = {name: ids for name, ids in holders.items() if len(ids) > 1}
        assert not shared, f"{shared} have one name"

    def _identity(self, session: Session) -> int:
        """Whose name a session has; a guest who registers holds it beside the new account for a moment."""
        account = self.ledger.durable.keys.get((True, person_name(session.name).key))
        return account if account is not None and session.id in self.ledger.registering else session.author

    @invariant()
    def memory_is_bounded(self) -> None:
        """The tails keep to their limits."""
        for world in self.worlds:
            limits, tails = world.settings.limits, world.node.tails
            rooms = world.node.active_rooms.by_id.values()
            assert tails.size == sum(room.tail.size for room in rooms) <= limits.tail_bytes
            assert all(len(room.tail.events) <= limits.tail_events * 1.25 for room in rooms)

    # --- once all is quiet -------------------------------------------------------------------------

    def quiet(self) -> None:
        """Mend everything, let everything arrive, and see that everyone has everything."""
        self.mend()
        self.nothing_wrong_was_told()
        self.run()
        if self.lossy:
            self._speak_up()
            self.lossy = False
        self.ledger.leaving.clear()
        self.ledger.audit()
        for world in self.worlds:
            settled.check_node(world)
        for player in self.people:
            if not player.closed:
                settled.check_person(player)
        settled.check_snapshots(self.people)
        self.after()

    def mend(self) -> None:
        """The disk works, the threads run, the sockets take bytes."""
        for world in self.worlds:
            world.store.fail = None
            world.threads.unreadable = world.threads.held = False
            world.threads.release()
        for player in self.people:
            player.stuck = False
            player.flows()

    def run(self) -> None:
        """Let time pass until nothing more is to be expected."""
        for _ in range(8):
            self.near.clock.advance(2.0)
            while self.near.air:
                self.near.air.arrive()
        self.near.clock.advance(2.0)

    def _speak_up(self) -> None:
        """After a lost announcement the next one tells of the hole: say something in each room."""
        stranger = Player(self.near, self.ledger, "", far=False)
        self.strangers += 1
        for room in ROOMS:
            if self.ledger.room(room):
                self._say_once(stranger, room)
        stranger.parts(leaving=True)
        self.run()

    def _say_once(self, stranger: Player, room: str) -> None:
        if stranger.session is None:
            self.greet(stranger, f"stranger{self.strangers}")
            self.run()
        self.enter(stranger, room, last=0)
        self.run()
        stranger.post(self.ledger.say(room, None, None, 0))
        self.run()
        stranger.asks(c.Leave, room=room)
        self.run()

    def teardown(self) -> None:
        """In the end everyone is quiet, leaves, and is forgotten."""
        if not hasattr(self, "near"):
            return
        self.quiet()
        for player in self.people:
            player.parts(leaving=False)
        self.near.clock.advance(self.near.settings.session.grace + 200)
        for world in self.worlds:
            settled.check_nothing_left(world)
