"""Connections to PostgreSQL, and what goes wrong with them."""

import select
import time
from typing import Any, TypeVar

import psycopg
from psycopg import ClientCursor
from psycopg.abc import PQGen
from psycopg.types.string import TextLoader

from nexus.store.postgres.spelling import spelled, values
from nexus.store.sql.transaction import Faults

R = TypeVar("R")

LOOK = 0.1
"""Seconds after which Ctrl-C is heard while an answer is waited for."""

HELD = 3
"""Seconds that a group may hold its locks while its node says nothing, stopped or cut off, before it is rolled back."""

PATIENCE = 5
"""Seconds that a statement may take, or wait for others' locks."""

ANSWER = 6.0
"""Seconds that an answer may take: a little more than the database takes to give up, where it heard what was asked."""

CONNECT = 3
"""Seconds that a new connection may take."""

LONG = 1.0
"""Seconds after which an attempt to connect took long; for so long then nobody tries again."""

SETTINGS = (
    f"-c idle_in_transaction_session_timeout={HELD}s -c statement_timeout={PATIENCE}s -c lock_timeout={PATIENCE}s "
    "-c client_min_messages=warning -c tcp_user_timeout=5000 -c jit=off"
)

FAULTS = Faults(
    (psycopg.IntegrityError,),
    (psycopg.IntegrityError, psycopg.DataError, psycopg.ProgrammingError, psycopg.NotSupportedError),
)


class Database:
    """Where the database is, as `store.url` says, and how connections to it are opened."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._why = ""
        self._next = 0.0

    def connect(self, answer: float | None = ANSWER) -> "Speaking":
        """A new connection, which fails where an `answer` takes longer; raises psycopg.Error."""
        begun = time.monotonic()
        if begun < self._next:
            raise psycopg.OperationalError(self._why)
        try:
            return self._connect(answer)
        except psycopg.OperationalError as error:
            now = time.monotonic()
            if now - begun >= LONG:  # else all who want one wait for that, one after the other
                self._why, self._next = str(error), now + LONG
            raise

    def _connect(self, answer: float | None) -> "Speaking":
        connection = Bounded.connect(
            self._url,
            autocommit=True,
            cursor_factory=ClientCursor,
            connect_timeout=CONNECT,
            options=SETTINGS,
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=2,
            application_name="nexus",
            client_encoding="utf8",
        )
        connection.answer = answer
        connection.adapters.register_loader("json", TextLoader)
        return Speaking(connection)


class Bounded(psycopg.Connection[Any]):
    """A connection that does not wait for ever where what is said gets lost; it is of no use any more then."""

    answer: float | None = ANSWER

    def wait(self, gen: PQGen[R], interval: float = LOOK, timeout: float | None = None) -> R:
        """Wait for an answer."""
        return super().wait(gen, interval, self.answer if timeout is None else timeout)


class Speaking:
    """A connection that takes the statements of `store.sql`; `BEGIN` and `COMMIT` are statements too."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.raw = connection

    def execute(self, sql: str, given: Any = (), /) -> psycopg.Cursor[Any]:
        """Carry out a statement."""
        return self.raw.execute(spelled(sql), values(given))

    def executemany(self, sql: str, rows: Any, /) -> psycopg.Cursor[Any]:
        """Carry out a statement once for each row of values."""
        cursor = self.raw.cursor()
        cursor.executemany(spelled(sql), [values(row) for row in rows])
        return cursor

    def run(self, script: str) -> None:
        """Carry out statements that have no values, as they are written."""
        self.raw.execute(script)

    def is_cut(self) -> bool:
        """Whether the other side has ended it: while nothing was asked, there is nothing else that it would say."""
        if self.raw.closed:
            return True
        looking = select.poll()
        looking.register(self.raw.fileno(), select.POLLIN)
        return bool(looking.poll(0))

    def close(self) -> None:
        """End; what is not committed is rolled back."""
        self.raw.close()


POOLED = (
    "There is a pooler such as PgBouncer between Nexus and PostgreSQL, which Nexus cannot use: it sets time-outs and "
    "prepares statements per connection. Name PostgreSQL itself in store.url; a node opens few connections."
)


def why(error: psycopg.Error) -> str:
    """The sentence for an error."""
    if "unsupported startup parameter" in str(error):  # as PgBouncer says it of our settings
        return POOLED
    said = error.diag.message_primary or " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, psycopg.errors.DiskFull):
        return f"The database's disk is full ({said})."
    if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
        return f"The database can be read but not written ({said})."
    return f"The database failed ({said})."
