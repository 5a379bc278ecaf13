"""`nexus user ban`, `mute`, `limit` and their opposites: what an operator does about people who trouble others."""

from typing import Annotated

import typer

from nexus.cli.asking import ConfigOption, DataOption, ask
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
) -> None:
    """Ban someone from the server: their sessions, logins and invitations end."""
    if address and not yes:
        others = ask(o.BanUser(name, hours, reason, address), data, config)["others"]
        guests = "1 other guest is" if others == 1 else f"{others:,} other guests are"
        typer.confirm(f"{guests} at the same address. Ban {name} and all guests from there?", abort=True)
    told = ask(o.BanUser(name, hours, reason, address, confirm=True, purge=purge), data, config)
    print(f"{told['name']} is banned {_for_so_long(hours, 'hour')}.")
    if told["hidden"] is not None:
        print(f"{told['hidden']:,} {'message is' if told['hidden'] == 1 else 'messages are'} hidden.")


@user.command("unban")
def unban(name: NameArgument, data: DataOption = None, config: ConfigOption = None) -> None:
    """Let someone in again."""
    print(f"{ask(o.UnbanUser(name), data, config)['name']} may come in again.")


@user.command("mute")
def mute(
    name: NameArgument,
    minutes: Annotated[
        int | None, typer.Option("--minutes", min=1, max=5_256_000, help="How long; without it, for ever.")
    ] = None,
    reason: ReasonOption = "",
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Let someone say nothing more, in any room."""
    told = ask(o.MuteUser(name, minutes, reason), data, config)
    print(f"{told['name']} is muted {_for_so_long(minutes, 'minute')}.")


@user.command("unmute")
def unmute(name: NameArgument, data: DataOption = None, config: ConfigOption = None) -> None:
    """Let someone talk again."""
    print(f"{ask(o.UnmuteUser(name), data, config)['name']} may talk again.")


@user.command("limit")
def limit(name: NameArgument, reason: ReasonOption = "", data: DataOption = None, config: ConfigOption = None) -> None:
    """Limit an account to the rooms it belongs to, and the people in them."""
    print(f"{ask(o.LimitUser(name, reason), data, config)['name']} has a limited account now.")


@user.command("unlimit")
def unlimit(name: NameArgument, data: DataOption = None, config: ConfigOption = None) -> None:
    """Let an account find what everyone can find."""
    print(f"{ask(o.UnlimitUser(name), data, config)['name']} finds all open rooms now.")


def _for_so_long(count: int | None, unit: str) -> str:
    return "for good" if count is None else f"for {count} {unit}{'' if count == 1 else 's'}"
