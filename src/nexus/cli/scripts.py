"""The commands for scripts: send, tail, history, rooms. They work in pipes, and their exit codes tell the truth."""

import asyncio
import os
import secrets
import stat
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from nexus.client.connection import Connection
    from nexus.protocol.events import AnyEvent

DEFAULT_URL = "http://127.0.0.1:8000"

Url = Annotated[str, typer.Option("--url", envvar="NEXUS_URL", help="The server's address.")]
Name = Annotated[str, typer.Option("--name", envvar="NEXUS_NAME", help="The name to speak as; else a made-up one.")]
Room = Annotated[str, typer.Argument(help="The room's name.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, as on the wire.")]


def send(
    room: Room,
    text: Annotated[str, typer.Argument(help="What to say; without it, all of standard input.")] = "",
    lines: Annotated[bool, typer.Option("--lines", help="Each line of standard input is a message.")] = False,
    url: Url = DEFAULT_URL,
    name: Name = "",
) -> None:
    """Say something; the exit code is 0 only when it is stored."""

    async def speak() -> None:
        said = _utf8(os.fsencode(text) or sys.stdin.buffer.read())
        messages = [line.rstrip("\r") for line in said.split("\n") if line.strip()] if lines else [said.rstrip("\n")]
        async with _connected(url, name, "send") as connection:
            room_name = await _join(connection, room, last=0)
            for message in messages:
                await connection.post(room_name, message)

    _run(speak())


def tail(
    room: Room,
    as_json: AsJson = False,
    since: Annotated[
        int | None, typer.Option("--since", min=0, help="Begin after this seq, not with the last few.")
    ] = None,
    url: Url = DEFAULT_URL,
    name: Name = "",
) -> None:
    """Follow a room: every event once, in order, through restarts of the server."""

    async def follow() -> None:
        from nexus.protocol.events import Reset

        events: asyncio.Queue[AnyEvent | None] = asyncio.Queue()  # None: there is nobody to print for, or no server
        end = lambda *_: events.put_nowait(None)  # noqa: E731
        async with _connected(url, name, "tail", events.put_nowait, end) as connection:
            room_name = await _join(connection, room, **({} if since is None else {"last": 0}))
            last = 0 if since is None else await _print_history(connection, room_name, since, as_json)
            with _reader(end):
                while (event := await events.get()) is not None:
                    if isinstance(event, Reset):
                        last = 0
                    if getattr(event, "seq", last + 1) > last:
                        _print_event(event, as_json)

    _run(follow())


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

    async def read() -> None:
        async with _connected(url, name, "history") as connection:
            if everything:
                await _print_history(connection, room, 0, as_json, before)
            else:
                await _print_newest(connection, room, limit, before, as_json)

    _run(read())


def rooms(as_json: AsJson = False, url: Url = DEFAULT_URL, name: Name = "") -> None:
    """List the rooms there are, the most recently active first."""

    async def look() -> None:
        from msgspec import json

        from nexus.core.texts import one_line
        from nexus.protocol.commands import Rooms

        async with _connected(url, name, "rooms") as connection:
            for room in (await connection.ask(Rooms)).rooms or []:
                if as_json:
                    print(json.encode(room).decode())
                else:
                    print(f"{one_line(room.name)}\t{room.online}\t{room.head}\t{one_line(room.topic)}")

    _run(look())


# --- what they are made of -----------------------------------------------------------------------------


@asynccontextmanager
async def _connected(
    url: str, name: str, verb: str, on_event: Any = lambda _: None, on_end: Any = None
) -> AsyncIterator["Connection"]:
    """A greeted connection; frees the name it made up when done. Raises what ends the connection, after `on_end`."""
    from nexus.cli.identity import stored_login
    from nexus.client.connection import Connection
    from nexus.client.conversation import Conversation

    known = asyncio.Event()
    trouble = ""

    def state(online: bool, why: str) -> None:
        nonlocal trouble
        trouble = "" if online else why
        known.set()

    token = None if name else stored_login(url)
    talk = Conversation(name or f"{verb}-{secrets.token_hex(3)}", token, f"nexus {verb}")
    connection = Connection(url, talk, on_event, state)
    living = asyncio.create_task(connection.run())
    if on_end is not None:
        living.add_done_callback(on_end)
    try:
        await _first(known.wait(), living)
        if trouble:
            raise Failed(f"{url}: {trouble}")
        yield connection
        if living.done():
            await living
    finally:
        await connection.leave_for_good()
        living.cancel()
        with suppress(asyncio.CancelledError, Exception):  # its end was told above, where it mattered
            await living


async def _first(wanted: Coroutine[Any, Any, Any], living: asyncio.Task[None]) -> None:
    """Wait for what is wanted, or for the end of the connection, which raises why."""
    waiting = asyncio.create_task(wanted)
    await asyncio.wait({waiting, living}, return_when=asyncio.FIRST_COMPLETED)
    if not waiting.done():
        waiting.cancel()
        await living


@contextmanager
def _reader(gone: Callable[[], None]) -> Iterator[None]:
    """Tells once nobody reads standard output any more, though nothing is written; only a pipe can tell."""
    output, loop = sys.stdout.fileno(), asyncio.get_running_loop()
    if sys.platform == "win32" or not stat.S_ISFIFO(os.fstat(output).st_mode):
        yield
        return

    def closed() -> None:
        loop.remove_reader(output)
        gone()

    loop.add_reader(output, closed)
    try:
        yield
    finally:
        loop.remove_reader(output)


def _utf8(said: bytes) -> str:
    """What is to be said, as text; raises Failed."""
    try:
        return said.decode()
    except UnicodeDecodeError as error:
        raise Failed(f"Only UTF-8 text can be said, but byte {error.start + 1:,} of this one is none.") from None


class Failed(Exception):  # noqa: N818  told to the person as it is
    """The command cannot do what it was asked; the message says why."""


async def _join(connection: "Connection", room: str, **fields: Any) -> str:
    done = await connection.join(room, **fields)
    return done.room.name if done.room is not None else room


async def _print_history(
    connection: "Connection", room: str, after: int, as_json: bool, before: int | None = None
) -> int:
    """Print every event after a seq, page by page; returns the last one's seq."""
    from nexus.protocol.codec import decode_event
    from nexus.protocol.commands import History

    while True:
        done = await connection.ask(History, room=room, after=after, before=before, limit=200)
        for raw in done.events or []:
            event = decode_event(raw)
            after = getattr(event, "seq", after)
            _print_event(event, as_json)
        if not done.more:
            return after


async def _print_newest(connection: "Connection", room: str, limit: int, before: int | None, as_json: bool) -> None:
    from nexus.protocol.codec import decode_event
    from nexus.protocol.commands import History

    pages: list[list[Any]] = []
    while limit > 0:
        done = await connection.ask(History, room=room, before=before, limit=min(limit, 200))
        page = [decode_event(raw) for raw in done.events or []]
        pages.append(page)
        limit -= len(page)
        if not page or not done.more:
            break
        before = page[0].seq  # type: ignore[union-attr]
    for page in reversed(pages):
        for event in page:
            _print_event(event, as_json)


def _print_event(event: "AnyEvent", as_json: bool) -> None:
    """One line per event of the log; passing events only as JSON."""
    from nexus.protocol.codec import encode
    from nexus.tui.screen import plain_line

    line = encode(event).decode() if as_json else plain_line(event)
    if line:
        print(line, flush=True)


def _run(command: Coroutine[Any, Any, None]) -> None:
    """Run a command to its exit code: 0 when all is done, 1 with a sentence when not."""
    from nexus.client.connection import Offline
    from nexus.protocol.refusals import Refusal

    try:
        asyncio.run(command)
        sys.stdout.flush()
    except (Refusal, Offline, Failed, ValueError) as why:
        print(f"nexus: {why}", file=sys.stderr)
        raise typer.Exit(1) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the last flush is quiet too
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
