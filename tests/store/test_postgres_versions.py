"""Nodes of two versions on one database: the newer moves its tables on, and the older goes on for as long as it may."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import psycopg
import pytest

from nexus.core.changes import MakeRoom
from nexus.core.log import Record
from nexus.core.searching import read_query
from nexus.ports import NodeRow, Unavailable
from nexus.protocol.events import Posted
from nexus.store import StoreError, TooOld
from nexus.store.moving.postgres import InPostgres
from nexus.store.postgres import PostgresStore, indexing, migrating, opening
from nexus.store.postgres import nodes as signs
from tests.contract.groups import commit as commits
from tests.contract.groups import one, record, seqs, stored, whole

OURS = Path(str(migrating.FOLDER))

EXPANDS = "ALTER TABLE rooms ADD COLUMN mood text NOT NULL DEFAULT ''; ALTER TABLE events ADD COLUMN mood text;"
INDEXES = (
    "-- In steps.\nDROP INDEX CONCURRENTLY IF EXISTS events_by_mood;\n"
    "CREATE INDEX CONCURRENTLY events_by_mood ON events (mood) WHERE mood IS NOT NULL;\n"
)
CONTRACTS = "ALTER TABLE events DROP COLUMN mood;"

Version = Callable[..., Path]


@pytest.fixture
def version(tmp_path: Path) -> Version:
    """A version of Nexus, as its scripts: ours, and some more; each with the oldest schema that goes on with it."""

    def make(*scripts: tuple[int, str], functions: str = "") -> Path:
        folder = tmp_path / f"version{len(scripts)}"
        folder.mkdir()
        for file in OURS.glob("*.sql"):
            shutil.copy(file, folder)
        for number, (oldest, text) in enumerate(scripts, len(list(OURS.glob("0*.sql"))) + 1):
            (folder / f"{number:04}.sql").write_text(f"-- Goes on with: {oldest}\n{text}")
        with (folder / "functions.sql").open("a") as end:
            end.write(functions)
        return folder

    return make


def post(text: str) -> Record:
    return record(Posted, -7, "Cy", text, text)


def here(store: PostgresStore) -> list[NodeRow]:
    """A sign of life."""
    return store.beat(NodeRow(store.run, f"node{store.run}", "1.0", 5, 0, 0, 0), 60_000)


def ask(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


def test_an_older_node_writes_and_reads_while_a_newer_one_moves_the_tables_on(url: str, version: Version) -> None:
    newer = version((1, EXPANDS), (1, INDEXES))
    enough, over = Event(), Event()
    with closing(PostgresStore.open(url)) as old:
        commits(old, [MakeRoom("garden", "garden", 1)])
        here(old)

        def talk() -> int:
            count = 0
            while not over.is_set():
                assert stored(one(old, post(f"old {count}")))
                assert len(whole(old)) == count + 1
                count += 1
                if count == 5:
                    enough.set()
            return count

        with ThreadPoolExecutor(1) as pool:
            talking = pool.submit(talk)
            enough.wait(60)
            with closing(PostgresStore.open(url, newer)) as new:
                over.set()
                count = talking.result(60)
                assert stored(one(new, post("new")))
                assert stored(one(old, post("old again")))
                assert seqs(whole(old)) == seqs(whole(new)) == list(range(1, count + 3))
                commits(old, [MakeRoom("kitchen", "kitchen", 1)])
                here(old)
                old.tidy()
    with closing(PostgresStore.open(url)) as back:
        assert stored(one(back, post("back again")))
    assert ask(url, "SELECT max(schema), max(oldest) FROM migrations") == [(3, 1)]
    assert "schema 3 of 1, with which this Nexus goes on" in opening.describe(url)


def test_a_newer_node_leaves_no_older_one_behind_that_is_there(url: str, version: Version) -> None:
    newer = version((1, EXPANDS), (2, CONTRACTS))
    with closing(PostgresStore.open(url)) as old:
        here(old)
        with pytest.raises(StoreError, match=rf"The node node{old.run} still runs Nexus 1.0, which cannot work"):
            PostgresStore.open(url, newer)
        assert ask(url, "SELECT max(schema) FROM migrations") == [(1,)]
        old.leave(old.run)
        PostgresStore.open(url, newer).close()


def test_a_node_that_was_left_behind_stores_nothing_and_says_why(url: str, version: Version) -> None:
    newer = version((1, EXPANDS), (2, CONTRACTS))
    with closing(PostgresStore.open(url)) as old:
        commits(old, [MakeRoom("garden", "garden", 1), post("before")])
        PostgresStore.open(url, newer).close()  # which saw no sign of life of a node that is alone
        for entry in (post("after"), MakeRoom("kitchen", "kitchen", 1)):
            with pytest.raises(Unavailable, match="a newer Nexus moved the database on"):
                one(old, entry)
        with pytest.raises(TooOld, match="has schema 3, which needs a Nexus that knows schema 2"):
            old.tidy()
        with pytest.raises(TooOld):
            one(old, post("after"))
    for open_it in (lambda: PostgresStore.open(url), lambda: opening.describe(url)):
        with pytest.raises(StoreError, match=r"this one knows schemas up to 1\. Start the newer Nexus\."):
            open_it()


def test_an_older_node_that_starts_again_leaves_the_functions_of_the_newer(url: str, version: Version) -> None:
    says = "CREATE OR REPLACE FUNCTION which() RETURNS text LANGUAGE sql AS $$SELECT '{}'$$;"
    older, newer = version(functions=says.format("older")), version((1, EXPANDS), functions=says.format("newer"))
    for folder, said in ((older, "older"), (newer, "newer"), (older, "newer")):
        PostgresStore.open(url, folder).close()
        assert ask(url, "SELECT which()") == [(said,)]


def test_tables_that_somebody_uses_for_long_are_not_waited_for_and_nothing_is_changed(
    url: str, version: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = version((1, EXPANDS))
    monkeypatch.setattr(migrating, "_PATIENTLY", "SET lock_timeout = '10ms'")
    monkeypatch.setattr(migrating, "TRIES", 2)
    monkeypatch.setattr(migrating, "PAUSE", 0.0)
    with psycopg.connect(url) as dump, closing(PostgresStore.open(url)) as old:
        commits(old, [MakeRoom("garden", "garden", 1)])
        dump.execute("LOCK events IN ACCESS SHARE MODE")
        with pytest.raises(StoreError, match="such as pg_dump, uses them for so long; start again when it is done"):
            PostgresStore.open(url, newer)
        assert stored(one(old, post("meanwhile")))
        dump.rollback()
        PostgresStore.open(url, newer).close()
        assert stored(one(old, post("after")))


def test_an_index_whose_making_was_interrupted_is_made_again(url: str, version: Version) -> None:
    newer = version((1, EXPANDS), (1, INDEXES.replace("WHERE mood IS NOT NULL", "WHERE 1 / (SELECT 0) = 1")))
    with pytest.raises(StoreError, match="cannot be opened"):
        PostgresStore.open(url, newer)
    assert ask(url, "SELECT max(schema) FROM migrations") == [(2,)]
    (newer / "0003.sql").write_text(f"-- Goes on with: 1\n{INDEXES}")
    PostgresStore.open(url, newer).close()
    assert ask(url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'events_by_mood'::regclass") == [(True,)]


def test_the_index_is_kept_by_those_who_read_as_the_newest_does(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(PostgresStore.open(url)) as old:
        commits(old, [MakeRoom("garden", "garden", 1), post("hello")])
        with monkeypatch.context() as newer:
            for module in (opening, indexing, signs):
                newer.setattr(module, "READ_AS", "5 99.0.0")
            with closing(PostgresStore.open(url)) as new:
                here(new)
                assert not new.index()
                assert ask(url, "SELECT upto > 0, letters FROM indexed") == [(True, "5 99.0.0")]
                one(new, post("hello again"))
        assert not old.index()  # another way to read is not to get in between
        assert ask(url, "SELECT count(*) FROM words") == [(1,)]
        assert len(old.search(read_query("hello"), room=None, before=None, limit=9).hits) == 2
        with closing(PostgresStore.open(url)):
            assert ask(url, "SELECT upto > 0 FROM indexed") == [(True,)]
        old.leave(new.run)
        with closing(PostgresStore.open(url)):
            assert ask(url, "SELECT upto FROM indexed") == [(0,)]
            assert not old.index()
        assert ask(url, "SELECT count(*) FROM words") == [(2,)]


def test_a_chat_is_not_moved_out_of_tables_that_one_does_not_know(url: str, version: Version) -> None:
    PostgresStore.open(url, version((1, EXPANDS))).close()
    with pytest.raises(StoreError, match=r"has schema 2, and this Nexus knows those up to 1\."):
        InPostgres(url)
