"""Keys at odd moments, a disk that takes nothing, a terminal that knows nothing, and bots, in the terminal."""

import sys
from pathlib import Path

import pexpect

from nexus.cli.chat import suggested_name
from tests.conformance.peer import fresh
from tests.live.server import Server
from tests.terminal.screen import CONTROL_D, PATIENCE, Person, environment
from tests.terminal.test_private import READY, registers

CONTROL_C, CONTROL_Z = "\x03", "\x1a"


def test_who_does_not_answer_stays_and_who_cannot_keep_a_login_is_told(
    server: Server, room: str, tmp_path: Path
) -> None:
    """Directories are where files would be, so that neither her login nor the lines she types can be kept."""
    for file in ("history", "logins.new"):
        (tmp_path / "nexus" / file).mkdir(parents=True)
    name, dot = fresh("Ann"), fresh("Dot")
    with Person(server.url, name, tmp_path, "--room", room) as ann:
        ann.sees(READY)
        for count, key in enumerate((CONTROL_C, CONTROL_D), 1):
            ann.say("/login")
            ann.until(lambda: ann.asks(f"Password of {name}:"))
            ann.type(key)
            ann.until(lambda at=count: ann.count("! You were asked and did not answer") == at)  # type: ignore[misc]
            ann.until(lambda: ann.asks(f"[{room}]"))
        registers(ann)
        ann.sees("It ends when you leave: it cannot be kept (Is a directory).")

        for typed, shown in (
            ("/bots", "You have no bots; /bot NAME makes one."),
            (f"/bot {dot}", "its token, which is shown this once:"),
            (f"/bot {dot.lower()}", f"/bot {dot.lower()} yes makes another token."),
            ("/bots", f"Your bots: {dot}."),
            (f"/unbot {dot}", f"{dot} is gone; what it said stays."),
            (f"/unbot {dot}", f"! You have no bot '{dot}'"),
            (r"/topic C:\tea", r"set the topic: C:\tea"),
            (f"/mute {room} mentions", f"{room} notifies you about mentions."),
            ("/mute no such room", "! Which room, and what should it notify you about?"),
        ):
            ann.say(typed)
            ann.sees(shown)


def test_a_terminal_that_knows_no_escapes_gets_none_and_shows_no_password(
    server: Server, room: str, tmp_path: Path
) -> None:
    with Person(server.url, "Ann32", tmp_path, "--room", room, TERM="dumb", COLUMNS="20") as ann:
        ann.sees(READY)
        ann.say("/login Nobody")
        ann.sees("Password of Nobody:")
        ann.say("open sesame")
        ann.sees("! Wrong name or password.")
        ann.say("hello from 1978")
        ann.sees("~Ann32: hello from 1978")
        ann.type(CONTROL_D)
        assert ann.ends() == 0
    assert "\x1b" not in ann.raw
    assert "sesame" not in ann.raw


def test_the_question_for_a_name_can_be_suspended(server: Server, tmp_path: Path) -> None:
    env = environment(tmp_path, PS1="$ ")
    with pexpect.spawn("bash", ["--norc", "-i"], env=env, timeout=PATIENCE, encoding="utf-8") as terminal:
        terminal.sendline(f"{sys.executable} -m nexus chat {server.url}")
        terminal.expect_exact("Your name: ")
        terminal.expect_exact(suggested_name())
        terminal.send(CONTROL_Z)
        terminal.expect_exact("Stopped")
        terminal.sendline("kill %1")


def test_the_question_for_a_password_can_be_left(server: Server, tmp_path: Path) -> None:
    command = ["-m", "nexus", "login", server.url, "--name", "Ann"]
    with pexpect.spawn(sys.executable, command, env=environment(tmp_path), timeout=PATIENCE) as login:
        login.expect_exact("Password of Ann:")
        login.send(CONTROL_C)
        login.expect(pexpect.EOF)
        assert login.wait() == 130
