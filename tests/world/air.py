"""The way between nodes on one store: what one announces is in the air until a test lets it arrive, or not."""

from collections.abc import Callable

from nexus.core.announcing import Announcement, decode, encode

Hear = Callable[[Announcement], None]


class Air:
    """Announcements under way; a test loses them, repeats them and lets them arrive in any order."""

    def __init__(self) -> None:
        self.buses: list[AirBus] = []
        self._waiting: list[tuple[AirBus, bytes]] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def bus(self) -> "AirBus":
        """The bus of one more node."""
        bus = AirBus(self)
        self.buses.append(bus)
        return bus

    def send(self, sender: "AirBus", payload: bytes) -> None:
        """An announcement of one node is under way to all others."""
        self._waiting += [(bus, payload) for bus in self.buses if bus is not sender]

    def arrive(self, index: int = 0, *, again: bool = False) -> None:
        """Let one of the announcements arrive; with `again` it will do so once more."""
        bus, payload = self._waiting[index] if again else self._waiting.pop(index)
        heard = decode(payload)
        assert heard is not None
        if bus in self.buses:
            bus.hear(heard)

    def lose(self, index: int) -> None:
        """One of the announcements never arrives."""
        del self._waiting[index]


class AirBus:
    """A node's end of it; a node that is alone tells nobody."""

    def __init__(self, air: Air) -> None:
        self._air = air
        self.hear: Hear
        self.state = True, 0

    def announce(self, announcement: Announcement) -> None:
        self._air.send(self, encode(announcement))

    def listen(self, hear: Hear, again: Callable[[], None]) -> None:  # noqa: ARG002
        self.hear = hear
