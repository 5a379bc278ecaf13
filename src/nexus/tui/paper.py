"""What the chat prints on the terminal, above the line that is typed, and what it asks for."""

import sys
from contextlib import suppress
from pathlib import Path
from shutil import get_terminal_size

from prompt_toolkit import PromptSession, print_formatted_text
from prompt_toolkit.data_structures import Size
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.output import ColorDepth, DummyOutput, Output
from prompt_toolkit.output.plain_text import PlainTextOutput
from prompt_toolkit.utils import is_dumb_terminal

from nexus.core.texts import in_line
from nexus.tui.keyboard import suspending
from nexus.tui.screen import Styled
from nexus.tui.styles import STYLE
from nexus.tui.surface import Unanswered
from nexus.tui.wrapping import wrapped


class Paper:
    """Prints lines, each harmless and no wider than the window."""

    _prompt: PromptSession[str]

    def __init__(self, colours: bool) -> None:
        self.depth = None if colours else ColorDepth.DEPTH_1_BIT
        self._title = ""

    @property
    def width(self) -> int:
        """Columns of the window as it is now, whatever COLUMNS said when the shell began."""
        return self._prompt.app.output.get_size().columns

    def line(self, text: str) -> None:
        """Print a line across, as above what is new."""
        self.print([("class:unread", f"── {text} ──")])

    def say(self, text: str) -> None:
        """Tell the person something."""
        self.print([("class:quiet", text)])

    def error(self, text: str) -> None:
        """Tell the person what did not work."""
        self.print([("class:error", f"! {in_line(text)}")])

    def print(self, pieces: Styled) -> None:
        """Print a line above the one that is typed."""
        lines = wrapped(pieces, self.width)
        print_formatted_text(FormattedText(lines), style=STYLE, color_depth=self.depth)

    def entitle(self, title: str) -> None:
        """The window is called so; without a title it is called what it was."""
        if title == self._title:
            return
        self._title = title
        output = self._prompt.app.output
        if title:
            output.set_title(title)
        else:
            output.clear_title()
            output.flush()

    async def ask_password(self, question: str) -> str:
        """A password, typed without being shown or remembered; raises Unanswered."""
        dumb = is_dumb_terminal()
        if dumb:  # the library would show there what is typed
            print(question, end="", flush=True)
        secret: PromptSession[str] = PromptSession(
            history=InMemoryHistory(), key_bindings=suspending(), output=DummyOutput() if dumb else None
        )
        try:
            return await secret.prompt_async(question, is_password=True)
        except (EOFError, KeyboardInterrupt):
            raise Unanswered from None


class _Kept(FileHistory):
    """The lines typed before, as far as the disk has them and takes them: one chats without."""

    def load_history_strings(self) -> list[str]:
        try:
            return list(super().load_history_strings())
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(string)


def typed_before(path: Path | None) -> History:
    """What the up key brings back."""
    return _Kept(str(path)) if path is not None else InMemoryHistory()


class _Plain(PlainTextOutput):
    def get_size(self) -> Size:
        columns, rows = get_terminal_size()
        return Size(rows, columns)


def output_of_terminal() -> Output | None:
    """What writes no escapes, for a terminal that knows none (TERM=dumb); None for all others."""
    return _Plain(sys.stdout) if is_dumb_terminal() else None
