"""Where guests came from is kept for some days, for moderators to ban and purge by, and then forgotten."""

from nexus.core.origins import ForgetOrigins
from nexus.ports import Clock, Unavailable
from nexus.server.journal import Journal
from nexus.settings import Settings

DAY = 86_400_000
"""Milliseconds."""

AT_ONCE = 500
"""Guests of whom one change forgets it."""


class Origins:
    """Forgets what is older than the setting says."""

    def __init__(self, settings: Settings, journal: Journal, clock: Clock) -> None:
        self._days = settings.moderation.sources
        self._journal = journal
        self._clock = clock

    async def forget(self) -> None:
        """Step by step, all that is too old."""
        before = self._clock.wall() - self._days * DAY
        try:
            while await self._journal.change(ForgetOrigins(before, AT_ONCE)) == AT_ONCE:
                pass
        except Unavailable:
            return  # another look will do
