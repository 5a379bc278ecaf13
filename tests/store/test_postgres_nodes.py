"""What PostgreSQL does for the nodes that share it: signs of life, a fence around who was given up, what is new."""

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from nexus.core.announcing import Look
from nexus.core.changes import EndSessions, MakeRoom, OpenSession, Register, SetRole
from nexus.core.looking import ALL
from nexus.ports import NodeRow, Unavailable
from nexus.protocol.events import Posted
from nexus.store.postgres import PostgresStore, nodes
from tests.contract.groups import commit, one, record, stored

CY = -7
LONG = 60_000


def row(store: PostgresStore, people: int = 0) -> NodeRow:
    """What a node says of itself."""
    return NodeRow(store.run, f"node{store.run}", "1", 5, 0, people, 0)


def age(url: str, run: int, milliseconds: int) -> None:
    """A node said nothing for so long."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "UPDATE nodes SET seen = seen - %s, gone = gone - %s WHERE run = %s", (milliseconds,) * 2 + (run,)
        )


@pytest.fixture
def pair(url: str) -> Iterator[tuple[PostgresStore, PostgresStore]]:
    """Two nodes that know of each other, and the room garden."""
    with closing(PostgresStore.open(url)) as first, closing(PostgresStore.open(url)) as second:
        for store in (first, second):
            store.beat(row(store), LONG)
        commit(first, [Register(0, "Ann", "ann", "ann", "hash", "owner", 1), MakeRoom("garden", "garden", 1)])
        yield first, second


def test_each_node_sees_the_others_and_what_they_said_last(pair: tuple[PostgresStore, PostgresStore]) -> None:
    first, second = pair
    rows = first.beat(row(first, people=3), LONG)
    assert [one.run for one in rows] == [first.run, second.run]
    assert [one.people for one in second.beat(row(second), LONG)] == [3, 0]
    assert not any(one.gone for one in rows)


def test_a_node_that_says_nothing_is_given_up_and_stores_nothing_until_it_is_back(
    pair: tuple[PostgresStore, PostgresStore], url: str
) -> None:
    first, second = pair
    age(url, second.run, 10_000)
    assert [one.gone for one in first.beat(row(first), 5000)] == [False, True]
    for entry in (record(Posted, CY, "Cy", "late", "n1"), MakeRoom("kitchen", "kitchen", 1)):
        with pytest.raises(Unavailable, match="this node said nothing for too long"):
            one(second, entry)
    assert [one.gone for one in second.beat(row(second), LONG)] == [False, True]  # so it learns that it was
    assert [one.gone for one in second.beat(row(second), LONG)] == [False, False]
    assert stored(one(second, record(Posted, CY, "Cy", "late", "n1")))


def test_who_could_say_nothing_either_gives_nobody_up_before_their_turn(
    pair: tuple[PostgresStore, PostgresStore], url: str
) -> None:
    first, second = pair
    for store in pair:
        age(url, store.run, 10_000)
    assert not any(one.gone for one in first.beat(row(first), 5000))
    assert not any(one.gone for one in second.beat(row(second), 5000))
    age(url, second.run, 10_000)
    assert [one.gone for one in first.beat(row(first), 5000)] == [False, True]


def test_the_sessions_of_a_node_that_went_are_there_until_it_is_forgotten(
    pair: tuple[PostgresStore, PostgresStore], url: str
) -> None:
    first, second = pair
    for store, id in ((first, 1), (second, 2)):
        one(store, OpenSession(id, store.run, f"cy{id}", f"cy{id}", f"cy{id}"))
    second.leave(second.run)
    assert first.forget(5000) == []
    age(url, second.run, 10_000)
    gone = first.forget(5000)
    assert gone == [second.run]
    one(first, EndSessions(runs=tuple(gone)))
    assert first.runs([1, 2, 3]) == {1: first.run}


def test_a_start_ends_the_sessions_of_no_node_that_is_there(
    pair: tuple[PostgresStore, PostgresStore], url: str
) -> None:
    first, _ = pair
    one(first, OpenSession(1, first.run, "cy", "cy", "cy"))
    one(first, OpenSession(2, 0, "dot", "dot", "dot"))
    with closing(PostgresStore.open(url)) as third:
        one(third, EndSessions(before_run=third.run))
        assert third.runs([1, 2]) == {1: first.run}


def test_heads_are_those_of_the_log(pair: tuple[PostgresStore, PostgresStore]) -> None:
    first, second = pair
    commit(first, [MakeRoom("kitchen", "kitchen", 1), record(Posted, CY, "Cy", "a"), record(Posted, CY, "Cy", "b")])
    assert second.heads([1, 2, 99]) == {1: 2, 2: 0, 99: 0}
    assert second.heads([]) == {}


def test_what_changed_is_to_be_looked_at_by_anyone_who_has_not(
    pair: tuple[PostgresStore, PostgresStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = pair
    number, looks = second.looks(None, 99)
    assert looks == []
    one(first, SetRole(1, "owner"))
    assert second.looks(number, 99) == (number + 1, [Look("account", 1)])
    monkeypatch.setattr(nodes, "_FORGET_LOOKS", "DELETE FROM looks RETURNING id")
    one(first, SetRole(1, "member"))
    second.forget(LONG)
    one(first, SetRole(1, "owner"))
    assert second.looks(number, 99)[1] == [ALL]


def test_a_database_of_one_node_keeps_nothing_to_look_at(url: str) -> None:
    with closing(PostgresStore.open(url)) as alone:
        one(alone, Register(0, "Ann", "ann", "ann", "hash", "owner", 1))
        one(alone, SetRole(1, "member"))
        assert alone.looks(None, 99) == (0, [])
        assert alone.looks(0, 99) == (0, [])
