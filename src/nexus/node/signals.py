"""What a running node does on a signal: it drains and stops, or goes on."""

import asyncio
import contextlib
import signal
from collections.abc import Callable

STOP = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
"""Ctrl-C, a supervisor's stop, a closed terminal, Ctrl-\\; Windows has the first two."""

SPARED = ("SIGHUP", "SIGQUIT")
"""Those that stop nothing if the server was started so, as by nohup."""

GO_ON = ("SIGUSR1", "SIGUSR2")
"""What asks other servers for something, such as another log, and would end this one without a goodbye."""


def heed_signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    """Call `stop` on a signal that means it."""
    for number in _there_are(STOP):
        if number.name in SPARED and signal.getsignal(number) is signal.SIG_IGN:
            continue
        with contextlib.suppress(NotImplementedError):  # Windows has no such handlers
            loop.add_signal_handler(number, stop)
    for number in _there_are(GO_ON):
        signal.signal(number, signal.SIG_IGN)


def _there_are(names: tuple[str, ...]) -> list[signal.Signals]:
    """The signals of those names that this system has."""
    return [signal.Signals[name] for name in names if name in signal.Signals.__members__]
