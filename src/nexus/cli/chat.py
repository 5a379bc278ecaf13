"""`nexus chat`: the line client."""

import sys
from typing import Annotated

import typer

from nexus.cli.scripts import DEFAULT_URL


def chat(
    url: Annotated[str, typer.Argument(envvar="NEXUS_URL", help="The server's address.")] = DEFAULT_URL,
    name: Annotated[
        str, typer.Option("--name", envvar="NEXUS_NAME", help="Your name; without it, you are asked.")
    ] = "",
    room: Annotated[
        str, typer.Option("--room", help="The room to start in; by default your rooms, or the lobby.")
    ] = "",
) -> None:
    """Chat in a terminal."""
    import asyncio

    from nexus.cli.ending import until_told
    from nexus.core.texts import shown
    from nexus.protocol.refusals import Refusal

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("nexus: chat needs a terminal; in scripts, `nexus send` and `nexus tail` do.", file=sys.stderr)
        raise typer.Exit(2)
    from prompt_toolkit.application import create_app_session

    from nexus.tui.paper import output_of_terminal

    try:
        with create_app_session(output=output_of_terminal()):
            asyncio.run(until_told(_chat(url, name, room)))
    except (EOFError, KeyboardInterrupt):
        return
    except (Refusal, ValueError) as why:
        print(f"nexus: {shown(str(why))}", file=sys.stderr)  # a stranger may have written it
        raise typer.Exit(1) from None


async def _chat(url: str, name: str, room: str) -> None:
    """Ask for a name until one is free, then chat."""
    import os
    from contextlib import suppress

    from nexus.cli.connected import login_of
    from nexus.cli.identity import store_login, typed_lines
    from nexus.client.conversation import Conversation
    from nexus.core.texts import shown
    from nexus.protocol.refusals import Refusal
    from nexus.tui.chat import Chat

    token = await login_of(url, name)
    name = name or ("" if token else await _ask_name())
    while True:
        talk = Conversation(name, token, "nexus chat")
        screen = Chat(
            url,
            talk,
            not os.environ.get("NO_COLOR"),
            typed_lines(),
            lambda kept: store_login(url, kept),
        )
        try:
            await screen.run(room)
        except Refusal as refusal:
            if talk.you is not None or refusal.code not in ("name_taken", "name_invalid", "unauthorised"):
                raise
            print(shown(refusal.message))
            if token is not None:
                with suppress(OSError):  # what is kept there leads nowhere any more
                    store_login(url, None)
                token = None
            name = await _ask_name()
        else:
            return


def suggested_name() -> str:
    """What the system calls the person; a container may run as a user of whom it knows no name."""
    import getpass
    import os

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user{os.getuid()}"


async def _ask_name() -> str:
    from prompt_toolkit import PromptSession

    from nexus.tui.keyboard import suspending

    session: PromptSession[str] = PromptSession(key_bindings=suspending())
    while True:
        name = (await session.prompt_async("Your name: ", default=suggested_name())).strip()
        if name:
            return name
