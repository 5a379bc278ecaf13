"""Moving the tables on, which one node does while those of the version before go on reading and writing.

Each script begins with `-- Goes on with: N`, which names the oldest schema whose code may go on with what it makes.
`-- In steps.` in the second line has each of its statements stand for itself, as CREATE INDEX CONCURRENTLY wants it;
there may be nothing among them for whose lock others would have to wait.
"""

import re
import time
from collections.abc import Callable
from functools import partial
from importlib import resources
from importlib.resources.abc import Traversable
from typing import NamedTuple

import psycopg

from nexus.store import StoreError
from nexus.store.postgres.connecting import Speaking

FOLDER = resources.files("nexus.store.postgres")
"""Where our scripts are."""

_HEADER = re.compile(r"-- Goes on with: (?P<oldest>\d+)\n(?P<steps>-- In steps\.\n)?")

LOCK = "pg_try_advisory_lock(20056, 1)"
"""Held by the one node that looks at the tables, and moves them where they are older."""

LOOK = 0.1
"""Seconds between two tries to be that node."""

TRIES = 30
"""How often a script is begun again that does not get its locks."""

_PATIENTLY = "SET statement_timeout = 0; SET lock_timeout = '500ms'"
"""An index may take long. Waiting for the lock of a table makes all others wait too, so nobody waits for long."""

_CONCURRENTLY = "SET lock_timeout = '60s'"
"""What is made concurrently waits for others' transactions, and nobody waits for that."""

PAUSE = 1.0
"""Seconds in which the others get on, before it is begun again."""

_MIGRATIONS = "CREATE TABLE IF NOT EXISTS migrations (schema bigint PRIMARY KEY, oldest bigint NOT NULL)"

_STANDS = "SELECT coalesce(max(schema), 0), coalesce(max(oldest), 0) FROM migrations"

IS_THERE = "gone IS NULL AND seen > (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 10000"
"""Of a node: one that was killed says nothing for so long soon."""

_STILL_THERE = f"SELECT name, version FROM nodes WHERE schema < ? AND {IS_THERE} ORDER BY run LIMIT 1"


class Script(NamedTuple):
    """What makes one schema of the one before it."""

    text: str
    oldest: int
    in_steps: bool


class Tables(NamedTuple):
    """What a version of Nexus knows of the tables: how each schema is made, and the functions of the last."""

    scripts: tuple[Script, ...]
    functions: str

    @property
    def schema(self) -> int:
        """The newest schema that it knows."""
        return len(self.scripts)


def read(folder: Traversable = FOLDER) -> Tables:
    """What the scripts in a folder know."""
    names = sorted(file.name for file in folder.iterdir() if re.fullmatch(r"\d+\.sql", file.name))
    texts = [(folder / name).read_text(encoding="utf-8") for name in names]
    return Tables(tuple(map(_script, texts)), (folder / "functions.sql").read_text(encoding="utf-8"))


def _script(text: str) -> Script:
    header = _HEADER.match(text)
    assert header is not None, f"A migration says first what goes on with it; this one says {text[:40]!r}."
    return Script(text, int(header["oldest"]), header["steps"] is not None)


def stands(connection: Speaking) -> tuple[int, int]:
    """The schema of a database, 0 where it has none, and the oldest whose code may go on with it."""
    if connection.execute("SELECT to_regclass('migrations')").fetchall()[0][0] is None:
        return 0, 0
    schema, oldest = connection.execute(_STANDS).fetchall()[0]
    return schema, oldest


def too_old(schema: int, oldest: int, known: int) -> str:
    """The sentence for code that a database has left behind."""
    return (
        f"The database of store.url was upgraded by a newer Nexus: it has schema {schema}, which needs a Nexus that "
        f"knows schema {oldest}, and this one knows schemas up to {known}. Start the newer Nexus."
    )


def migrate(connection: Speaking, tables: Tables) -> int:
    """Bring the tables up to date, one node at a time; returns their schema. Raises StoreError and psycopg.Error.

    The connection is used for nothing else: it holds the lock until it is closed.
    """
    connection.run(_PATIENTLY)
    while not connection.execute(f"SELECT {LOCK}").fetchall()[0][0]:
        time.sleep(LOOK)  # asked again, as anyone who waits inside holds up the making of an index
    schema, oldest = stands(connection)
    if oldest > tables.schema:
        raise StoreError(too_old(schema, oldest, tables.schema))
    if schema > tables.schema:
        return schema  # its functions are newer too, and ours would not do for the others
    connection.run(_MIGRATIONS)
    missing = tables.scripts[schema:]
    if schema and missing:
        _refuse_to_leave_behind(connection, max(script.oldest for script in missing))
    for number, script in enumerate(missing, schema + 1):
        _patiently(partial(_run, connection, number, script))
    _patiently(partial(connection.run, tables.functions))
    return tables.schema


def _refuse_to_leave_behind(connection: Speaking, oldest: int) -> None:
    """Refuse where a node is there that could not go on."""
    for name, version in connection.execute(_STILL_THERE, (oldest,)).fetchall():
        raise StoreError(
            f"The node {name} still runs Nexus {version}, which cannot work with this version's tables. First replace "
            "every node with a version in between, or stop all older ones; nothing was changed."
        )


def _run(connection: Speaking, schema: int, script: Script) -> None:
    """Make a schema; what stands for itself may have been begun by somebody who was interrupted."""
    note = partial(connection.execute, "INSERT INTO migrations VALUES (?, ?)", (schema, script.oldest))
    if script.in_steps:
        connection.run(_CONCURRENTLY)
        for statement in filter(str.strip, script.text.split(";\n")):
            connection.run(statement)
        note()
        connection.run(_PATIENTLY)
        return
    with connection.raw.transaction():
        connection.run(script.text)
        note()


def _patiently(work: Callable[[], object]) -> None:
    """Do it again where others hold a table, so that they come first; raises StoreError where they do for long."""
    for _ in range(TRIES):
        try:
            work()
        except psycopg.errors.LockNotAvailable:
            time.sleep(PAUSE)
        else:
            return
    raise StoreError(
        "The tables cannot be upgraded while something else, such as pg_dump, uses them for so long; start again when "
        "it is done. Nothing is lost, and other nodes carry on."
    )
