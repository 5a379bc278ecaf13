"""`nexus backup` and `nexus restore`: a copy of the database, and the way back to it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from nexus.cli.sources import USAGE, ConfigOption, end, read_settings

LOCKED = 3
"""Exit code where a server has the data directory."""

DataOption = Annotated[str | None, typer.Option("--data", metavar="DIR", help="The data directory.")]


def backup(
    to: Annotated[str | None, typer.Option("--to", metavar="FILE", help="Where; it must not be there yet.")] = None,
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Copy the database, beside a running server or a stopped one, and look all through the copy.

    Without --to the copy is named after the time, in a folder beside the data directory.
    """
    from nexus.store import StoreError
    from nexus.store.sqlite.backup import back_up

    directory = _directory(data, config)
    database = directory / "nexus.db"
    if not database.exists():
        end(f"{database} is not there, so there is nothing to back up; --data names the data directory.", 1)
    file = Path(to) if to is not None else _default(directory)
    try:
        back_up(database, file)
    except StoreError as error:
        end(str(error), 1)
    print(f"{file} is a whole copy of {database}.")


def restore(
    file: Annotated[str, typer.Argument(metavar="FILE", help="What `nexus backup` made.")],
    data: DataOption = None,
    config: ConfigOption = None,
    keep_logins: Annotated[bool, typer.Option("--keep-logins", help="Leave everyone logged in.")] = False,
) -> None:
    """Put a backup in the place of the database of a stopped server; the one that was there is set aside.

    All logins and sessions end, because some may have been revoked since, unless --keep-logins is given.
    """
    from nexus.store import StoreError
    from nexus.store.lock import Held, hold
    from nexus.store.sqlite.backup import put_back

    directory = _directory(data, config)
    try:
        with hold(directory):
            aside = put_back(Path(file), directory / "nexus.db", keep_logins=keep_logins)
    except Held as error:
        end(str(error), LOCKED)
    except StoreError as error:
        end(str(error), 1)
    print(f"{directory / 'nexus.db'} is {file} again.")
    if aside is not None:
        print(f"What was there is {aside}; delete it once all is well.")
    print("Logins and sessions are as they were then." if keep_logins else "All logins and sessions have ended.")


def _directory(data: str | None, config: str | None) -> Path:
    from nexus.settings.load import SettingsError

    try:
        return Path(read_settings({} if data is None else {"--data": data}, config).loaded.settings.data)
    except SettingsError as error:
        end(str(error), USAGE)


def _default(directory: Path) -> Path:
    place = directory.absolute()
    return place.with_name(f"{place.name}-backups") / f"nexus-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.db"
