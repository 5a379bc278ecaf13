"""What a word is: for the index of messages, for a query, and where the two are compared.

A word is letters, digits and the vowel signs on them. Marks that people leave out (accents, the points of Arabic and
Hebrew, the bar of a Polish ł) make no difference, nor do case and width. In scripts without blanks each letter is a
word, and each syllable of Korean, which puts particles on its words without one; and so is each emoji and each sign
that has a meaning of its own, as in `C++` and `.NET`. All else stands between words.
"""

import re
from unicodedata import category, normalize

WORD = 64
"""Characters of a word that count; longer ones are alike where they begin alike."""

SIGNS = "+#$"
"""The signs of ASCII that are words; the others are punctuation or Markdown."""

KEPT = 20_000
"""Characters of which is kept what they are; more of them than people write would only be there to fill the memory."""

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff"  # Thai, Lao, Burmese, Khmer, kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # and Han
)
_LEFT_OUT = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # accents
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # the points of Hebrew
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff"  # Arabic
    "\u0711\u0730-\u074a\u07eb-\u07f3\u180b-\u180f"  # Syriac, N'Ko, Mongolian
    "\ufe00-\ufe0f\U000e0100-\U000e01ef\U0001f3fb-\U0001f3ff]"  # variants of a sign, tones of skin
)
_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th",
    "\u06cc": "\u064a", "\u0649": "\u064a", "\u06a9": "\u0643", "\u06c1": "\u0647",  # Persian and Urdu keyboards
}  # fmt: skip
"""Letters for which people type others, where their keyboard has none of these."""

_SYLLABLE = re.compile("[\uac00-\ud7a3]")

_BETWEEN = "\u200b\u2044\u2212"
"""A blank without width, and the bar and the minus of numbers."""

_BEGINS, _GOES_ON = "\b", "\f"
"""Stand around what is written without blanks until its marks are on their letters; no text has them here."""

_DOT = re.compile(r"(?<!\S)\.(?=\s*[^\s.])")


class _Characters(dict[int, str]):
    """What each character becomes on the way to words."""

    def __missing__(self, code: int) -> str:
        becomes = _becomes(chr(code))
        if len(self) < KEPT:
            self[code] = becomes
        return becomes


def words(text: str) -> list[str]:
    """The words of a text as they are compared, in order."""
    if text.isascii():
        return _split(text.lower().translate(_CHARACTERS))
    plain = normalize("NFD", normalize("NFKC", text).casefold()).translate(_CHARACTERS)
    joined = plain.replace(_GOES_ON + _BEGINS, "").replace(_GOES_ON, " ").replace(_BEGINS, " ")
    return _split(_SYLLABLE.sub(r" \g<0> ", normalize("NFC", joined)))


def _split(plain: str) -> list[str]:
    if "." in plain:
        plain = _DOT.sub(_GOES_ON, plain).replace(".", " ").replace(_GOES_ON, " . ")
    return [word[:WORD] for word in plain.split()]


def _becomes(char: str) -> str:
    """A character as it is between other ones: itself, nothing, a blank, or a word of its own."""
    if char in _LETTERS:
        return _LETTERS[char]
    kind = category(char)
    if _LEFT_OUT.match(char):
        return ""
    if _UNSPACED.match(char) and kind[0] in "LMN":
        return f"{_BEGINS if kind[0] == 'M' else ' '}{char}{_GOES_ON}"
    if kind[0] in "LMN" or char == ".":
        return char
    if char in _BETWEEN:
        return " "
    if kind == "Cf":
        return ""
    is_sign = char in SIGNS if char.isascii() else kind in ("Sm", "Sc", "So", "Cn")
    return f" {char} " if is_sign else " "


_CHARACTERS = _Characters()
