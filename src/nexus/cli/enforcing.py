"""`nexus user ban`, `mute`, `limit` and their opposites: what an operator does about people who trouble others."""

from typing import Annotated

import typer

from nexus.cli.asking import ConfigOption, DataOption, JsonOption, ask, say
from nexus.cli.operator import NameArgument, user
from nexus.protocol import operating as o

__all__ = ["user"]

ReasonOption = Annotated[str, typer.Option("--reason", help="The reason; moderators see it in the list of acts.")]


@user.command("ban")
def ban(
    name: NameArgument,
    hours: Annotated[
        int | None, typer.Option("--hours", min=1, max=87_600, help="How long; without it, for ever.")
    ] = None,
    reason: ReasonOption = "",
    address: Annotated[bool, typer.Option("--address", help="Ban guests from the same address too.")] = False,
    purge: Annotated[
        int | None, typer.Option("--purge", min=1, max=8760, help="Hide what they said in the last N hours.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ban someone from the server: their sessions, logins and invitations end."""
    if address and not yes:
        others = ask(o.BanUser(name, hours, reason, address), data, config)["others"]
        guests = "1 other guest is" if others == 1 else f"{others:,} other guests are"
        typer.confirm(f"{guests} at the same address. Ban {name} and all guests from there?", abort=True, err=True)
    told = ask(o.BanUser(name, hours, reason, address, confirm=True, purge=purge), data, config)
    sentence = f"{told['name']} is banned {_for_so_long(hours, 'hour')}."
    if told["hidden"] is not None:
        sentence += f"\n{told['hidden']:,} {'message is' if told['hidden'] == 1 else 'messages are'} hidden."
    say(told, sentence, as_json=as_json)


@user.command("unban")
def unban(
    name: NameArgument, data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Let someone in again."""
    told = ask(o.UnbanUser(name), data, config)
    say(told, f"{told['name']} may come in again.", as_json=as_json)


@user.command("mute")
def mute(
    name: NameArgument,
    minutes: Annotated[
        int | None, typer.Option("--minutes", min=1, max=5_256_000, help="How long; without it, for ever.")
    ] = None,
    reason: ReasonOption = "",
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let someone say nothing more, in any room."""
    told = ask(o.MuteUser(name, minutes, reason), data, config)
    say(told, f"{told['name']} is muted {_for_so_long(minutes, 'minute')}.", as_json=as_json)


@user.command("unmute")
def unmute(
    name: NameArgument, data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Let someone talk again."""
    told = ask(o.UnmuteUser(name), data, config)
    say(told, f"{told['name']} may talk again.", as_json=as_json)


@user.command("limit")
def limit(
    name: NameArgument,
    reason: ReasonOption = "",
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Limit an account to the rooms it belongs to, and the people in them."""
    told = ask(o.LimitUser(name, reason), data, config)
    say(told, f"{told['name']} has a limited account now.", as_json=as_json)


@user.command("unlimit")
def unlimit(
    name: NameArgument, data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Let an account find what everyone can find."""
    told = ask(o.UnlimitUser(name), data, config)
    say(told, f"{told['name']} finds all open rooms now.", as_json=as_json)


def _for_so_long(count: int | None, unit: str) -> str:
    return "for good" if count is None else f"for {count} {unit}{'' if count == 1 else 's'}"
