"""What a word is, in the languages people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.core.words import words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hello, World!", ["hello", "world"]),
        ("snake_case-and-more", ["snake", "case", "and", "more"]),
        ("_green_ *tea* **now** ~~no~~ `x` ||y||", ["green", "tea", "now", "no", "x", "y"]),
        ("Çà et là; STRASSE straße", ["ca", "et", "la", "strasse", "strasse"]),
        ("ﬁne ＡＢＣ ½", ["fine", "abc", "1", "2"]),
        ("“Tea” isn’t ‘cold’ „Tee“ «thé»", ["tea", "isn", "t", "cold", "tee", "the"]),
        ("日本語 text", ["日", "本", "語", "text"]),
        ("日本text語", ["日", "本", "text", "語"]),
        ("がか ｶﾞ", ["が", "か", "ガ"]),
        ("Ελλάδα ελλαδα", ["ελλαδα", "ελλαδα"]),
        ("한국어 검색", ["한", "국", "어", "검", "색"]),
        ("Łódź Ærø Đà Nẵng Diyarbakır", ["lodz", "aero", "da", "nang", "diyarbakir"]),
        ("کتابی كتابي", ["كتابي", "كتابي"]),
        ("काम हो गया", ["काम", "हो", "गया"]),
        ("আমার চা", ["আমার", "চা"]),
        ("தேநீர் நன்று", ["தேநீர்", "நன்று"]),
        ("กิน ชา", ["กิ", "น", "ช", "า"]),
        ("شَايٌ أَخْضَر مـــرحبا", ["شاي", "اخضر", "مرحبا"]),
        ("می\u200cخواهم", ["ميخواهم"]),
        ("תֵּה יָרוֹק", ["תה", "ירוק"]),
        ("co\u00adoperate zero\u200bwidth", ["cooperate", "zero", "width"]),
        ("tea🎉now", ["tea", "🎉", "now"]),
        ("👍🏽 ❤️ 👩\u200d💻", ["👍", "❤", "👩", "💻"]),
        ("🇩🇪", ["🇩", "🇪"]),
        ("C++ C# C", ["c", "+", "+", "c", "#", "c"]),
        (".NET a.b (.net) wait... tea.", [".", "net", "a", "b", ".", "net", "wait", "tea"]),
        ("5 € 7$", ["5", "€", "7", "$"]),
        ("x" * 100, ["x" * 64]),
        ("… — !", []),
    ],
)
def test_a_text_falls_into_the_words_that_its_readers_see(text: str, found: list[str]) -> None:
    assert words(text) == found


@given(st.text())
def test_words_stay_words_when_they_are_read_again(text: str) -> None:
    """The index splits what we hand to it at spaces, so no word may have one, or be read as something else."""
    once = words(text)
    assert words(" ".join(once)) == once
