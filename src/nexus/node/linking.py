"""What ties a node to others that share its store, where the settings ask for it."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress

from nexus.node.loop import LoopClock
from nexus.node.stores import NodeStore
from nexus.ports import Link, Unavailable
from nexus.settings import Settings

Ending = Callable[[], Awaitable[None]]


async def _nothing() -> None:
    """A node that is alone has nobody to leave."""


def open_link(settings: Settings, store: NodeStore, clock: LoopClock) -> tuple[Link | None, Ending]:
    """The link to the others and how it ends; None for a node that is alone."""
    cluster = store.cluster
    if not settings.bus.url or cluster is None:
        return None, _nothing
    from nexus.bus.nats import NatsBus  # here, as nobody else is to wait for it

    bus = NatsBus(settings.bus.url, store.epoch)

    async def leave() -> None:
        await bus.close()
        with suppress(Unavailable):
            await asyncio.get_running_loop().run_in_executor(None, cluster.leave, store.run)

    return Link(bus, cluster, clock.correct, f"{socket.gethostname()}:{settings.port}"), leave
