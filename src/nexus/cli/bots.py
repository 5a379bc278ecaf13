"""`nexus bot`: the accounts that programs speak as."""

import json
from typing import Annotated

import typer

from nexus.cli.asking import ConfigOption, DataOption, JsonOption, ask, ask_all, say
from nexus.cli.rows import print_rows
from nexus.protocol import operating as o

bot = typer.Typer(no_args_is_help=True, help="Bots: create, list, end.")


@bot.command("create")
def create_bot(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The bot's name.")],
    owner: Annotated[str, typer.Option("--owner", metavar="ACCOUNT", help="The bot's owner.")],
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a bot and print its token, once; for an existing bot this is a new token, and the old one ends."""
    answer = ask(o.MakeBot(name, owner), data, config)
    if as_json:
        print(json.dumps(answer))
        return
    print(f"{answer['name']} is a bot of {answer['owner']}. Its token is shown only this once:")
    print(f"  {answer['token']}")
    print("Put it into NEXUS_TOKEN for `nexus send`, `tail` and the others.")


@bot.command("list")
def list_bots(data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List all bots by name, with their owners."""
    rows = ask_all(o.Bots(), "users", o.Bots, data, config)
    titles = {"name": "NAME", "owner": "OWNER", "created": "SINCE", "logins": "TOKENS", "used": "LAST USED"}
    print_rows(rows, titles, as_json=as_json)


@bot.command("end")
def end_bot(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The bot.")],
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """End a bot: its token and its memberships; what it said stays."""
    answer = ask(o.EndBot(name), data, config)
    say(answer, f"{answer['name']} is gone.", as_json=as_json)
