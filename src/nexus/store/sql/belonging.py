"""Who belongs to a room, and as what: how a group changes that."""

from typing import Any

from nexus.core import access
from nexus.core import changes as c
from nexus.core.access import OWNER, PLACES, Standing
from nexus.core.changes import Denied, Placed
from nexus.core.destroying import NO_ROOM
from nexus.core.limiting import cannot_be_reached, no_account
from nexus.core.log import Record
from nexus.core.people import RoomRow
from nexus.core.person import person_of
from nexus.protocol.events import Promoted
from nexus.store.sql.bots import follow, why_not_here
from nexus.store.sql.group import Group
from nexus.store.sql.meeting import finds
from nexus.store.sql.rooms import mark_read, new_room
from nexus.store.sql.standing import apart, find_rules, name_of, rules_of, standing_of, succeed

_JOIN = "INSERT INTO members (room, account, since, role) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"

_LEAVE = "DELETE FROM members WHERE room = ? AND account = ?"

_PLACE = "UPDATE members SET role = ? WHERE room = ? AND account = ?"

_OWNERS = "SELECT count(*) FROM members WHERE room = ? AND role = 'owner'"

_RETIRE = "UPDATE rooms SET maker = 0 WHERE id = ? AND maker = ? AND (? = 1 OR kind = 'private')"
"""Who made a room owns it as they come in; who was removed, or left one that others own since, does not any more."""

_MAKER = "SELECT 1 FROM rooms WHERE id = ? AND maker = ?"

_DIRECT = "SELECT id FROM rooms WHERE people = ?"

_BETWEEN = "INSERT INTO members (room, account, since, role, hidden) VALUES (?, ?, ?, 'member', 0)"

_SHOW = "UPDATE members SET hidden = NULL WHERE room = ? AND account = ?"

_HIDE = """
UPDATE members SET hidden = :head WHERE room = :room AND account = :account
  AND (SELECT kind FROM rooms WHERE id = :room) = 'direct'
"""


OfMembers = c.AddMember | c.EndMember | c.Admit | c.Remove | c.Promote | c.MakeDirect | c.HideRoom


def about_members(group: Group, change: OfMembers) -> Any:
    """One line per change about who belongs to a room; none where the room was destroyed."""
    if isinstance(change, c.Recorded) and find_rules(group.connection, change.record.room) is None:
        return Placed("") if isinstance(change, c.AddMember | c.EndMember) else NO_ROOM
    match change:
        case c.AddMember():
            return add_member(group, change)
        case c.EndMember():
            return end_member(group, change)
        case c.Admit():
            return admit(group, change)
        case c.Remove():
            return remove(group, change)
        case c.Promote():
            return promote(group, change)
        case c.MakeDirect():
            return make_direct(group, change)
        case c.HideRoom():
            return hide(group, change)


def add_member(group: Group, change: c.AddMember) -> Placed:
    """Begin a membership, with its event; where one may not come in by oneself, nothing."""
    record = change.record
    group.head(record.room)
    standing = standing_of(group.connection, record.room, record.author)
    if not access.may_enter(standing, rules_of(group.connection, record.room)):
        return Placed(standing.place)
    return let_in(group, record, change.read)


def let_in(group: Group, record: Record, read: int | None = None) -> Placed:
    """An account belongs to a room, as its `joined` says; nothing where it did."""
    place = "owner" if group.connection.execute(_MAKER, (record.room, record.author)).fetchall() else "member"
    values = record.room, record.author, record.event.at, place
    if not group.connection.execute(_JOIN, values).rowcount:
        return Placed(standing_of(group.connection, record.room, record.author).place)
    group.rights_changed()
    group.note(record)
    mark_read(group, c.MarkRead(record.room, record.author, record.event.seq if read is None else read))
    return Placed(place, (record,))


def make(group: Group, placed: Placed, role: str, by: int) -> Placed:
    """Somebody who came in just now is more than a member, as somebody (0: the operator) says; with its event."""
    if not placed.records or placed.place != "member" or role == "member":
        return placed
    came = placed.records[0]
    makers = group.connection.execute("SELECT name FROM accounts WHERE id = ?", (by,)).fetchall()
    name, author = came.event.by, came.author
    event = Promoted(
        room=came.event.room,
        seq=0,
        at=came.event.at,
        by=makers[0][0] if makers else name,
        name=name,
        person=person_of(author, b""),
        role=role,
    )
    group.connection.execute(_PLACE, (role, came.room, author))
    return Placed(role, (came, group.note(Record(came.room, by or author, event))))


def admit(group: Group, change: c.Admit) -> Placed | Denied:
    """Begin a membership because somebody in the room says so."""
    record, by = change.record, change.by
    group.head(record.room)
    rules = rules_of(group.connection, record.room)
    if by and not access.may_add(standing_of(group.connection, record.room, by), rules):
        return Denied("forbidden", "Only the moderators of this room can bring people in.")
    if by and not finds(group.connection, by, record.author):
        return no_account(record.event.by)
    return why_not_here(group.connection, record.room, record.author, "member") or let_in(group, record)


def end_member(group: Group, change: c.EndMember) -> Placed:
    """End a membership, with its event, and with that of who owns the room from now on."""
    record = change.record
    if not group.connection.execute(_LEAVE, (record.room, record.author)).rowcount:
        return Placed("")
    group.connection.execute(_RETIRE, (record.room, record.author, False))
    group.rights_changed()
    return Placed("", (group.note(record), *_succeed(group, record), *follow(group, record, record.author)))


def _succeed(group: Group, last: Record) -> list[Record]:
    successor = succeed(group.connection, last.room, last.event.at)
    if successor is None:
        return []
    account, name = successor
    event = Promoted(
        room=last.event.room, seq=0, at=last.event.at, by=name, name=name, person=person_of(account, b""), role="owner"
    )
    return [group.note(Record(last.room, account, event))]


def remove(group: Group, change: c.Remove) -> Record | Placed | Denied:
    """Take someone out, where its author still stands above them."""
    record, target = change.record, change.target
    rules = rules_of(group.connection, record.room)
    mine, theirs = (standing_of(group.connection, record.room, one) for one in (record.author, target))
    if not access.may_remove(mine, theirs, rules):
        return Denied("forbidden", "You can only remove people from a room who stand below you in it.")
    if target > 0 and not group.connection.execute(_LEAVE, (record.room, target)).rowcount:
        return Denied("not_found", "They are not in this room.")
    group.connection.execute(_RETIRE, (record.room, target, True))
    if target <= 0:
        group.connection.execute("INSERT INTO removed VALUES (?, ?) ON CONFLICT DO NOTHING", (record.room, target))
    group.rights_changed()
    return _with_bots(group, record, target)


def _with_bots(group: Group, record: Record, owner: int) -> Record | Placed:
    """The event of what somebody is from now on, and those of what their bots are then."""
    noted = group.note(record)
    more = follow(group, noted, owner) if owner > 0 else []
    return Placed("", (noted, *more)) if more else noted


def promote(group: Group, change: c.Promote) -> Record | Placed | Denied | None:
    """Give a member another role, where its author still may."""
    record, target, event = change.record, change.target, change.record.event
    assert isinstance(event, Promoted)
    room, rules = record.room, rules_of(group.connection, record.room)
    mine, theirs = (standing_of(group.connection, room, one) for one in (record.author, target))
    if theirs.place == event.role:
        return None
    oneself = target == record.author
    if not access.may_promote(mine, theirs, rules, event.role, oneself=oneself):
        return Denied("forbidden", "You can only give roles below your own, to members who stand below you.")
    if denied := why_not_here(group.connection, room, target, event.role):
        return denied
    if _is_last_owner(group, room, theirs):
        return Denied("forbidden", "A room needs an owner; make somebody else one first.")
    group.connection.execute(_PLACE, (event.role, room, target))
    if oneself:
        group.connection.execute("UPDATE rooms SET maker = 0 WHERE id = ? AND maker = ?", (room, target))
    group.rights_changed()
    return _with_bots(group, record, target)


def _is_last_owner(group: Group, room: int, standing: Standing) -> bool:
    if standing.place != PLACES[OWNER] or rules_of(group.connection, room).kind != "private":
        return False
    owners = group.connection.execute(_OWNERS, (room,)).fetchall()[0][0]
    return bool(owners == 1)


def make_direct(group: Group, change: c.MakeDirect) -> RoomRow | Denied:
    """Make the room between some people, or find it; the first of them has it among theirs."""
    denied = _why_not_between(group, change)
    if denied:
        return denied
    key = ",".join(map(str, sorted(change.people)))
    rows = group.connection.execute(_DIRECT, (key,)).fetchall()
    if rows:
        room: int = rows[0][0]
    else:
        made = new_room(group, c.MakeRoom(change.name, f" {change.name}", change.at, kind="direct"))
        if isinstance(made, Denied):
            return made
        room = made.id
        group.connection.execute("UPDATE rooms SET people = ? WHERE id = ?", (key, room))
        group.connection.executemany(_BETWEEN, [(room, account, change.at) for account in change.people])
        group.rights_changed()
    group.connection.execute(_SHOW, (room, change.people[0]))
    name = group.connection.execute("SELECT name FROM rooms WHERE id = ?", (room,)).fetchall()[0][0]
    return RoomRow(room, name, "", *group.head(room), rules_of(group.connection, room))


def _why_not_between(group: Group, change: c.MakeDirect) -> Denied | None:
    """Why the first of some people does not reach one of the others, by what the asker calls them, or their names."""
    me, names = change.people[0], change.names or ("",) * len(change.people)
    for other, name in zip(change.people, names, strict=True):
        if other == me:
            continue
        if not finds(group.connection, me, other):
            return cannot_be_reached(name or name_of(group.connection, other))
        if denied := apart(group.connection, me, other, name):
            return denied
    return None


def hide(group: Group, change: c.HideRoom) -> int | None:
    """A direct room is out of sight until the next message; returns which one is the last before."""
    head = group.head(change.room)[0]
    values = {"room": change.room, "account": change.account, "head": head}
    return head if group.connection.execute(_HIDE, values).rowcount else None
