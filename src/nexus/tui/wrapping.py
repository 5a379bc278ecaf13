"""Long lines are broken between words, and go on below where the text began."""

import re
from collections.abc import Iterator

from prompt_toolkit.utils import get_cwidth

from nexus.tui.screen import Styled

INDENT = " " * 8
"""What further lines of a message begin with, as where it has several itself."""

_WORDS = re.compile(r"\n *|[^\S\n]+|\S+")


def wrapped(pieces: Styled, width: int) -> Styled:
    """The same pieces for a terminal so wide; a word that is wider is left to it, so that a link stays whole."""
    if width <= 2 * len(INDENT):
        return pieces
    lines: Styled = []
    column = 0
    for style, word, glued in _words(pieces):
        if word.startswith("\n"):
            lines.append((style, word))
            column = len(word) - 1
            continue
        needed = column + get_cwidth(word)
        if not word.isspace() and not glued and needed > width and column > len(INDENT):
            _strip(lines)
            lines.append(("", "\n" + INDENT))
            needed = len(INDENT) + get_cwidth(word)
        lines.append((style, word))
        column = needed if word.isspace() or needed <= width else needed % width
    return lines


def _words(pieces: Styled) -> Iterator[tuple[str, str, bool]]:
    """Words and the blanks between them, each with its style and whether it goes on a word of the piece before."""
    before = " "
    for style, text in pieces:
        for found in _WORDS.finditer(text):
            yield style, found[0], found.start() == 0 and not before.isspace() and not found[0].isspace()
        before = text[-1:] or before


def _strip(lines: Styled) -> None:
    """Blanks before a break are not shown."""
    if lines and lines[-1][1].isspace() and "\n" not in lines[-1][1]:
        lines.pop()
