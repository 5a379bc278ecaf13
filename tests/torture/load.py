"""A load on a server: people who talk, listen, drop, read slowly and come back, each with a record of it all.

It runs in a thread of its own, so that a test may kill, suspend and starve the server meanwhile:

    with Load(server.ws, seed, file=tmp_path / "load.jsonl") as load:
        load.more(200)     # until so many more posts are acknowledged
        server.kill()
        server.start()
        load.finish()      # every post has its final answer, everyone has everything
    faults = judge(load.log.records, read_history(server.ws, load.rooms), ...)
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from random import Random
from typing import Any

from tests.conformance.peer import Peer, fresh
from tests.torture.person import BACK, Dropper, Newcomer, Person, Slow
from tests.torture.record import Event, Log, Mood
from tests.torture.sender import FINAL, Sender

ROOMS = ("garden", "kitchen", "cellar")

WITHIN = 90.0
"""Seconds after which progress that should come counts as missing; far more than any takes."""


class Load:
    """A context manager; `final` are the refusals after which senders give a post up instead of sending it again."""

    def __init__(
        self,
        url: str,
        seed: int,
        *,
        rooms: Sequence[str] = ROOMS,
        senders: int = 5,
        stayers: int = 2,
        droppers: int = 2,
        slow: int = 1,
        newcomers: int = 2,
        final: frozenset[str] = FINAL,
        file: Path | None = None,
    ) -> None:
        self.url = url
        self.rooms = list(rooms)
        self.log = Log()
        self.seed = seed
        self._random = Random(seed)
        self._mood = Mood()
        self._file = file
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="load")
        self._tasks: list[asyncio.Task[None]] = []
        self._arriving: list[asyncio.Task[None]] = []
        self._newcomers = newcomers
        self._failed: asyncio.Future[None]
        kinds = [(Sender, senders), (Person, stayers), (Dropper, droppers), (Slow, slow)]
        self._counts: list[tuple[type[Person], int]] = list(kinds)
        self._final = final
        self.people: list[Person] = []

    # --- for a test, in its own thread -------------------------------------------------------------

    def __enter__(self) -> "Load":
        self._thread.start()
        self._run(self._begin())
        return self

    def __exit__(self, *failed: Any) -> None:
        try:
            self._run(self._end())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            if failed[0] is not None:
                self.write()

    @property
    def acknowledged(self) -> int:
        """How many posts are acknowledged so far."""
        return self.log.counts["acknowledged"]

    def until(self, within: float = WITHIN, **counts: int) -> None:
        """Wait until there are so many records of each kind, as in until(acknowledged=100, began=3)."""

        def missing() -> dict[str, int]:
            return {what: count for what, count in counts.items() if self.log.counts[what] < count}

        self._run(self._wait(lambda: not missing()), within, lambda: f"still waits for {missing()}")

    def more(self, acknowledged: int, within: float = WITHIN) -> None:
        """Wait until so many more posts are acknowledged."""
        self.until(within, acknowledged=self.acknowledged + acknowledged)

    def pause(self) -> None:
        """Let nobody post anything new; what waits for its answer goes on."""
        self._run(self._talk(False))

    def resume(self) -> None:
        """Let everyone talk again."""
        self._run(self._talk(True))

    def quiet(self, within: float = WITHIN) -> None:
        """Pause, and wait until every post has its final answer."""
        self.pause()
        self._run(
            self._wait(lambda: not self._unanswered()), within, lambda: f"without an answer: {self._unanswered()}"
        )

    def finish(self, within: float = WITHIN) -> None:
        """Stop talking and dropping; wait until every post is answered and everyone is here and has everything."""
        self.quiet(within)
        self._run(self._settle(), within, lambda: "newcomers do not leave")
        self.reach(read_heads(self.url, self.rooms), within)

    def reach(self, heads: dict[str, int], within: float = WITHIN) -> None:
        """Wait until everyone is here and has everything up to these heads."""
        told = self._wait(lambda: not self._behind(heads))
        self._run(told, within, lambda: f"has people behind the heads {heads}: {self._behind(heads)}")

    def write(self) -> None:
        """Write all records to the file that was named, if one was."""
        if self._file is not None:
            self.log.write(self._file)

    # --- in the load's thread ----------------------------------------------------------------------

    def _run(
        self, doing: Coroutine[Any, Any, None], within: float = WITHIN, why: Callable[[], str] | None = None
    ) -> None:
        future = asyncio.run_coroutine_threadsafe(doing, self._loop)
        try:
            future.result(within)
        except TimeoutError as late:  # which names what failed before it, where this is the end of a failed test
            future.cancel()
            raise AssertionError(f"After {within} s the load (seed {self.seed}) {why() if why else 'hangs'}") from late

    async def _begin(self) -> None:
        self._failed = self._loop.create_future()
        for kind, count in self._counts:
            for number in range(1, count + 1):
                name = fresh(f"{kind.__name__}{number}")
                person = kind(self.url, name, self.rooms, self.log, self._mood, self._fork())
                if isinstance(person, Sender):
                    person.final = self._final
                self.people.append(person)
                self._tasks.append(self._start(person.live()))
        self._arriving = [self._start(self._arrive(self._fork())) for _ in range(self._newcomers)]
        await self._wait(lambda: all(person.here for person in self.people))

    def _fork(self) -> Random:
        return Random(self._random.getrandbits(64))

    def _start(self, doing: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = self._loop.create_task(doing)
        task.add_done_callback(self._check)
        return task

    def _check(self, task: "asyncio.Task[None]") -> None:
        """A person of the load itself failed: that ends the test, and is no fault of the server."""
        if not task.cancelled() and (fault := task.exception()) is not None and not self._failed.done():
            self._failed.set_exception(fault)

    async def _arrive(self, random: Random) -> None:
        """One newcomer after the other."""
        while not self._mood.settling:
            person = Newcomer(self.url, fresh("Newcomer"), self.rooms, self.log, self._mood, random)
            await person.live()
            await asyncio.sleep(random.uniform(*BACK))

    async def _wait(self, true: Callable[[], bool]) -> None:
        waiting = self._loop.create_task(self.log.until(true))
        try:
            await asyncio.wait([waiting, self._failed], return_when=asyncio.FIRST_COMPLETED)
            if self._failed.done():
                self._failed.result()
        finally:
            waiting.cancel()

    async def _talk(self, talking: bool) -> None:
        self._mood.talking = talking
        for person in self.people:
            if isinstance(person, Sender):
                person.nudge()

    async def _settle(self) -> None:
        self._mood.settling = True
        await asyncio.gather(*self._arriving)

    def _unanswered(self) -> dict[str, int]:
        senders = [person for person in self.people if isinstance(person, Sender)]
        return {sender.name: len(sender.waiting) for sender in senders if sender.waiting}

    def _behind(self, heads: dict[str, int]) -> list[str]:
        behind = []
        for person in self.people:
            cursors = {room: (cursor or {"seq": 0})["seq"] for room, cursor in person.cursors.items()}
            if not person.here or any(cursors[room] < heads[room] for room in self.rooms):
                behind.append(f"{person.name} at {cursors}" if person.here else f"{person.name}, who is not here,")
        return behind

    async def _end(self) -> None:
        self._mood.settling = True
        tasks = [*self._tasks, *self._arriving]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        if self._failed.done():
            self._failed.exception()


def read_heads(url: str, rooms: Sequence[str]) -> dict[str, int]:
    """The newest seq of each room, over a new connection."""
    peer = Peer(url)
    peer.greet(fresh("Reader"))
    pages = {room: peer.done("history", room=room, limit=1)["events"] for room in rooms}
    peer.leave()
    return {room: events[-1]["seq"] if events else 0 for room, events in pages.items()}


def read_history(url: str, rooms: Sequence[str]) -> dict[str, list[Event]]:
    """The whole log of each room, page by page, over a new connection."""
    peer = Peer(url)
    peer.greet(fresh("Reader"))
    logs = {room: _pages(peer, room) for room in rooms}
    peer.leave()
    return logs


def _pages(peer: Peer, room: str) -> list[Event]:
    events: list[Event] = []
    more = True
    while more:
        page = peer.done("history", room=room, after=events[-1]["seq"] if events else 0, limit=200)
        events += page["events"]
        more = page["more"]
    return events


def read_transcripts(data: Path, rooms: Sequence[str]) -> dict[str, list[str]]:
    """The lines of each room's transcript, with their line feeds, without the headers of the files."""
    logs: dict[str, list[str]] = {}
    for room in rooms:
        # A line may be there by half, for as long as the disk is full.
        texts = [file.read_bytes().decode(errors="replace") for file in sorted((data / "logs" / room).glob("*.log"))]
        lines = [f"{line}\n" for text in texts for line in text.removesuffix("\n").split("\n")]
        logs[room] = [line for line in lines if not line.startswith("# ")]
    return logs
