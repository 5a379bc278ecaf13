"""Standard input line by line, as it comes: `tail -f log | nexus send ops --lines` says each line at once."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from concurrent import futures
from contextlib import suppress

from nexus.cli.connected import Failed

LONGEST = 1 << 20
"""Bytes of a line; far more than any server takes as a message, and still little memory."""


async def lines_of(descriptor: int) -> AsyncIterator[str | Failed]:
    """The lines of a file, a pipe or a terminal, without their ends; in the place of one that is no text, why."""
    rest = b""
    number = 0
    async for piece in _pieces(descriptor):
        *whole, rest = (rest + piece).split(b"\n")
        rest = rest[: LONGEST + 1]  # of a line that is refused for its length, no more need be kept
        for line in whole:
            number += 1
            yield _text(line, number)
    if rest:
        yield _text(rest, number + 1)


def _text(line: bytes, number: int) -> str | Failed:
    if len(line) > LONGEST:
        return Failed(f"Line {number:,} has more than {LONGEST:,} bytes; no message is that long.")
    try:
        return line.removesuffix(b"\r").decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        return Failed(
            f"Only UTF-8 text can be posted, but byte {error.start + 1:,} of line {number:,} is not valid UTF-8."
        )


async def _pieces(descriptor: int) -> AsyncIterator[bytes]:
    """What is read, in a thread of its own: no loop can wait for a file, and none for a pipe on every system.

    The thread reads without Python's buffers, whose lock would be held at the end of the program.
    """
    loop = asyncio.get_running_loop()
    read: asyncio.Queue[bytes] = asyncio.Queue(1)

    def pump() -> None:
        piece = b"?"
        with suppress(RuntimeError, asyncio.CancelledError, futures.CancelledError):  # the program ends meanwhile
            while piece:
                piece = os.read(descriptor, 1 << 16)
                asyncio.run_coroutine_threadsafe(read.put(piece), loop).result()

    threading.Thread(target=pump, name="standard input", daemon=True).start()
    while piece := await read.get():
        yield piece
