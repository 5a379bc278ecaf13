"""What each typed command does."""

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple

from nexus.client.label import label_of
from nexus.client.reading import read_page
from nexus.core.texts import in_line
from nexus.protocol import commands as c
from nexus.protocol.replies import Done
from nexus.tui.commands import Unknown, help_lines
from nexus.tui.emoji import emoji_of, with_emoji
from nexus.tui.handles import find, handle_of, split
from nexus.tui.moderating import Moderating
from nexus.tui.programs import Programs
from nexus.tui.protecting import Protecting
from nexus.tui.rooms import RoomVerbs
from nexus.tui.screen import ACTION, unread_of, who
from nexus.tui.surface import Surface

LEVELS = {"everything": "everything", "mentions": "mentions", "nothing": "nothing"}
"""What one is told at each level, in words."""

HISTORY = 20
"""Messages that /history shows unless told otherwise."""

HITS = 10
"""Messages that /search shows at once."""


class Sought(NamedTuple):
    """What was looked for, and what to go on before."""

    query: str
    before: int | None


class Verbs(RoomVerbs, Moderating, Programs, Protecting):
    """One method per command; each tells the person what came of it."""

    def __init__(self, chat: Surface) -> None:
        self._chat = chat
        self._sought: Sought | None = None

    async def carry_out(self, command: str, rest: str) -> None:
        """Do what a command of the table says; raises Refusal or Offline."""
        verb: Callable[[str], Awaitable[None]] = getattr(self, f"_{command}")
        await verb(rest)

    def _here(self, rest: str) -> str:
        """The room named, or the one in front."""
        return self._known(rest) or self._chat.front or ""

    async def _join(self, rest: str) -> None:
        if not rest:
            self._chat.error("Which room? /join ROOM")
            return
        done = await self._chat.connection.join(rest)
        if done.room is not None:
            self._chat.show_room(done.room.name)

    async def _leave(self, rest: str) -> None:
        room = self._here(rest)
        label = self._called(room)
        await self._chat.connection.leave(room)
        self._chat.say(f"You left {label}.")
        if self._chat.front not in self._chat.talk.views:
            self._chat.show_room(next(iter(self._chat.talk.views), None))

    async def _switch(self, rest: str) -> None:
        rooms, rest = list(self._chat.talk.views), self._known(rest)
        if not rooms:
            self._chat.error("You are not in a room; use /join ROOM.")
        elif not rest:
            now = rooms.index(self._chat.front) if self._chat.front in rooms else -1
            self._chat.show_room(rooms[(now + 1) % len(rooms)])
        elif rest in rooms:
            self._chat.show_room(rest)
        elif rest.isdecimal() and 0 < int(rest) <= len(rooms):
            self._chat.show_room(rooms[int(rest) - 1])
        else:
            self._chat.error(f"You are not in {rest!r}; your rooms are {', '.join(map(self._called, rooms))}.")

    async def _rooms(self, _: str) -> None:
        done = await self._chat.connection.ask(c.Rooms)
        for room in done.rooms or []:
            topic = f"  {in_line(room.topic)}" if room.topic else ""
            label = in_line(label_of(room, self._chat.talk.name or ""))
            self._chat.say(f"{label:<24}{room.online:>5} here{room.head:>9} events{unread_of(room)}{topic}")
        self._chat.listed = [room.name for room in done.rooms or []]
        if not done.rooms:
            self._chat.say("There are no rooms yet; /join ROOM creates one.")

    async def _read(self, rest: str) -> None:
        name = self._known(rest or self._chat.front or "").casefold()
        done = await self._chat.connection.ask(c.Rooms)
        room = next((room for room in done.rooms or [] if room.name.casefold() == name), None)
        if room is None:
            self._chat.error(f"Which room? There is no {rest!r}." if rest else "You are not in a room; use /read ROOM.")
            return
        await self._chat.connection.ask(c.Read, room=room.name, seq=room.head)
        self._chat.caught_up(room.name)
        self._chat.say(f"Marked everything in {self._called(room.name)} as read.")

    async def _next(self, _: str) -> None:
        self._chat.show_next()

    async def _mute(self, rest: str) -> None:
        name, _, word = rest.rpartition(" ")
        name, level = (name.strip(), word.lower()) if name and word.lower() in LEVELS else (rest, "nothing")
        if not name or (name.partition(" ")[2] and self._known(name) == name):
            self._chat.error(
                "Which room, and what should it notify you about? /mute ROOM everything, mentions or nothing"
            )
            return
        room = self._known(name)
        await self._chat.connection.ask(c.Level, room=room, level=level)
        self._chat.say(f"{self._called(room)} notifies you about {LEVELS[level]}.")

    async def _who(self, rest: str) -> None:
        room = self._here(rest)
        done = await self._chat.connection.ask(c.Who, room=room)
        members = done.members or []
        here = ", ".join(who(one.name, one.guest) for one in members if one.here)
        away = ", ".join(who(one.name, one.guest) for one in members if not one.here)
        self._chat.say(f"Here in {self._called(room)}: {here or 'nobody'}" + (f"; away: {away}" if away else ""))

    async def _presence(self, rest: str) -> None:
        if rest not in ("on", "off"):
            self._chat.error("Show who comes and goes? /presence on, or off")
            return
        self._chat.presence = rest == "on"
        self._chat.say(f"Who comes and goes is {'shown' if rest == 'on' else 'not shown any more'}.")

    async def _nick(self, rest: str) -> None:
        if not rest:
            self._chat.error("Which name? /nick NAME")
            return
        done = await self._chat.connection.ask(c.Rename, name=rest)
        if done.you is not None:
            self._chat.talk.name = done.you.name
            self._chat.talk.you = done.you

    async def _history(self, rest: str) -> None:
        named = split(rest)
        if named.handle is not None and not named.rest:
            around = self._message(named.handle)
            done = await self._chat.connection.ask(c.History, room=self._here(""), around=around, limit=HISTORY)
        elif not rest or (rest.isdecimal() and 0 < int(rest) <= 200):
            done = await self._chat.connection.ask(c.History, room=self._here(""), limit=int(rest or HISTORY))
        else:
            self._chat.error("How many messages? Give /history a number from 1 to 200, or the #N of a message.")
            return
        page = read_page(done.events)
        if done.first is not None and done.first > 1 and (not page or page[0].seq <= done.first):
            self._chat.say("Older messages have expired.")
        for event in page:
            self._chat.show(event)

    async def _replies(self, rest: str) -> None:
        handle = split(rest).handle
        if handle is None:
            self._chat.error("To which message? Give /replies the #N of one.")
            return
        seq = self._message(handle)
        if seq is None:
            return
        done = await self._chat.connection.ask(c.Replies, room=self._here(""), seq=seq, limit=HISTORY)
        replies = read_page(done.events)
        if done.more:
            self._chat.say(f"The newest {len(replies)} replies to {handle_of(seq)}:")
        elif not replies:
            self._chat.say(f"There are no replies to {handle_of(seq)}.")
        for event in replies:
            self._chat.show(event)

    async def _search(self, rest: str) -> None:
        if rest:
            self._sought = Sought(rest, None)
        elif self._sought is None:
            self._chat.error("Search for what? /search QUERY; see /help search.")
            return
        query, before = self._sought
        done = await self._chat.connection.ask(c.Search, query=query, before=before, limit=HITS)
        hits = read_page(done.hits)
        for event in reversed(hits):  # the newest is nearest to where one types
            self._chat.show(event, getattr(event, "room", ""))
        self._sought = Sought(query, done.next) if done.next is not None else None
        if done.more:
            self._chat.say("There may be older messages: /search")
        elif not hits:
            self._chat.say(f"No {'older ' if before else ''}messages found for {in_line(query)}.")

    async def _topic(self, rest: str) -> None:
        room = self._here("")
        if rest:
            await self._chat.connection.ask(c.Configure, room=room, topic=rest)
        else:
            view = self._chat.talk.views.get(room)
            topic = view.topic if view is not None else ""
            self._chat.say(f"The topic is: {in_line(topic)}" if topic else "There is no topic; /topic TEXT sets one.")

    async def _register(self, rest: str) -> None:
        password = await self._chat.ask_password("Choose a password: ")
        if await self._chat.ask_password("Once more: ") != password:
            self._chat.error("The passwords do not match; nothing was changed.")
            return
        name = rest or self._chat.talk.name or ""
        done = await self._chat.connection.ask(c.Register, name=name, password=password)
        self._is_now(done.token, "You have an account now, and are logged in on this device.")

    async def _login(self, rest: str) -> None:
        name = rest or self._chat.talk.name or ""
        password = await self._chat.ask_password(f"Password of {in_line(name)}: ")
        done = await self._chat.connection.ask(c.Login, name=name, password=password)
        if done.you is not None:
            self._chat.talk.name, self._chat.talk.you = done.you.name, done.you
        self._is_now(done.token, "You are logged in on this device.")

    def _is_now(self, token: str | None, sentence: str) -> None:
        self._chat.talk.token = token
        try:
            self._chat.keep_login(token)
        except OSError as why:
            sentence = f"{sentence} It ends when you leave: it cannot be kept ({why.strerror or why})."
        self._chat.say(sentence)

    async def _logout(self, _: str) -> None:
        await self._chat.connection.ask(c.Logout)
        with suppress(OSError):  # what is kept there leads nowhere any more
            self._chat.keep_login(None)
        self._chat.leaving = True

    async def _reply(self, rest: str) -> None:
        named = split(rest)
        target = self._message(named.handle)
        if target is not None and self._has(named.rest, "Reply with what? /reply [#N] TEXT"):
            self._chat.post(named.rest, target)

    async def _edit(self, rest: str) -> None:
        named = split(rest)
        if self._has(named.rest, "What is the new text? /edit [#N] TEXT"):
            await self._amend(c.Edit, named.handle, own=True, text=with_emoji(named.rest))

    async def _delete(self, rest: str) -> None:
        done = await self._amend_bare(c.Delete, rest, own=True)
        if done is not None and done.act is not None:
            self._chat.say(f"The message is hidden; /undo {done.act} takes it back.")

    async def _react(self, rest: str) -> None:
        named = split(rest)
        if self._has(named.rest, "Which emoji? /react [#N] EMOJI"):
            await self._amend(c.React, named.handle, emoji=emoji_of(named.rest))

    async def _unreact(self, rest: str) -> None:
        named = split(rest)
        if self._has(named.rest, "Which emoji? /unreact [#N] EMOJI"):
            await self._amend(c.Unreact, named.handle, emoji=emoji_of(named.rest))

    async def _pin(self, rest: str) -> None:
        await self._amend_bare(c.Pin, rest)

    async def _unpin(self, rest: str) -> None:
        await self._amend_bare(c.Unpin, rest)

    def _has(self, text: str, question: str) -> bool:
        if not text.strip():
            self._chat.error(question)
        return bool(text.strip())

    def _message(self, handle: str | None, *, own: bool = False) -> int | None:
        """The seq of the message with that handle, else of the newest (of one's own); what there is not is told."""
        view = self._chat.talk.views.get(self._chat.front or "")
        if view is not None and handle is not None:
            return find(view, handle)
        newest = view.newest(own=own) if view is not None else None
        if newest is None:
            self._chat.error(f"There is no message{' of yours' if own else ''} here; name one by its #N.")
        return None if newest is None else newest.seq

    async def _amend_bare(self, kind: type[c.Command], rest: str, *, own: bool = False) -> Done | None:
        named = split(rest)
        if not named.rest:
            return await self._amend(kind, named.handle, own=own)
        self._chat.error(f"Which message? {in_line(rest)!r} is not a message number such as #12.")
        return None

    async def _amend(
        self, kind: type[c.Command], handle: str | None, *, own: bool = False, **fields: str
    ) -> Done | None:
        """Do something to the message with that handle, or to the newest."""
        seq = self._message(handle, own=own)
        if seq is None:
            return None
        return await self._chat.connection.ask(kind, room=self._chat.front or "", seq=seq, **fields)

    async def _report(self, rest: str) -> None:
        named = split(rest)
        seq = self._message(named.handle)
        if seq is not None:
            await self._chat.connection.ask(c.Report, room=self._chat.front or "", seq=seq, reason=named.rest)
            self._chat.say("The moderators have been told.")

    async def _me(self, rest: str) -> None:
        if rest:
            self._chat.post(ACTION + rest)
        else:
            self._chat.error("What are you doing? /me TEXT")

    async def _ping(self, _: str) -> None:
        begun = time.perf_counter()
        await self._chat.connection.ask(c.Ping)
        self._chat.say(f"Round trip: {(time.perf_counter() - begun) * 1000:.1f} ms.")

    async def _help(self, rest: str) -> None:
        try:
            lines = help_lines(rest)
        except Unknown as why:
            self._chat.error(str(why))
            return
        for line in lines:
            self._chat.say(line)

    async def _quit(self, _: str) -> None:
        self._chat.leaving = True
