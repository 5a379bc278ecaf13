"""Who says a command: an author, a role, a budget; a session is a speaker, and so is an API without one."""

from nexus.core.access import Standing
from nexus.core.budget import NOBODY, Sources
from nexus.core.pace import Bucket
from nexus.core.people import Mark
from nexus.core.quota import Allowance
from nexus.protocol.refusals import Refusal
from nexus.protocol.types import You

ROW = 200
"""Bytes that anything stored takes beside its text, roughly."""


class Budget:
    """How much one may say, by oneself and together with everyone who comes from the same address."""

    __slots__ = ("_address", "_allowance", "_commands", "_posts")

    def __init__(self, posts: Bucket, commands: Bucket, address: Bucket) -> None:
        self._posts = posts
        self._commands = commands
        self._address = address
        self._allowance = Allowance()

    def come_from(self, address: Bucket, allowance: Allowance) -> None:
        """Share the budget of another address from now on."""
        self._address = address
        self._allowance = allowance

    def spend_post(self, now: float, size: int = ROW, price: int = 1) -> None:
        """Count what is stored and sent to everyone, such as a message; raises the Refusal `too_fast` or `too_many`.

        The `price` says how much work it makes, in short messages; all from one address pay it together.
        """
        wait = self._posts.take(now) or self._address.take(now, price)
        if wait:
            raise _too_fast(wait, "message")
        if not self._allowance.spend(size, now):
            raise Refusal(
                "too_many", "You have stored as much today as is allowed here; wait a while, then go on.", 60.0
            )

    def spend_command(self, now: float) -> None:
        """Count any other command; raises the Refusal `too_fast`."""
        wait = self._commands.take(now)
        if wait:
            raise _too_fast(wait, "command")


class Speaker:
    """An author with a role and a budget, and what was last said to them of their rooms.

    Who may not talk may only read. A `limited` one finds nothing but the rooms that the account belongs to.

    `author` is the identity behind their messages: the account, or a guest's session id negated; `earlier` the
    guest that they were before, or 0; `owner` the account whose bot they are, or 0. `member_of` are the rooms that the
    account belongs to, and what it is there.
    """

    __slots__ = (
        *("_marks", "account", "author", "budget", "earlier", "limited", "may_talk", "member_of", "name", "owner"),
        *("role", "sources"),
    )

    def __init__(self, author: int, name: str, role: str, budget: Budget) -> None:
        self.author = author
        self.earlier = 0
        self.account = author if author > 0 else None
        self.owner = 0
        self.name = name
        self.role = role
        self.budget = budget
        self.may_talk = True
        self.limited = False
        self.sources: Sources = NOBODY
        self.member_of: dict[int, str] = {}
        self._marks: dict[int, Mark] = {}

    @property
    def you(self) -> You:
        """How the person sees themselves."""
        return You(self.name, self.role, self.account is None, self.limited)

    def standing(self, room: int = 0) -> Standing:
        """Who they are where a right is asked for, in a room or, with 0, on the server."""
        return Standing(self.role, self.member_of.get(room, ""), self.limited)

    def mark(self, room: int) -> Mark | None:
        """The read mark as they were last told it; a guest's is kept nowhere else."""
        return self._marks.get(room)

    def marks(self) -> dict[int, Mark]:
        """All of them, as of now."""
        return dict(self._marks)

    def set_mark(self, room: int, mark: Mark) -> None:
        """They are told this mark."""
        self._marks[room] = mark

    def learn_mark(self, room: int, before: Mark | None, mark: Mark) -> None:
        """A mark was read from the store, and `before` it they had that one; what they were told since is newer."""
        if self._marks.get(room) == before:
            self._marks[room] = mark

    def forget_marks(self) -> None:
        """They have not been told any mark."""
        self._marks = {}


def _too_fast(wait: float, what: str) -> Refusal:
    return Refusal("too_fast", f"You are sending too fast; wait {_rounded_up(wait)} s before the next {what}.", wait)


def _rounded_up(seconds: float) -> str:
    """Seconds for a person to read, never too few."""
    return f"{max(seconds + 0.05, 0.1):.1f}"
