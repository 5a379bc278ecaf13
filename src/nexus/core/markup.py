"""What of a text is said by its author: neither code, nor a quote, nor an address, as the page's Markdown shows it.

The block rules are those of CommonMark 0.31 that decide this: 4.1 lines across, 4.4 indented code, 4.5 fences, 5.1
quotes with their lazy lines, 5.2 lists. The page has no headings, and so they are text here.
"""

import re
from collections.abc import Iterator

_FENCE = re.compile(r"`{3,}(?=[^`]*$)|~{3,}")
_QUOTE = re.compile(r">(?:[ \t>@*`\[#\"“„«'!]|[^\W\d_]|$)")  # neither ">50%" nor ">_<"
_ITEM = re.compile(r"(?:[-+*]|\d{1,9}[.)])(?= |$)")
_INTERRUPTS = re.compile(r"(?:[-+*]|0{0,8}1[.)]) +\S")
_ACROSS = re.compile(r"([-*_])(?: *\1){2,}$")
_TICKS = re.compile(r"(\\*)(`+)")
_SIGNS = re.compile(r"[`>\t]|~~~|    ")

_TARGET = r"(?:https?:|mailto:|/r/)"
_TITLE = r"(?:\s+(?:\"[^\"]*\"|'[^']*'))?"
_LINK = rf"\]\((?:<{_TARGET}[^<>\n]*>|{_TARGET}[^\s()]*){_TITLE}(?=\s*\))"
_BARE = r"(?<![a-z0-9])[a-z][a-z0-9+.-]{0,30}://(?:\([^\s<>()]*\)|[^\s<>()])*"
_ADDRESS = re.compile(f"{_LINK}|{_BARE}", re.IGNORECASE)

_CODE = 4
"""Blanks before a line that make it code."""

_QUOTED = 0
"""A quote among what a line stands in; a list is there as the column where the text of its item begins."""

_DEEPEST = 50
"""Quotes and lists in one another, at most; what would be deeper is text."""


def spoken(text: str) -> str:
    """The text with a blank in the place of all code, quotes and addresses."""
    if _SIGNS.search(text):
        text = "\n".join(_Blocks().said(text))
        if "`" in text:
            text = "\n\n".join(map(_without_spans, text.split("\n\n")))
    return _ADDRESS.sub(" ", text) if "/" in text or "](" in text else text


class _Blocks:
    """The quotes and lists that a line stands in, and what is open in the innermost of them."""

    def __init__(self) -> None:
        self._inside: list[int] = []
        self._fence = ""
        self._paragraph = False
        self._bare = False
        """Whether an item has nothing on its first line: with nothing on the next it is over."""

    def said(self, text: str) -> Iterator[str]:
        """The lines outside of blocks of code and of quotes; an empty one between blocks."""
        for tabbed in text.split("\n"):
            line = tabbed.expandtabs(4).rstrip()
            depth, at = self._goes_on(line)
            if self._fence and depth == len(self._inside):
                self._in_fence(line, at)
                yield ""
            elif at >= len(line):
                self._end(min(depth, len(self._inside) - self._bare))
                yield ""
            else:
                yield from self._line(line, depth, at)

    def _goes_on(self, line: str) -> tuple[int, int]:
        """How many of the quotes and lists go on with a line, and the column where what is in them begins."""
        at = 0
        for depth, column in enumerate(self._inside):
            if at >= len(line):  # a blank line ends quotes only
                rest = self._inside[depth:]
                return depth + rest.index(_QUOTED) if _QUOTED in rest else len(self._inside), at
            first = at + _blanks(line, at)
            if column != _QUOTED and first >= column:
                at = column
            elif column == _QUOTED and line[first] == ">":
                at = first + 1 + line.startswith(" ", first + 1)
            else:
                return depth, at
        return len(self._inside), at

    def _in_fence(self, line: str, at: int) -> None:
        """A line in a block of code, which may be its last."""
        rest = line[at:].lstrip(" ")
        if _blanks(line, at) < _CODE and rest.startswith(self._fence) and not rest.strip(self._fence[0]):
            self._fence = ""

    def _end(self, depth: int) -> None:
        """Leave what is deeper, and what was open in it."""
        del self._inside[depth:]
        self._fence, self._paragraph, self._bare = "", False, False

    def _line(self, line: str, depth: int, at: int) -> Iterator[str]:
        """A line that is neither blank nor in a fence, whose quotes and lists up to `depth` go on."""
        start = at
        while (column := self._begins(line, depth, at)) is not None:
            if self._inside[-1] != _QUOTED:
                yield ""  # what is in an item is a block of its own
            depth, at = len(self._inside), column
        blanks = _blanks(line, at)
        rest = line[at + blanks :]
        fence = _FENCE.match(rest) if blanks < _CODE else None
        across = blanks < _CODE and _ACROSS.match(rest)
        if fence or across or not self._paragraph:
            self._end(depth)
        if fence:
            self._fence = fence[0]
        code = not self._paragraph and blanks >= _CODE
        self._bare = not rest and self._inside[-1] != _QUOTED
        self._paragraph = bool(rest) and not (fence or across or code)
        yield line[start:] if self._paragraph and _QUOTED not in self._inside else ""

    def _begins(self, line: str, depth: int, at: int) -> int | None:
        """The column behind the sign of a quote or of an item of a list that begins there."""
        blanks = _blanks(line, at)
        first = at + blanks
        if blanks >= _CODE or depth == _DEEPEST or _ACROSS.match(line, first):
            return None
        if _QUOTE.match(line, first):
            self._end(depth)
            self._inside.append(_QUOTED)
            return first + 1 + line.startswith(" ", first + 1)
        item = _ITEM.match(line, first)
        going_on = self._paragraph and depth == len(self._inside)
        if item is None or (going_on and not _INTERRUPTS.match(line, first)):
            return None
        self._end(depth)
        inner = _blanks(line, item.end())
        column = item.end() + (inner if inner <= _CODE else 1)
        self._inside.append(max(column, item.end() + 1))
        return min(column, len(line))


def _blanks(line: str, at: int) -> int:
    return len(line) - at - len(line[at:].lstrip(" "))


def _without_spans(paragraph: str) -> str:
    """A paragraph without its code spans: from some backticks to the next as many (CommonMark 6.1)."""
    if paragraph.count("`") < 2:  # a span has one at each end
        return paragraph
    runs = list(_TICKS.finditer(paragraph))
    kept, at = [], 0
    ends: dict[int, list[int]] = {}
    for run in reversed(runs):  # those that come first are at the end, so that each is taken and dropped once
        ends.setdefault(len(run[2]), []).append(run.end())
    for run in runs:
        start = run.start(2) + len(run[1]) % 2  # an odd backslash keeps the first from being one
        if start < at or start == run.end():
            continue
        places = ends.get(run.end() - start, [])
        while places and places[-1] <= run.end():
            places.pop()
        if places:
            kept.append(paragraph[at:start])
            at = places.pop()
    return " ".join([*kept, paragraph[at:]])
