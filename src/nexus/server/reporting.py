"""The verbs `report`, `reports` and `settle`."""

from contextlib import suppress

import msgspec

from nexus.core.access import is_moderator
from nexus.core.changes import Denied
from nexus.core.person import person_of
from nexus.core.reporting import AddReport, ForgetReports, ReportRow, SettleReport
from nexus.core.speaker import ROW, Speaker
from nexus.ports import Clock, Store, Unavailable
from nexus.protocol import commands as c
from nexus.protocol.codec import encode
from nexus.protocol.events import Notice, Posted
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.protocol.types import ReportInfo
from nexus.server.access import Access
from nexus.server.journal import Journal
from nexus.server.reading import Reader
from nexus.server.sanctions import HOUR, reason_of
from nexus.server.send import send
from nexus.server.sessions import Sessions
from nexus.settings import Settings

AROUND = 5
"""Events around the message that are copied with it."""

LISTED = 50
"""Reports that are listed at once."""

_copy: msgspec.json.Decoder[list[msgspec.Raw]] = msgspec.json.Decoder(list[msgspec.Raw])


class Reporting:
    """What people tell the moderators of; the one named exception to the deletion of texts (docs/protocol.md)."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        access: Access,
        journal: Journal,
        reader: Reader,
        sessions: Sessions,
        clock: Clock,
    ) -> None:
        self._keep = settings.moderation.report_hours
        self._store = store
        self._access = access
        self._journal = journal
        self._reader = reader
        self._sessions = sessions
        self._clock = clock

    async def report(self, speaker: Speaker, command: c.Report) -> Done:
        """Keep a copy of a message for the moderators, and tell those who are here."""
        room = await self._access.readable(speaker, command.room, command.seq)
        reason = reason_of(command.reason)
        speaker.budget.spend_post(self._clock.now(), ROW * AROUND + len(reason))
        seq, head = command.seq, room.head
        page = await self._reader.page(
            room.id,
            after=max(seq - AROUND // 2 - 1, 0),
            before=min(seq + AROUND // 2 + 2, head + 1),
            limit=AROUND + 1,
            newest=False,
            sources=speaker.sources,
        )
        self._access.still_readable(speaker, room)
        found = next((one for one in page if one.event.seq == seq and isinstance(one.event, Posted)), None)
        if found is None:
            raise Refusal("not_found", f"There is no message {seq} in '{room.name}'.")
        copy = b"[" + b",".join(encode(one.event) for one in page) + b"]"
        change = AddReport(
            self._clock.wall(), speaker.author, speaker.name, room.id, seq, found.author, reason, copy.decode()
        )
        done = await self._journal.change(change, speaker.sources[0])
        if isinstance(done, Denied):
            raise Refusal(done.code, done.message)
        moderators = [one for one in self._sessions.all() if is_moderator(one.role)]
        send(moderators, Notice(text="Somebody reported a message; the list of reports has it."))
        return Done(command.ref)

    async def reports(self, speaker: Speaker, command: c.Reports) -> Done:
        """What waits for a moderator."""
        self._access.check("reports", speaker)
        rows = await self._reader.read(lambda: self._store.reports(LISTED), speaker.sources)
        return Done(command.ref, reports=[self._info(row) for row in rows])

    async def settle(self, speaker: Speaker, command: c.Settle) -> Done:
        """Be done with one."""
        self._access.check("settle", speaker)
        outcome = reason_of(command.outcome)
        change = SettleReport(command.report, speaker.account or 0, self._clock.wall(), outcome)
        if not await self._journal.change(change, speaker.sources[0]):
            raise Refusal("not_found", f"There is no open report {command.report}; `reports` lists them.")
        return Done(command.ref)

    async def forget(self) -> None:
        """What was settled a while ago is erased."""
        with suppress(Unavailable):  # another look will do
            await self._journal.change(ForgetReports(self._clock.wall() - int(self._keep * HOUR)))

    def _info(self, row: ReportRow) -> ReportInfo:
        person = person_of(row.author, self._store.key)
        events = _copy.decode(row.copy)
        return ReportInfo(row.id, row.at, row.name, row.place, row.seq, person, row.reason, events)
