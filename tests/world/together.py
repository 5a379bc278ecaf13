"""Two nodes on one store, whose announcements arrive, or not, as a test wants it."""

from random import Random
from typing import Any

from tests.world.node import World


class Together:
    """Two nodes; time passes on both at once, and what they tell each other arrives meanwhile."""

    def __init__(self, seed: int | None = None, **settings: Any) -> None:
        """With a `seed` announcements are lost, repeated, and come late and in any order."""
        self.near = World(together=True, **settings)
        self.far = World(beside=self.near)
        self.random = None if seed is None else Random(seed)
        self.passes(3.0)

    def settles(self) -> None:
        """Everything that is due happens, and whatever is under way arrives."""
        air = self.near.air
        self.near.settle()
        while air:
            air.arrive()
            self.near.settle()

    def loses(self) -> None:
        """Whatever is under way never arrives."""
        self.near.settle()
        while self.near.air:
            self.near.air.lose(0)

    def passes(self, seconds: float) -> None:
        """Time passes."""
        for _ in range(round(seconds * 20)):
            self.near.clock.advance(0.05)
            self.settles() if self.random is None else self._blow(self.random)

    def is_silent(self, seconds: float) -> None:
        """Time passes, and nothing arrives."""
        for _ in range(round(seconds * 20)):
            self.near.clock.advance(0.05)
            self.loses()

    def _blow(self, random: Random) -> None:
        """Something happens to what is under way."""
        air = self.near.air
        for _ in range(random.randrange(4)):
            if air:
                which = random.randrange(len(air))
                if random.random() < 0.3:
                    air.lose(which)
                else:
                    air.arrive(which, again=random.random() < 0.3)
                self.near.settle()
