"""What an operator does about people who trouble others: as a moderator does it, above everyone, and in the acts."""

from typing import Any

from nexus.core import access
from nexus.core.pace import Bucket
from nexus.core.speaker import Budget, Speaker
from nexus.ports import Store
from nexus.protocol import commands as c
from nexus.protocol import operating as o
from nexus.protocol.refusals import Refusal
from nexus.server.access import person_name
from nexus.server.moderation import OPERATOR, Moderation
from nexus.server.reading import Reader
from nexus.server.sanctions import MOST

OfPeople = o.BanUser | o.UnbanUser | o.MuteUser | o.UnmuteUser | o.LimitUser | o.UnlimitUser
Answer = dict[str, Any]


class Enforcing:
    """Says for the operator what moderators say."""

    def __init__(self, store: Store, moderation: Moderation, reader: Reader) -> None:
        self._store = store
        self._moderation = moderation
        self._reader = reader
        endless = Bucket(0, 1, 0)
        self._speaker = Speaker(0, OPERATOR, access.OPERATOR_ROLE, Budget(endless, endless, endless))

    async def answer(self, ask: OfPeople) -> Answer:
        """One line for each thing that can be done."""
        speaker, moderation, ref = self._speaker, self._moderation, 0
        match ask:
            case o.BanUser():
                done = await moderation.ban(speaker, _ban(ask))
            case o.UnbanUser(name):
                return await self._unban(name)
            case o.MuteUser(name, minutes, reason):
                done = await moderation.mute(speaker, c.Mute(ref=ref, name=name, minutes=minutes, reason=reason))
            case o.UnmuteUser(name):
                done = await moderation.unmute(speaker, c.Unmute(ref=ref, name=name))
            case o.LimitUser(name, reason):
                done = await moderation.limit(speaker, c.Limit(ref=ref, name=name, reason=reason))
            case o.UnlimitUser(name):
                done = await moderation.limit(speaker, c.Unlimit(ref=ref, name=name))
        return {"name": ask.name, "act": done.act, "others": done.others, "hidden": done.count}

    async def _unban(self, name: str) -> Answer:
        """Let somebody in again, whatever bans there are of them."""
        key = person_name(name).key
        bans = await self._reader.read(lambda: self._store.bans(MOST))
        theirs = [ban for ban in bans if person_name(ban.act.name).key == key]
        if not theirs:
            raise Refusal("not_found", f"{name[:64]} is not banned.")
        for ban in theirs:
            done = await self._moderation.unban(self._speaker, c.Unban(ref=0, ban=ban.id))
        return {"name": name, "act": done.act}


def _ban(ask: o.BanUser) -> c.Ban:
    return c.Ban(
        ref=0,
        name=ask.name,
        hours=ask.hours,
        reason=ask.reason,
        address=ask.address,
        confirm=ask.confirm,
        purge=ask.purge,
    )
