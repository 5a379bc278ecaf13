"""What a store does for nodes that share it."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from nexus.core.announcing import Look
from nexus.core.changes import EndSessions, MakeRoom, OpenSession, Register, SetLevel, SetRole
from nexus.core.looking import ALL
from nexus.ports import Cluster, NodeRow, Store
from nexus.store.clustering import MemoryCluster
from nexus.store.memory import Durable, MemoryStore
from nexus.store.postgres import PostgresStore
from tests.contract.groups import commit, one, record
from tests.postgres import Postgres

A_WHILE = 60_000


class Shared:
    """A store, and what it does for its node; `later` lets time pass for a node that says nothing."""

    def __init__(self, store: Store, cluster: Cluster) -> None:
        self.store = store
        self.cluster = cluster

    def row(self, run: int, people: int = 0) -> NodeRow:
        return NodeRow(run, f"node{run}", "1.0", 5, 0, people, 0, 3)

    def beat(self, run: int, dead: int = A_WHILE) -> dict[int, bool]:
        """Which nodes there are, and whether they are gone."""
        return {one.run: one.gone for one in self.cluster.beat(self.row(run), dead)}


@pytest.fixture(params=["memory", "postgres"])
def shared(request: pytest.FixtureRequest) -> Iterator[Shared]:
    if request.param == "memory":
        durable, ticks = Durable(), iter(range(10**6))
        yield Shared(MemoryStore(durable), MemoryCluster(durable, lambda: next(ticks)))
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.new()
    with closing(PostgresStore.open(url)) as store:
        assert store.cluster is not None
        yield Shared(store, store.cluster)
    server.drop(url)


def test_nodes_see_each_other(shared: Shared) -> None:
    assert shared.beat(1) == {1: False}
    assert shared.beat(2) == shared.beat(1) == {1: False, 2: False}
    (first, second) = shared.cluster.beat(shared.row(1, people=7), A_WHILE)
    assert (first.name, first.version, first.people, second.people) == ("node1", "1.0", 7, 0)


def test_a_node_that_said_nothing_for_too_long_is_given_up_and_is_told_when_it_is_back(shared: Shared) -> None:
    shared.beat(1)
    assert shared.beat(2, dead=-A_WHILE) == {1: True, 2: False}
    assert shared.beat(1) == {1: True, 2: False}
    assert shared.beat(1) == shared.beat(2) == {1: False, 2: False}


def test_a_node_that_stops_is_gone_at_once_and_forgotten_after_a_while(shared: Shared) -> None:
    shared.beat(1)
    shared.beat(2)
    shared.cluster.leave(1)
    assert shared.beat(2) == {1: True, 2: False}
    assert shared.cluster.forget(A_WHILE) == []
    assert shared.cluster.forget(-A_WHILE) == [1]
    assert shared.beat(2) == {2: False}


def test_heads_are_those_of_the_rooms_that_are_asked_for(shared: Shared) -> None:
    rooms = [one(shared.store, MakeRoom(name, name, 1)) for name in ("garden", "kitchen")]
    from nexus.protocol.events import Posted

    for text in ("one", "two"):
        shared.store.commit([record(Posted, -7, "Cy", text, room=rooms[0].id)], [])
    heads = shared.cluster.heads([rooms[0].id, rooms[1].id, 999])
    assert heads[rooms[0].id] == 2
    assert heads.get(rooms[1].id, 0) == 0


def test_the_sessions_of_a_node_end_with_it_and_those_of_others_stay(shared: Shared) -> None:
    shared.beat(1)
    shared.beat(2)
    for run, name in ((1, "ann"), (2, "bo"), (3, "cy")):
        one(shared.store, OpenSession(run * 10, run, name, name, name))
    assert shared.cluster.runs([10, 20, 30, 40]) == {10: 1, 20: 2, 30: 3}
    commit(shared.store, [EndSessions((10,), run=2)])
    assert shared.cluster.runs([10]) == {10: 1}, "It is not this node's."
    commit(shared.store, [EndSessions(before_run=9)])
    assert shared.cluster.runs([10, 20, 30]) == {10: 1, 20: 2}, "Those of nodes that are there stay."
    commit(shared.store, [EndSessions(runs=(1,))])
    assert shared.cluster.runs([10, 20]) == {20: 2}
    commit(shared.store, [EndSessions((20,), run=2)])
    assert shared.cluster.runs([20]) == {}


def test_what_changed_is_kept_for_nodes_that_were_not_told(shared: Shared) -> None:
    shared.beat(1)
    ann = one(shared.store, Register(0, "ann", "ann", "ann", "hash", "member", 1))
    before, looks = shared.cluster.looks(None, 10)
    assert looks == []
    commit(shared.store, [SetRole(ann.id, "moderator"), SetLevel(1, ann.id, "nothing"), SetRole(999, "admin")])
    after, looks = shared.cluster.looks(before, 10)
    assert looks == [Look("account", ann.id)]
    assert shared.cluster.looks(after, 10) == (after, [])


def test_of_what_changed_as_much_is_read_as_is_asked_for(shared: Shared) -> None:
    shared.beat(1)
    ann = one(shared.store, Register(0, "ann", "ann", "ann", "hash", "member", 1))
    before, _ = shared.cluster.looks(None, 10)
    commit(shared.store, [SetRole(ann.id, "moderator"), SetRole(ann.id, "member"), SetRole(ann.id, "admin")])
    middle, looks = shared.cluster.looks(before, 2)
    assert len(looks) == 2
    assert len(shared.cluster.looks(middle, 2)[1]) == 1


def test_a_node_that_missed_too_much_looks_at_everything() -> None:
    durable, ticks = Durable(), iter(range(10**6))
    shared = Shared(MemoryStore(durable), MemoryCluster(durable, lambda: next(ticks)))
    shared.beat(1)
    ann = one(shared.store, Register(0, "ann", "ann", "ann", "hash", "member", 1))
    commit(shared.store, [SetRole(ann.id, "moderator")])
    before, _ = shared.cluster.looks(None, 10)
    commit(shared.store, [SetRole(ann.id, "moderator")] * 1100)
    assert shared.cluster.looks(before, 10)[1] == [ALL]
