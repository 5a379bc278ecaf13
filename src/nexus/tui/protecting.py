"""The typed commands by which people protect themselves, and learn what they may."""

from nexus.client.reading import read_page
from nexus.core.texts import in_line
from nexus.protocol import commands as c
from nexus.tui.handles import find, split
from nexus.tui.surface import Surface

TYPED = {
    "silence": "mute",
    "unsilence": "unmute",
    "dm": "direct",
    "role": "promote",
    "nick": "rename",
    "topic": "configure",
    "private": "create",
}
"""Commands that are typed by another name than they have on the wire."""


class Protecting:
    """Ignore people, and be reached or not."""

    _chat: Surface

    async def _ignore(self, rest: str) -> None:
        if not rest:
            self._chat.error("Whom do you ignore? /ignore NAME")
            return
        await self._chat.connection.ask(c.Ignore, name=rest)
        self._chat.say(f"You ignore {in_line(rest)}, who is not told; /unignore {in_line(rest)} ends that.")

    async def _unignore(self, rest: str) -> None:
        if not rest:
            self._chat.error("Whom do you no longer ignore? /unignore NAME; /ignored lists them.")
            return
        await self._chat.connection.ask(c.Unignore, name=rest)
        self._chat.say(f"You do not ignore {in_line(rest)} any more.")

    async def _ignored(self, _: str) -> None:
        done = await self._chat.connection.ask(c.Ignored)
        names = ", ".join(in_line(one.name) for one in done.ignored or ())
        self._chat.say(f"You ignore {names}." if names else "You ignore nobody.")

    async def _show(self, rest: str) -> None:
        handle, room = split(rest).handle, self._chat.front or ""
        view = self._chat.talk.views.get(room)
        if handle is None or view is None:
            self._chat.error("Which message? Give /show the #N of one.")
            return
        seq = find(view, handle)
        done = await self._chat.connection.ask(c.History, room=room, around=seq, limit=1)
        self._chat.talk.ignoring.shown.add((room, seq))
        for event in read_page(done.events):
            self._chat.show(event)

    async def _directs(self, rest: str) -> None:
        if rest not in ("on", "off"):
            self._chat.error("May people write to you directly? /directs on, or off")
            return
        await self._chat.connection.ask(c.Prefer, directs="everyone" if rest == "on" else "nobody")
        told = "People write to you directly." if rest == "on" else "Nobody writes to you directly any more."
        self._chat.say(told)

    async def _why(self, rest: str) -> None:
        word = rest.strip().lstrip("/").lower()
        if not word:
            self._chat.error("What would you like to do? /why COMMAND")
            return
        done = await self._chat.connection.ask(c.Why, verb=TYPED.get(word, word), room=self._chat.front)
        self._chat.say(done.why or "")
