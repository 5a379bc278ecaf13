"""The names of rooms that are not open: ids that nobody chose and nobody guesses."""

import re
from base64 import b32encode

_ID = re.compile(r"p-[a-z2-7]{20}")


def room_id(random: bytes) -> str:
    """The id that 12 random bytes make: 96 bits, in letters that every file system and address keeps as they are."""
    return f"p-{b32encode(random).decode().rstrip('=').lower()}"


def is_room_id(key: str) -> bool:
    """Whether a room's name is such an id; no open room has one."""
    return _ID.fullmatch(key) is not None
