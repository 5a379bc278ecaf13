"""A private room made out of a direct one: what was said there, as it is, and nothing that is gone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from nexus.core import purging as p
from nexus.core.changes import Amend, Change, Configure, Denied, MakeDirect, MarkRead, Placed, Register
from nexus.core.copying import BeginCopy, CopyRow, CopyStep, FinishCopy
from nexus.core.erasing import Erase
from nexus.core.expiring import DAY, Expire
from nexus.core.log import Record
from nexus.core.moderating import Purge
from nexus.core.names import person_name
from nexus.core.people import Mark, RoomRow
from nexus.core.protecting import Ignore, Prefer
from nexus.core.searching import read_query
from nexus.ports import Store
from nexus.protocol import events as e
from nexus.store.sqlite import SqliteStore
from tests.contract.groups import commit, one, whole

ANN, BO, CY = 1, 2, 3
US, PLANS = f"p-{'b' * 20}", f"p-{'a' * 20}"
DIRECT, ROOM = 1, 2


@pytest.fixture
def town(store: Store) -> Store:
    """Ann and Bo have a direct room, in which they said something; Cy has an account."""
    for name in ("Ann", "Bo", "Cy"):
        one(store, Register(0, *person_name(name), "hash", "member", 0))
    one(store, MakeDirect((ANN, BO), US, 1))
    for number in range(1, 7):
        said(store, f"word{number}", author=ANN if number % 2 else BO)
    return store


def said(store: Store, text: str, author: int = ANN, **more: Any) -> None:
    names = ("bo",) if "@" in text else ()
    event = e.Posted(room=US, seq=0, at=1000, by="", text=text, **more)
    one(store, Record(DIRECT, author, event, f"nonce {len(whole(store, DIRECT))}", names))


def amend(store: Store, kind: type[e.RoomEvent], target: int, author: int = ANN, **more: Any) -> None:
    event = kind(room=US, seq=0, at=2000, by="", target=target, **more)  # type: ignore[call-arg]
    assert isinstance(one(store, Amend(Record(DIRECT, author, event), "member")), Record)


def begin(store: Store, *, history: bool = True, maker: int = ANN) -> Any:
    return one(store, BeginCopy(DIRECT, maker, PLANS, "Plans", 5000, history))


def finish(store: Store, most: int = 100) -> Any:
    while (done := one(store, FinishCopy(ROOM, most, 6000))) is None:
        pass
    return done


def original(store: Store) -> list[e.RoomEvent]:
    """What was said in the direct room, as it would stand in the other."""
    return [replace(record.event, room=PLANS) for record in whole(store, DIRECT)]


def copied(store: Store) -> list[e.RoomEvent]:
    return [record.event for record in whole(store, ROOM)][:-2]


def test_the_people_have_a_room_with_what_they_said_as_it_is(town: Store) -> None:
    said(town, "look @bo", reply_to=2)
    amend(town, e.Edited, 1, text="new words")
    amend(town, e.Reacted, 2, emoji="👍")
    amend(town, e.Pinned, 3)
    amend(town, e.Deleted, 5)
    one(town, MarkRead(DIRECT, BO, 3))
    assert isinstance(begin(town), RoomRow)
    assert town.copies() == [CopyRow(ROOM, DIRECT, ANN)]
    done = finish(town)
    assert isinstance(done, Placed)
    assert [(one.event.by, getattr(one.event, "added", "")) for one in done.records] == [("Ann", ""), ("Bo", "Ann")]
    assert copied(town) == original(town)
    assert (town.place(ROOM, ANN), town.place(ROOM, BO), town.place(ROOM, CY)) == ("owner", "member", "")
    row = town.room_by_id(ROOM)
    assert row is not None
    assert (row.rules.kind, row.title, row.name, row.head) == ("private", "Plans", PLANS, 13)
    assert [one.event.seq for one in town.pinned(ROOM, 9).hits] == [3]
    assert [one.event.seq for one in town.replies(ROOM, 2, 9, before=99)] == [7]
    assert town.mark(ROOM, BO) == Mark(3)
    for room in (DIRECT, ROOM):
        assert town.counts(room, BO, after=0, upto=99, most=99) == town.counts(DIRECT, BO, after=0, upto=99, most=99)
    assert town.copies() == []
    said(town, "apart from now on")
    assert len(whole(town, ROOM)) == 13


def test_without_the_history_it_begins_with_its_people(town: Store) -> None:
    one(town, MarkRead(DIRECT, BO, 3))
    begin(town, history=False)
    finish(town)
    assert [(type(record.event), record.event.by) for record in whole(town, ROOM)] == [
        (e.Joined, "Ann"),
        (e.Joined, "Bo"),
    ]
    assert town.counts(ROOM, BO, after=town.mark(ROOM, BO).seq, upto=9, most=9) == (0, 0)


def test_nobody_finds_it_until_it_is_whole(town: Store) -> None:
    begin(town)
    one(town, CopyStep(ROOM, 4))
    for account in (ANN, BO, CY):
        assert town.place(ROOM, account) == ""
        assert PLANS not in [row.name for row in town.rooms(9, account)]
        hits = town.search(read_query("word1"), room=None, before=None, limit=9, reader=account).hits
        assert {hit.event.room for hit in hits} <= {US}
    change = Configure(Record(ROOM, 0, e.Configured(room="", seq=0, at=1, by="", topic="x")), operator=True)
    assert isinstance(one(town, change), Denied)


def edit_it(store: Store) -> None:
    amend(store, e.Edited, 1, text="other words")


def edit_it_twice(store: Store) -> None:
    amend(store, e.Edited, 1, text="other words")
    amend(store, e.Edited, 1, text="yet other words")


def delete_it(store: Store) -> None:
    amend(store, e.Deleted, 1)


def react_to_it(store: Store) -> None:
    amend(store, e.Reacted, 1, BO, emoji="👍")
    amend(store, e.Pinned, 1)
    amend(store, e.Unpinned, 1)


def hide_it(store: Store) -> None:
    one(store, Purge(BO, 5000, ANN, "Ann", "", 0, DIRECT))
    event = e.Purged(room=US, seq=0, at=5000, by="Bo", name="Ann", act=1)
    one(store, p.PurgeStep(Record(DIRECT, BO, event), 1, ANN, (1, 3)))


def hide_it_and_take_that_back(store: Store) -> None:
    hide_it(store)
    event = e.Restored(room=US, seq=0, at=5000, by="Bo", name="Ann", act=1)
    one(store, p.RestoreStep(Record(DIRECT, BO, event), 1, (1, 3)))


DEEDS = [edit_it, edit_it_twice, delete_it, react_to_it, hide_it, hide_it_and_take_that_back]


@pytest.mark.parametrize("after", range(8))
@pytest.mark.parametrize("deed", DEEDS)
def test_what_is_done_meanwhile_is_done_to_the_copy(town: Store, deed: Callable[[Store], None], after: int) -> None:
    amend(town, e.Edited, 1, text="edited before")
    begin(town)
    for _ in range(after):
        one(town, CopyStep(ROOM, 1))
    deed(town)
    said(town, "and went on")
    assert finish(town, 2).place == "owner"
    assert copied(town) == original(town)


def test_a_deletion_meanwhile_leaves_no_word_of_it_in_any_file(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path)
    for name in ("Ann", "Bo"):
        one(store, Register(0, *person_name(name), "hash", "member", 0))
    one(store, MakeDirect((ANN, BO), US, 1))
    for text in ("xylophone one", "xylophone two", "something else"):
        said(store, text)
    begin(store)
    one(store, CopyStep(ROOM, 2))
    store.index()
    amend(store, e.Deleted, 1)
    amend(store, e.Edited, 2, text="quiet")
    finish(store)
    assert "xylophone" not in str(whole(store, ROOM))
    while store.index():
        pass
    store.tidy()
    found = store.search(read_query("quiet"), room=ROOM, before=None, limit=9).hits
    assert [hit.event.seq for hit in found] == [2]
    store.close()
    for path in tmp_path.rglob("*"):
        assert b"xylophone" not in (path.read_bytes() if path.is_file() else b"")


def test_only_one_of_its_people_makes_a_room_of_it(town: Store) -> None:
    assert isinstance(begin(town, maker=CY), Denied)
    begin(town)
    assert isinstance(one(town, BeginCopy(ROOM, ANN, f"p-{'c' * 20}", "More", 5000, True)), Denied)


def test_where_its_maker_is_erased_meanwhile_the_room_is_not_to_be(town: Store) -> None:
    begin(town)
    one(town, CopyStep(ROOM, 2))
    one(town, Erase(ANN, 5500, 0))
    assert isinstance(finish(town), Denied)
    assert town.room_by_id(ROOM) is None
    assert town.copies() == []
    assert len(whole(town, DIRECT)) == 6


@pytest.mark.parametrize("refusal", [Ignore(BO, ANN, 5), Prefer(BO, "nobody")])
def test_who_does_not_reach_the_other_makes_no_room_of_it_not_even_of_one_that_was_begun(
    town: Store, refusal: Change[Any]
) -> None:
    begin(town)
    one(town, refusal)
    unreached = Denied("not_found", "Bo cannot be reached.")
    assert finish(town) == unreached
    assert (town.room_by_id(ROOM), town.copies()) == (None, [])
    assert one(town, BeginCopy(DIRECT, ANN, f"p-{'c' * 20}", "Plans", 5000, True)) == unreached


def test_what_someone_said_is_found_in_the_copies_too_however_long_ago(town: Store) -> None:
    begin(town)
    one(town, CopyStep(ROOM, 3))
    assert {room for room, _ in town.said_by(ANN, after=0, limit=99)[0]} == {DIRECT}  # the copy follows by itself
    finish(town)
    said(town, "recent")
    whole_of_it = {(DIRECT, 1), (DIRECT, 3), (DIRECT, 5), (DIRECT, 7), (ROOM, 1), (ROOM, 3), (ROOM, 5)}
    assert set(town.said_by(ANN, after=0, limit=99)[0]) == whole_of_it
    found, before = set[tuple[int, int]](), None
    while True:
        some, before = town.said_since(ANN, 0, before=before, limit=2)
        found.update(some)
        if before is None:
            break
    assert found == whole_of_it


def test_days_in_a_search_are_those_on_which_it_was_said(store: Store) -> None:
    for name in ("Ann", "Bo"):
        one(store, Register(0, *person_name(name), "hash", "member", 0))
    one(store, MakeDirect((ANN, BO), US, 1))
    day = 86_400_000
    for number in range(1, 9):
        event = e.Posted(room=US, seq=0, at=number * day, by="", text="tulips")
        one(store, Record(DIRECT, ANN, event))
    one(store, BeginCopy(DIRECT, ANN, PLANS, "Plans", 20 * day, True))
    one(store, FinishCopy(ROOM, 99, 20 * day))
    one(store, Record(DIRECT, ANN, e.Posted(room=US, seq=0, at=21 * day, by="", text="tulips")))
    for query, seqs in (("tulips after:1970-01-06", [8, 7, 6]), ("tulips before:1970-01-04", [2, 1])):
        hits = store.search(read_query(query), room=ROOM, before=None, limit=9).hits
        assert [hit.event.seq for hit in hits] == seqs
        everywhere = store.search(read_query(query), room=None, before=None, limit=99).hits
        assert {hit.event.seq for hit in everywhere if hit.room == DIRECT} >= set(seqs)


def test_it_goes_on_after_a_restart(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path)
    for name in ("Ann", "Bo"):
        one(store, Register(0, *person_name(name), "hash", "member", 0))
    one(store, MakeDirect((ANN, BO), US, 1))
    for number in range(5):
        said(store, f"word{number}")
    begin(store)
    commit(store, [CopyStep(ROOM, 2)])
    store.close()
    store = SqliteStore.open(tmp_path)
    assert store.copies() == [CopyRow(ROOM, DIRECT, ANN)]
    finish(store, 2)
    assert copied(store) == original(store)
    store.close()


def test_what_has_expired_there_is_not_in_the_copy(town: Store) -> None:
    one(town, Expire(DIRECT, 1001 + DAY, 1))
    one(town, Record(DIRECT, ANN, e.Posted(room=US, seq=0, at=1000, by="", text="new"), "another nonce"))
    begin(town)
    finish(town, 2)
    assert [event.seq for event in copied(town)] == [7]
    assert copied(town) == original(town)
    row = town.room_by_id(ROOM)
    assert row is not None
    assert (row.first, row.head) == (7, 9)
    assert one(town, Expire(ROOM, 1001 + DAY, 1)).first == 8
