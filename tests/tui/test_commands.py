"""Typed lines: commands, messages, and hints for what is neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.tui.commands import COMMANDS, Line, Unknown, help_lines, parse


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("hello", Line(None, "hello")),
        (" /join garden", Line(None, " /join garden")),
        ("//join garden", Line(None, "/join garden")),
        ("//", Line(None, "/")),
        ("/join garden", Line("join", "garden")),
        ("/JOIN  Garden  ", Line("join", "Garden")),
        ("/topic a  b", Line("topic", "a  b")),
        ("/me waves", Line("me", "waves")),
        ("/quit", Line("quit", "")),
        ("/1", Line("switch", "1")),
        ("/9", Line("switch", "9")),
        ("/12", Line("switch", "12")),
    ],
)
def test_a_typed_line_is_a_command_or_a_message(typed: str, line: Line) -> None:
    assert parse(typed) == line


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("/jion garden", "There is no command /jion; did you mean /join ROOM?"),
        ("/hist", "There is no command /hist; did you mean /history [N]?"),
        ("/regster", "There is no command /regster; did you mean /register [NAME]?"),
        ("/exit now", "There is no command /exit; "),
        ("/xyzzy", "There is no command /xyzzy; /help lists them."),
        ("/", "There is no command /; /help lists them."),
        ("/0", "There is no command /0; /help lists them."),
        ("/1000", "There is no command /1000; /help lists them."),
        ("/quit smoking", "/quit takes nothing after it."),
        ("/12 monkeys", "/12 takes nothing after it."),
        ("/\u0662", "There is no command /\u0662; /help lists them."),
    ],
)
def test_a_wrong_command_names_the_nearest_right_one(typed: str, hint: str) -> None:
    with pytest.raises(Unknown) as told:
        parse(typed)

    assert str(told.value).startswith(hint)


@given(st.text())
def test_any_line_is_a_command_a_message_or_a_hint(typed: str) -> None:
    word = typed[1:].partition(" ")[0].lower()
    if not typed.startswith("/") or typed.startswith("//"):
        assert parse(typed).command is None
    elif "/" in word or "\n" in word:
        assert parse(typed) == Line(None, typed)
    elif (word in COMMANDS or word in set("123456789")) and not typed.partition(" ")[2].strip():
        assert parse(typed).command in COMMANDS
    elif word not in COMMANDS and not word.isdecimal():
        with pytest.raises(Unknown):
            parse(typed)


@given(st.text(min_size=1))
def test_any_message_can_be_said(text: str) -> None:
    typed = f"/{text}" if text.startswith("/") else text

    assert parse(typed) == Line(None, text)


def test_help_lists_every_command_and_how_to_say_a_slash() -> None:
    listed = help_lines()

    assert [line.split()[0] for line in listed[:-1]] == [f"/{name}" for name in COMMANDS]
    assert "//" in listed[-1]
    assert all(len(line) <= 100 for line in listed)


@pytest.mark.parametrize("about", ["join", "/join", " JOIN "])
def test_help_explains_one_command(about: str) -> None:
    assert help_lines(about) == ["/join ROOM", "  Join a room, or create it."]


@pytest.mark.parametrize("about", ["jion", "1", "join me"])
def test_help_for_what_is_no_command_is_a_hint(about: str) -> None:
    with pytest.raises(Unknown):
        help_lines(about)
