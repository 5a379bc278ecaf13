"""An event as one line of a transcript, and back.

    2026-11-22T17:03:05.123Z #42 <bo> hello
    2026-11-22T17:03:06.001Z #43 <~cy> (to #42) a guest replies
    2026-11-22T17:03:07.950Z #44 * bo set the topic: flowers
    2026-11-22T17:03:09.200Z #45 * bo edited #42: hello, all
    2026-11-22T17:03:11.700Z #46 * ann reacted to #42: 👍
    2026-11-22T17:03:12.350Z #47 * ann changed the room: archived yes, keep 30 days (topic: flowers)

Once ann has deleted #42, no text of it is left:

    2026-11-22T17:03:05.123Z #42 * bo posted a message that was deleted
    2026-11-22T17:03:09.200Z #45 * bo edited #42
    2026-11-22T17:09:00.000Z #48 * ann deleted #42

Every text and name is written by `one_line`. In names the blank, '<', '>' and '~' are escaped as well, and so
is the parenthesis of a message that begins like a reply: no text, name or topic passes for another field.
"""

import re
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from nexus.core.room_lines import CHANGES, changes, read_changes
from nexus.core.texts import from_line, one_line
from nexus.protocol import kinds
from nexus.protocol.events import Configured, Edited, Posted, Promoted, RoomEvent, Unrecognised

DAY_MS = 86_400_000

_EPOCH = 719_468  # days from 0000-03-01, where a leap day is a year's last, to 1970-01-01
_CYCLE = 146_097  # days of 400 years, after which dates repeat

_IN_NAMES = re.compile("[ <>~]")
_REPLY = "(to #"
_MILLIS = [f".{millis:03}Z #" for millis in range(1000)]  # padding a number for each message costs a fifth of all
_BY_PHRASE = {kind.phrase: kind for kind in kinds.KINDS if kind.event is not Posted}
_PHRASES = "|".join(map(re.escape, sorted(_BY_PHRASE, key=len, reverse=True)))
_GONE = "posted a message that was deleted"
_GONE_BEFORE = "posted what is deleted"  # as versions up to 0.1 wrote it
# Loose on purpose: `read_line` writes what it read again and compares.
_LINE = re.compile(
    r"([0-9]{4,})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.([0-9]{3})Z #(?P<seq>[0-9]+) "
    r"(?:<(?P<author>[^ <>]*)> (?:\(to #(?P<reply_to>[0-9]+)\) )?(?P<posted>.*)"
    rf"|\* (?P<actor>[^ <>]*) (?:(?P<gone>{_GONE}|{_GONE_BEFORE})"
    rf"|{CHANGES}|gave the role (?P<role>[a-z]+) to: (?P<promoted>.*)"
    rf"|(?P<phrase>{_PHRASES})(?: #(?P<target>[0-9]+))?(?:: (?P<text>.*))?"
    r"|kind (?P<kind>[0-9]+): (?P<rest>.*)))\n"
)


def line(event: RoomEvent) -> str:
    """Write an event as one line, with its line feed.

    What an event of its kind has not is left out, such as the text of a `joined`; and that of a deleted message.
    """
    at = event.at
    name = _name(event.by, event.guest)
    if type(event) is Posted and not event.deleted:
        text = one_line(event.text)
        if event.reply_to is not None:
            text = f"{_REPLY}{event.reply_to}) {text}"
        elif text.startswith(_REPLY):
            text = f"\\x28{text[1:]}"
        return f"{_second(at // 1000)}{_MILLIS[at % 1000]}{event.seq} <{name}> {text}\n"
    return f"{_second(at // 1000)}{_MILLIS[at % 1000]}{event.seq} * {name} {_phrase(event)}\n"


def without_text(event: RoomEvent) -> RoomEvent:
    """A message, or an edit of one, as it is once that message is deleted; any other event as it is."""
    if isinstance(event, Posted):
        return replace(event, text="", reply_to=None, deleted=True)
    return replace(event, text=None) if isinstance(event, Edited) else event


def read_line(text: str) -> RoomEvent | None:
    """Read a line, with its line feed; None for whatever `line` would not write, to the last character."""
    found = _LINE.fullmatch(text)
    if found is None:
        return None
    try:
        event = _read(found)
    except ValueError:  # a number of thousands of digits
        return None
    return event if line(event) == text.replace(_GONE_BEFORE, _GONE) else None


def header(room_key: str, at: int) -> str:
    """Write the first line of a room's file; it is no event's, since those begin with a digit."""
    return f"# {one_line(room_key)}, {day(at)}. Times are UTC; ~ marks a guest.\n"


def day(at: int) -> str:
    """Name the day of a moment in UTC milliseconds, such as 2026-11-22."""
    return _date(at // DAY_MS)


def _phrase(event: RoomEvent) -> str:
    if isinstance(event, Posted):
        return _GONE
    text = one_line(kinds.text_of(event))
    if isinstance(event, Configured) and (changed := changes(event)):
        return changed
    if isinstance(event, Promoted) and event.role:
        return f"gave the role {event.role} to: {text}"
    if isinstance(event, Unrecognised):
        return f"kind {event.kind}: {text}"  # one event of a later version must not end the transcript
    kind = kinds.BY_EVENT[type(event)]
    about = f" #{kinds.target_of(event)}" if kind.target else ""
    return f"{kind.phrase}{about}: {text}" if text or (kind.text and not about) else f"{kind.phrase}{about}"


def _read(found: re.Match[str]) -> RoomEvent:
    """The event of a line; raises ValueError."""
    name = found["actor"] if found["author"] is None else found["author"]
    by, guest = from_line(name.removeprefix("~")), name.startswith("~")
    common: dict[str, Any] = {"room": "", "seq": int(found["seq"]), "at": _at(found), "by": by, "guest": guest}
    if found["changes"] is not None:
        return Configured(**common, topic=from_line(found["topic"] or ""), **read_changes(found["changes"]))
    if found["role"] is not None:
        return Promoted(**common, name=from_line(found["promoted"]), role=found["role"])
    number, text, target = _parts(found)
    event = kinds.restore(number, from_line(text), None if target is None else int(target), None, **common)
    if isinstance(event, Promoted):
        return replace(event, role="")  # versions up to 0.1 did not write which role
    return without_text(event) if found["gone"] is not None else event


def _parts(found: re.Match[str]) -> tuple[int, str, str | None]:
    """The number of a line's kind, its text, still escaped, and its target."""
    if found["author"] is not None:
        return kinds.POSTED, found["posted"], found["reply_to"]
    if found["gone"] is not None:
        return kinds.POSTED, "", None
    if found["phrase"] is not None:
        return _BY_PHRASE[found["phrase"]].number, found["text"] or "", found["target"]
    return int(found["kind"]), found["rest"], None


def _at(found: re.Match[str]) -> int:
    """A line's moment in UTC milliseconds; a 30th of February is the 2nd of March."""
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
