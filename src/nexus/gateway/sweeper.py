"""Looks at all connections now and then: pings the silent, ends the dead, and in the end everyone."""

from nexus.gateway.gate import Gate
from nexus.gateway.websocket import Socket
from nexus.protocol.codec import encode
from nexus.protocol.events import GOODBYES, Goodbye

EVERY = 1.0
"""Seconds between two looks."""

LINGER = 3.0
"""Seconds that a closed connection may take to read its close frame."""


class Sweeper:
    """One timer for all connections; silence is judged by timestamps, so a late look throws nobody out."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._swept = gate.clock.now()
        gate.clock.later(EVERY, self._sweep)

    def _sweep(self) -> None:
        """Look at every connection; time that this process itself slept is nobody's silence."""
        gate = self._gate
        now = gate.clock.now()
        asleep = now - self._swept - EVERY
        gate.counters.loop_lag = max(asleep, 0.0)
        self._swept = now
        for socket in list(gate.sockets):
            if asleep > EVERY:
                socket.heard += asleep
                socket.since += asleep
            self._look_at(socket, now)
        gate.clock.later(EVERY, self._sweep)

    def _look_at(self, socket: Socket, now: float) -> None:
        beat = self._gate.settings.heartbeat
        silent = now - socket.heard
        if socket.closed:
            if now - socket.since > LINGER:
                socket.abort()
        elif socket.session is None and now - socket.since > self._gate.settings.session.hello_within:
            socket.write(socket.dialect.frames([encode(Goodbye(code="late", reason=GOODBYES["late"]))]))
            socket.close(4008, "late")
        elif silent > beat.within or socket.overfull():
            socket.abort()
        elif silent > beat.every and not socket.pinged:
            socket.ping()

    def close_all(self) -> None:
        """End every connection that is still there."""
        for socket in list(self._gate.sockets):
            socket.close(1012, "restarting")
