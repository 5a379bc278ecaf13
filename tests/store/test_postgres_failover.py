"""A failover to a copy that lacks the last messages: nobody overlooks it, and the history has a new epoch."""

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from nexus.core.changes import MakeRoom
from nexus.core.log import Record
from nexus.protocol.events import Posted
from nexus.store import HistoryLost
from nexus.store.postgres import PostgresStore
from tests.contract.groups import commit, one, record, stored, texts, whole

CY = -7


def post(text: str, room: int = 1) -> Record:
    return record(Posted, CY, "Cy", text, text, room=room)


def lose(url: str, text: str) -> None:
    """What a standby had not received yet when it took over."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DELETE FROM events WHERE text = %s", (text,))


@pytest.fixture
def store(url: str) -> Iterator[PostgresStore]:
    """The room garden, with two messages."""
    with closing(PostgresStore.open(url)) as opened:
        commit(opened, [MakeRoom("garden", "garden", 1), post("a"), post("b")])
        yield opened


def test_who_writes_notices_before_anything_is_stored_in_the_place_of_what_was_lost(
    store: PostgresStore, url: str
) -> None:
    lose(url, "b")
    with pytest.raises(HistoryLost, match="room 1 ended with 2 and ends with 1 now"):
        one(store, post("c"))
    with pytest.raises(HistoryLost):
        one(store, MakeRoom("kitchen", "kitchen", 1))
    assert texts(whole(store)) == ["a"]


@pytest.mark.usefixtures("store")
def test_who_only_asks_for_heads_notices_too(url: str) -> None:
    with closing(PostgresStore.open(url)) as other:
        assert other.heads([1]) == {1: 2}
        lose(url, "b")
        with pytest.raises(HistoryLost):
            other.heads([1])
        with pytest.raises(HistoryLost):
            one(other, post("c"))


def test_anyone_who_notices_gives_the_history_a_new_epoch_once_and_all_nodes_start_over(
    store: PostgresStore, url: str
) -> None:
    with closing(PostgresStore.open(url)) as other:
        other.tidy()
        lose(url, "b")
        with pytest.raises(HistoryLost):
            one(store, post("c"))
        for _ in range(2):
            with pytest.raises(HistoryLost, match="room 1 ended with 2"):
                store.tidy()
        with pytest.raises(HistoryLost, match="another history by now"):
            other.tidy()
        with pytest.raises(HistoryLost):
            one(other, post("c"))
    with closing(PostgresStore.open(url)) as again:
        assert again.epoch != store.epoch
        again.tidy()
        assert stored(one(again, post("c")))
        assert texts(whole(again)) == ["a", "c"]


def test_nobody_is_alarmed_by_what_others_write_meanwhile(store: PostgresStore, url: str) -> None:
    with closing(PostgresStore.open(url)) as other:
        for number in range(5):
            assert stored(one(other, post(f"other {number}")))
            assert other.heads([1]) == store.heads([1]) == {1: 3 + 2 * number}
            assert stored(one(store, post(f"mine {number}")))
        store.tidy()
        other.tidy()
