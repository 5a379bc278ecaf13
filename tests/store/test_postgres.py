"""What is special about the store in PostgreSQL: several nodes write it, and it may fail or be gone for a while."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from threading import Barrier
from typing import Any

import psycopg
import pytest

from nexus.core.changes import AddMember, Amend, Denied, MakeRoom, NameTaken, OpenSession, Register, Remove, Repeated
from nexus.core.log import Record
from nexus.core.searching import read_query
from nexus.ports import NodeRow, Unavailable
from nexus.protocol.events import Edited, Joined, Posted, Removed
from nexus.store import StoreError
from nexus.store.postgres import PostgresStore, connecting, indexing, opening
from nexus.store.postgres.appending import Appending
from nexus.store.postgres.connecting import Database, Speaking
from nexus.store.sql.words import Coming, coming_of
from tests.contract.groups import commit, one, record, seqs, stored, texts, whole
from tests.postgres import Postgres, running

ANN, BO, CY = 1, 2, -7


def post(text: str, nonce: str | None = None, room: int = 1, author: int = CY) -> Record:
    return record(Posted, author, "Cy", text, nonce, room=room)


def said(text: str, author: int) -> Record:
    """A message that is stored where its author may still say something."""
    one = post(text, author=author)
    one.checked = True
    return one


@pytest.fixture
def nodes(url: str) -> Iterator[tuple[PostgresStore, PostgresStore]]:
    """Two nodes that share the room garden, with Ann, who owns the server, and Bo."""
    with closing(PostgresStore.open(url)) as first, closing(PostgresStore.open(url)) as second:
        people = [Register(0, name, name, name, "hash", role, 1) for name, role in (("ann", "owner"), ("bo", "member"))]
        commit(first, [*people, MakeRoom("garden", "garden", 1)])
        for author in (ANN, BO):
            one(first, AddMember(record(Joined, author, "Ann")))
        yield first, second


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What comes of each, all begun at the same moment."""
    ready = Barrier(len(works))

    def begin(work: Callable[[], Any]) -> Any:
        ready.wait(30)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


# Several nodes write


def test_two_nodes_write_one_room_and_every_message_has_its_place(nodes: tuple[PostgresStore, PostgresStore]) -> None:
    begun = whole(nodes[0])[-1].event.seq

    def write(node: int) -> list[Record]:
        groups = [
            [post(f"{node}.{group}.{place}", f"{node}.{group}.{place}") for place in range(5)] for group in range(25)
        ]
        return [outcome for group in groups for outcome in commit(nodes[node], group)]

    outcomes = [one for part in at_once(lambda: write(0), lambda: write(1)) for one in part]
    log = whole(nodes[1])[begun:]
    assert seqs(log) == list(range(begun + 1, begun + 251))
    assert sorted(texts(log)) == sorted(one.event.text for one in outcomes)
    assert sorted(outcomes, key=lambda one: one.event.seq) == log
    for node in "01":
        mine = [text for text in texts(log) if text.startswith(node)]
        assert mine == sorted(mine, key=lambda text: [int(part) for part in text.split(".")])


def test_two_nodes_write_fifty_rooms_in_opposite_order(nodes: tuple[PostgresStore, PostgresStore]) -> None:
    commit(nodes[0], [MakeRoom(f"r{number}", f"r{number}", 1) for number in range(2, 51)])
    rooms = range(1, 51)

    def write(node: int) -> None:
        order = sorted(rooms, reverse=bool(node))
        for turn in range(10):
            assert all(map(stored, commit(nodes[node], [post(f"{turn}", f"{node}.{turn}", room) for room in order])))

    at_once(lambda: write(0), lambda: write(1))
    for room in rooms:
        log = [one for one in whole(nodes[0], room) if isinstance(one.event, Posted)]
        assert len(log) == 20
        assert seqs(log) == list(range(log[0].event.seq, log[0].event.seq + 20))


def test_one_nonce_to_two_nodes_at_once_is_one_message(nodes: tuple[PostgresStore, PostgresStore]) -> None:
    for turn in range(20):
        outcomes = at_once(*(partial(one, node, post("hello", f"n{turn}")) for node in nodes))
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Record", "Repeated"]
        first, second = sorted(outcomes, key=lambda outcome: isinstance(outcome, Repeated))
        assert second.record.event == first.event
    assert len([text for text in texts(whole(nodes[0])) if text == "hello"]) == 20


def test_one_name_on_two_nodes_at_once_is_one_persons(nodes: tuple[PostgresStore, PostgresStore]) -> None:
    for turn in range(10):
        name = f"cy{turn}"
        claims = [OpenSession(100 * turn + node, 1, name, name, name) for node in (1, 2)]
        outcomes = at_once(*(partial(one, node, claim) for node, claim in zip(nodes, claims, strict=True)))
        assert sorted(map(str, outcomes)) == sorted(["None", str(NameTaken(name))])


def test_who_was_removed_on_one_node_says_nothing_more_on_another(nodes: tuple[PostgresStore, PostgresStore]) -> None:
    assert stored(one(nodes[1], said("before", BO)))
    event = record(Removed, ANN, "ann")
    event.event.name, event.event.person = "bo", "x"  # type: ignore[attr-defined]
    assert not isinstance(one(nodes[0], Remove(event, BO)), Denied)
    assert isinstance(one(nodes[1], said("after", BO)), Denied)
    assert stored(one(nodes[1], said("still here", ANN)))
    assert "after" not in texts(whole(nodes[0]))


def talk(node: PostgresStore, turn: int) -> list[Any]:
    """Bo says ten things."""
    return [one(node, said(f"{turn}.{number}", BO)) for number in range(10)]


def test_removals_and_messages_at_once_leave_nothing_behind_a_removal(
    nodes: tuple[PostgresStore, PostgresStore],
) -> None:
    for turn in range(10):
        event = record(Removed, ANN, "ann")
        event.event.name, event.event.person = "bo", "x"  # type: ignore[attr-defined]

        at_once(partial(talk, nodes[1], turn), partial(one, nodes[0], Remove(event, BO)))
        log = whole(nodes[0])
        gone = max(each.event.seq for each in log if isinstance(each.event, Removed))
        assert [each for each in log if each.author == BO and each.event.seq > gone] == []
        one(nodes[0], AddMember(record(Joined, BO, "bo")))


def test_two_nodes_that_begin_at_once_make_one_database(postgres: Postgres) -> None:
    url = postgres.new()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    stores = at_once(lambda: PostgresStore.open(url), lambda: PostgresStore.open(url))
    assert len({store.epoch for store in stores}) == len({store.key for store in stores}) == 1
    assert sorted(store.run for store in stores) == [1, 2]
    for store in stores:
        store.close()
    postgres.drop(url)


# What fails


def test_an_answer_that_is_lost_after_the_commit_is_known_on_another_node(
    nodes: tuple[PostgresStore, PostgresStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    call = Appending._call

    def lose(*given: Any) -> int:
        call(*given)
        raise psycopg.OperationalError("the connection is gone")

    with monkeypatch.context() as broken:
        broken.setattr(Appending, "_call", lose)
        with pytest.raises(Unavailable, match="the connection is gone"):
            commit(nodes[0], [post("hello", "n1")])
    again = one(nodes[1], post("hello", "n1"))
    assert isinstance(again, Repeated)
    assert texts(whole(nodes[0])).count("hello") == 1


def test_connections_that_are_cut_are_made_again(nodes: tuple[PostgresStore, PostgresStore], url: str) -> None:
    store = nodes[0]
    assert stored(one(store, post("before", "n1")))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
            "pg_backend_pid()"
        )
    assert "before" in texts(whole(store))
    assert stored(one(store, post("after", "n2")))
    assert not isinstance(one(store, MakeRoom("kitchen", "kitchen", 1)), Denied)


def test_a_server_that_is_killed_keeps_what_was_stored_and_is_used_again() -> None:
    with running() as server, closing(PostgresStore.open(server.new())) as store:
        commit(store, [MakeRoom("garden", "garden", 1), post("a", "n1"), post("b", "n2")])
        assert stored(one(store, post("c", "n3")))
        server.stop()
        with pytest.raises(Unavailable, match="The database failed"):
            one(store, post("d", "n4"))
        with pytest.raises(Unavailable):
            whole(store)
        server.start()
        assert texts(whole(store)) == ["a", "b", "c"]
        assert [stored(one(store, post(text, nonce))) for text, nonce in (("c", "n3"), ("d", "n4"))] == [False, True]
        assert seqs(whole(store)) == [1, 2, 3, 4]


def test_a_node_that_stops_in_the_middle_of_a_group_holds_nobody_up(
    url: str, nodes: tuple[PostgresStore, PostgresStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "SETTINGS", "-c idle_in_transaction_session_timeout=100")
    stopped: Speaking = Database(url).connect()
    stopped.run("BEGIN; SELECT begin_group(0, 1, true, '{}')")
    assert stored(one(nodes[0], post("hello", "n1")))
    with pytest.raises(psycopg.Error):
        stopped.run("COMMIT")
    stopped.close()


def test_a_database_that_does_not_sync_is_refused_at_every_group(
    nodes: tuple[PostgresStore, PostgresStore], url: str
) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(b"ALTER DATABASE %b SET synchronous_commit = off" % connection.info.dbname.encode())
    with closing(PostgresStore.open(url)) as careless:
        for entry in (post("hello", "n1"), MakeRoom("kitchen", "kitchen", 1)):
            with pytest.raises(Unavailable, match="synchronous_commit is off"):
                one(careless, entry)
    assert stored(one(nodes[0], post("hello", "n1")))


# How it is opened


def test_a_database_of_a_newer_version_is_refused(url: str) -> None:
    PostgresStore.open(url).close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("INSERT INTO migrations VALUES (1000, 999)")
    with pytest.raises(StoreError, match="upgraded by a newer Nexus: it has schema 1000"):
        PostgresStore.open(url)


def test_a_database_that_is_not_there_is_told_in_a_sentence(postgres: Postgres) -> None:
    with pytest.raises(StoreError, match=r"The database of store.url cannot be opened. .*does not exist"):
        PostgresStore.open(postgres.url("nowhere"))


def test_the_doctor_says_what_stands_there(url: str) -> None:
    assert "schema 1 of 1" in opening.describe(url)


def test_words_of_any_length_and_with_any_sign_are_found(nodes: tuple[PostgresStore, PostgresStore]) -> None:
    store = nodes[0]
    long = "\u044f" * 490
    commit(store, [post(text) for text in (long, "\u044f" * 8000, "it's a \\ back'slash", "o''clock & | ! :* <->")])
    while store.index():
        pass
    for query, hits in ((long, 2), ("it's", 1), ("back'slash", 1), ("o''clock", 1)):
        assert len(store.search(read_query(query), room=None, before=None, limit=9).hits) == hits, query


# The index of words


def find(store: PostgresStore, word: str) -> list[int]:
    return [hit.event.seq for hit in store.search(read_query(word), room=None, before=None, limit=9).hits]


def test_a_message_that_is_edited_while_its_words_are_read_is_not_indexed_as_it_was(
    nodes: tuple[PostgresStore, PostgresStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bo = nodes
    said = one(ann, post("a rose", "n1"))
    assert isinstance(said, Record)

    def edited_meanwhile(rows: Sequence[Any]) -> Coming:
        monkeypatch.setattr(indexing, "coming_of", coming_of)
        edit = Edited(target=said.event.seq, at=1, text="a lily", by="Cy", room="garden", seq=0)
        one(bo, Amend(Record(1, CY, edit)))
        return coming_of(rows)

    monkeypatch.setattr(indexing, "coming_of", edited_meanwhile)
    assert not ann.index()
    assert whole_index(ann) == 0
    while ann.index():
        pass
    assert (find(bo, "lily"), find(bo, "rose")) == ([said.event.seq], [])


def whole_index(store: PostgresStore) -> int:
    """The event up to which the index is."""
    ((upto,),) = store._readers.ask("SELECT upto FROM indexed")
    return int(upto)


def test_the_oldest_node_that_is_there_keeps_the_index(nodes: tuple[PostgresStore, PostgresStore]) -> None:
    first, second = nodes
    for store in nodes:
        store.beat(NodeRow(store.run, "node", "1", 0, 0, 0, 0), 10_000)
    commit(first, [post("rose")])
    assert not second.index()
    assert whole_index(second) == 0
    first.leave(first.run)
    while second.index():
        pass
    assert whole_index(second) > 0
