"""How a command ends that is told to: it takes leave of the server, so that its name is free at once."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

import typer

SIGNALS = ("SIGTERM", "SIGHUP", "SIGQUIT")
"""What ends a command besides Ctrl+C: a supervisor's stop, a closed terminal, Ctrl+\\ (not every system has all)."""


async def until_told(command: Coroutine[Any, Any, None]) -> None:
    """Carry a command out, or leave it off on a signal; raises typer.Exit with 128 and the signal's number."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    told: list[int] = []

    def end(number: int) -> None:
        told.append(number)
        task.cancel()

    for number in [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]:
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores SIGHUP, and so do we then
            loop.add_signal_handler(number, end, number)
    try:
        await command
    except asyncio.CancelledError:
        if not told:
            raise
        raise typer.Exit(128 + told[0]) from None
