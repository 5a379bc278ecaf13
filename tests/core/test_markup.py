"""What of a text its author says, as the page shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.core.markup import spoken


def words(text: str) -> list[str]:
    return spoken(text).split()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plain words", ["plain", "words"]),
        ("a `b c` d", ["a", "d"]),
        ("a ``b ` c`` d", ["a", "d"]),
        ("a `b\nc` d", ["a", "d"]),
        ("a `b\n\nc` d", ["a", "`b", "c`", "d"]),
        ("a ` b", ["a", "`", "b"]),
        ("a `b`` c` d", ["a", "d"]),
        (r"\`a\`", ["\\`a\\`"]),
        (r"\``a` b", ["\\`", "b"]),
        ("```\na\n```\nb", ["b"]),
        ("```py\na\n``` c\n```\nb", ["b"]),
        ("~~~\na\n```\n~~~~\nb", ["b"]),
        ("````\n```\na\n```\n````\nb", ["b"]),
        ("```\na", []),
        ("    ```\na", ["a"]),
        ("starts with ``` and ends so, b", ["starts", "with", "```", "and", "ends", "so,", "b"]),
        ("> a\n\nb", ["b"]),
        (">a\nlazy\n\nb", ["b"]),
        ("> a\n>\nb", ["b"]),
        ("> a\n- b", ["-", "b"]),
        ("b > a", ["b", ">", "a"]),
        ("so:\n\n    a = 1\n\nb", ["so:", "b"]),
        ("so:\n    b", ["so:", "b"]),
        ("- one\n\n    two", ["-", "one", "two"]),
        ("\ta", []),
        ("see https://example.org/a?b=c, d", ["see", "d"]),
        ("<https://example.org/a> b", ["<", ">", "b"]),
        ("[a](/b/c) d", ["[a", ")", "d"]),
        ("a/b, c", ["a/b,", "c"]),
    ],
)
def test_code_quotes_and_addresses_are_not_said(text: str, said: list[str]) -> None:
    assert words(text) == said


@given(st.text(alphabet="`~> \n\t-@a\\:/", max_size=80))
def test_of_any_text_what_is_said_is_part_of_it(text: str) -> None:
    rest = iter(text)
    assert all(char in rest for char in spoken(text) if not char.isspace())


def test_the_work_grows_with_the_length_alone() -> None:
    for piece in ("`", "` ``", "```\n", "> a\n", "~~~\n", "    a\n\n", "\\`"):
        spoken(piece * 8000)
