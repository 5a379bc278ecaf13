"""Commands about oneself: one's name, account and logins."""

from typing import Annotated, Literal

from msgspec import Meta

from nexus.protocol.command import Command, PersonName, Secrecy, Secret


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


class Logins(Command):
    """List the devices on which one's account is signed in."""


class Revoke(Command):
    """End a login of one's account; its sessions end at once."""

    login: Annotated[str, Meta(max_length=64)]
