"""The chat on a terminal: joins the connection, the screen and the line that is typed."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.patch_stdout import patch_stdout

from nexus.client.connection import Connection, Offline
from nexus.client.conversation import Conversation
from nexus.client.label import label_of
from nexus.client.outbox import Waiting
from nexus.client.reading import Heard
from nexus.client.view import KEPT
from nexus.core.texts import in_line, shown
from nexus.protocol import events as e
from nexus.protocol.commands import Read, Rooms
from nexus.protocol.refusals import Refusal
from nexus.tui.backlog import Backlog
from nexus.tui.commands import Unknown, parse
from nexus.tui.completer import ChatCompleter
from nexus.tui.emoji import with_emoji
from nexus.tui.keyboard import bindings, no_echo
from nexus.tui.paper import Paper, typed_before
from nexus.tui.screen import count_of, day_line, day_of, handle, styled
from nexus.tui.styles import STYLE
from nexus.tui.surface import Unanswered
from nexus.tui.toolbar import Tab, pending, toolbar
from nexus.tui.verbs import Verbs

CONTEXT = 3
"""Messages shown above what is new in a room."""

SHOWN = 30
"""Messages shown of a room that comes to the front."""

READ_EVERY = 1.0
"""Seconds between two read marks sent, at least."""

LEAVE_WITHIN = 2.0
"""Seconds that what was said last has to be stored, when the person leaves."""

FIRST_ROOM = "lobby"
"""Where someone begins who names no room and belongs to none, on a server that does not say."""

MOST_ROOMS = 100
"""Rooms an account's client enters by itself."""

CROWD = 20
"""People in a room up to which one is told who comes and goes, unless one says otherwise."""


class Chat(Paper):
    """One person at a terminal, in several rooms, one of them in front."""

    def __init__(
        self, url: str, talk: Conversation, colours: bool, history: Path | None, keep: Callable[[str | None], None]
    ) -> None:
        super().__init__(colours)
        self.talk = talk
        self.front: str | None = None
        self.keep_login = keep
        self.leaving = False
        self.presence: bool | None = None
        self.listed: list[str] = []
        self.connection = Connection(url, talk, self._event, self._state)
        talk.moved = self._moved
        self._verbs = Verbs(self)
        self._day: Any = None
        self._reading: asyncio.Task[None] | None = None
        self._seen: dict[str, int] = {}  # up to where rooms were in front, until the server is told
        self._told: dict[tuple[str, int], int] = {}  # messages that were printed as a later event left them
        self._posting: set[asyncio.Task[None]] = set()
        self._backlog = Backlog(self, self._mark_read)
        self._paging: asyncio.Task[None] | None = None
        self._prompt: PromptSession[str] = PromptSession(
            history=typed_before(history),
            completer=ChatCompleter(lambda: map(self._called, self.talk.views), self._people, lambda: self.listed),
            complete_while_typing=False,
            erase_when_done=True,  # what is said comes back as everyone sees it
            bottom_toolbar=self._toolbar,
            key_bindings=bindings(),
            style=STYLE,
            color_depth=self.depth,
        )

    async def run(self, room: str) -> None:
        """Chat until the person leaves; raises the Refusal of a server that does not want them."""
        living = asyncio.create_task(self.connection.run())
        typing = asyncio.create_task(self._type(room))
        # While a line is printed the terminal would echo keys, even of a password: it is to stay as it is.
        self._prompt.input.cooked_mode = nullcontext  # type: ignore[method-assign]
        with no_echo(), patch_stdout(raw=True):
            try:
                await asyncio.wait({living, typing}, return_when=asyncio.FIRST_COMPLETED)
                if living.done():
                    await living
                await typing
                if self._posting:
                    await asyncio.wait(self._posting, timeout=LEAVE_WITHIN)
            finally:
                self.leaving = True
                await self.connection.leave_for_good()  # first: where the window is closed, the title cannot be cleared
                self.entitle("")
                unsent = self.talk.outbox.waiting()
                ended = [living, typing, *self._posting, *([self._paging] if self._paging is not None else [])]
                for task in ended:
                    task.cancel()
                await asyncio.gather(*ended, return_exceptions=True)
                self._tell_unsent(unsent)

    # --- the typed line ----------------------------------------------------------------------------

    async def _type(self, room: str) -> None:
        await self.connection.ready()
        wanted = [room] if room else []
        for name in dict.fromkeys(
            [*wanted, *self.talk.memberships[:MOST_ROOMS]] or [self.talk.first_room or FIRST_ROOM]
        ):
            await self.attempt(self.connection.join(name))
        self.show_room(next(iter(self.talk.views), None))
        self.say("Type and press Enter. /help lists the commands.")
        line = ""
        while not self.leaving:
            try:
                line = await self._prompt.prompt_async(self._question, default=line)
            except EOFError:
                return
            except KeyboardInterrupt:
                self.say("Ctrl-D or /quit leaves.")
                line = ""
                continue
            line = await self._handle(line) if line.strip() else ""

    async def _handle(self, line: str) -> str:
        """Do what a line says; returns what of it is to be typed again: it may be a sentence."""
        try:
            command, rest = parse(line)
        except Unknown as why:
            self.error(str(why))
            return line
        if command is None:
            self.post(rest)
        else:
            await self.attempt(self._verbs.carry_out(command, rest))
        return ""

    def post(self, text: str, reply_to: int | None = None) -> None:
        """Say something in the room in front, now or when there is a connection again."""
        if self.front is None:
            self.error("You are not in a room; use /join ROOM.")
            return
        if not self.connection.online:
            self.say(f"… waiting for the server: {in_line(text)}")
        self._start(self._post(self.front, with_emoji(text), reply_to))

    async def _post(self, room: str, text: str, reply_to: int | None) -> None:
        try:
            await self.connection.post(room, text, reply_to)
        except Refusal as refusal:
            self.error(f"{refusal.message} Not sent: {text}")
        self._prompt.app.invalidate()  # it is not pending any more

    def _tell_unsent(self, unsent: list[Waiting]) -> None:
        """Say what is lost with this client, whole, so that it can be said again."""
        if unsent:
            self.error("The server has not confirmed that this is stored:")
        for one in unsent:
            self.print([("class:room", f"[{in_line(one.room)}] "), ("", shown(one.text))])

    async def attempt(self, command: Any) -> Any:
        """Carry something out; what does not work is told, and None returned."""
        try:
            return await command
        except (Refusal, Offline, Unanswered) as why:
            self.error(str(why))
            return None

    def _question(self) -> FormattedText:
        name = self.talk.name or ""
        place = f"[{self._called(self.front)}] " if self.front else ""
        waiting = self.talk.outbox.waiting() if self.connection.online else []
        above = pending([in_line(one.text) for one in waiting if one.room == self.front])
        return FormattedText([*above, ("class:room", place), ("class:prompt", f"{in_line(name)}> ")])

    def _toolbar(self) -> FormattedText:
        tabs = []
        for number, (name, view) in enumerate(self.talk.views.items(), 1):
            seen = name in self._seen or (name == self.front and not self._backlog.waits(name))
            count = "" if seen else count_of(view)
            tabs.append(Tab(number, self._called(name), count, name == self.front))
        state = ("", "")
        if not self.connection.online:
            waits = len(self.talk.outbox)
            state = ("class:offline", "  offline" + (f", {waits} waiting" if waits else ""))
        elif self.front:
            state = ("", f"  {self.talk.views[self.front].online} here")
        self._entitle(sum(bool(tab.unread) for tab in tabs))
        return FormattedText(toolbar(tabs, state, self.width))

    def _entitle(self, unread: int) -> None:
        """The window says which room is in front, and in how many others there is something new."""
        self.entitle((f"({unread}) " if unread else "") + (self._called(self.front) if self.front else "Nexus"))

    def _called(self, room: str) -> str:
        """What people call a room."""
        view = self.talk.views.get(room)
        return in_line(room if view is None else label_of(view.info, self.talk.name or ""))

    def _people(self) -> list[str]:
        """Who spoke last comes first, then who is here."""
        view = self.talk.views.get(self.front or "")
        if view is None:
            return []
        spoke = [event.by for event in reversed(view.events) if isinstance(event, e.Posted)]
        others = [*spoke, *sorted(view.here, key=str.casefold)]
        return [name for name in dict.fromkeys(others) if name != self.talk.name and " " not in name]  # a former member

    async def _list_rooms(self) -> None:
        with suppress(Refusal, Offline):
            self.listed = [room.name for room in (await self.connection.ask(Rooms)).rooms or []]

    # --- what comes --------------------------------------------------------------------------------

    def _event(self, event: Heard) -> None:
        if isinstance(event, e.Presence) and event.here and self.talk.name in event.here:
            event.here = [name for name in event.here if name != self.talk.name]  # one knows that oneself came
        room = getattr(event, "room", self.front)
        if isinstance(event, e.Member):
            self._member(event)
        view = self.talk.views.get(room or "")
        if view is not None and view.level != "nothing" and view.is_new(event) and view.summons(event):
            self._prompt.app.output.bell()
        if room == self.front or isinstance(event, e.Notice):
            self._backlog.came(event)
            self.show(event)
            self._mark_read()
        self._prompt.app.invalidate()

    def _moved(self, before: str, room: str) -> None:
        """A room has another name; what is known of it here goes with it."""
        self.front = room if self.front == before else self.front
        if before in self._seen:
            self._seen[room] = max(self._seen.pop(before), self._seen.get(room, 0))
        self._told = {(room if name == before else name, seq): changed for (name, seq), changed in self._told.items()}
        self._backlog.moved(before, room)

    def _member(self, event: e.Member) -> None:
        """Another device went into a room, or left it for this one too; or someone else saw to that."""
        if event.name and event.name != self.talk.name:
            return
        if event.member and event.room not in self.talk.views:
            self._start(self._taken_in(event))
        elif not event.member and not event.by:
            self.say(f"You left {in_line(event.room)} on another device.")
        if self.front is not None and self.front not in self.talk.views:
            self.show_room(next(iter(self.talk.views), None))

    async def _taken_in(self, event: e.Member) -> None:
        """One belongs to a room that one is not in here: be in it."""
        done = await self.attempt(self.connection.join(event.room))
        if done is None:
            return
        room = self._called(event.room)
        if event.by and event.by != self.talk.name:
            self.say(f"{in_line(event.by)} added you to {room}.")
        elif self.talk.view(event.room).info.kind == "direct":
            self.say(f"{room} wrote to you; /switch {room} goes there.")
        else:
            self.say(f"You joined {room} on another device.")

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._posting.add(task)
        task.add_done_callback(self._posting.discard)

    def _state(self, online: bool, why: str) -> None:
        if online:
            self._start(self._list_rooms())
        if online and self.connection.connections > 1:
            self.say("Online again.")
            self._mark_read()
        elif not online and not self.leaving:
            self.print(
                [("class:offline", f"Offline: {in_line(why)} Your messages will be sent when you are back online.")]
            )

    def _mark_read(self) -> None:
        """What is in front is read: tell the server, and so the other devices, now and then."""
        view = self.talk.views.get(self.front or "")
        if view is None or not view.unread or view.last is None or self._backlog.waits(view.name):
            return
        self._seen[view.name] = view.last.seq
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._tell_read())

    async def _tell_read(self) -> None:
        await asyncio.sleep(READ_EVERY)
        seen, self._seen = self._seen, {}
        with suppress(Refusal, Offline):
            for room, seq in seen.items():
                await self.connection.ask(Read, room=room, seq=seq)

    # --- the screen --------------------------------------------------------------------------------

    def show_room(self, name: str | None) -> None:
        """Bring a room to the front, with what was last said in it."""
        self.front = name
        view = self.talk.views.get(name or "")
        if view is None:
            return
        topic = f": {in_line(view.topic)}" if view.topic else ""
        self.print([("class:day", f"── {self._called(view.name)}{topic} ──")])
        self._day = None
        new = view.unread > 0 and self.connection.online
        known = [event for event in view.events if event.seq <= view.read] if new else list(view.events)
        for event in known[-CONTEXT if new else -SHOWN :]:
            self.show(event)
        if new:
            self._backlog.begin(view)
            self._page(self._backlog.go_on(view))

    def show_next(self) -> None:
        """More of what is new in the room in front, where it did not all fit."""
        view = self.talk.views.get(self.front or "")
        if view is not None and self._backlog.waits(view.name):
            self._page(self._backlog.go_on(view))
        else:
            self.say("That is all that is new here.")

    def caught_up(self, room: str) -> None:
        """All of a room was marked as read, shown or not."""
        self._backlog.forget(room)

    def _page(self, showing: Coroutine[Any, Any, None]) -> None:
        if self._paging is not None:
            self._paging.cancel()
        self._paging = asyncio.create_task(self.attempt(showing))

    def show(self, event: Heard, where: str = "") -> None:
        """Print an event, with its room where that is told, below a line for its day where that is another."""
        if self._is_told(event) or self._is_crowd(event):
            return
        at = getattr(event, "at", None)
        if at is not None and day_of(at) != self._day:
            self._day = day_of(at)
            self.print(day_line(self._day))
        view, hidden = self.talk.views.get(getattr(event, "room", "")), self.talk.ignoring.hides(event)
        pieces = styled(event, where, summons=view is not None and view.summons(event), ignored=hidden)
        if pieces:
            self.print(pieces + handle(event))

    def _is_crowd(self, event: Heard) -> bool:
        """Whether somebody comes or goes whom one is not told of."""
        view = self.talk.views.get(getattr(event, "room", ""))
        wanted = self.presence if self.presence is not None else view is None or view.online <= CROWD
        return isinstance(event, e.Presence) and not wanted

    def _is_told(self, event: Heard) -> bool:
        """Whether a message was printed with what this event did to it: on entering, that comes after the message."""
        if isinstance(event, e.Posted) and event.changed is not None:
            self._told[event.room, event.seq] = event.changed
            if len(self._told) > KEPT:
                del self._told[next(iter(self._told))]
        return isinstance(event, e.Amendment) and event.seq <= self._told.get((event.room, event.target), 0)
