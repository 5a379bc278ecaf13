"""Names between colons."""

import pytest

from nexus.core.emoji import check_emoji
from nexus.tui.emoji import emoji_of, names, with_emoji


def test_every_name_stands_for_an_emoji_that_the_server_takes_as_it_is() -> None:
    assert len(names()) > 3000
    assert {emoji: check_emoji(emoji) for emoji in names().values()} == {emoji: emoji for emoji in names().values()}


def test_names_that_people_know_are_there() -> None:
    known = {
        "+1": "👍",
        "-1": "👎",
        "heart": "❤️",
        "laugh": "😂",
        "party": "🎉",
        "tada": "🎉",
        "check": "✅",
        "thanks": "🙏",
    }

    assert {name: emoji_of(f":{name}:") for name in known} == known
    assert [emoji_of("Heart"), emoji_of(" 🌱 ")] == ["❤️", "🌱"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("well done :tada:", "well done 🎉"),
        (":+1: (:heart:), :Tada:", "👍 (❤️), 🎉"),
        ("at 10:30:15 and x:tada: and :tada:s", "at 10:30:15 and x:tada: and :tada:s"),
        ("`:tada:` and ```\n:tada:\n``` and :no_such_name:", "`:tada:` and ```\n:tada:\n``` and :no_such_name:"),
        ("no colon", "no colon"),
    ],
)
def test_a_name_becomes_its_emoji_where_it_stands_by_itself_and_not_in_code(typed: str, said: str) -> None:
    assert with_emoji(typed) == said
