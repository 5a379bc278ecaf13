"""How events look on a terminal: harmless, whoever wrote them."""

import zlib
from collections.abc import Callable
from datetime import date, datetime

from nexus.core.texts import one_line, shown
from nexus.protocol import events as e

COLOURS = ("ansired", "ansigreen", "ansiyellow", "ansiblue", "ansimagenta", "ansicyan", "ansibrightred",
           "ansibrightgreen", "ansibrightblue", "ansibrightmagenta")  # fmt: skip
"""What names are coloured in; a name keeps its colour everywhere."""

ACTION = "/me "
"""A message that begins so tells what its author does."""

Styled = list[tuple[str, str]]
"""Pieces of a line, each with its style."""


def colour_of(name: str) -> str:
    """The colour of a name."""
    return COLOURS[zlib.crc32(name.casefold().encode("utf-8", "replace")) % len(COLOURS)]


def who(by: str, guest: bool) -> str:
    """A name as it is shown; a guest's is marked, so that nobody takes it for the account's."""
    return ("~" if guest else "") + one_line(by)


def styled(event: e.AnyEvent, room: str = "", put: Callable[[str], str] | None = None) -> Styled:
    """An event as a line of styled pieces; empty for what is not shown.

    `room` is told where it is not in front; `put` makes a message's text harmless, else it may have several lines.
    """
    head: Styled = [("class:room", f"[{one_line(room)}] ")] if room else []
    match event:
        case e.Posted():
            return _time(event.at) + head + _message(event, put or _indented)
        case e.Joined() | e.Left():
            verb = "is a member now" if isinstance(event, e.Joined) else "is no member any more"
            return _time(event.at) + head + [("class:quiet", f"* {who(event.by, event.guest)} {verb}")]
        case e.Configured():
            topic = one_line(event.topic) or "nothing"
            return _time(event.at) + head + [("class:quiet", f"* {who(event.by, event.guest)} set the topic: {topic}")]
        case e.Presence():
            return _presence(event, head)
        case e.Renamed():
            return [("class:quiet", f"* {one_line(event.from_)} is now {one_line(event.to)}")]
        case e.Skipped():
            count = event.to - event.from_ + 1
            return [*head, ("class:quiet", f"… {count} earlier events were skipped; /history shows them")]
        case e.Reset():
            return [*head, ("class:quiet", "… the history of this room was replaced; here is what it is now")]
        case e.Notice():
            return [("class:quiet", f"* {shown(event.text)}")]
    return []


def _message(event: e.Posted, put: Callable[[str], str]) -> Styled:
    name = (f"fg:{colour_of(event.by)} bold", who(event.by, event.guest))
    if event.text.startswith(ACTION):
        return [("", "* "), name, ("", " " + put(event.text.removeprefix(ACTION)))]
    reply = [("class:quiet", f" (to #{event.reply_to})")] if event.reply_to else []
    return [name, *reply, ("", ": " + put(event.text))]


def _indented(text: str) -> str:
    """Further lines begin below the first, so that none looks like a message of its own."""
    return shown(text).replace("\n", "\n        ")


def _time(at: int) -> Styled:
    return [("class:time", datetime.fromtimestamp(at / 1000).astimezone().strftime("%H:%M "))]


def _presence(event: e.Presence, head: Styled) -> Styled:
    parts = [
        f"{', '.join(map(one_line, names))} {what}"
        for names, what in ((event.here or [], "came"), (event.gone or [], "went"))
        if names
    ]
    return [*head, ("class:quiet", f"* {'; '.join(parts)}")] if parts else []


def day_of(at: int) -> date:
    """The local day of an event."""
    return datetime.fromtimestamp(at / 1000).astimezone().date()


def day_line(day: date) -> Styled:
    """The line between two days."""
    return [("class:day", f"── {day:%A, %d %B %Y} ──")]


def plain(pieces: Styled) -> str:
    """A line without styles."""
    return "".join(text for _, text in pieces)


def plain_line(event: e.AnyEvent) -> str:
    """An event of the log for a pipe, on one line, with its date; empty for what passes by."""
    match event:
        case e.Posted() | e.Joined() | e.Left() | e.Configured():
            stamp = datetime.fromtimestamp(event.at / 1000).astimezone().strftime("%Y-%m-%d ")
            return stamp + plain(styled(event, put=one_line))
        case e.Skipped() | e.Reset():
            return plain(styled(event))
    return ""
