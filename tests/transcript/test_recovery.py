"""Transcripts after a crash, damage or a changed database: they become the log, each line once, in order."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexus.transcript import writer as module
from tests.transcript.transcripts import DAY, LONG, NOON, Log, new, restarted


def test_a_start_completes_what_was_stored_and_never_noted(tmp_path: Path) -> None:
    log = Log("garden", "kitchen", "empty")
    for number in range(module.PAGE * 2 + 7):
        log.post(f"message {number}")
    log.post("soup?", room=2)
    assert restarted(tmp_path, log) == log.files()
    log.post("more")
    assert restarted(tmp_path, log) == log.files()
    assert restarted(tmp_path, log) == log.files()


def test_a_file_cut_at_any_byte_is_completed(tmp_path: Path) -> None:
    log = Log()
    log.post("yesterday")
    log.post("ü, ✓ and \n a second line", at=NOON + DAY)
    log.post("the last", at=NOON + DAY)
    whole = restarted(tmp_path, log)
    assert whole == log.files()
    path = tmp_path / "logs/garden/2026-11-23.log"
    size = path.stat().st_size
    for kept in range(size):
        os.truncate(path, kept)
        assert restarted(tmp_path, log) == whole, f"cut after {kept} of {size} bytes"


@pytest.mark.parametrize(
    "damage",
    [
        b"\0\0\0\0\n",
        b"2026-11-22T12:00:00.003Z #3 <bo> \xff\n",
        b"2026-11-22T12:00:00.009Z #9 <bo> not the next\n",
        b"2026-11-22T12:00:00.002Z #2 <bo> again\n",
        b"a note by hand\n2026-11-22T12:00:00.003Z #3 <bo> ",
        b"x" * 100_000 + b"\n",
    ],
)
def test_what_cannot_be_read_at_the_end_is_copied_aside(tmp_path: Path, damage: bytes) -> None:
    log = Log()
    log.post("hello")
    log.post("hi")
    path = tmp_path / "logs/garden/2026-11-22.log"
    restarted(tmp_path, log)
    with path.open("ab") as file:
        file.write(damage)
    log.post("after the damage")
    assert restarted(tmp_path, log) == log.files() | {"garden/2026-11-22.log.damaged": damage}


def test_a_file_with_nothing_to_read_is_written_again(tmp_path: Path) -> None:
    log = Log()
    log.post("hello")
    log.post("tomorrow", at=NOON + DAY)
    restarted(tmp_path, log)
    path = tmp_path / "logs/garden/2026-11-23.log"
    path.write_bytes(b"\0" * 70_000 + b"\n")
    damaged = {"garden/2026-11-23.log.damaged": path.read_bytes()}
    assert restarted(tmp_path, log) == log.files() | damaged


def test_a_line_longer_than_the_window_is_found(tmp_path: Path) -> None:
    log = Log()
    log.post("\u2028" * 200_000)
    assert restarted(tmp_path, log) == log.files()
    log.post("short")
    assert restarted(tmp_path, log) == log.files()


def test_deleted_files_are_written_again(tmp_path: Path) -> None:
    log = Log()
    log.post("hello")
    log.post("tomorrow", at=NOON + DAY)
    restarted(tmp_path, log)
    for path in (tmp_path / "logs/garden").iterdir():
        path.unlink()
    assert restarted(tmp_path, log) == log.files()


def test_a_restored_database_is_distinguished_from_the_one_that_was_written(tmp_path: Path) -> None:
    log = Log()
    for text in ("kept", "lost", "lost too"):
        log.post(text)
    old = restarted(tmp_path, log)["garden/2026-11-22.log"]
    del log.events[1][1:]
    aside = {"garden.replaced-1/2026-11-22.log": old}
    assert restarted(tmp_path, log) == log.files() | aside

    older = log.files()["garden/2026-11-22.log"]
    log.events[1].clear()
    log.post("another first", at=NOON + 5000)
    aside["garden.replaced-2/2026-11-22.log"] = older
    assert restarted(tmp_path, log) == log.files() | aside


STEP = st.tuples(
    st.sampled_from(["note", "note", "lose", "repeat", "flush", "cut", "delete", "restart"]),
    st.integers(0, 200),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(STEP, max_size=15))
def test_whatever_is_lost_repeated_cut_or_deleted_the_files_become_the_log(
    steps: list[tuple[str, int]],
) -> None:
    log = Log("garden", "kitchen")
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory)
        transcript = new(data, log)
        transcript.start()
        for step, number in steps:
            room = 1 + number % 2
            at = NOON + len(log.events[room]) // 3 * DAY
            match step:
                case "note":
                    transcript.note([log.post("a\nb" * number, room=room, at=at)])
                case "lose":
                    log.post("lost", room=room, at=at)
                case "repeat":
                    transcript.note(log.records(room)[-3:])
                case "flush":
                    assert transcript.flush(LONG)
                case _:
                    assert transcript.stop(LONG)
                    _spoil(data, step, number)
                    transcript = new(data, log)
                    transcript.start()
        transcript.stop(LONG)
        assert restarted(data, log) == log.files()


def _spoil(data: Path, how: str, number: int) -> None:
    """Do to a room's newest file what a crash or a person does."""
    for place in (data / "logs").glob("*"):
        newest = max(place.glob("*.log"))
        if how == "cut":
            os.truncate(newest, max(0, newest.stat().st_size - number))
        elif how == "delete":
            newest.unlink()
