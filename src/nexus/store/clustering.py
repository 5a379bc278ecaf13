"""What the store in memory does for nodes that share it."""

from collections.abc import Callable, Sequence
from itertools import islice

from nexus.core.announcing import Look
from nexus.core.looking import ALL
from nexus.ports import NodeRow
from nexus.store.durable import Durable
from nexus.store.reading import Reading


class MemoryCluster(Reading):
    """The `Cluster` of a `Durable`; `now` is the clock of what would be the database, in milliseconds."""

    def __init__(self, durable: Durable, now: Callable[[], int]) -> None:
        super().__init__(durable)
        self._now = now
        self.fail: Exception | None = None
        """What every call raises."""

    def beat(self, node: NodeRow, dead: int) -> list[NodeRow]:
        """Note that a node is there, and give up those that said nothing for too long."""
        now, nodes = self._start(), self._d.nodes
        before = nodes.get(node.run)
        nodes[node.run] = node._replace(seen=now, gone=False)
        for one in [one for one in nodes.values() if not one.gone and one.run != node.run and one.seen < now - dead]:
            nodes[one.run] = one._replace(gone=True, seen=now)
        was_gone = before is not None and before.gone
        return [one._replace(gone=was_gone) if one.run == node.run else one for one in nodes.values()]

    def leave(self, run: int) -> None:
        """The node stops."""
        now = self._start()
        if run in self._d.nodes:
            self._d.nodes[run] = self._d.nodes[run]._replace(gone=True, seen=now)

    def forget(self, grace: int) -> list[int]:
        """Forget nodes that were given up a while ago."""
        now = self._start()
        gone = [one.run for one in self._d.nodes.values() if one.gone and one.seen <= now - grace]
        for run in gone:
            del self._d.nodes[run]
        return gone

    def heads(self, rooms: Sequence[int]) -> dict[int, int]:
        """The newest seq of each of these rooms."""
        self._start()
        return {room: self._d.rooms[room].head for room in rooms if room in self._d.rooms}

    def runs(self, sessions: Sequence[int]) -> dict[int, int]:
        """Which node has each of these sessions."""
        self._start()
        return {id: self._d.sessions[id][1] for id in sessions if id in self._d.sessions}

    def looks(self, after: int | None, most: int) -> tuple[int, list[Look]]:
        """What changed after a number."""
        self._start()
        last = next(reversed(self._d.looks), 0)
        if after is None or after >= last:
            return last, []
        if after + 1 < next(iter(self._d.looks)):
            return last, [ALL]
        found = list(islice(((number, look) for number, look in self._d.looks.items() if number > after), most))
        return found[-1][0], [look for _, look in found]

    def _start(self) -> int:
        with self._reading():
            if self.fail is not None:
                raise self.fail
            return self._now()
