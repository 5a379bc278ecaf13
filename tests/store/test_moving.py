"""A chat that is moved from SQLite to PostgreSQL and back: all of it, once, and only one of the two can be opened."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest

from nexus.core.changes import (
    AddInvite,
    AddLogin,
    AddMember,
    Amend,
    EndLogin,
    MakeRoom,
    MarkRead,
    OpenSession,
    Register,
)
from nexus.core.protecting import Ignore
from nexus.ports import Store
from nexus.protocol.events import Deleted, Edited, Joined, Pinned, Posted, Reacted
from nexus.store import StoreError, moving
from nexus.store.moving import KEYS, move
from nexus.store.moving.postgres import InPostgres
from nexus.store.moving.sqlite import InSqlite
from nexus.store.postgres import PostgresStore
from nexus.store.sqlite import SqliteStore
from tests.contract.groups import commit, one, record, stored
from tests.contract.test_store_model import everything

ANN, BO, CY = 1, 2, -7
OURS = {"words", "indexed", "meta", "migrations", "rights", "nodes", "looks"}
"""Tables that are not moved: they are made again, or belong to one database."""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A data directory with some of everything."""
    place = tmp_path / "data"
    with closing(SqliteStore.open(_made(place))) as store:
        live(store)
    return place


def _made(place: Path) -> Path:
    place.mkdir()
    return place


def live(store: Store) -> None:
    """A life in the garden and the kitchen."""
    people = [Register(0, name, name.lower(), name.lower(), "hash", "owner", 1) for name in ("Ann", "Bo")]
    commit(store, [*people, MakeRoom("garden", "garden", 1), MakeRoom("kitchen", "kitchen", 1)])
    commit(store, [AddMember(record(Joined, author, "x", room=room)) for author in (ANN, BO) for room in (1, 2)])
    commit(
        store,
        [
            record(Posted, ANN, "Ann", f"hello {number} \U0001f331 @bo", f"n{number}", names=("bo",))
            for number in range(30)
        ],
    )
    for kind, text, target in ((Edited, "better", 5), (Deleted, "", 6), (Reacted, "\U0001f44d", 7), (Pinned, "", 8)):
        one(store, Amend(record(kind, ANN, "Ann", text, target=target)))
    commit(store, [AddLogin(ANN, bytes([number]) * 32, "cli", 1) for number in range(3)])
    commit(store, [EndLogin(ANN, 3), MarkRead(1, BO, 9), OpenSession(7, 1, "Cy", "cy", "cy"), Ignore(BO, CY, 1)])
    commit(store, [AddInvite(b"code" * 8, "member", 3, 1, 0)])


def to_postgres(directory: Path, url: str) -> list[str]:
    said: list[str] = []
    with closing(InSqlite(directory, new=False)) as source, closing(InPostgres(url)) as target:
        move(source, target, said.append)
    return said


def to_sqlite(url: str, directory: Path) -> None:
    with closing(InPostgres(url)) as source, closing(InSqlite(directory, new=True)) as target:
        move(source, target, lambda _: None)


def test_all_of_it_is_there_and_back_again(directory: Path, url: str, tmp_path: Path) -> None:
    with closing(SqliteStore.open(directory)) as store:
        before, identity = everything(store), (store.epoch, store.key)
    said = to_postgres(directory, url)
    assert "rooms: 2 rows, the same on both sides." in said
    with closing(PostgresStore.open(url)) as store:
        assert (everything(store), (store.epoch, store.key)) == (before, identity)
        assert not stored(one(store, record(Posted, ANN, "Ann", "hello 3 \U0001f331 @bo", "n3", names=("bo",))))
        assert stored(one(store, record(Posted, ANN, "Ann", "in postgres", "p1")))
        assert one(store, AddLogin(BO, b"x" * 32, "cli", 1)).login == 4  # not the id of a login that was ended
        after = everything(store)
    to_sqlite(url, tmp_path / "back")
    with closing(SqliteStore.open(tmp_path / "back")) as store:
        assert (everything(store), (store.epoch, store.key)) == (after, identity)
        assert one(store, AddLogin(BO, b"y" * 32, "cli", 1)).login == 5
    with pytest.raises(StoreError, match=f"was moved to {tmp_path / 'back'}; start Nexus there"):
        PostgresStore.open(url)


def test_the_directory_that_was_moved_is_not_started_again(directory: Path, url: str) -> None:
    to_postgres(directory, url)
    with pytest.raises(StoreError, match="was moved to postgresql://localhost/test"):
        SqliteStore.open(directory)


def test_what_was_interrupted_goes_on(directory: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "BATCH", 7)
    monkeypatch.setattr("nexus.store.moving.sqlite.BATCH", 7)
    monkeypatch.setattr("nexus.store.moving.postgres.BATCH", 7)
    with closing(SqliteStore.open(directory)) as store:
        before = everything(store)
    steps, done = 0, False
    while not done:
        steps += 1
        left = steps

        def tire(*given: object, add: object = InPostgres.add) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise StoreError("interrupted")
            add(*given)  # type: ignore[operator]

        with monkeypatch.context() as tired:
            tired.setattr(InPostgres, "add", tire)
            with suppress(StoreError):
                to_postgres(directory, url)
                done = True
        if not done:
            with pytest.raises(StoreError, match="being moved into this database"):
                PostgresStore.open(url)
            SqliteStore.open(directory).close()
    assert steps > 3
    with closing(PostgresStore.open(url)) as moved:
        assert everything(moved) == before


def test_what_ends_between_leaving_and_opening_goes_on(
    directory: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("interrupted")

    with monkeypatch.context() as broken:
        broken.setattr(InPostgres, "open", fail)
        with pytest.raises(StoreError, match="interrupted"):
            to_postgres(directory, url)
    with pytest.raises(StoreError):
        SqliteStore.open(directory)
    with pytest.raises(StoreError):
        PostgresStore.open(url)
    to_postgres(directory, url)
    PostgresStore.open(url).close()


def test_a_row_that_differs_lets_nothing_go(directory: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    add = InPostgres.add

    def forge(place: InPostgres, table: str, columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
        add(place, table, columns, [tuple("hallo" if one == "better" else one for one in row) for row in rows])

    monkeypatch.setattr(InPostgres, "add", forge)
    with pytest.raises(StoreError, match="The rows of events behind the first 0 differ"):
        to_postgres(directory, url)
    SqliteStore.open(directory).close()


def test_nothing_is_moved_into_another_chat_or_beside_a_server(directory: Path, url: str) -> None:
    with closing(PostgresStore.open(url)) as store:
        commit(store, [MakeRoom("shed", "shed", 1)])
        with pytest.raises(StoreError, match="A server uses postgresql://localhost/test"):
            to_postgres(directory, url)
    with pytest.raises(StoreError, match="has a chat already"):
        to_postgres(directory, url)
    with pytest.raises(StoreError, match="is not empty; a chat is moved into a new directory"):
        to_sqlite(url, directory)


def test_both_databases_have_the_same_tables_and_all_are_moved(directory: Path, url: str) -> None:
    PostgresStore.open(url).close()
    with closing(sqlite3.connect(directory / "nexus.db")) as connection:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    mine = {name for (name,) in names if not name.startswith(("sqlite_", "words"))}
    with psycopg.connect(url) as connected:
        theirs = connected.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert mine - OURS == {name for (name,) in theirs} - OURS == set(KEYS)
    with closing(InSqlite(directory, new=False)) as source, closing(InPostgres(url)) as target:
        for table in KEYS:
            assert set(source.columns(table)) == set(target.columns(table)), table
