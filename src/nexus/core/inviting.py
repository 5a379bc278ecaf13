"""Coming into a room by an invitation."""

from typing import NamedTuple

from nexus.core.access import OWNER, PLACES, Rules, Standing, is_admin, may_add, rank, server_rank
from nexus.core.changes import Change, Denied, Placed

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
