"""The store in memory and the one on disk are the same, whatever is done to them in whatever groups."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexus.core import changes as e
from nexus.core.log import Record
from nexus.ports import Store
from nexus.protocol import events as ev
from nexus.store.memory import Durable, MemoryStore
from nexus.store.postgres import PostgresStore
from nexus.store.sqlite import SqliteStore
from tests.contract.groups import Entry, commit, record
from tests.postgres import Postgres

ACCOUNTS, ROOMS, SESSIONS = (1, 2, 3), (1, 2, 3), (7, 8)
READERS = (*ACCOUNTS, *(-id for id in SESSIONS))
NAMES = [("Ann", "ann", "ann"), ("aNN", "ann", "ann"), ("\u0430nn", "\u0430nn", "ann"), ("Bo", "bo", "bo")]
NAMES += [("Cy", "cy", "cy"), ("Dot", "dot", "dot")]

rooms = st.sampled_from(ROOMS)
accounts = st.sampled_from(ACCOUNTS)
sessions = st.sampled_from(SESSIONS)
times = st.integers(0, 50)
runs = st.integers(1, 3)
logins = st.integers(1, 4)
seqs = st.none() | st.integers(0, 9)
texts = st.sampled_from(["", "a", "b", "\U0001f331 'b' \u2028"])
nonces = st.none() | st.sampled_from(["n1", "n2"])
targets = st.none() | st.integers(1, 2)
names = st.sampled_from(NAMES)
NOBODY: st.SearchStrategy[tuple[str, ...]] = st.just(())


def records(
    kind: type[ev.RoomEvent] | st.SearchStrategy[type[ev.RoomEvent]],
    authors: st.SearchStrategy[int],
    *,
    about: st.SearchStrategy[int | None] = targets,
    named: st.SearchStrategy[tuple[str, ...]] = NOBODY,
) -> st.SearchStrategy[Record]:
    kinds = kind if isinstance(kind, st.SearchStrategy) else st.just(kind)
    return st.builds(record, kinds, authors, st.just("by"), texts, nonces, about, room=rooms, at=times, names=named)


writers = accounts | sessions.map(lambda id: -id)
mentions = st.lists(st.sampled_from(["ann", "bo", "cy", "dot-", "here", "nobody"]), max_size=4).map(tuple)
posts = records(ev.Posted, writers, named=st.just(()) | mentions)
AMENDING: tuple[type[ev.RoomEvent], ...] = (
    ev.Edited,
    ev.Deleted,
    ev.Reacted,
    ev.Unreacted,
    ev.Pinned,
    ev.Unpinned,
)
about = records(st.sampled_from(AMENDING), writers, about=seqs)
amends = st.builds(
    e.Amend, about, st.sampled_from(["guest", "member", "admin"]), st.sampled_from([0, 20]), st.just(2), st.just(3)
)
changes = st.one_of(
    st.builds(lambda id, run, name: e.OpenSession(id, run, *name), sessions, runs, names),
    st.builds(
        lambda id, run, of, login: e.OpenSession(id, run, "", "", "", of, login), sessions, runs, accounts, logins
    ),
    st.builds(e.OpenSession, sessions, runs),
    st.builds(lambda id, name: e.RenameGuest(id, *name), sessions, names),
    st.builds(lambda of, id, name: e.RenameAccount(of, id, *name), accounts, sessions, names),
    st.builds(e.EndSessions, st.lists(sessions).map(tuple), st.none() | runs),
    st.builds(
        lambda id, name, at: e.Register(id, name[0], name[1], name[2], "hash", "member", at), sessions, names, times
    ),
    st.builds(e.AddLogin, accounts, st.sampled_from([b"1", b"2", b"3"]), texts, times),
    st.builds(e.EndLogin, accounts, logins),
    st.builds(e.UseLogin, logins, times),
    st.builds(e.Rehash, accounts, texts),
    st.builds(lambda name, at: e.MakeRoom(name[1], name[2], at), names, times),
    st.builds(e.AddMember, records(ev.Joined, accounts)),
    st.builds(e.EndMember, records(ev.Left, accounts)),
    st.builds(e.Configure, records(ev.Configured, accounts)),
    st.builds(e.MarkRead, rooms, accounts, st.integers(-1, 9)),
    st.builds(
        e.SetLevel,
        rooms,
        accounts,
        st.sampled_from(["everything", "mentions", "nothing", None]),
        st.sampled_from([True, False, None]),
    ),
)
groups = st.lists(st.lists(posts | amends | changes, min_size=1, max_size=12), max_size=8)

BEGINNING: list[Entry] = [
    e.Register(0, "Ann", "ann", "ann", "hash", "admin", 1),
    e.Register(0, "Bo", "bo", "bo", "hash", "member", 1),
    e.Register(0, "Eve", "eve", "eve", "hash", "member", 1),
    e.MakeRoom("garden", "garden", 1),
    e.MakeRoom("kitchen", "kltchen", 2),
    e.MakeRoom("shed", "shed", 2),
]


def everything(store: Store) -> dict[str, object]:
    """All that can be read."""
    return {
        "rooms": store.rooms(99),
        "pages": [store.page(room, after=0, before=999, limit=999, newest=False) for room in ROOMS],
        "tails": [store.page(room, after=1, before=9, limit=3, newest=True) for room in ROOMS],
        "counts": [
            store.counts(room, reader, after=1, upto=upto, most=4)
            for room in ROOMS
            for reader in READERS
            for upto in (6, 99)
        ],
        "marks": [store.mark(room, reader) for room in ROOMS for reader in ACCOUNTS],
        "members": [store.members(room, 9) for room in ROOMS],
        "memberships": [store.memberships(account) for account in ACCOUNTS],
        "found": [(store.room(key, skeleton), store.account(key)) for _, key, skeleton in NAMES],
        "accounts": [store.account_by_id(account) for account in ACCOUNTS],
        "logins": [store.logins(account) for account in ACCOUNTS],
        "tokens": [store.login(digest) for digest in (b"1", b"2", b"3")],
        "sessions": [store.session(session) for session in SESSIONS],
        "taken": store.taken([skeleton for _, _, skeleton in NAMES]),
    }


Disk = Callable[[], AbstractContextManager[Store]]


@contextmanager
def in_sqlite() -> Iterator[Store]:
    """A new and empty store on disk."""
    with TemporaryDirectory() as directory, closing(SqliteStore.open(Path(directory))) as store:
        yield store


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def disk(request: pytest.FixtureRequest) -> Disk:
    """How such a store is begun, many times."""
    if request.param == "sqlite":
        return in_sqlite
    server: Postgres = request.getfixturevalue("postgres")

    @contextmanager
    def in_postgres() -> Iterator[Store]:
        url = server.lend()
        with closing(PostgresStore.open(url)) as store:
            yield store
        server.take_back(url)

    return in_postgres


@settings(max_examples=60, deadline=None)
@given(todo=groups)
def test_memory_and_disk_answer_alike(disk: Disk, todo: list[list[Entry]]) -> None:
    memory = MemoryStore(Durable())
    with disk() as store:
        for group in [BEGINNING, *todo]:
            assert commit(memory, group) == commit(store, group)
        assert everything(memory) == everything(
            store
        )  # what differs after a group does so at the end of a shorter list


@settings(max_examples=30, deadline=None)
@given(groups, st.sampled_from(["begin", "written"]))
def test_a_group_that_fails_in_memory_leaves_no_trace(todo: list[list[Entry]], point: str) -> None:
    def fail(reached: str) -> None:
        if reached == point:
            raise OSError(point)

    durable = Durable()
    store = MemoryStore(durable)
    for group in [BEGINNING, *todo]:
        before = everything(store)
        store.fail = fail
        try:
            commit(store, group)
        except OSError:
            store.fail = None
        assert store.fail is None
        assert everything(store) == before
        commit(store, group)
        assert everything(store) == everything(MemoryStore(durable))


@settings(max_examples=30, deadline=None)
@given(todo=st.lists(posts | amends, min_size=1, max_size=40), data=st.data())
def test_the_grouping_changes_nothing(disk: Disk, todo: list[Entry], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(todo)))))
    memory = MemoryStore(Durable())
    with disk() as store:
        commit(memory, BEGINNING)
        commit(store, BEGINNING)
        outcomes = commit(memory, todo)
        parts = [commit(store, todo[start:end]) for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
        assert [type(outcome) for part in parts for outcome in part] == [type(outcome) for outcome in outcomes]
        assert everything(memory) == everything(store)
