"""Which names stand in a text, and who they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.core.mentions import EVERYONE, MOST, MOST_LOOKUPS, MOST_PLACES, candidates, resolve
from nexus.core.names import NameInvalid, person_name

PEOPLE = {"ann": (1, "Ann"), "bo-": (2, "Bo-"), "bo": (3, "Bo"), "cy_": (4, "Cy_"), "dot": (-5, "Dot")}


def who(text: str, author: int = 99) -> list[str]:
    return [name or "everyone" for _, name in resolve(candidates(text), author, PEOPLE.get)]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("@Ann", ["ann"]),
        ("hi @Ann, @bo: @CY. (@dot) @eve! @fay's \u201c@gus\u201d…", ["ann", "bo", "cy", "dot", "eve", "fay", "gus"]),
        ("@ann@bo", ["ann"]),
        ("mail ann@example.org, a_@bo or \u00e9@cy", []),
        ("-@ann .@bo \n@cy", ["ann", "bo", "cy"]),
        ("@ann @ANN @Ann.", ["ann"]),
        ("@a.b.c @a.. @a..b @a-_", ["a.b.c", "a", "a-_"]),
        ("@ @. @_ann @-ann @@", []),
        ("@@ann", ["ann"]),
        ("@Zo\u00eb @Zoe\u0308 @\u7530\u4e2d\u3002", ["zo\u00eb", "\u7530\u4e2d"]),
        ("@\u0928\u092e\u0938\u094d\u0924\u0947", ["\u0928\u092e\u0938\u094d\u0924\u0947"]),
        ("\uff20ann", []),
        ("`@ann` and ``@bo`` and @cy", ["cy"]),
        ("```\n@ann\n``` @bo ```py\n@cy", []),
        ("```\n@ann\n```\n@bo", ["bo"]),
        ("a ` @ann\nb ` @bo", ["bo"]),
        ("@" + "a" * 32 + " @" + "b" * 33, ["a" * 32]),
        ("@here @HERE @here.", ["here"]),
        ("no at all", []),
        ("> @ann: tea?\n\n@bo yes", ["bo"]),
        ("~~~\n@ann\n~~~\n@bo", ["bo"]),
        ("https://example.org/@ann [@bo](https://example.org/@cy) tea/@dot", ["bo", "dot"]),
        ("I am @ann@example.org, @bo@cy", ["bo"]),
        ("\u8c22\u8c22@ann \u304a\u8336\u306f@bo\u3078", ["ann", "bo\u3078"]),
        ("jos\u00e9@ann.example \u043f\u043e\u0447\u0442\u0430@ann.example", []),
        (
            "@Gal\u00b7la @\u05d6\u05f3\u05d5\u05e8\u05d6 @\u30a2\u30fb\u30dc",
            ["gal\u00b7la", "\u05d6\u05f3\u05d5\u05e8\u05d6", "\u30a2\u30fb\u30dc"],
        ),
        ("@ann\u00b7 @bo\u30fb @cy\uff65", ["ann", "bo", "cy"]),
        ("_@\u05d3\u05e0\u05d4_ __@\u0639\u0644\u064a__", ["\u05d3\u05e0\u05d4", "\u0639\u0644\u064a"]),
        ("@\uff21\uff0d\uff42\uff0e\uff43\uff3f tea", ["a-b.c_"]),
    ],
)  # fmt: skip
def test_the_names_in_a_text(text: str, keys: list[str]) -> None:
    assert list(candidates(text)) == keys


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ann. @bo-, @bo.", ["Ann", "Bo-", "Bo"]),
        ("_@ann_ and __@bo__, a_@dot", ["Ann", "Bo"]),
        ("@annครับ สวัสดี@bo ຂອບໃຈ@dot", ["Dot", "Ann", "Bo"]),
        ("@ann- @ann_. @ann.- @ann-.-", ["Ann"]),
        ("@cy_ @cy", ["Cy_"]),
        ("@here, @dot @nobody", ["Dot", "everyone"]),
        ("@annx @ann.x", []),
        ("@ann\u4f60\u597d @bo\u3055\u3093 @dot\ub2d8", ["Dot", "Ann", "Bo"]),
    ],
)
def test_the_longest_name_that_somebody_has_is_meant(text: str, names: list[str]) -> None:
    assert who(text) == names


def test_nobody_mentions_themselves() -> None:
    assert who("@ann @bo", author=1) == ["Bo"]


def test_mentions_and_the_text_searched_for_them_are_limited() -> None:
    everyone = {f"p{number}": (number + 1, f"P{number}") for number in range(1000)}
    text = " ".join(f"@p{number}" for number in range(1000))

    assert len(candidates(text)) == MOST_PLACES
    assert len(resolve(candidates(text), 0, everyone.get)) == MOST
    assert candidates("@ann " * MOST_PLACES + "@bo") == ("ann",)
    assert resolve(("here",), 5, everyone.get) == ((EVERYONE, ""),)


@given(st.text(max_size=40), st.text(max_size=10))
def test_any_name_is_found_where_it_stands_alone(name: str, after: str) -> None:
    try:
        key = person_name(name).key
    except NameInvalid:
        return
    assert key in candidates(f"x @{name} {after}")


@given(st.text(alphabet="@`a.-_ \n\u00e9", max_size=60))
def test_any_text_can_be_searched(text: str) -> None:
    for key in candidates(text):
        assert f"@{key}" in text


def test_a_message_of_made_up_names_costs_a_bounded_number_of_lookups() -> None:
    asked: list[str] = []
    made_up = candidates(" ".join(f"@no{number}{'_-' * 12}" for number in range(200)))

    assert resolve(made_up, 1, asked.append) == ()
    assert len(asked) == MOST_LOOKUPS
