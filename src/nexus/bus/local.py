"""The bus of a node that is alone."""

from collections.abc import Callable, Sequence

from nexus.core.log import Record


class LocalBus:
    """Nobody else needs to hear: the node delivers its own events itself."""

    def announce(self, room: int, events: Sequence[Record]) -> None:
        """Tell the other nodes, of which there are none."""

    def listen(self, hear: Callable[[int, Sequence[Record]], None]) -> None:
        """Hear of other nodes' events, of which there are none."""
