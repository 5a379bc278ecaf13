"""What of a text is said by its author: neither code, nor a quote, nor an address, as the page's Markdown shows it.

The block rules are those of CommonMark 0.31 that decide this (4.4 indented code, 4.5 fences, 5.1 quotes with their
lazy lines); a line inside of a list counts as said.
"""

import re
from collections.abc import Iterator

_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_QUOTE = re.compile(r" {0,3}>(?:[ \t>@*`\[#\"“„«'!]|[^\W\d_]|$)")  # neither ">50%" nor ">_<"
_INDENTED = re.compile(r" {4}| {0,3}\t")
_LIST = re.compile(r" {0,3}(?:[-+*]|\d{1,9}[.)])(?:\s|$)")
_TICKS = re.compile(r"\\?`+")
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s<>]*|\]\([^\s()]*", re.IGNORECASE)


def spoken(text: str) -> str:
    """The text with a blank in the place of all code, quotes and addresses."""
    if "`" in text or "~~~" in text or ">" in text or "    " in text or "\t" in text:
        text = "\n".join(_own_lines(text))
        if "`" in text:
            text = "\n\n".join(map(_without_spans, text.split("\n\n")))
    return _ADDRESS.sub(" ", text) if "/" in text or "](" in text else text


def _own_lines(text: str) -> Iterator[str]:
    """The lines outside of blocks of code and of quotes; an empty one where such a block was."""
    fence, quoted, paragraph, listed = "", False, False, False
    for line in text.split("\n"):
        head = line.lstrip()[:1]
        start = _FENCE.match(line) if head in ("`", "~") else None
        blank = not head
        if fence:
            if start and start[1].startswith(fence) and not line.strip(" \t" + fence[0]):
                fence = ""
            yield ""
        elif start:
            fence, quoted, paragraph = start[1], False, False
            yield ""
        elif head == ">" and _QUOTE.match(line):
            quoted, paragraph, listed = bool(line.strip(" \t>")), False, False
            yield ""
        elif quoted and not blank and not _LIST.match(line):
            yield ""  # a lazy line goes on with the quote's paragraph
        elif _INDENTED.match(line) and not paragraph and not listed and not blank:
            yield ""
        else:
            listed = bool(_LIST.match(line)) or (listed and (blank or line[0] in " \t"))
            quoted, paragraph = False, not blank
            yield line


def _without_spans(paragraph: str) -> str:
    """A paragraph without its code spans: from some backticks to the next as many (CommonMark 6.1)."""
    if paragraph.count("`") < 2:  # a span has one at each end
        return paragraph
    runs = list(_TICKS.finditer(paragraph))
    kept, at = [], 0
    ends: dict[int, list[int]] = {}
    for run in reversed(runs):  # those that come first are at the end, so that each is taken and dropped once
        ends.setdefault(run.end() - run.start() - (run[0][0] == "\\"), []).append(run.end())
    for run in runs:
        escaped = run[0][0] == "\\"
        start = run.start() + 2 * escaped
        if start < at or start == run.end():
            continue
        places = ends.get(run.end() - start, [])
        while places and places[-1] <= run.end():
            places.pop()
        if places:
            kept.append(paragraph[at:start])
            at = places.pop()
    return " ".join([*kept, paragraph[at:]])
