"""What people may write, and how it is made harmless for terminals and transcripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.core.texts import (
    TextInvalid,
    TextTooLong,
    check_nonce,
    check_text,
    check_topic,
    from_line,
    one_line,
    shown,
)

# Every character there is, lone surrogates too, and more often what could do harm or looks like an escape.
CHARACTERS = st.characters() | st.characters(categories=["Cs", "Cc", "Cf", "Zl", "Zp"]) | st.sampled_from("\\nrtxuU0d8")
ANY = st.text(CHARACTERS)


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "two\nlines\r\n\tindented",
        "👩\u200d🚀 \u2764\ufe0f",
        "سلام\u200cدنیا",
        "\u202eodd but theirs",
        " x ",
        "\u2028x",
        "ö" * 50,
    ],
)
def test_a_text_is_never_rewritten(text: str) -> None:
    assert check_text(text, 50) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "A message needs visible text, but this one is empty."),
        ("   ", "only invisible characters"),
        (" \n\t", "only invisible characters"),
        ("\u200b\u2060\u3164\u2800\u00a0\u202e\U000e0041\ufe0f", "only invisible characters"),
        ("a\0b", "character 2 is a control character (U+0000)"),
        ("\x1b[31m", "character 1 is a control character (U+001B)"),
        ("a\x7f", "(U+007F)"),
        ("a\x85", "(U+0085)"),
        ("é\x0b", "(U+000B)"),
        ("a\ud83d", "a lone surrogate (U+D83D)"),
    ],
)
def test_a_text_that_is_no_plain_text_is_refused(text: str, says: str) -> None:
    with pytest.raises(TextInvalid) as caught:
        check_text(text, 100)
    assert says in str(caught.value)
    assert not isinstance(caught.value, TextTooLong)


def test_the_limit_counts_characters() -> None:
    assert check_text("😀" * 10, 10)
    with pytest.raises(TextTooLong, match="A message has at most 1,000 characters, but this one has 1,001"):
        check_text("a" * 1001, 1000)
    with pytest.raises(TextTooLong, match="A topic has at most 3"):
        check_topic("long", 3)


@given(ANY)
def test_what_is_accepted_is_stored_by_every_store(text: str) -> None:
    try:
        accepted = check_text(text, 50)
    except TextInvalid:
        return
    assert accepted is text
    assert "\0" not in text
    assert text.encode().decode() == text
    assert text.strip()


def test_a_topic_is_one_line_or_empty() -> None:
    assert check_topic("", 10) == ""
    assert check_topic("Roses,\tmostly", 20) == "Roses,\tmostly"
    for text in ("a\nb", "a\rb", "a\u2028b", "a\u2029"):
        with pytest.raises(TextInvalid, match="single line"):
            check_topic(text, 10)
    for text in (" ", "\u200b", "a\0"):
        with pytest.raises(TextInvalid):
            check_topic(text, 10)


def test_a_nonce_is_short_visible_ascii() -> None:
    assert check_nonce("k3x9-17!~") == "k3x9-17!~"
    assert check_nonce("n" * 64)
    for text in ("", "a b", "é", "a\n", "\x7f"):
        with pytest.raises(TextInvalid, match="1 to 64 visible ASCII"):
            check_nonce(text)
    with pytest.raises(TextTooLong, match="at most 64 characters, but this one has 1,000"):
        check_nonce("n" * 1000)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain, ünd 中文", "plain, ünd 中文"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("C:\\new", r"C:\\new"),
        ("\x1b[2J\x00\x9b", r"\x1b[2J\x00\x9b"),
        ("\u2028\u2029\x85", r"\u2028\u2029\x85"),
        ("\u202egpj.exe\u2066\u200b\ufeff", r"\u202egpj.exe\u2066\u200b\ufeff"),
        ("\ud83d\ude00 \udcff", r"\ud83d\ude00 \udcff"),
        ("hi\U000e0068", r"hi\U000e0068"),
        ("👩\u200d🚀 \u0646\u200c\u0627", "👩\u200d🚀 \u0646\u200c\u0627"),
    ],
)
def test_one_line_escapes_what_could_do_harm(text: str, line: str) -> None:
    assert one_line(text) == line
    assert from_line(line) == text


@given(ANY)
def test_a_line_is_read_back_as_it_was(text: str) -> None:
    assert from_line(one_line(text)) == text


@given(ANY)
def test_a_line_breaks_nowhere_and_commands_no_terminal(text: str) -> None:
    line = one_line(text)
    assert line.splitlines() == ([line] if line else [])
    assert not any(char < " " or "\x7f" <= char <= "\x9f" for char in line)
    line.encode()


@given(ANY)
def test_from_line_takes_any_text(text: str) -> None:
    assert isinstance(from_line(text), str)


def test_a_backslash_that_escapes_nothing_stays() -> None:
    assert from_line("\\q \\x1 \\UFFFFFFFF \\") == "\\q \\x1 \\UFFFFFFFF \\"


@given(ANY)
def test_shown_keeps_lines_and_commands_no_terminal(text: str) -> None:
    seen = shown(text)
    assert not any((char < " " and char not in "\n\t") or "\x7f" <= char <= "\x9f" for char in seen)
    assert seen.count("\n") == text.count("\n")
    seen.encode()


def test_shown_keeps_backslashes_and_escapes_the_rest() -> None:
    assert shown("C:\\new\r\n\tx\rforged\x1b]0;t\x07") == "C:\\new\n\tx\\rforged\\x1b]0;t\\x07"
