"""A room's transcript on the disk: one file per day, appended to, and what a crash left of it."""

import glob
import os
import re
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from nexus.core.folders import folder
from nexus.core.lines import DAY_MS, day, header, line, read_line, without_text
from nexus.protocol.events import Deleted, Edited, Purged, Restored, RoomEvent
from nexus.transcript.erasing import (
    FRESH,
    erase,
    erase_damaged,
    erase_edits,
    erase_set_aside,
    first_seq,
    write_again,
)

WINDOW = 8192
"""Bytes at a file's end that are read, and checked line by line, before it is appended to."""

_at = attrgetter("at")
_NAME = re.compile(r"[0-9]{4,}-[0-9]{2}-[0-9]{2}\.log")
_FLAGS = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)  # Windows would write other line ends


class OpenFiles:
    """Files open for appending, at most so many: the one longest unused is closed for the next."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._descriptors: OrderedDict[Path, int] = OrderedDict()

    def append(self, path: Path, first: bytes, data: bytes) -> None:
        """Write at a file's end, in one write where the disk allows; a new file begins with `first`.

        Raises OSError; the file may hold a part of the data then.
        """
        descriptor = self._open(path)
        try:
            status = os.fstat(descriptor)
            if not path.exists() or not os.path.samestat(status, path.stat()):
                raise FileNotFoundError(f"{path} was deleted or moved away while it was in use")
            left = memoryview(data if status.st_size else first + data)
            while left:
                left = left[os.write(descriptor, left) :]
        except OSError:
            self.close(path)
            raise

    def close(self, path: Path) -> None:
        """Close a file, where it is open."""
        descriptor = self._descriptors.pop(path, None)
        if descriptor is not None:
            os.close(descriptor)

    def close_all(self) -> None:
        """Close every file."""
        for path in tuple(self._descriptors):
            self.close(path)

    def _open(self, path: Path) -> int:
        descriptor = self._descriptors.get(path)
        if descriptor is not None:
            self._descriptors.move_to_end(path)
            return descriptor
        while len(self._descriptors) >= self._most:
            self.close(next(iter(self._descriptors)))
        try:
            descriptor = os.open(path, _FLAGS | os.O_CREAT, 0o600)
        except FileNotFoundError:
            path.parent.parent.mkdir(0o700, parents=True, exist_ok=True)
            path.parent.mkdir(0o700, exist_ok=True)
            descriptor = os.open(path, _FLAGS | os.O_CREAT, 0o600)
        self._descriptors[path] = descriptor
        return descriptor


class RoomFiles:
    """A room's files; `last` is the seq of the last line, once `recover` has read it.

    Every method raises OSError; the object is of no use then, and a new one recovers.
    """

    def __init__(
        self, logs: Path, room_key: str, open_files: OpenFiles, now: Callable[[int], RoomEvent | None]
    ) -> None:
        """What an event is `now` is asked of the log by its seq."""
        self.last = 0
        self._now = now
        self._key = room_key
        self._folder = logs / folder(room_key)
        self._open = open_files
        self._newest: Path | None = None
        self._replaced: list[Path] | None = None

    def append(self, events: Sequence[RoomEvent]) -> None:
        """Write the events that follow `last`, each day's in one write; their `at` must not go back.

        What they delete is erased first: where a file tells of a deletion, the text is gone from all of them. What they
        let stand again has its text again, before a file tells of that.
        """
        deleted = {event.target for event in events if type(event) is Deleted}
        deleted |= {target for event in events if type(event) is Purged for target in event.targets}
        if deleted:
            events = [without_text(event) if _message(event) in deleted else event for event in events]
            written = {seq for seq in deleted if seq < events[0].seq}
            times = erase(self._newest_first() if written else (), written, self._open.close)
            self._erase_set_aside(times)
        events = self._write_again(events)
        begin = 0
        while begin < len(events):
            at = events[begin].at
            midnight = at - at % DAY_MS + DAY_MS
            end = bisect_left(events, midnight, begin + 1, key=_at)
            self._write(events[begin:end])
            begin = end

    def _write_again(self, events: Sequence[RoomEvent]) -> Sequence[RoomEvent]:
        """The text of what was hidden and stands again is written where it stood; returns the events with theirs."""
        restored = {target for event in events if type(event) is Restored for target in event.targets}
        if not restored:
            return events
        written = {seq for seq in restored if seq < events[0].seq}
        write_again(self._newest_first() if written else (), written, self._now, self._open.close)
        return [(self._now(event.seq) or event) if _message(event) in restored else event for event in events]

    def _erase_set_aside(self, times: dict[int, bytes]) -> None:
        if not times:
            return
        erase_damaged(self._folder, set(times))
        if self._replaced is None:  # looked for once: there may be very many rooms beside
            self._replaced = list(self._folder.parent.glob(f"{glob.escape(self._folder.name)}.replaced-*"))
        for replaced in self._replaced:
            erase_set_aside(replaced, times)

    def expire(self, first: int) -> None:
        """Delete the days of which every event comes before a seq: those have expired, and what edits said of them."""
        paths, gone = self._newest_first()[::-1], list[Path]()
        bound = 0
        for number, path in enumerate(paths, 1):
            end = first_seq(paths[number]) if number < len(paths) else self.last + 1
            if end is None or end > first:
                break
            gone.append(path)
            bound = end
        if gone:
            erase_edits(paths[len(gone) :], bound, self._open.close)
        for path in gone:  # last, so that what a crash interrupts is begun again
            self._open.close(path)
            path.unlink()
            Path(f"{path}.damaged").unlink(missing_ok=True)
        if self._newest in gone:
            self._newest = None
        self.last = max(self.last, first - 1)

    def close(self) -> None:
        """Close the newest file."""
        if self._newest is not None:
            self._open.close(self._newest)

    def recover(self) -> RoomEvent | None:
        """Find the last line, and cut off what does not belong behind it; None where there is no line.

        A line without its end was torn by a crash and goes. Whatever else cannot be read as the next line is
        first copied to `<day>.log.damaged`, with all that comes after it.
        """
        for left in self._folder.glob(f"*{FRESH}"):
            left.unlink()
        for path in self._newest_first():
            ending = _ending(path)
            if b"\n" in ending.rest:
                with Path(f"{path}.damaged").open("ab") as aside:
                    aside.write(ending.rest)
            if ending.rest:
                os.truncate(path, ending.kept)
            if ending.newest is not None:
                self._newest = path
                self.last = ending.newest.seq
                return ending.newest
            if not ending.kept:
                self._open.close(path)
                path.unlink()
        return None

    def set_aside(self) -> None:
        """Rename the folder, to `<folder>.replaced-1` or the next number, so that the room has no files."""
        self.close()
        names = (self._folder.with_name(f"{self._folder.name}.replaced-{number}") for number in count(1))
        self._folder.rename(next(name for name in names if not name.exists()))
        self._newest = self._replaced = None
        self.last = 0

    def _write(self, events: Sequence[RoomEvent]) -> None:
        first = events[0].at
        path = self._folder / f"{day(first)}.log"
        if path != self._newest:
            self._finish()
            self._newest = path
        self._open.append(path, header(self._key, first).encode(), "".join(map(line, events)).encode())
        self.last = events[-1].seq

    def _finish(self) -> None:
        """Sync a day's file before the next one is begun, so that only the newest can lose its end."""
        if self._newest is None:
            return
        self.close()
        with suppress(FileNotFoundError):  # deleted: then there is nothing to lose
            descriptor = os.open(self._newest, _FLAGS)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def _newest_first(self) -> list[Path]:
        try:
            paths = [path for path in self._folder.iterdir() if _NAME.fullmatch(path.name)]
        except FileNotFoundError:
            return []
        paths.sort(key=lambda path: (len(path.name), path.name), reverse=True)  # 10000 comes after 9999
        return paths


def _message(event: RoomEvent) -> int:
    """The message that an event has a text of: itself, or the one that it edits."""
    return event.target if isinstance(event, Edited) else event.seq


class _Ending(NamedTuple):
    """A file's last good line, its bytes up to that, and what comes behind."""

    newest: RoomEvent | None
    kept: int
    rest: bytes


def _ending(path: Path) -> _Ending:
    window = WINDOW
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        while True:
            start = max(0, size - window)
            file.seek(start)
            data = file.read()
            begin = data.find(b"\n") + 1 if start or data.startswith(b"#") else 0
            lines = tuple(_lines(data, begin))
            if lines or not start:
                newest, end = lines[-1] if lines else (None, begin)
                return _Ending(newest, start + end, data[end:])
            window *= 8  # longer lines or more damage than that: where does it begin?


def _lines(data: bytes, begin: int) -> Iterator[tuple[RoomEvent, int]]:
    """Each line with its end, as long as they can be read and their seqs follow each other."""
    due: int | None = None
    while end := data.find(b"\n", begin) + 1:
        try:
            found = read_line(data[begin:end].decode())
        except UnicodeDecodeError:
            return
        if found is None or found.seq != (due or found.seq):
            return
        yield found, end
        begin, due = end, found.seq + 1
