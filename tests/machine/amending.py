"""The rules of what people do to messages."""

from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import rule

from nexus.protocol import commands as c
from tests.machine.ledger import Deed, Saying
from tests.machine.player import Player
from tests.machine.scene import Scene, index

EMOJI = ("\U0001f44d", "\U0001f331")
VERB: st.SearchStrategy[type[c.Command]] = st.sampled_from(
    (c.Edit, c.Edit, c.Edit, c.React, c.React, c.Unreact, c.Pin, c.Unpin, c.Delete)
)
VERBS: st.SearchStrategy[list[type[c.Command]]] = st.lists(VERB, min_size=1, max_size=5)


class AmendingRules(Scene):
    """People edit, delete, react and pin."""

    @rule(who=index, which=index, verbs=VERBS, nonce=st.booleans(), own=st.booleans(), emoji=st.sampled_from(EMOJI))
    def amend(self, who: int, which: int, verbs: list[type[c.Command]], nonce: bool, own: bool, emoji: str) -> None:
        """Do something to a message, or several things at once: to one's own, or to anyone's."""
        found = self.message(who, which, own=own)
        if found is None:
            return
        player, saying = found
        assert saying.told is not None
        for verb in verbs:
            fields: dict[str, Any] = {"room": saying.room, "seq": saying.told[0]}
            if nonce:
                fields["nonce"] = f"d{len(self.ledger.deeds)}"
            if verb is c.Edit:
                fields["text"] = f"e{len(self.ledger.deeds)}"
            if verb in (c.React, c.Unreact):
                fields["emoji"] = emoji
            deed = Deed(verb, fields)
            self.ledger.deeds.append(deed)
            player.amend(deed)
        self.after()

    @rule(which=index, times=st.integers(1, 3))
    def amend_again(self, which: int, times: int) -> None:
        """Someone sends again what they did to a message, whatever became of it."""
        found = [
            (player, deed)
            for deed in self.ledger.deeds
            for player in self.people
            if "nonce" in deed.fields
            and player.session is not None
            and player.session.author == deed.author
            and deed.fields["room"] in player.feeds
        ]
        if found:
            player, deed = found[-1 - which % len(found)]
            for _ in range(times):
                player.amend(deed)
            self.after()

    def message(self, who: int, which: int, *, own: bool) -> tuple[Player, Saying] | None:
        """Someone in a room and a message of it, of theirs where asked for."""
        found = [
            (player, saying)
            for player in self.people
            if player.session is not None
            for saying in self.ledger.sayings.values()
            if saying.told is not None
            and saying.room in player.feeds
            and (saying.author == player.session.author or not own)
        ]
        return found[-1 - (8 * who + which) % len(found)] if found else None
