"""Who may do what: pure decisions over roles and settings."""

ROLES = ("guest", "member", "admin")
"""What someone may be on a server, from least to most."""


def may_create(role: str, allowed: str) -> bool:
    """Whether a role may make rooms under the setting `rooms.create`."""
    return allowed == "everyone" or role == "admin" or (allowed == "members" and role == "member")


def may_configure(role: str, *, here: bool) -> bool:
    """Whether a role may change an open room: whoever is in it, and an administrator from anywhere."""
    return here or role == "admin"
