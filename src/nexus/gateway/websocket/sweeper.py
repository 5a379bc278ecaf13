"""Looks at all connections now and then: pings the silent, ends the dead, and in the end everyone."""

import errno
import os

import structlog

from nexus.gateway.admission import Admission, Counted
from nexus.protocol.codes import GOODBYES
from nexus.protocol.events import Goodbye

EVERY = 1.0
"""Seconds between two looks."""

LINGER = 3.0
"""Seconds that a closed connection may take to read its close frame."""

SAY_EVERY = 60.0
"""Seconds between two sentences about the same trouble."""

log = structlog.get_logger()


class Sweeper:
    """One timer for all connections; silence is judged by timestamps, so a late look throws nobody out."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._swept = admission.clock.now()
        self._said = self._swept - SAY_EVERY

    def start(self) -> None:
        """Look from now on."""
        self._admission.clock.later(EVERY, self._sweep)

    def _sweep(self) -> None:
        """Look at every connection; time that this process itself slept is nobody's silence."""
        admission = self._admission
        now = admission.clock.now()
        asleep = now - self._swept - EVERY
        admission.counters.loop_lag = max(asleep, 0.0)
        self._swept = now
        for socket in list(admission.sockets):
            if asleep > EVERY:
                socket.heard += asleep
                socket.since += asleep
            self._look_at(socket, now)
        if now - self._said >= SAY_EVERY:
            self._look_at_files(now)
        admission.clock.later(EVERY, self._sweep)

    def _look_at(self, socket: Counted, now: float) -> None:
        beat = self._admission.settings.heartbeat
        silent = now - socket.heard
        if socket.closed:
            if now - socket.since > LINGER:
                socket.abort()
        elif not socket.greeted and now - socket.since > self._admission.settings.session.hello_within:
            socket.send(Goodbye.of("late"))
            socket.close(GOODBYES["late"].close or 1000, "late")
        elif silent > beat.within or socket.overfull():
            socket.abort()
        elif silent > beat.every and not socket.pinged:
            socket.ping()

    def _look_at_files(self, now: float) -> None:
        """Where no file can be opened, the loop drops new connections without a word: say it here."""
        try:
            os.close(os.open(os.devnull, os.O_RDONLY))
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._said = now
                log.warning(
                    "no more open files are allowed, so nobody new can connect; raise the limit (ulimit -n)",
                    connections=len(self._admission.sockets),
                )

    def close_all(self) -> None:
        """End every connection that is still there."""
        for socket in list(self._admission.sockets):
            socket.close(GOODBYES["restarting"].close or 1000, "restarting")
