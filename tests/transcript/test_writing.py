"""Transcripts on a real disk, while the server runs."""

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nexus.core.lines import read_line
from nexus.ports import Unavailable
from nexus.protocol.kinds import text_of
from nexus.transcript import writer as module
from tests.transcript.transcripts import DAY, LONG, NOON, Log, Warnings, new, on_disk, restarted, running


def test_a_message_is_a_line_in_its_rooms_file_of_the_day(tmp_path: Path) -> None:
    log = Log("garden", "kitchen")
    with running(tmp_path, log) as transcript:
        transcript.note([log.post("hello"), log.post("soup?", room=2)])
        transcript.note([log.post("hi", by="ann")])
        assert transcript.flush(LONG)
        assert on_disk(tmp_path) == {
            "garden/2026-11-22.log": b"# garden, 2026-11-22. Times are UTC; ~ marks a guest.\n"
            b"2026-11-22T12:00:00.001Z #1 <bo> hello\n"
            b"2026-11-22T12:00:00.002Z #2 <ann> hi\n",
            "kitchen/2026-11-22.log": b"# kitchen, 2026-11-22. Times are UTC; ~ marks a guest.\n"
            b"2026-11-22T12:00:00.001Z #1 <bo> soup?\n",
        }


def test_only_the_server_may_read_transcripts(tmp_path: Path) -> None:
    log = Log()
    log.post("hello")
    restarted(tmp_path, log)
    modes = [path.stat().st_mode & 0o077 for path in (tmp_path / "logs").rglob("*")]
    assert modes == [0, 0]


def test_a_new_day_is_a_new_file_even_within_one_group(tmp_path: Path) -> None:
    log = Log()
    with running(tmp_path, log) as transcript:
        transcript.note([log.post("hello")])
        assert transcript.flush(LONG)
        transcript.note([log.post("late"), log.post("early", at=NOON + DAY)])
        transcript.note([log.post("later", at=NOON + DAY)])
    assert sorted(on_disk(tmp_path)) == ["garden/2026-11-22.log", "garden/2026-11-23.log"]
    assert on_disk(tmp_path) == log.files()


def test_what_follows_is_written_without_reading_the_log(tmp_path: Path) -> None:
    log = Log()
    with running(tmp_path, log) as transcript:
        transcript.note([log.post("the first is read, to learn what the files hold")])
        assert transcript.flush(LONG)
        log.pages.clear()
        for number in range(100):
            transcript.note([log.post(f"message {number}")])
        assert transcript.flush(LONG)
        transcript.note([*log.records()[-3:], log.post("after some that it has")])
        assert transcript.flush(LONG)
        assert not log.pages
    assert on_disk(tmp_path) == log.files()


def test_stopping_writes_what_was_noted_and_a_restart_goes_on(tmp_path: Path) -> None:
    log = Log()
    for _ in range(3):
        transcript = new(tmp_path, log, every=3600)
        transcript.start()
        transcript.note([log.post("hello"), log.post("again")])
        assert transcript.stop(LONG)
        assert on_disk(tmp_path) == log.files()


def test_files_deleted_while_they_are_in_use_are_written_again(tmp_path: Path) -> None:
    log = Log()
    with running(tmp_path, log) as transcript:
        transcript.note([log.post("hello")])
        assert transcript.flush(LONG)
        transcript.note([log.post("open now")])
        assert transcript.flush(LONG)
        (tmp_path / "logs/garden/2026-11-22.log").unlink()
        (tmp_path / "logs/garden").rmdir()
        transcript.note([log.post("and now?")])
        transcript.flush(LONG)
        assert transcript.flush(LONG)
    assert on_disk(tmp_path) == log.files()


def test_a_file_that_is_moved_away_is_written_again_and_what_was_moved_stays_as_it_is(tmp_path: Path) -> None:
    log = Log()
    day, moved = tmp_path / "logs/garden/2026-11-22.log", tmp_path / "2026-11-22.log.1"
    with running(tmp_path, log) as transcript:
        transcript.note([log.post("hello")])
        assert transcript.flush(LONG)
        before = day.read_bytes()
        day.rename(moved)
        transcript.note([log.post("and now?")])
        transcript.flush(LONG)
        assert transcript.flush(LONG)
    assert on_disk(tmp_path) == log.files()
    assert moved.read_bytes() == before


def test_lost_repeated_and_reordered_notes_change_nothing(tmp_path: Path) -> None:
    log = Log()
    events = [log.post(f"message {number}") for number in range(12)]
    for notes in (
        [1, 1, 2],
        [5],
        [4, 3],
        [3, 8, 7],
        [7, 7, 9],
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
        [12],
    ):
        with running(tmp_path, log) as transcript:
            transcript.note([events[seq - 1] for seq in notes])
            assert transcript.flush(LONG)
            transcript.note([log.post("next")])
            transcript.note([events[seq - 1] for seq in notes])
            assert transcript.flush(LONG)
        assert on_disk(tmp_path) == log.files()


def test_a_transcript_that_cannot_be_written_is_reported_once_and_completed_later(tmp_path: Path) -> None:
    log, warn = Log("garden", "kitchen"), Warnings()
    obstacle = tmp_path / "logs"
    obstacle.write_text("a file where a directory should be")
    with running(tmp_path, log, warn) as transcript:
        for _ in range(5):
            transcript.note([log.post("hello"), log.post("soup?", room=2)])
            assert not transcript.flush(LONG)
        assert len(warn) == 1
        assert str(obstacle) in warn[0]
        obstacle.unlink()
        assert transcript.flush(LONG)
        assert on_disk(tmp_path) == log.files()
        transcript.note([log.post("and on")])
        assert transcript.flush(LONG)
    assert on_disk(tmp_path) == log.files()
    assert len(warn) == 1


def test_it_tells_how_long_the_oldest_event_has_waited_for_its_file(tmp_path: Path) -> None:
    log = Log()
    with running(tmp_path, log) as transcript:
        transcript.note([log.post("hello")])
        assert transcript.flush(LONG)
        assert transcript.lag.seconds() == 0
        shutil.rmtree(tmp_path / "logs")
        (tmp_path / "logs").write_text("in the way")
        lags = []
        for _ in range(2):
            transcript.note([log.post("and on")])
            assert not transcript.flush(LONG)
            lags.append(transcript.lag.seconds())
        assert 0 < lags[0] < lags[1], "what came later hides nothing"
        (tmp_path / "logs").unlink()
        assert transcript.flush(LONG)
        assert transcript.lag.seconds() == 0


def test_one_room_that_cannot_be_written_does_not_hold_up_another(tmp_path: Path) -> None:
    log = Log("garden", "kitchen")
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/garden").write_text("in the way")
    with running(tmp_path, log) as transcript:
        for _ in range(3):
            transcript.note([log.post("hello"), log.post("soup?", room=2)])
            assert not transcript.flush(LONG)
    expected = {name: data for name, data in log.files().items() if name.startswith("kitchen")}
    assert on_disk(tmp_path) == expected | {"garden": b"in the way"}


def test_a_failure_is_retried_without_being_asked(tmp_path: Path) -> None:
    log, warn = Log(), Warnings()
    log.failing = Unavailable("The disk is away.")
    log.post("hello")
    with running(tmp_path, log, warn) as transcript:
        assert warn.came.wait(LONG)
        log.failing = None
        assert log.asked.wait(LONG)
        assert transcript.flush(LONG)
    assert on_disk(tmp_path) == log.files()
    assert len(warn) == 1
    assert "The disk is away." in warn[0]


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file may grow beyond a size, in bytes: a write that would is cut there, the next one fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [1, 30, 45, 200])
def test_a_disk_that_is_full_in_the_middle_of_a_line_is_survived(tmp_path: Path, room: int) -> None:
    log, warn = Log(), Warnings()
    with running(tmp_path, log, warn) as transcript:
        transcript.note([log.post("hello")])
        assert transcript.flush(LONG)
        path = tmp_path / "logs/garden/2026-11-22.log"
        with largest_file(path.stat().st_size + room):
            for _ in range(3):
                transcript.note([log.post("two"), log.post("three"), log.post("four, with a longer text")])
                whole = transcript.flush(LONG)
            assert not whole
        assert len(warn) == 1
        assert transcript.flush(LONG)
        assert on_disk(tmp_path) == log.files()


def test_noting_never_waits_and_holds_a_bounded_amount(tmp_path: Path) -> None:
    log = Log("garden", "kitchen")
    text = "x" * (module.HELD // 10)
    with running(tmp_path, log) as transcript:
        transcript.note([log.post("garden is followed from now on")])
        assert transcript.flush(LONG)
        log.pages.clear()
        log.asked.clear()
        log.answering.clear()
        transcript.note([log.post("soup?", room=2)])
        assert log.asked.wait(LONG)
        before = on_disk(tmp_path)
        for _ in range(15):
            transcript.note([log.post(text)])
        assert on_disk(tmp_path) == before
        assert log.pages == [2]
        log.answering.set()
        assert transcript.flush(LONG)
        assert 1 in log.pages, "What was over the bound was not read from the log, so it was held."
    assert on_disk(tmp_path) == log.files()


def test_a_stop_does_not_wait_longer_than_it_was_told(tmp_path: Path) -> None:
    log = Log()
    log.answering.clear()
    transcript = new(tmp_path, log)
    transcript.start()
    transcript.note([log.post("hello")])
    assert log.asked.wait(LONG)
    assert not transcript.stop(0.01)
    log.answering.set()
    transcript.stop(LONG)
    assert restarted(tmp_path, log) == log.files()


HOSTILE = [
    "../../etc",
    "/etc/passwd",
    "..",
    ".",
    "",
    "x" * 300,
    "ü" * 300,
    "two\nlines",
    "nul\0",
    "con",
    "a/b",
    "#1",
]


def test_no_rooms_name_leads_out_of_the_logs(tmp_path: Path) -> None:
    data = tmp_path / "data"
    log = Log(*HOSTILE)
    with running(data, log) as transcript:
        transcript.note([log.post(f"in {name!r}", room=room) for room, name in enumerate(log.names, 1)])
        assert transcript.flush(LONG)
    assert len(log.files()) == len(HOSTILE)
    assert on_disk(data) == log.files()
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert [path.name for path in data.iterdir()] == ["logs"]
    assert restarted(data, log) == log.files()


def test_no_text_forges_a_line(tmp_path: Path) -> None:
    log = Log("garden\n2026-11-22T12:00:00.001Z #1 <ann> forged")
    forged = "2026-11-22T12:00:00.001Z #2 <ann> forged"
    for text in (
        f"x\n{forged}\n",
        f"\r{forged}",
        f"\u2028{forged}",
        f"\x85{forged}",
        "\x1b[2K\r",
        f"\\n{forged}",
    ):
        log.post(text, by=f"bo\n{forged}")
    with running(tmp_path, log) as transcript:
        assert transcript.flush(LONG)
    (data,) = on_disk(tmp_path).values()
    found = [read_line(each) for each in data.decode().splitlines(keepends=True)[1:]]
    assert [(each.seq, each.by, text_of(each)) for each in found if each] == [
        (event.seq, event.by, text_of(event)) for event in log.events[1]
    ]
    assert len(found) == len(log.events[1])


def open_now() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_open_files_are_limited(tmp_path: Path) -> None:
    log = Log(*(f"room{number}" for number in range(20)))
    before = open_now()
    with running(tmp_path, log, open_files=3) as transcript:
        for _ in range(3):
            transcript.note([log.post("hello", room=room) for room in log.events])
            assert transcript.flush(LONG)
            assert open_now() <= before + 3
    assert open_now() == before
    assert on_disk(tmp_path) == log.files()


def test_rooms_beyond_those_remembered_are_read_from_their_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KNOWN", 2)
    log = Log("garden", "kitchen", "attic", "cellar")
    with running(tmp_path, log) as transcript:
        for _ in range(4):
            transcript.note([log.post("hello", room=room) for room in log.events])
            assert transcript.flush(LONG)
    assert on_disk(tmp_path) == log.files()
