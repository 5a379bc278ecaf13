"""The commands for scripts that answer, ask for an existing room, and find what was said."""

import json
import subprocess
import sys

from tests.live.server import Server
from tests.terminal.test_scripts import environ, made, make, run, texts


def test_a_reply_is_posted_and_what_was_stored_is_told(server: Server) -> None:
    first = json.loads(run(server, "send", "asked", "Who brings cake?", "--json")[1])
    second = json.loads(run(server, "send", "asked", "I do", "--reply-to", str(first["seq"]), "--json")[1])

    assert (first["room"], second["seq"]) == ("asked", first["seq"] + 1)
    said = [json.loads(line) for line in run(server, "history", "asked", "--json")[1].splitlines()]
    assert [one.get("reply_to") for one in said] == [None, first["seq"]]
    assert said[1]["at"] == second["at"]
    code, _, complained = run(server, "send", "asked", "to nothing", "--reply-to", "99")
    assert code == 1
    assert "99" in complained


def test_only_a_room_that_is_there_is_spoken_in_where_asked(server: Server) -> None:
    code, _, complained = run(server, "send", "mispelled", "hello", "--existing")

    assert code == 1
    assert "mispelled" in complained
    assert "mispelled" not in run(server, "rooms")[1]
    assert run(server, "send", "spelled", "hello") == (0, "", made("spelled"))
    assert run(server, "send", "spelled", "hello again", "--existing")[0] == 0


def test_what_was_said_is_found_the_newest_first(server: Server) -> None:
    for text in ("the first marmot", "no rodent", "the second marmot"):
        run(server, "send", "burrow", text, "--name", "Dot")
    run(server, "send", "meadow", "a marmot elsewhere")

    found = run(server, "search", "marmot")[1].splitlines()
    assert [line.partition(": ")[2] for line in found] == [
        "a marmot elsewhere",
        "the second marmot",
        "the first marmot",
    ]
    assert found[1].startswith("#burrow 3\t")
    assert len(run(server, "search", "marmot", "--room", "burrow", "--limit", "1")[1].splitlines()) == 1
    as_json = [json.loads(line) for line in run(server, "search", "marmot from:dot", "--json")[1].splitlines()]
    assert [one["seq"] for one in as_json] == [3, 1]
    assert run(server, "search", "woodchuck") == (0, "", "")
    assert run(server, "search", "in:nowhere marmot")[0] == 1


def test_a_full_disk_under_the_output_is_one_sentence(server: Server) -> None:
    run(server, "send", "full", "hello")
    shell = ["bash", "-c", '"$0" -m nexus history full > /dev/full', sys.executable]

    done = subprocess.run(shell, capture_output=True, env=environ(server), timeout=60, check=False)

    assert done.returncode == 1
    assert done.stderr == b"nexus: The output cannot be written: No space left on device.\n"


def test_lines_are_said_though_where_cannot_be_printed(server: Server) -> None:
    make(server, "drive")
    for output, code, complaint in (
        (
            ">/dev/full",
            1,
            b"nexus: What was said is stored, but where could not be printed: No space left on device.\n",
        ),
        ("| true", 0, b""),
    ):
        command = f'printf "one\\ntwo\\n" | "$0" -m nexus send drive --lines --json {output}; exit ${{PIPESTATUS[1]}}'
        shell = ["bash", "-c", command, sys.executable]
        done = subprocess.run(shell, capture_output=True, env=environ(server), timeout=60, check=False)
        assert (done.returncode, done.stderr) == (code, complaint)

    assert texts(run(server, "history", "drive")[1]) == ["one", "two"] * 2
