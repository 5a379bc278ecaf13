"""What a group changes about who may talk and come in, and the acts that tell of it."""

from nexus.core import moderating as m
from nexus.core.access import may_hide
from nexus.core.changes import Denied
from nexus.core.purging import DOING, DONE, GUESTS, UNDOING
from nexus.store.sql import acting
from nexus.store.sql.bots import bots_of, end_logins
from nexus.store.sql.group import Group
from nexus.store.sql.standing import find_rules, role_of, standing_of

_MUTE = """
INSERT INTO mutes (author, until, act) VALUES (?, ?, ?)
ON CONFLICT (author) DO UPDATE SET until = excluded.until, act = excluded.act
"""

_BAN = "INSERT INTO bans (author, address, until, act) VALUES (?, ?, ?, ?)"

_FIND = """
SELECT x.at, x.verb, x.target, x.name, x.before, x.room, EXISTS (SELECT 1 FROM acts u WHERE u.undoes = x.id)
FROM acts x WHERE x.id = ?
"""

PURGE = "INSERT INTO purges (act, author, room, since, state, address) VALUES (?, ?, ?, ?, ?, ?)"

_STATE = "SELECT 1 FROM purges WHERE act = ? AND state = ?"


def moderate(group: Group, change: m.Moderation) -> int | Denied:
    """Carry out what a moderator does, where they may by now, and note it."""
    if isinstance(change, m.Undo):
        return undo(group, change)
    denied = m.why_not(change, role_of(group.connection, change.by), role_of(group.connection, change.target))
    return denied or do(group, change)


def do(group: Group, change: m.Moderation, undoes: int | None = None) -> int | Denied:
    """Do it, as an act of its own."""
    about = _about_all if isinstance(change, m.Pause | m.Unpause) else _about_one
    act = about(group, change, undoes)
    if not isinstance(act, Denied):
        group.rights_changed()
    return act


def _about_all(group: Group, change: m.Moderation, undoes: int | None) -> int | Denied:
    """What is about nobody in particular."""
    run = group.connection.execute
    if isinstance(change, m.Pause):
        if run("SELECT 1 FROM pause").fetchall():
            return m.IS_PAUSED
        act = note(group, change, undoes=undoes)
        run("INSERT INTO pause VALUES (1, ?)", (act,))
        if change.since:
            run(PURGE, (act, 0, 0, change.since, DOING, GUESTS))
        return act
    if run("DELETE FROM pause").rowcount:
        run("UPDATE purges SET state = ? WHERE act = ?", (UNDOING, undoes))  # what was hidden with it stands again
        return note(group, change, undoes=undoes)
    return m.NOT_PAUSED


def _about_one(group: Group, change: m.Moderation, undoes: int | None) -> int | Denied:
    """What is done to somebody."""
    run, target = group.connection.execute, change.target
    match change:
        case m.Mute():
            earlier = run("SELECT act, until FROM mutes WHERE author = ?", (target,)).fetchall()
            act = note(group, change, "{} {}".format(*earlier[0]) if earlier else "", undoes)
            run(_MUTE, (target, change.until, act))
        case m.Unmute():
            if not run("DELETE FROM mutes WHERE author = ?", (target,)).rowcount:
                return Denied("not_found", "They are not muted.")
            act = note(group, change, undoes=undoes)
            if change.act:
                run(_MUTE, (target, change.until, change.act))
        case m.Ban():
            act = note(group, change, undoes=undoes)
            run(_BAN, (target, change.address, change.until, act))
            if change.since:
                run(PURGE, (act, target, 0, change.since, DOING, change.address))
            end(group, target)
        case m.Unban():
            if not run("DELETE FROM bans WHERE id = ?", (change.ban,)).rowcount:
                return Denied("not_found", "There is no such ban.")
            act = note(group, change, undoes=undoes)
            run("UPDATE purges SET state = ? WHERE act = ?", (UNDOING, undoes))  # what was hidden with it stands again
        case m.GiveRole() | m.Limit() | m.Unlimit():
            return _about_account(group, change, undoes)
        case m.Purge():
            act = note(group, change, undoes=undoes)
            run(PURGE, (act, target, change.room, change.since, DOING, ""))
        case m.Restore():
            act = note(group, change, undoes=undoes, room=change.room, lot=change.lot)
            run("UPDATE purges SET state = ? WHERE act = ?", (UNDOING, change.purge))
        case _:
            raise TypeError(f"{type(change).__name__} is nothing that moderators do.")
    return act


def _about_account(group: Group, change: m.GiveRole | m.Limit | m.Unlimit, undoes: int | None) -> int | Denied:
    """What somebody's account is from now on."""
    run, now = group.connection.execute, standing_of(group.connection, 0, change.target)
    denied = m.why_not_changed(change, now)
    if denied is not None:
        return denied
    if isinstance(change, m.GiveRole):
        found = run("UPDATE accounts SET role = ? WHERE id = ?", (change.role, change.target)).rowcount
        before = f"{now.role} to {change.role}"
    else:
        limited = isinstance(change, m.Limit)
        for bot in bots_of(group.connection, change.target) if limited else ():
            end_logins(group, bot)
        found = run("UPDATE accounts SET limited = ? WHERE id = ?", (limited, change.target)).rowcount
        before = ""
    return note(group, change, before, undoes) if found else Denied("not_found", "There is no such account.")


def end(group: Group, author: int) -> None:
    """Nobody goes on as this author."""
    if author > 0:
        end_logins(group, author)
        group.connection.execute('DELETE FROM invites WHERE "by" = ?', (author,))
        for bot in bots_of(group.connection, author):
            end(group, bot)
    else:
        group.connection.execute("INSERT INTO retired (session) VALUES (?) ON CONFLICT DO NOTHING", (-author,))
        group.connection.execute("DELETE FROM sessions WHERE id = ? AND account IS NULL", (-author,))


def note(group: Group, change: m.Moderation, before: str = "", undoes: int | None = None, **more: int | None) -> int:
    """Keep an act; returns its number."""
    return acting.note(
        group.connection,
        at=change.at,
        by=change.by,
        verb=m.VERBS[type(change)],
        account=max(change.target, 0),
        detail=m.detail_of(change, before),
        target=change.target,
        name=change.name,
        until=m.until_of(change),
        before=before,
        undoes=undoes,
        **more,
    )


def undo(group: Group, change: m.Undo) -> int | Denied:
    """Do the opposite of an act, where nothing else was done about it since."""
    rows = group.connection.execute(_FIND, (change.act,)).fetchall()
    if not rows:
        return m.NO_ACT
    at, verb, target, name, before, room, undone = rows[0]
    denied = m.why_not_undone(change.at, at, change.within, undone=bool(undone))
    if verb == "delete" and not denied:
        return undelete(group, change, room, target, name)
    opposite = None if denied else opposite_of(group, change, verb, target, name, before)
    if denied or opposite is None:
        return denied or m.CHANGED
    if isinstance(opposite, Denied):
        return opposite
    denied = m.why_not(opposite, role_of(group.connection, change.by), role_of(group.connection, target))
    return denied or do(group, opposite, change.act)


def undelete(group: Group, change: m.Undo, room: int, target: int, name: str) -> int | Denied:
    """Let a message stand again that somebody deleted who moderates its room, where one may delete it oneself."""
    rules = find_rules(group.connection, room)
    mine, theirs = (standing_of(group.connection, room, one) for one in (change.by, target))
    if rules is None or not group.connection.execute(_STATE, (change.act, DONE)).fetchall():
        return m.CHANGED
    if not may_hide(mine, theirs, rules):
        return m.BELOW
    lot = None if rules.kind == "open" else change.lot
    return do(group, m.Restore(change.by, change.at, target, name, change.reason, change.act, room, lot), change.act)


def _opposite_with_purge(
    group: Group, change: m.Undo, opposite: m.Moderation | None, common: tuple[int, int, int, str, str]
) -> m.Moderation | Denied | None:
    """What takes an act back that may have hidden messages: where it is over, these are left to come back."""
    run = group.connection.execute
    if run(_STATE, (change.act, DOING)).fetchall():
        return m.BUSY
    hidden = opposite is None and run(_STATE, (change.act, DONE)).fetchall()
    return m.Restore(*common, change.act) if hidden else opposite


def opposite_of(
    group: Group, change: m.Undo, verb: str, target: int, name: str, before: str
) -> m.Moderation | Denied | None:
    """What takes an act back; None where it is not so any more."""
    run, common = group.connection.execute, (change.by, change.at, target, name, change.reason)
    match verb:
        case "mute":
            found = run("SELECT 1 FROM mutes WHERE act = ?", (change.act,)).fetchall()
            return m.take_back_mute(before, common) if found else None
        case "ban":
            bans = run("SELECT id FROM bans WHERE act = ?", (change.act,)).fetchall()
            return _opposite_with_purge(group, change, m.Unban(*common, bans[0][0]) if bans else None, common)
        case "pause":
            found = run("SELECT 1 FROM pause WHERE act = ?", (change.act,)).fetchall()
            return _opposite_with_purge(group, change, m.Unpause(*common) if found else None, common)
        case "purge":
            ((state,),) = run("SELECT state FROM purges WHERE act = ?", (change.act,)).fetchall()
            return m.BUSY if state == DOING else m.Restore(*common, change.act) if state == DONE else None
        case "role":
            was, _, became = before.partition(" to ")
            return m.GiveRole(*common, was) if role_of(group.connection, target) == became else None
        case "limit":
            return m.Unlimit(*common) if standing_of(group.connection, 0, target).limited else None
        case "unlimit":
            return None if standing_of(group.connection, 0, target).limited else m.Limit(*common)
    return Denied("forbidden", "That cannot be undone; do the opposite instead.")
