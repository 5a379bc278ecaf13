"""`nexus login`: log in to an account once, for all commands that speak to that server."""

from typing import Annotated

import typer

from nexus.cli.scripts import DEFAULT_URL


def login(
    url: Annotated[str, typer.Argument(envvar="NEXUS_URL", help="The server's address.")] = DEFAULT_URL,
    name: Annotated[
        str, typer.Option("--name", envvar="NEXUS_NAME", help="Your account; without it, you are asked.")
    ] = "",
) -> None:
    """Log in, so that chat, send, tail and the others speak as you. The password may come from a pipe."""
    from nexus.cli.connected import run

    run(_login(url, *_asked(name)))


async def _login(url: str, name: str, password: str) -> None:
    import asyncio
    from contextlib import suppress

    from nexus.cli.connected import Failed
    from nexus.cli.identity import store_login
    from nexus.client.connection import Connection
    from nexus.client.conversation import Conversation

    if not name:
        raise Failed("Which account? Give --name.")
    talk = Conversation(name, client="nexus", password=password)
    known, trouble = asyncio.Event(), [""]

    def told(online: bool, why: str) -> None:
        trouble[0] = "" if online else why
        known.set()

    connection = Connection(url, talk, on_state=told)
    living = asyncio.create_task(connection.run())
    waiting = asyncio.create_task(known.wait())
    try:
        await asyncio.wait({waiting, living}, return_when=asyncio.FIRST_COMPLETED)
        if living.done():
            await living
        if trouble[0]:
            raise Failed(f"{url}: {trouble[0]}")
    finally:
        await connection.leave_for_good()
        waiting.cancel()
        living.cancel()
        with suppress(asyncio.CancelledError, Exception):  # its end was told above, where it mattered
            await living
    try:
        store_login(url, talk.token)
    except OSError as why:
        raise Failed(f"The login cannot be kept: {why.strerror or why}: {why.filename}.") from None
    print(f"You are logged in as {talk.name}.")


def _asked(name: str) -> tuple[str, str]:
    """Name and password, as typed or from a pipe; asked before there is a loop, in which Ctrl-C would only wait."""
    import sys
    from getpass import getpass

    if sys.stdin.isatty():
        name = name or input("Your account: ").strip()
        return name, getpass(f"Password of {name}: ") if name else ""
    return name, sys.stdin.readline().rstrip("\r\n")
