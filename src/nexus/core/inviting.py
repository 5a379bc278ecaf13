"""Coming in, and into a room, by an invitation."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import NamedTuple

from nexus.core.access import OWNER, PLACES, Rules, Standing, is_admin, may_add, rank, server_rank
from nexus.core.changes import Change, Denied, Placed
from nexus.core.moderating import PRIVATE

NOT_FOR_ACCOUNTS = Denied("bad_request", "That invitation is for making an account, and you have one.")


class Accepted(NamedTuple):
    """Somebody is in a room by an invitation."""

    room: int
    placed: Placed


class Accept(Change[Accepted | Denied], frozen=True):
    """Let an account into the room of an invitation, which is spent where it was not in it before."""

    code: bytes
    account: int
    name: str
    at: int


class InviteFirst(Change[str], frozen=True):
    """Let anyone who has a code be the first administrator; returns it, and nothing where there is one by now.

    A code that counts already stays, so that all nodes of a chat show the same; with `fresh` another takes its place.
    """

    key: bytes
    at: int
    fresh: bool


def first_code(key: bytes, at: int) -> str:
    """The code that makes the first administrator, by when it was made: known to anyone who has the chat's key."""
    return urlsafe_b64encode(hmac.digest(key, b"first administrator %d" % at, "sha256")[:24]).decode()


def digest(code: str) -> bytes:
    """What is kept of a code or a token: enough to know it again, nothing to use it with."""
    return sha256(code.encode()).digest()


def private_number(code: bytes) -> int:
    """The number of an invitation into a room that is not open: it tells nobody how many there are of those."""
    return PRIVATE + int.from_bytes(code[:6])


def kept_as(number: int) -> int:
    """Where stores that count keep the invitation of a number, below zero if it is private; and the other way round."""
    return number if 0 < number < PRIVATE else PRIVATE - 1 - number


def may_invite(standing: Standing, rules: Rules | None, role: str = "member") -> bool:
    """Whether someone may invite into a room, or with None to the server; looked at again when it is accepted.

    The role that it gives there is below one's own; owners make owners. Who has a limited account invites nobody.
    """
    if standing.limited:
        return False
    if rules is None:
        owns = standing.role == "owner" or server_rank(role) < server_rank(standing.role)
        return is_admin(standing.role) and owns
    mine = rank(standing, rules)
    return may_add(standing, rules) and (PLACES.index(role) < mine or mine == OWNER)
