"""The rules of what people say to each other."""

import hypothesis.strategies as st
from hypothesis.stateful import rule

from tests.machine.ledger import Saying
from tests.machine.player import Player
from tests.machine.scene import NAMES, Scene, index

whoms = st.sampled_from(("", "", " @here", *(f" @{name}" for name in NAMES), " @Ann, @bo: @Cy.", " `@Ann`"))
sizes = st.sampled_from((0, 0, 0, 50, 600))


class Talking(Scene):
    """People talk."""

    def say(self, player: Player, room: str, size: int, *, nonce: bool, reply: bool = False, whom: str = "") -> None:
        """Post a new message; an author's nonces are 0, 1, 2 … in each room, so that authors share them."""
        author = player.session.author if player.session is not None else 0
        count = sum(saying.author == author and saying.room == room for saying in self.ledger.sayings.values())
        reply_to = self.ledger.told[player.far, room] or None if reply else None
        player.post(self.ledger.say(room, f"n{count}" if nonce else None, reply_to, size, whom))

    @rule(who=index, size=sizes, nonce=st.booleans(), reply=st.booleans(), whom=whoms)
    def post(self, who: int, size: int, nonce: bool, reply: bool, whom: str) -> None:
        """Say something."""
        place = self.place(who)
        if place is not None:
            self.say(*place, size, nonce=nonce, reply=reply, whom=whom)
            self.after()

    @rule(who=index, size=sizes, count=st.integers(2, 9))
    def post_a_lot(self, who: int, size: int, count: int) -> None:
        """Someone does not wait for replies."""
        place = self.place(who)
        if place is not None:
            for number in range(count):
                self.say(*place, size, nonce=number % 2 == 0)
            self.after()

    @rule(size=sizes, count=st.integers(2, 9), nonce=st.booleans(), whom=whoms)
    def post_in_a_wave(self, size: int, count: int, nonce: bool, whom: str) -> None:
        """Everyone talks at once."""
        for who in range(count):
            place = self.place(who)
            if place is not None:
                self.say(*place, size, nonce=nonce, whom=whom)
        self.after()

    @rule(which=index, times=st.integers(1, 3))
    def retry(self, which: int, times: int) -> None:
        """An author sends an earlier message again, whatever became of it."""
        found = self.author(which)
        if found is not None:
            player, saying = found
            for _ in range(times):
                player.post(saying)
            self.after()

    @rule(which=index)
    def reuse_a_nonce(self, which: int) -> None:
        """An author says something else with an earlier message's nonce."""
        found = self.author(which)
        if found is not None:
            player, saying = found
            player.post(self.ledger.say(saying.room, saying.nonce, None, 0))
            self.after()

    def author(self, which: int) -> tuple[Player, Saying] | None:
        """A message with a nonce whose author is connected and in the room."""
        found = [
            (player, saying)
            for saying in self.ledger.sayings.values()
            for player in self.people
            if saying.nonce is not None
            and player.session is not None
            and player.session.author == saying.author
            and saying.room in player.feeds
        ]
        return found[-1 - which % len(found)] if found else None
