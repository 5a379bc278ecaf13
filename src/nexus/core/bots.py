"""Bots: accounts that belong to another account, and never do more than their owner may."""

from typing import NamedTuple

from nexus.core.access import BOT, MODERATOR, PLACES
from nexus.core.changes import Change, Denied, NameTaken
from nexus.core.log import Record
from nexus.core.people import FORMER, Account
from nexus.core.person import person_of
from nexus.protocol.events import Promoted, Removed

NO_OWNER = Denied("forbidden", "Only people with an account that is not limited can have bots.")


class Made(NamedTuple):
    """A bot, and the login that its token is for."""

    account: Account
    login: int


class MakeBot(Change[Made | NameTaken | Denied], frozen=True):
    """Make a bot for its owner, or give the one that they have of that name another token: the old one ends.

    Denied where the owner may have none, or has as many as `most` already.
    """

    owner: int
    shown: str
    key: str
    skeleton: str
    digest: bytes
    at: int
    most: int
    client: str = "bot"


def too_many(most: int) -> Denied:
    """Why nobody gets one more bot."""
    return Denied(
        "too_many", f"You may have {most} bots here; end one of them first." if most else "Bots are not allowed here."
    )


def why_no_owner(owner: Account | None) -> Denied | None:
    """Why an account, as it is now, has no bots; None where it may."""
    return NO_OWNER if owner is None or owner.limited or owner.role in (BOT, FORMER) else None


def why_not_in(bot: str, place: str, wanted: str = "member") -> Denied | None:
    """Why a bot is not made that in a room where its owner is this; None where it may be."""
    if PLACES.index(place) < PLACES.index(wanted) or wanted == "owner":
        return Denied("forbidden", f"{bot} is a bot: it cannot own a room, or have a higher role than its owner.")
    return None


def follows(place: str, owner: str, *, private: bool) -> str:
    """What a bot is in a room from now on, in which its owner is that; "" where it is out with them."""
    if private and not owner:
        return ""
    return place if PLACES.index(owner) >= MODERATOR else "member"


def followed(last: Record, bot: int, name: str, place: str) -> Record:
    """The event of what a bot is in a room from now on, after the one that said so of its owner."""
    about, person = last.event, person_of(bot, b"")
    if not place:
        gone = Removed(room=about.room, seq=0, at=about.at, by=about.by, name=name, person=person)
        return Record(last.room, last.author, gone)
    less = Promoted(room=about.room, seq=0, at=about.at, by=about.by, name=name, person=person, role=place)
    return Record(last.room, last.author, less)
