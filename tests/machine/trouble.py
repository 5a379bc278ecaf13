"""The rules of what goes wrong: slow sockets, slow threads, broken disks, crashes, lost announcements, time."""

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule

from tests.machine.scene import Scene, index
from tests.world.node import World


class DiskError(OSError):
    """What the disk says here."""


class Trouble(Scene):
    """Nothing works as it should."""

    # --- sockets -----------------------------------------------------------------------------------

    @rule(who=index)
    def stall(self, who: int) -> None:
        """A socket is full after the next write."""
        player = self.pick(who)
        if player is not None:
            player.stuck = True

    @rule(who=index)
    def drain(self, who: int) -> None:
        """A full socket takes bytes again."""
        stuck = [one for one in self.people if one.stuck and not one.closed]
        if stuck:
            player = stuck[who % len(stuck)]
            player.stuck = False
            if player.paused:
                player.paused = False
                player.world.chat.drained(player)
                player.ready()
            self.after()

    # --- threads -----------------------------------------------------------------------------------

    @rule()
    def hold(self) -> None:
        """The threads take their time."""
        for world in self.worlds:
            world.threads.held = True

    @precondition(lambda self: self.near.threads.held)
    @rule(far=st.booleans(), which=index)
    def work(self, far: bool, which: int) -> None:
        """A thread does a job."""
        self.worlds[far].threads.work(which)

    @precondition(lambda self: self.near.threads.held)
    @rule(far=st.booleans(), count=st.integers(1, 3))
    def arrive_from_threads(self, far: bool, count: int) -> None:
        """Results get to the loop."""
        for _ in range(count):
            self.worlds[far].threads.arrive()
        self.after()

    @precondition(lambda self: self.near.threads.held)
    @rule(count=st.integers(1, 4))
    def release(self, count: int) -> None:
        """Jobs are done."""
        for world in self.worlds:
            world.threads.release(count)
        self.after()

    @precondition(lambda self: self.near.threads.held)
    @rule()
    def let_go(self) -> None:
        """The threads are as fast as ever."""
        for world in self.worlds:
            world.threads.held = False
            world.threads.release()
        self.after()

    # --- the loop and time -------------------------------------------------------------------------

    @rule()
    def hurry(self) -> None:
        """From now on things happen faster than the loop gets to them."""
        self.eager = not self.eager
        self.after()

    @precondition(lambda self: not self.eager)
    @rule(count=st.integers(1, 5))
    def step(self, count: int) -> None:
        """The loop does a few of the things that are due."""
        for _ in range(count):
            self.near.clock.step()

    @rule(seconds=st.sampled_from((0.02, 0.1, 0.25, 1.0, 3.0, 5.0, 61.0, 130.0)))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.near.clock.advance(seconds)

    @rule(seconds=st.sampled_from((-3600, 3600)))
    def set_the_clock(self, seconds: int) -> None:
        """The wall clock jumps."""
        self.near.clock.wall_offset += seconds * 1000

    # --- the disk ----------------------------------------------------------------------------------

    @rule(point=st.sampled_from(("begin", "written", "synced")), count=st.integers(1, 3), far=st.booleans())
    def break_the_disk(self, point: str, count: int, far: bool) -> None:
        """The next few commits fail, before or after they are durable."""
        store = self.worlds[far].store
        left = count

        def fail(reached: str) -> None:
            nonlocal left
            if reached == point:
                left -= 1
                if not left:
                    store.fail = None
                raise DiskError("no space left on device")

        store.fail = fail

    @rule(far=st.booleans())
    def blind(self, far: bool) -> None:
        """The disk cannot be read, or can again."""
        threads = self.worlds[far].threads
        threads.unreadable = not threads.unreadable

    @rule()
    def crash(self) -> None:
        """The power fails; both nodes start again on what is durable."""
        for player in self.people:
            player.closed = True
        self.near.crash()
        self.far = World(beside=self.near)

    # --- the way between the nodes -----------------------------------------------------------------

    @precondition(lambda self: self.near.air)
    @rule(which=index, again=st.booleans())
    def hear_of_it(self, which: int, again: bool) -> None:
        """An announcement arrives, out of turn and maybe more than once."""
        air = self.near.air
        air.arrive(which % len(air), again=again)
        self.after()

    @precondition(lambda self: self.near.air)
    @rule(which=index)
    def never_hear_of_it(self, which: int) -> None:
        """An announcement is lost."""
        air = self.near.air
        air.lose(which % len(air))
        self.lossy = True

    # --- and rest ----------------------------------------------------------------------------------

    @rule()
    def rest(self) -> None:
        """Everything works for a while."""
        self.quiet()
