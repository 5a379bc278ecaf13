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

    @precondition(lambda self: any(one.paused for one in self.people))
    @rule(who=index, again=st.booleans())
    def drain(self, who: int, again: bool) -> None:
        """A full socket takes bytes again, for as long as it does."""
        paused = [one for one in self.people if one.paused]
        player = paused[who % len(paused)]
        player.stuck = again
        player.flows()
        self.after()

    # --- threads, and the loop ---------------------------------------------------------------------

    @rule()
    def hold(self) -> None:
        """The threads take their time."""
        for world in self.worlds:
            world.threads.held = True

    @precondition(lambda self: self.near.threads.held)
    @rule(works=st.lists(index, max_size=4), far=st.sampled_from((False, False, True)), results=st.integers(0, 4))
    def work(self, works: list[int], far: bool, results: int) -> None:
        """The threads do jobs, in any order, and results get to the loop."""
        threads = self.worlds[far].threads
        for which in works:
            threads.work(which)
        for _ in range(results):
            threads.arrive()
        self.after()

    @precondition(lambda self: self.near.threads.held)
    @rule()
    def let_go(self) -> None:
        """The threads are as fast as ever."""
        for world in self.worlds:
            world.threads.held = False
            world.threads.release()
        self.after()

    @rule()
    def hurry(self) -> None:
        """From now on things happen faster than the loop gets to them, or not any more."""
        self.eager = not self.eager
        self.after()

    @precondition(lambda self: not self.eager)
    @rule(count=st.integers(1, 5))
    def step(self, count: int) -> None:
        """The loop does a few of the things that are due."""
        for _ in range(count):
            self.near.clock.step()

    @rule(seconds=st.sampled_from((0.02, 0.1, 0.25, 1.0, 3.0, 5.0, 61.0, 130.0)), jump=st.integers(-1, 1))
    def wait(self, seconds: float, jump: int) -> None:
        """Time passes, and the wall clock is set."""
        self.near.clock.wall_offset += 3_600_000 * jump
        self.near.clock.advance(seconds)

    # --- the disk ----------------------------------------------------------------------------------

    @rule(
        point=st.sampled_from(("begin", "written", "synced", "read")),
        count=st.integers(1, 3),
        far=st.sampled_from((False, False, True)),
    )
    def break_the_disk(self, point: str, count: int, far: bool) -> None:
        """The next few commits fail, before or after they are durable; or it cannot be read, until it can."""
        world = self.worlds[far]
        if point == "read":
            world.threads.unreadable = not world.threads.unreadable
            return
        self.lossy |= point == "synced"  # what nobody heard is stored is announced to nobody
        left = count

        def fail(reached: str) -> None:
            nonlocal left
            if reached == point:
                left -= 1
                if not left:
                    world.store.fail = None
                raise DiskError("no space left on device")

        world.store.fail = fail

    @rule()
    def crash(self) -> None:
        """The power fails; both nodes start again on what is durable."""
        for player in self.people:
            player.closed = True
        self.near.all = [self.near]
        self.near.crash()
        self.far = World(beside=self.near)

    # --- the way between the nodes -----------------------------------------------------------------

    @precondition(lambda self: self.near.air)
    @rule(which=index, how=st.sampled_from(("arrives", "arrives", "arrives again", "is lost")))
    def announce(self, which: int, how: str) -> None:
        """An announcement arrives, out of turn and maybe more than once; or it never does."""
        air = self.near.air
        if how == "is lost":
            air.lose(which % len(air))
            self.lossy = True
        else:
            air.arrive(which % len(air), again=how == "arrives again")
            self.after()

    # --- and rest ----------------------------------------------------------------------------------

    @rule()
    def rest(self) -> None:
        """Everything works for a while."""
        self.quiet()
