"""What one may ask for in a search, and which messages answer it.

A message is found by its words, as core/words.py reads them.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from nexus.core.names import NameInvalid, person_name, room_name
from nexus.core.words import words
from nexus.protocol.events import Posted, RoomEvent

LONGEST = 500
"""Characters of a query, at most."""

MOST_WORDS = 32
"""Words of a query, at most."""

_LINK = re.compile(r"https?://\S", re.IGNORECASE)
_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02\u300c\u300d\u300e\u300f", '"'))
"""What keyboards and word processors make of a quotation mark."""

_PART = re.compile(
    r'(?P<filter>from|in|before|after|has):(?P<value>\S*)|(?P<without>(?<!\S)[-\u2212](?=[^\s-]))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))',
    re.IGNORECASE,
)
_FILTER = re.compile(r"(?:from|in|before|after|has):", re.IGNORECASE)


class QueryInvalid(ValueError):  # noqa: N818 - a refusal, named for what it says
    """A query that cannot be answered; its message is a sentence for the person who asked."""


class Query(msgspec.Struct, frozen=True):
    """What a message must be: `phrases` are words that stand side by side, `by` and `room` are keys of names.

    `without` are phrases that must not stand in it. `before` and `after` are UTC ms: at < before, at >= after.
    """

    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[tuple[str, ...], ...] = ()
    by: str | None = None
    room: str | None = None
    before: int | None = None
    after: int | None = None
    link: bool = False


def name_key(name: str) -> str:
    """How the name under which a message was said is compared."""
    try:
        return person_name(name).key
    except NameInvalid:  # it was one when it was said
        return name.lower()


def has_link(text: str) -> bool:
    """Whether a text has a link to follow."""
    return _LINK.search(text) is not None


def read_query(text: str) -> Query:
    """Read what a person typed; raises QueryInvalid."""
    if len(text) > LONGEST:
        raise QueryInvalid(f"A search has at most {LONGEST} characters, but this one has {len(text):,}.")
    phrases: list[tuple[str, ...]] = []
    without: list[tuple[str, ...]] = []
    filters: dict[str, object] = {}
    for part in _PART.finditer(text.translate(_QUOTES)):
        if part["without"] and part["word"] and (turned := _FILTER.match(part["word"])):
            raise QueryInvalid(f"'{turned[0]}' cannot be turned round with a -; a word can: tea -green.")
        if part["filter"] is not None:
            name = part["filter"].lower()
            field, value = _FILTERS[name](part["value"])
            if filters.setdefault(field, value) != value:
                raise QueryInvalid(f"'{name}:' can be used only once.")
        else:
            phrase = tuple(words(part["phrase"] if part["word"] is None else part["word"]))
            if phrase:
                (without if part["without"] else phrases).append(phrase)
    asked = sum(map(len, (*phrases, *without)))
    if asked > MOST_WORDS:
        raise QueryInvalid(f"A search has at most {MOST_WORDS} words, but this one has {asked}.")
    if not phrases and not filters:
        raise QueryInvalid("A search needs a word, or a filter such as from:ann or has:link.")
    return msgspec.convert({"phrases": tuple(phrases), "without": tuple(without), **filters}, Query)


def matches(query: Query, event: RoomEvent) -> bool:
    """Whether an event is a message that a query asks for; the room is not looked at."""
    if not isinstance(event, Posted) or event.deleted:
        return False
    if query.before is not None and event.at >= query.before:
        return False
    if query.after is not None and event.at < query.after:
        return False
    if query.by is not None and name_key(event.by) != query.by:
        return False
    if query.link and not has_link(event.text):
        return False
    if not query.phrases and not query.without:
        return True
    said = f" {' '.join(words(event.text))} "
    if any(f" {' '.join(phrase)} " in said for phrase in query.without):
        return False
    return all(f" {' '.join(phrase)} " in said for phrase in query.phrases)


def _by(value: str) -> tuple[str, object]:
    try:
        return "by", person_name(value.removeprefix("@")).key
    except NameInvalid:
        raise QueryInvalid(
            f"'from:{value[:64]}' is not a person's name; from:ann, for example, finds Ann's messages."
        ) from None


def _in(value: str) -> tuple[str, object]:
    try:
        return "room", room_name(value.removeprefix("#")).key
    except NameInvalid:
        raise QueryInvalid(
            f"'in:{value[:64]}' is not a room's name; in:garden, for example, searches the garden."
        ) from None


def _before(value: str) -> tuple[str, object]:
    return "before", _day("before", value)


def _after(value: str) -> tuple[str, object]:
    return "after", _day("after", value, timedelta(days=1))


def _day(name: str, value: str, later: timedelta = timedelta()) -> int:
    """Where a day begins, or that many days later, in UTC ms."""
    try:
        begins = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC) + later
        return max(0, int(begins.timestamp() * 1000))
    except (ValueError, OverflowError):
        raise QueryInvalid(f"'{name}:{value[:32]}' is not a date; write it like {name}:2026-05-01.") from None


def _has(value: str) -> tuple[str, object]:
    if value.lower() not in ("link", "links"):
        raise QueryInvalid(f"Only has:link can be searched for, not 'has:{value[:32]}'.")
    return "link", True


_FILTERS: dict[str, Callable[[str], tuple[str, object]]] = {
    "from": _by,
    "in": _in,
    "before": _before,
    "after": _after,
    "has": _has,
}
