"""What follows a commit: new events are delivered and announced, and every author gets their reply with them."""

from collections.abc import Callable, Sequence

import structlog

from nexus.core.changes import Denied, Failed, NonceReused, Placed, PostOutcome, Repeated
from nexus.core.destroying import Done as Destroyed
from nexus.core.expiring import Gone
from nexus.core.inviting import Accepted
from nexus.core.log import Record
from nexus.core.people import Registered
from nexus.ports import Clock, Unavailable
from nexus.protocol.events import Revived
from nexus.protocol.refusals import Refusal, not_stored
from nexus.protocol.replies import Done, Refused
from nexus.protocol.types import Ref
from nexus.server.active_rooms import ActiveRooms
from nexus.server.counters import Counters
from nexus.server.hub import Hub, Replies
from nexus.server.journal import Group, Result
from nexus.server.news import News
from nexus.server.placing import Placing
from nexus.server.sessions import Connection

LOOK_AFTER = 1.0
"""Seconds until rooms are looked at of which more may be stored than was heard."""

Notify = Callable[[Sequence[Record]], None]

log = structlog.get_logger()


class Outcomes:
    """Hands a group's outcomes out; `notify` hears the new events of each room, as a transcript does."""

    def __init__(
        self,
        hub: Hub,
        rooms: ActiveRooms,
        clock: Clock,
        counters: Counters,
        notify: Notify,
        placing: Placing,
        news: News,
    ) -> None:
        self._hub = hub
        self._rooms = rooms
        self._clock = clock
        self._counters = counters
        self._notify = notify
        self._placing = placing
        self._news = news
        self.expired: Callable[[int, int], None] = lambda _room, _first: None
        """Hears of a room, and the seq of the oldest event that is left in it."""
        self.stored: Callable[[Group, Result, dict[int, list[Record]]], None] | None = None
        """Hears of a group that is stored and handed out, and its new events by room, where there are other nodes."""
        self._uncertain: set[int] = set()
        self.trouble = ""
        """Why a group was not stored; a small one that is proves little, so that only a probe empties it."""

    def hand_out(self, group: Group, result: Result | Unavailable) -> None:
        """A group is stored (or is not): per room one fan-out, to each author their reply with it."""
        if isinstance(result, Unavailable):
            self._failed(group, result)
            return
        replies: Replies = {}
        new: dict[int, list[Record]] = {}
        for (connection, ref), record, outcome in zip(group.authors, group.posts, result.posts, strict=True):
            if outcome is record:
                room = new.get(record.room)
                if room is None:
                    new[record.room] = [record]
                else:
                    room.append(record)
                reply: Done | Refused = Done(ref, record.event.seq, record.event.at)
            else:
                reply = self._reply(ref, record, outcome)
            self._answer(connection, ref, reply, replies)
        self._counters.posts += sum(map(len, new.values()))
        for outcome in result.changes:
            for record in self._events_of(outcome):
                new.setdefault(record.room, []).append(record)
        for id, records in new.items():
            try:
                self._publish(id, records, replies)
            except Exception:  # a bug that one room meets must not leave the others without their events and replies
                log.exception("what is stored could not be handed out", room=id)
                self._uncertain.add(id)
        _send(replies)
        if self.stored is not None:
            self.stored(group, result, new)
        self._refresh_uncertain()

    def _events_of(self, outcome: object) -> Sequence[Record]:
        """The new events that a change made."""
        match outcome:
            case Record():
                return (outcome,)
            case Placed() | Registered():
                return outcome.records
            case Destroyed():
                self._there_again(outcome)
                return outcome.records
            case Accepted():
                return outcome.placed.records
            case Repeated():
                self._repeated(outcome.record)
            case Gone():
                self.gone(outcome.room, outcome.first)
            case Failed():
                log.error("a change could not be stored", why=outcome.why)
        return ()

    def gone(self, id: int, first: int) -> None:
        """What a room has before a seq has expired: no memory and no file keeps it."""
        room = self._rooms.expired(id, first)
        if room is not None:
            self._hub.expire(room)
        self.expired(id, first)

    def _there_again(self, outcome: Destroyed) -> None:
        """Where a room came back, its people belong to it, before anything of it is delivered."""
        for record in outcome.records:
            if isinstance(record.event, Revived):
                self._placing.revived(record.room, record.event, outcome.places)

    def _publish(self, id: int, records: list[Record], replies: Replies) -> None:
        room = self._rooms.by_id.get(id)
        if room is not None:
            self._hub.deliver(room, records, replies)
        else:
            for record in records:
                self._placing.unheard(id, record.event)
            self._news.heard(id, [record.event for record in records])
        self._notify(records)

    def _reply(self, ref: Ref, record: Record, outcome: PostOutcome) -> Done | Refused:
        """What the author of a message hears that was not stored now."""
        assert not isinstance(outcome, Record)
        if isinstance(outcome, Repeated):
            event = outcome.record.event
            self._repeated(outcome.record)
            return Done(ref, event.seq, event.at)
        if isinstance(outcome, Denied):
            if outcome.code == "not_joined":
                self._placing.outside(record.room, record.author)
            return self._counters.refused(ref, Refusal(*outcome))
        if isinstance(outcome, Failed):
            log.error("a message could not be stored", why=outcome.why)
            return self._counters.refused(ref, not_stored())
        return self._counters.refused(ref, reused(outcome))

    def _repeated(self, record: Record) -> None:
        """What was stored before is asked for again."""
        self._counters.retries += 1
        room = self._rooms.by_id.get(record.room)
        if room is not None and record.event.seq > room.head:  # stored by a group whose outcome was never heard
            self._uncertain.add(room.id)

    def _failed(self, group: Group, why: Unavailable) -> None:
        """Nothing of the group counts as stored; should some of it be, the log shows it later."""
        replies: Replies = {}
        refusal = Refusal("unavailable", f"Not stored: {why}", 1.0)
        if self.trouble != str(why):
            log.warning("a group was not stored", entries=len(group), why=str(why))
        self.trouble = str(why)
        for connection, ref in group.authors:
            self._answer(connection, ref, self._counters.refused(ref, refusal), replies)
        self._uncertain.update(record.room for record in group.records())
        _send(replies)
        self._clock.later(LOOK_AFTER, self._refresh_uncertain)  # also where nothing more is ever said

    def _refresh_uncertain(self) -> None:
        """Rooms of which more may be stored than was heard: fill them from the log."""
        while self._uncertain:
            room = self._rooms.by_id.get(self._uncertain.pop())
            if room is not None:
                self._hub.refresh(room)

    def _answer(self, connection: Connection, ref: Ref, reply: Done | Refused, replies: Replies) -> None:
        """Keep a post's reply for its author, unless that connection is gone."""
        session = connection.session
        if session is None:
            return
        connection.end(ref)
        frame = connection.listener.dialect.encode(reply)
        before = replies.get(session)
        replies[session] = frame if before is None else before + frame


def reused(outcome: NonceReused) -> Refusal:
    """The refusal of a nonce that is another message's."""
    return Refusal("nonce_reused", f"That nonce belongs to your message {outcome.seq}, which says something else.")


def _send(replies: Replies) -> None:
    for session, frames in replies.items():
        listener = session.listener
        if listener is not None:
            listener.write(frames)
