"""Two servers cannot share a data directory."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from socket import gethostname

import pytest

from nexus.store import StoreError
from nexus.store.lock import Held, hold

OTHER = """
import sys
from pathlib import Path
from nexus.store.lock import hold
lock = hold(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def other_process(directory: Path) -> Iterator[subprocess.Popen[str]]:
    """A second process that holds the directory until its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_directory_held_by_another_process_is_refused_with_its_holder(tmp_path: Path) -> None:
    with other_process(tmp_path) as other:
        with pytest.raises(Held) as refused:
            hold(tmp_path)
        message = str(refused.value)
        assert f"process {other.pid} on {gethostname()}, since 20" in message
        assert str(tmp_path) in message
        assert "Stop that server" in message


def test_a_symlink_leads_to_the_same_lock(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to("data")
    with other_process(tmp_path / "data"), pytest.raises(Held):
        hold(tmp_path / "link")


def test_the_lock_is_free_when_its_holder_was_killed(tmp_path: Path) -> None:
    with other_process(tmp_path) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        hold(tmp_path).close()


def test_a_lock_is_held_once_in_a_process_too_and_until_it_is_closed(tmp_path: Path) -> None:
    with hold(tmp_path) as lock:
        with pytest.raises(Held, match=f"process {os.getpid()} "):
            hold(tmp_path)
        lock.close()
        hold(tmp_path).close()
    lock.close()


def test_a_lock_without_its_owners_pid_is_refused_too(tmp_path: Path) -> None:
    with hold(tmp_path):
        (tmp_path / "lock").write_text("")
        with pytest.raises(Held, match="in use by another process"):
            hold(tmp_path)


def test_the_directory_is_made_and_nobody_else_may_look_in(tmp_path: Path) -> None:
    directory = tmp_path / "deep" / "data"
    with hold(directory):
        assert directory.stat().st_mode & 0o777 == 0o700
        assert (directory / "lock").stat().st_mode & 0o077 == 0
        pid, host, since = (directory / "lock").read_text().split()
        assert (int(pid), host) == (os.getpid(), gethostname())
        assert datetime.fromisoformat(since).tzinfo is not None


def test_the_text_of_a_longer_holder_is_gone(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("1234567890\n" * 50)
    with hold(tmp_path):
        assert len((tmp_path / "lock").read_text().splitlines()) == 3


def test_a_directory_that_cannot_be_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be used"):
        hold(tmp_path / "file" / "data")
