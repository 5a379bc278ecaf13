"""What one person, and all who come from one address together, may store in a day: bytes, and rooms."""

from nexus.core.access import is_admin
from nexus.core.overhead import Share
from nexus.core.quota import Allowance, Daily
from nexus.core.speaker import Speaker
from nexus.ports import Clock
from nexus.protocol.refusals import Refusal
from nexus.settings import Limits


class Quotas:
    """Knows how much each source has left; where an address is not known, a person's own share has to do."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._clock = clock
        self._bytes, self._bytes_by_address = Daily(limits.day_bytes), Daily(limits.day_bytes_address)
        self._rooms, self._rooms_by_address = Daily(limits.day_rooms), Daily(limits.day_rooms_address)
        self.limits = {
            "bytes": self._bytes,
            "bytes by address": self._bytes_by_address,
            "rooms": self._rooms,
            "rooms by address": self._rooms_by_address,
        }

    def allowance(self, speaker: Speaker) -> Allowance:
        """What a speaker may store, from where they are now."""
        return Allowance(self._shares(speaker, self._bytes, self._bytes_by_address))

    def spend_room(self, speaker: Speaker) -> None:
        """Count a room that is about to be made; raises the Refusal `too_many`."""
        now = self._clock.now()
        shares = self._shares(speaker, self._rooms, self._rooms_by_address)
        if not is_admin(speaker.role) and any(share.spend(0, now) < 1 for share in shares):
            raise Refusal(
                "too_many", "No more rooms can be made today, by you or from your address; use one of those there are."
            )
        for share in shares:
            share.spend(1, now)

    def _shares(self, speaker: Speaker, own: Daily, together: Daily) -> tuple[Share, ...]:
        now = self._clock.now()
        address = speaker.sources[0]
        mine = own.of(str(speaker.author), now)
        return (mine, together.of(address, now)) if address else (mine,)
