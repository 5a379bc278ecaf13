"""The verb that finds messages."""

from nexus.core.log import Record
from nexus.core.opaque import hide, unhide
from nexus.core.searching import Query, QueryInvalid, read_query
from nexus.core.speaker import Speaker
from nexus.core.tail import fitting
from nexus.ports import Store
from nexus.protocol import commands as c
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done, Page
from nexus.server.access import Access
from nexus.server.history import size_of
from nexus.server.reading import Reader


class Searches:
    """Looks through the rooms that one may read."""

    def __init__(self, store: Store, access: Access, reader: Reader, page_bytes: int) -> None:
        self._store = store
        self._access = access
        self._reader = reader
        self._page_bytes = page_bytes

    async def search(self, speaker: Speaker, command: c.Search) -> Done:
        """A page of the messages that match a query."""
        try:
            query = read_query(command.query)
        except QueryInvalid as why:
            raise Refusal("bad_request", str(why)) from None
        names = {name for name in (command.room, query.room) if name is not None}
        rooms = {(await self._access.readable(speaker, name)).id for name in names}
        if len(rooms) > 1:
            raise Refusal(
                "bad_request",
                f"This search is limited to '{command.room}'; leave out 'in:{query.room}', or search everywhere.",
            )
        room = rooms.pop() if rooms else None
        before, key = command.before, self._store.key
        if room is None and before is not None:
            before = unhide(before, key)
        hits, after = await self._reader.read(
            lambda: self._page(query, room, before, command.limit, speaker.account or 0), speaker.sources
        )
        if room is None and after is not None:
            after = hide(after, key)
        events = [hit.event for hit in hits if self._access.still_in(speaker, hit)]
        return Page(command.ref, hits=events, more=after is not None, next=after)

    def _page(
        self, query: Query, room: int | None, before: int | None, limit: int, reader: int
    ) -> tuple[list[Record], int | None]:
        """Hits, as many as fit into a page, but at least one; and what to go on before."""
        while True:
            found = self._store.search(query, room=room, before=before, limit=limit, reader=reader)
            limit = fitting((size_of(hit.event) for hit in found.hits), self._page_bytes)
            if limit == len(found.hits):
                return found.hits, found.next
