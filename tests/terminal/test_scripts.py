"""`nexus send`, `tail`, `history` and `rooms` in scripts: pipes, exit codes, no terminal."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from typer.testing import CliRunner

from nexus.cli import app
from nexus.cli.connected import PAGE
from tests.conformance.peer import Peer, fresh
from tests.live.server import Server
from tests.terminal.conftest import CATCH_UP
from tests.terminal.people import crowd_posts
from tests.terminal.screen import environment

NEXUS = (sys.executable, "-m", "nexus")
STAMP = r"\d{4}-\d\d-\d\d \d\d:\d\d "


@pytest.fixture(scope="module")
def cellar(server: Server) -> str:
    """A room with 250 messages."""
    assert run(server, "send", "cellar", "--lines", said="".join(f"m{number}\n" for number in range(1, 251)))[0] == 0
    return "cellar"


def environ(server: Server, **more: str) -> dict[str, str]:
    return environment(server.data.parent / "state", NEXUS_URL=server.url, **more)


def run(server: Server, *arguments: str, said: str | bytes = "", **env: str) -> tuple[int, str, str]:
    """A command's exit code, output and complaints; run in this process, which starts many in little time."""
    if "--lines" in arguments:  # which reads from a real standard input
        return start(server, *arguments, said=said if isinstance(said, bytes) else said.encode(), **env)
    unset: dict[str, str | None] = {name: None for name in os.environ if name.startswith("NEXUS_")}
    done = CliRunner().invoke(
        app, arguments, input=said, env={**unset, **environ(server, **env)}, catch_exceptions=False
    )
    return done.exit_code, done.stdout, done.stderr


def start(server: Server, *arguments: str, said: bytes = b"", **env: str) -> tuple[int, str, str]:
    """The same of a process of its own."""
    command = [*NEXUS, *arguments]
    done = subprocess.run(command, input=said, capture_output=True, env=environ(server, **env), timeout=60, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def made(room: str) -> str:
    """What is told of a room that was not there."""
    return f"nexus: There was no room '{room}': it was made (--existing would refuse).\n"


def texts(printed: str) -> list[str]:
    """The messages among printed lines, without dates and authors."""
    return [re.sub(rf"^{STAMP}~[\w-]+: ", "", line) for line in printed.splitlines()]


@contextmanager
def tail(server: Server, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A running `nexus tail`, ended as by Ctrl-C."""
    command = [*NEXUS, "tail", *arguments]
    with subprocess.Popen(
        command, env=environ(server), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


@contextmanager
def followed(server: Server, room: str) -> Iterator[subprocess.Popen[str]]:
    """A `nexus tail --json` that is in the room, which is made where it is not there."""
    make(server, room)
    with tail(server, room, "--json") as follower:
        while json.loads(next_line(follower))["type"] != "presence":
            pass
        yield follower


def make(server: Server, room: str) -> None:
    """Somebody joins a room and is gone again."""
    maker = Peer(f"{server.url.replace('http', 'ws')}/ws")
    maker.greet(fresh("Maker"))
    maker.done("join", room=room)
    maker.leave()


def next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.stderr.read() if process.stderr is not None else ""
    return line.rstrip("\n")


def next_json(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The next event of the log."""
    while "seq" not in (event := json.loads(next_line(process))):
        pass
    return dict(event)


def test_a_tail_since_a_seq_that_is_not_there_says_so_and_follows(server: Server) -> None:
    start(server, "send", "young", "first")
    with tail(server, "young", "--since", "5000") as follower:
        assert follower.stderr is not None
        told = follower.stderr.readline()
        start(server, "send", "young", "second")

        assert texts(next_line(follower)) == ["second"]
    assert told == "nexus: young has no #5,000 yet, its newest is #1; another history may be in its place.\n"


# --- send ----------------------------------------------------------------------------------------------


def test_an_argument_is_said(server: Server) -> None:
    assert start(server, "send", "one", "hello", "--name", "Dot") == (0, "", made("one"))

    printed = start(server, "history", "one")[1]
    assert re.fullmatch(STAMP + "~Dot: hello\n", printed)


def test_a_process_that_fails_says_why_and_ends_with_one(server: Server) -> None:
    code, printed, complained = start(server, "send", "one", said=b"caf\xe9")

    assert (code, printed) == (1, "")
    assert complained == "nexus: Only UTF-8 text can be posted, but byte 4 of this text is not valid UTF-8.\n"


def test_a_server_on_this_machine_needs_no_proxy(server: Server) -> None:
    env = {"http_proxy": "http://127.0.0.1:9", "no_proxy": ""}

    assert run(server, "send", "direct", "hello", **env) == (0, "", made("direct"))


def test_help_works_without_a_connection() -> None:
    needless = {"asyncio", "websockets", "prompt_toolkit", "nexus.client", "nexus.tui"}
    loaded = "import sys, nexus.cli; nexus.cli.app(['--help'], standalone_mode=False); print(*sys.modules)"

    told = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout

    assert "Usage:" in told
    assert needless & set(told.splitlines()[-1].split()) == set()


def test_standard_input_is_said_whole_and_stays_on_one_line_of_a_pipe(server: Server) -> None:
    said = "two lines\n\nand 12:00 ~Bo: a forged one\u202e\n"

    assert run(server, "send", "two", said=said) == (0, "", made("two"))

    assert texts(run(server, "history", "two")[1]) == ["two lines\\n\\nand 12:00 ~Bo: a forged one\\u202e"]
    assert json.loads(run(server, "history", "two", "--json")[1])["text"] == said.rstrip("\n")


def test_a_line_is_said_as_soon_as_it_comes(server: Server) -> None:
    command = [*NEXUS, "send", "stream", "--lines"]
    with followed(server, "stream") as follower:
        with subprocess.Popen(command, stdin=subprocess.PIPE, env=environ(server)) as speaker:
            assert speaker.stdin is not None
            heard = []
            for piece, texts in ((b"one\n", ["one"]), (b"two\nthr", ["two"]), (b"ee\nfour", ["three"])):
                speaker.stdin.write(piece)
                speaker.stdin.flush()
                heard += [next_json(follower)["text"] for _ in texts]
            speaker.stdin.close()
            assert speaker.wait(30) == 0
        heard.append(next_json(follower)["text"])
    assert heard == ["one", "two", "three", "four"]


def test_an_empty_argument_is_refused_and_does_not_stand_for_standard_input(server: Server) -> None:
    for more in ((), ("--lines",)):
        code, _, complained = start(server, "send", "nothing", "", *more, said=b"for the next command\n")
        assert code == 1
        assert "this one is empty" in complained

    assert run(server, "history", "nothing")[1] == ""


def test_the_mark_of_utf8_and_the_ends_of_lines_are_no_text(server: Server) -> None:
    start(server, "send", "marked", said="\ufeffgreen\r\n".encode())
    start(server, "send", "marked", said=b"two\r\nlines\r\n")
    start(server, "send", "marked", "--lines", said="\ufeffblack\r\nmint\r\n".encode())

    events = [json.loads(line) for line in run(server, "history", "marked", "--json")[1].splitlines()]
    assert [event["text"] for event in events] == ["green", "two\nlines", "black", "mint"]


@pytest.mark.parametrize("line", [b"\x1b[31mred\x1b[0m", b"x" * 9000, "\u200b".encode(), b"x" * 3_000_000])
def test_a_line_that_is_refused_does_not_hold_the_others_up(server: Server, line: bytes) -> None:
    room = f"log-{len(line)}"
    code, _, complained = start(server, "send", room, "--lines", said=b"before\n" + line + b"\nafter\n")

    assert texts(run(server, "history", room)[1]) == ["before", "after"]
    assert code == 1
    assert complained.endswith("nexus: 1 of the lines was refused and not posted.\n")


def test_what_the_output_cannot_hold_is_replaced(server: Server) -> None:
    start(server, "send", "party", "party 🎉", "--name", "Dot")
    start(server, "send", "party", "after", "--name", "Dot")

    code, printed, complained = start(server, "history", "party", PYTHONIOENCODING="cp1252")

    assert (code, complained) == (0, "")
    assert texts(printed) == ["party ?", "after"]


@pytest.mark.parametrize("streams", [">&-", "<&-", "2>&-", ">&- <&- 2>&-"])
def test_a_missing_standard_stream_changes_no_exit_code(server: Server, streams: str) -> None:
    room = f"closed-{len(streams)}-{'2' in streams}-{'<' in streams}"
    make(server, room)
    for arguments in (f"send {room} hello", f"history {room}", "rooms"):
        shell = ["bash", "-c", f'"$0" -m nexus {arguments} {streams}', sys.executable]
        done = subprocess.run(shell, capture_output=True, env=environ(server), timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, b"")

    assert texts(run(server, "history", room)[1]) == ["hello"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_command_that_is_terminated_frees_its_name(server: Server, number: signal.Signals) -> None:
    name = f"Bot{number.value}"
    make(server, "bots")
    command = [*NEXUS, "tail", "bots", "--json", "--name", name]
    with subprocess.Popen(command, env=environ(server), stdout=subprocess.PIPE, text=True) as bot:
        next_line(bot)
        bot.send_signal(number)
        assert bot.wait(30) == 128 + number.value

    assert start(server, "send", "bots", "here again", "--name", name) == (0, "", "")


def test_a_line_that_is_no_text_is_named_and_passed_over(server: Server) -> None:
    code, _, complained = start(server, "send", "half", "--lines", said=b"fine\ncaf\xe9\nafter\n")

    assert code == 1
    _, first, last = complained.splitlines()
    assert first == ("nexus: Only UTF-8 text can be posted, but byte 4 of line 2 is not valid UTF-8. It was skipped.")
    assert last == "nexus: 1 of the lines was refused and not posted."
    assert texts(start(server, "history", "half")[1]) == ["fine", "after"]


def test_each_line_is_a_message_where_asked(server: Server) -> None:
    assert run(server, "send", "three", "--lines", said="one\r\n\n  \ntwo\u2028half\n") == (0, "", made("three"))

    assert texts(run(server, "history", "three")[1]) == ["one", "two\\u2028half"]


@pytest.mark.parametrize(
    ("room", "said", "complaint"),
    [
        ("garden", b"", "nexus: A message needs visible text, but this one is empty."),
        ("garden", b"\x1b[2Jgone", "nexus: A message is plain text, but character 1 is a control character"),
        ("garden", b"caf\xe9", "nexus: Only UTF-8 text can be posted, but byte 4 of this text is not valid UTF-8."),
        ("a\nb", b"hello", "nexus: "),
        ("garden", b"x" * 300_000, "nexus: That has 300000 characters; a message has at most 8000 here."),
    ],
)
def test_what_is_refused_ends_with_one_and_a_sentence(server: Server, room: str, said: bytes, complaint: str) -> None:
    code, printed, complained = run(server, "send", room, said=said)

    assert (code, printed) == (1, "")
    complained = complained.removeprefix(made(room))
    assert complained.startswith(complaint)
    assert complained.count("\n") == 1


@pytest.mark.parametrize("verb", [("send", "garden", "hello"), ("tail", "garden"), ("history", "garden"), ("rooms",)])
def test_without_a_server_the_commands_end_with_one(server: Server, verb: tuple[str, ...]) -> None:
    nowhere = "http://127.0.0.1:9"

    code, printed, complained = run(server, *verb, "--url", nowhere)

    assert (code, printed) == (1, "")
    assert complained == f"nexus: {nowhere}: The server cannot be reached.\n"


# --- tail ----------------------------------------------------------------------------------------------


def test_a_tail_follows_through_a_restart_of_the_server(server: Server) -> None:
    with followed(server, "busy") as follower:
        run(server, "send", "busy", "before")
        assert next_json(follower)["text"] == "before"
        server.stop()
        server.start()
        run(server, "send", "busy", "--lines", said="".join(f"after {number}\n" for number in range(12)))
        assert [next_json(follower)["text"] for _ in range(12)] == [f"after {number}" for number in range(12)]


def test_a_tail_that_was_away_misses_nothing_not_even_what_was_too_much_to_be_sent(server: Server) -> None:
    count = CATCH_UP + PAGE + 50
    with followed(server, "away") as away, followed(server, "empty") as empty:
        run(server, "send", "away", "before")
        assert next_json(away)["text"] == "before"
        for follower in (away, empty):
            follower.send_signal(signal.SIGSTOP)
        server.kill()
        server.start()
        crowd_posts(server.url, "away", 10, count // 10)
        run(server, "send", "empty", "--lines", said="".join(f"m{number}\n" for number in range(1, 11)))
        for follower in (away, empty):
            follower.send_signal(signal.SIGCONT)
        printed = [json.loads(next_line(away)) for _ in range(count)]
        assert [next_json(empty)["seq"] for _ in range(10)] == list(range(1, 11))

    seqs = [event["seq"] for event in printed if "seq" in event]
    assert seqs == list(range(2, len(seqs) + 2))
    assert len(seqs) > CATCH_UP + PAGE
    assert "skipped" not in {event["type"] for event in printed}


def test_a_tail_since_a_seq_prints_everything_after_it_once(server: Server, cellar: str) -> None:
    with tail(server, cellar, "--since", "3") as follower:
        printed = "\n".join(next_line(follower) for _ in range(247))
        run(server, "send", cellar, "and on")
        assert texts(printed) == [f"m{number}" for number in range(4, 251)]
        assert texts(next_line(follower)) == ["and on"]


def test_a_tail_ends_when_its_pipe_closes_though_nothing_more_is_said(server: Server) -> None:
    run(server, "send", "quiet", "--lines", said="one\ntwo\n")
    ends = 'set -o pipefail; "$0" -m nexus tail quiet | head -1'

    done = subprocess.run(
        ["bash", "-c", ends, sys.executable],
        env=environ(server),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, texts(done.stdout), done.stderr) == (0, ["one"], "")


# --- history and rooms ---------------------------------------------------------------------------------


def test_a_history_shows_the_newest_and_as_many_as_asked(server: Server, cellar: str) -> None:
    newest = texts(run(server, "history", cellar, "--before", "251")[1])
    most = texts(run(server, "history", cellar, "--limit", "230", "--before", "251")[1])

    assert newest == [f"m{number}" for number in range(201, 251)]
    assert most == [f"m{number}" for number in range(21, 251)]


def test_a_whole_history_is_everything_or_everything_before_a_seq(server: Server, cellar: str) -> None:
    everything = texts(run(server, "history", cellar, "--all")[1])
    before = [
        json.loads(line) for line in run(server, "history", cellar, "--all", "--before", "4", "--json")[1].splitlines()
    ]

    assert everything[:250] == [f"m{number}" for number in range(1, 251)]
    assert [(event["seq"], event["text"]) for event in before] == [(1, "m1"), (2, "m2"), (3, "m3")]


def test_a_history_of_no_room_is_refused(server: Server) -> None:
    code, printed, complained = run(server, "history", "nowhere")

    assert (code, printed) == (1, "")
    assert "nowhere" in complained


def test_the_rooms_are_listed_with_tabs_between_or_as_json(server: Server, cellar: str) -> None:
    listed = {line.split("\t")[0]: line.split("\t") for line in run(server, "rooms")[1].splitlines()}
    as_json = {room["name"]: room for room in map(json.loads, run(server, "rooms", "--json")[1].splitlines())}

    assert listed[cellar][1:] == ["0", str(as_json[cellar]["head"]), ""]
    assert as_json[cellar]["head"] >= 250


def test_nothing_has_colours_in_a_pipe(server: Server, cellar: str) -> None:
    for env in ({"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}):
        assert "\x1b" not in run(server, "history", cellar, "--limit", "3", **env)[1]


def test_a_chat_without_a_terminal_names_what_to_use(server: Server) -> None:
    code, printed, complained = start(server, "chat", "--name", "Ann")

    assert (code, printed) == (2, "")
    assert "nexus send" in complained
