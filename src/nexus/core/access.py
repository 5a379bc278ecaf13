"""Who may do what: pure decisions over roles and settings."""

ROLES = ("guest", "member", "admin")
"""What someone may be on a server, from least to most."""


def may_create(role: str, allowed: str) -> bool:
    """Whether a role may make rooms under the setting `rooms.create`."""
    return allowed == "everyone" or role == "admin" or (allowed == "members" and role == "member")


def may_configure(role: str, *, here: bool) -> bool:
    """Whether a role may change an open room: whoever is in it, and an administrator from anywhere."""
    return here or role == "admin"


def may_edit(author: int, by: int, age: int, within: int) -> bool:
    """Whether `by` may edit a message: its author, while it is not older than `within` (ms; 0: however old)."""
    return author == by and (not within or age <= within)


def may_delete(author: int, by: int, role: str) -> bool:
    """Whether `by` may delete a message: its author, and an administrator."""
    return author == by or role == "admin"


def may_pin(role: str) -> bool:
    """Whether a role may pin messages and take pins off: whoever has an account."""
    return role != "guest"
