"""From where nobody comes in, whether nobody new does at all, and who may not even be seen typing; in memory."""

from nexus.core.access import PAUSED
from nexus.ports import Clock, Store, Unavailable
from nexus.protocol.refusals import Refusal
from nexus.server.reading import Reader

HOUR = 3_600_000
"""Milliseconds."""

REASON = 500
"""Characters of a reason, at most."""

FOR_GOOD = 2**62
"""After every time."""

MOST = 10_000
"""Bans that are looked at."""


class Sanctions:
    """Bans by address, and mutes. Of mutes only those since the start: the store decides who may say something."""

    def __init__(self, store: Store, reader: Reader, clock: Clock) -> None:
        self._store = store
        self._reader = reader
        self._clock = clock
        self.paused = False
        """Whether nobody new comes in, and guests only read."""
        self._addresses: dict[str, int] = {}
        self._muted: dict[int, int] = {}

    async def load(self) -> None:
        """Read which addresses are banned, and whether the server is paused."""
        try:
            self.paused = await self._reader.read(self._store.paused)
            bans = await self._reader.read(lambda: self._store.bans(MOST))
        except (Unavailable, Refusal):
            return  # as it was; the next ban or start reads them again
        self._addresses = {}
        for ban in sorted(bans, key=lambda ban: ban.until or FOR_GOOD):  # the longest of an address is the last
            if ban.address:
                self._addresses[ban.address] = ban.until

    def check(self, address: str) -> None:
        """Raise the Refusal of someone who comes without an account, or to make one, from a banned address."""
        until = self._addresses.get(address, -1)
        if until == 0 or until > self._clock.wall():
            raise Refusal("forbidden", "The moderators of this server let nobody new in from your address.")

    def check_new(self, address: str) -> None:
        """Raise the Refusal of someone who was not here before; of anybody, while the server is paused."""
        self.check(address)
        if self.paused:
            raise Refusal("forbidden", PAUSED)

    def mute(self, author: int, until: int) -> None:
        """Somebody may say nothing until a time."""
        self._muted[author] = until

    def unmute(self, author: int) -> None:
        """Somebody may talk again."""
        self._muted.pop(author, None)

    def is_muted(self, author: int) -> bool:
        """Whether somebody was muted, and still is."""
        until = self._muted.get(author, -1)
        return until == 0 or until > self._clock.wall()


def reason_of(text: str) -> str:
    """A reason as it is kept; raises the Refusal of one that is too long."""
    if len(text) > REASON:
        raise Refusal("too_large", f"That reason is too long; up to {REASON} characters would work.")
    return text.strip()
