"""`nexus chat` and the commands for scripts, where older messages have expired."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import nexus
from tests.conformance.peer import Peer, fresh
from tests.live.server import Server
from tests.terminal.screen import Person
from tests.torture.clock import going_by, turn

DAY = 86_400.0


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Server]:
    """A server that keeps messages for a day, on which something was said three days ago."""
    clock = tmp_path / "clock"
    turn(clock, 0)
    server = Server(tmp_path / "data", env={"NEXUS_HISTORY_KEEP": "1"})
    server.under = going_by(clock)
    with server:
        dot = Peer(server.ws)
        dot.greet(fresh("Dot"))
        dot.done("join", room="garden")
        for number in range(3):
            dot.post("garden", f"ancient {number}")
        dot.leave()
        turn(clock, 3 * DAY)
        server.stop()
        server.start()
        yield server


def test_the_terminal_says_that_there_was_more(old: Server, tmp_path: Path) -> None:
    with Person(old.url, "Ann", tmp_path, "--room", "garden") as ann:
        ann.sees("Type and press Enter.")
        ann.say("new")
        ann.sees("Ann: new")
        ann.say("/history")
        ann.sees("Older messages have expired.")
        ann.until(lambda: ann.count("~Ann: new") == 2)
        assert "ancient" not in ann.everything


def test_a_script_gets_what_is_left(old: Server, tmp_path: Path) -> None:
    said = nexus("send", "garden", "new", "--url", old.url, cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    read = nexus("history", "garden", "--all", "--url", old.url, cwd=tmp_path)
    assert read.returncode == 0, read.stderr
    assert ("new" in read.stdout, "ancient" in read.stdout) == (True, False)
