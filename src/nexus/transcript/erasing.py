"""Erasing the texts of deleted messages from a room's transcript: the files that have them are written again."""

import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from nexus.core.lines import line, read_line, without_text
from nexus.protocol.events import RoomEvent

FRESH = ".fresh"
"""What is added to a file's name while it is rewritten; a crash may leave one."""

_MESSAGE = re.compile(rb"\S+ #(?:(?P<own>[0-9]+) (?:<|\* \S+ posted )|[0-9]+ \* \S+ edited #(?P<edits>[0-9]+))")

_SEQ = re.compile(rb"[0-9]\S+ #([0-9]+) ")


class _About(NamedTuple):
    """Which message a line has a text of; `own` is false for an edit's line."""

    message: int
    own: bool


def erase(files: Iterable[Path], messages: set[int], close: Callable[[Path], None]) -> dict[int, bytes]:
    """Rewrite what has texts of these messages; the newest file comes first, the last is the one they are in.

    `close` is called for a file that is about to be replaced. Raises OSError; done again, it is completed. Returns
    the time of each message that was found, as it stands in its line.
    """
    left = set(messages)
    times: dict[int, bytes] = {}
    for path in files:
        if not left:
            break
        with path.open("rb") as file:
            lines = [(about, raw) for raw in file if (about := _about(raw)) is not None and about.message in left]
        if any(_erased(raw) != raw for _, raw in lines):
            close(path)
            _rewrite(path, left, _erased)
        times |= {about.message: raw.partition(b" ")[0] for about, raw in lines if about.own}
        left -= times.keys()
    return times


def write_again(
    files: Iterable[Path],
    messages: set[int],
    now: Callable[[int], RoomEvent | None],
    close: Callable[[Path], None],
) -> None:
    """Rewrite what is about these messages as it is `now`, which is asked by seq; otherwise as `erase`."""
    left = set(messages)

    def again(raw: bytes) -> bytes:
        event = read_line(raw.decode(errors="surrogateescape"))
        current = None if event is None else now(event.seq)
        return raw if current is None else line(current).encode()

    for path in files:
        if not left:
            break
        with path.open("rb") as file:
            found = [about for raw in file if (about := _about(raw)) is not None and about.message in left]
        if found:
            close(path)
            _rewrite(path, left, again)
        left -= {about.message for about in found if about.own}


def erase_set_aside(folder: Path, times: dict[int, bytes]) -> None:
    """Rewrite what a replaced history had of these messages: those of the same number and time. Raises OSError."""
    found: set[int] = set()
    for path in sorted(folder.glob("*.log"), key=lambda path: (len(path.name), path.name)):
        with path.open("rb") as file:
            lines = [(about, raw) for raw in file if (about := _about(raw)) is not None and about.message in times]
        found |= {about.message for about, raw in lines if about.own and raw.startswith(times[about.message] + b" ")}
        if any(about.message in found and _erased(raw) != raw for about, raw in lines):
            _rewrite(path, found, _erased)
    erase_damaged(folder, found)


def erase_damaged(folder: Path, messages: set[int]) -> None:
    """Take all lines of these messages out of what was damaged; what is no line any more expires. Raises OSError."""
    for path in folder.glob("*.damaged"):
        with path.open("rb") as file:
            concerned = any((about := _about(raw)) is not None and about.message in messages for raw in file)
        if concerned:
            _rewrite(path, messages, lambda _: b"")


def erase_edits(files: Iterable[Path], before: int, close: Callable[[Path], None]) -> None:
    """Rewrite what has texts of edits of messages before a seq, whose own lines are gone. Raises OSError."""
    for path in files:
        with path.open("rb") as file:
            abouts = [_about(raw) for raw in file if b" edited #" in raw and _erased(raw) != raw]
        found = {about.message for about in abouts if about is not None and not about.own and about.message < before}
        if found:
            close(path)
            _rewrite(path, found, _erased)


def first_seq(path: Path) -> int | None:
    """The seq of a file's first line; None where it has none. Raises OSError."""
    with path.open("rb") as file:
        for raw in file:
            found = _SEQ.match(raw)
            if found is not None:
                return int(found[1])
    return None


def _rewrite(path: Path, messages: set[int], change: Callable[[bytes], bytes]) -> None:
    """Put a copy without the texts in the place of a file; either is whole on the disk, whenever it is cut off."""
    fresh = path.with_name(path.name + FRESH)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as copy, path.open("rb") as file:
        for raw in file:
            about = _about(raw)
            copy.write(raw if about is None or about.message not in messages else change(raw))
        copy.flush()
        os.fsync(descriptor)
    fresh.replace(path)
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _about(raw: bytes) -> _About | None:
    found = _MESSAGE.match(raw)
    if found is None:
        return None
    return _About(int(found["own"] or found["edits"]), found["own"] is not None)


def _erased(raw: bytes) -> bytes:
    """The line of a message, or of an edit, without its text; a line that is not ours as it is."""
    event = read_line(raw.decode(errors="surrogateescape"))
    return raw if event is None else line(without_text(event)).encode()
