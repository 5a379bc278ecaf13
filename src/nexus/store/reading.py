"""How the store in memory is read."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from threading import Lock

from msgspec.structs import replace

from nexus.core.access import is_admin
from nexus.core.amending import Target
from nexus.core.expiring import oldest_kept
from nexus.core.log import Found, Reaction, Record
from nexus.core.mentions import EVERYONE, set_mentions
from nexus.core.people import (
    FORMER_NAME,
    Account,
    Counts,
    Login,
    Mark,
    Member,
    Membership,
    RoomRow,
    SessionRow,
)
from nexus.core.searching import Query, matches
from nexus.ports import Unavailable
from nexus.protocol.codec import encode
from nexus.protocol.events import Posted
from nexus.protocol.types import Person
from nexus.store.durable import Durable


class Reading:
    """How it is read: every port but `commit`."""

    def __init__(self, durable: Durable) -> None:
        self._d = durable
        self._lock = Lock()
        self._closed = False

    def _reading(self) -> Lock:
        if self._closed:
            raise Unavailable("The store is closed.")
        return self._lock

    def page(
        self, room: int, *, after: int, before: int, limit: int, newest: bool, size: int | None = None
    ) -> list[Record]:
        with self._reading():
            row = self._d.rooms.get(room)
            low, high = max(after + 1, row.first if row else 1), min(before - 1, row.head if row else 0)
            if newest:
                low = max(low, high - max(limit, 0) + 1)
            else:
                high = min(high, low + max(limit, 0) - 1)
            seqs = range(high, low - 1, -1) if newest else range(low, high + 1)
            records = _within(size, (self._today(self._d.records[room, seq]) for seq in seqs))
            return records[::-1] if newest else records

    def counts(self, room: int, reader: int, *, after: int, upto: int, most: int) -> Counts:
        with self._reading():
            unheard = {reader, *(other for one, other in self._d.ignored if one == reader)}
            unread, seq = 0, max(after + 1, self._first(room))
            while unread < most and seq <= upto and (record := self._d.records.get((room, seq))) is not None:
                event = record.event
                unread += isinstance(event, Posted) and not event.deleted and record.author not in unheard
                seq += 1
            named = {seq for one in (reader, EVERYONE) for seq in self._mentioned(room, one, after, upto)}
            heard = sum(self._d.records[room, seq].author not in unheard for seq in named)
            return Counts(unread, min(heard, most))

    def _mentioned(self, room: int, reader: int, after: int, upto: int) -> list[int]:
        seqs = self._d.mentioned.get((room, reader), [])
        return seqs[bisect_right(seqs, after) : bisect_right(seqs, upto)]

    def pinned(self, room: int, limit: int, *, before: int | None = None, size: int | None = None) -> Found:
        with self._reading():
            pins = self._d.pins.items() if room in self._d.rooms else ()
            here = sorted(((pin, seq) for (of, seq), pin in pins if of == room), reverse=True)
            if before is not None:
                here = [one for one in here if one[0] < before]
            found = _within(size, (self._today(self._d.records[room, seq]) for _, seq in here[: max(limit, 0)]))
            return Found(found, here[len(found) - 1][0] if found and len(found) < len(here) else None)

    def replies(self, room: int, seq: int, limit: int, *, before: int, size: int | None = None) -> list[Record]:
        with self._reading():
            first = self._first(room)
            known = self._d.records if room in self._d.rooms else ()
            here = sorted((at for of, at in known if of == room and first <= at < before), reverse=True)
            found = (self._today(self._d.records[room, at]) for at in here)
            return _within(size, islice((one for one in found if _replies_to(one, seq)), max(limit, 0)))

    def search(
        self, query: Query, *, room: int | None, before: int | None, limit: int, reader: int | None = None
    ) -> Found:
        with self._reading():
            hits: list[Record] = []
            last, all_ = 0, not self._d.is_limited(reader or 0)
            for id, record in reversed(list(enumerate(self._d.records.values(), 1))):
                place = id if room is None else record.event.seq
                if room not in (None, record.room) or (before is not None and place >= before):
                    continue
                row = self._d.rooms.get(record.room)
                if row is None or record.event.seq < row.first:
                    continue
                open_ = row.rules.kind == "open"
                if reader is not None and not (open_ and all_) and (record.room, reader) not in self._d.members:
                    continue
                today = self._today(record)
                if not matches(query, today.event):
                    continue
                if len(hits) == limit:
                    return Found(hits, last)
                hits.append(today)
                last = place
            return Found(hits, None)

    def room(self, key: str, skeleton: str) -> RoomRow | None:
        with self._reading():
            id = self._d.rooms_by_key.get(key, self._d.rooms_by_skeleton.get(skeleton))
            if id is None and key in self._d.former:
                _, id, _ = self._d.former[key]
            return self._whole(self._d.rooms[id]) if id in self._d.rooms else None

    def room_by_id(self, id: int) -> RoomRow | None:
        with self._reading():
            return self._whole(self._d.rooms[id]) if id in self._d.rooms else None

    def _first(self, room: int) -> int:
        """The seq of a room's oldest event that has not expired."""
        row = self._d.rooms.get(room)
        return 1 if row is None else row.first

    def _whole(self, row: RoomRow) -> RoomRow:
        """A room with what is kept beside it."""
        if row.id in self._d.folders:
            former = sorted(((at, key) for key, (at, id, _) in self._d.former.items() if id == row.id), reverse=True)
            row = replace(row, folder=self._d.folders[row.id], former=tuple(key for _, key in former))
        if row.rules.kind != "direct":
            return row
        between = next(people for people, room in self._d.directs.items() if room == row.id)
        there = sorted((id for id in between if (row.id, id) in self._d.members), key=lambda id: self._d.names[id].key)
        names = [self._d.accounts[id].name for id in there] + [FORMER_NAME] * (len(between) - len(there))
        return replace(row, people=tuple(names))

    def rooms(self, limit: int, reader: int | None = None) -> list[RoomRow]:
        with self._reading():
            made = self._d.made
            rows = sorted(
                self._d.rooms.values(), key=lambda row: (row.head > 0, max(row.at, made[row.id]), row.id), reverse=True
            )
            all_ = reader is None or not self._d.is_limited(reader)
            theirs = [
                row
                for row in rows
                if reader is None or (row.rules.kind == "open" and all_) or self._d.shows(row.id, reader)
            ]
            return [self._whole(row) for row in theirs[: max(limit, 0)]]

    def unused_rooms(self, *, before: int, after: int, limit: int) -> tuple[list[int], int | None]:
        with self._reading():
            ids = [id for id in sorted(self._d.rooms) if id > after][:limit]
            return [id for id in ids if self._d.is_unused(id, before)], ids[-1] if len(ids) == limit else None

    def expiring(self, keep: int, at: int, *, after: int, limit: int) -> tuple[list[int], int | None]:
        with self._reading():
            before = {
                id: oldest_kept(row.rules.keep, keep, at) for id, row in sorted(self._d.rooms.items()) if id > after
            }
            ids = [id for id, oldest in before.items() if oldest is not None][:limit]
            due = [id for id in ids if self._is_due(id, before[id] or 0)]
            return due, ids[-1] if len(ids) == limit else None

    def _is_due(self, room: int, before: int) -> bool:
        """Whether the oldest event of a room is of before a time."""
        record = self._d.records.get((room, self._first(room)))
        return record is not None and record.event.at < before

    def account(self, key: str) -> Account | None:
        with self._reading():
            return self._d.accounts.get(self._d.keys.get((True, key), 0))

    def account_by_id(self, id: int) -> Account | None:
        with self._reading():
            return self._d.accounts.get(id)

    def login(self, digest: bytes) -> tuple[Login, Account] | None:
        with self._reading():
            login = self._d.logins.get(self._d.digests.get(digest, 0))
            return None if login is None else (login, self._d.accounts[login.account])

    def logins(self, account: int) -> list[Login]:
        with self._reading():
            return [login for _, login in sorted(self._d.logins.items()) if login.account == account]

    def session(self, id: int) -> SessionRow | None:
        with self._reading():
            row, _ = self._d.sessions.get(id, (None, 0))
            if row is None:
                return None
            return replace(row, name=self._d.names[-id if row.account is None else row.account].shown)

    def taken(self, skeletons: Sequence[str]) -> set[str]:
        with self._reading():
            known = {skeleton for _, skeleton in self._d.skeletons}
            known.update(name.skeleton for name, _, _ in self._d.held.values())
            return known.intersection(skeletons)

    def members(self, room: int, limit: int) -> list[Member]:
        with self._reading():
            ids = sorted((id for of, id in self._d.members if of == room), key=lambda id: self._d.names[id].key)
            accounts = [self._d.accounts[id] for id in ids[: max(limit, 0)]]
            places, members = self._d.places, self._d.members
            return [
                Member(
                    one.id,
                    one.name,
                    one.role,
                    places.get((room, one.id), "member"),
                    one.limited,
                    members[room, one.id],
                    one.owner,
                )
                for one in accounts
            ]

    def memberships(self, account: int) -> list[Membership]:
        with self._reading():
            mine = [room for room, id in self._d.members if id == account and room in self._d.rooms]
            rooms = sorted((self._d.rooms[room] for room in mine), key=lambda row: row.name)
            return [self._membership(row, account) for row in rooms if self._d.shows(row.id, account)]

    def _membership(self, row: RoomRow, account: int) -> Membership:
        pair = row.id, account
        return Membership(self._whole(row), self._d.marks.get(pair, Mark()), self._d.places.get(pair, "member"))

    def place(self, room: int, account: int) -> str:
        with self._reading():
            pair = room, account
            return self._d.places.get(pair, "member") if pair in self._d.members else ""

    def hidden(self, room: int) -> dict[int, int]:
        with self._reading():
            return {account: upto for (of, account), upto in self._d.hidden.items() if of == room}

    def removed(self, room: int) -> set[int]:
        with self._reading():
            return {author for of, author in self._d.removed if of == room}

    def mark(self, room: int, reader: int) -> Mark:
        with self._reading():
            return self._d.marks.get((room, reader), Mark())

    def has_admin(self) -> bool:
        with self._reading():
            return any(is_admin(account.role) for account in self._d.accounts.values())

    def _today(self, record: Record) -> Record:
        """A copy of a record as it is now, under the names of today: its author's, and those that a message shows."""
        room = self._d.rooms[record.room].name if record.room in self._d.rooms else ""
        event = replace(record.event, room=room, by=self._name(record.author, record.event.by))
        place = record.room, event.seq
        if isinstance(event, Posted):
            event.reactions = {}
            for one in self._reactions(place):
                event.reactions.setdefault(one.emoji, []).append(Person(one.by, one.author < 0))
            found = self._d.mentions.get(place, ())
            set_mentions(event, [(reader, self._name(reader, name)) for reader, name in found])
        return Record(record.room, record.author, event, record.nonce)

    def _target(self, room: int, seq: int) -> Target | None:
        """A message as it is now, and which events made it so; None where there is no message."""
        place = room, seq
        record = self._d.records.get(place)
        if record is None or not isinstance(record.event, Posted) or seq < self._first(room):
            return None
        edit, pinned = self._d.edits.get(place, 0), self._d.pins.get(place, 0)
        return Target(self._today(record), edit, pinned, self._reactions(place))

    def _reactions(self, place: tuple[int, int]) -> tuple[Reaction, ...]:
        reactions = self._d.reactions.get(place, ())
        return tuple(one._replace(by=self._name(one.author, one.by)) for one in reactions)

    def _name(self, author: int, by: str) -> str:
        account = self._d.accounts.get(author)
        return by if account is None else account.name


def _replies_to(record: Record, seq: int) -> bool:
    event = record.event
    return isinstance(event, Posted) and event.reply_to == seq and not event.deleted


def _within(size: int | None, records: Iterator[Record]) -> list[Record]:
    """Records up to a size in bytes, but at least one."""
    if size is None:
        return list(records)
    found = []
    for record in records:
        found.append(record)
        size -= len(encode(record.event))
        if size <= 0:
            break
    return found
