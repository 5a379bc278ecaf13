"""What is older than a room keeps it goes, with all that was done to it: the same in every store."""

from collections.abc import Callable
from typing import Any

import pytest

from nexus.core.changes import Amend, Configure, Denied, MakeRoom, NonceReused, Register, Repeated
from nexus.core.expiring import DAY, Expire, Gone
from nexus.core.log import Record
from nexus.core.purging import PurgeStep, RestoreStep
from nexus.core.searching import Query
from nexus.ports import Store
from nexus.protocol import events as e
from tests.contract.groups import commit, message, one, record, seqs, stored, texts, whole

ANN, BO, CY = 1, 2, -77
NAMES = {ANN: "Ann", BO: "Bo", CY: "Cy"}
ROOM = 1
NOW = 100 * DAY


def post(author: int, text: str, days: int, nonce: str | None = None, names: tuple[str, ...] = ()) -> Record:
    """A message of so many days ago."""
    return record(e.Posted, author, NAMES[author], text, nonce, at=NOW - days * DAY, names=names)


def does(kind: type[e.RoomEvent], author: int, target: int, text: str = "", nonce: str | None = None) -> Amend:
    """Something is done to a message, a day ago."""
    return Amend(record(kind, author, NAMES[author], text, nonce, target, at=NOW - DAY), role="admin")


def expire(store: Store, keep: int = 30, at: int = NOW) -> list[Gone]:
    """Step by step, by the server's setting where the room has nothing to say."""
    steps = list[Gone]()
    while (gone := one(store, Expire(ROOM, at, keep))) is not None:
        assert isinstance(gone, Gone)
        steps.append(gone)
    return steps


def first(store: Store) -> int:
    """The seq of the oldest event that is there."""
    row = store.room_by_id(ROOM)
    assert row is not None
    return row.first


@pytest.fixture
def garden(store: Store) -> Store:
    """A room in which Cy and Bo said something long ago, and Bo something yesterday."""
    commit(
        store,
        [
            Register(0, "Ann", "ann", "ann", "hash", "admin", 1),
            Register(0, "Bo", "bo", "bo", "hash", "member", 1),
            MakeRoom("garden", "garden", 1),
            post(CY, "tulips @bo", 60, "n1", ("bo",)),
            post(BO, "roses", 40, "n2"),
            post(BO, "weeds", 20, "n3"),
        ],
    )
    return store


def test_what_is_too_old_is_gone_and_what_is_later_keeps_its_number(garden: Store) -> None:
    assert expire(garden) == [Gone(ROOM, 3, more=False)]
    assert [(one.event.seq, one.nonce) for one in whole(garden)] == [(3, "n3")]
    assert first(garden) == 3
    assert garden.page(ROOM, after=0, before=3, limit=9, newest=True) == []
    assert garden.counts(ROOM, ANN, after=0, upto=3, most=9) == (1, 0)
    assert garden.counts(ROOM, BO, after=0, upto=3, most=9) == (0, 0)
    for word in ("tulips", "roses"):
        assert garden.search(Query(phrases=((word,),)), room=None, before=None, limit=9).hits == []
    assert seqs(garden.search(Query(by="bo"), room=ROOM, before=None, limit=9).hits) == [3]
    assert isinstance(one(garden, does(e.Edited, BO, 2, "red roses")), Denied)
    assert garden.said_by(BO, after=0, limit=9)[0] == [(ROOM, 3)]
    assert garden.said_since(BO, 0, before=None, limit=9)[0] == [(ROOM, 3)]
    one(garden, post(BO, "more", 0))
    assert seqs(whole(garden)) == [3, 4]


def test_a_room_of_which_all_is_gone_goes_on_where_it_was(garden: Store, reopen: Callable[[], Store]) -> None:
    assert expire(garden, keep=1) == [Gone(ROOM, 4, more=False)]
    again = reopen()
    row = again.room_by_id(ROOM)
    assert row is not None
    assert (row.first, row.head, row.at) == (4, 3, NOW - 20 * DAY)
    assert whole(again) == []
    one(again, post(BO, "new", 0))
    assert seqs(whole(again)) == [4]


def test_the_room_says_for_how_long_it_keeps_and_else_the_server(garden: Store) -> None:
    def keeps(days: int) -> None:
        event = e.Configured(room="garden", seq=0, at=NOW, by="Ann", topic="", keep=days)
        assert isinstance(one(garden, Configure(Record(ROOM, ANN, event))), Record)

    assert expire(garden, keep=0) == []
    keeps(0)
    assert expire(garden, keep=1) == []
    keeps(50)
    assert garden.expiring(0, NOW, after=0, limit=9) == ([ROOM], None)
    assert expire(garden, keep=0) == [Gone(ROOM, 2, more=False)]
    assert garden.expiring(0, NOW, after=0, limit=9) == ([], None)
    keeps(-1)
    assert garden.expiring(0, NOW, after=0, limit=9) == ([], None)
    assert garden.expiring(30, NOW, after=0, limit=1) == ([ROOM], ROOM)
    assert garden.expiring(30, NOW, after=ROOM, limit=1) == ([], None)
    row = garden.room_by_id(ROOM)
    assert row is not None
    assert row.rules.keep == -1


def test_what_was_done_to_a_message_goes_with_it(garden: Store) -> None:
    commit(
        garden,
        [
            does(e.Edited, CY, 1, "tulips in red", "n4"),
            does(e.Reacted, BO, 1, "\U0001f44d"),
            does(e.Pinned, ANN, 1),
        ],
    )
    expire(garden)
    edited = whole(garden)[1].event
    assert isinstance(edited, e.Edited)
    assert (edited.target, edited.text) == (1, None)
    assert garden.pinned(ROOM, 9).hits == []
    assert garden.search(Query(phrases=(("red",),)), room=None, before=None, limit=9).hits == []
    assert garden.replies(ROOM, 1, 9, before=99) == []


def test_a_retry_of_what_is_gone_is_known_for_ever(garden: Store) -> None:
    assert stored(one(garden, does(e.Edited, CY, 1, "tulips in red", "n4")))
    expire(garden)
    for entry, seq in ((post(CY, "tulips @bo", 0, "n1"), 1), (post(BO, "roses", 0, "n2"), 2)):
        again: Any = one(garden, entry)
        assert isinstance(again, Repeated)
        assert (again.record.event.seq, getattr(again.record.event, "text", "")) == (seq, "")
    assert isinstance(one(garden, does(e.Edited, CY, 1, "tulips in red", "n4")), Repeated)
    assert isinstance(one(garden, post(BO, "something else", 0, "n3")), NonceReused)
    assert seqs(whole(garden)) == [3, 4]


def test_what_a_moderator_had_hidden_does_not_come_back(garden: Store) -> None:
    event = e.Purged(room="garden", seq=0, at=NOW, by="Ann", name="Bo", act=1)
    one(garden, PurgeStep(Record(ROOM, ANN, event), 1, BO, (2, 3)))
    expire(garden)
    back = e.Restored(room="garden", seq=0, at=NOW, by="Ann", name="Bo", act=1)
    restored = one(garden, RestoreStep(Record(ROOM, ANN, back), 1, (2, 3)))
    assert restored.event.targets == [3]
    assert message(garden, 3).text == "weeds"


def test_nothing_newer_goes_for_a_moment_in_which_the_clock_was_wrong(garden: Store) -> None:
    one(garden, Expire(ROOM, NOW - 15 * DAY, 30))
    assert first(garden) == 2
    wrong = post(BO, "from the future", -400)
    commit(garden, [wrong, post(BO, "of today", 0)])
    expire(garden, at=NOW + 40 * DAY)
    assert texts(whole(garden)) == ["from the future", "of today"]


def test_much_goes_in_steps_each_whole(garden: Store, reopen: Callable[[], Store]) -> None:
    for number in range(5):
        commit(garden, [post(BO, f"{number} {index} {'word ' * 30}", 19) for index in range(50)])
    step = one(garden, Expire(ROOM, NOW, 5))
    assert isinstance(step, Gone)
    assert step.more
    again = reopen()
    assert seqs(whole(again)) == list(range(step.first, 254))
    assert len(texts(whole(again))) == 254 - step.first
    steps = expire(again, keep=5)
    assert len(steps) > 1
    assert [step.more for step in steps] == [True] * (len(steps) - 1) + [False]
    assert whole(again) == []
