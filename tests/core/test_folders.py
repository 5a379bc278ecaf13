"""Directory names of rooms: safe on every file system, and never two rooms in one."""

import re
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.core.folders import folder

PORTABLE = re.compile(r"[a-z0-9_%-]{1,200}|[a-z0-9_%-]{135}~[0-9a-f]{64}")
DEVICE = re.compile(r"(con|prn|aux|nul|com[1-9]|lpt[1-9])(\..*)?", re.IGNORECASE)
ANY = st.text(st.characters() | st.characters(categories=["Cs"]) | st.sampled_from("aA%~.-_0é"), max_size=80)


def room_of(folder_name: str) -> str | None:
    """The name a folder stands for, which shows that no two share one; None where it was cut or never made."""
    try:
        raw = b"" if folder_name == "%" else unquote_to_bytes(folder_name)
        room_key = raw.decode("utf-8", "surrogatepass")
    except UnicodeError:
        return None
    return room_key if folder(room_key) == folder_name else None


@pytest.mark.parametrize(
    ("room", "name"),
    [
        ("garden", "garden"),
        ("a-b_c9", "a-b_c9"),
        ("Garden", "%47arden"),
        ("a.b", "a%2eb"),
        (".", "%2e"),
        ("..", "%2e%2e"),
        ("", "%"),
        ("%", "%25"),
        ("a/b\\c\0", "a%2fb%5cc%00"),
        ("jardín", "jard%c3%adn"),
        ("con", "%63on"),
        ("lpt1", "%6cpt1"),
        ("con.txt", "con%2etxt"),
        ("console", "console"),
        ("\ud800", "%ed%a0%80"),
    ],
)
def test_a_room_has_a_portable_directory(room: str, name: str) -> None:
    assert folder(room) == name
    assert room_of(name) == room


@given(ANY)
def test_every_text_has_a_safe_directory(text: str) -> None:
    name = folder(text)
    assert PORTABLE.fullmatch(name)
    assert not DEVICE.fullmatch(name)


@given(ANY, ANY)
def test_two_rooms_never_share_a_directory(one: str, other: str) -> None:
    assert (folder(one).casefold() == folder(other).casefold()) == (one == other)


@given(ANY)
def test_a_directory_names_its_room_unless_the_name_was_cut(text: str) -> None:
    name = folder(text)
    assert room_of(name) == (None if "~" in name else text)


def test_a_long_name_is_cut_and_stays_its_own() -> None:
    names = {folder("a" * count) for count in range(195, 210)} | {folder("a" * 300 + end) for end in "bc"}
    assert len(names) == 17
    assert max(map(len, names)) == 200
    assert room_of(folder("a" * 200)) == "a" * 200
    assert room_of(folder("a" * 201)) is None


@pytest.mark.parametrize("name", ["", "con", "A", "%41%4", "%4A", "%61", "a.b", "x~y", "é", "%ff", "\ud800"])
def test_a_directory_that_holds_no_room_is_recognised(name: str) -> None:
    assert room_of(name) is None
