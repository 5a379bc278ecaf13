"""`nexus chat` in a real pseudo-terminal, and what a person sees on it."""

import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import pexpect
import pyte

ROWS, COLUMNS = 24, 100
PATIENCE = 20.0
"""Seconds until a text that has to show is missed."""

ENTER, TAB, CONTROL_D, CONTROL_U = "\r", "\t", "\x04", "\x15"


def environment(state: Path, **more: str) -> dict[str, str]:
    """A terminal's environment without settings of the person who runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEXUS_") and name != "NO_COLOR"}
    return {**kept, "TERM": "xterm-256color", "XDG_STATE_HOME": str(state), **more}


class Person:
    """Someone at a terminal; a context manager that closes it."""

    def __init__(self, url: str, name: str | None, state: Path, *more: str, **env: str) -> None:
        arguments = ["-m", "nexus", "chat", url, *(["--name", name] if name else []), *more]
        self.raw = ""
        self._gone: list[str] = []
        self._screen = pyte.HistoryScreen(COLUMNS, ROWS, history=2000)
        self._stream = pyte.Stream(self._screen)
        self._process = pexpect.spawn(
            sys.executable,
            arguments,
            env=environment(state, **env),
            dimensions=(ROWS, COLUMNS),
            encoding="utf-8",
            timeout=PATIENCE,
        )
        self._process.delaybeforesend = None

    def __enter__(self) -> "Person":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.isalive():
            self._process.kill(signal.SIGKILL)
            self._process.wait()
        self._process.ptyproc.delayafterclose = 0
        self._process.close()

    def type(self, text: str) -> None:
        """Press these keys."""
        self._process.send(text)

    def say(self, line: str) -> None:
        """Type a line and press Enter."""
        self.type(line + ENTER)

    def _read(self) -> None:
        said = self._process.read_nonblocking(65536, PATIENCE)
        self.raw += said
        self._stream.feed(said)
        while self._screen.history.top:
            line = self._screen.history.top.popleft()
            self._gone.append("".join(line[column].data for column in range(COLUMNS)))
        while "\x1b[6n" in said:  # it asks where the cursor is
            said = said.replace("\x1b[6n", "", 1)
            self._process.send(f"\x1b[{self._screen.cursor.y + 1};{self._screen.cursor.x + 1}R")

    def until(self, true: Callable[[], bool], what: object = "") -> None:
        """Read until something is true of the screen."""
        while not true():
            try:
                self._read()
            except (pexpect.TIMEOUT, pexpect.EOF) as error:
                raise AssertionError(f"{what!r} did not show ({type(error).__name__}) on\n{self.everything}") from None

    def sees(self, *texts: str) -> None:
        """Wait until all of these are on the screen, or have scrolled off it."""
        for text in texts:
            self.until(lambda text=text: text in self.everything or text in self.unbroken, text)  # type: ignore[misc]

    def typed(self, text: str) -> None:
        """Wait until this is what the typed line says, whole."""
        self.until(lambda: self.line == text, text)

    def toolbar_says(self, text: str) -> None:
        """Wait until the last line holds this."""
        self.until(lambda: text in self.toolbar, text)

    def closes_the_window(self) -> None:
        """The terminal is gone, and what runs in it ends."""
        self._process.ptyproc.fileobj.close()
        self._process.wait()

    def ends(self) -> int:
        """Wait for its end; returns the exit code."""
        try:
            while True:
                self._read()
        except pexpect.EOF:
            self._process.wait()
        assert self._process.exitstatus is not None, self._process.signalstatus
        return int(self._process.exitstatus)

    @property
    def lines(self) -> list[str]:
        """What is on the screen, without empty lines."""
        return [line.rstrip() for line in self._screen.display if line.strip()]

    @property
    def everything(self) -> str:
        """What scrolled off the screen and what is on it."""
        return "\n".join(line.rstrip() for line in [*self._gone, *self._screen.display])

    @property
    def unbroken(self) -> str:
        """The same, with lines that were too long for the screen in one."""
        return re.sub(r"\n {8}", " ", self.everything)

    @property
    def line(self) -> str:
        """What is typed, without the question before it."""
        found = [line for line in self.lines if "> " in f"{line} " and line.startswith("[")]
        return found[-1].partition(">")[2].strip() if found else "(no line)"

    def asks(self, question: str) -> bool:
        """Whether a line begins with this."""
        return any(line.startswith(question) for line in self.lines)

    @property
    def toolbar(self) -> str:
        """The last line of the screen."""
        return self.lines[-1] if self.lines else ""

    @property
    def rung(self) -> int:
        """How often the bell was rung; the same character ends a title."""
        return re.sub(r"\x1b\][^\x07]*\x07", "", self.raw).count("\x07")

    def count(self, text: str) -> int:
        """How many lines hold a text."""
        return sum(text in line for line in self.everything.splitlines())
