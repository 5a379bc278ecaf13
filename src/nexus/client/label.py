"""What people call a room: its name, its title, or who is in it."""

from nexus.protocol.types import RoomInfo


def label_of(info: RoomInfo, me: str) -> str:
    """A room's name where people chose it; else its title, or who is in it beside oneself."""
    if info.kind == "private":
        return info.title or info.name
    if info.kind == "direct" and isinstance(info.people, list):
        return ", ".join(name for name in info.people if name != me) or me
    return info.name
