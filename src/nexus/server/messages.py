"""What one does with messages: post them, edit, delete, react to and pin them."""

import secrets
from collections.abc import Callable

from nexus.core.access import OPEN, is_moderator
from nexus.core.changes import Amend, Denied, NonceReused, Post, Repeated
from nexus.core.emoji import NoEmoji, check_emoji
from nexus.core.log import Record
from nexus.core.mentions import MOST_PLACES, candidates
from nexus.core.moderating import LOTS
from nexus.core.speaker import ROW, Speaker
from nexus.core.tail import fitting
from nexus.core.texts import TextInvalid, TextTooLong, check_nonce, check_text
from nexus.ports import Clock, Store
from nexus.protocol import commands as c
from nexus.protocol import events as e
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done, Page
from nexus.server.access import Access, joined
from nexus.server.history import size_of
from nexus.server.hub import END
from nexus.server.journal import COST, Journal, work_of
from nexus.server.outcomes import reused
from nexus.server.placing import Placing
from nexus.server.reading import Reader
from nexus.server.sessions import ActiveRoom, Connection, Session
from nexus.settings import Settings

MOST_PINS = 200
"""Pinned messages that are listed at once."""

Amending = c.Edit | c.Delete | c.React | c.Unreact | c.Pin | c.Unpin


NAMES, LETTERS, EDITED, SENT = 8, 2000, 50, 100_000
"""Names to look up, characters to store, to index and to send that are as much work as a short message."""


def price_of(text: str, listeners: int) -> int:
    """How much work it is to store a text and to send it to listeners, in short messages."""
    price = 1 + len(text) // LETTERS + len(text) * listeners // SENT
    return price + min(text.count("@"), MOST_PLACES) // NAMES if "@" in text else price


class Messages:
    """The verbs about messages; whether one may amend one is decided by the store, in the transaction that does it."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        access: Access,
        journal: Journal,
        reader: Reader,
        placing: Placing,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._store = store
        self._access = access
        self._journal = journal
        self._reader = reader
        self._placing = placing
        self._clock = clock
        self._here = settings.mentions.here
        self._text_limit = settings.limits.text
        self._waiting_limit = settings.limits.waiting_bytes
        self.stopping = False
        """Nothing more is stored."""

    # --- posting -----------------------------------------------------------------------------------

    def take(self, connection: Connection, session: Session, command: c.Post) -> None:
        """The hot path: admit a message and give it to the journal, which answers with the group's events."""
        source = session.sources[0]
        self._check(command, source)
        room = session.rooms.get(command.room) or joined(session, command.room)
        connection.begin_post(command.ref)
        try:
            record = self._admit(session, room, command)
        except Refusal:
            connection.end(command.ref)
            raise
        size = len(command.text) + COST
        work = work_of(record, size, len(room.sessions))
        self._journal.post(record, connection, command.ref, size=size, work=work, source=source)

    async def post(self, speaker: Speaker, command: c.Post) -> Done:
        """The same for a speaker without a conversation."""
        self._check(command, speaker.sources[0])
        room = await self._access.writable(speaker, command.room)
        outcome = await self._journal.change(Post(self._admit(speaker, room, command)), speaker.sources[0])
        if isinstance(outcome, NonceReused):
            raise reused(outcome)
        if isinstance(outcome, Denied):
            raise self._denied(outcome, speaker, room)
        event = (outcome.record if isinstance(outcome, Repeated) else outcome).event
        return Done(command.ref, event.seq, event.at)

    def _check(self, command: c.Post, source: str) -> None:
        """Refuse what nobody can post, and what nobody from that source can post now."""
        try:
            check_text(command.text, self._text_limit)
            if command.nonce is not None:
                check_nonce(command.nonce)
        except TextInvalid as why:
            raise Refusal("too_large" if isinstance(why, TextTooLong) else "bad_request", str(why)) from None
        if self.stopping:
            raise _stopping()
        if self._journal.is_full(self._waiting_limit, source):
            raise Refusal("unavailable", "Messages arrive faster than the disk can store them; try again soon.", 1.0)

    def _admit(self, speaker: Speaker, room: ActiveRoom, command: c.Post) -> Record:
        if room.rules is not OPEN or not speaker.may_talk:  # else nothing is against it that is not asked in the store
            self._access.check("post", speaker, room)
        speaker.budget.spend_post(
            self._clock.now(), ROW + len(command.text), price_of(command.text, len(room.sessions))
        )
        if command.reply_to is not None and not room.first <= command.reply_to <= room.head:
            raise Refusal("not_found", f"There is no message {command.reply_to} in '{room.name}' to reply to.")
        text = command.text
        event = e.Posted(
            room=room.name,
            seq=0,
            at=self._clock.wall(),
            by=speaker.name,
            guest=speaker.account is None,
            text=text,
            reply_to=command.reply_to,
        )
        names = candidates(text) if "@" in text else ()
        return Record(room.id, speaker.author, event, command.nonce, names, speaker.earlier, True, self._here)

    # --- what happens to a message -----------------------------------------------------------------

    async def amend(self, speaker: Speaker, command: Amending) -> Done:
        """Carry out any of these; a retry, and what is so already, is answered with the event that did it."""
        make = self._amendment(command)
        if self.stopping:
            raise _stopping()
        size = len(getattr(command, "text", ""))  # through the index, twice
        speaker.budget.spend_post(self._clock.now(), ROW + size, 1 + size // EDITED)
        room = await self._room(speaker, command)
        verb = type(command).__name__.lower()
        self._access.check(verb, speaker, room, oneself=True)  # whose it is, the store knows
        event = make(room=room.name, seq=0, at=self._clock.wall(), by=speaker.name, guest=speaker.account is None)
        record = Record(room.id, speaker.author, event, command.nonce, earlier=speaker.earlier)
        record.checked = not self._deletes_anywhere(speaker, room, command)
        settings = self._settings.messages
        within, lot = int(settings.edit_within * 1000), secrets.randbelow(LOTS)
        change = Amend(record, speaker.role, within, settings.emoji, settings.reactions, lot)
        match await self._journal.change(change, speaker.sources[0]):
            case Record(event=done) | Repeated(Record(event=done)):
                return Done(command.ref, done.seq, act=done.act if isinstance(done, e.Purged) else None)
            case NonceReused() as outcome:
                raise reused(outcome)
            case Denied() as outcome:
                raise self._denied(outcome, speaker, room)

    def _denied(self, denied: Denied, speaker: Speaker, room: ActiveRoom) -> Refusal:
        """The refusal of what the store did not allow; a speaker who is no longer in the room is taken out of it."""
        if denied.code == "not_joined":
            self._placing.outside(room.id, speaker.author)
        return Refusal(*denied)

    async def pins(self, speaker: Speaker, command: c.Pins) -> Done:
        """What is pinned in a room, as much of it as fits into a page."""
        room = await self._access.readable(speaker, command.room)
        hits, after = await self._reader.read(lambda: self._pins(room.id, command.before), speaker.sources)
        self._access.still_readable(speaker, room)
        there = [event for event in hits if event.seq >= room.first]
        return Page(command.ref, events=there, more=after is not None, next=after)

    def _pins(self, room: int, before: int | None) -> tuple[list[e.RoomEvent], int | None]:
        size, limit = self._settings.limits.page_bytes, MOST_PINS
        while True:
            found = self._store.pinned(room, limit, before=before, size=size)
            events = [record.event for record in found.hits]
            limit = fitting(map(size_of, events), size)
            if limit == len(events):
                return events, found.next

    async def replies(self, speaker: Speaker, command: c.Replies) -> Done:
        """A page of the replies to a message, in order; bounded in events and in bytes."""
        room = await self._access.readable(speaker, command.room)
        limit, size = command.limit, self._settings.limits.page_bytes
        before = END if command.before is None else command.before
        found = await self._reader.read(
            lambda: self._store.replies(room.id, command.seq, limit + 1, before=before, size=size), speaker.sources
        )
        self._access.still_readable(speaker, room)
        if command.seq < room.first:
            raise Refusal("not_found", f"There is no message {command.seq} in '{room.name}'.")
        newest = [record.event for record in found if room.first <= record.event.seq <= room.head]
        events = newest[: min(limit, fitting(map(size_of, newest), size))]
        more = len(events) < len(newest) or sum(map(size_of, events)) >= size
        return Page(command.ref, events=events[::-1], more=more)

    def _amendment(self, command: Amending) -> Callable[..., e.Amendment]:
        """Makes the event from the common fields; raises the Refusal of what cannot be said."""
        seq = command.seq
        try:
            if command.nonce is not None:
                check_nonce(command.nonce)
            match command:
                case c.Edit():
                    text = check_text(command.text, self._settings.limits.text)
                    return lambda **common: e.Edited(target=seq, text=text, **common)
                case c.Delete():
                    return lambda **common: e.Deleted(target=seq, **common)
                case c.React():
                    emoji = check_emoji(command.emoji)
                    return lambda **common: e.Reacted(target=seq, emoji=emoji, **common)
                case c.Unreact():
                    emoji = check_emoji(command.emoji)
                    return lambda **common: e.Unreacted(target=seq, emoji=emoji, **common)
                case c.Pin():
                    return lambda **common: e.Pinned(target=seq, **common)
                case c.Unpin():
                    return lambda **common: e.Unpinned(target=seq, **common)
        except TextTooLong as why:
            raise Refusal("too_large", str(why)) from None
        except (TextInvalid, NoEmoji) as why:
            raise Refusal("bad_request", str(why)) from None

    def _deletes_anywhere(self, speaker: Speaker, room: ActiveRoom, command: Amending) -> bool:
        """Moderators of the server delete in every open room, even without being in it."""
        return isinstance(command, c.Delete) and is_moderator(speaker.role) and room.rules.kind == "open"

    async def _room(self, speaker: Speaker, command: Amending) -> ActiveRoom:
        """The room, which one has to be in; moderators of the server delete from anywhere."""
        if isinstance(command, c.Delete) and is_moderator(speaker.role):
            return await self._access.readable(speaker, command.room)
        return await self._access.writable(speaker, command.room)


def _stopping() -> Refusal:
    return Refusal("unavailable", "The server is stopping; this was not stored.", 1.0)
