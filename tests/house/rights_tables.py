"""The tables of docs/rights.md, from `nexus.core.rights`: each answer in them is what the function says."""

from collections.abc import Callable
from itertools import groupby

from msgspec.structs import replace

from nexus.core.access import BOT, ROLES, Rules
from nexus.core.rights import RIGHTS, ROUTES, Facts, may
from tests.house.wire_tables import table

OPEN, PRIVATE, DIRECT = Rules(), Rules("private"), Rules("direct")

STANDS: dict[str, Facts] = {
    "open: guest in it": Facts("guest", rules=OPEN, room="garden", here=True),
    "account not in it": Facts("member", rules=OPEN, room="garden"),
    "member": Facts("member", "member", OPEN, "garden", here=True),
    "moderator": Facts("member", "moderator", OPEN, "garden", here=True),
    "limited, outside": Facts("member", rules=OPEN, room="garden", limited=True),
    "limited, in it": Facts("member", "member", OPEN, "garden", here=True, limited=True),
    "server moderator": Facts("moderator", rules=OPEN, room="garden"),
    "private: anyone outside": Facts("admin", rules=PRIVATE, room="plans"),
    "its member": Facts("member", "member", PRIVATE, "plans", here=True),
    "its moderator": Facts("member", "moderator", PRIVATE, "plans", here=True),
    "direct: anyone outside": Facts("admin", rules=DIRECT, room="p-1"),
    "its people": Facts("member", "member", DIRECT, "p-1", here=True),
}
"""Where one stands to a room, by the heading of the column."""


def words() -> str:
    """Every command, and who may, in words."""
    return table(("command", "who"), ((f"`{verb}`", right.who) for verb, right in RIGHTS.items()))


def rooms() -> str:
    """What is about a room, by where one stands; commands with the same answers in one row."""
    about = [verb for verb in RIGHTS if may(verb, Facts("guest", room="garden")) is not None and _is_about_a_room(verb)]
    rows = [(verb, tuple(_shown(verb, facts) for facts in STANDS.values())) for verb in about]
    return _grouped(("command", *STANDS), rows)


def server() -> str:
    """The rest, by the role on the server; what everyone may is left out."""
    roles = {role: Facts(role) for role in ("guest", BOT)} | {"limited": Facts("member", limited=True)}
    roles |= {role: Facts(role) for role in ROLES[1:]}
    rows = [(verb, tuple(_shown(verb, one) for one in roles.values())) for verb in RIGHTS if not RIGHTS[verb].room]
    return _grouped(("command", *roles), [row for row in rows if "–" in row[1]])


def routes() -> str:
    """Every way in by HTTP."""
    return table(("route", "who"), ((f"`{route}`", who) for route, who in ROUTES.items()))


def _is_about_a_room(verb: str) -> bool:
    denied = may(verb, Facts("owner", rules=PRIVATE, room="plans"))
    return denied is not None and denied.code == "not_found"


def _shown(verb: str, facts: Facts) -> str:
    return "yes" if may(verb, replace(facts, oneself=verb in ("edit", "delete"))) is None else "–"


def _grouped(heads: tuple[str, ...], rows: list[tuple[str, tuple[str, ...]]]) -> str:
    rows = sorted(rows, key=lambda row: row[1], reverse=True)
    groups = ((answers, [verb for verb, _ in group]) for answers, group in groupby(rows, key=lambda row: row[1]))
    return table(heads, ((" ".join(f"`{verb}`" for verb in verbs), *answers) for answers, verbs in groups))


TABLES: dict[str, Callable[[], str]] = {"rights": words, "standing": rooms, "roles": server, "routes": routes}
