"""The rules of how people come, go, and move about."""

from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import rule

from nexus.protocol import commands as c
from nexus.protocol.types import Position
from tests.machine.player import Player
from tests.machine.scene import NAMES, PASSWORD, ROOMS, Scene, index

MOST = 7
"""People who are connected at once."""

names = st.sampled_from(NAMES)
rooms = st.sampled_from(ROOMS + ROOMS[:1])
spots = st.sampled_from(("last", "last", "back", "wrong", "zero"))


class Visiting(Scene):
    """People come, move about, and go."""

    # --- coming ------------------------------------------------------------------------------------

    @rule(name=names, far=st.sampled_from((False, False, True)), room=rooms)
    def arrive(self, name: str, far: bool, room: str) -> None:
        """A guest says hello, and enters a room."""
        if self.crowded():
            return
        player = self.connect(far=far)
        self.greet(player, name)
        self.enter(player, room)

    def crowded(self) -> bool:
        """Whether enough people are connected."""
        return sum(not one.closed for one in self.people) >= MOST

    @rule(who=index, name=st.none() | names)
    def register(self, who: int, name: str | None) -> None:
        """A guest makes an account; all accounts are on the first node."""
        player = self.pick(who)
        if player is not None and not player.far:
            wanted = name or player.name or NAMES[0]
            self.ledger.names.add(wanted)
            player.asks(c.Register, name=wanted, password=PASSWORD)
            self.after()

    @rule(who=index, whom=index, how=st.sampled_from(("login", "token", "password")), room=rooms)
    def log_in(self, who: int, whom: int, how: str, room: str) -> None:
        """One more device of an account: a guest who logs in, or a new connection."""
        player, other = self.pick(who), self.pick(whom, member=True)
        if player is None or other is None or player.far:
            return
        if how == "login":
            player.asks(c.Login, name=other.name, password=PASSWORD)
        elif not self.crowded():
            device = self.connect()
            if other.token and how == "token":
                device.asks(c.Hello, token=other.token)
            else:
                device.asks(c.Hello, name=other.name, password=PASSWORD)
            self.enter(device, room)
        self.after()

    # --- in rooms ----------------------------------------------------------------------------------

    @rule(who=index, room=rooms, last=st.none() | st.integers(0, 4))
    def join(self, who: int, room: str, last: int | None) -> None:
        """Enter a room, or again, as a newcomer."""
        player = self.pick(who)
        if player is not None:
            self.enter(player, room, **({} if last is None else {"last": last}))

    @rule(who=index, spot=spots, count=st.integers(0, 50))
    def go_on(self, who: int, spot: str, count: int) -> None:
        """Join again, from somewhere."""
        place = self.place(who)
        if place is not None:
            player, room = place
            after, wrong = self.position(player, room, spot, count)
            start = player.start(room, after, wrong=wrong)
            player.asks(c.Join, {"starts": {room: start}}, room=room, after=after)
            self.after()

    def position(self, player: Player, room: str, spot: str, count: int) -> tuple[Position, bool]:
        """An event that someone may name as the last they know, and whether it is not of this history."""
        known = player.last.get(room, Position(0))
        told = self.ledger.told[player.far, room]
        if spot == "wrong":
            if known.seq and count % 2:
                return Position(known.seq, known.at + 1), True
            return Position(self.ledger.head(room) + 1000, known.at), True
        if spot == "back" and told:
            record = self.ledger.event(room, 1 + count % told)
            assert record is not None
            return Position(record.event.seq, record.event.at), False
        return (Position(0) if spot == "zero" else known), False

    @rule(who=index)
    def leave(self, who: int) -> None:
        """Leave a room."""
        place = self.place(who)
        if place is not None:
            place[0].asks(c.Leave, room=place[1])
            self.after()

    @rule(who=index, name=names)
    def rename(self, who: int, name: str) -> None:
        """Take another name."""
        player = self.pick(who)
        if player is not None:
            self.ledger.names.add(name)
            player.asks(c.Rename, name=name)
            self.after()

    @rule(who=index, what=st.integers(0, 9), at=st.integers(0, 40))
    def look_around(self, who: int, what: int, at: int) -> None:
        """Set a topic, read, write, look."""
        place = self.place(who)
        if place is None:
            return
        player, room = place
        asks: list[tuple[type[c.Command], dict[str, Any]]] = [
            (c.Configure, {"room": room, "topic": f"About {at}"}),
            (c.Read, {"room": room, "seq": at % (self.ledger.told[player.far, room] + 1)}),
            (c.Typing, {"room": room}),
            (c.History, {"room": room, "before": at + 1, "limit": 7}),
            (c.History, {"room": room, "after": at, "limit": 7}),
            (c.Search, {"query": f"in:{room} m{at % 10}", "limit": 3}),
            (c.Who, {"room": room}),
            (c.Rooms, {}),
            (c.Level, {"room": room, "level": ("everything", "mentions", "nothing")[at % 3]}),
        ]
        kind, fields = asks[what] if what < len(asks) else asks[what % 2]
        player.asks(kind, **fields)
        self.after()

    # --- going, and coming back --------------------------------------------------------------------

    @rule(who=index, leaving=st.sampled_from((False, False, True)))
    def part(self, who: int, leaving: bool) -> None:
        """A connection breaks, or someone leaves on purpose."""
        player = self.pick(who)
        if player is not None:
            player.parts(leaving=leaving)
            self.after()

    @rule(who=index, spot=spots, keep=st.integers(0, 3), count=st.integers(0, 50))
    def resume(self, who: int, spot: str, keep: int, count: int) -> None:
        """A session goes on with another connection, whether the one before is broken or not."""
        before = [one for one in self.people if one.secret]
        if before:
            self.come_back(before[who % len(before)], spot, keep, count)

    @rule()
    def come_back_all(self) -> None:
        """Everyone who is gone comes back, all at once."""
        for player in [one for one in self.people if one.closed and one.secret]:
            self.come_back(player, "last", 1, 0)

    def come_back(self, old: Player, spot: str, keep: int, count: int) -> None:
        """Say hello with a session, for all rooms or (with `keep` 0) one."""
        player = self.seat(old.again(self.far if old.far else self.near))
        if old.closed:
            old.secret = None
        starts = {}
        for room in list(player.last)[: None if keep else 1]:
            after, wrong = self.position(player, room, spot, count)
            starts[room] = player.start(room, after, wrong=wrong)
        fields = {"token": player.token} if player.token else {"name": player.name} if keep > 1 else {}
        resume = {room: start.after for room, start in starts.items()}
        player.asks(c.Hello, {"starts": starts}, session=player.secret, resume=resume, **fields)
        self.after()
