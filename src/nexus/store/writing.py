"""How the store in memory changes what it keeps of people: names, accounts, logins, sessions."""

from typing import Any

from msgspec.structs import replace

from nexus.core import bots as b
from nexus.core import changes as c
from nexus.core.access import BOT, is_admin
from nexus.core.erasing import EndRemoval, Erase
from nexus.core.inviting import InviteFirst
from nexus.core.mentions import Mentioned
from nexus.core.moderating import PRIVATE, ForgetAddresses, private_number
from nexus.core.names import Name
from nexus.core.people import FORMER, FORMER_NAME, Account, Act, Login, Registered, SessionRow, former_key
from nexus.store.inviting import Inviting


class Writing(Inviting):
    """Changes to people, each so that it can be undone."""

    def _about_people(self, change: c.Change[Any]) -> Any:  # noqa: C901, PLR0912
        """One line per kind of change."""
        match change:
            case c.OpenSession() | c.RenameGuest() | c.EndSessions() | c.RetireSession() | ForgetAddresses():
                return self._about_session(change)
            case c.Register():
                return self._register(change)
            case b.MakeBot():
                return self._make_bot(change)
            case c.RenameAccount():
                return self._rename_account(change)
            case c.SetRole():
                return self._set_role(change)
            case Erase():
                return self._erase_account(change)
            case EndRemoval():
                self._drop(self._d.removals, change.account)
            case c.AddLogin():
                return self._add_login(change)
            case c.EndLogin():
                return self._end_login(change)
            case c.EndLogins():
                self._end_logins(change.account)
                return change.account in self._d.accounts
            case c.UseLogin():
                self._use_login(change)
            case c.ChangePassword():
                return self._change_password(change)
            case c.Rehash():
                self._rehash(change)
            case c.AddReset():
                self._put(self._d.resets, change.account, (change.code, change.expires))
            case c.UseReset():
                return self._use_reset(change)
            case c.AddInvite() | InviteFirst() | c.EndInvite():
                return self._about_invite(change)
            case _:
                raise TypeError(f"{type(change).__name__} is not a change that this store knows.")
        return None

    def _about_session(self, change: c.Change[Any]) -> c.NameTaken | int | None:
        """The same for sessions and the names that they hold."""
        match change:
            case c.OpenSession():
                return self._open_session(change)
            case c.RenameGuest():
                return self._rename_guest(change)
            case c.EndSessions():
                self._end_sessions(change)
            case c.RetireSession():
                self._retire(change)
            case ForgetAddresses():
                return self._forget_addresses(change)
        return None

    # --- names -------------------------------------------------------------------------------------

    def _taken(self, name: Name, at: int, *owners: int) -> c.NameTaken | None:
        """Who but the owners holds a name, or one that looks like it; accounts are asked first."""
        for kind in (True, False):
            for holder in (self._d.keys.get((kind, name.key)), self._d.skeletons.get((kind, name.skeleton))):
                if holder is not None and holder not in owners:
                    return c.NameTaken(self._d.names[holder].shown)
        for held, owner, until in self._d.held.values():
            alike = name.key == held.key or name.skeleton == held.skeleton
            if alike and until > at and owner not in owners:
                return c.NameTaken(held.shown)
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

    def _rename_guest(self, change: c.RenameGuest) -> c.NameTaken | None:
        taken = self._taken(_name(change), change.at, -change.session)
        row, _ = self._d.sessions.get(change.session, (None, 0))
        if taken is None and row is not None and row.account is None:
            self._hold(-change.session, _name(change))
        return taken

    def _rename_account(self, change: c.RenameAccount) -> c.NameTaken | None:
        taken = self._taken(_name(change), change.at, change.account, -change.session)
        account = self._d.accounts.get(change.account)
        if taken is None and account is not None:
            self._keep_name(account.id, change.at, change.until)
            self._drop(self._d.held, change.key)
            self._hold(account.id, _name(change))
            self._alter(account.id, name=change.shown)
        return taken

    def _keep_name(self, account: int, at: int, until: int) -> None:
        """The name that the account has is nobody else's until then."""
        name = self._d.names[account]
        if until > at:
            self._put(self._d.held, name.key, (name, account, until))

    # --- sessions ----------------------------------------------------------------------------------

    def _open_session(self, change: c.OpenSession) -> c.NameTaken | None:
        row, _ = self._d.sessions.get(change.id, (None, 0))
        if change.login is not None and change.login not in self._d.logins:
            return c.NameTaken("")
        if change.shown and change.id in self._d.retired:
            return c.NameTaken("")
        if change.account is not None or change.shown:
            name = None if change.account is not None else _name(change)
            taken = name and self._taken(name, change.at, -change.id)
            if taken is not None:
                return taken
            self._hold(-change.id, name)
            row = SessionRow(change.id, "", change.account, change.login, change.guest)
        if row is None:
            return c.NameTaken("")  # only the id was told, and that session has ended
        self._put(self._d.sessions, change.id, (row, change.run))
        if change.shown and change.address:
            self._put(self._d.origins, -change.id, (change.address, change.at))
        return None

    def _forget_addresses(self, change: ForgetAddresses) -> int:
        old = sorted((at, author) for author, (_, at) in self._d.origins.items() if at < change.before)
        gone = [author for _, author in old if -author not in self._d.sessions][: change.most]
        for author in gone:
            self._drop(self._d.origins, author)
        return len(gone)

    def _retire(self, change: c.RetireSession) -> None:
        self._put(self._d.retired, change.session, None)
        row, _ = self._d.sessions.get(change.session, (None, 0))
        if row is None or row.account is None:
            self._end_sessions(c.EndSessions((change.session,)))

    def _end_sessions(self, change: c.EndSessions) -> None:
        before = change.before_run or 0
        runs = {id: run for id, (_, run) in self._d.sessions.items()}
        old = [id for id, run in runs.items() if run in change.runs or (run < before and run not in self._d.nodes)]
        ids = [id for id in change.ids if not change.run or runs.get(id, change.run) == change.run]
        for id in (*ids, *old):
            self._hold(-id, None)
            self._drop(self._d.sessions, id)
            self._forget_ignored_by(-id)

    # --- accounts ----------------------------------------------------------------------------------

    def _register(self, change: c.Register) -> Account | Registered | c.NameTaken | c.Denied:
        taken = self._taken(_name(change), change.at, -change.session)
        if taken is not None:
            return taken
        invite = None if change.invite is None else self._valid(change.invite, change.at)
        if change.invite is not None and invite is None:
            return c.INVALID_INVITE
        role = change.role if invite is None else invite.role
        if change.official and not is_admin(role):
            return c.OFFICIAL_NAME
        limited = invite is not None and invite.limited
        account = Account(len(self._d.accounts) + 1, change.shown, role, change.hash, limited)
        self._put(self._d.accounts, account.id, account)
        self._put(self._d.created, account.id, change.at)
        self._hold(account.id, _name(change))
        if invite is None:
            return account
        self._spend(invite, account.id)
        if not invite.room:
            return account
        return Registered(account, self._enter(invite, account.id, account.name, change.at).records)

    def _make_bot(self, change: b.MakeBot) -> b.Made | c.NameTaken | c.Denied:
        denied = b.why_no_owner(self._d.accounts.get(change.owner))
        if denied or self._is_banned(change.owner, change.at):
            return denied or c.BANNED
        mine = self._bots(change.owner)
        known = [id for id in mine if self._d.names[id].key == change.key]
        if known:
            account = self._d.accounts[known[0]]
            self._end_logins(account.id)
        else:
            if len(mine) >= change.most:
                return b.too_many(change.most)
            taken = self._taken(_name(change), change.at)
            if taken is not None:
                return taken
            account = Account(len(self._d.accounts) + 1, change.shown, BOT, "", owner=change.owner)
            self._put(self._d.accounts, account.id, account)
            self._put(self._d.created, account.id, change.at)
            self._hold(account.id, _name(change))
        login = c.AddLogin(account.id, change.digest, change.client, change.at)
        return b.Made(account, self._new_login(login))

    def _alter(self, id: int, **fields: str | bool) -> bool:
        account = self._d.accounts.get(id)
        if account is None or account.role == FORMER:
            return False
        self._put(self._d.accounts, id, replace(account, **fields))
        return True

    def _set_role(self, change: c.SetRole) -> bool:
        account = self._d.accounts.get(change.account)
        has_none = account is None or account.owner or (account.limited and change.role != "member")
        return not has_none and self._alter(change.account, role=change.role)

    def _rehash(self, change: c.Rehash) -> None:
        if self._hash_of(change.account) == change.old:
            self._alter(change.account, hash=change.hash)

    def _hash_of(self, account: int) -> str | None:
        found = self._d.accounts.get(account)
        return None if found is None else found.hash

    def _erase_account(self, change: Erase) -> bool:
        id = change.account
        account = self._d.accounts.get(id)
        if account is None or account.role == FORMER or change.hash not in (None, account.hash):
            return False
        if change.remove:
            self._put(self._d.removals, id, True)
        self._keep_name(id, change.at, change.until)
        self._end_logins(id)
        self._forget_mentions(id)
        for room in [room for room, member in self._d.members if member == id]:
            self._leave(room, id)
            self._successor(room, change.at)
        for room in [room for room, reader in self._d.marks if reader == id]:
            self._drop(self._d.marks, (room, id))
        self._drop(self._d.resets, id)
        self._forget_ignored_account(id)
        for invite in [invite.id for invite, _ in self._d.invites.values() if invite.by == id]:
            self._drop(self._d.invites, invite)
        for at in [at for at in self._d.purged if self._d.records[at].author == id]:
            self._drop(self._d.purged, at)
        for bot in self._bots(id):
            self._erase_account(Erase(bot, change.at, change.until, change.remove))
        self._hold(id, Name(FORMER_NAME, former_key(id), former_key(id)))
        self._put(self._d.accounts, id, Account(id, FORMER_NAME, FORMER, "", owner=account.owner))
        return True

    def _forget_mentions(self, reader: int) -> None:
        """What mentioned a reader is plain text there."""
        for (room, of), seqs in list(self._d.mentioned.items()):
            if of != reader:
                continue
            for seq in seqs:
                left: tuple[Mentioned, ...] = tuple(
                    one for one in self._d.mentions.get((room, seq), ()) if one[0] != reader
                )
                self._put(self._d.mentions, (room, seq), left)
            self._drop(self._d.mentioned, (room, of))

    # --- passwords and logins ----------------------------------------------------------------------

    def _add_login(self, change: c.AddLogin) -> c.SignedIn | c.Denied | None:
        if change.hash is not None and self._hash_of(change.account) != change.hash:
            return None
        if self._is_banned(change.account, change.at):
            return c.BANNED
        id = self._d.digests.get(change.digest)
        if id is not None:  # the same token again is the same login
            self._use_login(c.UseLogin(id, change.at))
        else:
            id = self._new_login(change)
        if not change.most:
            return c.SignedIn(id)
        others = [login for login in self._d.logins.values() if login.account == change.account and login.id != id]
        others.sort(key=lambda login: (login.used, login.id), reverse=True)
        old = tuple(login.id for login in others[change.most - 1 :])
        for login in old:
            self._end_login(c.EndLogin(change.account, login))
        return c.SignedIn(id, old)

    def _new_login(self, change: c.AddLogin | c.ChangePassword) -> int:
        id = self._d.last_login.get(None, 0) + 1
        self._put(self._d.last_login, None, id)
        self._put(self._d.digests, change.digest, id)
        self._put(self._d.logins, id, Login(id, change.account, change.client, change.at, change.at))
        return id

    def _end_login(self, change: c.EndLogin) -> bool:
        login = self._d.logins.get(change.login)
        if login is None or login.account != change.account:
            return False
        self._forget_login(login.id)
        self._end_sessions(
            c.EndSessions(tuple(id for id, (row, _) in self._d.sessions.items() if row.login == login.id))
        )
        return True

    def _forget_login(self, login: int) -> None:
        self._drop(self._d.logins, login)
        self._drop(self._d.digests, next(key for key, id in self._d.digests.items() if id == login))

    def _end_logins(self, account: int, *, but: int = 0) -> None:
        """All logins of an account end, and its sessions but for one."""
        for login in [login.id for login in self._d.logins.values() if login.account == account]:
            self._forget_login(login)
        ids = (id for id, (row, _) in self._d.sessions.items() if row.account == account and id != but)
        self._end_sessions(c.EndSessions(tuple(ids)))

    def _use_login(self, change: c.UseLogin) -> None:
        login = self._d.logins.get(change.login)
        if login is not None:
            self._put(self._d.logins, login.id, replace(login, used=change.at))

    def _change_password(self, change: c.ChangePassword) -> c.SignedIn | None:
        if self._hash_of(change.account) != change.old:
            return None
        self._alter(change.account, hash=change.hash)
        self._drop(self._d.resets, change.account)
        self._end_logins(change.account, but=change.session)
        login = self._new_login(change)
        row, run = self._d.sessions.get(change.session, (None, 0))
        if row is not None:
            self._put(self._d.sessions, change.session, (replace(row, login=login), run))
        return c.SignedIn(login)

    def _use_reset(self, change: c.UseReset) -> Account | None:
        codes = {code: account for account, (code, expires) in self._d.resets.items() if expires > change.at}
        account = codes.get(change.code)
        if account is None:
            return None
        self._drop(self._d.resets, account)
        self._end_logins(account)
        self._alter(account, hash=change.hash)
        return self._d.accounts[account]

    # --- invites and acts --------------------------------------------------------------------------

    def _next_act(self, at: int, lot: int | None = None) -> int:
        """The number of the next act; with a `lot` one that tells nothing of how many there were."""
        if lot is None:
            return max((id for id in self._d.acts if id < PRIVATE), default=0) + 1
        number = private_number(at, lot)
        while number in self._d.acts:
            number += 1
        return number

    def _note_act(self, change: c.Acted[Any]) -> None:
        id = self._next_act(change.at)
        self._put(self._d.acts, id, Act(id, change.at, change.by, change.verb, change.account, change.detail))


def _name(change: c.OpenSession | c.RenameGuest | c.RenameAccount | c.Register | b.MakeBot) -> Name:
    return Name(change.shown, change.key, change.skeleton)
