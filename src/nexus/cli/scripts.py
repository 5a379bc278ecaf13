"""The commands for scripts: send, tail, history, rooms. They work in pipes, and their exit codes tell the truth."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from nexus.cli.connected import Failed
    from nexus.client.connection import Connection
    from nexus.client.reading import Entry

DEFAULT_URL = "http://127.0.0.1:8000"

Url = Annotated[str, typer.Option("--url", envvar="NEXUS_URL", help="The server's address.")]
Name = Annotated[str, typer.Option("--name", envvar="NEXUS_NAME", help="Whom to speak as; by default a made-up name.")]
Room = Annotated[str, typer.Argument(help="The room's name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object per line, as on the wire.")]


def send(
    room: Room,
    text: Annotated[str | None, typer.Argument(help="What to say; by default all of standard input.")] = None,
    lines: Annotated[bool, typer.Option("--lines", help="Post each line as a message, as soon as it comes.")] = False,
    reply_to: Annotated[
        int | None, typer.Option("--reply-to", min=1, metavar="SEQ", help="The message it replies to.")
    ] = None,
    existing: Annotated[bool, typer.Option("--existing", help="Say nothing where there is no such room.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was stored: room, seq and time of each.")] = False,
    url: Url = DEFAULT_URL,
    name: Name = "",
) -> None:
    """Say something; the exit code is 0 only when it is stored."""
    import sys

    from nexus.cli.connected import connected, run
    from nexus.cli.sending import Sender, is_there

    async def speak() -> None:
        said = None if lines and text is None else _said(text)
        async with connected(url, name, "send") as connection:
            known = await is_there(connection, room, existing)
            done = await connection.join(room, last=0)
            if not known:
                print(f"nexus: There was no room {room!r}: it was made (--existing would refuse).", file=sys.stderr)
            sender = Sender(connection, done.room.name if done.room is not None else room, reply_to, as_json=as_json)
            await sender.post(_messages(said, lines), lines)

    run(speak())


def tail(
    room: Room,
    as_json: AsJson = False,
    since: Annotated[
        int | None, typer.Option("--since", min=0, help="Start after this seq, not with the last few events.")
    ] = None,
    url: Url = DEFAULT_URL,
    name: Name = "",
) -> None:
    """Follow a room: every event once, in order, through restarts of the server."""
    from nexus.cli.connected import run
    from nexus.cli.following import follow

    run(follow(room, since, as_json, url, name))


def history(
    room: Room,
    as_json: AsJson = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many of the newest events.")] = 50,
    everything: Annotated[bool, typer.Option("--all", help="The whole history, from the beginning.")] = False,
    before: Annotated[int | None, typer.Option("--before", min=1, help="Only events before this seq.")] = None,
    url: Url = DEFAULT_URL,
    name: Name = "",
) -> None:
    """Print what was said in a room."""
    from nexus.cli.connected import connected, run

    async def read() -> None:
        async with connected(url, name, "history") as connection:
            if everything:
                await _print_all(connection, room, before, as_json)
            else:
                await _print_newest(connection, room, limit, before, as_json)

    run(read())


def search(
    query: Annotated[str, typer.Argument(help="What to look for, as in the page's search.")],
    room: Annotated[str | None, typer.Option("--room", help="Only in this room.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many of the newest.")] = 20,
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
    name: Name = "",
) -> None:
    """Find messages, the newest first; `from:NAME in:ROOM "two words" -without has:link before:DAY` narrow it."""
    from nexus.cli.connected import connected, run
    from nexus.cli.searching import print_found

    async def find() -> None:
        async with connected(url, name, "search") as connection:
            await print_found(connection, query, room, limit, as_json=as_json)

    run(find())


def rooms(as_json: AsJson = False, url: Url = DEFAULT_URL, name: Name = "") -> None:
    """List all rooms, the most recently active first."""
    from nexus.cli.connected import connected, run

    async def look() -> None:
        from msgspec import json

        from nexus.core.texts import one_line
        from nexus.protocol.commands import Rooms

        async with connected(url, name, "rooms") as connection:
            for room in (await connection.ask(Rooms)).rooms or []:
                if as_json:
                    print(json.encode(room).decode())
                else:
                    print(f"{one_line(room.name)}\t{room.online}\t{room.head}\t{one_line(room.topic)}")

    run(look())


def _said(text: str | None) -> str:
    """The argument, or else all of standard input, whose mark of UTF-8 and ends of lines are no text; raises Failed."""
    import os
    import sys

    from nexus.cli.connected import Failed

    try:
        if text is not None:
            said = os.fsencode(text).decode().rstrip("\n")
        else:
            said = sys.stdin.buffer.read().decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n")
    except UnicodeDecodeError as error:
        where = f"byte {error.start + 1:,} of this text"
        raise Failed(f"Only UTF-8 text can be posted, but {where} is not valid UTF-8.") from None
    return said


async def _messages(said: str | None, lines: bool) -> "AsyncIterator[str | Failed]":
    """All of it as one message, or each line; where nothing is said, the lines of standard input as they come."""
    import sys

    from nexus.cli.lines import lines_of

    if said is None:
        async for line in lines_of(sys.stdin.fileno()):
            if not isinstance(line, str) or line.strip():
                yield line
    else:
        for message in said.split("\n") if lines else [said]:
            yield message


async def _print_all(connection: "Connection", room: str, before: int | None, as_json: bool) -> None:
    """Print every event, page by page."""
    from nexus.cli.connected import PAGE, print_event, read_history

    after, more = 0, True
    while more:
        page, more = await read_history(connection, room, after=after, before=before, limit=PAGE)
        for event in page:
            after = event.seq
            print_event(event, as_json)


async def _print_newest(connection: "Connection", room: str, limit: int, before: int | None, as_json: bool) -> None:
    """Print the newest events, so many or as many as there are, the oldest first."""
    from nexus.cli.connected import PAGE, print_event, read_history

    pages: list[list[Entry]] = []
    more = True
    while more and limit > 0:
        page, more = await read_history(connection, room, before=before, limit=min(limit, PAGE))
        pages.append(page)
        limit -= len(page)
        before = page[0].seq if page else before
    for page in reversed(pages):
        for event in page:
            print_event(event, as_json)
