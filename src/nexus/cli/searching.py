"""What `nexus search` prints: what was found, the newest first, until there is enough of it."""

import asyncio

from nexus.cli.connected import print_event
from nexus.client.connection import Connection
from nexus.client.reading import Entry, read_page
from nexus.core.texts import one_line
from nexus.protocol.commands import Search
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done

PAGE = 50
"""Hits asked for at once."""


async def print_found(connection: Connection, query: str, room: str | None, limit: int, *, as_json: bool) -> None:
    """Print so many hits, asking on where the server has looked through much and found little yet."""
    before: int | None = None
    while limit > 0:
        done = await _page(connection, query, room, before, min(limit, PAGE))
        for event in read_page(done.hits):
            _print(event, as_json=as_json)
            limit -= 1
        before = done.next
        if not done.more or before is None:
            return


async def _page(connection: Connection, query: str, room: str | None, before: int | None, limit: int) -> Done:
    """The next hits; waits where the server wants that."""
    while True:
        try:
            return await connection.ask(Search, query=query, room=room, before=before, limit=limit)
        except Refusal as refusal:
            if refusal.retry_after is None:
                raise
            await asyncio.sleep(refusal.retry_after)


def _print(event: Entry, *, as_json: bool) -> None:
    if not as_json:
        print(f"#{one_line(event.room)} {event.seq}", end="\t")
    print_event(event, as_json)
