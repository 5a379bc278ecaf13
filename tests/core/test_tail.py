"""The newest stretch of a room: bounded in events and bytes, each event encoded once per dialect."""

from msgspec.structs import replace

from nexus.core.tail import WEIGHT, Message, Tail, Tails, fitting
from nexus.protocol.codec import encode
from nexus.protocol.events import Posted, RoomEvent


class Counting:
    """A dialect that counts what it encodes."""

    def __init__(self) -> None:
        self.count = 0

    def encode(self, message: Message) -> bytes:
        self.count += 1
        return encode(message)


def posted(seq: int, text: str = "hello") -> Posted:
    return Posted(room="garden", seq=seq, at=1000 + seq, by="Bo", text=text)


def filled(count: int, most: int = 100) -> Tail:
    tail = Tail(0, most)
    tail.extend([posted(seq) for seq in range(1, count + 1)])
    return tail


def test_a_stretch_is_the_oldest_events_after_a_seq() -> None:
    tail, dialect = filled(10), Counting()

    assert tail.frames(dialect, 3, 8, 3) == [encode(posted(seq)) for seq in (4, 5, 6)]
    assert tail.frames(dialect, 6, 8, 9) == [encode(posted(seq)) for seq in (7, 8)]
    assert tail.frames(dialect, 10, 10, 9) == []


def test_each_event_is_encoded_once_in_each_dialect() -> None:
    tail, one, other = filled(10), Counting(), Counting()

    for _ in range(3):
        tail.frames(one, 0, 10, 100)
        tail.frames(other, 5, 10, 100)
    tail.extend([posted(11)])
    assert tail.frames(one, 10, 11, 9) == [encode(posted(11))]

    assert (one.count, other.count) == (11, 5)


def test_what_is_changed_is_encoded_again() -> None:
    tail, dialect = filled(3), Counting()
    tail.frames(dialect, 0, 3, 9)

    def edit(event: RoomEvent) -> RoomEvent:
        assert isinstance(event, Posted)
        return replace(event, text="hello, all")

    tail.change(2, edit)
    tail.change(9, edit)

    assert tail.frames(dialect, 1, 2, 9) == [encode(posted(2, "hello, all"))]
    assert dialect.count == 4


def test_the_oldest_go_a_quarter_at_a_time_and_with_them_their_frames() -> None:
    tail, dialect = filled(100), Counting()
    tail.frames(dialect, 0, 100, 1000)

    tail.extend([posted(seq) for seq in range(101, 127)])

    assert (tail.first, tail.last, len(tail.events)) == (27, 126, 100)
    assert tail.frames(dialect, 26, 30, 9) == [encode(posted(seq)) for seq in range(27, 31)]
    assert dialect.count == 100
    assert not tail.reaches(25)
    assert tail.reaches(26)
    assert tail.at(26) is None
    assert tail.at(27) == 1027


def test_the_size_counts_events_and_frames() -> None:
    tail, dialect = filled(4), Counting()
    assert tail.size == 4 * (WEIGHT + len("hello"))
    frames = tail.frames(dialect, 0, 4, 9)

    assert tail.size == 4 * (WEIGHT + len("hello")) + sum(map(len, frames))
    assert tail.clear() == 4 * (WEIGHT + len("hello")) + sum(map(len, frames))
    assert (tail.size, tail.first, tail.last) == (0, 5, 4)


def test_the_room_longest_quiet_loses_its_tail_first() -> None:
    tails = Tails(10 * WEIGHT)
    quiet, busy = Tail(0, 100), Tail(0, 100)
    tails.extend(quiet, [posted(seq) for seq in range(1, 5)])
    tails.extend(busy, [posted(seq) for seq in range(1, 9)])

    assert not quiet.events
    assert len(busy.events) == 8
    assert tails.size == busy.size


def test_frames_count_against_the_bound_of_all_tails() -> None:
    tails = Tails(1700)
    quiet, busy = Tail(0, 100), Tail(0, 100)
    tails.extend(quiet, [posted(1)])
    tails.extend(busy, [posted(seq) for seq in range(1, 5)])

    frames = tails.frames(busy, Counting(), 0, 4, 9)

    assert len(frames) == 4
    assert not quiet.events
    assert tails.size == quiet.size + busy.size <= 1700


def test_as_many_are_shown_as_fit_but_at_least_one() -> None:
    assert fitting([10, 10, 10], 25) == 2
    assert fitting([100, 1], 25) == 1
    assert fitting([], 25) == 0
    assert fitting([5, 5], 100) == 2
