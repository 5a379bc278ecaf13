"""Commands about oneself: one's name, account and logins."""

from typing import Annotated, Literal

from msgspec import Meta

from nexus.protocol.command import Command, PersonId, PersonName, Room, Secrecy, Secret
from nexus.protocol.types import DirectsName


class Rename(Command):
    """Take another name."""

    name: PersonName


class Register(Command):
    """Create an account and use it from now on; an invite sets its role."""

    name: PersonName
    password: Secrecy
    invite: Secret | None = None


class Login(Command):
    """Speak as an account from now on."""

    name: PersonName
    password: Secrecy


class Logout(Command):
    """End this session, and this device's login if there is one; or, `everywhere`, all logins of the account."""

    everywhere: bool = False


class Password(Command):
    """Change the own password: every login and session of the account ends but this session, which gets a new token."""

    old: Secrecy
    new: Secrecy


class Erase(Command):
    """Erase one's account: its name, logins and memberships; what it said stays, of a former member, or is deleted."""

    password: Secrecy
    messages: Literal["keep", "remove"] = "keep"


class Ignore(Command):
    """Ignore someone on all one's devices, by the id that `who` lists or by name: they are not told."""

    person: PersonId | None = None
    name: PersonName | None = None


class Unignore(Command):
    """Stop ignoring someone."""

    person: PersonId | None = None
    name: PersonName | None = None


class Ignored(Command):
    """List whom one ignores."""


class Prefer(Command):
    """Choose for all one's devices from whom one gets direct messages; needs an account."""

    directs: DirectsName


class Bot(Command):
    """Make a bot, an account of one's own that programs speak as; its token is told once.

    For a bot of one's own that there is already it is another token: the one before ends, with its sessions.
    """

    name: PersonName


class Bots(Command):
    """List one's bots."""


class Unbot(Command):
    """End a bot of one's own: its token, and its places in rooms; what it said stays, of a former member."""

    name: PersonName


class Why(Command):
    """Ask whether one may carry out a command, the `verb`, in a `room` or on a `target`, and why; nothing is done.

    Moderators of the server ask for somebody else, the `person`.
    """

    verb: Annotated[str, Meta(max_length=64)]
    room: Room | None = None
    person: PersonId | None = None
    target: PersonId | None = None


class Logins(Command):
    """List the devices on which one's account is signed in."""


class Revoke(Command):
    """End a login of one's account; its sessions end at once."""

    login: Annotated[str, Meta(max_length=64)]
