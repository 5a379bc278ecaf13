"""The typed commands about who is in a room."""

from nexus.client.connection import page_of
from nexus.client.label import label_of
from nexus.core.squares import half_blocks
from nexus.core.texts import in_line
from nexus.protocol import commands as c
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.tui.surface import Surface

ROLES = ("member", "moderator", "owner")


class RoomVerbs:
    """Private rooms, direct ones, and what someone is in them."""

    _chat: Surface
    _doomed = ""
    """The room of which was said what goes with it."""

    async def _dm(self, rest: str) -> None:
        if not rest:
            self._chat.error("With whom do you talk? /dm NAME [NAME …]; your own name keeps notes.")
            return
        done = await self._chat.connection.ask(c.Direct, names=rest.replace(",", " ").split())
        await self._enter(done)

    async def _private(self, rest: str) -> None:
        if not rest:
            self._chat.error("What is the room called? /private TITLE")
            return
        await self._enter(await self._chat.connection.ask(c.Create, kind="private", title=rest))

    async def _enter(self, done: Done) -> None:
        if done.room is not None:
            await self._chat.connection.join(done.room.name)
            self._chat.show_room(done.room.name)

    async def _call(self, rest: str) -> None:
        room = self._chat.front or ""
        view = self._chat.talk.views.get(room)
        if not rest or view is None:
            self._chat.error("What is this room to be called? /call NAME")
            return
        what = "title" if view.info.kind == "private" else "name"
        await self._chat.connection.ask(c.Configure, room=room, **{what: rest})

    async def _keep(self, rest: str) -> None:
        days, _, sure = rest.strip().partition(" ")
        if not (days.isascii() and days.isdecimal() and len(days) < 6):
            self._chat.error("For how many days are messages kept? /keep DAYS, or /keep 0 for ever")
            return
        if int(days) and sure.strip() != "yes":
            self._chat.say(f"Messages older than {days} days will be deleted for good. /keep {days} yes does it.")
            return
        await self._chat.connection.ask(c.Configure, room=self._chat.front or "", keep=int(days))

    async def _open(self, rest: str) -> None:
        name, _, sure = rest.strip().partition(" ")
        if not name:
            self._chat.error("What will the room be called once it is open to everyone? /open NAME")
            return
        if sure.strip() != "yes":
            self._chat.say(f"Everyone will read all that was ever said here. /open {in_line(name)} yes does it.")
            return
        room = self._chat.front or ""
        await self._chat.connection.ask(c.Configure, room=room, name=name, kind="open", confirm=True)

    async def _group(self, rest: str) -> None:
        which, _, title = rest.strip().partition(" ")
        if which not in ("all", "none") or not title.strip():
            self._chat.error("With all that was said here, or none of it? /group all TITLE, or /group none TITLE")
            return
        fields = {"kind": "private", "title": title.strip(), "from_": self._chat.front or "", "history": which == "all"}
        await self._enter(await self._chat.connection.ask(c.Create, **fields))

    async def _destroy(self, rest: str) -> None:
        """The first time it is said what that takes away, the second time it is done."""
        if not rest:
            self._chat.error("Which room do you delete? /destroy ROOM")
            return
        room, confirm = self._known(rest), self._doomed == self._known(rest)
        self._doomed, called = "", self._called(room)
        try:
            done = await self._chat.connection.ask(c.Destroy, room=room, confirm=confirm)
        except Refusal as why:
            if confirm or why.code != "bad_request":
                raise
            self._doomed = room
            self._chat.say(f"{in_line(why.message)} The same command again deletes it.")
            return
        self._chat.say(f"{called} is deleted; /undo {done.act} brings it back.")

    async def _add(self, rest: str) -> None:
        name, room = rest.strip(), self._chat.front or ""
        if not name:
            self._chat.error("Whom do you add to this room? /add NAME")
            return
        await self._chat.connection.ask(c.Add, room=room, name=name)
        self._chat.say(f"{in_line(name)} is in {self._called(room)} now.")

    async def _invite(self, rest: str) -> None:
        count, _, word = rest.strip().partition(" ")
        limited = "limited" in (count, word.strip())
        count = "1" if count in ("", "limited") else count
        if not (count.isascii() and count.isdecimal() and 0 < int(count) < 10**4) or word.strip() not in (
            "",
            "limited",
        ):
            self._chat.error("For how many people is the link? /invite [N] [limited]")
            return
        room, page = self._chat.front or "", page_of(self._chat.connection.url)
        done = await self._chat.connection.ask(c.Invite, room=room, uses=int(count), limited=limited, page=page)
        finds = " Accounts made with it find only this room." if limited else ""
        self._chat.say(f"Anyone who runs /accept {done.code} is in {self._called(room)}; the link is")
        self._chat.say(f"{page}/invite/{done.code}{finds}")
        self._show_qr(half_blocks(done.qr or []))

    def _show_qr(self, lines: list[str]) -> None:
        """Draw it, light on dark whatever the terminal's colours are, where it is wide enough."""
        if lines and len(lines[0]) <= self._chat.width:
            for line in lines:
                self._chat.print([("fg:#ffffff bg:#000000", line)])

    async def _accept(self, rest: str) -> None:
        if not rest:
            self._chat.error("Which invitation? /accept CODE")
            return
        await self._enter(await self._chat.connection.ask(c.Accept, code=rest.rpartition("/")[2]))

    async def _remove(self, rest: str) -> None:
        name, _, reason = rest.strip().partition(" ")
        room = self._chat.front or ""
        if not name:
            self._chat.error("Whom do you take out of this room? /remove NAME [REASON]")
            return
        await self._chat.connection.ask(c.Remove, room=room, name=name, reason=reason.strip())

    async def _role(self, rest: str) -> None:
        name, _, role = rest.strip().partition(" ")
        role = role.strip().lower()
        if not name or role not in ROLES:
            self._chat.error("Whose role do you set, and to what? /role NAME member, moderator or owner")
            return
        await self._chat.connection.ask(c.Promote, room=self._chat.front or "", name=name, role=role)

    def _known(self, name: str) -> str:
        """A room's name as the server writes it, where one is in it, by that or by what it is called; else as typed."""
        views, wanted = self._chat.talk.views, name.casefold()
        named = (room for room in views if room.casefold() == wanted)
        called = (room for room in views if self._called(room).casefold() == wanted)
        return next(named, None) or next(called, name)

    def _called(self, room: str) -> str:
        """What people call a room."""
        view = self._chat.talk.views.get(room)
        return in_line(room if view is None else label_of(view.info, self._chat.talk.name or ""))
