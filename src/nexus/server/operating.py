"""What an operator asks of a server: about people, rooms and sessions, and what is to be done with accounts."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from msgspec import to_builtins
from msgspec.structs import replace

from nexus.core.access import BOT, PLACES
from nexus.core.changes import (
    Acted,
    AddInvite,
    AddReset,
    Change,
    Configure,
    Denied,
    EndInvite,
    EndLogins,
    NameTaken,
    SetRole,
)
from nexus.core.inviting import digest
from nexus.core.log import Record
from nexus.core.moderating import IS_LIMITED
from nexus.core.people import Account, RoomRow
from nexus.core.room_id import is_room_id
from nexus.ports import Clock, NodeRow, Store
from nexus.protocol import operating as o
from nexus.protocol.events import Configured, Notice, Yourself
from nexus.protocol.refusals import Refusal
from nexus.server.access import person_name, refused, room_name
from nexus.server.accounts import Accounts
from nexus.server.active_rooms import ActiveRooms
from nexus.server.bots import Bots
from nexus.server.destroying import Destroying
from nexus.server.enforcing import Enforcing
from nexus.server.erasing import Erasing
from nexus.server.farewells import Farewells
from nexus.server.journal import Journal
from nexus.server.notable import Notable
from nexus.server.people import People
from nexus.server.reading import Reader
from nexus.server.send import send
from nexus.server.sessions import Session, Sessions
from nexus.settings import Settings

PAGE = 200
"""Rows of one answer, at most; its `next` says where to go on."""

STEP = 1000
"""Events that are looked through at once for what somebody said."""

MOST_ROOMS = 10_000
"""Rooms that are listed."""

MOST_MEMBERS = 1000
"""Members of a room that are listed."""

HOUR = 3_600_000
"""Milliseconds."""

NAME = "server"
"""What members see as the operator's name; nobody else can have it."""

OPERATOR = 0
"""Who does what an operator asks for, where it is noted who did something."""

Answer = dict[str, Any]
R = TypeVar("R")


class Operating:
    """Answers an operator; raises Refusal, and Unavailable."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        accounts: Accounts,
        people: People,
        erasing: Erasing,
        destroying: Destroying,
        active: ActiveRooms,
        journal: Journal,
        reader: Reader,
        sessions: Sessions,
        farewells: Farewells,
        enforcing: Enforcing,
        bots: Bots,
        notable: Notable,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._store = store
        self._accounts = accounts
        self._people = people
        self._erasing = erasing
        self._destroying = destroying
        self._active = active
        self._journal = journal
        self._reader = reader
        self._sessions = sessions
        self._farewells = farewells
        self._enforcing = enforcing
        self._bots = bots
        self._notable = notable
        self._clock = clock
        self.nodes: Callable[[], list[NodeRow]] = list
        """The nodes that share the store; none where there is only this one."""

    async def answer(self, ask: o.AnyAsk) -> Answer:  # noqa: C901, PLR0912
        """One line for each thing that can be asked."""
        match ask:
            case o.Users():
                return await self._users(ask.after)
            case o.User():
                return await self._user(ask.name)
            case o.ResetUser():
                return await self._reset(ask.name)
            case o.SetRole():
                return await self._set_role(ask.name, ask.role)
            case o.RenameUser():
                return await self._rename(ask.name, ask.to)
            case o.EndLogins():
                return await self._end_logins(ask.name)
            case o.EraseUser():
                return await self._erase(ask.name, remove=ask.messages == "remove")
            case o.ExportUser():
                return await self._export_user(ask.name, ask.after)
            case o.MakeBot() | o.Bots() | o.EndBot():
                return await self._of_bots(ask)
            case o.BanUser() | o.UnbanUser() | o.MuteUser() | o.UnmuteUser() | o.LimitUser() | o.UnlimitUser():
                return await self._enforcing.answer(ask)
            case o.Rooms() | o.Room():
                return await self._rooms(ask)
            case o.RenameRoom() | o.ArchiveRoom() | o.DeleteRoom():
                return await self._change_room(ask)
            case o.ExportRoom():
                return await self._export(ask.name, ask.after)
            case o.Sessions() | o.Nodes():
                return self._who_is_there(ask)
            case o.Audit():
                return await self._audit(ask.before)
            case o.Invite():
                return await self._invite(ask)
            case o.Invites():
                return {"invites": _rows(await self._reader.read(self._store.invites))}
            case o.EndInvite():
                return await self._end_invite(ask.id)
            case o.Backup():
                raise Refusal("bad_request", "A backup is made by the node that has the files.")

    def _who_is_there(self, ask: o.Sessions | o.Nodes) -> Answer:
        if isinstance(ask, o.Nodes):
            return {"nodes": [one._asdict() for one in self.nodes()]}
        return {"sessions": [self._session(one) for one in self._sessions.all()]}

    async def _audit(self, before: int | None) -> Answer:
        acts = await self._reader.read(lambda: self._store.acts(PAGE, before=before))
        return {"acts": _rows(acts), "next": acts[-1].id if len(acts) == PAGE else None}

    # --- people ------------------------------------------------------------------------------------

    async def _users(self, after: str) -> Answer:
        found = await self._reader.read(lambda: self._store.profiles(after, PAGE))
        return {"users": _rows(found), "next": found[-1].key if len(found) == PAGE else None}

    async def _user(self, name: str) -> Answer:
        account = await self._account(name)
        logins = await self._accounts.logins(account.id)
        rooms = await self._reader.read(lambda: self._store.memberships(account.id))
        ignored, directs = await self._reader.read(
            lambda: (self._store.ignored(account.id), self._store.directs(account.id))
        )
        here = [self._session(one) for one in self._sessions.of_account(account.id)]
        return {
            "user": {"account": account.id, "name": account.name, "role": account.role},
            "ignored": [row.name for row in ignored],
            "directs": directs,
            "logins": _rows(logins),
            "rooms": [
                {"name": row.name, "title": row.title, "read": mark.seq, "level": mark.level, "head": row.head}
                for row, mark, _ in rooms
            ],
            "sessions": here,
        }

    async def _reset(self, name: str) -> Answer:
        account = await self._account(name)
        code = secrets.token_urlsafe(24)
        expires = self._clock.wall() + int(self._settings.accounts.reset_hours * HOUR)
        await self._act(AddReset(account.id, digest(code), expires), "reset", account.id)
        return {"code": code, "expires": expires, "name": account.name}

    async def _set_role(self, name: str, role: str) -> Answer:
        account = await self._account(name)
        if not await self._act(SetRole(account.id, role), "role", account.id, f"{account.role} to {role}"):
            raise refused(IS_LIMITED)
        mine = self._sessions.account_is(replace(account, role=role))
        send(mine, Yourself(role=role, limited=account.limited))
        send(mine, Notice(text=f"You are {_with_article(role)} here from now on."))
        return {"name": account.name, "role": role}

    async def _rename(self, name: str, to: str) -> Answer:
        account, wanted = await self._account(name), person_name(to)
        at = self._clock.wall()
        taken = await self._people.rename_account(account, wanted, at)
        if isinstance(taken, NameTaken):
            raise await self._accounts.name_taken(wanted, taken.holder)
        return {"name": wanted.shown, "before": account.name}

    async def _end_logins(self, name: str) -> Answer:
        account = await self._account(name)
        ended = len(await self._accounts.logins(account.id))
        await self._act(EndLogins(account.id), "end-logins", account.id)
        self._farewells.end_all(self._sessions.of_account(account.id), "revoked")
        return {"name": account.name, "ended": ended}

    async def _erase(self, name: str, *, remove: bool) -> Answer:
        account = await self._account(name)
        await self._erasing.erase(account, OPERATOR, remove=remove)
        self._notable.tell("the operator changed an account", account=account.id, verb="erase")
        self._farewells.end_all(self._sessions.of_account(account.id), "revoked")
        removed = await self._erasing.remove(account.id) if remove else 0
        await self._erasing.go_on()  # what its bots said
        return {"name": account.name, "removed": removed}

    async def _export_user(self, name: str, after: int) -> Answer:
        account = await self._account(name)
        found, following = await self._reader.read(lambda: self._store.said_by(account.id, after=after, limit=STEP))
        events = []
        for room, seq in found:
            page = await self._reader.page(room, after=seq - 1, before=seq + 1, limit=1, newest=False)
            events += [to_builtins(record.event) for record in page]
        return {"events": events, "next": following}

    async def _of_bots(self, ask: o.MakeBot | o.Bots | o.EndBot) -> Answer:
        match ask:
            case o.MakeBot():
                owner = await self._account(ask.owner)
                token = await self._bots.make_for(owner.id, ask.name, "owner", by=OPERATOR)
                return {"name": ask.name, "owner": owner.name, "token": token}
            case o.Bots():
                page = await self._users(ask.after)
                return page | {"users": [row for row in page["users"] if row["role"] == BOT]}
            case o.EndBot():
                account = await self._bots.called(ask.name)
                if account is None:
                    raise Refusal("not_found", f"There is no bot '{ask.name[:64]}'; `nexus bot list` lists them.")
                await self._bots.end_one(account, OPERATOR)
                return {"name": account.name}

    async def _account(self, name: str) -> Account:
        key = person_name(name).key
        account = await self._reader.read(lambda: self._store.account(key))
        if account is None:
            raise Refusal("not_found", f"There is no account '{name[:64]}'; `nexus user list` lists them.")
        return account

    async def _act(self, change: Change[R], verb: str, account: int, detail: str = "") -> R:
        """Do it, and note that it was done."""
        done = await self._journal.change(Acted(change, self._clock.wall(), OPERATOR, verb, account, detail))
        if account:
            self._notable.tell("the operator changed an account", account=account, verb=verb)
        return done

    # --- invites -----------------------------------------------------------------------------------

    async def _invite(self, ask: o.Invite) -> Answer:
        if self._settings.accounts.register == "nobody":
            raise Refusal("forbidden", "accounts.register is 'nobody', so no invitation would be accepted.")
        room = await self._invited_to(ask) if ask.room else 0
        if ask.limited and not room:
            raise Refusal("bad_request", "A limited account finds only rooms it is invited to; say which one.")
        code, at = secrets.token_urlsafe(24), self._clock.wall()
        expires = at + int(ask.hours * HOUR) if ask.hours else 0
        role, room_role = ("member", ask.role) if room else (ask.role, "member")
        change = AddInvite(
            digest(code), role, ask.uses, at, expires, room=room, room_role=room_role, limited=ask.limited
        )
        detail = f"{ask.uses} as {ask.role}{f' of {ask.room}' if room else ''}{', limited' if ask.limited else ''}"
        id = await self._act(change, "invite", 0, detail)
        told = {"role": ask.role, "uses": ask.uses, "expires": expires, "room": ask.room, "limited": ask.limited}
        return {"id": id, "code": code, **told}

    async def _invited_to(self, ask: o.Invite) -> int:
        """The room that an invitation leads into; nobody comes into a direct one."""
        room = (await self._room(ask.room))["room"]
        if room["rules"]["kind"] == "direct":
            raise Refusal("forbidden", "Nobody can be added to a direct room; make a private one.")
        if ask.role not in PLACES:
            raise Refusal("bad_request", "The roles in a room are owner, moderator and member.")
        return int(room["id"])

    async def _end_invite(self, id: int) -> Answer:
        if not await self._act(EndInvite(id), "uninvite", 0, str(id)):
            raise Refusal("not_found", f"There is no invite {id}; `nexus invite list` lists them.")
        return {"id": id}

    # --- rooms and sessions ------------------------------------------------------------------------

    async def _rooms(self, ask: o.Rooms | o.Room) -> Answer:
        if isinstance(ask, o.Room):
            return await self._room(ask.name)
        return {"rooms": _rows(await self._reader.read(lambda: self._store.rooms(MOST_ROOMS)))}

    async def _room(self, name: str) -> Answer:
        row = await self._row(name)
        members = await self._reader.read(lambda: self._store.members(row.id, MOST_MEMBERS))
        here = sorted({one.name for one in self._sessions.all() if row.name in one.rooms})
        return {"room": to_builtins(row), "members": _rows(members), "here": here}

    async def _row(self, name: str) -> RoomRow:
        key = room_name(name)
        row = await self._reader.read(lambda: self._store.room(key.key, key.skeleton))
        if row is None or key.key not in (row.name, *row.former):
            raise Refusal("not_found", f"There is no room '{name[:64]}'; `nexus room list` lists them.")
        return row

    async def _change_room(self, ask: o.RenameRoom | o.ArchiveRoom | o.DeleteRoom) -> Answer:
        if isinstance(ask, o.RenameRoom):
            return await self._rename_room(ask.name, ask.to)
        if isinstance(ask, o.DeleteRoom):
            return await self._delete_room(ask)
        return await self._archive(ask.name, archived=ask.archived)

    async def _rename_room(self, name: str, to: str) -> Answer:
        row, wanted = await self._row(name), room_name(to)
        if row.rules.kind != "open" or is_room_id(wanted.key):
            raise Refusal("name_invalid", f"'{to[:64]}' cannot be the name of that room; only open rooms have names.")
        if wanted.key != row.name:
            await self._configure(row, "rename_room", f"{row.name} to {wanted.key}", wanted.skeleton, name=wanted.key)
        return {"name": wanted.key, "before": row.name}

    async def _archive(self, name: str, *, archived: bool) -> Answer:
        row = await self._row(name)
        if archived != row.rules.archived:
            # Moderators read the acts, and a private room does not exist for them.
            known = row.name if row.rules.kind == "open" else "a private room"
            await self._configure(row, "archive" if archived else "unarchive", known, archived=archived)
        return {"name": row.name, "archived": archived}

    async def _configure(self, row: RoomRow, verb: str, detail: str, skeleton: str = "", **changed: Any) -> None:
        """Change what a room is, and note that it was done."""
        await self._active.load(room_name(row.name))  # so that anyone who belongs to it hears of it
        at = self._clock.wall()
        event = Configured(room=row.name, seq=0, at=at, by=NAME, topic=row.topic, **changed)
        change = Configure(Record(row.id, OPERATOR, event), here=False, operator=True, skeleton=skeleton)
        done = await self._journal.change(Acted(change, at, OPERATOR, verb, 0, detail))
        if isinstance(done, NameTaken):
            raise Refusal("name_taken", f"'{changed['name']}' is, or looks like, the room '{done.holder}'.")
        if isinstance(done, Denied):
            raise Refusal(done.code, done.message)
        self._notable.tell("the operator changed a room", room=row.id, verb=verb)

    async def _delete_room(self, ask: o.DeleteRoom) -> Answer:
        name = room_name(ask.name)
        if ask.undo:
            act = await self._destroying.bring_back_for_operator(name)
        else:
            act = await self._destroying.destroy_for_operator(name, ask.reason)
        return {"name": name.key, "act": act}

    async def _export(self, name: str, after: int) -> Answer:
        room = (await self._room(name))["room"]
        span = {"after": after, "before": room["head"] + 1}
        page = await self._reader.page(room["id"], **span, limit=PAGE, newest=False)
        last = page[-1].event.seq if page else room["head"]
        return {
            "events": [to_builtins(record.event) for record in page],
            "next": last if last < room["head"] else None,
        }

    def _session(self, session: Session) -> Answer:
        listener = session.listener
        return {
            "name": session.name,
            "role": session.role,
            "guest": session.account is None,
            "connected": listener is not None,
            "address": "" if listener is None else listener.address,
            "rooms": sorted(session.rooms),
        }


def _rows(structs: Sequence[Any]) -> list[Any]:
    return [to_builtins(one) for one in structs]


def _with_article(role: str) -> str:
    return {"admin": "an administrator", "owner": "an owner"}.get(role, f"a {role}")
