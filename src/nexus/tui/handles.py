"""Short handles of messages, such as #42: what is shown beside a message, and what a person types for it."""

import re
from typing import NamedTuple

from nexus.client.view import RoomView
from nexus.protocol.events import Posted

DIGITS = 3
"""How many of a seq's last digits make a handle: a view keeps no more messages than these tell apart."""

_TYPED = re.compile(r"#([0-9]{1,15})(?:\s+|$)")


class Named(NamedTuple):
    """What a person typed after a command: which message, where they said it, and the rest."""

    handle: str | None
    rest: str


def handle_of(seq: int) -> str:
    """The handle of the message with that seq."""
    return f"#{str(seq)[-DIGITS:]}"


def split(typed: str) -> Named:
    """Take the handle off the beginning of what was typed; `# 1` and `#1st` are none."""
    found = _TYPED.match(typed)
    return Named(found[1], typed[found.end() :]) if found else Named(None, typed)


def find(view: RoomView, handle: str) -> int:
    """The seq that a handle stands for: the newest message here that ends so, else the number itself."""
    seqs = (one.seq for one in reversed(view.events) if isinstance(one, Posted))
    return next((seq for seq in seqs if handle in (str(seq), str(seq)[-DIGITS:])), int(handle))
