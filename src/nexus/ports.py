"""What the server needs from outside, as small protocols; `node` picks who answers them.

Nothing here knows a socket, a file, a thread or a database. `Store` is called from the journal's thread
(`commit`, `index`) and from reader threads (everything else); all other ports only from the loop's thread.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from nexus.core.entries import Entry, Event, Found, Outcome
from nexus.core.people import Account, Counts, Login, Mark, Member, RoomRow, SessionRow
from nexus.core.searching import Query
from nexus.core.session import Session

T = TypeVar("T")


class Unavailable(Exception):  # noqa: N818  a state of the store, told to people as a refusal
    """The store cannot store or read now; the message is a sentence that says why."""


class RoomLog(Protocol):
    """Every room's events, numbered 1, 2, 3 … without a hole, for ever."""

    def page(self, room: int, *, after: int, before: int, limit: int, newest: bool) -> list[Event]:
        """Events with after < seq < before in order, at most `limit`: the newest of them or the oldest."""

    def counts(self, room: int, reader: int, *, after: int, upto: int, most: int) -> Counts:
        """What a reader whose mark is `after` has not read of a room up to a seq; either counts to `most`."""


class Directory(Protocol):
    """Rooms, accounts, logins, sessions, memberships and read marks."""

    def room(self, key: str, skeleton: str) -> RoomRow | None:
        """The room of that key, else the one whose name looks like it."""

    def room_by_id(self, id: int) -> RoomRow | None: ...

    def rooms(self, limit: int) -> list[RoomRow]:
        """Rooms, the most recently active first."""

    def account(self, key: str) -> Account | None: ...

    def account_by_id(self, id: int) -> Account | None: ...

    def login(self, digest: bytes) -> tuple[Login, Account] | None:
        """The login whose token has that digest."""

    def logins(self, account: int) -> list[Login]: ...

    def session(self, id: int) -> SessionRow | None: ...

    def taken(self, skeletons: Sequence[str]) -> set[str]:
        """Those of the skeletons that a session or an account holds."""

    def members(self, room: int, limit: int) -> list[Member]: ...

    def memberships(self, account: int) -> list[tuple[RoomRow, Mark]]:
        """The rooms an account belongs to, each with its mark."""

    def mark(self, room: int, reader: int) -> Mark:
        """The mark of a reader in a room."""

    def has_admin(self) -> bool: ...


class Store(RoomLog, Directory, Protocol):
    """A RoomLog and a Directory that are written together, a group at a time."""

    epoch: str
    """A random id of this history; another one means that it was replaced by a backup."""
    key: bytes
    """32 random bytes with which session secrets are signed."""
    run: int
    """Which opening of this store it is, counted from 1; sessions of a lower one are from an earlier start."""

    def commit(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Write a group in one transaction, synced when this returns; one outcome per entry, in order.

        Raises Unavailable when nothing was written: the group is then as if it had never been.
        """

    def pinned(self, room: int, limit: int) -> list[Event]:
        """The messages that are pinned in a room, the one pinned last first."""

    def search(self, query: Query, *, room: int | None, before: int | None, limit: int) -> Found:
        """Messages that answer a query, in one room or in all, the newest first; at most `limit`.

        `before` is a seq where a room is given, else the `next` of the search before; and so is the answer's `next`.
        """

    def index(self) -> bool:
        """Make what is new quick to be found, a step of it, in the journal's thread; true where there is more to do."""

    def tidy(self) -> None:
        """Housekeeping off the writer's path, such as a checkpoint; called now and then."""

    def close(self) -> None: ...


class Bus(Protocol):
    """How nodes that share a store tell each other of new events; may lose, repeat and reorder."""

    def announce(self, room: int, events: Sequence[Event]) -> None: ...

    def listen(self, hear: Callable[[int, Sequence[Event]], None]) -> None: ...


class Timer(Protocol):
    """Something that will happen, unless cancelled."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """Time, as a port so that tests move it."""

    def wall(self) -> int:
        """UTC milliseconds; may jump in both directions."""

    def now(self) -> float:
        """Seconds that only go forward, from an arbitrary start."""

    def soon(self, call: Callable[[], None]) -> None:
        """Call after everything that is being handled now."""

    def later(self, seconds: float, call: Callable[[], None]) -> Timer: ...


class Threads(Protocol):
    """Where slow work is done; `then` comes back on the loop's thread with the result or the error."""

    def write(self, work: Callable[[], T], then: Callable[[T | Exception], None]) -> None:
        """In the one writer thread."""

    def read(self, work: Callable[[], T], then: Callable[[T | Exception], None]) -> None:
        """In one of the few reader threads."""

    def hash(self, work: Callable[[], T], then: Callable[[T | Exception], None]) -> None:
        """In one of the few threads for passwords."""


class Dialect(Protocol):
    """How a listener wants its frames; a payload is encoded once per dialect, for everyone."""

    def frames(self, payloads: Sequence[bytes]) -> bytes:
        """The payloads, one frame each, joined into one buffer."""


class Listener(Protocol):
    """One connection, as the floors below the gateway see it."""

    dialect: Dialect
    address: str
    """Whom to count it for; empty where that is not known, as behind a proxy that does not say."""
    kept: str
    """The secret that the browser keeps for its page: a session's or a login's; empty where there is none."""
    session: Session | None
    """Who speaks here; None before `hello` and after the end."""
    busy: int
    """How many reasons there are to leave the next command unread, such as one being carried out."""
    closed: bool
    """Nothing can be written any more."""
    paused: bool
    """The socket is full; nothing more is read or written until it drains."""

    @property
    def write(self) -> Callable[[bytes], None]:
        """Hand whole frames to the socket; never blocks."""

    def close(self, code: int, reason: str) -> None:
        """End the connection, after what was written."""

    def ready(self) -> None:
        """The session can take the next command (it had said that it was busy)."""
