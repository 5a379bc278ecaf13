"""The transcripts: `logs/<room>/<day>.log`, derived from the log after each commit, in a thread of their own.

Whatever happens, a room's files hold the first events of its log, each once, in order, and the rest follows.
What was written last is read from the files, so that an error is handled like a crash: by reading them again.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from time import monotonic

from nexus.core.destroying import Gone
from nexus.core.log import Record
from nexus.core.people import RoomRow
from nexus.ports import RoomLog
from nexus.protocol.events import Destroyed, Revived, RoomEvent
from nexus.transcript.files import OpenFiles, RoomFiles
from nexus.transcript.lag import Lag
from nexus.transcript.removing import remove

HELD = 16_777_216
"""Bytes of events that wait for the thread, at most; what is over is read from the log later."""

COST = 400
"""Bytes that a waiting event weighs besides its text, roughly."""

PAGE = 500
"""Events read from the log at once."""

KNOWN = 10_000
"""Rooms whose last line is remembered; another's is read from its file when something new is said."""

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
"""Seconds before what failed is tried again: from the first, twice as long each time, to the longest."""

_NO_LIMIT = 2**40


class Transcript:
    """Writes every room's events to its files, soon after they were committed.

    Where a room's next event comes right after its last line, it is written as it was noted. Else the room is
    behind: after a start, an overflow or an error it gets what it lacks from the log, a page at a time.
    `room_of` says what a room's files are kept under, and nothing of a room that was destroyed, which `destroyed` has;
    `first_of` its oldest event that has not expired. They, `rooms`, the log and `warn` are called in the transcript's
    thread.
    """

    def __init__(
        self,
        directory: Path,
        log: RoomLog,
        room_of: Callable[[int], str | None],
        rooms: Callable[[], Iterable[RoomRow]],
        *,
        destroyed: Callable[[], Iterable[Gone]] = tuple,
        every: float,
        open_files: int,
        warn: Callable[[str], None],
        first_of: Callable[[int], int] = lambda _: 1,
    ) -> None:
        """Below the data directory; nothing is read or written before `start`. `every` is in seconds."""
        self._logs = directory / "logs"
        self._log = log
        self._room_of, self._rooms, self._destroyed = room_of, rooms, destroyed
        self._every, self._warn = every, warn
        self._open = OpenFiles(open_files)
        self._first_of = first_of
        self.lag = Lag()
        self._thread = threading.Thread(target=self._run, name="transcript", daemon=True)
        self._lock = threading.Lock()
        self._noted: list[Sequence[Record]] = []
        self._held = 0
        self._missed: dict[int, int] = {}
        self._expired: dict[int, int] = {}
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._ended = threading.Event()
        self._settled = threading.Condition()
        self._asked = self._answered = 0
        self._whole = False

        # The thread's own. Rooms that are behind, and rooms that failed: how far each has to come; rooms to remove.
        self._known: dict[int, RoomFiles] = {}
        self._behind: dict[int, int] = {}
        self._failing: dict[int, int] = {}
        self._gone: dict[int, str] = {}
        self._listed = self._warned = False
        self._pause = self._retry_at = 0.0

    def start(self) -> None:
        """Begin to write: first what the files lack, in the background."""
        self._wake.set()
        self._thread.start()

    def note(self, records: Sequence[Record]) -> None:
        """Hear of a group's new events, of any rooms, after its commit; never waits, keeps the sequence."""
        weight = sum([COST + len(getattr(record.event, "text", None) or "") for record in records])
        with self._lock:
            self.lag.noted()
            if self._held + weight <= HELD:
                self._held += weight
                self._noted.append(records)
            else:
                for record in records:
                    self._missed[record.room] = max(record.event.seq, self._missed.get(record.room, 0))
        if not self._wake.is_set():  # setting it again costs more than all the rest
            self._wake.set()

    def expire(self, room: int, first: int) -> None:
        """Hear that a room's events before a seq have expired: days that have only such are deleted."""
        with self._lock:
            self._expired[room] = max(first, self._expired.get(room, 0))
        self._wake.set()

    def flush(self, within: float) -> bool:
        """Write everything noted so far at once; true where every room's files are complete then.

        False where something could not be written, or not `within` so many seconds.
        """
        with self._settled:
            self._asked += 1
            asked = self._asked
            self._hurry.set()
            self._wake.set()
            self._settled.wait_for(lambda: self._answered >= asked or self._ended.is_set(), within)
            return self._answered >= asked and self._whole

    def stop(self, within: float) -> bool:
        """Flush `within` so many seconds and end; what is left is written after the next start.

        Waits a second more for a write that the disk does not finish. True where nothing is left.
        """
        if not self._thread.is_alive():
            return False
        whole = self.flush(within)
        self._ended.set()
        self._hurry.set()
        self._wake.set()
        self._thread.join(1.0)
        return whole

    def _run(self) -> None:
        try:
            while not self._ended.is_set():
                if not self._behind:
                    self._wake.wait(self._until_retry())
                self._wake.clear()
                self._hurry.clear()
                self._round()
                if not self._behind and not self._ended.is_set():
                    self._hurry.wait(self._every)
        finally:
            self._open.close_all()
            with self._settled:
                self._ended.set()
                self._settled.notify_all()

    def _until_retry(self) -> float | None:
        if self._listed and not self._failing and not self._gone:
            return None
        return max(0.0, self._retry_at - monotonic())

    def _round(self) -> None:
        """Write what is new, then pages for rooms that are behind, for as long as others may wait."""
        asked = self._asked
        if asked > self._answered or monotonic() >= self._retry_at:
            self._try_again()
        self._follow()
        until = monotonic() + self._every
        while self._behind and monotonic() < until and not self._ended.is_set():
            room = next(iter(self._behind))
            upto = self._behind.pop(room)
            self._attempt(room, upto, partial(self._catch_up, room, upto))
        self._pace_retries()
        if not self._behind:
            whole = self._listed and not self._failing and not self._gone
            if whole:
                self.lag.written()
            with self._settled:
                self._answered = asked
                self._whole = whole
                self._settled.notify_all()

    def _follow(self) -> None:
        with self._lock:
            self.lag.taken()
            noted, self._noted, self._held = self._noted, [], 0
            missed, self._missed = self._missed, {}
            expired, self._expired = self._expired, {}
        rooms: defaultdict[int, list[RoomEvent]] = defaultdict(list)
        for records in noted:
            for record in records:
                rooms[record.room].append(record.event)
        for room, events in rooms.items():
            if any(isinstance(event, Destroyed | Revived) for event in events):
                self._come_or_go(room, events)
            else:
                self._append(room, events)
        for room, upto in missed.items():
            self._fall_behind(room, upto)
        for room, first in expired.items():
            files = self._known.get(room)
            if files is None:
                self._fall_behind(room, 0)
            else:
                self._attempt(room, 0, partial(files.expire, first))

    def _come_or_go(self, room: int, events: list[RoomEvent]) -> None:
        """A room was destroyed, and its files go; or it is there again, and they are written from the log."""
        self._forget(room)
        last = [event for event in events if isinstance(event, Destroyed | Revived)][-1]
        if isinstance(last, Destroyed):
            self._look_for_gone()
        else:
            self._gone.pop(room, None)
            self._fall_behind(room, events[-1].seq)

    def _forget(self, room: int) -> None:
        files = self._known.pop(room, None)
        if files is not None:
            files.close()
        self._behind.pop(room, None)
        self._failing.pop(room, None)

    def _look_for_gone(self) -> None:
        self._gone.update({one.room: one.folder for one in self._destroyed() if one.folder})
        self._remove_gone()

    def _remove_gone(self) -> None:
        for room, name in list(self._gone.items()):
            try:
                remove(self._logs, name)
                del self._gone[room]
            except OSError as error:
                self._tell(f"The transcript of a room that was deleted cannot be removed now ({_reason(error)}).")

    def _append(self, room: int, events: list[RoomEvent]) -> None:
        files = self._known.get(room)
        if files is not None:
            new = [event for event in events if event.seq > files.last]
            if [event.seq for event in new] == list(range(files.last + 1, files.last + 1 + len(new))):
                if new:
                    self._attempt(room, new[-1].seq, partial(files.append, new))
                return
        self._fall_behind(room, max(event.seq for event in events))

    def _fall_behind(self, room: int, upto: int) -> None:
        rooms = self._failing if room in self._failing else self._behind
        rooms[room] = max(upto, rooms.get(room, 0))

    def _catch_up(self, room: int, upto: int) -> None:
        """Write a page of what the room lacks, and let others go first before the next."""
        name, files = self._room_of(room), self._known.get(room)
        if name is None:  # it was destroyed, and what is written of it goes
            self._forget(room)
            self._look_for_gone()
            return
        if files is None:
            files = self._recover(room, name)
        if files.last >= upto:
            return
        page = self._log.page(room, after=files.last, before=_NO_LIMIT, limit=PAGE, newest=False)
        if not page:
            return
        if page[0].event.seq > files.last + 1:
            files.expire(page[0].event.seq)  # what comes before has just expired
        files.append([record.event for record in page])
        self._known[room] = files
        if files.last < upto:
            self._behind[room] = upto
        if len(self._known) > KNOWN:
            self._known.pop(next(iter(self._known))).close()

    def _recover(self, room: int, name: str) -> RoomFiles:
        files = RoomFiles(self._logs, name, self._open, partial(self._now, room))
        newest, first = files.recover(), self._first_of(room)
        if newest is not None and newest.seq >= first:
            found = self._log.page(room, after=newest.seq - 1, before=newest.seq + 1, limit=1, newest=False)
            if not found or found[0].event.at != newest.at:  # the database was replaced by a copy or a new one
                files.set_aside()
        files.expire(first)
        return files

    def _now(self, room: int, seq: int) -> RoomEvent | None:
        """An event as the log has it now."""
        page = self._log.page(room, after=seq - 1, before=seq + 1, limit=1, newest=False)
        return page[0].event if page else None

    def _try_again(self) -> None:
        self._behind.update(self._failing)
        self._failing.clear()
        self._remove_gone()
        if self._listed:
            return
        try:
            self._look_for_gone()
            for row in self._rooms():
                if row.head:
                    self._fall_behind(row.id, row.head)
            self._listed = True
        except Exception as error:  # whatever the store does, what is noted is written
            self._tell(f"Which rooms there are cannot be read now ({_reason(error)}).")

    def _attempt(self, room: int, upto: int, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # whatever one room's files or the store do, the others' are written
            self._known.pop(room, None)  # what reached the disk is read from the disk
            self._failing[room] = max(upto, self._behind.pop(room, 0))
            self._tell(f"A transcript cannot be written now ({_reason(error)}).")

    def _tell(self, what: str) -> None:
        """Tell the first failure; the next only after everything went well again."""
        if not self._warned:
            self._warned = True
            self._warn(f"{what} Transcripts are completed from the log when that works again.")

    def _pace_retries(self) -> None:
        if self._listed and not self._failing and not self._gone:
            self._warned = False
            self._pause = self._retry_at = 0.0
        elif monotonic() >= self._retry_at:
            self._pause = min(max(2 * self._pause, FIRST_PAUSE), LONGEST_PAUSE)
            self._retry_at = monotonic() + self._pause


def _reason(error: Exception) -> str:
    return str(error) or repr(error)
