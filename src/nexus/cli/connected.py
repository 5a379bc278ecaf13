"""What the commands for scripts are made of: a connection, pages of history, lines of output, an exit code."""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec
import typer

from nexus.cli.ending import until_told
from nexus.cli.identity import stored_login
from nexus.cli.streams import give_up_output
from nexus.client.connection import Connection, Offline
from nexus.client.conversation import Conversation
from nexus.client.reading import Entry, Heard, Unknown, read_page
from nexus.core.names import NameInvalid, person_name
from nexus.core.texts import shown
from nexus.protocol.codec import encode
from nexus.protocol.commands import History
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.tui.screen import plain_line

PAGE = 200
"""Events asked for at once."""


class Failed(Exception):  # noqa: N818  told to the person as it is
    """The command cannot do what it was asked; the message says why."""


def run(command: Coroutine[Any, Any, None]) -> None:
    """Run a command to its exit code: 0 when all is done, 1 with a sentence when not."""
    try:
        asyncio.run(until_told(command))
        sys.stdout.flush()
    except (Refusal, Offline, Failed, ValueError) as why:
        print(f"nexus: {shown(str(why))}", file=sys.stderr)  # a stranger may have written it
        raise typer.Exit(1) from None
    except BrokenPipeError:
        give_up_output()
        raise typer.Exit(0) from None
    except OSError as why:
        give_up_output()
        print(f"nexus: The output cannot be written: {why.strerror or why}.", file=sys.stderr)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


async def login_of(url: str, name: str) -> str | None:
    """The token of the stored login, unless that is another's than the name that is given."""
    token = stored_login(url)
    if token is None or not name:
        return token
    talk = Conversation(None, token, "nexus")
    known = asyncio.Event()
    connection = Connection(url, talk, lambda _: None, lambda *_: known.set())
    living = asyncio.create_task(connection.run())
    with suppress(Refusal, ValueError):  # an old token, or no server: what comes next says so
        await _first(known.wait(), living)
    living.cancel()
    await asyncio.gather(living, return_exceptions=True)
    await connection.leave_for_good()
    return token if talk.you is not None and _same(talk.you.name, name) else None


def _same(one: str, other: str) -> bool:
    """Whether two spellings are the same name."""
    try:
        return person_name(one).key == person_name(other).key
    except NameInvalid:
        return False


@asynccontextmanager
async def connected(
    url: str,
    name: str,
    verb: str,
    on_event: Callable[[Heard], None] = lambda _: None,
    on_end: Callable[[], None] = lambda: None,
) -> AsyncIterator[Connection]:
    """A greeted connection; frees the name it made up when done. Raises what ends the connection, after `on_end`."""
    known = asyncio.Event()
    trouble = ""

    def state(online: bool, why: str) -> None:
        nonlocal trouble
        trouble = "" if online else why
        known.set()

    token = await login_of(url, name)
    talk = Conversation(name or f"{verb}-{secrets.token_hex(3)}", token, f"nexus {verb}")
    connection = Connection(url, talk, on_event, state)
    living = asyncio.create_task(connection.run())
    living.add_done_callback(lambda _: on_end())
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


async def read_history(connection: Connection, room: str, **fields: Any) -> tuple[list[Entry], bool]:
    """A page of a room's history, and whether there are more; waits where the server wants that."""
    while True:
        try:
            done: Done = await connection.ask(History, room=room, **fields)
        except Refusal as refusal:
            if refusal.retry_after is None:
                raise
            await asyncio.sleep(refusal.retry_after)
        else:
            return read_page(done.events), bool(done.more)


def print_event(event: Heard, as_json: bool) -> None:
    """One line per event of the log; passing events, and those of later versions, only as JSON."""
    if not as_json:
        line = plain_line(event)
    elif isinstance(event, Unknown):
        line = msgspec.json.format(event.raw, indent=-1).decode()
    else:
        line = encode(event).decode()
    if line:
        print(line, flush=True)
