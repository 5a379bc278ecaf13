"""The rules of what people do."""

import hypothesis.strategies as st
from hypothesis.stateful import rule

from nexus.protocol import commands as c
from nexus.protocol.types import Position
from tests.machine.ledger import Saying
from tests.machine.player import Player
from tests.machine.scene import NAMES, PASSWORD, ROOMS, Scene, index

names = st.sampled_from(NAMES)
rooms = st.sampled_from(ROOMS + ROOMS[:1] * 3)
sizes = st.sampled_from((0, 0, 0, 50, 600))
places = st.sampled_from(("new", "last", "back", "none", "many", "wrong", "zero"))


class Talking(Scene):
    """People come, talk and go."""

    # --- coming ------------------------------------------------------------------------------------

    @rule(name=names, far=st.sampled_from((False, False, True)))
    def arrive(self, name: str, far: bool) -> None:
        """A guest says hello."""
        if sum(not one.closed for one in self.people) < 7:
            self.greet(self.connect(far=far), name)

    @rule(who=index, name=st.none() | names)
    def register(self, who: int, name: str | None) -> None:
        """A guest makes an account; all accounts are on the first node."""
        player = self.pick(who)
        if player is not None and not player.far:
            wanted = name or player.name or NAMES[0]
            self.ledger.names.add(wanted)
            player.says_so(c.Register, name=wanted, password=PASSWORD)
            self.after()

    @rule(who=index, whom=index)
    def log_in(self, who: int, whom: int) -> None:
        """A guest becomes another device of an account."""
        player, other = self.pick(who), self.pick(whom, member=True)
        if player is not None and other is not None and not player.far:
            player.says_so(c.Login, name=other.name, password=PASSWORD)
            self.after()

    @rule(whom=index, by_token=st.booleans())
    def open_a_device(self, whom: int, by_token: bool) -> None:
        """One more device of an account."""
        other = self.pick(whom, member=True)
        if other is None or sum(not one.closed for one in self.people) > 7:
            return
        if by_token and other.token:
            self.connect().says_so(c.Hello, token=other.token)
        else:
            self.connect().says_so(c.Hello, name=other.name, password=PASSWORD)
        self.after()

    # --- rooms -------------------------------------------------------------------------------------

    @rule(who=index, room=rooms, place=places, count=st.integers(0, 50))
    def join(self, who: int, room: str, place: str, count: int) -> None:
        """Enter a room, or again, from somewhere."""
        player = self.pick(who)
        if player is None:
            return
        if place in ("new", "none", "many"):
            self.enter(player, room, **{} if place == "new" else {"last": count % 4 if place == "many" else 0})
            return
        after, wrong = self.position(player, room, place, count)
        start = player.start(room, after, wrong=wrong)
        player.says_so(c.Join, {"starts": {room: start}}, room=room, after=after)
        self.after()

    def position(self, player: Player, room: str, place: str, count: int) -> tuple[Position, bool]:
        """An event that someone may name as the last they know, and whether it is not of this history."""
        head = self.ledger.head(room)
        known = player.last.get(room, Position(0))
        if place == "wrong":
            if known.seq and count % 2:
                return Position(known.seq, known.at + 1), True
            return Position(head + 1000, known.at), True
        if place == "back" and head:
            event = self.ledger.event(room, 1 + count % max(self.ledger.told[player.far, room], 1))
            assert event is not None
            return Position(event.seq, event.at), False
        return (Position(0) if place == "zero" else known), False

    @rule(who=index, room=rooms)
    def leave(self, who: int, room: str) -> None:
        """Leave a room."""
        player = self.pick(who)
        if player is not None:
            player.says_so(c.Leave, room=room)
            self.after()

    @rule(who=index, room=rooms, topic=st.sampled_from(("Roses", "Tulips")))
    def set_a_topic(self, who: int, room: str, topic: str) -> None:
        """Change a room's topic."""
        player = self.pick(who)
        if player is not None:
            player.says_so(c.Configure, room=room, topic=topic)
            self.after()

    @rule(who=index, room=rooms, part=st.integers(0, 4))
    def read(self, who: int, room: str, part: int) -> None:
        """Move the read mark to somewhere."""
        player = self.pick(who)
        if player is not None:
            player.says_so(c.Read, room=room, seq=self.ledger.told[player.far, room] * part // 4)
            self.after()

    @rule(who=index, room=rooms, what=st.integers(0, 5), at=st.integers(0, 40))
    def look(self, who: int, room: str, what: int, at: int) -> None:
        """Ask for something that changes nothing."""
        player = self.pick(who)
        if player is None:
            return
        if what < 2:
            player.says_so(c.Typing, room=room)
        elif what == 2:
            player.says_so(c.History, room=room, before=at, limit=7)
        elif what == 3:
            player.says_so(c.History, room=room, after=at, limit=7)
        elif what == 4:
            player.says_so(c.Who, room=room)
        else:
            player.says_so(c.Rooms)
        self.after()

    @rule(who=index, name=names)
    def rename(self, who: int, name: str) -> None:
        """Take another name."""
        player = self.pick(who)
        if player is not None:
            self.ledger.names.add(name)
            player.says_so(c.Rename, name=name)
            self.after()

    # --- messages ----------------------------------------------------------------------------------

    def say(self, player: Player, room: str, size: int, *, nonce: bool, reply: bool = False) -> None:
        """Post a new message; an author's nonces are 0, 1, 2 … in each room, so that authors share them."""
        author = player.session.author if player.session is not None else 0
        count = sum(saying.author == author and saying.room == room for saying in self.ledger.sayings.values())
        reply_to = self.ledger.told[player.far, room] or None if reply else None
        player.post(self.ledger.say(room, f"n{count}" if nonce else None, reply_to, size))

    @rule(who=index, room=rooms, size=sizes, nonce=st.booleans(), reply=st.booleans())
    def post(self, who: int, room: str, size: int, nonce: bool, reply: bool) -> None:
        """Say something."""
        player = self.pick(who)
        if player is not None:
            self.say(player, room, size, nonce=nonce, reply=reply)
            self.after()

    @rule(room=rooms, size=sizes, count=st.integers(2, 9), nonce=st.booleans())
    def post_in_a_wave(self, room: str, size: int, count: int, nonce: bool) -> None:
        """Everyone talks at once."""
        for who in range(count):
            player = self.pick(who)
            if player is not None:
                self.say(player, room, size, nonce=nonce)
        self.after()

    @rule(which=index)
    def retry(self, which: int) -> None:
        """An author sends an earlier message again, whatever became of it."""
        found = self.authors(which)
        if found is not None:
            player, saying = found
            player.post(saying)
            self.after()

    @rule(which=index)
    def reuse_a_nonce(self, which: int) -> None:
        """An author says something else with an earlier message's nonce."""
        found = self.authors(which)
        if found is not None:
            player, saying = found
            player.post(self.ledger.say(saying.room, saying.nonce, None, 0))
            self.after()

    def authors(self, which: int) -> tuple[Player, Saying] | None:
        """A message with a nonce whose author is connected."""
        open_ones = {one.session.author: one for one in self.people if one.session is not None and not one.closed}
        sayings = [one for one in self.ledger.sayings.values() if one.nonce and one.author in open_ones]
        if not sayings:
            return None
        saying = sayings[-1 - which % len(sayings)]
        return open_ones[saying.author or 0], saying

    # --- going -------------------------------------------------------------------------------------

    @rule(who=index)
    def drop(self, who: int) -> None:
        """A connection breaks."""
        player = self.pick(who)
        if player is not None:
            player.drops()
            self.after()

    @rule(who=index)
    def go(self, who: int) -> None:
        """Someone leaves on purpose."""
        player = self.pick(who)
        if player is not None:
            player.closed = True
            player.world.chat.lost(player, leaving=True)
            self.after()

    @rule(who=index, place=places, keep=st.integers(0, 3), count=st.integers(0, 50), named=st.booleans())
    def resume(self, who: int, place: str, keep: int, count: int, named: bool) -> None:
        """A session goes on with another connection, whether the one before is broken or not."""
        before = [one for one in self.people if one.secret]
        if not before:
            return
        old = before[who % len(before)]
        player = self.seat(old.again(self.far if old.far else self.near))
        old.secret = None if old.closed else old.secret
        starts = {}
        for room in list(player.last)[: None if keep else 1]:
            after, wrong = self.position(player, room, place, count)
            starts[room] = player.start(room, after, wrong=wrong)
        fields = {"token": player.token} if player.token else {"name": player.name} if named else {}
        resume = {room: start.after for room, start in starts.items()}
        player.says_so(c.Hello, {"starts": starts}, session=player.secret, resume=resume, **fields)
        self.after()
