"""What was changed about a room, as a transcript says it, and back.

    changed the room: name roses, posting moderators, slow 30 s (topic: flowers)

The topic is what it is, changed or not. In values the comma and the parentheses are escaped, so that none passes for
another value.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from nexus.core.texts import from_line, one_line
from nexus.protocol.events import Configured

_MARKS = re.compile("[,()]")
_KEPT = {0: "for ever", -1: "as the server does"}


class _Value(NamedTuple):
    """How a value is written and read."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _text(value: str) -> str:
    return _MARKS.sub(lambda found: f"\\x{ord(found[0]):02x}", one_line(value))


def _read_kept(text: str) -> int:
    days = next((days for days, words in _KEPT.items() if words == text), None)
    return int(text.removesuffix(" days")) if days is None else days


_TEXT = _Value(_text, from_line)
_VALUES = {
    "kind": _TEXT,
    "name": _TEXT,
    "title": _TEXT,
    "posting": _TEXT,
    "slow": _Value(lambda seconds: f"{seconds} s", lambda text: int(text.removesuffix(" s"))),
    "guests": _TEXT,
    "archived": _Value(lambda archived: "yes" if archived else "no", lambda text: text == "yes"),
    "keep": _Value(lambda days: _KEPT.get(days) or f"{days} days", _read_kept),
}

_ONE = rf"(?:{'|'.join(_VALUES)}) [^,()]*"
CHANGES = rf"changed the room: (?P<changes>{_ONE}(?:, {_ONE})*)(?: \(topic: (?P<topic>.*)\))?"
"""The pattern of what `changes` writes."""


def changes(event: Configured) -> str:
    """Say what was changed beside the topic; empty where nothing was."""
    given = {field: getattr(event, field) for field in _VALUES}
    said = ", ".join(f"{field} {_VALUES[field].write(value)}" for field, value in given.items() if value is not None)
    topic = f" (topic: {one_line(event.topic)})" if event.topic else ""
    return f"changed the room: {said}{topic}" if said else ""


def read_changes(text: str) -> dict[str, Any]:
    """Read the fields of what `CHANGES` found as `changes`; raises ValueError."""
    return {field: _VALUES[field].read(value) for field, _, value in (one.partition(" ") for one in text.split(", "))}
