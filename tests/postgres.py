"""PostgreSQL for tests: a server of their own in a folder, as a user without rights, with a database for each test."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest

from nexus.store.postgres import PostgresStore

MISSING = "PostgreSQL is not here: `make system` installs it."

EMPTY = """
DO $$
DECLARE one text;
BEGIN
    FOR one IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename NOT IN ('migrations', 'rights', 'indexed')
    LOOP
        EXECUTE format('DELETE FROM %I', one);
    END LOOP;
    PERFORM setval(sequencename::regclass, 1, false) FROM pg_sequences WHERE last_value IS NOT NULL;
    UPDATE indexed SET upto = 0;
END $$
"""
"""Makes a database that was lent as it was; a TRUNCATE of few rows takes twice as long."""

_numbers = count(1)


@cache
def programs() -> Path | None:
    """Where the programs of PostgreSQL are, 15 or newer; None where they are not."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return debian[-1].parent if debian else None


def needs_postgres() -> None:
    """Skip a test where PostgreSQL is not here; where CI is set, `make system` has seen to it, and it fails."""
    if programs() is None:
        assert not os.environ.get("CI"), MISSING
        pytest.skip(MISSING)


class Postgres:
    """A running server; stopped hard, started again and paused as tests want it."""

    def __init__(self, folder: Path, *settings: str) -> None:
        there = programs()
        assert there is not None, MISSING
        self._bin = there
        self._folder = folder
        self._settings = settings
        self._user = _somebody()
        self.process: subprocess.Popen[bytes] | None = None
        self._spare: list[str] = []
        if (folder / "data").exists():
            return
        folder.mkdir(mode=0o755)
        if self._user is not None:
            shutil.chown(folder, self._user)
        self._run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "nexus", "-E", "UTF8", "--locale=C", "-N")

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.launch()
        self.wait()

    def launch(self) -> "subprocess.Popen[bytes]":
        """Start it; it answers a while later, if it is not killed before that."""
        settings = [f"-c{setting}" for setting in ("listen_addresses=", "max_connections=200", *self._settings)]
        folder = f"{self._folder}/data"
        self.process = subprocess.Popen(
            [self._bin / "postgres", "-D", folder, "-k", str(self._folder), *settings],
            user=self._user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            start_new_session=True,
        )
        return self.process

    def wait(self) -> None:
        """Wait until it answers."""
        assert self.process is not None
        self._run("pg_ctl", "-D", f"{self._folder}/data", "-w", "-t", "60", "status", anyway=True)
        while True:
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
                return
            assert self.process.poll() is None, "PostgreSQL does not start."

    def stop(self) -> None:
        """Stop at once, as a power cut does but for the memory that the system keeps."""
        if self.process is not None:
            self._run("pg_ctl", "-D", f"{self._folder}/data", "-m", "immediate", "-w", "stop", anyway=True)
            self.process.wait(30)
            self.process = None

    def url(self, database: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql:///{database}?host={self._folder}&user=nexus"

    def make(self, name: str) -> None:
        """A database of that name, where there is none."""
        with suppress(psycopg.errors.DuplicateDatabase):
            self._do(f"CREATE DATABASE {name}")

    def make_template(self) -> None:
        """A database with our tables, which the others are copies of."""
        self._do("CREATE DATABASE template")
        PostgresStore.open(self.url("template")).close()
        with psycopg.connect(self.url("template"), autocommit=True) as connection:
            connection.execute("DELETE FROM meta")

    def new(self) -> str:
        """The URL of a new and empty database."""
        name = f"test{next(_numbers)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE template")
        return self.url(name)

    def lend(self) -> str:
        """The URL of an empty database, which need not be a new one; for those who give it back as they got it."""
        return self._spare.pop() if self._spare else self.new()

    def take_back(self, url: str) -> None:
        """Empty a database that was lent: that is quicker than another one."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(EMPTY)
        self._spare.append(url)

    def drop(self, url: str) -> None:
        """Delete a database."""
        name = url.removeprefix("postgresql:///").partition("?")[0]
        self._do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _do(self, sql: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.encode())

    def _run(self, program: str, *arguments: str, anyway: bool = False) -> None:
        done = subprocess.run(
            [self._bin / program, *arguments], user=self._user, capture_output=True, check=False, cwd=self._folder
        )
        assert anyway or done.returncode == 0, done.stderr.decode()


def _somebody() -> str | None:
    """Whom PostgreSQL runs as, where that may not be us: it refuses to be started by root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            pwd.getpwnam(name)
            return name
    pytest.fail("PostgreSQL does not run as root, and there is nobody else here.")


@contextmanager
def running(*settings: str) -> Iterator[Postgres]:
    """A server with a template, gone at the end."""
    outside = Path(tempfile.mkdtemp(prefix="nexus-postgres-"))
    outside.chmod(0o755)
    server = Postgres(outside / "pg", *settings)
    try:
        server.start()
        server.make_template()
        yield server
    finally:
        server.stop()
        shutil.rmtree(outside, ignore_errors=True)
