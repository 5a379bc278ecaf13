"""Who may carry out which command: the one table that the verbs, `why` and docs/rights.md go by."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from nexus.core import access
from nexus.core.access import MODERATOR, Rules, Standing
from nexus.core.bots import NO_OWNER
from nexus.core.changes import Denied
from nexus.core.destroying import why_not
from nexus.core.inviting import may_invite
from nexus.protocol.types import GuestsName


class Facts(msgspec.Struct, frozen=True):
    """What a right depends on: who asks, in which room, about whom, and what the server is set to.

    `rules` are those of the room that is meant, None where none is, and `room` is how it is called. `here` tells that
    they are in it now, `removed` that they were taken out of it. `other` is whom it is about, `oneself` that this is
    who asks; `wanted` is the role that they are to have. `muted` says why they may say nothing, `apart` why they do
    not reach the other one of a direct room.
    """

    role: str
    place: str = ""
    rules: Rules | None = None
    room: str = ""
    here: bool = False
    removed: bool = False
    other: Standing | None = None
    oneself: bool = False
    wanted: str = "member"
    guests: GuestsName = "talk"
    create: str = "everyone"
    register: str = "everyone"
    muted: str = ""
    apart: Denied | None = None
    limited: bool = False

    @property
    def standing(self) -> Standing:
        """Who asks, on the server and in the room."""
        return Standing(self.role, self.place, self.limited)

    @property
    def is_guest(self) -> bool:
        """Whether they have no account."""
        return self.role == "guest"


Check = Callable[[Facts], Denied | None]
"""Why not; None where nothing is against it."""


class Right(NamedTuple):
    """Who may carry out a command, in words, and what that is decided by; `room` tells that it is about a room."""

    who: str
    checks: tuple[Check, ...] = ()
    room: bool = False


def may(verb: str, facts: Facts) -> Denied | None:
    """Why someone may not carry out a command; None where they may. Raises KeyError for what is no command."""
    for check in RIGHTS[verb].checks:
        denied = check(facts)
        if denied is not None:
            return denied
    return None


def forbidden(why: str) -> Denied | None:
    """The denial with that sentence; none where it is empty."""
    return Denied("forbidden", why) if why else None


NEEDS_ACCOUNT = Denied("forbidden", "This needs an account; log in, or register if you may.")
NOT_BOTS = Denied("forbidden", "A bot cannot do that; its owner can.")
ONLY_READS = Denied("forbidden", "Guests may only read here; log in, or register if you may, to talk.")
ONLY_MODERATORS = Denied("forbidden", "Only the moderators of this server may do that.")
ONLY_MEMBERS_PIN = Denied("forbidden", "Only people with an account can pin and unpin messages.")
BELOW = Denied("forbidden", "You can only do that to people who stand below you.")
ROLES_BELOW = Denied("forbidden", "You can only give roles below your own, to people who stand below you.")


def _account(facts: Facts) -> Denied | None:
    return NEEDS_ACCOUNT if facts.is_guest else None


def _person(facts: Facts) -> Denied | None:
    return NOT_BOTS if facts.role == access.BOT else _account(facts)


def _owner(facts: Facts) -> Denied | None:
    return NO_OWNER if facts.limited else _person(facts)


def _guest(facts: Facts) -> Denied | None:
    return None if facts.is_guest else Denied("bad_request", "You are already logged in; log out first.")


def _registers(facts: Facts) -> Denied | None:
    if facts.register == "everyone":
        return None
    return forbidden("New accounts are made by invitation here." if facts.register == "invited" else
                     "No new accounts are made here.")  # fmt: skip


def _finds(facts: Facts) -> Denied | None:
    if facts.rules is not None and access.may_find(facts.standing, facts.rules):
        return None
    return Denied("not_found", f"There is no room '{facts.room[:64]}'.")


def _enters(facts: Facts) -> Denied | None:
    return forbidden(f"You were taken out of '{facts.room[:64]}' and cannot come back in." if facts.removed else "")


def _here(facts: Facts) -> Denied | None:
    return None if facts.here else Denied("not_joined", f"You are not in the room '{facts.room[:64]}'; join it first.")


def _talks(facts: Facts) -> Denied | None:
    assert facts.rules is not None
    if facts.is_guest and facts.guests != "talk":
        return ONLY_READS
    return facts.apart or forbidden(access.why_silent(facts.standing, facts.rules) or facts.muted)


def _pins(facts: Facts) -> Denied | None:
    return None if access.may_pin(facts.role) else ONLY_MEMBERS_PIN


def _edits(facts: Facts) -> Denied | None:
    return None if facts.oneself else forbidden("You can only edit your own messages.")


def _deletes(facts: Facts) -> Denied | None:
    assert facts.rules is not None
    if access.may_hide(facts.standing, facts.other or Standing("guest"), facts.rules):
        return None
    if facts.is_guest and facts.guests != "talk":
        return ONLY_READS
    return _here(facts) or (None if facts.oneself else forbidden("You can only delete your own messages."))


def _destroys(facts: Facts) -> Denied | None:
    assert facts.rules is not None
    return why_not(facts.standing, facts.rules, operator=False)


def _creates(facts: Facts) -> Denied | None:
    talks = not facts.is_guest or facts.guests == "talk"
    creates = talks and access.may_create(facts.standing, facts.create)
    return None if creates else forbidden("You may not create rooms here.")


def _configures(facts: Facts) -> Denied | None:
    assert facts.rules is not None
    if facts.is_guest and facts.guests != "talk":
        return ONLY_READS
    if not access.is_moderator(facts.role) and not facts.here:
        return _here(facts)
    may_topic = access.may_configure(facts.standing, facts.rules, "topic", here=facts.here)
    return None if may_topic else forbidden("You may not change the topic of this room.")


def _adds(facts: Facts) -> Denied | None:
    assert facts.rules is not None
    return None if access.may_add(facts.standing, facts.rules) else forbidden(_moderators(facts, "bring people in"))


def _removes(facts: Facts) -> Denied | None:
    assert facts.rules is not None
    if not access.may_remove(facts.standing, Standing("guest"), facts.rules):
        return forbidden(_moderators(facts, "take people out"))
    other = facts.other or Standing("guest")
    if not access.may_remove(facts.standing, other, facts.rules):
        return forbidden("You can only remove people from a room who stand below you in it.")
    return None


def _promotes(facts: Facts) -> Denied | None:
    if facts.rules is None:
        role = "member" if facts.other is None else facts.other.role
        gives = access.may_give(facts.role, role, facts.wanted, oneself=facts.oneself)
        return None if gives else ROLES_BELOW
    other = facts.other or Standing("member", "member")
    wanted = facts.wanted
    if access.may_promote(facts.standing, other, facts.rules, wanted, oneself=facts.oneself):
        return None
    return forbidden("You can only give roles below your own, to members who stand below you.")


def _invites(facts: Facts) -> Denied | None:
    if may_invite(facts.standing, facts.rules, facts.wanted):
        return None
    if may_invite(facts.standing, facts.rules):
        return forbidden("You can only invite people to roles below your own.")
    if facts.rules is None:
        return forbidden("Only the administrators can invite people to this server.")
    return forbidden("Only the moderators of this room can invite people.")


def _opens(facts: Facts) -> Denied | None:
    if facts.rules is not None or facts.register != "nobody":
        return None
    return forbidden("No new accounts are made here, so no invitation would be accepted.")


def _moderates(facts: Facts) -> Denied | None:
    return None if access.is_moderator(facts.role) else ONLY_MODERATORS


def _above(facts: Facts) -> Denied | None:
    other = facts.other or Standing("guest")
    return None if access.may_moderate(facts.role, other.role) else BELOW


def _limits(facts: Facts) -> Denied | None:
    may_limit = access.may_limit(facts.role, (facts.other or Standing("guest")).role)
    return None if may_limit else forbidden("Only the administrators of this server may do that.")


def _purges(facts: Facts) -> Denied | None:
    if facts.rules is None:
        return None
    hides = access.rank(facts.standing, facts.rules) >= MODERATOR or facts.place
    return None if hides else forbidden(f"Only the moderators of '{facts.room[:64]}' hide messages there.")


def _others(facts: Facts) -> Denied | None:
    return Denied("bad_request", "You cannot ignore yourself.") if facts.oneself else None


def _reaches(facts: Facts) -> Denied | None:
    return facts.apart


def _perhaps_finds(facts: Facts) -> Denied | None:
    """The same, of commands that may be about a room or about none."""
    return _finds(facts) if facts.room else None


def _moderators(facts: Facts, what: str) -> str:
    assert facts.rules is not None
    if facts.rules.kind == "direct":
        return "Nobody can be added to a direct room or taken out of it; make a private one."
    return f"Only the moderators of '{facts.room}' {what}."


ANYONE = "anyone"
READERS = "anyone who can find the room"
TALKERS = "anyone in the room who may talk there"
MODERATORS = "moderators of the server, for people who stand below them"

_reads = (_finds,)
_says = (_finds, _here, _talks)
_above_all = (_moderates, _above)

RIGHTS: dict[str, Right] = {
    "hello": Right("anyone who is not banned; new guests as `guests` says, and not while the server is paused"),
    "join": Right("anyone who can find the room and was not taken out of it", (_finds, _enters), room=True),
    "leave": Right("anyone in the room", (_finds, _here), room=True),
    "post": Right(TALKERS, _says, room=True),
    "edit": Right("anyone in the room who may talk there, their own messages", (*_says, _edits), room=True),
    "delete": Right(
        "anyone in the room, their own messages; its moderators, also those of people who stand below them",
        (_finds, _deletes),
        room=True,
    ),
    "react": Right(TALKERS, _says, room=True),
    "unreact": Right(TALKERS, _says, room=True),
    "pin": Right("anyone in the room who may talk there and has an account", (*_says, _pins), room=True),
    "unpin": Right("anyone in the room who may talk there and has an account", (*_says, _pins), room=True),
    "pins": Right(READERS, _reads, room=True),
    "replies": Right(READERS, _reads, room=True),
    "history": Right(READERS, _reads, room=True),
    "search": Right("anyone, in the rooms they can find", (_perhaps_finds,)),
    "typing": Right(TALKERS, _says, room=True),
    "read": Right(READERS, _reads, room=True),
    "level": Right(READERS, _reads, room=True),
    "rooms": Right("anyone, the rooms they can find"),
    "who": Right(READERS, _reads, room=True),
    "create": Right("as `rooms.create` says; private rooms, also anyone with an account", (_creates,)),
    "direct": Right("anyone with an account, with people who allow it", (_account, _reaches)),
    "configure": Right(
        "anyone in the room, its topic; its moderators, the rest; its owners, also whether it is archived or open",
        (_finds, _configures),
        room=True,
    ),
    "destroy": Right(
        "owners of the room, unless it is direct; administrators of the server, if it is open",
        (_finds, _destroys),
        room=True,
    ),
    "add": Right("moderators of the room, unless it is direct", (_finds, _adds, _account), room=True),
    "remove": Right(
        "moderators of the room, people who stand below them, unless it is direct", (_finds, _removes), True
    ),
    "promote": Right(
        "in a room, anyone who stands above both roles; on the server, its administrators; owners make owners",
        (_perhaps_finds, _promotes),
    ),
    "invite": Right("moderators of the room; administrators, to the server", (_perhaps_finds, _invites, _opens)),
    "invites": Right("moderators of the room; administrators, those to the server", (_perhaps_finds, _invites)),
    "uninvite": Right("the person who made the invitation, and anyone who may make one like it"),
    "accept": Right("anyone with an account and the code; not bots", (_person,)),
    "mute": Right(MODERATORS, _above_all),
    "unmute": Right(MODERATORS, _above_all),
    "ban": Right(MODERATORS, _above_all),
    "purge": Right(
        "moderators of the server, for people who stand below them, in open rooms and rooms they are in",
        (*_above_all, _perhaps_finds, _purges),
    ),
    "restore": Right("moderators of the server", (_moderates,)),
    "report": Right(READERS, _reads, room=True),
    "reports": Right("moderators of the server", (_moderates,)),
    "settle": Right("moderators of the server", (_moderates,)),
    "limit": Right("administrators of the server, for people who stand below them", (*_above_all, _limits)),
    "unlimit": Right("administrators of the server, for people who stand below them", (*_above_all, _limits)),
    "unban": Right("moderators of the server", (_moderates,)),
    "bans": Right("moderators of the server", (_moderates,)),
    "pause": Right("moderators of the server", (_moderates,)),
    "acts": Right("moderators of the server; moderators of a private room, about that room", (_moderates,)),
    "undo": Right("anyone who sees the act and may now do the opposite", (_moderates,)),
    "rename": Right("anyone, for themselves"),
    "register": Right("guests, as `accounts.register` says or with an invitation", (_guest, _registers)),
    "login": Right("guests who know the password", (_guest,)),
    "logout": Right("anyone, for themselves"),
    "password": Right("anyone with an account who knows its password", (_person,)),
    "erase": Right("anyone with an account who knows its password", (_person,)),
    "ignore": Right("anyone, about everybody else", (_others,)),
    "unignore": Right(ANYONE),
    "ignored": Right("anyone, for themselves"),
    "prefer": Right("anyone with an account", (_account,)),
    "why": Right("anyone, about themselves; moderators of the server, about others in rooms that both can find"),
    "logins": Right("anyone with an account, their own; not bots", (_person,)),
    "revoke": Right("anyone with an account, their own; not bots", (_person,)),
    "bot": Right("anyone with an account that is not limited; not bots", (_owner,)),
    "bots": Right("anyone with an account, their own; not bots", (_person,)),
    "unbot": Right("anyone with an account, their own; not bots", (_person,)),
    "ping": Right(ANYONE),
}
"""Every command; a right is checked again in the transaction that carries the command out."""

ROUTES: dict[str, str] = {
    "GET /": "anyone: the page, without what is said",
    "GET /web/{stamp:str}/{name:path}": "anyone: what the page is made of",
    "GET /worker.js": "anyone: the part of the page that works offline",
    "GET /api/server": ANYONE,
    "GET /api/names/{name:str}": "anyone, as often as `pace` allows their address",
    "POST /api/keep": "a page whose origin may connect, with the secret",
    "DELETE /api/keep": "a page whose origin may connect",
    "GET /healthz": ANYONE,
    "GET /readyz": ANYONE,
    "GET /metrics": "anyone; if `metrics.token` is set, only with it",
    "GET /ws": "anyone; nothing can be said there before `hello`",
}
"""Every way in by HTTP."""
