"""What a room does not keep any more is nowhere in the data directory, and its days are gone from the transcript."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from nexus.core.changes import Amend, Change, MakeRoom
from nexus.core.expiring import DAY, Expire, Gone
from nexus.core.log import Record
from nexus.core.purging import PurgeStep
from nexus.protocol import events as e
from nexus.store.sqlite import SqliteStore, checkpoint, indexing
from nexus.transcript.writer import Transcript
from tests.transcript.test_erasing_everywhere import found
from tests.transcript.transcripts import LONG, NOON, Warnings

CY = -7
SIZES = (0, 5, 60, 300, 900, 5000, 20_000)
DAYS = 10


class Garden:
    """A room on a disk in which much is said on ten days, and what was said before is edited, hidden and reacted to."""

    def __init__(self, data: Path, seed: int = 1) -> None:
        self.data = data
        self.chance = Random(seed)
        self.texts: list[tuple[int, str]] = []
        """Of which message, and the sign by which it is found."""
        self.names: dict[str, int] = {}
        """What a guest was called, and the last message under that name."""
        self.open()
        self.store.commit([], [MakeRoom("garden", "garden", 1)])

    def open(self) -> None:
        """A server starts on it."""
        self.warnings = Warnings()
        self.store = store = SqliteStore.open(self.data)
        self.transcript = Transcript(
            self.data,
            store,
            lambda _: "garden",
            lambda: store.rooms(9),
            every=0.001,
            open_files=9,
            warn=self.warnings,
            first_of=self.first,
        )
        self.transcript.start()

    def close(self) -> None:
        self.transcript.stop(LONG)
        self.store.close()

    def first(self, room: int = 1) -> int:
        row = self.store.room_by_id(room)
        assert row is not None
        return row.first

    def text(self) -> str:
        return f"text{len(self.texts):05}ends {'ü' * self.chance.choice(SIZES)}"

    def commit(self, *entries: Record | Change[Any], noted: bool = True) -> None:
        posts = [one for one in entries if isinstance(one, Record)]
        changes = [one for one in entries if not isinstance(one, Record)]
        posted, changed = self.store.commit(posts, changes)
        records = [one for one in (*posted, *changed) if isinstance(one, Record)]
        if noted:
            self.transcript.note(records)
        while self.chance.random() < 0.3 and self.store.index():
            pass

    def day(self, number: int, *, noted: bool = True) -> None:
        """What is said on a day, in twenty groups."""
        at = NOON + number * DAY
        for _ in range(20):
            seq = self.store.room_by_id(1).head + 1  # type: ignore[union-attr]
            event = self.event(e.Posted, at, text=self.text(), by=f"guest{number:03}x")
            self.texts.append((seq, event.text.partition(" ")[0]))  # type: ignore[attr-defined]
            self.names[event.by] = seq
            self.commit(Record(1, CY, event, f"n{seq}"), noted=noted)
            about = self.chance.choice([message for message, _ in self.texts if message >= self.first()])
            if self.chance.random() < 0.3:
                edit = self.event(e.Edited, at, target=about, text=self.text())
                self.texts.append((about, edit.text.partition(" ")[0]))  # type: ignore[attr-defined]
                self.commit(Amend(Record(1, CY, edit)), noted=noted)
            if self.chance.random() < 0.3:
                reaction = self.event(e.Reacted, at, target=about, emoji="\U0001f44d")
                self.commit(Amend(Record(1, CY, reaction)), noted=noted)

    def event(self, kind: type[e.RoomEvent], at: int, **fields: Any) -> e.RoomEvent:
        common: dict[str, Any] = {"room": "garden", "seq": 0, "at": at, "by": "Cy", "guest": True}
        return kind(**common | fields)

    def expire(self, keep: int, *, noted: bool = True) -> int:
        """On the last day; the first seq that is left."""
        while (gone := self.store.commit([], [Expire(1, NOON + DAYS * DAY, keep)])[1][0]) is not None:
            assert isinstance(gone, Gone)
            if noted:
                self.transcript.expire(1, gone.first)
        return self.first()

    def check(self) -> None:
        """What has expired is nowhere, and of what has not everything is there."""
        assert self.transcript.flush(LONG), self.warnings
        while self.store.index():
            pass
        self.store.tidy()
        first = self.first()
        gone = {sign for seq, sign in self.texts if seq < first}
        assert gone
        assert found(self.data, gone | {name for name, last in self.names.items() if last < first}) == set()
        now = {seq: sign for seq, sign in self.texts if seq >= first}
        assert {text for name, text in found(self.data, set(now.values())) if name == "nexus.db"} == set(now.values())

    def days(self) -> list[str]:
        return sorted(path.stem for path in (self.data / "logs" / "garden").glob("*.log"))


@pytest.fixture
def garden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Garden]:
    monkeypatch.setattr(checkpoint, "ERASE_EVERY", 0.0)
    monkeypatch.setattr(indexing, "REST", 0)
    (tmp_path / "data").mkdir()
    garden = Garden(tmp_path / "data")
    yield garden
    garden.close()


def test_what_has_expired_is_nowhere_once_the_disk_was_tidied(garden: Garden) -> None:
    for number in range(DAYS):
        garden.day(number)
    everything = {seq for seq, _ in garden.texts}
    for keep in (7, 4):
        assert garden.expire(keep) in everything
        garden.check()
        assert garden.days()[0] == f"2026-11-{22 + DAYS - keep:02}"
    garden.day(DAYS)
    garden.check()


def test_what_moderators_had_hidden_goes_too(garden: Garden) -> None:
    garden.day(0)
    event = garden.event(e.Purged, NOON + DAY, name="Cy", act=1)
    garden.commit(PurgeStep(Record(1, 1, event), 1, CY, tuple({seq for seq, _ in garden.texts})))
    garden.day(9)
    garden.expire(5)
    garden.check()


def test_a_crash_between_the_commit_and_the_transcript_leaves_nothing(garden: Garden, tmp_path: Path) -> None:
    for number in range(DAYS):
        garden.day(number)
    assert garden.transcript.flush(LONG)
    garden.expire(4, noted=False)
    shutil.copytree(garden.data, tmp_path / "after")
    assert len(garden.days()) == DAYS
    garden.close()

    garden.data = tmp_path / "after"
    garden.open()
    garden.check()
    assert len(garden.days()) == 4


def test_a_transcript_that_was_behind_begins_again_with_what_is_left(garden: Garden) -> None:
    garden.day(0)
    assert garden.transcript.flush(LONG)
    for number in range(1, DAYS):
        garden.day(number, noted=False)
    garden.expire(4, noted=False)
    garden.day(DAYS)
    garden.check()
    assert garden.days() == [f"2026-11-{number}" for number in range(28, 31)] + ["2026-12-01", "2026-12-02"]
    assert not list((garden.data / "logs").glob("*.replaced-*"))


def test_a_room_of_which_all_has_expired_goes_on(garden: Garden) -> None:
    garden.day(0)
    assert garden.transcript.flush(LONG)
    garden.expire(1)
    garden.check()
    assert garden.days() == []
    garden.close()
    garden.open()
    garden.day(DAYS)
    garden.check()
    assert garden.days() == ["2026-12-02"]
