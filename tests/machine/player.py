"""A person of the machine: checks every frame as it is written, against what they were told before."""

from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from nexus.client.conversation import Conversation
from nexus.core.words import words
from nexus.protocol import commands as c
from nexus.protocol import events as ev
from nexus.protocol.replies import Done, Refused
from nexus.protocol.types import Position, RoomInfo
from tests.machine.feed import Feed, Start
from tests.machine.ledger import Deed, Ledger, Saying
from tests.machine.messages import Held, check_message, truth
from tests.world.node import World
from tests.world.people import Frame, Person, events_of


@dataclass
class Asked:
    """A command without its reply yet, and what was known when it was sent."""

    command: c.AnyCommand
    saying: Saying | None = None
    deed: Deed | None = None
    starts: dict[str, Start] = field(default_factory=dict)
    others: list[tuple["Player", Feed]] = field(default_factory=list)
    """For `leave`: where the account's other devices listened to that room."""


class Player(Person):
    """One connection; `again` is the next one of the same session."""

    def __init__(self, world: World, ledger: Ledger, name: str, *, far: bool) -> None:
        super().__init__(world, name)
        self.ledger = ledger
        self.far = far
        self.token: str | None = None
        self.guest = True
        self.asked: dict[int, Asked] = {}
        self.feeds: dict[str, Feed] = {}
        self.last: dict[str, Position] = {}
        """The last event known of each room, for a resume."""
        self.held = Held()
        """What is known of messages, as a client folds it."""
        self.talk = Conversation(None)
        """What a client shows of it; it starts again with each connection and each join."""
        self.friends: list[Player] = []
        """Everyone on the node; the other devices of an account are found among them."""

    def again(self, world: World) -> "Player":
        """A new connection of the same person, not greeted yet."""
        player = Player(world, self.ledger, self.name, far=self.far)
        player.secret, player.token, player.guest = self.secret, self.token, self.guest
        player.last = dict(self.last)
        player.held = self.held.copy()
        return player

    # --- what is said ------------------------------------------------------------------------------

    def start(self, room: str, after: Position | None, last: int | None = None, *, wrong: bool = False) -> Start:
        """Where a join or resume of now begins."""
        newest = self.world.settings.history.on_join if last is None else last
        return Start(after, newest, self.ledger.told[self.far, room], wrong)

    def asks(self, kind: type[c.Command], asked: dict[str, Any] | None = None, **fields: Any) -> None:
        """Send a command and remember that it wants a reply; `asked` is what to remember with it."""
        ref = self.ref + 1
        command = kind(ref=ref, **fields)
        self.asked[ref] = Asked(command, **(asked or {}))  # type: ignore[arg-type]
        self.sends(kind, **fields)

    def post(self, saying: Saying) -> None:
        """Try to post a message, once more perhaps."""
        fields = {"text": saying.text, "nonce": saying.nonce, "reply_to": saying.reply_to}
        self.asks(c.Post, {"saying": saying}, room=saying.room, **fields)

    def amend(self, deed: Deed) -> None:
        """Try to do something to a message, once more perhaps."""
        self.asks(deed.verb, {"deed": deed}, **deed.fields)

    def takes(self, command: c.AnyCommand) -> None:
        asked = self.asked[command.ref]  # type: ignore[index]
        if self.session is not None:
            if asked.saying is not None:
                self.ledger.tried(asked.saying, self.session.author)
            if asked.deed is not None:
                asked.deed.author = self.session.author
            self.ledger.renamed |= isinstance(command, c.Rename)
            if isinstance(command, c.Register):
                self.ledger.registering.add(self.session.id)
            if isinstance(command, c.Leave):
                self._mind_devices(asked, command.room)
        elif asked.saying is not None:
            asked.saying.unanswered += 1
        super().takes(command)

    def devices(self) -> list["Player"]:
        """The other connections that speak as the same account."""
        account = self.session.account if self.session is not None else None
        if account is None:
            return []
        return [one for one in self.friends if one is not self and one.session and one.session.account == account]

    def _mind_devices(self, asked: Asked, room: str) -> None:
        """An account that leaves a room leaves it on all its devices, at some moment from now on."""
        if self.session is not None and self.session.account is not None:
            self.ledger.leaving.add((self.session.account, room))
        for player in self.devices():
            feed = player.feeds.get(room)
            if feed is not None:
                feed.shaky = True
                asked.others.append((player, feed))

    def flows(self) -> None:
        """The full socket takes bytes again."""
        if self.paused and not self.closed:
            self.paused = False
            self.world.chat.drained(self.connection)
            self.go_on()

    def parts(self, *, leaving: bool) -> None:
        """The connection ends."""
        if not self.closed:
            self.closed = True
            self.world.chat.lost(self.connection, leaving=leaving)

    # --- what is heard -----------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        count = len(self.frames)
        super().write(data)
        try:
            for frame in self.frames[count:]:
                self.hear(frame)
        except AssertionError as fault:
            self.ledger.faults.append(fault)  # the server would make a refusal of it
            raise
        finally:
            self.frames.clear()

    def hear(self, frame: Frame) -> None:
        """Everything that may be told, and what must be true of it."""
        match frame:
            case Done() | Refused():
                self._replied(frame)
            case ev.RoomEvent():
                self._event(frame)
            case ev.Skipped():
                self._feed(frame.room, frame).skip(frame, self.world.settings.limits.catch_up)
                self.held.forget(frame.room)
            case ev.Reset():
                self.held.forget(frame.room)
                self._feed(frame.room, frame).reset(frame)
            case ev.Presence():
                self._feed(frame.room, frame).presence(frame)
            case ev.Typing():
                self._feed(frame.room, frame)
            case ev.Renamed():
                self.held.renamed(frame)
                for feed in self.feeds.values():
                    feed.renamed(frame)
            case ev.Read():
                assert frame.seq <= frame.head <= self.ledger.head(frame.room)
                assert self.session is not None
                told = frame.unread, frame.mentions
                self.ledger.check_counts(frame.room, self.session.author, (frame.seq, frame.head), told)
            case ev.Member(member=False):
                self._out_of(frame.room)
        if not isinstance(frame, Done | Refused):
            self.talk.apply(frame)

    def _feed(self, room: str, frame: Frame | ev.RoomEvent) -> Feed:
        feed = self.feeds.get(room)
        assert feed is not None, f"{self.name} is not in {room} and hears {frame}"
        return feed

    def _event(self, event: ev.RoomEvent) -> None:
        self.check(event)
        self._feed(event.room, event).take(event)
        self.last[event.room] = Position(event.seq, event.at)
        self.held.take(event)
        at = self.far, event.room
        self.ledger.told[at] = max(self.ledger.told[at], event.seq)

    def check(self, event: ev.RoomEvent) -> None:
        """What is told of the log is durable, and the same for everyone."""
        stored = self.ledger.event(event.room, event.seq)
        assert stored is not None, f"{event} is told, and not durable"
        now = truth(stored)
        if not event.guest:
            assert event.by in self.ledger.names  # an account's name may be older or newer than this
            now.by = event.by
        if isinstance(event, ev.Posted) and isinstance(now, ev.Posted):
            check_message(event, now)
            return
        if isinstance(event, ev.Edited) and isinstance(now, ev.Edited) and now.text is None:
            assert replace(event, text=None) == now  # replaced or deleted meanwhile, which a later event tells
            return
        assert event == now

    # --- replies -----------------------------------------------------------------------------------

    def _replied(self, reply: Done | Refused) -> None:
        assert isinstance(reply.ref, int)
        asked = self.asked.pop(reply.ref, None)
        assert asked is not None, f"{self.name} never sent {reply.ref}, or has a reply to it: {reply}"
        if asked.saying is not None:
            self.ledger.answered(asked.saying, reply)
        if asked.deed is not None:
            self.ledger.amended(asked.deed, reply)
        if isinstance(reply, Refused):
            assert reply.code != "internal", f"{asked.command}: {reply}"
            self._refused(asked.command, reply)
            return
        if reply.you is not None:
            self.name, self.guest = reply.you.name, reply.you.guest
        self.token = reply.token or self.token
        self._show(asked.command, reply)
        match asked.command:
            case c.Hello():
                self.secret = reply.session
                self._greeted(asked, reply.rooms or [])
            case c.Join(room=room):
                assert reply.room is not None
                self._joined(asked.starts[room], reply.room)
                feed = self.feeds[room]
                feed.here = set(reply.here or []) if len(reply.here or []) == reply.online else None
            case c.Leave(room=room):
                self._left(asked, room)
            case c.History(room=room):
                for event in events_of(reply.events):
                    assert isinstance(event, ev.RoomEvent)
                    self.check(event)
            case c.Search(query=query):
                for hit in events_of(reply.hits):
                    assert isinstance(hit, ev.Posted)
                    self.check(hit)
                    assert query.split()[1] in words(hit.text)

    def _show(self, command: c.AnyCommand, reply: Done) -> None:
        """What a client makes of the reply."""
        if isinstance(command, c.Hello):
            self.talk.views.clear()
            self.talk.greeted(reply)
            for info in reply.rooms or []:
                if isinstance(info.here, list):
                    self.talk.view(info.name).enter(info, info.here)
            return
        if isinstance(command, c.Join):
            self.talk.views.pop(command.room, None)
        self.talk.entered(reply)
        for info in reply.rooms or []:
            self._check_info(info)

    def _refused(self, command: c.AnyCommand, refused: Refused) -> None:
        if isinstance(command, c.Register) and refused.code != "unavailable" and self.session is not None:
            self.ledger.registering.discard(self.session.id)
        if refused.code == "not_joined" and isinstance(command, c.Post | c.Leave | c.Typing):
            feed = self.feeds.get(command.room)
            assert feed is None or feed.shaky, f"{self.name} is in {command.room}: {refused}"

    def _greeted(self, asked: Asked, rooms: list[RoomInfo]) -> None:
        told = {info.name: info for info in rooms}
        assert len(told) == len(rooms)
        self.feeds = {}
        for room, start in asked.starts.items():
            if room in told and isinstance(told[room].here, list) and start.after is not None:
                self._joined(start, told[room])
        for info in rooms:
            self._check_info(info)

    def _joined(self, start: Start, info: RoomInfo) -> None:
        self._check_info(info)
        assert info.head <= self.ledger.head(info.name)
        feed = self.feeds[info.name] = Feed(self.ledger, info.name, start, info.head, info.online)
        if isinstance(info.here, list) and len(info.here) == info.online:
            feed.here = set(info.here)
        if start.after is None or start.wrong:
            self.last.pop(info.name, None)
            self.held.forget(info.name)
        else:
            if start.after.seq > self.last.get(info.name, start.after).seq:
                self.held.forget(info.name)  # what came in between was heard on another connection
            self.last[info.name] = start.after
        if self.session is not None:
            feed.shaky = (self.session.account, info.name) in self.ledger.leaving

    def _check_info(self, info: RoomInfo) -> None:
        """What someone has not read is what the log has after their mark, by others."""
        assert not info.member or info.unread is not None
        if self.session is not None and info.unread is not None:
            told = info.unread, info.mentions or 0
            self.ledger.check_counts(info.name, self.session.author, (info.read or 0, info.head), told)

    def _out_of(self, room: str) -> None:
        self.feeds.pop(room, None)
        self.last.pop(room, None)
        self.held.forget(room)
        self.talk.left(room)

    def _left(self, asked: Asked, room: str) -> None:
        """Nothing of the room comes any more, on no device of an account."""
        self._out_of(room)
        for player, feed in asked.others:
            if player.feeds.get(room) is feed:
                del player.feeds[room]
