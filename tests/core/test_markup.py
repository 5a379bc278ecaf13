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
        (r"\\`a` b", ["\\\\", "b"]),
        (r"a `b\` c", ["a", "c"]),
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
        ("> ```\n> a\n> ```\nb", ["b"]),
        ("> ```\nb", ["b"]),
        ("> a\n***\nb", ["b"]),
        ("> # a\nlazy", []),
        ("> - a\nlazy", []),
        ("> a\n50% b", []),
        (">50% a\nb", [">50%", "a", "b"]),
        ("- > a\n  lazy\n\n  b", ["b"]),
        ("1. > a\n\nb", ["b"]),
        ("- a\n- > b\n- c", ["-", "a", "-", "c"]),
        ("- a\n\n      b = 1\n\n  c", ["-", "a", "c"]),
        ("1. a\n\n       b = 1", ["1.", "a"]),
        ("- ```\n  a\n  ```\n  b", ["b"]),
        ("- ```\n  a\nb", ["b"]),
        ("- `a\n- b` c", ["-", "`a", "-", "b`", "c"]),
        ("-\n  a", ["-", "a"]),
        ("-\n\n      a", []),
        ("a\n2. b\n\n        c", ["a", "2.", "b"]),
        ("so:\n\n    a = 1\n\nb", ["so:", "b"]),
        ("so:\n    b", ["so:", "b"]),
        ("- one\n\n    two", ["-", "one", "two"]),
        ("\ta", []),
        ("see https://example.org/a?b=c, d", ["see", "d"]),
        ("<https://example.org/a> b", ["<", ">", "b"]),
        ("[a](/r/garden) d", ["[a", ")", "d"]),
        ("[a](/b/c) d", ["[a](/b/c)", "d"]),  # the page shows it as it stands there
        ('[a](https://example.org/a "b c") d', ["[a", ")", "d"]),
        ("[a](<https://example.org/a b>) d", ["[a", ")", "d"]),
        ("[a](mailto:a@example.org) d", ["[a", ")", "d"]),
        ('[a](b "c") d', ["[a](b", '"c")', "d"]),
        ("a/b, c", ["a/b,", "c"]),
    ],
)
def test_code_quotes_and_addresses_are_not_said(text: str, said: list[str]) -> None:
    assert words(text) == said


@given(st.text(alphabet="`~> \n\t-@a\\:/", max_size=80))
def test_of_any_text_what_is_said_is_part_of_it(text: str) -> None:
    rest = iter(text)
    assert all(char in rest for char in spoken(text) if not char.isspace())


PIECES = (
    "`", "` ``", "```\n", "> a\n", "~~~\n", "    a\n\n", "\\`", "- ", "> ", "> - ", "1. a\n   ", "-\n", "a.", "a/(",
    "](/r/",
)  # fmt: skip


def test_the_work_grows_with_the_length_alone() -> None:
    for piece in PIECES:
        spoken(piece * 8000)
