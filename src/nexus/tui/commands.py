"""The commands a person types: one table, from which help, completion and hints fall out."""

import difflib
import re
from typing import NamedTuple

ROOM, NAME, COMMAND, TEXT, NUMBER, NOTHING = "room", "name", "command", "text", "number", ""


class Usage(NamedTuple):
    """What a command takes and what it does."""

    takes: str
    shape: str
    help: str


COMMANDS: dict[str, Usage] = {
    "join": Usage(ROOM, "/join ROOM", "Join a room, or create it."),
    "leave": Usage(ROOM, "/leave [ROOM]", "Leave the current room, or the one you name."),
    "switch": Usage(
        ROOM, "/switch [ROOM]", "Switch to a room: by name, by /1 or /12 as numbered below, or the next one."
    ),
    "rooms": Usage(NOTHING, "/rooms", "List all rooms, with your unread messages."),
    "read": Usage(ROOM, "/read [ROOM]", "Mark everything in a room as read, even if you are not in it."),
    "next": Usage(NOTHING, "/next", "Show more of what is new in the room."),
    "mute": Usage(
        ROOM, "/mute ROOM [LEVEL]", "Choose what a room notifies you about: nothing, mentions or everything."
    ),
    "presence": Usage(TEXT, "/presence on|off", "Show or hide who comes and goes, even with more than 20 people."),
    "who": Usage(ROOM, "/who [ROOM]", "List the members of the room and who is here."),
    "dm": Usage(TEXT, "/dm NAME [NAME …]", "Talk with one or a few people in private."),
    "private": Usage(TEXT, "/private TITLE", "Create a private room."),
    "call": Usage(TEXT, "/call NAME", "Rename the room (moderators). Its old name still leads there."),
    "keep": Usage(TEXT, "/keep DAYS", "Set for how many days messages are kept, 0 for ever (owners)."),
    "open": Usage(TEXT, "/open NAME", "Open a private room to everyone, with all that was said in it (owners)."),
    "group": Usage(
        TEXT, "/group HISTORY TITLE", "Make a private room from a direct one, with what was said or without it."
    ),
    "add": Usage(TEXT, "/add NAME", "Add someone to the room (moderators)."),
    "invite": Usage(NUMBER, "/invite [N] [limited]", "Make a link with which N people can join the room."),
    "accept": Usage(TEXT, "/accept CODE", "Join a room with an invitation; needs an account."),
    "remove": Usage(TEXT, "/remove NAME [REASON]", "Take someone out of the room (moderators)."),
    "destroy": Usage(ROOM, "/destroy ROOM", "Delete a room for everyone (owners); it can be undone for a while."),
    "role": Usage(TEXT, "/role NAME ROLE", "Make someone a member, moderator or owner of the room."),
    "report": Usage(TEXT, "/report [#N] [REASON]", "Report a message to the moderators."),
    "reports": Usage(NOTHING, "/reports", "List what was reported (moderators)."),
    "settle": Usage(TEXT, "/settle N", "Close a report; you may add what came of it."),
    "silence": Usage(TEXT, "/silence NAME [MINUTES]", "Mute someone on the whole server; a reason may follow."),
    "unsilence": Usage(TEXT, "/unsilence NAME", "Let someone talk again."),
    "ban": Usage(TEXT, "/ban NAME [HOURS]", "Ban someone; `purge HOURS` and a reason may follow."),
    "purge": Usage(TEXT, "/purge NAME HOURS", "Hide what someone said in the last HOURS; a reason may follow."),
    "bans": Usage(NOTHING, "/bans", "List who is banned."),
    "pause": Usage(TEXT, "/pause [off|purge]", "Let nobody new in, guests only read; purge hides their last hour."),
    "acts": Usage(NOTHING, "/acts", "List what moderators did."),
    "undo": Usage(TEXT, "/undo N", "Undo what a moderator did."),
    "ignore": Usage(TEXT, "/ignore NAME", "Hide what someone says; they are not told."),
    "unignore": Usage(TEXT, "/unignore NAME", "Stop ignoring someone."),
    "ignored": Usage(NOTHING, "/ignored", "List the people you ignore."),
    "show": Usage(TEXT, "/show #N", "Show a message of someone you ignore."),
    "bot": Usage(TEXT, "/bot NAME", "Make a bot, an account that programs speak as, and show its token, once."),
    "bots": Usage(NOTHING, "/bots", "List your bots."),
    "unbot": Usage(TEXT, "/unbot NAME", "End a bot of yours; what it said stays."),
    "directs": Usage(TEXT, "/directs on|off", "Let people write to you directly, or nobody; needs an account."),
    "why": Usage(COMMAND, "/why COMMAND", "Ask whether you may do something here, and why."),
    "nick": Usage(TEXT, "/nick NAME", "Change your name."),
    "reply": Usage(TEXT, "/reply [#N] TEXT", "Reply to the last message, or to #N."),
    "replies": Usage(TEXT, "/replies #N", "Show the replies to a message."),
    "edit": Usage(TEXT, "/edit [#N] TEXT", "Edit your last message, or #N."),
    "delete": Usage(TEXT, "/delete [#N]", "Delete your last message for good, or #N; as a moderator another's, too."),
    "react": Usage(TEXT, "/react [#N] EMOJI", "React to the last message, or to #N; names work: :+1: :heart:"),
    "unreact": Usage(TEXT, "/unreact [#N] EMOJI", "Remove your reaction."),
    "pin": Usage(TEXT, "/pin [#N]", "Pin the last message, or #N, in the room."),
    "unpin": Usage(TEXT, "/unpin [#N]", "Unpin a message."),
    "history": Usage(NUMBER, "/history [N]", "Show the last N messages of the room (20), or those around #N."),
    "search": Usage(TEXT, "/search [QUERY]", "Find messages; again without a query for older ones. See /help search."),
    "topic": Usage(TEXT, "/topic [TEXT]", "Show the room's topic, or set it."),
    "register": Usage(TEXT, "/register [NAME]", "Create an account; you are asked for a password, which is not shown."),
    "login": Usage(
        TEXT, "/login [NAME]", "Log in to your account; you are asked for the password, which is not shown."
    ),
    "logout": Usage(NOTHING, "/logout", "Log this device out and leave."),
    "me": Usage(TEXT, "/me TEXT", "Describe what you are doing: /me waves."),
    "ping": Usage(NOTHING, "/ping", "Measure the round trip to the server."),
    "help": Usage(COMMAND, "/help [COMMAND]", "List the commands, or explain one."),
    "quit": Usage(NOTHING, "/quit", "Leave; Ctrl-D does the same."),
}
"""Every command by its name, in the order of the help."""


MORE = {
    "search": (
        'rose "green tea"      messages with that word and those words side by side',
        'rose -"green tea"     messages with that word, but without those words',
        "from:ann in:garden    said by Ann, in the garden",
        "after:2026-05-01      said after that day; before:2026-05-01 before it",
        "has:link              with a link to follow",
    )
}
"""What /help COMMAND explains beyond one line."""


_TEXT = re.compile(r"[/\n]")
"""What no command has in its name, but a path or a paragraph has."""


class Line(NamedTuple):
    """A typed line, taken apart: a command and its argument, or a message."""

    command: str | None
    rest: str


class Unknown(Exception):  # noqa: N818  told to the person as it is
    """There is no such command; the message names the nearest one."""


def parse(line: str) -> Line:
    """Take a typed line apart; `//` begins a message with a slash, and so does a path. Raises Unknown."""
    if line.startswith("//"):
        return Line(None, line[1:])
    if not line.startswith("/"):
        return Line(None, line)
    word, _, rest = line[1:].partition(" ")
    if _TEXT.search(word):  # a path, or lines that were pasted
        return Line(None, line)
    word, rest = word.lower(), rest.strip()
    if word.isdecimal() and word.isascii() and len(word) < 4 and word[0] != "0":
        if rest:
            raise _sentence(f"/{word}")
        return Line("switch", word)
    if word in COMMANDS:
        if rest and COMMANDS[word].takes == NOTHING:
            raise _sentence(f"/{word}")
        return Line(word, rest)
    raise _unknown(word)


def help_lines(about: str = "") -> list[str]:
    """What /help shows: all commands, or one."""
    about = about.strip().lstrip("/").lower()
    if not about:
        width = max(len(usage.shape) for usage in COMMANDS.values()) + 2
        listed = [f"{usage.shape:<{width}}{usage.help}" for usage in COMMANDS.values()]
        return [*listed, "A line that begins with // is a message that begins with /."]
    usage = COMMANDS.get(about)
    if usage is None:
        raise _unknown(about)
    return [usage.shape, f"  {usage.help}", *(f"  {line}" for line in MORE.get(about, ()))]


def _sentence(command: str) -> Unknown:
    return Unknown(f"{command} takes nothing after it. To say the line, begin it with //.")


def _unknown(word: str) -> Unknown:
    near = difflib.get_close_matches(word, COMMANDS, 1, 0.5)
    begins = [name for name in COMMANDS if word and name.startswith(word)]
    found = begins[:1] or near
    hint = f"did you mean {COMMANDS[found[0]].shape}?" if found else "/help lists them."
    return Unknown(f"There is no command /{word[:40]}; {hint}")
