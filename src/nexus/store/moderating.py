"""How the store in memory changes who may talk and come in."""

from typing import Any

from nexus.core import moderating as m
from nexus.core import reporting as r
from nexus.core.access import OPERATOR_ROLE, may_hide
from nexus.core.changes import Denied, RetireSession
from nexus.core.people import Act, BanRow, RoomRow
from nexus.core.purging import DOING, DONE, GUESTS, GUESTS_NAME, UNDOING, UNDONE, PurgeRow
from nexus.store.writing import Writing


class Moderating(Writing):
    """What moderators do, each so that it can be undone."""

    def _moderate(self, change: m.Moderation) -> int | Denied:
        if isinstance(change, m.Undo):
            return self._undo_act(change)
        return m.why_not(change, self._role(change.by), self._role(change.target)) or self._do(change)

    def _role(self, author: int) -> str:
        """What someone is on the server; 0 is the operator, who moderates."""
        return OPERATOR_ROLE if author == 0 else self._standing(0, author).role

    def _do(self, change: m.Moderation, undoes: int = 0) -> int | Denied:
        target = change.target
        if isinstance(change, m.Pause | m.Unpause):
            return self._pause(change, undoes)
        match change:
            case m.Mute():
                until, earlier = self._d.mutes.get(target, (0, 0))
                act = self._note_moderation(change, f"{earlier} {until}" if earlier else "", undoes)
                self._put(self._d.mutes, target, (change.until, act.id))
            case m.Unmute():
                if not self._drop(self._d.mutes, target):
                    return Denied("not_found", "They are not muted.")
                act = self._note_moderation(change, undoes=undoes)
                if change.act:
                    self._put(self._d.mutes, target, (change.until, change.act))
            case m.Ban():
                act = self._ban(change, undoes)
            case m.Unban():
                return self._unban(change, undoes)
            case m.GiveRole() | m.Limit() | m.Unlimit():
                return self._about_account(change, undoes)
            case m.Purge():
                act = self._note_moderation(change, undoes=undoes)
                self._begin_purge(act.id, change, change.room, change.since, "")
            case m.Restore():
                act = self._note_moderation(change, undoes=undoes, room=change.room, lot=change.lot)
                self._take_back(change.purge, change)
            case _:
                raise TypeError(f"{type(change).__name__} is nothing that moderators do.")
        return act.id

    def _ban(self, change: m.Ban, undoes: int) -> Act:
        act = self._note_moderation(change, undoes=undoes)
        id = max(self._d.bans, default=0) + 1
        self._put(self._d.bans, id, BanRow(id, change.target, change.address, change.until, act))
        if change.since:
            self._begin_purge(act.id, change, 0, change.since, change.address)
        self._end_author(change.target)
        return act

    def _unban(self, change: m.Unban, undoes: int) -> int | Denied:
        if not self._drop(self._d.bans, change.ban):
            return Denied("not_found", "There is no such ban.")
        if undoes in self._d.purges:
            self._take_back(undoes, change)  # what was hidden with it stands again
        return self._note_moderation(change, undoes=undoes).id

    def _begin_purge(self, act: int, change: m.Moderation, room: int, since: int, address: str) -> None:
        doer = self._d.accounts[change.by].name if change.by in self._d.accounts else ""
        row = PurgeRow(act, change.target, room, since, DOING, change.by, doer, change.name or GUESTS_NAME, address)
        self._put(self._d.purges, act, row)

    def _take_back(self, act: int, change: m.Moderation) -> None:
        doer = self._d.accounts[change.by].name if change.by in self._d.accounts else ""
        self._put(self._d.purges, act, self._d.purges[act]._replace(state=UNDOING, by=change.by, doer=doer))

    def _about_account(self, change: m.GiveRole | m.Limit | m.Unlimit, undoes: int) -> int | Denied:
        now = self._standing(0, change.target)
        denied = m.why_not_changed(change, now)
        if denied is not None:
            return denied
        if isinstance(change, m.GiveRole):
            found, before = self._alter(change.target, role=change.role), f"{now.role} to {change.role}"
        else:
            found, before = self._alter(change.target, limited=isinstance(change, m.Limit)), ""
            for bot in self._bots(change.target) if isinstance(change, m.Limit) else ():
                self._end_logins(bot)
        if not found:
            return Denied("not_found", "There is no such account.")
        return self._note_moderation(change, before, undoes).id

    def _pause(self, change: m.Moderation, undoes: int) -> int | Denied:
        if isinstance(change, m.Pause) == bool(self._d.pause):
            return m.IS_PAUSED if self._d.pause else m.NOT_PAUSED
        act = self._note_moderation(change, undoes=undoes)
        if isinstance(change, m.Pause):
            self._put(self._d.pause, 1, act.id)
            if change.since:
                self._begin_purge(act.id, change, 0, change.since, GUESTS)
        else:
            self._drop(self._d.pause, 1)
            if undoes in self._d.purges:
                self._take_back(undoes, change)
        return act.id

    def _end_author(self, author: int) -> None:
        if author > 0:
            self._end_logins(author)
            for invite in [invite.id for invite, _ in self._d.invites.values() if invite.by == author]:
                self._drop(self._d.invites, invite)
            for bot in self._bots(author):
                self._end_author(bot)
        else:
            self._retire(RetireSession(-author))

    def _note_in_room(self, row: RoomRow, lot: int, at: int, by: int, verb: str, account: int = 0, **more: Any) -> int:
        """Note what was done to a room, or in it; returns the number."""
        number = self._next_act(at, None if row.rules.kind == "open" else lot)
        act = Act(number, at, by, verb, account, **{"detail": ""} | more, room=row.id)
        self._put(self._d.acts, number, act)
        return number

    def _note_moderation(
        self, change: m.Moderation, before: str = "", undoes: int = 0, room: int = 0, lot: int | None = None
    ) -> Act:
        act = Act(
            self._next_act(change.at, lot),
            change.at,
            change.by,
            m.VERBS[type(change)],
            max(change.target, 0),
            m.detail_of(change, before),
            change.target,
            change.name,
            m.until_of(change),
            undoes,
            room=room,
        )
        self._put(self._d.acts, act.id, act)
        self._put(self._d.before, act.id, before)
        return act

    def _undo_act(self, change: m.Undo) -> int | Denied:
        act = self._d.acts.get(change.act)
        if act is None:
            return m.NO_ACT
        undone = any(other.undoes == act.id for other in self._d.acts.values())
        denied = m.why_not_undone(change.at, act.at, change.within, undone=undone)
        if act.verb == "delete" and not denied:
            return self._undelete(change, act)
        opposite = None if denied else self._opposite(change, act)
        if denied or opposite is None:
            return denied or m.CHANGED
        if isinstance(opposite, Denied):
            return opposite
        denied = m.why_not(opposite, self._role(change.by), self._role(act.target))
        return denied or self._do(opposite, act.id)

    def _undelete(self, change: m.Undo, act: Act) -> int | Denied:
        """Let a message stand again that somebody deleted who moderates its room, where one may delete it oneself."""
        row, mine = self._d.rooms.get(act.room), self._standing(act.room, change.by)
        if row is None or self._d.purges[act.id].state != DONE:
            return m.CHANGED
        if not may_hide(mine, self._standing(act.room, act.target), row.rules):
            return m.BELOW
        lot = None if row.rules.kind == "open" else change.lot
        back = m.Restore(change.by, change.at, act.target, act.name, change.reason, act.id, act.room, lot)
        return self._do(back, act.id)

    def _with_purge(
        self, act: int, opposite: m.Moderation | None, common: tuple[int, int, int, str, str]
    ) -> m.Moderation | Denied | None:
        """What takes an act back that may have hidden messages: where it is over, these are left to come back."""
        state = self._d.purges[act].state if act in self._d.purges else UNDONE
        if state == DOING:
            return m.BUSY
        return m.Restore(*common, act) if opposite is None and state == DONE else opposite

    def _opposite(self, change: m.Undo, act: Act) -> m.Moderation | Denied | None:
        common = change.by, change.at, act.target, act.name, change.reason
        match act.verb:
            case "mute":
                found = self._d.mutes.get(act.target, (0, 0))[1] == act.id
                return m.take_back_mute(self._d.before[act.id], common) if found else None
            case "ban":
                bans = [ban.id for ban in self._d.bans.values() if ban.act.id == act.id]
                return self._with_purge(act.id, m.Unban(*common, bans[0]) if bans else None, common)
            case "pause":
                opposite = m.Unpause(*common) if self._d.pause.get(1) == act.id else None
                return self._with_purge(act.id, opposite, common)
            case "purge":
                state = self._d.purges[act.id].state
                return m.BUSY if state == DOING else m.Restore(*common, act.id) if state == DONE else None
            case "role":
                was, _, became = self._d.before[act.id].partition(" to ")
                return m.GiveRole(*common, was) if self._role(act.target) == became else None
            case "limit":
                return m.Unlimit(*common) if self._standing(0, act.target).limited else None
            case "unlimit":
                return None if self._standing(0, act.target).limited else m.Limit(*common)
        return Denied("forbidden", "That cannot be undone; do the opposite instead.")

    def _about_reports(self, change: r.AddReport | r.SettleReport | r.ForgetReports) -> int | bool | Denied:
        reports = self._d.reports
        match change:
            case r.AddReport():
                return self._report(change)
            case r.SettleReport():
                row = reports.get(change.report)
                if row is None or row.settled:
                    return False
                self._put(reports, row.id, row._replace(settled=change.at, outcome=change.outcome))
                return True
            case r.ForgetReports():
                old = [id for id, row in reports.items() if 0 < row.settled < change.before]
                for id in old:
                    self._drop(reports, id)
                return len(old)

    def _report(self, change: r.AddReport) -> int | Denied:
        for row in self._d.reports.values():
            if (row.by, row.room, row.seq) == (change.by, change.room, change.seq):
                return row.id
        if sum(not row.settled for row in self._d.reports.values()) >= r.MOST_OPEN:
            return r.TOO_MANY
        id = max(self._d.reports, default=0) + 1
        about = change.by, change.name, change.room, "", change.seq, change.author, change.reason, change.copy
        self._put(self._d.reports, id, r.ReportRow(id, change.at, *about, 0, ""))
        return id
