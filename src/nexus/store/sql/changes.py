"""What a group changes besides posting: rooms, people, sessions, memberships, read marks."""

from typing import Any

from msgspec.structs import asdict

from nexus.core import changes as c
from nexus.core.changes import Denied, NameTaken
from nexus.core.copying import BeginCopy, CopyStep, FinishCopy
from nexus.core.destroying import Destroy, EraseDestroyed, Revive
from nexus.core.expiring import Expire
from nexus.core.inviting import Accept
from nexus.core.moderating import ForgetAddresses, Moderation
from nexus.core.purging import FinishPurge, ForgetPurged, PurgeStep, RestoreStep
from nexus.core.reporting import AddReport, ForgetReports, SettleReport
from nexus.store.sql.accounts import about_account
from nexus.store.sql.acting import note
from nexus.store.sql.amend import amend
from nexus.store.sql.belonging import about_members
from nexus.store.sql.claims import claim, execute
from nexus.store.sql.copying import about_copies
from nexus.store.sql.destroying import about_destroyed
from nexus.store.sql.expiring import expire
from nexus.store.sql.group import Group
from nexus.store.sql.inviting import accept
from nexus.store.sql.moderating import moderate
from nexus.store.sql.protecting import forget_guests
from nexus.store.sql.purging import about_purge
from nexus.store.sql.reporting import about_reports
from nexus.store.sql.rooms import configure, drop_rooms, make_room, mark_read

_OPEN = """
INSERT INTO sessions (id, run, name, key, skeleton, account, login, guest)
VALUES (:id, :run, :shown, :key, :skeleton, :account, :login, :guest)
ON CONFLICT (id) DO UPDATE SET
  run = excluded.run, name = excluded.name, key = excluded.key, skeleton = excluded.skeleton,
  account = excluded.account, login = excluded.login, guest = excluded.guest
"""

_RENAME_GUEST = """
UPDATE sessions SET name = :shown, key = :key, skeleton = :skeleton WHERE id = :session AND account IS NULL
"""

_LEVEL = """
INSERT INTO marks (room, reader, seq, level, favourite)
VALUES (:room, :reader, 0, coalesce(:level, 'everything'), coalesce(:favourite, 0))
ON CONFLICT (reader, room) DO UPDATE SET
  level = coalesce(:level, marks.level), favourite = coalesce(:favourite, marks.favourite)
"""


_ORIGIN = """
INSERT INTO origins (author, address, at) VALUES (-:id, :address, :at)
ON CONFLICT (author) DO UPDATE SET address = excluded.address, at = excluded.at
"""

_FORGET_ORIGINS = """
DELETE FROM origins WHERE author IN (
  SELECT author FROM origins o WHERE at < :before AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = -o.author)
  ORDER BY at LIMIT :most
)
"""

_END = "DELETE FROM sessions WHERE id = ? AND (run = ? OR ? = 0)"

OfSession = c.OpenSession | c.RenameGuest | c.EndSessions | c.RetireSession | ForgetAddresses

OfRoom = c.MakeRoom | c.DropRooms | c.Configure | Expire


def carry_out(group: Group, change: c.Change[Any]) -> Any:  # noqa: C901, PLR0912
    """One line per kind of change; each is what carries it out."""
    match change:
        case c.OpenSession() | c.RenameGuest() | c.EndSessions() | c.RetireSession() | ForgetAddresses():
            return about_session(group, change)
        case c.Acted():
            return act(group, change)
        case c.Probe():
            group.connection.execute("UPDATE meta SET run = run")
        case c.MakeRoom() | c.DropRooms() | c.Configure() | Expire():
            return about_room(group, change)
        case c.AddMember() | c.EndMember() | c.Admit() | c.Remove() | c.Promote() | c.MakeDirect() | c.HideRoom():
            return about_members(group, change)
        case c.MarkRead():
            return mark_read(group, change)
        case c.SetLevel():
            execute(group, _LEVEL, change)
        case c.Post():
            return group.post_one(change.record)
        case c.Amend():
            return amend(group, change)
        case AddReport() | SettleReport() | ForgetReports():
            return about_reports(group, change)
        case Accept():
            return accept(group, change)
        case Destroy() | Revive() | EraseDestroyed():
            return about_destroyed(group, change)
        case PurgeStep() | RestoreStep() | FinishPurge() | ForgetPurged():
            return about_purge(group, change)
        case BeginCopy() | CopyStep() | FinishCopy():
            return about_copies(group, change)
        case Moderation():
            return moderate(group, change)
        case _:
            return about_account(group, change)
    return None


def about_room(group: Group, change: OfRoom) -> Any:
    """The same for rooms."""
    match change:
        case c.MakeRoom():
            return make_room(group, change)
        case c.DropRooms():
            return drop_rooms(group, change)
        case c.Configure():
            return configure(group, change)
        case Expire():
            return expire(group, change)


def act(group: Group, change: c.Acted[Any]) -> Any:
    """Carry a change out, and note it unless nothing came of it."""
    done = carry_out(group, change.change)
    if done is not False and not isinstance(done, NameTaken | Denied):
        note(group.connection, **{name: getattr(change, name) for name in ("at", "by", "verb", "account", "detail")})
    return done


def about_session(group: Group, change: OfSession) -> NameTaken | int | None:
    """The same for sessions and the names that they hold."""
    match change:
        case c.OpenSession():
            return open_session(group, change)
        case c.RenameGuest():
            return claim(group, change, _RENAME_GUEST, session=change.session)
        case c.EndSessions():
            end_sessions(group, change)
        case c.RetireSession():
            execute(group, "INSERT INTO retired (session) VALUES (:session) ON CONFLICT DO NOTHING", change)
            execute(group, "DELETE FROM sessions WHERE id = :session AND account IS NULL", change)
            forget_guests(group, (change.session,))
        case ForgetAddresses():
            return group.connection.execute(_FORGET_ORIGINS, asdict(change)).rowcount
    return None


_RETIRED = "SELECT 1 FROM retired WHERE session = ?"

_LOGIN = "SELECT 1 FROM logins WHERE id = ?"


def open_session(group: Group, change: c.OpenSession) -> NameTaken | None:
    """Open or open again; a session that has ended, or whose login has, is nobody's: NameTaken("")."""
    if change.account is not None:
        if change.login is not None and not group.connection.execute(_LOGIN, (change.login,)).fetchall():
            return NameTaken("")
        values = asdict(change) | {"shown": None, "key": None, "skeleton": None}
        group.connection.execute(_OPEN, values)
        return None
    if change.shown:
        if group.connection.execute(_RETIRED, (change.id,)).fetchall():
            return NameTaken("")
        taken = claim(group, change, _OPEN, session=change.id)
        if taken is None and change.address:
            execute(group, _ORIGIN, change)
        return taken
    cursor = group.connection.execute("UPDATE sessions SET run = ? WHERE id = ?", (change.run, change.id))
    return None if cursor.rowcount else NameTaken("")


def end_sessions(group: Group, change: c.EndSessions) -> None:
    """Delete sessions, which frees their names."""
    group.connection.executemany(_END, [(id, change.run, change.run) for id in change.ids])
    forget_guests(group, change.ids)
    if change.runs:
        group.connection.executemany("DELETE FROM sessions WHERE run = ?", [(run,) for run in change.runs])
        forget_guests(group)
    if change.before_run is not None:
        group.connection.execute(f"DELETE FROM sessions WHERE run < ? {group.elsewhere}", (change.before_run,))
        forget_guests(group)
