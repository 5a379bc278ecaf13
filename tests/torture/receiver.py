"""Judges what each receiver was told: everything after where they entered, in order, nothing else, up to the end."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.torture.record import UNKNOWN, Record

Heads = Mapping[str, int]


class Place:
    """One person in one room on one connection: which seq comes next; None where any may, up to `most`."""

    def __init__(self, after: int, head: int) -> None:
        self.next: int | None = None if after == UNKNOWN else after + 1
        self.most = head + 1
        self.must_reset = False


class Receiver:
    """One person; takes their records in order and tells each fault."""

    def __init__(self, who: str, heads: Heads, restored: float) -> None:
        self.who = who
        self.here = False
        self.places: dict[str, Place] = {}
        self._learnt: dict[str, float] = {}
        self._heads = heads
        self._restored = restored

    def take(self, record: Record) -> Iterator[str]:
        """Judge the next record."""
        match record.what:
            case "began":
                self.here = True
            case "ended" | "turned_away":
                self.here, self.places = False, {}
            case "entered":
                self._enter(record)
            case "reset":
                yield from self._reset(record)
            case "heard":
                yield from self._move(record, record.seq)
            case "skipped":
                yield from self._move(record, record.to)
        if record.what in ("heard", "skipped"):
            self._learnt[record.room] = record.at

    def _enter(self, record: Record) -> None:
        place = self.places[record.room] = Place(record.seq, record.to)
        # The copy that was put back cannot have what this person names, if they learnt it before that.
        older = self._learnt.get(record.room, 0.0) < self._restored < record.at
        place.must_reset = older and record.seq > self._heads.get(record.room, record.seq)

    def _reset(self, record: Record) -> Iterator[str]:
        place = self.places.get(record.room)
        if place is None or not place.must_reset:
            yield f"Foreign: {self.who} was told to forget '{record.room}', which was never replaced."
        if place is not None:
            place.next, place.most, place.must_reset = None, 1 << 62, False

    def _move(self, record: Record, last: int) -> Iterator[str]:
        place = self.places.get(record.room)
        if place is None:
            yield f"Foreign: {self.who} heard {record.seq} of '{record.room}' without being in that room."
            return
        if place.must_reset:
            yield f"Silent change: {self.who} knew another '{record.room}', and heard {record.seq} without a reset."
        elif place.next is None and record.seq > place.most:
            yield f"Gap: {self.who} entered '{record.room}' at {place.most - 1} and heard {record.seq} first."
        elif place.next is not None and record.seq != place.next:
            yield f"Gap: {self.who} heard {record.seq} in '{record.room}' where {place.next} comes next."
        place.next, place.must_reset = max(place.next or 0, last + 1), False


def judge_receivers(
    records: Sequence[Record], history: Mapping[str, Sequence[Any]], heads: Heads, restored: float
) -> Iterator[str]:
    """Gap, foreign event, reset without a reason or none with one, and missing end for who is still connected.

    `heads` are those of an older copy that was put back at the moment `restored`, if any.
    """
    receivers: dict[str, Receiver] = {}
    for record in records:
        receiver = receivers.get(record.who)
        if receiver is None:
            receiver = receivers[record.who] = Receiver(record.who, heads, restored)
        yield from receiver.take(record)
    for receiver in receivers.values():
        for room, place in receiver.places.items() if receiver.here else ():
            head = len(history.get(room, ()))
            if place.next is not None and place.next <= head:
                yield f"Missing end: {receiver.who} has '{room}' up to {place.next - 1}; it goes on to {head}."
