"""A deleted message's texts go from what was set aside too: histories that a restore replaced, and damaged lines."""

from pathlib import Path

import pytest

from nexus.protocol.events import Deleted, Edited
from tests.transcript.transcripts import DAY, LONG, NOON, Log, restarted, running


def deleted(data: Path, log: Log, *seqs: int) -> None:
    """Those messages are deleted while the transcripts are written."""
    with running(data, log) as transcript:
        assert transcript.flush(LONG)
        transcript.note([log.does(Deleted, seq, at=NOON + DAY) for seq in seqs])
        assert transcript.flush(LONG)


def all_of(folder: Path) -> str:
    """Everything that stands in the files below a folder."""
    return "".join(path.read_text() for path in sorted(folder.rglob("*.log*")))


@pytest.fixture
def replaced(tmp_path: Path) -> tuple[Path, Log]:
    """The history of the garden was replaced by an older one: the first message is in both."""
    log = Log()
    log.post("secret in both")
    log.post("lost secret")
    log.does(Edited, 1, "secret, edited", at=NOON + DAY)
    restarted(tmp_path, log)
    del log.events[1][1:]
    log.events[1].clear()
    log.post("secret in both")
    log.post("another second", at=NOON + 5000)
    restarted(tmp_path, log)
    assert (tmp_path / "logs/garden.replaced-1").is_dir()
    return tmp_path, log


def test_what_was_deleted_is_gone_from_the_history_that_was_replaced(replaced: tuple[Path, Log]) -> None:
    data, log = replaced

    deleted(data, log, 1)

    assert "secret in both" not in all_of(data)
    assert "secret, edited" not in all_of(data)
    assert "lost secret" in all_of(data / "logs/garden.replaced-1"), "Another message, which nobody deleted."


def test_another_message_of_that_number_stays(replaced: tuple[Path, Log]) -> None:
    data, log = replaced

    deleted(data, log, 2)

    assert "another second" not in all_of(data)
    assert "lost secret" in all_of(data / "logs/garden.replaced-1")


def test_a_room_whose_name_begins_alike_is_left_alone(tmp_path: Path) -> None:
    log = Log()
    log.post("secret")
    restarted(tmp_path, log)
    other = tmp_path / "logs/gardens.replaced-1"
    other.mkdir()
    (other / "2026-11-22.log").write_bytes((tmp_path / "logs/garden/2026-11-22.log").read_bytes())

    deleted(tmp_path, log, 1)

    assert "secret" in all_of(other)


def test_damaged_lines_of_a_deleted_message_go(tmp_path: Path) -> None:
    log = Log()
    log.post("hello")
    log.post("secret")
    restarted(tmp_path, log)
    path = tmp_path / "logs/garden/2026-11-22.log"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]) + b"\0\0\n" + lines[2])
    restarted(tmp_path, log)
    damaged = Path(f"{path}.damaged")
    assert b"secret" in damaged.read_bytes()

    deleted(tmp_path, log, 2)

    assert damaged.read_bytes() == b"\0\0\n"
    assert "secret" not in all_of(tmp_path)
