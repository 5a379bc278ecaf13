"""What stands between a node and PostgreSQL: a pooler is refused, and what holds an answer back is not waited for."""

import struct
from collections.abc import Callable, Iterator
from contextlib import closing
from types import SimpleNamespace

import psycopg
import pytest

from nexus.core.changes import MakeRoom, Repeated
from nexus.ports import Unavailable
from nexus.protocol.events import Posted
from nexus.store import StoreError
from nexus.store.postgres import PostgresStore, connecting
from tests.contract.groups import commit, one, record, stored, texts, whole
from tests.torture.balancer import Way
from tests.torture.between import to_postgres

KEY_DATA = b"K\0\0\0\x0c"
"""How the message begins in which PostgreSQL tells its process, and a pooler whatever it likes."""


def as_a_pooler(way: Way) -> Callable[[bytes], Iterator[bytes]]:
    """Tell another process than the one behind it, as PgBouncer does."""

    def change(data: bytes) -> Iterator[bytes]:
        before, key, after = data.partition(KEY_DATA)
        yield before + key + (struct.pack(">I", 7) + after[4:] if key and way == "back" else after)

    return change


def as_a_pooler_that_knows_no_options(way: Way) -> Callable[[bytes], Iterator[bytes]]:
    """Refuse what we set, as PgBouncer does unless it is told to ignore it."""
    said = b"SFATAL\0C08P01\0Munsupported startup parameter in options: statement_timeout\0\0"

    def change(data: bytes) -> Iterator[bytes]:
        yield b"E" + struct.pack(">I", len(said) + 4) + said if way == "back" else data

    return change


@pytest.mark.parametrize("pooler", [as_a_pooler, as_a_pooler_that_knows_no_options])
def test_a_pooler_is_refused_in_a_sentence(
    pooler: Callable[[Way], Callable[[bytes], Iterator[bytes]]], url: str
) -> None:
    between, there = to_postgres(url)
    between.change = pooler
    with between, pytest.raises(StoreError, match=r"a pooler such as PgBouncer.* Name PostgreSQL itself in store\.url"):
        PostgresStore.open(there())


@pytest.mark.parametrize("way", ["there", "back"])
def test_what_gets_no_answer_is_refused_and_stored_once_when_it_is_said_again(
    way: Way, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    between, there = to_postgres(url)
    with between, closing(PostgresStore.open(there())) as cut, closing(PostgresStore.open(url)) as other:
        commit(cut, [MakeRoom("garden", "garden", 1), record(Posted, -7, "Cy", "before", "n0")])
        assert stored(one(cut, record(Posted, -7, "Cy", "known", "n1")))
        assert texts(whole(cut)) == ["before", "known"]
        for connection in (cut._writer._connection, *cut._readers._idle):
            assert connection is not None
            connection.raw.answer = 0.05  # type: ignore[attr-defined]
        monkeypatch.setattr(connecting, "ANSWER", 30.0)
        between.hold(way)
        with pytest.raises(Unavailable, match="The database failed"):
            one(cut, record(Posted, -7, "Cy", "hello", "n2"))
        with pytest.raises(Unavailable):
            cut._readers.ask("SELECT 1")
        again = one(other, record(Posted, -7, "Cy", "hello", "n2"))
        assert isinstance(again, Repeated) or stored(again)
        between.release()
        assert isinstance(one(cut, record(Posted, -7, "Cy", "hello", "n2")), Repeated)
        assert texts(whole(cut)) == ["before", "known", "hello"]


def test_after_a_try_to_connect_that_took_long_nobody_waits_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    times, tried = iter([0.0, 3.0, 3.9, 4.1, 4.2, 4.3, 4.4]), []

    def fail(*_: object) -> None:
        tried.append(True)
        raise psycopg.OperationalError("connection timeout expired")

    monkeypatch.setattr(connecting, "time", SimpleNamespace(monotonic=lambda: next(times)))
    monkeypatch.setattr(connecting.Database, "_connect", fail)
    database = connecting.Database("")
    for expected in (1, 1, 2, 3):  # it took long, was not tried, and failed at once twice
        with pytest.raises(psycopg.OperationalError, match="timeout expired"):
            database.connect()
        assert len(tried) == expected
