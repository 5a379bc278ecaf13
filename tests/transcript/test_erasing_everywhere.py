"""Once a message is deleted its text is nowhere in the data directory: the whole of it is searched, byte by byte."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from nexus.core.changes import Amend, MakeRoom
from nexus.core.log import Record
from nexus.protocol.events import Deleted, Edited, Posted
from nexus.store.sqlite import SqliteStore, checkpoint, indexing
from nexus.transcript.writer import Transcript
from tests.transcript.transcripts import LONG, NOON, Warnings

CY = -7
SIZES = (0, 5, 60, 300, 900, 5000, 20_000)


def transcript_of(store: SqliteStore, data: Path) -> Transcript:
    transcript = Transcript(
        data,
        store,
        lambda _: "garden",
        lambda: store.rooms(9),
        every=0.001,
        open_files=9,
        warn=Warnings(),
    )
    transcript.start()
    return transcript


def found(data: Path, texts: set[str]) -> set[tuple[str, str]]:
    """Which of the texts are in which files."""
    files = {path.name: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    return {(name, text) for name, content in files.items() for text in texts if text.encode() in content}


class Garden:
    """A room on a disk in which messages are posted, edited and deleted by chance."""

    def __init__(self, data: Path, seed: int) -> None:
        self.data = data
        self.chance = Random(seed)
        self.store = SqliteStore.open(data)
        self.store.commit([], [MakeRoom("garden", "garden", 1)])
        self.transcript = transcript_of(self.store, data)
        self.now: dict[int, list[str]] = {}
        self.replaced: set[str] = set()
        self.deleted: set[str] = set()
        self.count = 0

    def text(self) -> str:
        self.count += 1
        return f"text{self.count:05}ends {'ü' * self.chance.choice(SIZES)}"

    def begins(self, text: str) -> str:
        return text.partition(" ")[0]

    def group(self, *, noted: bool = True) -> None:
        """A group of messages, edits and deletions."""
        posts = [self.post() for _ in range(self.chance.randrange(1, 12))]
        chosen = self.chance.sample(sorted(self.now), min(len(self.now), self.chance.randrange(6)))
        posted, changed = self.store.commit(posts, [self.amend(seq) for seq in chosen])
        records = []
        for outcome in (*posted, *changed):
            assert isinstance(outcome, Record)
            records.append(outcome)
            self.remember(outcome)
        if noted:
            self.transcript.note(records)
        if self.chance.random() < 0.3:
            self.store.index()

    def post(self) -> Record:
        text = self.text()
        return Record(1, CY, Posted(room="garden", seq=0, at=NOON, by="Cy", guest=True, text=text), f"n{self.count}")

    def amend(self, seq: int) -> Amend:
        common = {"room": "garden", "seq": 0, "at": NOON, "by": "Cy", "guest": True, "target": seq}
        if self.chance.random() < 0.5:
            return Amend(Record(1, CY, Edited(text=self.text(), **common)))  # type: ignore[arg-type]
        return Amend(Record(1, CY, Deleted(**common)))  # type: ignore[arg-type]

    def remember(self, record: Record) -> None:
        match record.event:
            case Posted(seq=seq, text=text):
                self.now[seq] = [self.begins(text)]
            case Edited(target=target, text=text):
                self.replaced.add(self.now[target][-1])
                self.now[target].append(self.begins(text or ""))
            case Deleted(target=target):
                self.deleted |= set(self.now.pop(target))

    def check(self) -> None:
        """What was deleted is nowhere, what was replaced only in the transcript, all else everywhere."""
        assert self.transcript.flush(LONG)
        while self.store.index():
            pass
        self.store.tidy()
        assert self.deleted
        assert found(self.data, self.deleted) == set()
        places = found(self.data, self.replaced)
        assert {name for name, _ in places} <= {"2026-11-22.log"}
        current = {texts[-1] for texts in self.now.values()}
        assert {text for name, text in found(self.data, current) if name.startswith("nexus.db")} == current

    def close(self) -> None:
        self.transcript.stop(LONG)
        self.store.close()


@pytest.fixture
def gardens(tmp_path: Path) -> Iterator[list[Garden]]:
    gardens = []
    for seed in range(3):
        (tmp_path / str(seed)).mkdir()
        gardens.append(Garden(tmp_path / str(seed), seed))
    yield gardens
    for garden in gardens:
        garden.close()


def test_a_deleted_text_is_nowhere_once_the_disk_was_tidied(
    gardens: list[Garden], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "ERASE_EVERY", 0.0)
    monkeypatch.setattr(indexing, "REST", 0)
    for garden in gardens:
        for _ in range(60):
            garden.group()
        garden.check()
        for _ in range(20):
            garden.group()
        garden.check()


def test_a_crash_between_the_commit_and_the_transcript_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    garden = Garden(tmp_path / "before", 7)
    for _ in range(30):
        garden.group()
    assert garden.transcript.flush(LONG)
    for _ in range(5):
        garden.group(noted=False)
    shutil.copytree(garden.data, tmp_path / "after")  # as a crash leaves it: log and tables, nothing folded
    assert {name for name, _ in found(tmp_path / "after", garden.deleted)} == {"nexus.db-wal", "2026-11-22.log"}
    garden.close()

    garden.data = tmp_path / "after"
    garden.store = SqliteStore.open(garden.data)
    garden.transcript = transcript_of(garden.store, garden.data)
    garden.check()
    garden.close()
