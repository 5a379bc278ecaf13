"""What an operator and moderators look at, in the store in memory."""

from msgspec.structs import replace

from nexus.core.copying import CopyRow
from nexus.core.destroying import GONE, Gone
from nexus.core.inviting import kept_as
from nexus.core.moderating import PRIVATE
from nexus.core.people import Act, BanRow, Invite, Profile
from nexus.core.purging import DOING, UNDOING, PurgeRow
from nexus.core.reporting import ReportRow
from nexus.protocol.events import Posted
from nexus.store.protecting import Protected


class Overseeing(Protected):
    """Everything of it is read, nothing changed."""

    def profiles(self, after: str, limit: int, owner: int = 0) -> list[Profile]:
        with self._reading():
            ids = [one.id for one in self._d.accounts.values() if owner in (0, one.owner)]
            names = sorted((self._d.names[id].key, id) for id in ids)
            return [self._profile(id) for key, id in names if key > after][: max(limit, 0)]

    def _profile(self, id: int) -> Profile:
        account = self._d.accounts[id]
        used = [login.used for login in self._d.logins.values() if login.account == id]
        return Profile(
            id,
            account.name,
            self._d.names[id].key,
            account.role,
            self._d.created[id],
            len(used),
            max(used, default=0),
            account.limited,
            self._d.accounts[account.owner].name if account.owner else "",
        )

    def invites(self) -> list[Invite]:
        with self._reading():
            kept = [invite for invite, _ in self._d.invites.values()]
            return [self._invite(one) for one in sorted(kept, key=lambda one: (one.created, kept_as(one.id)))]

    def _invite(self, invite: Invite) -> Invite:
        """An invite with what everything is called now."""
        place = self._place(invite.room)
        used = tuple(self._name(account, "") for account in self._d.invited.get(invite.id, ()))
        return replace(invite, place=place, doer=self._name(invite.by, ""), used=used)

    def meet(self, account: int, other: int) -> bool:
        with self._reading():
            return self._d.meet(account, other)

    def acts(self, limit: int, *, before: int | None = None, server: bool = True, reader: int = 0) -> list[Act]:
        with self._reading():
            acts = [act for id, act in sorted(self._d.acts.items(), reverse=True) if before is None or id < before]
            theirs = [act for act in acts if (server and act.id < PRIVATE) or self._oversees(reader, act)]
            return [self._act(act) for act in theirs[: max(limit, 0)]]

    def _oversees(self, reader: int, act: Act) -> bool:
        """Whether someone owns the room of an act, or moderates it and the act is not about the room itself."""
        place = self._d.places.get((act.room, reader), "")
        return place == "owner" or (place == "moderator" and act.verb not in ("destroy", "revive"))

    def destroyed(self) -> list[Gone]:
        with self._reading():
            used = {self._d.folders.get(row.id, row.name) for row in self._d.rooms.values()}
            kept = [(room, one) for room, one in sorted(self._d.destroyed.items()) if one.state < GONE]
            return [Gone(room, one.row.name, one.act, "" if one.folder in used else one.folder) for room, one in kept]

    def _act(self, act: Act) -> Act:
        """An act with what people, and rooms, are called now."""
        undone = any(other.undoes == act.id for other in self._d.acts.values())
        aside = self._d.destroyed.get(act.room)
        row = self._d.rooms.get(act.room) or (aside.row if aside else None)
        name = self._name(act.target or act.account, act.name) or (row.title if row else "")
        place = row.name if row else ""
        return replace(act, name=name, doer=self._name(act.by, ""), undone=undone, place=place)

    def bans(self, limit: int) -> list[BanRow]:
        with self._reading():
            rows = sorted(self._d.bans.values(), reverse=True, key=lambda ban: ban.id)[: max(limit, 0)]
            return [row._replace(act=self._act(row.act)) for row in rows]

    def paused(self) -> bool:
        with self._reading():
            return bool(self._d.pause)

    def origin(self, author: int) -> str:
        with self._reading():
            return self._d.origins.get(author, ("", 0))[0]

    def muted(self, author: int) -> int | None:
        with self._reading():
            return self._d.mutes[author][0] if author in self._d.mutes else None

    def reports(self, limit: int) -> list[ReportRow]:
        with self._reading():
            rows = [row for row in self._d.reports.values() if not row.settled]
            return [
                row._replace(name=self._name(row.by, row.name), place=self._place(row.room))
                for row in rows[: max(limit, 0)]
            ]

    def copies(self) -> list[CopyRow]:
        with self._reading():
            return [row for row, _ in self._d.copies.values()]

    def _place(self, room: int) -> str:
        return self._d.rooms[room].name if room in self._d.rooms else ""

    def purges(self) -> list[PurgeRow]:
        with self._reading():
            return [row for row in self._d.purges.values() if row.state in (DOING, UNDOING)]

    def purged(self, act: int, limit: int) -> list[tuple[int, int]]:
        with self._reading():
            return sorted(at for at, (by, _) in self._d.purged.items() if by == act)[: max(limit, 0)]

    def said_since(
        self, author: int, since: int, *, before: int | None, limit: int, address: str = ""
    ) -> tuple[list[tuple[int, int]], int | None]:
        with self._reading():
            records = list(self._d.records.values())
            high = len(records) if before is None else min(before, len(records))
            step = records[max(high - limit, 0) : high]
            found = [
                (one.room, one.event.seq)
                for one in step
                if self._d.is_by(one.author, author, address)
                and isinstance(one.event, Posted)
                and one.event.at >= since
                and not one.event.deleted
            ]
            copied = bool(step) and step[0].event.seq <= self._d.copied.get(step[0].room, 0)
            over = not step or high <= limit or (step[0].event.at < since and not copied)
            return found, None if over else high - limit

    def removals(self) -> list[int]:
        with self._reading():
            return sorted(self._d.removals)

    def said_by(self, account: int, *, after: int, limit: int) -> tuple[list[tuple[int, int]], int | None]:
        with self._reading():
            records = list(self._d.records.values())
            step = records[after : after + limit]
            found = [
                (one.room, one.event.seq)
                for one in step
                if one.author == account and isinstance(one.event, Posted) and not one.event.deleted
            ]
            return found, after + limit if after + limit < len(records) else None
