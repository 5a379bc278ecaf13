"""A conversation over many connections: what to say first, what is known, when to come back. No I/O."""

from collections.abc import Callable

from nexus.client.ignoring import Ignoring
from nexus.client.outbox import Outbox
from nexus.client.reading import Heard
from nexus.client.view import RoomView
from nexus.protocol import events as e
from nexus.protocol.codes import is_temporary
from nexus.protocol.commands import Hello
from nexus.protocol.replies import Done
from nexus.protocol.types import Limits, RoomInfo, You

LONGEST_WAIT = 15.0
"""Seconds between two tries to connect, at most."""


class Conversation:
    """Remembers, over drops and restarts, who one is, which rooms one is in, and what one has seen."""

    def __init__(
        self, name: str | None, token: str | None = None, client: str = "nexus", password: str | None = None
    ) -> None:
        self.name = name
        self.token = token
        self.client = client
        self._password = password
        self.you: You | None = None
        self.session: str | None = None
        self.epoch: str | None = None
        self.views: dict[str, RoomView] = {}
        self.outbox = Outbox()
        self.ignoring = Ignoring()
        self.memberships: list[str] = []
        self.limits: Limits | None = None
        self.first_room = ""
        """The room that this server opens when none is named; empty where it does not say."""
        self.moved: Callable[[str, str], None] = lambda _before, _room: None
        """Hears of a room that was known under one name and has another."""
        self._failures = 0
        self._retry_after: float | None = None

    def hello(self) -> Hello:
        """What to say first on a new connection."""
        return Hello(
            ref="hello",
            name=None if self.token else self.name,
            token=self.token,
            password=self._password,
            session=self.session,
            epoch=self.epoch,
            resume={name: view.resumes for name, view in self.views.items() if view.resumes is not None},
            client=self.client,
        )

    def greeted(self, done: Done) -> list[str]:
        """The server's answer; returns the rooms that have to be joined again, since it did not resume them."""
        self._failures = 0
        self._retry_after = None
        self._password = None  # a token or a session stands for it from now on
        self.you, self.session, self.epoch = done.you, done.session, done.epoch
        self.token = done.token or self.token
        self.limits = done.limits
        self.first_room = done.server.room if done.server is not None else ""
        for room in done.rooms or []:
            self._follow(room)
        self.ignoring.told(done)
        self.memberships = [room.name for room in done.rooms or [] if room.member]
        if done.you is not None:
            self.name = done.you.name
        resumed = {room.name: room for room in done.rooms or [] if isinstance(room.here, list)}
        for name, view in self.views.items():
            view.rewind()
            if name in resumed:
                view.enter(resumed[name], resumed[name].here or None)
        return [name for name in self.views if name not in resumed]

    def session_over(self) -> bool:
        """Forget a session that the server no longer knows; false where there was none."""
        over, self.session = self.session is not None, None
        return over

    def entered(self, done: Done) -> None:
        """A command was answered: what that tells of oneself, and of the room that was joined."""
        if done.you is not None:
            self.you, self.name = done.you, done.you.name
        for room in (*(done.rooms or ()), *([done.room] if done.room is not None else ())):
            self._follow(room)
        if done.preferences is not None and done.you is not None:  # one speaks as an account now
            self.ignoring.told(done)
        for room in done.rooms or []:
            if done.you is not None and room.name in self.views:  # of another reader now, who has an account
                self.views[room.name].told(room)
        if done.room is not None and done.here is None and done.room.name in self.views:
            self.views[done.room.name].told(done.room)
        if done.room is not None and done.here is not None:
            self.view(done.room.name).enter(done.room, done.here, done.online)
            if done.room.member:
                self._belongs(done.room.name)

    def view(self, room: str) -> RoomView:
        """The view of a room, new where there is none."""
        return self.views.setdefault(room, RoomView(room, self._own, self._named, self._ignored))

    def left(self, room: str) -> None:
        """One is in that room no more."""
        self.views.pop(room, None)
        if room in self.memberships:
            self.memberships.remove(room)

    def _follow(self, info: RoomInfo) -> None:
        """Whatever is known of a room under a name that it had is under its own from now on."""
        for before in info.former or ():
            self._move(before, info.name)

    def _move(self, before: str, room: str) -> None:
        view = self.views.get(before)
        if view is None and before not in self.memberships:
            return
        kept = self.views.get(room) or view
        if kept is not None:
            kept.name = kept.info.name = room
        own = {room if name == before else name: one for name, one in self.views.items()}
        self.views = {name: kept if name == room and kept is not None else one for name, one in own.items()}
        self.memberships = list(dict.fromkeys(room if name == before else name for name in self.memberships))
        self.outbox.move(before, room)
        self.moved(before, room)

    def _belongs(self, room: str) -> None:
        if room not in self.memberships:
            self.memberships.append(room)

    def _own(self, event: e.Posted) -> bool:
        return self.you is not None and (event.by, event.guest) == (self.you.name, self.you.guest)

    def _named(self, event: e.Posted) -> bool:
        return self.you is not None and self.you.name in event.mentions

    def _ignored(self, event: e.Posted) -> bool:
        return self.ignoring.has(event.by, event.guest)

    def apply(self, event: Heard) -> list[str]:
        """Fold an event in; returns the rooms in which it is new."""
        self.ignoring.apply(event)
        if isinstance(event, e.Renamed):
            if self.you is not None and event.from_ == self.you.name and event.guest == self.you.guest:
                self.you = You(event.to, self.you.role, self.you.guest)
                self.name = event.to
            return [name for name, view in self.views.items() if view.apply(event)]
        if isinstance(event, e.Yourself) and self.you is not None:
            self.you = You(self.you.name, event.role, self.you.guest)
            return []
        if isinstance(event, e.Moved):
            self._move(event.from_, event.room)
            return [event.room]
        if isinstance(event, e.Member):
            if event.member:
                self._belongs(event.room)
            else:
                self.left(event.room)
            return [event.room]
        room = getattr(event, "room", None)
        view = self.views.get(room) if isinstance(room, str) else None
        return [view.name] if view is not None and view.apply(event) else []

    def comes_back(self, goodbye: e.Goodbye) -> bool:
        """The server ended the connection; false where one is not to come back."""
        self._retry_after = goodbye.retry_after
        return is_temporary(goodbye.code, goodbye.retry_after)

    def wait_for(self, seconds: float | None) -> None:
        """The server asked to come back, in so many seconds where it says how many, and not before."""
        self._retry_after = seconds

    def wait(self, chance: Callable[[], float]) -> float:
        """Seconds until the next try: as told, else longer each time, and never everyone at once."""
        asked, self._retry_after = self._retry_after, None
        if asked is not None:
            return asked
        self._failures += 1
        return chance() * min(LONGEST_WAIT, 0.25 * 2.0 ** min(self._failures, 10))
