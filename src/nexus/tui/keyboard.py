"""The keyboard of a terminal: Ctrl-Z as in every program of a shell, Alt-Enter, no echo of what is typed too early."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent


def bindings() -> KeyBindings:
    """Alt-Enter begins another line; Ctrl-Z suspends."""
    keys = suspending()

    @keys.add("escape", "enter", eager=True)
    @keys.add("escape", "c-j", eager=True)  # what a terminal makes of it that is not read yet
    def _(press: KeyPressEvent) -> None:
        press.current_buffer.insert_text("\n")

    return keys


def suspending() -> KeyBindings:
    """Ctrl-Z gives the terminal back to the shell, as in every program of it, whatever is asked."""
    keys = KeyBindings()

    @keys.add("c-z", eager=True)
    def _(_: KeyPressEvent) -> None:
        run_in_terminal(_suspend)

    return keys


def _suspend() -> None:
    if sys.platform == "win32":
        return
    if os.getsid(0) == os.getpid():  # the kernel would not stop what has no shell that could continue it
        os.kill(os.getpid(), signal.SIGSTOP)
    else:
        os.kill(0, signal.SIGTSTP)


@contextmanager
def no_echo() -> Iterator[None]:
    """What is typed while there is no line to type on (connecting, a command is carried out) waits unseen for one."""
    if sys.platform == "win32":  # its console echoes nothing by itself
        yield
        return
    import termios

    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    silent = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
    termios.tcsetattr(terminal, termios.TCSANOW, silent)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)
