"""Long lines are broken here, not by the terminal, and go on below where the text began: none looks like another."""

import re
from collections.abc import Iterator

from prompt_toolkit.utils import get_cwidth

from nexus.tui.screen import Styled

INDENT = " " * 8
"""What further lines of a message begin with, as where it has several itself."""

TAB = 8
"""Columns from one stop of a tab to the next."""

_WORDS = re.compile(r"\n *|[^\S\n]+|\S+")
_JOINER, _EMOJI = "\u200d", "\ufe0f"


def wrapped(pieces: Styled, width: int) -> Styled:
    """The same pieces for a terminal so wide; only an address that is wider is left to it, so that it stays whole."""
    if width <= 2 * len(INDENT):
        return pieces
    lines: Styled = []
    column = 0
    for style, word, glued in _words(pieces):
        if word.startswith("\n"):
            lines.append((style, word))
            column = len(word) - 1
        elif word.isspace():
            blank = _without_tabs(word, column)
            lines.append((style, blank))
            column += columns(blank)
        else:
            if not glued and column + columns(word) > width and column > len(INDENT) and _is_moved(word, column, width):
                _strip(lines)
                lines.append(("", "\n" + INDENT))
                column = len(INDENT)
            column = _put(lines, style, word, column, width)
    return lines


def columns(text: str) -> int:
    """How many columns a text takes at most: some terminals show a sign that is to be an emoji wider than others."""
    return int(get_cwidth(text)) + text.count(_EMOJI)


def _is_link(word: str) -> bool:
    return "://" in word and word.isascii()


def _is_moved(word: str, column: int, width: int) -> bool:
    """Whether a word that does not fit goes to the next line whole; else it is broken where it stands."""
    return _is_link(word) or columns(word) <= width - len(INDENT) or column >= width


def _put(lines: Styled, style: str, word: str, column: int, width: int) -> int:
    """Add a word, in as many lines as it needs; returns the column behind it."""
    if _is_link(word):
        lines.append((style, word))
        return column + columns(word) if column + columns(word) <= width else (column + columns(word)) % width
    begun = ""
    for sign in _signs(word):
        if column + columns(sign) > width:
            lines += [(style, begun), ("", "\n" + INDENT)]
            begun, column = "", len(INDENT)
        begun += sign
        column += columns(sign)
    lines.append((style, begun))
    return column


def _signs(word: str) -> Iterator[str]:
    """The word's characters, each with the marks on it and what is joined to it."""
    sign = ""
    for char in word:
        if sign and get_cwidth(char) and not sign.endswith(_JOINER):
            yield sign
            sign = ""
        sign += char
    yield sign


def _without_tabs(blank: str, column: int) -> str:
    spaces = ""
    for char in blank:
        spaces += " " * (TAB - (column + len(spaces)) % TAB) if char == "\t" else char
    return spaces


def _words(pieces: Styled) -> Iterator[tuple[str, str, bool]]:
    """Words and the blanks between them, each with its style and whether it goes on a word of the piece before."""
    before = " "
    for style, text in pieces:
        for found in _WORDS.finditer(text):
            yield style, found[0], found.start() == 0 and not before.isspace() and not found[0].isspace()
        before = text[-1:] or before


def _strip(lines: Styled) -> None:
    """Blanks before a break are not shown."""
    while lines and lines[-1][1].isspace() and "\n" not in lines[-1][1]:
        lines.pop()
