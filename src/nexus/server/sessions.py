"""Sessions: one conversation each, which may outlive its connection by the grace time."""

from collections.abc import ValuesView

from nexus.core.budget import sources_of
from nexus.core.people import Account
from nexus.core.room import Room
from nexus.core.speaker import Budget, Speaker
from nexus.ports import Listener, Timer
from nexus.protocol.refusals import Refusal
from nexus.protocol.types import Ref

TYPING_EVERY = 1.0
"""Seconds between two notices to a room that the same person types; clients send one every few seconds."""


class Session(Speaker):
    """A speaker in a conversation: the rooms it is in, and the connection that it goes on at, if any."""

    __slots__ = (
        "__weakref__",
        "_beside",
        "_grace",
        "_out",
        "coming",
        "connection",
        "id",
        "ignoring",
        "ignoring_changes",
        "login",
        "membership_changes",
        "returning",
        "rooms",
        "turn",
        "typed",
    )

    def __init__(self, id: int, name: str, role: str, account: int | None, budget: Budget) -> None:
        super().__init__(-id if account is None else account, name, role, budget)
        self.id = id
        self.login: int | None = None
        self.connection: Connection | None = None
        self.rooms: dict[str, ActiveRoom] = {}
        self.membership_changes = 0
        self.ignoring: set[int] = set()
        """The authors whom the person ignores."""
        self.ignoring_changes = 0
        self.turn = 0
        self.coming = 0
        """How many connections are saying hello to continue it."""
        self.returning = False
        """A guest's, from before a restart, that has not continued yet: which rooms it was in is not known any more."""
        self.typed: dict[int, float] = {}
        self._grace: Timer | None = None
        self._out: dict[int, int] = {}  # rooms that the account was removed from meanwhile, with the seq of that
        self._beside: Waiting = {}

    @classmethod
    def of_account(
        cls, id: int, account: Account, login: int | None, budget: Budget, *, was_guest: bool = False
    ) -> "Session":
        """The session of an account, which may have begun as a guest's."""
        session = cls(id, account.name, account.role, account.id, budget)
        session.login, session.limited, session.owner = login, account.limited, account.owner
        session.earlier = -id if was_guest else 0
        return session

    @classmethod
    def of_guest(cls, id: int, name: str, budget: Budget, *, may_talk: bool, returning: bool) -> "Session":
        """The session of a guest, whose name and identity it is."""
        session = cls(id, name, "guest", None, budget)
        session.may_talk, session.returning = may_talk, returning
        return session

    @property
    def listener(self) -> Listener | None:
        """The connection that hears what the session is sent."""
        return None if self.connection is None else self.connection.listener

    def begin_hello(self) -> None:
        """A connection says hello to continue this session, so that it does not end meanwhile."""
        self.coming += 1

    def end_hello(self) -> None:
        """That hello has its reply."""
        self.coming -= 1

    def take_turn(self, address: str) -> int:
        """Another `hello` is for this session, and pays for what is read; only the latest may attach its connection."""
        self.turn += 1
        if self.connection is None:
            self._come_from(address)
        return self.turn

    def may_show_typing(self, room: int, now: float) -> bool:
        """Whether it is long enough ago that the room was shown that someone types; if so, it is shown now."""
        if now - self.typed.get(room, -TYPING_EVERY) < TYPING_EVERY:
            return False
        if len(self.typed) > len(self.rooms):
            self.typed.clear()
        self.typed[room] = now
        return True

    def attach(self, connection: "Connection") -> None:
        """Go on at this connection."""
        self.stop_waiting()
        self.connection = connection
        connection.session = self
        self._come_from(connection.listener.address)

    def _come_from(self, address: str) -> None:
        self.sources = sources_of(address, self.account)

    def has_returned(self) -> None:
        """It has continued, in the rooms that its client named."""
        self.returning = False

    def detach(self) -> None:
        """The connection is none of this session's any more."""
        for room in self.rooms.values():
            room.stop_listening(self)
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.session = None

    def wait(self, grace: Timer, beside: "Waiting") -> None:
        """Nobody is there; the session ends with the timer, and waits beside others until then."""
        self.stop_waiting()
        self._grace = grace
        self._beside = beside
        beside[self] = None

    def stop_waiting(self) -> None:
        """The session goes on, or is over."""
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None
            self._beside.pop(self, None)

    def become(self, account: Account, login: int) -> None:
        """The guest speaks as an account from now on, which has told them nothing yet."""
        self.earlier = -self.id
        self.author = self.account = account.id
        self.update(account)
        self.may_talk = True
        self.login = login
        if self.connection is not None:
            self._come_from(self.connection.listener.address)
        self.forget_marks()
        self.ignoring = set()
        self.ignoring_changes += 1

    def update(self, account: Account) -> None:
        """The account's rights on the server are these now."""
        self.role, self.limited = account.role, account.limited

    def use_login(self, login: int) -> None:
        """The account is signed in here by another login than before."""
        self.login = login

    def rename(self, name: str) -> None:
        """The person has another name."""
        self.name = name

    def let_talk(self, may: bool) -> None:
        """The person may talk from now on, or only read."""
        self.may_talk = may

    def learn_ignored(self, authors: set[int]) -> None:
        """Whom the person ignores, as it is stored."""
        self.ignoring = authors

    def learn_memberships(self, places: dict[int, str]) -> None:
        """What the account is in which rooms, as it is stored."""
        self.member_of = places

    def ignore(self, author: int, *, ignored: bool) -> None:
        """The person ignores an author from now on, or no longer."""
        self.ignoring_changes += 1
        if ignored:
            self.ignoring.add(author)
        else:
            self.ignoring.discard(author)

    def belong(self, room: int, place: str, seq: int | None = None) -> bool:
        """The account is this in the room; true where the session did not know that it belongs there.

        A `seq` is that of the event that says so: where it was removed behind that, it is not so any more.
        """
        if seq is not None and seq < self._out.get(room, 0):
            return False
        new = room not in self.member_of
        if self.member_of.get(room) != place:
            self.member_of[room] = place
            self.membership_changes += 1
        return new

    def no_longer_belong(self, room: int, seq: int = 0) -> bool:
        """The account's membership ended, with the event of that seq; true where the session believed in it."""
        if seq:
            self._out[room] = seq
        known = self.member_of.pop(room, None) is not None
        self.membership_changes += 1
        return known


Waiting = dict[Session, None]
"""Sessions that nobody is at, the one that has waited for the longest first."""

ActiveRoom = Room[Session]


class Connection:
    """One connection to the chat: its listener, the session it speaks in, and the commands that wait for a reply."""

    __slots__ = ("_flooded", "_in_flight", "_refs", "greeting", "listener", "session")

    def __init__(self, listener: Listener, in_flight: int) -> None:
        self.listener = listener
        self.session: Session | None = None
        self.greeting = False
        """Whether a `hello` is being answered: it may wait for the disk or for a password's turn."""
        self._in_flight = in_flight
        self._refs: set[Ref] = set()
        self._flooded = False

    def begin(self, ref: Ref) -> None:
        """A command waits for its reply from now on; raises the Refusal of a ref that one is waiting with already."""
        if ref in self._refs:
            raise Refusal("bad_request", f"The ref {ref!r} is still waiting for its reply; use another.")
        self._refs.add(ref)

    def begin_post(self, ref: Ref) -> None:
        """The same, of a post: the next command is read meanwhile, unless very many wait."""
        self.begin(ref)
        if len(self._refs) >= self._in_flight and not self._flooded:
            self._flooded = True
            self.listener.hold()

    def end(self, ref: Ref) -> None:
        """The command has its reply."""
        self._refs.discard(ref)
        if self._flooded and len(self._refs) <= self._in_flight // 2:
            self._flooded = False
            self.listener.release()


class Sessions:
    """Every session of a node."""

    def __init__(self) -> None:
        self._by_id: dict[int, Session] = {}
        self.account_changes = 0
        """How often an account changed: code that read one before it waited reads it again."""

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, session: Session) -> bool:
        return self._by_id.get(session.id) is session

    def all(self) -> ValuesView[Session]:
        """All of them."""
        return self._by_id.values()

    def get(self, id: int) -> Session | None:
        """The session with that id."""
        return self._by_id.get(id)

    def add(self, session: Session) -> Session:
        """Keep a session; returns the one that is here, should another hello have been faster."""
        return self._by_id.setdefault(session.id, session)

    def remove(self, session: Session) -> bool:
        """The session is over; false where it was already."""
        return self._by_id.pop(session.id, None) is not None

    def of_account(self, account: int) -> list[Session]:
        """Those that speak as an account."""
        return [session for session in self._by_id.values() if session.account == account]

    def of_bots(self, owner: int) -> list[Session]:
        """Those that speak as a bot of an account."""
        return [session for session in self._by_id.values() if session.owner == owner > 0]

    def of_author(self, author: int) -> list[Session]:
        """Those that speak as an account, or the one of a guest."""
        return [session for session in self._by_id.values() if session.author == author]

    def account_is(self, account: Account) -> list[Session]:
        """What an account is on the server now; returns the sessions that speak as it."""
        self.account_changes += 1
        mine = self.of_account(account.id)
        for one in mine:
            one.update(account)
        return mine

    def of_login(self, login: int) -> list[Session]:
        """Those that came of a login."""
        return [session for session in self._by_id.values() if session.login == login]
