"""What is one emoji, and in which form it is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.core.emoji import NoEmoji, check_emoji

HEART = "❤️"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("\U0001f44d", "\U0001f44d"),
        ("❤", HEART),
        (HEART, HEART),
        ("\U0001f44d️", "\U0001f44d"),
        ("\U0001f44d\U0001f3fd", "\U0001f44d\U0001f3fd"),
        ("☝\U0001f3fd", "☝\U0001f3fd"),
        ("\U0001f1e6\U0001f1f9", "\U0001f1e6\U0001f1f9"),
        ("1⃣", "1️⃣"),
        ("1️⃣", "1️⃣"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("\U0001f3f3\u200d\U0001f308", "\U0001f3f3️\u200d\U0001f308"),
        ("\U0001f937\u200d♀", "\U0001f937\u200d♀️"),
        (
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        ),
    ],
)
def test_an_emoji_is_kept_in_its_one_full_form(sent: str, kept: str) -> None:
    assert check_emoji(sent) == kept
    assert check_emoji(kept) == kept


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "a", "1", "#", "+1", "\U0001f44d\U0001f44d", "\U0001f44d ", "\U0001f1e6", "\ufe0f", "\u200d"),
        *("\U0001f44d\u200d", "\x1b", "\u263aa", "\u20e3", "\U000e0067", "\u202e\U0001f44d", "\u2605", "\ud55c"),
        "\u200d".join(["\U0001f468"] * 20),
    ],
)
def test_whatever_else_is_refused(text: str) -> None:
    with pytest.raises(NoEmoji, match="one emoji"):
        check_emoji(text)


@given(st.text(st.sampled_from("a1#️\u200d⃣❤\U0001f44d\U0001f3fd\U0001f1e6\U000e0067\U000e007f"), max_size=8))
def test_what_is_kept_is_an_emoji_and_stays_as_it_is(text: str) -> None:
    try:
        kept = check_emoji(text)
    except NoEmoji:
        return
    assert check_emoji(kept) == kept
    assert len(kept) <= 2 * len(text)
