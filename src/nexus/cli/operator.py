"""`nexus user`, `room`, `invite`, `sessions`, `nodes`, `audit`: what an operator does on any day."""

import json
import sys
from typing import Annotated, cast, get_args

import typer

from nexus.cli.asking import ConfigOption, DataOption, JsonOption, Row, ask, ask_all, say
from nexus.cli.rows import print_rows, when
from nexus.cli.sources import USAGE, end
from nexus.protocol import operating as o

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The name of an account.")]
RoomArgument = Annotated[str, typer.Argument(metavar="ROOM", help="The name of a room.")]

user = typer.Typer(
    no_args_is_help=True,
    help="Accounts: list, show, reset, role, rename, end-logins, export, erase, ban, mute, limit.",
)
room = typer.Typer(no_args_is_help=True, help="Rooms: list, show, rename, archive, delete, export.")
invite = typer.Typer(no_args_is_help=True, help="Invitations: create, list, revoke.")


# --- people ----------------------------------------------------------------------------------------


@user.command("list")
def list_users(data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List all accounts by name."""
    rows = ask_all(o.Users(), "users", o.Users, data, config)
    titles = {"name": "NAME", "role": "ROLE", "created": "SINCE", "logins": "LOGINS", "used": "LAST LOGIN"}
    for row in () if as_json else rows:
        row["role"] += " (limited)" if row["limited"] else ""
    print_rows(rows, titles, as_json=as_json)


@user.command("show")
def show_user(
    name: NameArgument, data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Show an account: its role, where it is signed in, its rooms, and whether it is here."""
    answer = ask(o.User(name), data, config)
    if as_json:
        print(json.dumps(answer))
        return
    print(f"{answer['user']['name']} is {answer['user']['role']}.")
    rooms = ", ".join(row["name"] for row in answer["rooms"])
    print(f"Rooms: {rooms or 'none'}.")
    print(f"Here: {len([one for one in answer['sessions'] if one['connected']])} connections.")
    print_rows(answer["logins"], {"id": "LOGIN", "client": "DEVICE", "created": "SINCE", "used": "LAST USED"})


@user.command("reset")
def reset_user(
    name: NameArgument, data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Make a one-time link with which someone who forgot their password sets a new one."""
    answer = ask(o.ResetUser(name), data, config)
    if as_json:
        print(json.dumps(answer))
        return
    print(f"Give {answer['name']} this link; it works once, until {when(answer['expires'])}:")
    print(f"  {answer['address']}/reset/{answer['code']}")
    print("Setting a new password there ends all of the account's logins.")


@user.command("role")
def set_role(
    name: NameArgument,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="member, moderator, admin or owner.")],
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make an account a member, a moderator, an administrator or an owner."""
    if role not in get_args(o.Role):
        end(f"There is no role {role!r}; the roles are {', '.join(get_args(o.Role))}.", USAGE)
    answer = ask(o.SetRole(name, cast(o.Role, role)), data, config)
    article = "an" if role in ("admin", "owner") else "a"
    say(answer, f"{answer['name']} is now {article} {answer['role']}.", as_json=as_json)


@user.command("rename")
def rename_user(
    name: NameArgument,
    to: Annotated[str, typer.Argument(metavar="NEW", help="The new name.")],
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give an account another name; the old one stays reserved for it for a while."""
    answer = ask(o.RenameUser(name, to), data, config)
    say(answer, f"{answer['before']} is now called {answer['name']}.", as_json=as_json)


@user.command("end-logins")
def end_logins(
    name: NameArgument, data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Sign an account out on all devices."""
    answer = ask(o.EndLogins(name), data, config)
    logins = "1 login" if answer["ended"] == 1 else f"{answer['ended']} logins"
    say(answer, f"{answer['name']} is signed out; {logins} ended.", as_json=as_json)


@user.command("export")
def export_user(name: NameArgument, data: DataOption = None, config: ConfigOption = None) -> None:
    """Write all there is about a person, in JSON: a line about the account, and one for each message."""
    about = ask(o.User(name), data, config)
    events = ask_all(o.ExportUser(name), "events", lambda after: o.ExportUser(name, after), data, config)
    for row in ({"type": "account", **about}, *events):
        print(json.dumps(row, ensure_ascii=False))


@user.command("erase")
def erase_user(
    name: NameArgument,
    messages: Annotated[str, typer.Option("--messages", help="keep (by a former member) or remove.")] = "keep",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove a person: account, logins and memberships, and with --messages remove also what they said."""
    if messages not in ("keep", "remove"):
        end(f"--messages cannot be {messages!r}; use keep or remove.", USAGE)
    if not yes:
        typer.confirm(f"Erase {name} for good?", abort=True, err=True)
    answer = ask(o.EraseUser(name, "remove" if messages == "remove" else "keep"), data, config)
    removed = "1 message was" if answer["removed"] == 1 else f"{answer['removed']} messages were"
    kept = f"{removed} removed" if messages == "remove" else "their messages stay"
    say(answer, f"{answer['name']} is erased; {kept}.", as_json=as_json)


# --- rooms -----------------------------------------------------------------------------------------


@room.command("list")
def list_rooms(data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List all rooms, the most recently active first."""
    answer = ask(o.Rooms(), data, config)
    rows = answer["rooms"] if as_json else [row | {"keep": _kept(row)} for row in answer["rooms"]]
    titles = {"name": "ROOM", "head": "EVENTS", "at": "LAST", "keep": "KEEPS", "topic": "TOPIC"}
    print_rows(rows, titles, as_json=as_json)


@room.command("show")
def show_room(
    name: RoomArgument, data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Show a room: its topic, its members and who is here."""
    answer = ask(o.Room(name), data, config)
    if as_json:
        print(json.dumps(answer))
        return
    from nexus.core.texts import one_line

    row = answer["room"]
    many = row["head"] - row["first"] + 1
    print(f"{row['name']}: {one_line(row['topic']) or 'no topic'}. {many} events, the last {when(row['at'])}.")
    print(f"Messages are kept {_kept(row)}.")
    if row["former"]:
        print(f"It was called {', '.join(row['former'])}, which leads there.")
    print(f"Members: {', '.join(member['name'] for member in answer['members']) or 'none'}.")
    print(f"Here: {', '.join(answer['here']) or 'nobody'}.")


@room.command("rename")
def rename_room(
    name: RoomArgument,
    to: Annotated[str, typer.Argument(metavar="NEW", help="The new name.")],
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give an open room another name; the old one leads to it until another room takes it."""
    answer = ask(o.RenameRoom(name, to), data, config)
    say(answer, f"{answer['before']} is now called {answer['name']}.", as_json=as_json)


@room.command("archive")
def archive_room(
    name: RoomArgument,
    end_it: Annotated[bool, typer.Option("--undo", help="Let people talk there again.")] = False,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Close a room for new messages; everything that was said stays."""
    answer = ask(o.ArchiveRoom(name, archived=not end_it), data, config)
    now = "archived" if answer["archived"] else "open for messages again"
    say(answer, f"{answer['name']} is {now}.", as_json=as_json)


def _kept(row: Row) -> str:
    """How long a room keeps messages, in words."""
    days: int = row["rules"]["keep"]
    return (
        "as history.keep says" if days < 0 else "for ever" if not days else f"for {days} day{'s' if days > 1 else ''}"
    )


@room.command("delete")
def delete_room(
    name: RoomArgument,
    reason: Annotated[str, typer.Option("--reason", help="The reason; anyone who sees the act sees it.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Bring back a room that was deleted.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Delete a room for everyone; for moderation.undo_hours it can be brought back, then nothing is left of it."""
    if not yes and not undo:
        typer.confirm(f"Delete {name} for everyone?", abort=True, err=True)
    answer = ask(o.DeleteRoom(name, reason, undo), data, config)
    back = f"`nexus room delete --undo {answer['name']}` brings it back"
    sentence = f"{answer['name']} is back." if undo else f"{answer['name']} is deleted; {back}."
    say(answer, sentence, as_json=as_json)


@room.command("export")
def export_room(
    name: RoomArgument, data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Write all of a room's history: as in its transcript, or with --json one event per line."""
    import msgspec

    from nexus.core.lines import header, line
    from nexus.protocol.events import LogEvent

    rows = ask_all(o.ExportRoom(name), "events", lambda after: o.ExportRoom(name, after), data, config)
    if as_json:
        print("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
        return
    day = None
    for row in rows:
        event = msgspec.convert(row, type=LogEvent)
        if when(event.at)[:10] != day:
            day = when(event.at)[:10]
            print(header(event.room, event.at), end="")
        print(line(event), end="")


# --- invitations, sessions, the record of what was done ---------------------------------------------


@invite.command("create")
def create_invite(
    role: Annotated[str, typer.Option("--role", help="The role it gives, on the server or in the room.")] = "member",
    uses: Annotated[int, typer.Option("--uses", min=1, max=10_000, help="How many people it is for.")] = 1,
    hours: Annotated[float, typer.Option("--hours", min=0, help="How long it is valid; 0 for ever.")] = 168,
    room: Annotated[str | None, typer.Option("--room", metavar="ROOM", help="The room it leads to.")] = None,
    limited: Annotated[bool, typer.Option("--limited", help="Accounts made with it find only that room.")] = False,
    qr: Annotated[bool, typer.Option("--qr", help="Print it as a QR code too.")] = False,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a link with which people create an account, or join a room."""
    if role not in get_args(o.Role):
        end(f"There is no role {role!r}; the roles are {', '.join(get_args(o.Role))}.", USAGE)
    if room == "":  # a script's variable that is not set must not make accounts
        end("--room is empty; name a room, or leave it out for a link that makes accounts.", USAGE)
    answer = ask(o.Invite(cast(o.Role, role), uses, hours, room or "", limited), data, config)
    if as_json:
        print(json.dumps(answer))
        return
    print(_about_invite(answer))
    link = f"{answer['address']}/invite/{answer['code']}"
    print(f"  {link}")
    if qr:
        _print_qr(link)


def _about_invite(answer: Row) -> str:
    until = f", until {when(answer['expires'])}" if answer["expires"] else ""
    limited = ", with accounts that find nothing else" if answer["limited"] else ""
    people = f"{answer['uses']} {'person' if answer['uses'] == 1 else 'people'}"
    if answer["room"]:
        return f"This link brings {people} into {answer['room']} ({answer['role']}){limited}{until}:"
    accounts = "account" if answer["uses"] == 1 else "accounts"
    return f"This link makes {answer['uses']} {accounts} ({answer['role']}){until}:"


def _print_qr(link: str) -> None:
    from nexus.core.squares import half_blocks
    from nexus.server.qr import qr_of

    light, plain = (
        ("\x1b[97;40m", "\x1b[0m") if sys.stdout.isatty() else ("", "")
    )  # whatever the terminal's colours are
    print("\n".join(f"{light}{line}{plain}" for line in half_blocks(qr_of(link))))


@invite.command("list")
def list_invites(data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List the invitations, and who used them."""
    rows = ask(o.Invites(), data, config)["invites"]
    if not as_json:
        for row in rows:
            row["role"] = row["room_role"] if row["room"] else row["role"]
    titles = {
        "id": "ID",
        "place": "ROOM",
        "role": "ROLE",
        "limited": "LIMITED",
        "uses": "USES LEFT",
        "expires": "UNTIL",
        "doer": "BY",
        "used": "CAME",
    }
    print_rows(rows, titles, as_json=as_json)


@invite.command("end", hidden=True)
@invite.command("revoke")
def end_invite(
    id: Annotated[int, typer.Argument(metavar="ID", help="The number that `nexus invite list` shows.")],
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Revoke an invitation."""
    answer = ask(o.EndInvite(id), data, config)
    say(answer, f"Invitation {answer['id']} no longer works.", as_json=as_json)


def sessions(data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List who is here now, and from which address."""
    answer = ask(o.Sessions(), data, config)
    titles = {"name": "NAME", "role": "ROLE", "address": "FROM", "connected": "CONNECTED", "rooms": "ROOMS"}
    print_rows(answer["sessions"], titles, as_json=as_json)


def nodes(data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List the nodes that share the database: who is on each, what it lacks of the store, when it was last heard."""
    answer = ask(o.Nodes(), data, config)
    titles = {"run": "RUN", "name": "NODE", "version": "VERSION", "people": "PEOPLE", "rooms": "ROOMS"}
    titles |= {"behind": "BEHIND", "started": "STARTED", "seen": "SEEN"}
    if not answer["nodes"] and not as_json:
        print("This node is alone: bus.url is empty, or it has just started.")
        return
    rows = answer["nodes"]
    newest = max((row["seen"] for row in rows), default=0)  # times are the database's, which this machine's may not fit
    for row in () if as_json else rows:
        row["seen"] = f"{(newest - row['seen']) / 1000:.1f} s ago{', gone' if row['gone'] else ''}"
    print_rows(rows, titles, as_json=as_json)


def audit(data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List what was done to accounts, and by whom, the newest first."""
    rows = ask_all(o.Audit(), "acts", o.Audit, data, config)
    for row in rows:
        row["by"] = "operator" if row["by"] == 0 else row["doer"] or f"account {row['by']}"
    titles = {"at": "TIME", "by": "BY", "verb": "WHAT", "name": "WHOM", "detail": "DETAIL"}
    print_rows(rows, titles, as_json=as_json)
