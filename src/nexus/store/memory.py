"""The store in memory: for tests, and for a server that may forget.

What a disk would keep is a `Durable`; a `MemoryStore` is one opening of it. A test that crashes a server drops
its store and opens another over the same `Durable`; `MemoryStore.fail` makes a commit fail where it wants.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from nexus.core import entries as e
from nexus.core.amending import decide, digest, fold
from nexus.core.mentions import Mentioned, resolve, with_mentions
from nexus.core.names import Name
from nexus.core.people import Account, Login, Mark, RoomRow, SessionRow
from nexus.store.durable import Durable, Reading

__all__ = ["Durable", "MemoryStore"]

K = TypeVar("K")
V = TypeVar("V")


class MemoryStore(Reading):
    """One opening of a `Durable`; the one before it must not be used any more."""

    fail: Callable[[str], None] | None = None
    """Called by `commit` at "begin", "written" and "synced"; what it raises, `commit` raises.

    At the first two the group is as if it had never been; at "synced" it is durable and nobody hears of it.
    """

    def __init__(self, durable: Durable) -> None:
        super().__init__(durable)
        durable.run += 1
        self.epoch, self.key, self.run = durable.epoch, durable.key, durable.run
        self._undo: list[Callable[[], object]] = []

    def commit(self, entries: Sequence[e.Entry]) -> list[e.Outcome]:
        """Write a group, all of it or nothing; one outcome per entry, in order."""
        with self._reading():
            try:
                self._reach("begin")
                outcomes = [self._carry_out(entry) for entry in entries]
                self._reach("written")
            except BaseException:
                while self._undo:
                    self._undo.pop()()
                raise
            self._undo.clear()
            self._reach("synced")
            return outcomes

    def index(self) -> bool:
        """Nothing to do."""
        return False

    def tidy(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Refuse from now on."""
        self._closed = True

    def _reach(self, point: str) -> None:
        if self.fail is not None:
            self.fail(point)

    def _put(self, table: dict[K, V], key: K, value: V) -> None:
        """Write, so that it can be undone."""
        if key in table:
            before = table[key]
            self._undo.append(lambda: table.update({key: before}))
        else:
            self._undo.append(lambda: table.pop(key))
        table[key] = value

    def _drop(self, table: dict[K, V], key: K) -> bool:
        """Delete, so that it can be undone; false where it was not there."""
        if key not in table:
            return False
        before = table.pop(key)
        self._undo.append(lambda: table.update({key: before}))
        return True

    def _carry_out(self, entry: e.Entry) -> e.Outcome:  # noqa: C901, PLR0912
        """One line per kind of entry; each is what carries it out."""
        match entry:
            case e.Draft():
                return self._post(entry)
            case e.OpenSession():
                return self._open_session(entry)
            case e.RenameGuest():
                return self._rename_guest(entry)
            case e.RenameAccount():
                return self._rename_account(entry)
            case e.EndSessions():
                self._end_sessions(entry)
            case e.Register():
                return self._register(entry)
            case e.AddLogin():
                return self._add_login(entry)
            case e.EndLogin():
                return self._end_login(entry)
            case e.UseLogin():
                self._use_login(entry)
            case e.Rehash():
                self._rehash(entry)
            case e.MakeRoom():
                return self._make_room(entry)
            case e.AddMember():
                return self._add_member(entry)
            case e.EndMember():
                return self._end_member(entry.draft)
            case e.SetTopic():
                return self._set_topic(entry.draft)
            case e.MarkRead():
                return self._mark_read(entry)
            case e.SetLevel():
                self._set_level(entry)
            case e.Amend():
                return self._amend(entry)
        return None

    def _post(self, draft: e.Draft) -> e.Stored | e.NonceReused:
        return self._known(draft) or e.Stored(self._note(draft, draft.nonce), True)

    def _known(self, draft: e.Draft) -> e.Stored | e.NonceReused | None:
        """What became of a draft's nonce; None where it is new."""
        seq = self._d.nonces.get((draft.room, draft.author, draft.nonce or ""))
        if seq is None:
            return None
        known = self._d.events[draft.room, seq]
        return e.Stored(self._today(known), False) if self._is_retry(known, draft) else e.NonceReused(seq)

    def _is_retry(self, known: e.Event, draft: e.Draft) -> bool:
        """Whether a draft says what an event said when it was stored; of what was deleted nothing can be compared."""
        if (known.kind, known.target) != (draft.kind, draft.target):
            return False
        message = known.seq if known.kind == e.Kind.POSTED else known.target or 0
        if known.kind in (e.Kind.POSTED, e.Kind.EDITED):
            now = self._d.events.get((draft.room, message))
            if now is not None and now.amended is not None and now.amended.deleted:
                return True
        before = self._d.earlier.get((draft.room, message), {}).get(known.seq)
        return known.text == draft.text if before is None else before == digest(draft.text)

    def _note(self, draft: e.Draft, nonce: str | None = None) -> e.Event:
        """Append an event; the nonce of one that comes of a change means nothing."""
        row = self._room(draft.room)
        seq, at = row.head + 1, max(draft.at, row.at)
        event = e.Event(row.id, seq, at, draft.kind, draft.author, draft.by, draft.text, nonce, draft.target)
        if draft.names:
            event = self._mention(event, draft.names)
        self._put(self._d.rooms, row.id, replace(row, head=seq, at=at))
        self._put(self._d.events, (row.id, seq), event)
        if nonce is not None:
            self._put(self._d.nonces, (row.id, draft.author, nonce), seq)
        return event

    def _mention(self, event: e.Event, names: tuple[str, ...]) -> e.Event:
        """Note whom a message mentions."""
        found = resolve(names, event.author, self._who)
        if found:
            self._put(self._d.mentions, (event.room, event.seq), found)
        for reader, _ in found:
            seqs = self._d.mentioned.setdefault((event.room, reader), [])
            seqs.append(event.seq)
            self._undo.append(seqs.pop)
        return with_mentions(event, found)

    def _who(self, key: str) -> Mentioned | None:
        reader = self._d.keys.get((True, key)) or self._d.keys.get((False, key))
        return None if reader is None else (reader, self._d.names[reader].shown)

    def _amend(self, change: e.Amend) -> e.Stored | e.NonceReused | e.Denied:
        draft = change.draft
        known = self._known(draft)
        if known is not None:
            return known
        stored = self._d.events.get((draft.room, draft.target or 0))
        target = None if stored is None else self._today(stored)
        verdict = decide(change, target)
        if isinstance(verdict, e.Denied):
            return verdict
        if verdict is not None:
            return e.Stored(self._today(self._d.events[draft.room, verdict]), False)
        assert target is not None
        event = self._note(draft, draft.nonce)
        if draft.kind in (e.Kind.EDITED, e.Kind.DELETED):
            self._erase(target, draft.kind)
        self._put(self._d.events, (draft.room, target.seq), fold(target, event))
        return e.Stored(event, True)

    def _erase(self, target: e.Event, kind: int) -> None:
        """The text that the message has now is gone, in its own event or in an edit's."""
        message = target.room, target.seq
        seq = target.amended.edit if target.amended is not None and target.amended.edit else target.seq
        self._put(self._d.events, (target.room, seq), replace(self._d.events[target.room, seq], text=""))
        earlier = self._d.earlier.get(message, {}) | {seq: digest(target.text)}
        self._put(self._d.earlier, message, {} if kind == e.Kind.DELETED else earlier)

    def _room(self, id: int) -> RoomRow:
        row = self._d.rooms.get(id)
        if row is None:
            raise LookupError(f"There is no room {id}.")
        return row

    def _taken(self, name: Name, *owners: int) -> e.NameTaken | None:
        """Who but the owners holds a name, or one that looks like it; accounts are asked first."""
        for kind in (True, False):
            for holder in (self._d.keys.get((kind, name.key)), self._d.skeletons.get((kind, name.skeleton))):
                if holder is not None and holder not in owners:
                    return e.NameTaken(self._d.names[holder].shown)
        return None

    def _hold(self, author: int, name: Name | None) -> None:
        """Give an author a name in the place of the one they had, or none."""
        before, kind = self._d.names.get(author), author > 0
        if before is not None:
            self._drop(self._d.names, author)
            self._drop(self._d.keys, (kind, before.key))
            self._drop(self._d.skeletons, (kind, before.skeleton))
        if name is not None:
            self._put(self._d.names, author, name)
            self._put(self._d.keys, (kind, name.key), author)
            self._put(self._d.skeletons, (kind, name.skeleton), author)

    def _open_session(self, change: e.OpenSession) -> e.NameTaken | None:
        row, _ = self._d.sessions.get(change.id, (None, 0))
        if change.account is not None or change.shown:
            name = None if change.account is not None else _name(change)
            taken = name and self._taken(name, -change.id)
            if taken is not None:
                return taken
            self._hold(-change.id, name)
            row = SessionRow(change.id, "", change.account, change.login)
        if row is None:
            return e.NameTaken("")  # only the id was told, and that session has ended
        self._put(self._d.sessions, change.id, (row, change.run))
        return None

    def _rename_guest(self, change: e.RenameGuest) -> e.NameTaken | None:
        taken = self._taken(_name(change), -change.session)
        row, _ = self._d.sessions.get(change.session, (None, 0))
        if taken is None and row is not None and row.account is None:
            self._hold(-change.session, _name(change))
        return taken

    def _rename_account(self, change: e.RenameAccount) -> e.NameTaken | None:
        taken = self._taken(_name(change), change.account, -change.session)
        account = self._d.accounts.get(change.account)
        if taken is None and account is not None:
            self._hold(account.id, _name(change))
            self._put(self._d.accounts, account.id, replace(account, name=change.shown))
        return taken

    def _end_sessions(self, change: e.EndSessions) -> None:
        before = change.before_run or 0
        old = [id for id, (_, run) in self._d.sessions.items() if run < before]
        for id in (*change.ids, *old):
            self._hold(-id, None)
            self._drop(self._d.sessions, id)

    def _register(self, change: e.Register) -> Account | e.NameTaken:
        taken = self._taken(_name(change), -change.session)
        if taken is not None:
            return taken
        account = Account(len(self._d.accounts) + 1, change.shown, change.role, change.hash)
        self._put(self._d.accounts, account.id, account)
        self._hold(account.id, _name(change))
        return account

    def _add_login(self, change: e.AddLogin) -> int:
        id = self._d.digests.get(change.digest)
        if id is not None:  # the same token again is the same login
            self._use_login(e.UseLogin(id, change.at))
            return id
        id = self._d.last_login.get(None, 0) + 1
        self._put(self._d.last_login, None, id)
        self._put(self._d.digests, change.digest, id)
        self._put(self._d.logins, id, Login(id, change.account, change.client, change.at, change.at))
        return id

    def _end_login(self, change: e.EndLogin) -> bool:
        login = self._d.logins.get(change.login)
        if login is None or login.account != change.account:
            return False
        self._drop(self._d.logins, login.id)
        self._drop(self._d.digests, next(key for key, id in self._d.digests.items() if id == login.id))
        self._end_sessions(
            e.EndSessions(tuple(id for id, (row, _) in self._d.sessions.items() if row.login == login.id))
        )
        return True

    def _use_login(self, change: e.UseLogin) -> None:
        login = self._d.logins.get(change.login)
        if login is not None:
            self._put(self._d.logins, login.id, replace(login, used=change.at))

    def _rehash(self, change: e.Rehash) -> None:
        account = self._d.accounts.get(change.account)
        if account is not None:
            self._put(self._d.accounts, account.id, replace(account, hash=change.hash))

    def _make_room(self, change: e.MakeRoom) -> RoomRow | e.NameTaken:
        id = self._d.rooms_by_key.get(change.key, self._d.rooms_by_skeleton.get(change.skeleton))
        if id is not None:
            row = self._d.rooms[id]
            return row if row.name == change.key else e.NameTaken(row.name)
        row = RoomRow(len(self._d.rooms) + 1, change.key, "", 0, 0)
        self._put(self._d.rooms, row.id, row)
        self._put(self._d.rooms_by_key, change.key, row.id)
        self._put(self._d.rooms_by_skeleton, change.skeleton, row.id)
        self._put(self._d.made, row.id, change.at)
        return row

    def _add_member(self, change: e.AddMember) -> e.Event | None:
        draft = change.draft
        if (draft.room, draft.author) in self._d.members:
            return None
        self._put(self._d.members, (draft.room, draft.author), draft.at)
        event = self._note(draft)
        self._mark_read(e.MarkRead(draft.room, draft.author, event.seq if change.read is None else change.read))
        return event

    def _end_member(self, draft: e.Draft) -> e.Event | None:
        return self._note(draft) if self._drop(self._d.members, (draft.room, draft.author)) else None

    def _set_topic(self, draft: e.Draft) -> e.Event:
        self._put(self._d.rooms, draft.room, replace(self._room(draft.room), topic=draft.text))
        return self._note(draft)

    def _mark_read(self, change: e.MarkRead) -> int:
        mark = self._d.marks.get((change.room, change.reader), Mark())
        seq = min(change.seq, self._room(change.room).head)
        if seq > mark.seq:
            self._put(self._d.marks, (change.room, change.reader), mark._replace(seq=seq))
        return max(seq, mark.seq)

    def _set_level(self, change: e.SetLevel) -> None:
        mark = self._d.marks.get((change.room, change.reader), Mark())
        self._put(self._d.marks, (change.room, change.reader), mark._replace(level=change.level))


def _name(change: e.OpenSession | e.RenameGuest | e.RenameAccount | e.Register) -> Name:
    return Name(change.shown, change.key, change.skeleton)
