"""How events look on a terminal, with nothing in them that could harm it."""

import zlib
from collections.abc import Callable
from datetime import date, datetime

from nexus.client.reading import Heard
from nexus.client.view import RoomView
from nexus.core.texts import in_line, one_line, shown
from nexus.protocol import events as e
from nexus.protocol.types import RoomInfo
from nexus.tui.handles import handle_of

COLOURS = ("ansired", "ansigreen", "ansiyellow", "ansiblue", "ansimagenta", "ansicyan", "ansibrightred",
           "ansibrightgreen", "ansibrightblue", "ansibrightmagenta")  # fmt: skip
"""What names are coloured in; a name keeps its colour everywhere."""

ACTION = "/me "
"""A message that begins so tells what its author does."""

AboutRoom = e.Joined | e.Left | e.Removed | e.Promoted | e.Purged | e.Restored | e.Destroyed | e.Revived | e.Configured

Styled = list[tuple[str, str]]
"""Pieces of a line, each with its style."""


def colour_of(name: str) -> str:
    """The colour of a name."""
    return COLOURS[zlib.crc32(name.casefold().encode("utf-8", "replace")) % len(COLOURS)]


def who(by: str, guest: bool) -> str:
    """A name as it is shown; a guest's is marked, so that nobody takes it for the account's."""
    return ("~" if guest else "") + in_line(by)


def styled(
    event: Heard,
    room: str = "",
    put: Callable[[str], str] | None = None,
    *,
    summons: bool = False,
    ignored: bool = False,
) -> Styled:
    """An event as a line of styled pieces; empty for what is not shown.

    `room` is told where it is not in front; `put` makes a message's text harmless, else it may have several lines;
    a message that `summons` mentions the reader. What is `ignored` is not shown, a message as that there is one.
    """
    head: Styled = [("class:room", f"[{in_line(room)}] ")] if room else []
    match event:
        case e.Posted() if ignored and not event.deleted:
            return _time(event.at) + head + [("class:quiet", "… a message of someone you ignore")]
        case e.Edited() | e.Reacted() | e.Unreacted() if ignored:
            return []
        case e.Posted():
            return _time(event.at) + head + _message(event, put or _indented, "class:mention" if summons else "")
        case (
            e.Joined() | e.Left() | e.Removed() | e.Promoted() | e.Configured()
            | e.Purged() | e.Restored() | e.Destroyed() | e.Revived()
        ):  # fmt: skip
            return _time(event.at) + head + [("class:quiet", f"* {_about_room(event)}")]
        case e.Edited() | e.Deleted() | e.Reacted() | e.Unreacted() | e.Pinned() | e.Unpinned():
            done = _done_to(event, put or _indented)
            return _time(event.at) + head + [("class:quiet", f"* {who(event.by, event.guest)} {done}")] if done else []
        case e.Presence():
            return _presence(event, head)
        case e.Renamed():
            return [("class:quiet", f"* {in_line(event.from_)} is now {in_line(event.to)}")]
        case e.Skipped(gone=True):
            return [*head, ("class:quiet", f"… events {event.from_} to {event.to} have expired")]
        case e.Skipped():
            return [*head, ("class:quiet", _too_many(event))]
        case e.Reset():
            return [*head, ("class:quiet", "… the history of this room was replaced; here is what it is now")]
        case e.Notice():
            return [("class:quiet", f"* {shown(event.text)}")]
    return []


def _too_many(event: e.Skipped) -> str:
    """What was left out, and what prints it."""
    shows = f"nexus history {in_line(event.room)} --before {event.to + 1} --limit {event.to - event.from_ + 1}"
    return f"… events {event.from_} to {event.to} were too many to send; `{shows}` prints them"


def _about_room(event: AboutRoom) -> str:
    """Who came, went, is somebody else there, or changed the room."""
    by = who(event.by, event.guest)
    match event:
        case e.Joined(added=added):
            return f"{in_line(added)} added {by}" if added else f"{by} joined the room"
        case e.Left():
            return f"{by} left the room"
        case e.Removed():
            why = f" ({in_line(event.reason)})" if event.reason else ""
            return f"{by} removed {in_line(event.name)}{why}"
        case e.Promoted(name=name, role=role):
            return f"{in_line(name)} is {'an' if role == 'owner' else 'a'} {in_line(role)} of this room now"
        case e.Purged() | e.Restored():
            verb = "hid" if isinstance(event, e.Purged) else "restored"
            many = len(event.targets)
            return f"{by} {verb} {many} message{'' if many == 1 else 's'} of {in_line(event.name)}"
        case e.Destroyed():
            return f"{by} deleted this room"
        case e.Revived():
            return f"{by} brought this room back"
        case e.Configured():
            return f"{by} {_configured(event)}"


def _configured(event: e.Configured) -> str:
    """What someone changed about a room."""
    if event.kind == "open":
        return f"opened this room to everyone, as {in_line(event.name or event.room)}"
    if event.name is not None:
        return f"renamed this room to {in_line(event.name)}"
    if event.keep is not None:
        many = "for ever" if event.keep == 0 else f"for {event.keep} day{'s' if event.keep > 1 else ''}"
        return f"set messages to be kept {many if event.keep >= 0 else 'for as long as this server says'}"
    if event.archived is not None:
        return "archived this room" if event.archived else "reopened this room"
    if event.title is not None:
        return f"renamed this room: {in_line(event.title)}"
    changed = [
        f"{what} to {value}" for what in ("posting", "slow", "guests") if (value := getattr(event, what)) is not None
    ]
    return f"set {', '.join(changed)}" if changed else f"set the topic: {in_line(event.topic) or 'nothing'}"


def _message(event: e.Posted, put: Callable[[str], str], style: str) -> Styled:
    name = (f"fg:{colour_of(event.by)} bold", who(event.by, event.guest))
    if event.deleted:
        return [name, ("class:quiet", " deleted this message")]
    since = _since(event)
    if event.text.startswith(ACTION):
        return [("", "* "), name, (style, " " + put(event.text.removeprefix(ACTION))), *since]
    reply = [("class:quiet", f" (to {handle_of(event.reply_to)})")] if event.reply_to else []
    return [name, *reply, ("", ": "), (style, put(event.text)), *since]


def _since(event: e.Posted) -> Styled:
    """What became of a message since it was posted."""
    told = ["edited"] if event.edited else []
    told += ["pinned"] if event.pinned else []
    told += [f"{in_line(emoji)} {len(people)}" for emoji, people in event.reactions.items()]
    return [("class:quiet", f" ({', '.join(told)})")] if told else []


def _done_to(event: e.Amendment, put: Callable[[str], str]) -> str:
    """What someone did to a message, in words; empty for an edit that another one replaced."""
    message = handle_of(event.target)
    match event:
        case e.Edited(text=text):
            return f"edited {message}: {put(text)}" if text else ""
        case e.Deleted():
            return f"deleted {message}"
        case e.Reacted(emoji=emoji):
            return f"reacted to {message} with {in_line(emoji)}"
        case e.Unreacted(emoji=emoji):
            return f"removed {in_line(emoji)} from {message}"
        case e.Pinned():
            return f"pinned {message}"
        case e.Unpinned():
            return f"unpinned {message}"


def count_of(view: RoomView) -> str:
    """What is unread in a room, as far as one wants to be told; the mentions of oneself behind an @."""
    unread = view.unread if view.level == "everything" else 0
    mentions = view.mentions if view.level != "nothing" else 0
    told = [str(unread)] if unread else []
    told += [f"@{mentions}"] if mentions else []
    return f" ({' '.join(told)})" if told else ""


def unread_of(room: RoomInfo) -> str:
    """What a list of rooms tells of the own ones, in words."""
    told = [f"{room.unread} unread"] if room.unread else []
    told += [f"{room.mentions} for you"] if room.mentions else []
    told += [{"mentions": "mentions only", "nothing": "muted"}[room.level]] if room.level != "everything" else []
    return f"  ({', '.join(told)})" if told else ""


def handle(event: Heard) -> Styled:
    """What a person types to mean this message, to be shown behind it; empty for anything else."""
    if isinstance(event, e.Posted) and not event.deleted:
        return [("class:quiet", f"  {handle_of(event.seq)}")]
    return []


def _indented(text: str) -> str:
    """Further lines begin below the first, so that none looks like a message of its own."""
    return shown(text).replace("\n", "\n        ")


def _time(at: int) -> Styled:
    return [("class:time", datetime.fromtimestamp(at / 1000).astimezone().strftime("%H:%M "))]


def _presence(event: e.Presence, head: Styled) -> Styled:
    parts = [
        f"{', '.join(map(in_line, names))} {what}"
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


def plain_line(event: Heard) -> str:
    """An event of the log for a pipe, on one line, with its date; empty for what passes by."""
    match event:
        case e.RoomEvent():
            stamp = datetime.fromtimestamp(event.at / 1000).astimezone().strftime("%Y-%m-%d ")
            line = plain(styled(event, put=one_line))
            return stamp + line if line else ""
        case e.Skipped() | e.Reset():
            return plain(styled(event))
    return ""
