"""An event as one line of a transcript, and back.

    2026-11-22T17:03:05.123Z #42 <bo> hello
    2026-11-22T17:03:06.001Z #43 <~cy> (to #42) a guest replies
    2026-11-22T17:03:07.950Z #44 * bo set the topic: flowers
    2026-11-22T17:03:09.200Z #45 * bo edited #42: hello, all
    2026-11-22T17:03:11.700Z #46 * ann reacted to #42: 👍

Once ann has deleted #42, no text of it is left:

    2026-11-22T17:03:05.123Z #42 * bo posted what is deleted
    2026-11-22T17:03:09.200Z #45 * bo edited #42
    2026-11-22T17:09:00.000Z #47 * ann deleted #42

Every text and name is written by `one_line`. In names the blank, '<', '>' and '~' are escaped as well, and so
is the parenthesis of a message that begins like a reply: no text, name or topic passes for another field.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from nexus.core.entries import Amended, Event, Kind
from nexus.core.texts import from_line, one_line

DAY_MS = 86_400_000

_EPOCH = 719_468  # days from 0000-03-01, where a leap day is a year's last, to 1970-01-01
_CYCLE = 146_097  # days of 400 years, after which dates repeat

_IN_NAMES = re.compile("[ <>~]")
_REPLY = "(to #"
# Plain values: this runs for every message, and an enum's member or a padded number is a fifth of its cost.
_POSTED = int(Kind.POSTED)
_MILLIS = [f".{millis:03}Z #" for millis in range(1000)]
_DONE_TO = {
    int(Kind.EDITED): "edited",
    int(Kind.DELETED): "deleted",
    int(Kind.REACTED): "reacted to",
    int(Kind.UNREACTED): "took back from",
    int(Kind.PINNED): "pinned",
    int(Kind.UNPINNED): "unpinned",
}
_KINDS = {verb: kind for kind, verb in _DONE_TO.items()}
_GONE = "posted what is deleted"
_DELETED = Amended(0, deleted=True)
# Loose on purpose: `read_line` writes what it read again and compares.
_LINE = re.compile(
    r"([0-9]{4,})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.([0-9]{3})Z #(?P<seq>[0-9]+) "
    r"(?:<(?P<author>[^ <>]*)> (?:\(to #(?P<target>[0-9]+)\) )?(?P<said>.*)"
    rf"|\* (?P<doer>[^ <>]*) (?:(?P<moved>joined|left)|(?P<gone>{_GONE})|set the topic: (?P<topic>.*)"
    rf"|(?P<verb>{'|'.join(_KINDS)}) #(?P<about>[0-9]+)(?:: (?P<with>.*))?"
    r"|kind (?P<kind>[0-9]+): (?P<rest>.*)))\n"
)


class Line(NamedTuple):
    """What a line tells of its event; the fields are the event's, `guest` stands for a negative author."""

    seq: int
    at: int
    kind: int
    by: str
    guest: bool
    text: str
    target: int | None
    deleted: bool = False


def line(event: Event) -> str:
    """Write an event as one line, with its line feed.

    What an event of its kind has not is left out, such as the text of a `joined`; and that of a deleted message.
    """
    at = event.at
    name = _name(event.by, event.author < 0)
    text = one_line(event.text)
    if event.kind == _POSTED and (event.amended is None or not event.amended.deleted):
        if event.target is not None:
            text = f"{_REPLY}{event.target}) {text}"
        elif text.startswith(_REPLY):
            text = f"\\x28{text[1:]}"
        return f"{_second(at // 1000)}{_MILLIS[at % 1000]}{event.seq} <{name}> {text}\n"
    return f"{_second(at // 1000)}{_MILLIS[at % 1000]}{event.seq} * {name} {_done(event, text)}\n"


def without_text(event: Event) -> Event:
    """A message, or an edit of one, as it is once that message is deleted; any other event as it is."""
    if event.kind == _POSTED:
        return replace(event, text="", target=None, amended=_DELETED)
    return replace(event, text="") if event.kind == Kind.EDITED else event


def read_line(text: str) -> Line | None:
    """Read a line, with its line feed; None for whatever `line` would not write, to the last character."""
    found = _LINE.fullmatch(text)
    if found is None:
        return None
    name = found["author"] if found["author"] is not None else found["doer"]
    target = found["target"] if found["about"] is None else found["about"]
    try:
        kind, told = _told(found)
        event = Event(
            room=0,
            seq=int(found["seq"]),
            at=_at(found),
            kind=kind,
            author=-1 if name.startswith("~") else 1,
            by=from_line(name.removeprefix("~")),
            text=from_line(told),
            nonce=None,
            target=None if target is None else int(target),
            amended=_DELETED if found["gone"] else None,
        )
    except ValueError:  # a number of thousands of digits
        return None
    if line(event) != text:
        return None
    return Line(
        event.seq, event.at, event.kind, event.by, event.author < 0, event.text, event.target, bool(found["gone"])
    )


def header(room_key: str, at: int) -> str:
    """Write the first line of a room's file; it is no event's, since those begin with a digit."""
    return f"# {one_line(room_key)}, {day(at)}. Times are UTC; ~ marks a guest.\n"


def day(at: int) -> str:
    """Name the day of a moment in UTC milliseconds, such as 2026-11-22."""
    return _date(at // DAY_MS)


def _done(event: Event, text: str) -> str:
    verb = _DONE_TO.get(event.kind)
    if verb is not None:
        return f"{verb} #{event.target}: {text}" if text else f"{verb} #{event.target}"
    match event.kind:
        case Kind.POSTED:
            return _GONE
        case Kind.JOINED:
            return "joined"
        case Kind.LEFT:
            return "left"
        case Kind.CONFIGURED:
            return f"set the topic: {text}"
    # A later version wrote it: told as it stands, since one such event must not end the transcript.
    return f"kind {event.kind}: {text}"


def _told(found: re.Match[str]) -> tuple[int, str]:
    """Tell the kind of a line and its text, still escaped; raises ValueError."""
    if found["author"] is not None:
        return Kind.POSTED, found["said"]
    if found["gone"] is not None:
        return Kind.POSTED, ""
    if found["verb"] is not None:
        return _KINDS[found["verb"]], found["with"] or ""
    if found["moved"] is not None:
        return (Kind.JOINED if found["moved"] == "joined" else Kind.LEFT), ""
    if found["topic"] is not None:
        return Kind.CONFIGURED, found["topic"]
    return int(found["kind"]), found["rest"]


def _at(found: re.Match[str]) -> int:
    """Tell a line's moment in UTC milliseconds; a 30th of February is the 2nd of March."""
    year, month, day_, hours, minutes, seconds, millis = map(int, found.groups()[:7])
    cycle, year = divmod(year - (month <= 2), 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day_ - 1
    days = cycle * _CYCLE + 365 * year + year // 4 - year // 100 + day_of_year - _EPOCH
    return days * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis


@lru_cache(maxsize=16)
def _date(days: int) -> str:
    """Name a day since 1970 (Hinnant, chrono-Compatible Low-Level Date Algorithms, civil_from_days)."""
    cycle, rest = divmod(days + _EPOCH, _CYCLE)
    year = (rest - rest // 1460 + rest // 36_524 - rest // 146_096) // 365
    day_of_year = rest - (365 * year + year // 4 - year // 100)
    month = (5 * day_of_year + 2) // 153
    return (
        f"{cycle * 400 + year + (month >= 10):04}-{(month + 2) % 12 + 1:02}"
        f"-{day_of_year - (153 * month + 2) // 5 + 1:02}"
    )


@lru_cache(maxsize=64)
def _second(seconds: int) -> str:
    days, rest = divmod(seconds, 86_400)
    return f"{_date(days)}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"


@lru_cache(maxsize=4096)
def _name(by: str, guest: bool) -> str:
    name = _IN_NAMES.sub(lambda found: f"\\x{ord(found[0]):02x}", one_line(by))
    return f"~{name}" if guest else name
