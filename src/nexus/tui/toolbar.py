"""The last line of the terminal: the rooms with what is unread, and whether there is a connection."""

from typing import NamedTuple

from prompt_toolkit.utils import get_cwidth

from nexus.tui.screen import Styled

PENDING = 3
"""Messages on their way that are shown above the typed line."""


class Tab(NamedTuple):
    """A room as the last line shows it."""

    number: int
    label: str
    unread: str
    front: bool

    @property
    def text(self) -> str:
        """What is written of it."""
        return f" {self.number} {self.label}{self.unread}"

    @property
    def style(self) -> str:
        """How it is written."""
        return "class:front" if self.front else "class:unread" if self.unread else ""


def toolbar(tabs: list[Tab], state: tuple[str, str], width: int) -> Styled:
    """The rooms that fit, those with something new before the others, and the state, which always fits."""
    room = width - get_cwidth(state[1])
    kept: set[int] = set()
    for tab in sorted(tabs, key=lambda tab: (not tab.front, not tab.unread)):
        left = len(tabs) - len(kept) - 1
        needed = get_cwidth(tab.text) + (len(f" +{left}") if left else 0)
        if needed > room:
            continue
        kept.add(tab.number)
        room -= get_cwidth(tab.text)
    pieces: Styled = []
    for tab in tabs:
        if tab.number in kept:
            pieces += [("", " "), (tab.style, tab.text[1:])]
    hidden = len(tabs) - len(kept)
    if hidden and hidden < len(tabs):
        pieces.append(("", f" +{hidden}"))
    return [*pieces, state]


def pending(texts: list[str]) -> Styled:
    """What is on its way, above the typed line."""
    more = len(texts) - PENDING
    lines = [f"… {more} more\n"] if more > 0 else []
    return [("class:quiet", line) for line in (*lines, *(f"… {text}\n" for text in texts[-PENDING:]))]
