"""The typed commands of those who moderate the server."""

import time
from datetime import datetime

from nexus.client.reading import read_page
from nexus.core.texts import in_line
from nexus.protocol import commands as c
from nexus.protocol.events import Posted
from nexus.protocol.types import ActInfo
from nexus.tui.surface import Surface

UNTIL = "%Y-%m-%d %H:%M"


class Moderating:
    """Mute, ban, and take back."""

    _chat: Surface

    async def _silence(self, rest: str) -> None:
        name, minutes, reason = _parts(rest)
        if not name:
            self._chat.error("Whom do you mute? /silence NAME [MINUTES] [REASON]")
            return
        done = await self._chat.connection.ask(c.Mute, name=name, minutes=minutes, reason=reason)
        self._chat.say(f"{in_line(name)} is muted; /undo {done.act} takes it back.")

    async def _unsilence(self, rest: str) -> None:
        if not rest:
            self._chat.error("Who may talk again? /unsilence NAME")
            return
        await self._chat.connection.ask(c.Unmute, name=rest)
        self._chat.say(f"{in_line(rest)} may talk again.")

    async def _ban(self, rest: str) -> None:
        name, hours, reason = _parts(rest)
        word, purged, because = _parts(reason)
        purge = purged if word.lower() == "purge" else None
        if not name:
            self._chat.error("Whom do you send away? /ban NAME [HOURS] [purge HOURS] [REASON]")
            return
        reason = because if purge else reason
        done = await self._chat.connection.ask(c.Ban, name=name, hours=hours, purge=purge, reason=reason)
        hid = f", and {done.count} of their messages are hidden" if purge and done.count is not None else ""
        self._chat.say(f"{in_line(name)} is banned{hid}; /undo {done.act} takes it back.")

    async def _purge(self, rest: str) -> None:
        name, hours, reason = _parts(rest)
        if not name or hours is None:
            self._chat.error("Whose messages do you hide, and of how many hours? /purge NAME HOURS [REASON]")
            return
        since = int((time.time() - hours * 3600) * 1000)
        done = await self._chat.connection.ask(c.Purge, name=name, since=max(since, 0), reason=reason)
        self._chat.say(f"{done.count} messages of {in_line(name)} are hidden; /undo {done.act} takes it back.")

    async def _reports(self, _: str) -> None:
        done = await self._chat.connection.ask(c.Reports)
        for one in done.reports or []:
            events = [event for event in read_page(one.events) if isinstance(event, Posted) and event.seq == one.seq]
            said = f"{in_line(events[0].by)}: {in_line(events[0].text)}" if events else ""
            where = f"{in_line(one.by)} in {in_line(one.room)}, #{one.seq}"
            self._chat.say(f"{one.report}  {where}{_because(one.reason)}  {said}")
        if not done.reports:
            self._chat.say("Nothing is reported.")

    async def _settle(self, rest: str) -> None:
        number, _, outcome = rest.strip().partition(" ")
        if not (number.isascii() and number.isdecimal()):
            self._chat.error("Which report? /settle N [WHAT CAME OF IT]; /reports lists them.")
            return
        await self._chat.connection.ask(c.Settle, report=int(number), outcome=outcome.strip())
        self._chat.say("Settled.")

    async def _bans(self, _: str) -> None:
        done = await self._chat.connection.ask(c.Bans)
        for ban in done.bans or []:
            until = f"until {_moment(ban.until)}" if ban.until else "for good"
            self._chat.say(f"{ban.ban}  {in_line(ban.name)}, {until}, by {in_line(ban.by)}{_because(ban.reason)}")
        if not done.bans:
            self._chat.say("Nobody is banned.")

    async def _pause(self, rest: str) -> None:
        word, _, reason = rest.strip().partition(" ")
        on = word != "off"
        reason = reason.strip() if word in ("off", "purge") else rest.strip()
        purge = 1 if word == "purge" else None
        done = await self._chat.connection.ask(c.Pause, on=on, reason=reason, purge=purge)
        hidden = "" if done.count is None else f" {done.count} messages of guests are hidden."
        told = f"Nobody new comes in, and guests only read;{hidden} /undo {done.act} takes it back."
        self._chat.say(told if on else "People come in again, and guests talk.")

    async def _acts(self, _: str) -> None:
        done = await self._chat.connection.ask(c.Acts, limit=20)
        if done.paused:
            self._chat.say("The server is paused: nobody new comes in, and guests only read; /pause off ends that.")
        for act in reversed(done.acts or []):
            self._chat.say(_line(act))
        if not done.acts:
            self._chat.say("Nothing was moderated yet.")

    async def _undo(self, rest: str) -> None:
        if not (rest.isascii() and rest.isdecimal()):
            self._chat.error("Which act? /undo N; /acts lists them.")
            return
        await self._chat.connection.ask(c.Undo, act=int(rest))
        self._chat.say("Taken back.")


def _parts(rest: str) -> tuple[str, int | None, str]:
    """A name, a number where one follows, and the rest."""
    name, _, more = rest.strip().partition(" ")
    number, _, reason = more.strip().partition(" ")
    if number.isascii() and number.isdecimal() and 0 < int(number) < 10**6:
        return name, int(number), reason.strip()
    return name, None, more.strip()


def _line(act: ActInfo) -> str:
    what = f"{in_line(act.by)}: {act.verb} {in_line(act.name)}{_because(act.reason)}"
    return f"{act.act}  {_moment(act.at)}  {what}{' (taken back)' if act.undone else ''}"


def _because(reason: str) -> str:
    return f" ({in_line(reason)})" if reason else ""


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at / 1000).astimezone().strftime(UNTIL)
