"""A session: one conversation, which may outlive its connection by the grace time. And its secret."""

import base64
import hmac
from typing import Any

from nexus.core.pace import Bucket
from nexus.core.people import Mark
from nexus.protocol.refusals import Refusal
from nexus.protocol.types import Ref, You

MARK = b"nexus session"


def make_secret(id: int, key: bytes) -> str:
    """The secret of a session: its id and the server's signature, so that it proves who it is for ever."""
    raw = id.to_bytes(8, "big")
    return base64.urlsafe_b64encode(raw + _sign(raw, key)).decode()


def read_secret(secret: str, key: bytes) -> int | None:
    """The id of the session a secret was made for; None where this server did not make it."""
    try:
        raw = base64.b64decode(secret.encode(), b"-_", validate=True)
    except ValueError:  # binascii.Error, or characters outside ASCII
        return None
    if len(raw) != 24 or not hmac.compare_digest(raw[8:], _sign(raw[:8], key)):
        return None
    return int.from_bytes(raw[:8], "big")


def _sign(raw: bytes, key: bytes) -> bytes:
    return hmac.digest(key, MARK + raw, "sha256")[:16]


def _rounded_up(seconds: float) -> str:
    """Seconds as a person is told them, never too few."""
    return f"{max(seconds + 0.05, 0.1):.1f}"


def _too_fast(wait: float) -> Refusal:
    return Refusal("too_fast", f"That was too fast; wait {_rounded_up(wait)} s before the next message.", wait)


class Session:
    """Who speaks, where they are, and how much of their pace is left."""

    __slots__ = (
        "__weakref__",
        "account",
        "address_posts",
        "commands",
        "flooded",
        "grace",
        "hellos",
        "id",
        "listener",
        "login",
        "marks",
        "member_of",
        "moves",
        "name",
        "posts",
        "refs",
        "role",
        "rooms",
    )

    def __init__(self, id: int, name: str, role: str, account: int | None, login: int | None) -> None:
        self.id = id
        self.name = name
        self.role = role
        self.account = account
        self.login = login
        self.listener: Any = None
        self.rooms: dict[str, Any] = {}  # of Room, which knows its sessions; the other way would be a circle
        self.marks: dict[int, Mark] = {}
        self.member_of: set[int] = set()
        self.moves = 0  # how often that has changed
        self.refs: set[Ref] = set()
        self.grace: Any = None
        self.hellos = 0
        self.flooded = False
        self.posts: Bucket
        self.commands: Bucket
        self.address_posts: Bucket

    @property
    def author(self) -> int:
        """The identity behind this session's messages: the account, or for a guest the session itself."""
        return self.account if self.account is not None else -self.id

    @property
    def you(self) -> You:
        """What the person is told about themselves."""
        return You(self.name, self.role, self.account is None)

    def admit_post(self, name: str, ref: Ref, now: float) -> Any:
        """The room to post to; raises the Refusal of whoever is not in it, too fast, or repeats a ref."""
        room = self.rooms.get(name)
        if room is None:
            raise Refusal("not_joined", f"You are not in the room '{name[:64]}'; join it first.")
        self.begin(ref)
        wait = self.posts.take(now) or self.address_posts.take(now)
        if wait:
            self.refs.discard(ref)
            raise _too_fast(wait)
        return room

    def spend_post(self, now: float) -> None:
        """Count what is stored and sent to everyone like a message; raises the Refusal of whoever is too fast."""
        wait = self.posts.take(now) or self.address_posts.take(now)
        if wait:
            raise _too_fast(wait)

    def admit_command(self, ref: Ref, now: float) -> None:
        """Let any other command begin; raises the Refusal of whoever is too fast or repeats a ref."""
        self.begin(ref)
        wait = self.commands.take(now)
        if wait:
            self.refs.discard(ref)
            raise Refusal("too_fast", f"That was too fast; wait {_rounded_up(wait)} s before the next command.", wait)

    def begin(self, ref: Ref) -> None:
        """A command with this ref waits for its reply from now on."""
        if ref in self.refs:
            raise Refusal("bad_request", f"The ref {ref!r} is still waiting for its reply; use another.")
        self.refs.add(ref)
