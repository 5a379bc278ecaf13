"""What every store finds: exactly what is true of the messages as they are now, however much of it is indexed."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from nexus.core.changes import Amend, MakeRoom, Register, RenameAccount
from nexus.core.log import Record
from nexus.core.searching import matches, read_query
from nexus.ports import Store
from nexus.protocol.events import Deleted, Edited, Posted, RoomEvent
from nexus.protocol.kinds import POSTED
from nexus.store.sql import search, words
from nexus.store.sqlite import SqliteStore
from nexus.store.sqlite import words as fts5
from tests.contract.conftest import STORES
from tests.contract.groups import Entry, commit, record

ANN, BO, CY = 1, 2, -77
NAMES = {ANN: "Ann", BO: "Bo", CY: "Cy"}
ROOMS = {1: "garden", 2: "kitchen"}
WORDS = [
    "rose",
    "Rosé",
    "tea",
    "TEA",
    "https://tea.example/x",
    "日本",
    "green_tea",
    "tea-pot",
    "a",
    "é",
    "C++",
    ".NET",
    "🎉",
    "काम",
    "شَاي",
]
QUERIES = [
    "rose",
    "tea",
    '"tea pot"',
    '"rose tea"',
    "rose tea",
    "green_tea",
    "日",
    "日本 a",
    "has:link",
    "from:ann",
    "from:cy tea",
    "from:anna",
    "from:nobody",
    "tea has:link from:bo",
    "before:1970-01-02",
    "after:1970-01-01",
    "after:1970-01-01 before:1970-01-03 rose",
    "before:1970-01-01",
    "nowhere",
    "c++",
    "C",
    ".net",
    "net",
    "🎉 tea",
    "काम",
    "कम",
    "شاي",
]
HOUR = 3_600_000


class Shelf:
    """Two rooms in which much is said, edited and deleted by chance, and their events as pages tell them."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.chance = Random(seed)
        self.order: list[tuple[int, int]] = []
        self.at = 0
        self.commit(
            Register(0, "Ann", "ann", "ann", "hash", "member", 1),
            Register(0, "Bo", "bo", "bo", "hash", "member", 1),
            *(MakeRoom(name, name, 1) for name in ROOMS.values()),
        )

    def commit(self, *entries: Entry) -> None:
        commit(self.store, entries)

    def index(self) -> bool:
        """A step of the index, where the store has one."""
        return bool(getattr(self.store, "index", bool)())

    def text(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randrange(1, 5)))

    def say(self) -> None:
        room, author = self.chance.choice(list(ROOMS)), self.chance.choice(list(NAMES))
        self.at += self.chance.randrange(HOUR)
        self.commit(record(Posted, author, NAMES[author], self.text(), room=room, at=self.at))
        self.order.append((room, 1 + sum(one == room for one, _ in self.order)))

    def change(self) -> None:
        if not self.order:
            return
        room, seq = self.chance.choice(self.order)
        message = self.read(room, seq)
        if not isinstance(message.event, Posted):
            return
        kind: type[RoomEvent] = self.chance.choice((Edited, Edited, Deleted))
        text = self.text() if kind is Edited else ""
        before = self.store.room_by_id(room)
        author = message.author
        self.commit(Amend(record(kind, author, NAMES[author], text, None, seq, room=room, at=self.at)))
        after = self.store.room_by_id(room)
        if before != after and after is not None:
            self.order.append((room, after.head))

    def read(self, room: int, seq: int) -> Record:
        return self.store.page(room, after=seq - 1, before=seq + 1, limit=1, newest=False)[0]

    def live(self, steps: int, index: Callable[[], object]) -> None:
        for _ in range(steps):
            self.chance.choice((self.say, self.say, self.change, index))()

    def everything(self) -> list[Record]:
        """All that stands in the rooms, the newest first."""
        return [self.read(*where) for where in reversed(self.order)]

    def found(self, query: str, room: int | None, limit: int) -> list[Record]:
        """All pages of a search, one after the other."""
        hits: list[Record] = []
        before = None
        while True:
            page = self.store.search(read_query(query), room=room, before=before, limit=limit)
            assert len(page.hits) <= limit
            hits += page.hits
            if page.next is None:
                return hits
            assert before is None or page.next < before
            before = page.next

    def check(self) -> None:
        everything = self.everything()
        for query in QUERIES:
            for room in (None, *ROOMS):
                expected = that_match(query, room, everything)
                for limit in (1, 3, 50):
                    assert self.found(query, room, limit) == expected, (query, room, limit)


def that_match(query: str, room: int | None, everything: list[Record]) -> list[Record]:
    """What a search has to find."""
    wanted = read_query(query)
    return [one for one in everything if room in (None, one.room) and matches(wanted, one.event)]


@pytest.fixture(params=range(6))
def shelf(request: pytest.FixtureRequest, store: Store) -> Shelf:
    return Shelf(store, request.param)


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little is looked through at once, so that small rooms have what large ones have."""
    monkeypatch.setattr(words, "STEP", 3)
    monkeypatch.setattr(fts5, "MERGED", 1)
    monkeypatch.setattr(search, "SAMPLE", 2)
    monkeypatch.setattr(search, "SCANNED", 7)
    monkeypatch.setattr(search, "COMPARED", 5)


@pytest.mark.usefixtures("narrow")
def test_what_is_found_is_what_is_there_at_any_moment(shelf: Shelf) -> None:
    for _ in range(4):
        shelf.live(15, shelf.index)
        shelf.check()


def test_all_is_found_when_all_is_indexed(shelf: Shelf) -> None:
    shelf.live(60, lambda: None)
    while shelf.index():
        pass
    shelf.check()


def test_a_renamed_person_is_found_by_the_new_name(shelf: Shelf) -> None:
    shelf.live(20, shelf.index)
    said = shelf.found("from:ann", None, 50)
    shelf.commit(RenameAccount(ANN, 0, "Anna", "anna", "anna"))
    assert shelf.found("from:ann", None, 50) == []
    assert [hit.event.seq for hit in shelf.found("from:anna", None, 50)] == [hit.event.seq for hit in said]


def test_a_search_goes_on_before_any_seq_of_its_room(shelf: Shelf) -> None:
    shelf.live(40, shelf.index)
    everything = that_match("tea", 1, shelf.everything())
    for before in range(45):
        page = shelf.store.search(read_query("tea"), room=1, before=before, limit=50)
        assert page.hits == [hit for hit in everything if hit.event.seq < before]


@pytest.mark.usefixtures("narrow")
def test_a_search_in_a_quiet_room_gets_past_what_was_said_elsewhere(shelf: Shelf) -> None:
    store = shelf.store
    commit(store, [record(Posted, CY, "Cy", "rose", at=1, room=2), record(Posted, CY, "Cy", "rose", at=1, room=2)])
    commit(store, [record(Posted, CY, "Cy", "tea", at=1, room=1) for _ in range(40)])
    commit(store, [record(Posted, CY, "Cy", "rose", at=1, room=2)])
    assert [hit.event.seq for hit in shelf.found("rose", 2, 1)] == [3, 2, 1]


# --- the index of SQLite ---------------------------------------------------------------------------


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[tuple[SqliteStore, Path]]:
    store = SqliteStore.open(tmp_path)
    yield store, tmp_path / "nexus.db"
    store.close()


def contents(path: Path) -> bytes:
    """All that the index's tables hold."""
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("SELECT block FROM words_data UNION ALL SELECT term FROM words_idx").fetchall()
    finally:
        connection.close()
    return b"".join(block if isinstance(block, bytes) else str(block).encode() for (block,) in rows)


@pytest.mark.parametrize("kind", [Edited, Deleted])
def test_the_words_of_a_text_that_is_gone_are_gone_from_the_index(
    on_disk: tuple[SqliteStore, Path], kind: type[RoomEvent]
) -> None:
    store, path = on_disk
    commit(store, [MakeRoom("garden", "garden", 1)])
    for number in range(40):
        text = "rose quagga" if number == 20 else f"rose{number}"
        commit(store, [record(Posted, CY, "Cy", text, at=number)])
        store.index()
    assert b"quagga" in contents(path)
    commit(store, [Amend(record(kind, CY, "Cy", "tulip" if kind is Edited else "", None, 21, at=50))])
    while store.index():
        pass
    assert b"uagga" not in contents(path)
    assert "quagga" not in terms(path)
    assert len(terms(path)) >= 40


def terms(path: Path) -> list[str]:
    """The words that the index knows."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("CREATE VIRTUAL TABLE temp.known USING fts5vocab(main, words, row)")
        return [term for (term,) in connection.execute("SELECT term FROM known")]
    finally:
        connection.close()


def test_an_index_made_with_another_unicode_is_rebuilt(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path)
    commit(store, [MakeRoom("garden", "garden", 1), record(Posted, CY, "Cy", "rose", at=1)])
    store.index()
    store.close()
    connection = sqlite3.connect(tmp_path / "nexus.db")
    connection.execute("UPDATE indexed SET letters = '3.2.0'")
    connection.commit()
    connection.close()
    store = SqliteStore.open(tmp_path)
    try:
        while store.index():
            pass
        assert terms(tmp_path / "nexus.db").count("rose") == 1
        assert len(store.search(read_query("rose"), room=None, before=None, limit=9).hits) == 1
    finally:
        store.close()


def test_a_step_of_the_index_brings_in_few_words_however_long_the_messages_are() -> None:
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + 8000)))
    rows = [(id, 1, POSTED, CY, "Cy", letters) for id in range(1, 5)]
    steps = []
    while rows:
        step = words.coming_of(rows)
        steps.append(sum(said.count(" ") + 1 for said, _ in step.words))
        rows = rows[len(step.messages) :]
    assert sum(steps) == 4 * words.MOST_WORDS
    assert max(steps) <= words.MOST_WORDS + words.WORDS


def test_a_step_of_the_index_reads_few_long_messages_and_no_more_than_it_brings_in() -> None:
    rows = iter([(id, 1, POSTED, CY, "Cy", "🌱" * 8000) for id in range(1, 251)])
    step = words.coming_of(rows)
    assert len(step.messages) == -(-words.LETTERS // 8000) == step.upto
    assert next(rows)[0] == step.upto + 1


def test_a_word_that_is_said_again_and_again_is_brought_in_once() -> None:
    assert words.said("tea 茶茶茶 TEA C++ .net") == "tea 茶 c _2b _2e net"


def test_every_store_is_searched_here() -> None:
    assert set(STORES) == {"memory", "sqlite", "postgres"}


def test_what_a_message_of_very_many_words_says_last_is_found(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path)
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + 2 * words.MOST_WORDS)))
    commit(store, [MakeRoom("garden", "garden", 1), record(Posted, CY, "Cy", letters, at=1)])
    while store.index():
        pass
    found = store.search(read_query(letters[-1]), room=None, before=None, limit=5)
    store.close()
    assert [hit.event.seq for hit in found.hits] == [1]
