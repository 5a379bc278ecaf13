"""The verb `why`: whether somebody may carry out a command, by the same table that the verbs go by."""

from msgspec.structs import replace

from nexus.core.access import Standing, why_muted
from nexus.core.changes import Denied
from nexus.core.people import FORMER
from nexus.core.protecting import Reach, why_apart
from nexus.core.rights import RIGHTS, Facts, may
from nexus.core.speaker import Speaker
from nexus.ports import Clock, Store
from nexus.protocol import commands as c
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.server.access import Access, check
from nexus.server.pointing import Pointing, Somebody
from nexus.server.reading import Reader
from nexus.server.sessions import ActiveRoom

OWN = ("edit", "delete")
"""Commands about a message, which is one's own unless another author is given."""


class Explaining:
    """Gathers the facts about the person asked about, and says what follows from them."""

    def __init__(self, store: Store, access: Access, reader: Reader, pointing: Pointing, clock: Clock) -> None:
        self._store = store
        self._access = access
        self._reader = reader
        self._pointing = pointing
        self._clock = clock

    async def why(self, speaker: Speaker, command: c.Why) -> Done:
        """Whether, and why; of a room that one may not find nothing is said."""
        verb = command.verb
        right = RIGHTS.get(verb)
        if right is None:
            raise Refusal("bad_request", f"There is no command '{verb[:64]}'; docs/rights.md lists them.")
        room = await self._room(speaker, command)
        if right.room and room is None:
            raise Refusal("bad_request", f"Say in which room: `{verb}` is about one.")
        target = await self._target(speaker, command)
        who = await self._person(speaker, command)
        if who is None:
            facts, denied = await self._own(speaker, verb, room, target)
        else:
            facts = await self._of(speaker, who, room)
            denied = may(verb, _about(facts, verb, who.author, target))
        if room is not None:
            self._access.still_readable(speaker, room)
        if who is None:
            return Done(command.ref, allowed=denied is None, why=denied.message if denied else f"You may: {right.who}.")
        said = f"{who.name} would be told: {denied.message}" if denied else f"{who.name} may: {right.who}."
        return Done(command.ref, allowed=denied is None, why=said)

    async def _room(self, speaker: Speaker, command: c.Why) -> ActiveRoom | None:
        if command.room is None or command.verb == "create":
            return None
        return await self._access.readable(speaker, command.room)

    async def _target(self, speaker: Speaker, command: c.Why) -> Somebody | None:
        if command.target is None:
            return None
        return await self._pointing.found_by(speaker, None, command.target)

    async def _person(self, speaker: Speaker, command: c.Why) -> Somebody | None:
        """Somebody else, about whom only moderators ask."""
        if command.person is None:
            return None
        who = await self._pointing.found_by(speaker, None, command.person)
        if who.author == speaker.author:
            return None
        check("acts", Facts(speaker.role))
        return who

    async def _own(
        self, speaker: Speaker, verb: str, room: ActiveRoom | None, target: Somebody | None
    ) -> tuple[Facts, Denied | None]:
        """What the asker may do; whether they reach somebody is answered as it would be if they tried."""
        facts = replace(self._access.facts(speaker, room), muted=await self._muted(speaker.author))
        facts = replace(facts, apart=await self._apart(speaker, verb, room, target))
        facts = await self._with_place(facts, room, target)
        return facts, may(verb, _about(facts, verb, speaker.author, target))

    async def _of(self, speaker: Speaker, who: Somebody, room: ActiveRoom | None) -> Facts:
        """What is known of somebody else; nothing of whom they ignore, or who ignores them."""
        place = ""
        if room is not None and who.author > 0:
            place = await self._reader.read(lambda: self._store.place(room.id, who.author), speaker.sources)
        here = room is not None and any(one.author == who.author for one in room.sessions)
        facts = self._access.facts_of(who.author, Standing(who.role, place, who.limited), room, here=here)
        return replace(facts, muted=await self._muted(who.author))

    async def _with_place(self, facts: Facts, room: ActiveRoom | None, target: Somebody | None) -> Facts:
        """With what the target is in the room."""
        if target is None:
            return facts
        place = ""
        if room is not None and target.author > 0:
            place = await self._reader.read(lambda: self._store.place(room.id, target.author))
        return replace(facts, other=Standing(target.role, place))

    async def _muted(self, author: int) -> str:
        until = await self._reader.read(lambda: self._store.muted(author))
        return "" if until is None else why_muted(until, self._clock.wall())

    async def _apart(
        self, speaker: Speaker, verb: str, room: ActiveRoom | None, target: Somebody | None
    ) -> Denied | None:
        """Why the asker does not reach the other one: whom they want to write to, or of a room of two."""
        me = speaker.account
        if me is None or (verb != "direct" and (room is None or room.rules.kind != "direct")):
            return None
        others = [target.author] if verb == "direct" and target is not None else []
        if verb != "direct" and room is not None:
            members = await self._reader.read(lambda: self._store.members(room.id, 3), speaker.sources)
            others = [one.account for one in members if one.account != me] if len(members) == 2 else []
        return await self._between(me, others[0]) if others else None

    async def _between(self, me: int, other: int) -> Denied | None:
        store = self._store

        def ask() -> Denied | None:
            account = store.account_by_id(other)
            if account is None or account.role == FORMER or other == me:
                return None
            mine, theirs = (
                Reach(store.directs(one), any(row.author == two for row in store.ignored(one)))
                for one, two in ((me, other), (other, me))
            )
            return why_apart(mine, theirs, account.name)

        return await self._reader.read(ask)


def _about(facts: Facts, verb: str, author: int, target: Somebody | None) -> Facts:
    """Whether it is about the speaker."""
    oneself = verb in OWN if target is None else target.author == author
    return replace(facts, oneself=oneself)
