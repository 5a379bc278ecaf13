"""One entry of a group that fails is its own failure, and what is decided of sessions that were guests' or are over."""

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.core.changes import (
    Amend,
    Change,
    Denied,
    Failed,
    MakeRoom,
    MarkRead,
    NameTaken,
    NonceReused,
    OpenSession,
    Post,
    Register,
    Repeated,
    RetireSession,
)
from nexus.core.log import Record
from nexus.ports import Store
from nexus.protocol.events import Edited
from nexus.store.memory import Durable, MemoryStore
from nexus.store.sqlite import SqliteStore
from tests.contract.groups import Entry, commit, one, record, seqs, texts, whole
from tests.contract.test_store import ANN, BO, CY, post


@pytest.fixture
def garden(store: Store) -> Store:
    """A store with the accounts Ann and Bo, and a room."""
    people = [Register(0, name, name.lower(), name.lower(), "hash", "member", 1) for name in ("Ann", "Bo")]
    commit(store, [*people, MakeRoom("garden", "garden", 1)])
    return store


def test_what_is_wrong_with_one_entry_is_its_own_failure(garden: Store) -> None:
    outcomes = commit(
        garden,
        [
            post(ANN, "a", "n1"),
            post(ANN, "nowhere", room=99),
            post(BO, "b"),
            MarkRead(99, ANN, 1),
            post(ANN, "a", "n1"),
            post(CY, "c"),
            Change(),
        ],
    )
    assert [type(one).__name__ for one in outcomes] == [
        *("Record", "Failed", "Record", "Failed", "Repeated", "Record", "Failed"),
    ]
    assert (texts(whole(garden)), seqs(whole(garden))) == (["a", "b", "c"], [1, 2, 3])
    assert one(garden, post(ANN, "d")).event.seq == 4


@given(
    faulty=st.lists(st.booleans(), min_size=1, max_size=12), as_change=st.lists(st.booleans(), min_size=12, max_size=12)
)
def test_any_mix_of_faults_stores_all_the_others_in_order(faulty: list[bool], as_change: list[bool]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        for store in (MemoryStore(Durable()), SqliteStore.open(Path(directory))):
            with closing(store):
                _check_mix(store, faulty, sorted(as_change))


def _check_mix(store: Store, faulty: list[bool], as_change: list[bool]) -> None:
    commit(store, [MakeRoom("garden", "garden", 1)])
    entries = [post(CY, str(index), f"n{index}", room=99 if bad else 1) for index, bad in enumerate(faulty)]
    group: list[Entry] = [Post(one) if late else one for one, late in zip(entries, as_change, strict=False)]

    outcomes = commit(store, group)

    assert [isinstance(one, Failed) for one in outcomes] == faulty
    assert texts(whole(store)) == [str(index) for index, bad in enumerate(faulty) if not bad]


def test_a_room_that_cannot_be_made_is_denied(tmp_path: Path) -> None:
    SqliteStore.open(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "nexus.db")) as connection:
        connection.execute("INSERT INTO rooms (id, name, skeleton, made) VALUES (?, 'z', 'z', 1)", ((1 << 22) - 1,))
        connection.commit()
    with closing(SqliteStore.open(tmp_path)) as store:
        denied, found = commit(store, [MakeRoom("garden", "garden", 1), MakeRoom("z", "z", 1)])
    assert (denied.code, found.name) == ("too_many", "z")


def test_what_a_guest_said_is_theirs_as_an_account_too(garden: Store) -> None:
    first = one(garden, post(CY, "a", "n1"))
    later = post(ANN, "a", "n1")
    later.earlier = CY
    assert one(garden, later) == Repeated(first)
    other = post(ANN, "b", "n1")
    other.earlier = CY
    assert one(garden, other).event.seq == 2  # said by the account, whose nonces begin again
    assert one(garden, later) == NonceReused(2)
    edit = record(Edited, ANN, "Ann", "better", target=1)
    assert isinstance(one(garden, Amend(edit)), Denied)
    edit.earlier = CY
    assert isinstance(one(garden, Amend(edit)), Record)
    new = post(ANN, "c", "n2")
    new.earlier = CY
    assert one(garden, new).event.seq == 4


def test_a_session_that_was_logged_out_is_nobodys_any_more(garden: Store, reopen: Callable[[], Store]) -> None:
    guest = OpenSession(7, 1, "Cyd", "cyd", "cyd")
    assert commit(garden, [guest, RetireSession(7)]) == [None, None]
    again = reopen()
    assert again.session(7) is None
    assert one(again, guest) == NameTaken("")
    assert one(again, OpenSession(8, 1, "Cyd", "cyd", "cyd")) is None
