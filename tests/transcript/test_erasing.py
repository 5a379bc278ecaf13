"""A deleted message's texts go from the transcript, whatever happens on the way; its lines stay, and say so."""

import os
from pathlib import Path

import pytest

from nexus.protocol.events import Deleted, Edited, Pinned, Reacted
from nexus.transcript import erasing
from tests.transcript.transcripts import DAY, LONG, NOON, Log, on_disk, restarted, running


def lines(data: Path, day: int = 22) -> list[str]:
    """The lines of a day in the garden, from their seqs on."""
    text = (data / f"logs/garden/2026-11-{day}.log").read_text()
    return [line.partition(" ")[2] for line in text.splitlines()[1:]]


def test_changes_to_messages_have_lines_of_their_own(tmp_path: Path) -> None:
    log = Log()
    with running(tmp_path, log) as transcript:
        transcript.note([log.post("helo")])
        assert transcript.flush(LONG)
        transcript.note([log.does(Edited, 1, "hello"), log.does(Reacted, 1, "\U0001f44d")])
        transcript.note([log.does(Pinned, 1)])
        assert transcript.flush(LONG)
    assert lines(tmp_path) == [
        "#1 <bo> helo",
        "#2 * bo edited #1: hello",
        "#3 * bo reacted to #1: \U0001f44d",
        "#4 * bo pinned #1",
    ]


def test_the_lines_of_a_deleted_message_stay_without_its_texts(tmp_path: Path) -> None:
    log = Log()
    with running(tmp_path, log) as transcript:
        transcript.note([log.post("helo"), log.post("another"), log.does(Edited, 1, "hello")])
        assert transcript.flush(LONG)
        transcript.note([log.does(Edited, 1, "hello, all", at=NOON + DAY), log.post("next day", at=NOON + DAY)])
        assert transcript.flush(LONG)
        transcript.note([log.does(Deleted, 1, at=NOON + DAY)])
        transcript.note([log.post("and on", at=NOON + DAY)])
        assert transcript.flush(LONG)
        transcript.note([log.post("appended to the new file", at=NOON + DAY)])
        assert transcript.flush(LONG)
    assert lines(tmp_path) == ["#1 * bo posted a message that was deleted", "#2 <bo> another", "#3 * bo edited #1"]
    assert lines(tmp_path, 23)[:4] == ["#4 * bo edited #1", "#5 <bo> next day", "#6 * bo deleted #1", "#7 <bo> and on"]
    assert on_disk(tmp_path) == log.files()
    assert restarted(tmp_path, log) == log.files()


def test_a_message_that_is_deleted_before_it_was_written_is_never_written(tmp_path: Path) -> None:
    log = Log()
    with running(tmp_path, log) as transcript:
        transcript.note([log.post("known")])
        assert transcript.flush(LONG)
        posted, edited = log.post("helo"), log.does(Edited, 2, "hello")
        transcript.note([posted, edited, log.does(Deleted, 2), log.does(Deleted, 1)])
        assert transcript.flush(LONG)
    assert on_disk(tmp_path) == log.files()
    assert "known" not in "".join(lines(tmp_path))


def test_no_text_passes_for_the_line_of_a_deleted_one(tmp_path: Path) -> None:
    log = Log()
    with running(tmp_path, log) as transcript:
        transcript.note(
            [log.post("secret"), log.post("* bo edited #1: x"), log.post("#1 <bo> x"), log.post("(to #1) x")]
        )
        assert transcript.flush(LONG)
        transcript.note([log.does(Deleted, 1)])
        assert transcript.flush(LONG)
    assert on_disk(tmp_path) == log.files()
    assert lines(tmp_path)[1:4] == ["#2 <bo> * bo edited #1: x", "#3 <bo> #1 <bo> x", r"#4 <bo> \x28to #1) x"]


def test_a_deletion_that_a_crash_kept_from_the_transcript_is_completed(tmp_path: Path) -> None:
    log = Log()
    log.post("secret")
    log.does(Edited, 1, "secret, edited")
    log.post("tomorrow", at=NOON + DAY)
    restarted(tmp_path, log)
    assert "secret" in "".join(lines(tmp_path))
    log.does(Deleted, 1, at=NOON + DAY)
    assert restarted(tmp_path, log) == log.files()
    assert "secret" not in "".join(lines(tmp_path))


@pytest.mark.parametrize(("where", "what"), [(os, "fsync"), (Path, "replace")])
def test_a_file_that_could_not_be_rewritten_is_rewritten_once_it_can_be(
    tmp_path: Path, where: object, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log()
    log.post("secret")
    log.post("kept")
    restarted(tmp_path, log)

    def fail(*_: object) -> None:
        raise OSError("The disk fails.")

    with monkeypatch.context() as patch, running(tmp_path, log) as transcript:
        assert transcript.flush(LONG)
        patch.setattr(where, what, fail)
        transcript.note([log.does(Deleted, 1), log.post("later")])
        assert not transcript.flush(LONG)
        assert lines(tmp_path) == ["#1 <bo> secret", "#2 <bo> kept"], "Nothing is told before it is done."
    left = tmp_path / "logs/garden" / f"2026-11-22.log{erasing.FRESH}"
    left.write_text("what a crash left")
    assert restarted(tmp_path, log) == log.files()


def test_a_message_whose_file_is_gone_is_no_trouble(tmp_path: Path) -> None:
    log = Log()
    log.post("secret")
    log.does(Edited, 1, "secret, edited", at=NOON + DAY)
    restarted(tmp_path, log)
    (tmp_path / "logs/garden/2026-11-22.log").unlink()
    with running(tmp_path, log) as transcript:
        transcript.note([log.does(Deleted, 1, at=NOON + DAY)])
        assert transcript.flush(LONG)
    assert lines(tmp_path, 23) == ["#2 * bo edited #1", "#3 * bo deleted #1"]
