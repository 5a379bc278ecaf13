"""Which directory holds what belongs to a room: a name that every file system keeps as it is."""

import re
from hashlib import sha256

_KEPT = b"abcdefghijklmnopqrstuvwxyz0123456789-_"
_ENCODED = [chr(byte) if byte in _KEPT else f"%{byte:02x}" for byte in range(256)]
_DEVICE = re.compile("con|prn|aux|nul|com[1-9]|lpt[1-9]")
_LONGEST = 200


def folder(room_key: str) -> str:
    """Turn any text into a directory name: ASCII, no capitals, at most 200 bytes, another for each text.

    A name that had to be cut ends in '~' and a hash, and the empty text's is '%'; neither stands for another.
    """
    name = "".join(_ENCODED[byte] for byte in room_key.encode("utf-8", "surrogatepass")) or "%"
    if _DEVICE.fullmatch(name):
        return f"%{ord(name[0]):02x}{name[1:]}"
    if len(name) <= _LONGEST:
        return name
    digest = sha256(name.encode()).hexdigest()
    return f"{name[: _LONGEST - 1 - len(digest)]}~{digest}"
