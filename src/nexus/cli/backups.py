"""`nexus backup` and `nexus restore`: a copy of the database, and the way back to it."""

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nexus.cli.asking import LOCKED, ConfigOption, DataOption, JsonOption, Refused, ask_running
from nexus.cli.sources import USAGE, end, read_settings
from nexus.protocol.operating import Backup

if TYPE_CHECKING:
    from nexus.settings import Settings


def backup(
    to: Annotated[
        str | None, typer.Option("--to", metavar="FILE", help="Where to write it; the file must not exist yet.")
    ] = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the database, whether a server is running or not, and check the whole copy.

    Without --to the copy is named after the time, in the folder `backup.folder`. A running server makes it, between
    messages.
    """
    from nexus.node.backups import IN_POSTGRESQL, folder_of, name_now
    from nexus.store import StoreError
    from nexus.store.owner import make_folder
    from nexus.store.sqlite.backup import back_up

    settings = _settings(data, config)
    if settings.store.url:
        end(IN_POSTGRESQL, 1)
    database = Path(settings.data) / "nexus.db"
    if not database.exists():
        end(f"{database} does not exist, so there is nothing to back up; give the data directory with --data.", 1)
    file = Path(to) if to is not None else folder_of(settings) / name_now()
    with suppress(OSError):  # else anyone who makes the copy says so
        make_folder(file.parent, Path(settings.data))
    try:
        if not ask_running(Backup(str(file.absolute())), Path(settings.data)):
            back_up(database, file)
    except StoreError as error:
        end(str(error), 1)
    except Refused as error:
        end(f"{error} (It is the running server that makes the copy, as its own user.)", 1)
    except OSError as error:
        end(f"The server does not answer: {error.strerror or error}.", LOCKED)
    if as_json:
        print(json.dumps({"file": str(file)}))
        return
    print(f"{file} is a whole copy of {database}.")


def restore(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file made by `nexus backup`.")],
    data: DataOption = None,
    config: ConfigOption = None,
    keep_logins: Annotated[bool, typer.Option("--keep-logins", help="Leave everyone logged in.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Replace the database of a stopped server with a backup; the one that was there is set aside.

    All logins and sessions end, because some may have been revoked since, unless --keep-logins is given.
    """
    from nexus.node.backups import IN_POSTGRESQL
    from nexus.store import StoreError
    from nexus.store.lock import Held, hold
    from nexus.store.sqlite.backup import put_back

    settings = _settings(data, config)
    if settings.store.url:
        end(IN_POSTGRESQL, 1)
    directory = Path(settings.data)
    try:
        with hold(directory):
            aside = put_back(Path(file), directory / "nexus.db", keep_logins=keep_logins)
    except Held as error:
        end(str(error), LOCKED)
    except StoreError as error:
        end(str(error), 1)
    if as_json:
        print(json.dumps({"file": file, "replaced": None if aside is None else str(aside), "logins": keep_logins}))
        return
    print(f"{directory / 'nexus.db'} is {file} again.")
    if aside is not None:
        print(f"What was there is {aside}; delete it once all is well.")
    print(
        "Logins and sessions are as they were then."
        if keep_logins
        else "All logins, sessions, invitations and reset links have ended."
    )


def _settings(data: str | None, config: str | None) -> "Settings":
    from nexus.settings.load import SettingsError

    try:
        return read_settings({} if data is None else {"--data": data}, config).loaded.settings
    except SettingsError as error:
        end(str(error), USAGE)
