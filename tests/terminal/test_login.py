"""`nexus login`, and how commands explain themselves."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.peer import Peer, fresh
from tests.live.server import Server
from tests.terminal.screen import environment

SECRET = "correct horse battery"


def nexus(*words: str, state: Path, said: str = "") -> tuple[int, str, str]:
    """Run a command as somebody whose files are in a directory; exit code, output and complaints."""
    done = subprocess.run(
        [sys.executable, "-m", "nexus", *words],
        env=environment(state),
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_one_logs_in_once_for_all_commands(server: Server, tmp_path: Path) -> None:
    name = fresh("Ann")
    peer = Peer(server.ws)
    peer.greet(name)
    peer.done("register", name=name, password=SECRET)
    peer.leave()

    wrong = nexus("login", server.url, "--name", name, state=tmp_path, said="a guess\n")
    assert wrong[0] == 1
    assert "nexus: " in wrong[2]
    assert nexus("login", server.url, "--name", name, state=tmp_path, said=f"{SECRET}\n") == (
        0,
        f"You are logged in as {name}.\n",
        "",
    )
    assert nexus("send", "garden", "it is me", "--url", server.url, state=tmp_path)[0] == 0
    assert f" {name}: it is me" in nexus("history", "garden", "--url", server.url, state=tmp_path)[1]
    kept = "".join(path.read_text() for path in (tmp_path / "nexus").iterdir())
    assert SECRET not in kept


def test_a_pipe_has_to_name_the_account(server: Server, tmp_path: Path) -> None:
    assert nexus("login", server.url, state=tmp_path, said=SECRET) == (1, "", "nexus: Which account? Give --name.\n")


@pytest.mark.parametrize("words", [["-h"], ["chat", "-h"], ["user", "-h"], ["user", "list", "-h"]])
def test_a_short_option_explains_each_command(words: list[str], tmp_path: Path) -> None:
    code, told, complained = nexus(*words, state=tmp_path)

    assert (code, complained) == (0, "")
    assert told.startswith("Usage: nexus")


def test_a_shell_can_complete_the_commands(tmp_path: Path) -> None:
    assert "--install-completion" in nexus("--help", state=tmp_path)[1]
    done = subprocess.run(
        [sys.executable, "-m", "nexus"],
        env=environment(tmp_path, _NEXUS_COMPLETE="complete_bash", COMP_WORDS="nexus se", COMP_CWORD="1"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stdout.split() == ["serve", "send", "search", "sessions"]
