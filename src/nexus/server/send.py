"""Passing events, sent to those who are connected: nobody is served them later."""

from collections.abc import Iterable

from nexus.core.tail import Dialect
from nexus.protocol.events import Passing
from nexus.server.sessions import Session


def send(sessions: Iterable[Session], event: Passing) -> None:
    """Write an event to each session's connection, encoded once per dialect."""
    frames: dict[Dialect, bytes] = {}
    for session in sessions:
        listener = session.listener
        if listener is not None:
            frame = frames.get(listener.dialect)
            if frame is None:
                frame = frames[listener.dialect] = listener.dialect.encode(event)
            listener.write(frame)
