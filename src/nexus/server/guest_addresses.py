"""The addresses of guests are kept for some days, for moderators to ban and purge by, and then forgotten."""

from nexus.core.moderating import ForgetAddresses
from nexus.ports import Clock, Unavailable
from nexus.server.journal import Journal
from nexus.settings import Settings

DAY = 86_400_000
"""Milliseconds."""

AT_ONCE = 500
"""Guests whose addresses one change forgets."""


class GuestAddresses:
    """Forgets those that are older than `moderation.sources` says."""

    def __init__(self, settings: Settings, journal: Journal, clock: Clock) -> None:
        self._days = settings.moderation.sources
        self._journal = journal
        self._clock = clock

    async def forget(self) -> None:
        """Step by step, all that are too old."""
        before = self._clock.wall() - self._days * DAY
        try:
            while await self._journal.change(ForgetAddresses(before, AT_ONCE)) == AT_ONCE:
                pass
        except Unavailable:
            return  # another look will do
