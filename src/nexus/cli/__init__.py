"""The command `nexus`; each of its commands imports what it needs when it runs, so that all start fast."""

import sys
from errno import ENOSPC
from typing import Annotated

import typer

from nexus import __version__
from nexus.cli.backups import backup, restore
from nexus.cli.bots import bot
from nexus.cli.chat import chat
from nexus.cli.config import config
from nexus.cli.doctor import doctor
from nexus.cli.enforcing import user
from nexus.cli.login import login
from nexus.cli.moving import move
from nexus.cli.operator import audit, invite, nodes, room, sessions
from nexus.cli.scripts import history, rooms, search, send, tail
from nexus.cli.serve import serve
from nexus.cli.sources import SettingsCommand
from nexus.cli.streams import give_up_output, prepare

app = typer.Typer(
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _tell_version(asked: bool) -> None:
    if asked:
        print(f"Nexus {__version__}")
        raise typer.Exit


@app.callback()
def nexus(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Nexus: a chat server that anyone starts with one command."""


app.command(cls=SettingsCommand)(serve)
app.command()(chat)
app.command()(login)
app.command()(send)
app.command()(tail)
app.command()(history)
app.command()(search)
app.command()(rooms)
app.command(cls=SettingsCommand)(config)
app.command(cls=SettingsCommand)(doctor)
app.command()(backup)
app.command()(restore)
app.command()(move)
app.add_typer(user, name="user")
app.add_typer(bot, name="bot")
app.add_typer(room, name="room")
app.add_typer(invite, name="invite")
app.command()(sessions)
app.command()(nodes)
app.command()(audit)


def main() -> None:
    """Run the command line."""
    prepare()
    try:
        try:
            app(prog_name="nexus")
        except SystemExit as ending:  # Click makes it 1 where nobody reads on, as with `nexus audit | head`
            if isinstance(ending.__context__, BrokenPipeError):
                raise ending.__context__ from None
            raise
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        give_up_output()
        sys.exit(0)
    except OSError as why:
        if why.errno != ENOSPC:
            raise
        give_up_output()
        print(f"nexus: The output cannot be written: {why.strerror}.", file=sys.stderr)
        sys.exit(1)
