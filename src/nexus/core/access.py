"""Who may do what: pure decisions over roles, what a room is, and settings."""

import msgspec

from nexus.protocol.events import Configured
from nexus.protocol.types import GuestsName, HereName, KindName, PostingName

ROLES = ("guest", "member", "moderator", "admin", "owner")
"""What someone may be on a server, from least to most."""

BOT = "bot"
"""The role of an account that belongs to another one: it ranks as a member does, and makes no rooms."""

PLACES = ("", "member", "moderator", "owner")
"""What someone may be in a room, from least to most; "" is nothing."""

OUTSIDE, MEMBER, MODERATOR, OWNER = range(4)
"""How they rank."""

OPERATOR_ROLE = "operator"
"""Who can open the data directory, and stands above everyone."""

DIRECT_MOST = 10
"""People in a direct room."""


class Rules(msgspec.Struct, frozen=True):
    """What a room is, and what may be done in it; `slow` is in seconds between two messages of one person.

    `keep` is in days for which messages are kept: 0 is for ever, below that it is as the server's setting says.
    """

    kind: KindName = "open"
    posting: PostingName = "everyone"
    slow: int = 0
    guests: GuestsName = "talk"
    archived: bool = False
    keep: int = -1


OPEN = Rules()
"""What a room is unless someone made it otherwise."""


class Standing(msgspec.Struct, frozen=True):
    """Who someone is where a right is asked for: on the server, and in the room.

    A `limited` account finds only the rooms that it was brought into.
    """

    role: str
    place: str = ""
    limited: bool = False


OPERATOR = Standing("owner", "owner")
"""The operator of the server, who can change anything about a room except what is said in it."""


def server_rank(role: str) -> int:
    """How a role on the server ranks; somebody who was erased is below everyone, the operator above."""
    if role == OPERATOR_ROLE:
        return len(ROLES)
    return ROLES.index("member" if role == BOT else role) if role in (*ROLES, BOT) else -1


def is_admin(role: str) -> bool:
    """Whether a role administers the server."""
    return role in ("admin", "owner", OPERATOR_ROLE)


def is_moderator(role: str) -> bool:
    """Whether a role moderates the server, or administers it."""
    return role == "moderator" or is_admin(role)


def may_moderate(role: str, other: str) -> bool:
    """Whether someone may mute, ban or give roles to another: moderators who stand above them."""
    return is_moderator(role) and server_rank(role) > server_rank(other)


def may_give(role: str, other: str, wanted: str, *, oneself: bool) -> bool:
    """Whether someone may make another, or themselves, something else on the server.

    One gives what is below oneself to those who are; owners make owners; an owner steps down only by themselves.
    """
    mine, theirs, to = server_rank(role), server_rank(other), server_rank(wanted)
    if oneself:
        return theirs > to >= server_rank("member")
    if other == "owner" or to < server_rank("member"):
        return False
    return is_admin(role) and theirs < mine and (to < mine or role == "owner")


def rank(standing: Standing, rules: Rules) -> int:
    """How someone ranks in a room. Who administers or moderates the server does so there, but only where it is open."""
    place = PLACES.index(standing.place)
    if rules.kind != "open" or standing.limited:
        return place
    return OWNER if is_admin(standing.role) else max(place, MODERATOR) if is_moderator(standing.role) else place


def may_find(standing: Standing, rules: Rules) -> bool:
    """Whether a room is there for someone; else it does not exist, whichever way they ask."""
    if rules.kind != "open" or standing.limited:
        return bool(standing.place)
    return standing.role != "guest" or rules.guests != "none"


def why_silent(standing: Standing, rules: Rules) -> str:
    """Why someone who is in a room may not say anything there; empty where they may."""
    if rules.archived:
        return "This room is archived, so nothing can be said here any more."
    if standing.role == "guest" and rules.guests != "talk":
        return "Guests may only read in this room; log in, or register if you may, to talk."
    if rules.posting == "moderators" and rank(standing, rules) < MODERATOR:
        return "Only its moderators talk in this room."
    if rules.posting == "members" and standing.role == "guest":
        return "Only people with an account talk in this room."
    return ""


PAUSED = "The moderators paused this server: for now nobody new comes in, and guests only read."
"""What guests are told who come, or want to say something, meanwhile."""


def why_muted(until: int, now: int) -> str:
    """What someone is told who may say nothing until a time (0: for good; below: they may); empty where they may."""
    if until == 0:
        return "The moderators of this server muted you; you cannot say anything here."
    if until <= now:
        return ""
    minutes = -(-(until - now) // 60_000)
    wait = f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
    return f"The moderators muted you; you may talk again in {'a minute' if minutes == 1 else wait}."


def may_enter(standing: Standing, rules: Rules) -> bool:
    """Whether an account comes into a room by itself: an open one, or one that it belongs to."""
    return bool(standing.place) or (rules.kind == "open" and not standing.limited)


def may_limit(role: str, other: str) -> bool:
    """Whether someone may make another's account a limited one, or let it find everything again."""
    return is_admin(role) and may_moderate(role, other)


def may_create(standing: Standing, allowed: str) -> bool:
    """Whether someone may make rooms under the setting `rooms.create`; bots and limited accounts make none."""
    role = standing.role
    if standing.limited or role == BOT:
        return False
    return allowed == "everyone" or is_admin(role) or (allowed == "members" and role in ("member", "moderator"))


LEAST = {
    "topic": MEMBER,
    "name": MODERATOR,
    "kind": OWNER,
    "title": MODERATOR,
    "posting": MODERATOR,
    "slow": MODERATOR,
    "guests": MODERATOR,
    "archived": OWNER,
    "keep": OWNER,
}
"""How one must rank in a room to change each thing about it; the topic of an open room is for all who are in it."""


STAYS_OPEN = "An open room stays open: everyone could read what was said in it. Make a private one beside it."
"""Why no room is closed."""

MOST_FORMER = 20
"""Names that a room had and that still lead to it; the oldest is forgotten for one more."""


def why_not_kind(standing: Standing, rules: Rules, kind: str) -> str:
    """Why someone may not make a room one of another kind; empty where they may: owners open private ones."""
    if rules.kind == "direct" or kind == "direct":
        return "A direct room stays with the people in it; make a private room from it with `create`."
    if rules.kind == "open":
        return STAYS_OPEN
    return "" if rank(standing, rules) >= OWNER else "Only the owners of this room can open it to everyone."


def may_configure(standing: Standing, rules: Rules, what: str, *, here: bool) -> bool:
    """Whether someone may change something about a room; `here`: they are in it."""
    if rules.kind == "direct":
        return what == "topic" and here
    if standing.limited and what in ("name", "kind"):  # which are about what everyone finds
        return False
    if what == "kind":
        return not why_not_kind(standing, rules, "open")
    least = OUTSIDE if what == "topic" and here else LEAST[what]
    return rank(standing, rules) >= least


def why_not_configure(standing: Standing, rules: Rules, event: Configured, *, here: bool) -> str:
    """Why someone may not change what a `configured` says; empty where they may."""
    given = [what for what in LEAST if what != "topic" and getattr(event, what) is not None] or ["topic"]
    for what in given:
        if not may_configure(standing, rules, what, here=here):
            if what == "topic":
                return "You may not change the topic of this room."
            if what == "kind" and event.kind is not None:
                return why_not_kind(standing, rules, event.kind)
            who = "owners" if LEAST[what] == OWNER else "moderators"
            if what == "keep":
                return f"Only the {who} of this room can set how long it keeps messages."
            return f"Only the {who} of this room change its {what}."
    if event.name is not None and rules.kind == "private" and event.kind is None:
        return "A private room has a title and no name; it gets one when it is opened to everyone."
    return ""


def may_add(standing: Standing, rules: Rules) -> bool:
    """Whether someone may bring people into a room."""
    return rules.kind != "direct" and rank(standing, rules) >= MODERATOR


def may_remove(standing: Standing, other: Standing, rules: Rules) -> bool:
    """Whether someone may take another out of a room: they must stand above them; nobody out of a direct one."""
    mine = rank(standing, rules)
    return rules.kind != "direct" and mine >= MODERATOR and mine > rank(other, rules)


def may_promote(standing: Standing, other: Standing, rules: Rules, place: str, *, oneself: bool) -> bool:
    """Whether someone may give another, or themselves, a place in a room that they belong to.

    One gives and takes what is below oneself; owners make owners; an owner steps down only by themselves.
    """
    mine, theirs, wanted = rank(standing, rules), PLACES.index(other.place), PLACES.index(place)
    if rules.kind == "direct" or not theirs:
        return False
    if oneself:
        return wanted <= theirs
    if wanted == OWNER:
        return mine == OWNER
    return mine >= MODERATOR and theirs < mine and wanted < mine


def may_mention_everyone(standing: Standing, rules: Rules, allowed: HereName) -> bool:
    """Whether `@here` mentions everyone, under the setting `mentions.here`; between a few people it always does."""
    if allowed == "everyone" or rules.kind == "direct":
        return True
    return rank(standing, rules) >= (MEMBER if allowed == "members" else MODERATOR)


def may_edit(author: int, by: int, age: int, within: int) -> bool:
    """Whether `by` may edit a message: its author, while it is not older than `within` (ms; 0: however old)."""
    return author == by and (not within or age <= within)


def may_hide(standing: Standing, other: Standing, rules: Rules) -> bool:
    """Whether someone may delete a message of another: who moderates the room, or the server, and stands above them."""
    if rules.kind == "open" and may_moderate(standing.role, other.role):
        return True
    return may_remove(standing, other, rules)


def may_destroy(standing: Standing, rules: Rules) -> bool:
    """Whether someone may take a room away, and bring it back: its owners; nobody a direct one."""
    return rules.kind != "direct" and rank(standing, rules) >= OWNER


def may_pin(role: str) -> bool:
    """Whether a role may pin and unpin messages: anyone with an account."""
    return role != "guest"
