"""`nexus move`: a chat from its data directory into PostgreSQL, or back."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from nexus.cli.asking import LOCKED, ConfigOption, DataOption
from nexus.cli.sources import USAGE, end, read_settings


def move(
    to: Annotated[
        str, typer.Option("--to", metavar="PLACE", help="Where to: a URL as postgresql://…, or a new directory.")
    ],
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Move a whole chat to another database, with every server stopped, and compare each row.

    What it is moved from is what the settings say: the data directory, or the PostgreSQL of `store.url`. In the end it
    is marked as moved, and no server starts there any more. Where this was interrupted, run it again.
    """
    from nexus.settings.load import SettingsError
    from nexus.store import StoreError
    from nexus.store.lock import Held

    try:
        settings = read_settings({} if data is None else {"--data": data}, config).loaded.settings
    except SettingsError as error:
        end(str(error), USAGE)
    url, directory = settings.store.url, Path(settings.data)
    into_postgres = to.startswith(("postgresql://", "postgres://"))
    if into_postgres == bool(url):
        end("A chat is moved from a data directory to postgresql://…, or from store.url to a new directory.", USAGE)
    try:
        name = _to_postgres(directory, to) if into_postgres else _to_sqlite(url, Path(to))
    except Held as error:
        end(str(error), LOCKED)
    except StoreError as error:
        end(str(error), 1)
    print(f"All of it is in {name} now; start Nexus with {'store.url' if into_postgres else 'data'} set to that.")


def _to_postgres(directory: Path, url: str) -> str:
    from nexus.store.lock import hold
    from nexus.store.moving import move as move_rows
    from nexus.store.moving.postgres import InPostgres
    from nexus.store.moving.sqlite import InSqlite

    if not (directory / "nexus.db").exists():
        end(f"{directory / 'nexus.db'} does not exist; give a server's data directory with --data.", 1)
    with hold(directory), closing(InSqlite(directory, new=False)) as source, closing(InPostgres(url)) as target:
        move_rows(source, target, print)
        return target.name


def _to_sqlite(url: str, directory: Path) -> str:
    from nexus.store.moving import move as move_rows
    from nexus.store.moving.postgres import InPostgres
    from nexus.store.moving.sqlite import InSqlite

    with closing(InPostgres(url)) as source, closing(InSqlite(directory, new=True)) as target:
        move_rows(source, target, print)
        return target.name
