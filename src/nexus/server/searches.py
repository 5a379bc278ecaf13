"""How messages are found again."""

from functools import cache

import msgspec

from nexus.core.searching import Query, QueryInvalid, read_query
from nexus.core.session import Session
from nexus.core.tail import cut
from nexus.ports import Store
from nexus.protocol import commands as c
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.server.encoding import payload_of
from nexus.server.state import State
from nexus.server.visits import Visits


class Searches:
    """The verb that finds; all rooms are open for now, so all of them are looked through."""

    def __init__(self, state: State, visits: Visits) -> None:
        self._state = state
        self._visits = visits

    async def search(self, session: Session, command: c.Search) -> Done:
        """A page of the messages that answer a query."""
        try:
            query = read_query(command.query)
        except QueryInvalid as why:
            raise Refusal("bad_request", str(why)) from None
        names = {name for name in (command.room, query.room) if name is not None}
        rooms = {(await self._visits.readable(session, name)).id for name in names}
        if len(rooms) > 1:
            raise Refusal(
                "bad_request", f"You look in '{command.room}' here; leave 'in:{query.room}' out, or look everywhere."
            )
        store, size = self._state.store, self._state.settings.limits.page_bytes
        room = rooms.pop() if rooms else None
        hits, after = await self._state.read(lambda: _page(store, query, room, command.before, command.limit, size))
        return Done(command.ref, hits=[msgspec.Raw(hit) for hit in hits], more=after is not None, next=after)


def _page(
    store: Store, query: Query, room: int | None, before: int | None, limit: int, size: int
) -> tuple[list[bytes], int | None]:
    """Hits as they are sent, and what to go on before; as many of them as fit into `size` bytes, but at least one."""

    @cache
    def name(id: int) -> str:
        row = store.room_by_id(id)
        return "" if row is None else row.name

    while True:
        found = store.search(query, room=room, before=before, limit=limit)
        hits = [payload_of(hit, name(hit.room)) for hit in found.hits]
        limit = len(cut(hits, size))
        if limit == len(hits):
            return hits, found.next
