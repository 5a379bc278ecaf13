"""`make run` hands the terminal to the server: Ctrl-C is for it, and what it answers is make's answer."""

import shlex
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tests.house.sources import ROOT

FOREGROUND = ROOT / "scripts" / "foreground.py"

SERVER = """
import signal, sys

signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # one that comes before the wait is waited for too
print("ready", flush=True)
signal.sigwait([signal.SIGINT])
print("stopped", flush=True)
sys.exit(int(sys.argv[1]))
"""


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """A directory with a command that stops at Ctrl-C, with the status given, and a Makefile that runs it."""
    (tmp_path / "server.py").write_text(SERVER)
    command = shlex.join([sys.executable, str(FOREGROUND), sys.executable, "server.py"])
    (tmp_path / "Makefile").write_text(f"well:\n\t@{command} 0\n\nbadly:\n\t@{command} 3\n")
    return tmp_path


def press_ctrl_c(server: Path, target: str) -> tuple[int | None, str]:
    """Make a target in a terminal and press Ctrl-C when it runs; its exit status and what it said last."""
    child = pexpect.spawn("make", ["-C", str(server), "--no-print-directory", target], encoding="utf-8", timeout=60)
    child.expect("ready")
    child.sendcontrol("c")
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, child.before


def test_ctrl_c_stops_the_command_and_make_ends_well(server: Path) -> None:
    status, said = press_ctrl_c(server, "well")

    assert status == 0, said
    assert "stopped" in said
    assert "***" not in said


def test_a_command_that_stops_badly_makes_make_fail(server: Path) -> None:
    status, said = press_ctrl_c(server, "badly")

    assert status == 2
    assert "Error 3" in said


def test_without_a_terminal_there_is_nothing_in_between() -> None:
    words = [sys.executable, str(FOREGROUND), sys.executable, "-c", "import os; print(os.getpid())"]
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        said, _ = process.communicate()

    assert int(said) == process.pid
