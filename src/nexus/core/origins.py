"""Where guests came from."""

from nexus.core.changes import Change


class ForgetOrigins(Change[int], frozen=True):
    """Forget where guests came from who came before a time and are gone, so many at most; how many that were."""

    before: int
    most: int
