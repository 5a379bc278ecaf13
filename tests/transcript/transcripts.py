"""What the tests of transcripts share: a log in memory, and what the files on the disk must be."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nexus.core.folders import folder
from nexus.core.lines import day, header, line, without_text
from nexus.core.log import Found, Record
from nexus.core.people import Counts, RoomRow
from nexus.protocol import kinds
from nexus.protocol.events import Amendment, Deleted, Edited, Posted, RoomEvent
from nexus.protocol.folding import fold
from nexus.transcript.writer import Transcript

NOON = 1_795_348_800_000  # 2026-11-22, UTC
DAY = 86_400_000
LONG = 20.0
"""Seconds that a test waits for what takes milliseconds."""

Files = dict[str, bytes]


class Log:
    """A log in memory, of rooms numbered from 1, that fails and stalls when it is told to.

    `failing` is what reading raises, if anything. Who reads sets `asked` and waits for `answering`;
    `pages` names the room of each reading.
    """

    def __init__(self, *names: str) -> None:
        self.names = names or ("garden",)
        self.events: dict[int, list[RoomEvent]] = {room: [] for room in range(1, len(self.names) + 1)}
        self.failing: Exception | None = None
        self.pages: list[int] = []
        self.asked = threading.Event()
        self.answering = threading.Event()
        self.answering.set()

    def post(self, text: str, *, room: int = 1, at: int = NOON, by: str = "bo") -> Record:
        seq = len(self.events[room]) + 1
        event = Posted(room=self.names[room - 1], seq=seq, at=at + seq, by=by, text=text)
        self.events[room].append(event)
        return Record(room, 1, event)

    def does(self, kind: type[Amendment], target: int, text: str = "", *, at: int = NOON) -> Record:
        """What someone does to a message of the first room."""
        log = self.events[1]
        seq, number = len(log) + 1, kinds.BY_EVENT[kind].number
        event = kinds.restore(number, text, target, None, room=self.names[0], seq=seq, at=at + seq, by="bo")
        assert isinstance(event, Amendment)
        if isinstance(event, Edited | Deleted):
            log[:] = [
                without_text(one) if isinstance(one, Edited) and one.target == event.target else one for one in log
            ]
        message = log[event.target - 1]
        assert isinstance(message, Posted)
        log[event.target - 1] = fold(message, event)
        log.append(event)
        return Record(1, 1, event)

    def records(self, room: int = 1) -> list[Record]:
        """All of a room, as a commit hands them out."""
        return [Record(room, 1, event) for event in self.events[room]]

    def page(
        self,
        room: int,
        *,
        after: int,
        before: int,
        limit: int,
        newest: bool,
        size: int | None = None,  # noqa: ARG002
    ) -> list[Record]:
        self.pages.append(room)
        self.asked.set()
        assert self.answering.wait(LONG)
        if self.failing:
            raise self.failing
        found = self.events[room][after : before - 1]
        return [Record(room, 1, event) for event in (found[-limit:] if newest else found[:limit])]

    def pinned(self, room: int, limit: int, *, before: int | None = None, size: int | None = None) -> Found:
        raise NotImplementedError

    def replies(self, room: int, seq: int, limit: int, *, before: int, size: int | None = None) -> list[Record]:
        raise NotImplementedError

    def counts(self, room: int, reader: int, *, after: int, upto: int, most: int) -> Counts:
        raise NotImplementedError

    def rooms(self) -> Iterator[RoomRow]:
        if self.failing:
            raise self.failing
        for room, events in self.events.items():
            yield RoomRow(room, self.names[room - 1], "", len(events), events[-1].at if events else 0)

    def files(self) -> Files:
        """What the transcripts must be."""
        files: dict[str, list[str]] = {}
        for room, events in self.events.items():
            for event in events:
                name = f"{folder(self.names[room - 1])}/{day(event.at)}.log"
                files.setdefault(name, [header(self.names[room - 1], event.at)]).append(line(event))
        return {name: "".join(lines).encode() for name, lines in files.items()}


class Warnings(list[str]):
    """What the person who runs the server is told."""

    def __init__(self) -> None:
        super().__init__()
        self.came = threading.Event()

    def __call__(self, text: str) -> None:
        self.append(text)
        self.came.set()


def new(data: Path, log: Log, warn: Warnings | None = None, every: float = 0.001, open_files: int = 9) -> Transcript:
    return Transcript(
        data,
        log,
        lambda room: log.names[room - 1],
        log.rooms,
        every=every,
        open_files=open_files,
        warn=warn if warn is not None else Warnings(),
    )


@contextmanager
def running(
    data: Path, log: Log, warn: Warnings | None = None, every: float = 0.001, open_files: int = 9
) -> Iterator[Transcript]:
    transcript = new(data, log, warn, every, open_files)
    transcript.start()
    try:
        yield transcript
    finally:
        transcript.stop(LONG)


def on_disk(data: Path) -> Files:
    logs = data / "logs"
    return {str(path.relative_to(logs)): path.read_bytes() for path in sorted(logs.rglob("*")) if path.is_file()}


def restarted(data: Path, log: Log) -> Files:
    """What is on the disk after a start that completed everything."""
    with running(data, log) as transcript:
        assert transcript.flush(LONG)
    return on_disk(data)
