"""The node among others: it says that it is there, and looks at the store for what it was not told.

The bus loses messages and does not say so. Every two seconds, and whenever the bus was away, the heads of all rooms in
use are asked for, and what else has changed; so what was lost costs two seconds, and never more.
"""

from collections.abc import Callable, Sequence

import structlog

from nexus.core.announcing import Look
from nexus.core.changes import EndSessions
from nexus.ports import Clock, Link, NodeRow, Unavailable
from nexus.protocol.refusals import Refusal
from nexus.server.active_rooms import ActiveRooms
from nexus.server.hub import Hub
from nexus.server.journal import Journal
from nexus.server.later import start
from nexus.server.reading import Reader

BEAT_EVERY = 1.0
"""Seconds between two signs of life."""

CHECK_EVERY = 2.0
"""Seconds between two looks at the store."""

DEAD = 3500
"""Milliseconds without a sign of life after which a node is given up."""

OFF = 1000
"""Milliseconds by which this node's clock may be off that of the store."""

FORGET_EVERY = 10.0
"""Seconds between two looks for nodes whose people have had their time to come back."""

MOST = 500
"""Things that are read at once of those to look at again."""

log = structlog.get_logger()


class Nodes:
    """Beats, checks and sweeps."""

    behind = 0
    """Events that the store had at the last look, and this node did not."""

    def __init__(
        self,
        link: Link,
        active: ActiveRooms,
        hub: Hub,
        reader: Reader,
        journal: Journal,
        clock: Clock,
        row: Callable[[], NodeRow],
        grace: float,
    ) -> None:
        """The `row` is what this node says of itself, `grace` the seconds that people have to come back."""
        self._cluster, self._correct = link.cluster, link.correct
        self.bus = link.bus
        self._active = active
        self._hub = hub
        self._reader = reader
        self._journal = journal
        self._clock = clock
        self._row = row
        self._grace = grace
        self._checking = False
        self._again = False
        self._forgot = clock.now()
        self._number: int | None = None
        self.repaired = 0
        """Rooms in which the store had events that the bus had not announced."""
        self.known: list[NodeRow] = []
        """The nodes, as of the last sign of life, and those that went lately."""
        self.looked: Callable[[Sequence[Look]], None] = lambda _looks: None
        """Hears what to look at again."""
        self.there: Callable[[set[int]], None] = lambda _runs: None
        """Hears which nodes are there."""
        self.began: Callable[[], None] = lambda: None
        """Hears that it begins."""
        self.replaced: Callable[[], None] = lambda: None
        """Hears that the others had given up this one."""
        self.someone_is_in: Callable[[int], bool] = lambda _room: False
        """Whether anyone on another node is in a room."""
        self.leading: Callable[[], None] = lambda: None
        """Hears that what one node does for all is this one's from now on."""

    @property
    def leads(self) -> bool:
        """Whether this node does what one does for all: it is the oldest of those that are there."""
        return self._leader(self.all) == self._row().run

    @property
    def all(self) -> list[NodeRow]:
        """The nodes that are there."""
        mine = self._row().run
        return [one for one in self.known if not one.gone or one.run == mine]

    def differ(self) -> bool:
        """Whether nodes of another version are there."""
        return any(one.version != self._row().version for one in self.all)

    def begin(self) -> None:
        """Do all of it, again and again."""
        self._beat_again()
        self._check_again()
        self.began()

    def _beat_again(self) -> None:
        start(self.beat())
        self._clock.later(BEAT_EVERY, self._beat_again)

    def _check_again(self) -> None:
        self.check()
        self._clock.later(CHECK_EVERY, self._check_again)

    # --- signs of life -----------------------------------------------------------------------------

    async def beat(self) -> None:
        """Say that this node is there, and learn which others are."""
        row, began = self._row(), self._clock.wall()
        try:
            rows = await self._reader.read(lambda: self._cluster.beat(row, DEAD))
        except (Unavailable, Refusal):
            return  # the next one is due in a moment
        self._set_clock(began, next(one.seen for one in rows if one.run == row.run))
        before, self.known = self.all, rows
        self.there({one.run for one in self.all})
        if any(one.gone and one.run == row.run for one in rows):
            log.warning("the other nodes had given up this one; it looks at everything again")
            self.replaced()
            self.check()
        if self.leads and self._leader(before) != row.run:
            self.leading()
        if self.leads and self._clock.now() - self._forgot >= FORGET_EVERY:
            self._forgot = self._clock.now()
            await self._forget()

    def _set_clock(self, began: int, told: int) -> None:
        """Go by the clock of the store, which is the same for all nodes, where this one's is far from it."""
        late = self._clock.wall() - began
        off = told - began - late // 2
        if abs(off) > OFF and 0 <= late < OFF:
            log.warning("this machine's clock is not the database's, by which all nodes go", seconds=off / 1000)
            self._correct(off)

    def _leader(self, rows: Sequence[NodeRow]) -> int:
        return min((one.run for one in rows), default=0)

    async def _forget(self) -> None:
        """The sessions of nodes that went are over once there was time to go on with them elsewhere."""
        try:
            gone = await self._reader.read(lambda: self._cluster.forget(int(self._grace * 1000)))
            if gone:
                await self._journal.change(EndSessions(runs=tuple(gone)))
        except (Unavailable, Refusal):
            return  # what is left of them ends with the next start of any node

    # --- looking -----------------------------------------------------------------------------------

    def check(self) -> None:
        """Look whether there is more than was heard."""
        if self._checking:
            self._again = True
        else:
            self._checking = True
            start(self._check())

    async def _check(self) -> None:
        ids, after = list(self._active.by_id), self._number
        try:
            heads, (number, looks) = await self._reader.read(
                lambda: (self._cluster.heads(ids), self._cluster.looks(after, MOST))
            )
        except (Unavailable, Refusal):
            return
        finally:
            self._checking = False
        self._number = number
        self.behind = sum(self._catch_up(*each) for each in heads.items())
        if looks:
            self.looked(looks)
        if self._again or len(looks) == MOST:
            self._again = False
            self.check()

    def _catch_up(self, id: int, head: int) -> int:
        """How many events a room lacks here, which are read then."""
        room = self._active.by_id.get(id)
        if room is None or room.head >= head:
            return 0
        self.repaired += 1
        lacks = head - room.head
        self._hub.refresh(room)
        return lacks
