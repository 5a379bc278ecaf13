"""The typed commands about one's own bots: accounts that programs speak as."""

from nexus.core.texts import in_line
from nexus.protocol import commands as c
from nexus.tui.surface import Surface


class Programs:
    """Make bots, list them, end them."""

    _chat: Surface

    async def _bot(self, rest: str) -> None:
        name, _, sure = rest.partition(" ")
        if not name:
            self._chat.error("What is the bot called? /bot NAME; /bots lists yours.")
            return
        bots = (await self._chat.connection.ask(c.Bots)).bots or []
        if sure.strip() != "yes" and any(one.name.casefold() == name.casefold() for one in bots):
            known = f"{in_line(name)} is a bot of yours, and ends where it speaks with the token it has."
            self._chat.say(f"{known} /bot {in_line(name)} yes makes another token.")
            return
        done = await self._chat.connection.ask(c.Bot, name=name)
        self._chat.say(f"{in_line(name)} is a bot of yours. NEXUS_TOKEN holds its token, which is shown this once:")
        self._chat.print([("", in_line(done.token or ""))])

    async def _bots(self, _: str) -> None:
        names = [in_line(one.name) for one in (await self._chat.connection.ask(c.Bots)).bots or []]
        self._chat.say(f"Your bots: {', '.join(names)}." if names else "You have no bots; /bot NAME makes one.")

    async def _unbot(self, rest: str) -> None:
        if not rest:
            self._chat.error("Which bot is to end? /unbot NAME; /bots lists yours.")
            return
        await self._chat.connection.ask(c.Unbot, name=rest)
        self._chat.say(f"{in_line(rest)} is gone; what it said stays.")
