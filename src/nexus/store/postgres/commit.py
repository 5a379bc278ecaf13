"""The one connection of a node that writes, a group in one transaction."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from typing import Any

import psycopg

from nexus.core.changes import Amend, Change, MarkRead, Post, SetLevel
from nexus.core.log import Record
from nexus.core.looking import lasting, looks_of
from nexus.ports import Unavailable
from nexus.protocol.events import Deleted
from nexus.store import MustEnd
from nexus.store.postgres import words
from nexus.store.postgres.appending import Appending
from nexus.store.postgres.connecting import FAULTS, Database, Speaking, why
from nexus.store.postgres.known import Known
from nexus.store.postgres.nodes import IN_ORDER, NOTE
from nexus.store.postgres.readers import CLOSED
from nexus.store.sql.group import Group
from nexus.store.sql.log import Head
from nexus.store.sql.transaction import Outcomes, write

_BEGIN = "BEGIN; SELECT begin_group(?, ?, ? = 1, CAST(? AS bigint[]))"


class Writer:
    """Commits groups; used by one thread at a time, and beside the writers of other nodes."""

    def __init__(self, database: Database, run: int, knows: int, known: Known) -> None:
        """The run is the number of this node, which others may have given up; `knows` is its newest schema."""
        self._run = run
        self._knows = knows
        self._known = known
        self._database = database
        self._connection: Speaking | None = None  # opened by the first group
        self._closed = False
        self.over: MustEnd | None = None
        """Why nothing is stored any more before a new start."""
        self._appending = Appending(self._run, self._knows, self._known)

    def commit(self, posts: Sequence[Record], changes: Sequence[Change[Any]]) -> Outcomes:
        """Write a group; raises Unavailable when it does not count as written.

        After an error the connection is given up, and the next group begins with a new one. Where the answer to a
        COMMIT was lost, the group may be stored: a retry is recognised by its nonce.
        """
        if not posts and not changes:
            return [], []
        if self.over is not None:
            raise self.over
        with self._writing() as connection:
            if not changes and self._appending.append(connection, posts):
                return list(posts), []
            group = Locking(connection, (self._run, self._knows), self._known, posts, changes)
            return write(group, posts, changes, FAULTS)

    def close(self) -> None:
        """Close."""
        self._closed = True
        self._give_up()

    @contextmanager
    def _writing(self) -> Iterator[Speaking]:
        """The connection, given up where what is done with it fails; raises Unavailable then."""
        try:
            yield self._ready()
        except BaseException as error:
            self._give_up()
            if isinstance(error, MustEnd):
                self.over = error
            if isinstance(error, psycopg.Error):
                raise Unavailable(why(error)) from error
            raise

    def _ready(self) -> Speaking:
        if self._closed:
            raise Unavailable(CLOSED)
        if self._connection is not None and self._connection.is_cut():
            self._give_up()
        if self._connection is None:
            self._connection = self._database.connect()
        return self._connection

    def _give_up(self) -> None:
        """Close the connection, which rolls back, and forget what was believed of the rooms."""
        self._appending = Appending(self._run, self._knows, self._known)
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()


class Locking(Group):
    """A group that locks the rooms that it is about; or everything, where it is about more than messages in rooms."""

    elsewhere = "AND run NOT IN (SELECT run FROM nodes)"

    def __init__(
        self,
        connection: Speaking,
        node: tuple[int, int],
        known: Known,
        posts: Sequence[Record],
        changes: Sequence[Change[Any]],
    ) -> None:
        super().__init__(connection, {}, {}, lambda: None, words.STATEMENTS)
        self._node = node
        self._ends = known
        rooms = {record.room for record in posts}
        self._alone = False
        for change in changes:
            room = _room_of(change)
            if room is None:
                self._alone = True
            else:
                rooms.add(room)
        self._rooms = sorted(rooms)
        self._changed = False

    def begin(self) -> None:
        self.connection.execute(_BEGIN, (*self._node, self._alone, self._rooms))

    def head(self, room: int) -> Head:
        if room not in self.heads:
            before = self._ends.of(room)
            self._ends.check(room, before, super().head(room)[0])
        return super().head(room)

    def forget(self, room: int) -> None:
        super().forget(room)
        self._ends.forget(room)

    def commit(self) -> None:
        if self._changed:
            self.connection.execute("UPDATE rights SET version = version + 1")
        super().commit()
        for room, (seq, _) in self.heads.items():
            self._ends.note(room, seq)

    def changed(self, changes: Sequence[Change[Any]], outcomes: Sequence[Any]) -> None:
        """What other nodes have to look at again stands in the same transaction."""
        found = (looks_of(change, outcome) for change, outcome in zip(changes, outcomes, strict=True))
        looks = lasting(chain.from_iterable(found))
        if looks:
            self.connection.execute(IN_ORDER)
            self.connection.executemany(NOTE, looks)

    def rights_changed(self) -> None:
        super().rights_changed()
        self._changed = True


def _room_of(change: Change[Any]) -> int | None:
    """The room that a change is about, where it is about nothing else."""
    match change:
        case Post(record=record) | Amend(record=record):
            return None if isinstance(record.event, Deleted) else record.room  # which may be an act
        case MarkRead(room=room) | SetLevel(room=room):
            return room
    return None
