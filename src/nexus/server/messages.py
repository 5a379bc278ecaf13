"""What one does with a message that was posted: edit, delete, react to, pin."""

import msgspec

from nexus.core.emoji import NoEmoji, check_emoji
from nexus.core.entries import Amend, Denied, Draft, Kind, NonceReused, Stored
from nexus.core.room import Room
from nexus.core.session import Session
from nexus.core.texts import TextInvalid, TextTooLong, check_nonce, check_text
from nexus.protocol import commands as c
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.server.encoding import payload_of
from nexus.server.state import State
from nexus.server.visits import Visits

MOST_PINS = 200
"""Pinned messages that are listed."""

Amending = c.Edit | c.Delete | c.React | c.Unreact | c.Pin | c.Unpin

KINDS: dict[type[Amending], Kind] = {
    c.Edit: Kind.EDITED,
    c.Delete: Kind.DELETED,
    c.React: Kind.REACTED,
    c.Unreact: Kind.UNREACTED,
    c.Pin: Kind.PINNED,
    c.Unpin: Kind.UNPINNED,
}
"""What comes of each command."""


class Messages:
    """The verbs about messages; whether one may is decided by the store, in the transaction that does it."""

    def __init__(self, state: State, visits: Visits) -> None:
        self._state = state
        self._visits = visits

    async def amend(self, session: Session, command: Amending) -> Done:
        """Carry out any of them; a retry, and what is so already, is answered with the event that did it."""
        text = self._text(command)
        if self._state.stopping:
            raise Refusal("unavailable", "The server is stopping; this was not stored.", 1.0)
        session.spend_post(self._state.clock.now())
        room = await self._room(session, command)
        outcome = await self._state.journal.change(self._entry(session, room, command, text))
        match outcome:
            case Stored(event, _):
                return Done(command.ref, event.seq)
            case NonceReused():
                raise reused(outcome)
            case Denied(code, message):
                raise Refusal(code, message)
        raise TypeError(f"The store answered an Amend with {outcome!r}.")

    async def pins(self, session: Session, command: c.Pins) -> Done:
        """What is pinned in a room."""
        room = await self._visits.readable(session, command.room)
        pinned = await self._state.read(lambda: self._state.store.pinned(room.id, MOST_PINS))
        return Done(command.ref, events=[msgspec.Raw(payload_of(event, room.name)) for event in pinned])

    def _text(self, command: Amending) -> str:
        """What the event says beyond its message; raises the Refusal of what cannot be said."""
        try:
            if command.nonce is not None:
                check_nonce(command.nonce)
            if isinstance(command, c.Edit):
                return check_text(command.text, self._state.settings.limits.text)
            return check_emoji(command.emoji) if isinstance(command, c.React | c.Unreact) else ""
        except TextTooLong as why:
            raise Refusal("too_large", str(why)) from None
        except (TextInvalid, NoEmoji) as why:
            raise Refusal("bad_request", str(why)) from None

    async def _room(self, session: Session, command: Amending) -> Room:
        """The room, which one has to be in; an administrator deletes from anywhere."""
        if isinstance(command, c.Delete) and session.role == "admin":
            return await self._visits.readable(session, command.room)
        return self._visits.joined(session, command.room)

    def _entry(self, session: Session, room: Room, command: Amending, text: str) -> Amend:
        now, settings = self._state.clock.wall(), self._state.settings.messages
        kind = KINDS[type(command)]
        draft = Draft(room.id, session.author, session.name, kind, now, text, command.nonce, command.seq)
        return Amend(draft, session.role, int(settings.edit_within * 1000), settings.emoji, settings.reactions)


def reused(outcome: NonceReused) -> Refusal:
    """The refusal of a nonce that is another message's."""
    return Refusal("nonce_reused", f"That nonce belongs to your message {outcome.seq}, which says something else.")
