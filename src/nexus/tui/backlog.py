"""What was said while one was away: from the read mark on, a page at a time, and read only as far as it was shown."""

from collections.abc import Callable
from typing import Protocol

from nexus.client.connection import Connection
from nexus.client.reading import Heard, read_page
from nexus.client.view import RoomView
from nexus.protocol.commands import History, Read
from nexus.protocol.events import Posted

PAGE = 30
"""Events shown at once."""


class Screen(Protocol):
    """Where it is shown."""

    connection: Connection
    front: str | None

    def show(self, event: Heard, where: str = "") -> None:
        """Print an event."""

    def line(self, text: str) -> None:
        """Print a line across."""

    def say(self, text: str) -> None:
        """Tell the person something."""


class Backlog:
    """Knows of each room how far its backlog was shown; what comes meanwhile is shown as it comes, and only once."""

    def __init__(self, screen: Screen, read: Callable[[], None]) -> None:
        """`read` is called when all of a room was shown."""
        self._screen = screen
        self._read = read
        self._shown: dict[str, int] = {}
        self._live: dict[str, int] = {}

    def waits(self, room: str) -> bool:
        """Whether there is more to show, so that what comes is not all that is new."""
        return room in self._shown

    def forget(self, room: str) -> None:
        """Nothing of it is to be shown any more."""
        self._shown.pop(room, None)

    def moved(self, before: str, room: str) -> None:
        """A room has another name."""
        for known in (self._shown, self._live):
            if before in known:
                known[room] = known.pop(before)

    def came(self, event: Heard) -> None:
        """A message was shown as it came: the backlog ends before it."""
        if isinstance(event, Posted) and event.room in self._shown:
            self._live.setdefault(event.room, event.seq)

    def begin(self, view: RoomView) -> None:
        """A room with something new came to the front: from now on it is read only as far as `go_on` shows it."""
        self._shown[view.name] = view.read
        self._live.pop(view.name, None)
        self._screen.line("1 new message" if view.unread == 1 else f"{view.unread} new messages")

    async def go_on(self, view: RoomView) -> None:
        """Show the next page; raises Refusal and Offline."""
        room = view.name
        done = await self._screen.connection.ask(History, room=room, after=self._shown[room], limit=PAGE)
        room = view.name  # which may be another by now
        if self._screen.front != room or room not in self._shown:
            return  # one went elsewhere meanwhile, and begins again when one comes back
        page = read_page(done.events)
        if done.first is not None and done.first > self._shown[room] + 1:
            self._screen.say("Older messages have expired.")
        fresh = [event for event in page if event.seq < self._live.get(room, event.seq + 1)]
        for event in fresh:
            if not isinstance(event, Posted) or not event.deleted:
                self._screen.show(event)
        if fresh:
            self._shown[room] = fresh[-1].seq
        if done.more and len(fresh) == len(page):
            self._screen.say("There is more that is new; /next shows it.")
            await self._screen.connection.ask(Read, room=room, seq=self._shown[room])
        else:
            del self._shown[room]
            self._read()
