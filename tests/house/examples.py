"""The fenced examples of the documents, and the commands that they name."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.house.sources import ROOT, shown

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)

SEPARATORS = {"|", "||", "&&", ";", "&", "(", ")"}


class Example(NamedTuple):
    """One fenced block."""

    page: Path
    line: int
    language: str
    text: str

    @property
    def where(self) -> str:
        """The place, for complaints."""
        return f"{shown(self.page)}:{self.line}"


def pages() -> list[Path]:
    """Every document of the project."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def examples(*languages: str) -> list[Example]:
    """The fenced blocks in some languages, over all documents."""
    return [one for page in pages() for one in blocks(page) if one.language in languages]


def blocks(page: Path) -> Iterator[Example]:
    """The fenced blocks of one document."""
    text = page.read_text("utf-8")
    for match in FENCE.finditer(text):
        yield Example(page, text.count("\n", 0, match.start()) + 1, match[1], match[2])


def command_lines(example: Example) -> Iterator[list[str]]:
    """The commands of a shell example as words; of a console example those after a `$`."""
    prompt = "$ " if example.language == "console" else ""
    for line in example.text.replace("\\\n", " ").splitlines():
        if line.startswith(prompt):
            yield from _simple_commands(line.removeprefix(prompt))


def _simple_commands(line: str) -> Iterator[list[str]]:
    """A line's commands, one by one, without the variables set before them."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.commenters = "#"
    words: list[str] = []
    for word in [*lexer, ";"]:
        if word in SEPARATORS:
            if words:
                yield words
            words = []
        elif words or not re.fullmatch(r"[A-Za-z_]+=.*", word):
            words.append(word)
