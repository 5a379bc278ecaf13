"""Copies that a running server makes by itself, and what was set aside and goes after its time."""

import json
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from nexus.core.changes import MakeRoom
from nexus.core.log import Record
from nexus.node.backups import SOON, Backups, newest, prune
from nexus.node.expiring import DAY, expire
from nexus.ports import Unavailable
from nexus.protocol.events import Posted
from nexus.protocol.operating import Backup
from nexus.protocol.refusals import Refusal
from nexus.server.later import start
from nexus.settings import Settings
from nexus.settings.fields import Backup as Wanted
from nexus.store.sqlite import SqliteStore
from nexus.store.sqlite.backup import PAGES
from tests.cli.command import nexus, serving
from tests.cli.test_backups import posted
from tests.cli.test_serve import ask, greeted
from tests.world.clock import SimClock

ROOM = 1


class Lanes:
    """Threads that do at once what they are asked, and between two steps what the test wants."""

    def __init__(self) -> None:
        self.between: Callable[[], None] = lambda: None

    def write(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        try:
            result = work()
        except Exception as error:  # as the threads do
            result = error
        then(result)

    aside = write

    def write_what_waits(self) -> None:
        self.between()


@pytest.fixture
def store(tmp_path: Path) -> Any:
    (tmp_path / "data").mkdir()
    with closing(SqliteStore.open(tmp_path / "data")) as store:
        store.commit([], [MakeRoom("garden", "garden", 5)])
        yield store


def say(store: SqliteStore, text: str) -> None:
    """One more message in the garden."""
    post = Posted(room="garden", seq=0, at=5, by="Cy", guest=True, text=text)
    store.commit([Record(ROOM, -7, post)], [])


def filled(store: SqliteStore, steps: int) -> None:
    """As much as takes so many steps to copy."""
    for number in range(steps * PAGES // 2):
        say(store, f"{number} " + "x" * 7900)


def backups(tmp_path: Path, store: SqliteStore, lanes: Lanes, clock: SimClock | None = None, **wanted: Any) -> Backups:
    settings = Settings(data=str(tmp_path / "data"), backup=Wanted(**wanted))
    return Backups(settings, store, lanes, clock or SimClock())  # type: ignore[arg-type]


def made(backups: Backups, to: Path) -> Any:
    """What comes of asking for a copy: the answer, or why not."""
    results: list[Any] = []

    async def run() -> None:
        try:
            results.append(await backups.make(Backup(str(to))))
        except (Refusal, Unavailable) as why:
            results.append(why)

    start(run())
    return results[0]


def test_what_is_stored_between_two_steps_is_in_the_copy(tmp_path: Path, store: SqliteStore) -> None:
    filled(store, 3)
    lanes = Lanes()
    said: list[str] = []

    def between() -> None:
        said.append(f"meanwhile {len(said)}")
        say(store, said[-1])

    lanes.between = between

    assert made(backups(tmp_path, store, lanes), tmp_path / "copy.db") == {"file": str(tmp_path / "copy.db")}
    assert len(said) >= 3
    assert set(said[:-1]) <= set(posted(tmp_path / "copy.db"))
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600


def test_the_log_can_be_folded_while_a_copy_is_made(tmp_path: Path, store: SqliteStore) -> None:
    filled(store, 4)
    lanes = Lanes()
    left: list[int] = []

    def between() -> None:
        say(store, "y" * 7000)
        with closing(sqlite3.connect(tmp_path / "data/nexus.db")) as other:
            busy, logged, copied = other.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            left.append(busy or logged - copied)

    lanes.between = between
    made(backups(tmp_path, store, lanes), tmp_path / "copy.db")

    assert left
    assert not any(left)


def test_a_copy_whose_beginnings_are_lost_ends_all_the_same(tmp_path: Path, store: SqliteStore) -> None:
    filled(store, 3)
    lanes, times = Lanes(), []

    def between() -> None:  # as where texts are erased from the log
        times.append(1)
        say(store, "z")
        with closing(sqlite3.connect(tmp_path / "data/nexus.db")) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    lanes.between = between

    assert "file" in made(backups(tmp_path, store, lanes), tmp_path / "copy.db")
    assert len(posted(tmp_path / "copy.db")) >= 3 * PAGES // 2
    assert len(times) < 60


def test_a_server_that_stops_gives_a_copy_up(tmp_path: Path, store: SqliteStore) -> None:
    filled(store, 2)
    lanes = Lanes()

    def between() -> None:
        raise Unavailable("The server is stopping.")

    lanes.between = between

    assert isinstance(made(backups(tmp_path, store, lanes), tmp_path / "copy.db"), Unavailable)
    assert not (tmp_path / "copy.db").exists()
    say(store, "and goes on to write")


def test_one_copy_at_a_time_and_none_over_another(tmp_path: Path, store: SqliteStore) -> None:
    lanes, seconds = Lanes(), []
    both = backups(tmp_path, store, lanes)
    lanes.between = lambda: seconds.append(made(both, tmp_path / "other.db"))

    assert "file" in made(both, tmp_path / "copy.db")
    assert seconds
    assert all(isinstance(second, Refusal) for second in seconds)
    again = made(both, tmp_path / "copy.db")
    assert "is there already" in again.message


def test_copies_are_made_when_they_are_due_and_the_oldest_go(tmp_path: Path, store: SqliteStore) -> None:
    clock = SimClock()
    scheduled = backups(tmp_path, store, Lanes(), clock, every=24, keep=2, folder=str(tmp_path / "copies"))
    scheduled.begin()

    clock.advance(SOON)
    assert len(list((tmp_path / "copies").iterdir())) == 1, "The first is due at once."
    names = set()
    for _ in range(4):
        clock.advance(24 * 3600)
        names |= {file.name for file in (tmp_path / "copies").iterdir()}
    assert len(list((tmp_path / "copies").iterdir())) == 2
    assert len(names) >= 4
    (tmp_path / "copies/mine.db").write_text("not by schedule")
    prune(tmp_path / "copies", 0)
    assert [file.name for file in (tmp_path / "copies").iterdir()] == ["mine.db"]
    assert newest(tmp_path / "copies") == 0


def test_a_copy_that_could_not_be_made_is_tried_again(tmp_path: Path, store: SqliteStore) -> None:
    clock = SimClock()
    (tmp_path / "copies").write_text("a file where a folder should be")
    scheduled = backups(tmp_path, store, Lanes(), clock, every=24, folder=str(tmp_path / "copies"))
    scheduled.begin()
    clock.advance(SOON)
    (tmp_path / "copies").unlink()
    clock.advance(SOON)

    assert len(list((tmp_path / "copies").iterdir())) == 1


def test_a_running_server_makes_the_copy_itself(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server, greeted("Ann", server.told("Open")) as ann:
        ask(ann, type="join", room="garden")
        ask(ann, type="post", room="garden", text="before")
        first = nexus("backup", cwd=tmp_path)
        assert (first.returncode, first.stderr) == (0, "")
        (copy,) = (tmp_path / "nexus-data-backups").iterdir()
        assert posted(copy) == ["before"]
        again = nexus("backup", "--to", str(copy), cwd=tmp_path)
        assert again.returncode == 1
        assert "is there already" in again.stderr


# --- what was set aside ----------------------------------------------------------------------------


def test_what_was_set_aside_goes_after_its_time(tmp_path: Path) -> None:
    gone = ["nexus.db.schema-3", "nexus.db.replaced-1", "nexus.db.replaced-1-wal", "logs/garden/2026-11-22.log.damaged"]
    kept = ["nexus.db", "nexus.db-wal", "session.key", "logs/garden/2026-11-22.log", "logs/old/2026-11-01.log"]
    for name in [*gone, *kept, "logs/garden.replaced-1/2026-11-01.log"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
        os.utime(tmp_path / name, (0, 0))  # written long ago, and set aside now
    now = (tmp_path / "nexus.db").stat().st_ctime

    expire(tmp_path, 30, now + 29 * DAY)
    expire(tmp_path, 0, now + 1000 * DAY)
    assert all((tmp_path / name).exists() for name in [*gone, *kept])
    expire(tmp_path, 30, now + 31 * DAY)

    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == set(kept)
    assert not (tmp_path / "logs/garden.replaced-1").exists()


def test_the_settings_are_told(tmp_path: Path) -> None:
    told = json.loads(nexus("config", "--json", cwd=tmp_path).stdout)
    assert "backup.every" in json.dumps(told)
