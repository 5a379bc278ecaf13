"""The ports Clock and Threads on an asyncio loop."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from nexus.ports import Timer, Unavailable
from nexus.server.later import start

T = TypeVar("T")
Job = tuple[Callable[[], Any], Callable[[Any], None]]

SWITCH = 0.0005
"""Seconds after which Python lets another thread go on: the loop's waits that long for each thread that reads."""

BEHIND = 15
"""How much nicer threads that read or hash are than the loop's (nice(2)): a flood of that waits for itself."""

READERS = 2
"""Threads that read the store; more would only wait for the interpreter."""


class LoopClock:
    """The machine's clocks, and the loop's timers."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._ahead = 0
        self.now = time.monotonic  # uvloop's own time stands still while the loop is at work

    def wall(self) -> int:
        """UTC milliseconds."""
        return time.time_ns() // 1_000_000 + self._ahead

    def correct(self, by: int) -> None:
        """Show so many milliseconds more from now on."""
        self._ahead += by

    def soon(self, call: Callable[[], None]) -> None:
        """Call after what is being handled now."""
        self._loop.call_soon(call)

    def later(self, seconds: float, call: Callable[[], None]) -> Timer:
        """Call after so many seconds."""
        return self._loop.call_later(seconds, call)


class Workers:
    """A few threads that take jobs from one queue; each result goes back to the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, name: str, count: int, behind: int = 0) -> None:
        """With `behind`, they have the core only when the loop and the writer do not want it (on Linux)."""
        self._loop = loop
        self._behind = behind
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"nexus-{name}-{index}", daemon=True) for index in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[[], T], then: Callable[[T | Exception], None]) -> None:
        """Do `work` in a thread, then call `then` with its result or its error on the loop's thread."""
        self._jobs.put((work, then))

    def do_what_waits(self) -> None:
        """Do now, in a job of this one thread, what was submitted since; raises Unavailable where it is to end."""
        with suppress(Empty):
            while True:
                job = self._jobs.get_nowait()
                if job is None:
                    self._jobs.put(None)
                    raise Unavailable("The server is stopping.")
                self._do(*job)

    def _work(self) -> None:
        if self._behind and sys.platform == "linux":  # elsewhere that is the whole process's, not the thread's
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), self._behind)
        while (job := self._jobs.get()) is not None:
            self._do(*job)

    def _do(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        try:
            result = work()
        except Exception as error:  # anyone who asked is told, whatever it was
            result = error
        with suppress(RuntimeError):  # the loop was closed: nobody is left to tell
            self._loop.call_soon_threadsafe(then, result)

    def give_up(self, why: Exception) -> None:
        """Begin nothing more of what was submitted: those who wait for it get the error."""
        with suppress(Empty):
            while True:
                job = self._jobs.get_nowait()
                if job is not None:
                    self._loop.call_soon_threadsafe(job[1], why)

    def stop(self) -> None:
        """End the threads once they have done what was submitted."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()


class LoopThreads:
    """One writer, a few readers, a few hashers, and one for what takes long and nobody waits for."""

    def __init__(self, loop: asyncio.AbstractEventLoop, hashers: int) -> None:
        self._writer = Workers(loop, "writer", 1)
        self._readers = Workers(loop, "reader", READERS, BEHIND)
        self._hashers = Workers(loop, "hasher", hashers, BEHIND)
        self._aside = Workers(loop, "aside", 1, BEHIND)
        self.write = self._writer.submit
        self.write_what_waits = self._writer.do_what_waits
        self.aside = self._aside.submit
        self.read = self._readers.submit
        self.hash = self._hashers.submit

    def stop_reading(self, why: Exception) -> None:
        """Begin nothing more that reads or hashes."""
        self._readers.give_up(why)
        self._hashers.give_up(why)

    def stop(self) -> None:
        """End the threads once they have done what was submitted; a backup that is looked through is given up."""
        for workers in (self._writer, self._readers, self._hashers):
            workers.stop()


async def on_loop(verb: Coroutine[Any, None, T]) -> T:
    """What a verb of the server gives, awaited as asyncio does."""
    future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    async def run() -> None:
        try:
            value = await verb
        except Exception as error:  # it is raised below, to anyone who waits
            if not future.done():
                future.set_exception(error)
        else:
            if not future.done():
                future.set_result(value)

    start(run())
    return await future
