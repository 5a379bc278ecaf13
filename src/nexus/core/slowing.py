"""Slow mode: everybody but a room's moderators waits between two messages."""

from math import ceil

from nexus.core.access import MODERATOR, Rules, Standing, rank
from nexus.core.changes import Denied


def wait_between(standing: Standing, rules: Rules) -> int:
    """Seconds that someone has to wait between two messages in a room; 0 where they need not."""
    return rules.slow if rules.slow and rank(standing, rules) < MODERATOR else 0


def too_soon(slow: int, last: int | None, now: int) -> Denied | None:
    """The refusal of a message that comes less than `slow` seconds after its author's last one; None where it does not.

    A clock that was set back makes nobody wait for longer than twice that.
    """
    if last is None:
        return None
    wait = slow - abs(now - last) / 1000
    if wait <= 0:
        return None
    why = f"In this room everybody waits {slow} s between two messages; wait {ceil(wait)} s more."
    return Denied("too_fast", why, wait)
