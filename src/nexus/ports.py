"""What the server needs from outside, as small protocols; `node` picks who implements them.

Nothing here knows a socket, a file, a thread or a database. A store is called from the writer's thread (`commit`,
`index`) and from reader threads (everything else); all other ports only from the loop's thread.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from nexus.core.announcing import Announcement, Look
from nexus.core.changes import Change, PostOutcome
from nexus.core.copying import CopyRow
from nexus.core.destroying import Gone
from nexus.core.log import Found, Record
from nexus.core.people import (
    Account,
    Act,
    BanRow,
    Counts,
    Invite,
    Login,
    Mark,
    Member,
    Membership,
    Profile,
    RoomRow,
    SessionRow,
)
from nexus.core.protecting import IgnoredRow
from nexus.core.purging import PurgeRow
from nexus.core.reporting import ReportRow
from nexus.core.searching import Query
from nexus.core.tail import Dialect, Message
from nexus.protocol.types import DirectsName

T = TypeVar("T")


class Unavailable(Exception):  # noqa: N818  a state of the store, passed on to people as a refusal
    """The store cannot store or read now; the message is a sentence that says why."""


class RoomLog(Protocol):
    """Every room's events, numbered 1, 2, 3 … without a hole, for ever; messages as they are now."""

    def page(
        self, room: int, *, after: int, before: int, limit: int, newest: bool, size: int | None = None
    ) -> list[Record]:
        """Events with after < seq < before in order, at most `limit`: the newest of them or the oldest.

        Where a `size` is given, reading ends about there, in bytes, after one event at least.
        """

    def pinned(self, room: int, limit: int, *, before: int | None = None, size: int | None = None) -> Found:
        """The messages that are pinned in a room, the one pinned last first.

        `before` is the `next` of the answer before. A `size` is as that of a page.
        """

    def replies(self, room: int, seq: int, limit: int, *, before: int, size: int | None = None) -> list[Record]:
        """The messages with a seq < before that reply to one, the newest first, without those that were deleted.

        A `size` is as that of a page.
        """

    def counts(self, room: int, reader: int, *, after: int, upto: int, most: int) -> Counts:
        """What a reader whose mark is `after` has not read of a room up to a seq; either counts to `most`.

        What those said whom the reader ignores is in neither.
        """


class Search(Protocol):
    """Finds messages."""

    def search(
        self, query: Query, *, room: int | None, before: int | None, limit: int, reader: int | None = None
    ) -> Found:
        """Messages that match a query, in one room or in all, the newest first; at most `limit`.

        Where a `reader` is given, an account or 0, only in rooms that are open or theirs.
        `before` is a seq where a room is given, else the `next` of the search before; and so is the answer's `next`.
        """


class Rooms(Protocol):
    """Rooms, memberships and read marks."""

    def room(self, key: str, skeleton: str) -> RoomRow | None:
        """The room of that key, else the one whose name looks like it, else the one that was called so."""

    def room_by_id(self, id: int) -> RoomRow | None:
        """The room with that id."""

    def rooms(self, limit: int, reader: int | None = None) -> list[RoomRow]:
        """Rooms, the most recently active first; a new one counts from when it was made.

        Where a `reader` is given, an account or 0, only those that are open or theirs.
        """

    def unused_rooms(self, *, before: int, after: int, limit: int) -> tuple[list[int], int | None]:
        """Rooms made before a time that have no event, member or topic, among the next so many after an id.

        With them comes what to give as `after` next time; None at the end.
        """

    def expiring(self, keep: int, at: int, *, after: int, limit: int) -> tuple[list[int], int | None]:
        """Rooms whose oldest event is too old at a time, among the next so many after an id that do not keep all.

        `keep` is the days of the server's setting, 0 for ever. With them comes what to give as `after` next time; None
        at the end.
        """

    def members(self, room: int, limit: int) -> list[Member]:
        """The accounts that belong to a room, by name."""

    def memberships(self, account: int) -> list[Membership]:
        """The rooms an account belongs to, by name, but for those that it left out of sight."""

    def place(self, room: int, account: int) -> str:
        """What an account is in a room; "" where it does not belong to it."""

    def meet(self, account: int, other: int) -> bool:
        """Whether two accounts belong to one room that the first knows of: a direct one from its first message on."""

    def hidden(self, room: int) -> dict[int, int]:
        """The accounts that left a direct room out of sight, each with where it ended then."""

    def removed(self, room: int) -> set[int]:
        """The guests who were taken out of a room."""

    def mark(self, room: int, reader: int) -> Mark:
        """The mark of a reader in a room."""


class People(Protocol):
    """Accounts, logins, sessions and the names they hold."""

    def account(self, key: str) -> Account | None:
        """The account of that name."""

    def account_by_id(self, id: int) -> Account | None:
        """The account with that id."""

    def has_admin(self) -> bool:
        """Whether an account may administer."""

    def login(self, digest: bytes) -> tuple[Login, Account] | None:
        """The login whose token has that digest."""

    def logins(self, account: int) -> list[Login]:
        """The logins of an account, the oldest first."""

    def ignored(self, reader: int) -> list[IgnoredRow]:
        """Whom an account, or a guest, ignores, by name; a guest who is gone is left out."""

    def directs(self, account: int) -> DirectsName:
        """From whom an account gets direct messages."""

    def session(self, id: int) -> SessionRow | None:
        """The session with that id; an account's has its account's name."""

    def taken(self, skeletons: Sequence[str]) -> set[str]:
        """Those of the skeletons that a session or an account holds."""


class Oversight(Protocol):
    """What an operator looks at."""

    def profiles(self, after: str, limit: int, owner: int = 0) -> list[Profile]:
        """Accounts by name, those whose key comes after the one that is given; the bots of an `owner` alone."""

    def invites(self) -> list[Invite]:
        """The invites, the oldest first; those that are spent too, for they tell who came in by them."""

    def acts(self, limit: int, *, before: int | None = None, server: bool = True, reader: int = 0) -> list[Act]:
        """What was done, the newest first; before it what was done in rooms that are not open.

        With `server` what is about the server and its open rooms; and what is about rooms that an account, the
        `reader`, owns or moderates, also where they were destroyed.
        """

    def destroyed(self) -> list[Gone]:
        """The rooms that were destroyed and may come back, or whose texts are being erased."""

    def bans(self, limit: int) -> list[BanRow]:
        """Who may not come in, the newest ban first; those that are over may be among them."""

    def paused(self) -> bool:
        """Whether nobody new may come in, and guests only read."""

    def origin(self, author: int) -> str:
        """Where a guest came from last; "" where that is not kept, or not any more."""

    def muted(self, author: int) -> int | None:
        """Until when someone may say nothing, 0 for good; None where they may."""

    def reports(self, limit: int) -> list[ReportRow]:
        """Those that nobody has settled, the oldest first."""

    def copies(self) -> list[CopyRow]:
        """The rooms that are being made out of others."""

    def purges(self) -> list[PurgeRow]:
        """Those that are under way, or are being taken back."""

    def purged(self, act: int, limit: int) -> list[tuple[int, int]]:
        """Some of the messages that an act has hidden, by room and seq."""

    def said_since(
        self, author: int, since: int, *, before: int | None, limit: int, address: str = ""
    ) -> tuple[list[tuple[int, int]], int | None]:
        """Where an author's messages of since a time are, the newest first, among so many events.

        With an `address` also those of guests who came from there.

        With it comes what to give as `before` next time (None the first time); None at the end.
        """

    def removals(self) -> list[int]:
        """The erased accounts whose messages are still to be deleted."""

    def said_by(self, account: int, *, after: int, limit: int) -> tuple[list[tuple[int, int]], int | None]:
        """Where an account's messages are, by room and seq, among the next so many events.

        With it comes what to give as `after` next time (0 the first time); None at the end.
        """


class Store(RoomLog, Search, Rooms, People, Oversight, Protocol):
    """Everything that lasts, written a group at a time."""

    epoch: str
    """A random id of this history; another one means that it was replaced by a backup."""
    key: bytes
    """32 random bytes with which session secrets are signed."""
    run: int
    """Which opening of this store it is, counted from 1; sessions of a lower one are from an earlier start."""

    def commit(self, posts: Sequence[Record], changes: Sequence[Change[Any]]) -> tuple[list[PostOutcome], list[Any]]:
        """Write a group in one transaction, the posts first, synced when this returns; an outcome for each, in order.

        A new post's outcome is its own record, whose event has its seq and time now; a change says what its outcome
        is. Raises Unavailable when nothing was written: the group is then as if it had never been.
        """

    def close(self) -> None:
        """Close; any call after that raises Unavailable."""


class Upkeep(Protocol):
    """What a store wants to have done beside its work, where it wants anything."""

    def index(self) -> bool:
        """Make what is new quick to be found, one step, in one thread at a time; true where there is more to do."""

    def tidy(self) -> None:
        """Housekeeping off the writer's path, such as a checkpoint; called every few seconds.

        Both raise Unavailable where that failed; nothing is lost then, and the next call tries again.
        """


class NodeRow(NamedTuple):
    """A node, by its opening of the store: when it was `seen` last (ms), which events it lacked, whether it is gone."""

    run: int
    name: str
    version: str
    started: int
    seen: int
    people: int
    rooms: int
    behind: int = 0
    gone: bool = False


class Cluster(Protocol):
    """What a store does for nodes that share it; a store that only one node opens does nothing of it.

    Called from reader threads; each is one transaction. Times are the database's own. Raises Unavailable.
    """

    def beat(self, node: NodeRow, dead: int) -> list[NodeRow]:
        """Note that a node is there, and give up those that said nothing for `dead` milliseconds; returns all.

        The node itself is `gone` in what is returned where it had been given up: it is not any more.
        """

    def leave(self, run: int) -> None:
        """The node stops: it is given up at once."""

    def forget(self, grace: int) -> list[int]:
        """Forget nodes that were given up that many milliseconds ago; returns them, so that their sessions end."""

    def heads(self, rooms: Sequence[int]) -> dict[int, int]:
        """The newest seq of each of these rooms."""

    def runs(self, sessions: Sequence[int]) -> dict[int, int]:
        """Which node has each of these sessions; those that have ended are left out."""

    def looks(self, after: int | None, most: int) -> tuple[int, list[Look]]:
        """What changed after a number, the oldest first, at most so many, and the number of the last of them.

        `ALL` alone where that is not known any more; where `after` is None, nothing but the number of now.
        """


class Bus(Protocol):
    """How nodes that share a store tell each other what is new; may lose, repeat, delay and reorder."""

    @property
    def state(self) -> tuple[bool, int]:
        """Whether others can be told and heard now, as far as is known; and how often they could not be told."""

    def announce(self, announcement: Announcement) -> None:
        """Tell the other nodes; never waits, and raises nothing."""

    def listen(self, hear: Callable[[Announcement], None], again: Callable[[], None]) -> None:
        """Call `hear` with what the others announce, and `again` whenever some of it may have been lost."""


class Link(NamedTuple):
    """What makes a node one of several: what it hears them by, what the store does for all, and what sets its clock."""

    bus: Bus
    cluster: Cluster
    correct: Callable[[int], None]
    name: str
    """What people call this node."""


class Timer(Protocol):
    """Something that will happen, unless cancelled."""

    def cancel(self) -> None:
        """It will not."""


class Clock(Protocol):
    """Time, as a port so that tests move it."""

    def wall(self) -> int:
        """UTC milliseconds; may jump in both directions."""

    def now(self) -> float:
        """Seconds that only go forward, from an arbitrary start."""

    def soon(self, call: Callable[[], None]) -> None:
        """Call after everything that is being handled now."""

    def later(self, seconds: float, call: Callable[[], None]) -> Timer:
        """Call when that many seconds have passed."""


class Threads(Protocol):
    """Where slow work is done; `then` comes back on the loop's thread with the result or the error."""

    def write(self, work: Callable[[], T], then: Callable[[T | Exception], None]) -> None:
        """In the one writer thread."""

    def read(self, work: Callable[[], T], then: Callable[[T | Exception], None]) -> None:
        """In one of the few reader threads."""

    def hash(self, work: Callable[[], T], then: Callable[[T | Exception], None]) -> None:
        """In one of the few threads for passwords."""


class Listener(Protocol):
    """One connection, as the floors below the gateway see it."""

    dialect: Dialect
    """How it wants its frames."""
    address: str
    """Whom to count it for; empty where that is not known, as behind a proxy that does not say."""
    kept: str
    """The secret that the browser keeps for its page: a session's or a login's; empty where there is none."""
    closed: bool
    """Nothing can be written any more."""
    paused: bool
    """The socket is full; nothing more is read or written until it drains."""

    @property
    def write(self) -> Callable[[bytes], None]:
        """Hand whole frames of its dialect to the socket; never blocks."""

    def send(self, message: Message) -> None:
        """Write one message."""

    def wait(self, go: Callable[[], None]) -> None:
        """Call when it is this connection's turn again, after others from the same source."""

    def hold(self) -> None:
        """Leave the next command unread until `release` was called as often as this."""

    def release(self) -> None:
        """Take the next command, once whatever is being handled now is done."""

    def close(self, code: int, reason: str) -> None:
        """End the connection, after what was written."""
