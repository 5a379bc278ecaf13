"""What moderators hide goes from the transcript, and stands there again when it does in the room; so do whole rooms.

A store on a disk, with its transcript beside it: the whole data directory is searched, byte by byte.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nexus.core import destroying as d
from nexus.core import purging as p
from nexus.core.changes import Admit, Amend, Change, MakeRoom, Register
from nexus.core.log import Record
from nexus.core.moderating import Undo
from nexus.core.names import person_name
from nexus.protocol.events import Deleted, Destroyed, Edited, Joined, Posted, Restored, Revived, RoomEvent
from nexus.store.sqlite import SqliteStore, checkpoint, indexing
from nexus.transcript.writer import Transcript
from tests.transcript.transcripts import LONG, NOON, Warnings

ANN, BO = 1, 2


class Garden:
    """Ann owns the garden, Bo says something in it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.store = SqliteStore.open(data)
        for number, name in enumerate(("Ann", "Bo"), 1):
            self.store.commit([], [Register(70 + number, *person_name(name), "hash", "member", 1)])
        self.store.commit([], [MakeRoom("garden", "garden", 1, maker=ANN, kind="private", title="Secret plans")])
        for account, name in ((ANN, "Ann"), (BO, "Bo")):
            self.does(Admit(self.record(Joined, account, name), 0))
        self.begin()

    def begin(self) -> None:
        store = self.store
        self.warnings = Warnings()
        self.transcript = Transcript(
            self.data,
            store,
            lambda room: getattr(store.room_by_id(room), "name", None),
            lambda: store.rooms(9),
            destroyed=store.destroyed,
            every=0.001,
            open_files=9,
            warn=self.warnings,
        )
        self.transcript.start()

    def starts_again(self) -> None:
        """The server stops, and starts again."""
        self.close()
        self.store = SqliteStore.open(self.data)
        self.begin()

    def close(self) -> None:
        self.transcript.stop(LONG)
        self.store.close()

    def record(self, kind: type[RoomEvent], author: int, by: str, **fields: Any) -> Record:
        return Record(1, author, kind(room="garden", seq=0, at=NOON, by=by, **fields))

    def says(self, text: str) -> int:
        """Bo says something; its seq."""
        posted, _ = self.store.commit([self.record(Posted, BO, "Bo", text=text)], [])
        assert isinstance(posted[0], Record)
        self.noted(posted[0])
        return posted[0].event.seq

    def does(self, change: Change[Any]) -> Any:
        """Something else; what came of it."""
        (done,) = self.store.commit([], [change])[1]
        if hasattr(self, "transcript"):
            for record in (done,) if isinstance(done, Record) else getattr(done, "records", ()):
                self.noted(record)
        return done

    def noted(self, record: Record) -> None:
        self.transcript.note([record])

    def hides(self, seq: int) -> int:
        """Ann deletes a message of Bo's; the act."""
        done = self.does(Amend(self.record(Deleted, ANN, "Ann", target=seq)))
        act: int = done.event.act
        return act

    def shows(self, act: int, *seqs: int) -> None:
        """Ann takes that back."""
        assert isinstance(self.does(Undo(ANN, NOON, BO, "Bo", "", act)), int)
        self.does(p.RestoreStep(self.record(Restored, ANN, "Ann", name="Bo", act=act), act, seqs))
        self.does(p.FinishPurge(act, p.UNDONE))

    def lines(self) -> list[str]:
        """The transcript, from the seqs on; those of messages alone."""
        assert self.transcript.flush(LONG)
        assert self.warnings == []
        files = sorted((self.data / "logs").rglob("*.log"))
        found = [line.partition(" ")[2] for file in files for line in file.read_text().splitlines()[1:]]
        return [line for line in found if "joined" not in line]

    def tidied(self) -> None:
        """All that is done later by itself is done."""
        assert self.transcript.flush(LONG)
        while self.store.index():
            pass
        self.store.tidy()

    def where(self, *texts: str) -> set[tuple[str, str]]:
        """Which of the texts are in which files."""
        files = {path.name: path.read_bytes() for path in self.data.rglob("*") if path.is_file()}
        return {(name, text) for name, content in files.items() for text in texts if text.encode() in content}


@pytest.fixture
def garden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Garden]:
    monkeypatch.setattr(checkpoint, "ERASE_EVERY", 0.0)
    monkeypatch.setattr(indexing, "REST", 0)
    garden = Garden(tmp_path)
    yield garden
    garden.close()


@pytest.mark.parametrize("restarted", [False, True])
def test_what_is_taken_back_stands_in_the_transcript_where_it_stood(garden: Garden, restarted: bool) -> None:
    first, second = garden.says("one"), garden.says("two")
    garden.does(Amend(self_edit(garden, second, "two and a half"), "member"))
    before = garden.lines()
    acts = [garden.hides(seq) for seq in (first, second)]
    assert [line for line in garden.lines() if "two" in line or "one" in line] == []
    if restarted:
        garden.starts_again()

    for act, seq in zip(acts, (first, second), strict=True):
        garden.shows(act, seq)

    now = garden.lines()
    assert now[: len(before)] == [re.sub("<Bo> two$", "<Bo> two and a half", line) for line in before]
    assert [line.split(" ", 1)[1] for line in now[len(before) :]] == [
        "* Ann removed messages of: Bo",
        "* Ann removed messages of: Bo",
        "* Ann restored messages of: Bo",
        "* Ann restored messages of: Bo",
    ]


def self_edit(garden: Garden, seq: int, text: str) -> Record:
    return garden.record(Edited, BO, "Bo", target=seq, text=text)


def test_all_of_it_written_at_once_is_the_same(garden: Garden) -> None:
    garden.transcript.stop(LONG)
    seq = garden.says("one")
    garden.shows(garden.hides(seq), seq)
    gone = garden.says("two")
    garden.shows(garden.hides(gone), gone)
    garden.does(Amend(garden.record(Deleted, BO, "Bo", target=gone)))
    garden.begin()
    assert [line for line in garden.lines() if "<Bo>" in line] == [f"#{seq} <Bo> one"]
    assert f"#{gone} * Bo posted a message that was deleted" in garden.lines()


def destroy(garden: Garden) -> int:
    done = garden.does(d.Destroy(garden.record(Destroyed, ANN, "Ann"), "garden", "Because of the party."))
    act: int = done.act
    return act


@pytest.mark.parametrize("restarted", [False, True])
def test_a_room_that_is_destroyed_has_no_transcript_and_one_again_when_it_is_back(
    garden: Garden, restarted: bool
) -> None:
    garden.says("one")
    before = garden.lines()
    if restarted:
        garden.transcript.stop(LONG)
    act = destroy(garden)
    if restarted:
        garden.starts_again()
    assert garden.lines() == []
    assert not (garden.data / "logs/garden").exists()

    garden.does(d.Revive(garden.record(Revived, ANN, "Ann"), act))

    assert garden.lines()[: len(before)] == before
    garden.says("two")
    assert garden.lines()[-1].endswith("<Bo> two")


@pytest.mark.parametrize("step", [1, 3, 500])
def test_after_a_while_nothing_of_a_room_is_in_the_data_directory(garden: Garden, step: int) -> None:
    texts = [f"text{number:03}ends" for number in range(30)]
    seqs = [garden.says(f"{text} {'ü' * 40 * number} @ann") for number, text in enumerate(texts)]
    garden.store.index()
    garden.does(Amend(self_edit(garden, seqs[3], "edited003ends"), "member"))
    garden.hides(seqs[4])
    late = garden.says("late031ends")
    garden.does(Amend(self_edit(garden, late, "edited031ends"), "member"))
    texts += ["edited003ends", "late031ends", "edited031ends", "Secret plans", "Because of the party"]
    garden.tidied()
    assert {text for _, text in garden.where(*texts)} >= {"text000ends", "edited003ends", "Secret plans"}

    destroy(garden)
    garden.tidied()
    kept = garden.where(*texts)
    assert ("nexus.db", "text000ends") in kept
    assert {name for name, _ in kept} <= {"nexus.db", "nexus.db-wal"}
    while garden.does(d.EraseDestroyed(NOON + 1, step)):
        garden.store.index()

    garden.tidied()
    assert garden.where(*texts) == set()
    garden.starts_again()
    garden.tidied()
    assert garden.where(*texts) == set()
