"""The last line, and lines that are longer than the terminal is wide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.tui.screen import plain
from nexus.tui.toolbar import Tab, pending, toolbar
from nexus.tui.wrapping import columns, wrapped

STATE = ("", "  3 here")


def tabs(count: int, front: int, unread: int = 0) -> list[Tab]:
    """So many rooms, of which one is in front and one has something new."""
    return [Tab(at, f"room{at}", " (2)" if at == unread else "", at == front) for at in range(1, count + 1)]


def test_every_room_is_there_where_there_is_room() -> None:
    assert plain(toolbar(tabs(3, 1, 2), STATE, 80)) == " 1 room1 2 room2 (2) 3 room3  3 here"


def test_a_narrow_line_keeps_the_front_what_is_new_and_the_state() -> None:
    line = plain(toolbar(tabs(40, 12, 31), STATE, 40))

    assert " 12 room12" in line
    assert " 31 room31 (2)" in line
    assert " +" in line
    assert line.endswith(STATE[1])


@given(st.integers(0, 60), st.integers(10, 200))
def test_the_line_is_never_wider_than_the_terminal(count: int, width: int) -> None:
    assert len(plain(toolbar(tabs(count, 1, 2), STATE, width))) <= width


def test_what_is_on_its_way_is_shown_with_the_newest_three() -> None:
    assert plain(pending(["a"])) == "… a\n"
    assert plain(pending(["a", "b", "c", "d", "e"])) == "… 2 more\n… c\n… d\n… e\n"
    assert pending([]) == []


SIGNS = st.sampled_from("ab \t:/\u00a0\u0301\u200d\u2764\ufe0f\u2800\u3000\u8336\U0001f469")
"""What takes no column, one or two."""


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("10:00 Ann: short", ["10:00 Ann: short"]),
        ("10:00 Ann: the quick brown fox jumps", ["10:00 Ann: the quick brown", "        fox jumps"]),
        (
            "10:00 Ann: https://example.org/a/very/long/link",
            ["10:00 Ann: ", "        https://example.org/a/very/long/link"],
        ),
        ("10:00 Ann: 漢字漢字 漢字漢字 漢字漢字", ["10:00 Ann: 漢字漢字 漢字漢字", "        漢字漢字"]),
        (
            "10:00 Ann: look" + "\u2800" * 20 + "10:01\u2800Bo:\u2800yes",
            ["10:00 Ann: look" + "\u2800" * 13, "        " + "\u2800" * 7 + "10:01\u2800Bo:\u2800yes"],
        ),
        ("10:00 Ann: " + "\u8336" * 12, ["10:00 Ann: " + "\u8336" * 8, "        " + "\u8336" * 4]),
        ("10:00 Ann: a\tb\tc\td", ["10:00 Ann: a    b       c", "        d"]),
        ("10:00 Ann: " + "e\u0301" * 22, ["10:00 Ann: " + "e\u0301" * 17, "        " + "e\u0301" * 5]),
        ("10:00 Ann: " + "\u2764\ufe0f" * 11, ["10:00 Ann: " + "\u2764\ufe0f" * 8, "        " + "\u2764\ufe0f" * 3]),
        (
            "10:00 Ann: one\n        two three four five six",
            ["10:00 Ann: one", "        two three four five", "        six"],
        ),
    ],
)
def test_a_long_line_is_broken_between_words(text: str, lines: list[str]) -> None:
    assert [line.rstrip() for line in plain(wrapped([("", text)], 28)).split("\n")] == [line.rstrip() for line in lines]


@given(st.lists(st.tuples(st.just(""), st.text()), max_size=6), st.integers(1, 60))
def test_breaking_lines_changes_no_word(pieces: list[tuple[str, str]], width: int) -> None:
    assert "".join(plain(wrapped(pieces, width)).split()) == "".join(plain(pieces).split())


@given(st.lists(st.tuples(st.just(""), st.text(SIGNS, max_size=90)), max_size=4), st.integers(17, 60))
def test_nothing_but_a_link_is_left_to_the_terminal_to_break(pieces: list[tuple[str, str]], width: int) -> None:
    for line in plain(wrapped(pieces, width)).split("\n"):
        assert columns(line.rstrip()) <= width or "://" in line
