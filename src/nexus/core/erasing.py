"""What becomes of an account that is erased: changes of the journal."""

from nexus.core.changes import Change


class Erase(Change[bool], frozen=True):
    """An account is nobody's any more: it has no name, password, login, session or room; false where it was so before.

    Its messages stay, by a former member, and with `remove` are deleted afterwards; mentions of it are plain text. Its
    name is held until a time. With a `hash` also false where the password is another one by now.
    """

    account: int
    at: int
    until: int
    remove: bool = False
    hash: str | None = None


class EndRemoval(Change[None], frozen=True):
    """All messages of an erased account are deleted."""

    account: int
