"""A room's view: the vectors that the browser's view folds too, and what holds for any stretch of a log."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.client.reading import Heard, read_frame
from nexus.client.view import KEPT, Gap, RoomView
from nexus.protocol import events as e
from nexus.protocol.types import RoomInfo

VECTORS = Path(__file__).parents[1] / "vectors"
Vector = dict[str, Any]


def vectors(name: str) -> list[Vector]:
    found: list[Vector] = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def heard(vector: Vector) -> list[Heard]:
    """The events of a vector, as a client takes them."""
    return [event for event in map(read_frame, map(json.dumps, vector["events"])) if isinstance(event, Heard)]


def begun(vector: Vector) -> RoomView:
    you = vector.get("you", {"name": None, "guest": False})
    view = RoomView(
        "garden",
        lambda one: (one.by, one.guest) == (you["name"], you["guest"]),
        lambda one: you["name"] in one.mentions,
    )
    if "enter" in vector:
        entered = vector["enter"]
        view.enter(msgspec.convert(entered["room"], RoomInfo), entered["here"], entered["online"])
    return view


def seen(view: RoomView) -> dict[str, Any]:
    return {
        "topic": view.topic,
        "last": msgspec.to_builtins(view.last),
        "here": sorted(view.here),
        "online": view.online,
        "unread": view.unread,
        **({"mentions": view.mentions} if view.mentions else {}),
        **({"level": view.level} if view.level != "everything" else {}),
        **({"favourite": True} if view.favourite else {}),
        **({"first": view.first} if view.first != 1 else {}),
        "skipped": [list(one) for one in view.skipped],
        "messages": [message(one) for one in view.events if isinstance(one, e.Posted)],
    }


def message(posted: e.Posted) -> list[Any]:
    """A message as the vectors tell it: what became of it since comes last, where there is something."""
    fields = msgspec.to_builtins(posted)
    since = {name: fields[name] for name in ("changed", "edited", "deleted", "pinned", "reactions") if name in fields}
    return [posted.seq, posted.by, posted.text, *([since] if since else [])]


def posted(seq: int) -> e.Posted:
    return e.Posted(room="garden", seq=seq, at=1000 + seq, by="Ann", text=f"m{seq}")


def told(seqs: list[int]) -> RoomView:
    view = RoomView("garden")
    for seq in seqs:
        view.apply(posted(seq))
    return view


@pytest.mark.parametrize("vector", vectors("view"), ids=lambda vector: str(vector["name"]))
def test_events_fold_to_the_view_of_the_vector(vector: Vector) -> None:
    view = begun(vector)
    for event in heard(vector):
        view.apply(event)

    assert seen(view) == vector["view"]


@pytest.mark.parametrize("vector", vectors("gaps"), ids=lambda vector: str(vector["name"]))
def test_a_hole_is_reported_with_what_is_missing(vector: Vector) -> None:
    *before, last = heard(vector)
    view = begun(vector)
    for one in before:
        view.apply(one)

    with pytest.raises(Gap) as gap:
        view.apply(last)

    assert {"after": gap.value.after, "got": gap.value.got} == vector["gap"]


@given(st.integers(1, 50), st.integers(0, 30), st.data())
def test_any_stretch_of_a_log_with_repeats_folds_to_the_same_view(first: int, count: int, data: st.DataObject) -> None:
    stretch = list(range(first, first + count + 1))
    view = RoomView("garden")
    for seq in stretch:
        view.apply(posted(seq))
        for again in data.draw(st.lists(st.integers(first, seq), max_size=3)):
            assert not view.apply(posted(again))

    assert seen(view) == seen(told(stretch))


@given(st.integers(1, 50), st.integers(0, 10), st.integers(2, 100))
def test_any_hole_raises_and_leaves_the_view_as_it_was(first: int, count: int, step: int) -> None:
    view = told(list(range(first, first + count + 1)))
    before = seen(view)

    with pytest.raises(Gap):
        view.apply(posted(first + count + step))

    assert seen(view) == before


@given(st.integers(1, 30), st.integers(0, 29))
def test_a_resume_after_any_event_folds_to_the_same_view(count: int, drop: int) -> None:
    drop = min(drop, count)
    view = told(list(range(1, drop + 1)))
    view.rewind()
    for seq in range(max(1, drop - 3), count + 1):
        view.apply(posted(seq))

    assert seen(view) == seen(told(list(range(1, count + 1))))


def test_after_a_drop_what_was_named_as_skipped_may_come_after_all() -> None:
    view = told([1])
    view.apply(e.Skipped(room="garden", from_=2, to=5))
    view.rewind()

    for seq in range(2, 7):
        view.apply(posted(seq))

    assert seen(view) == seen(told([1, 2, 3, 4, 5, 6]))


def test_a_view_keeps_the_newest_events_and_no_more() -> None:
    view = told(list(range(1, KEPT + 11)))

    assert [view.events[0].seq, view.events[-1].seq, len(view.events)] == [11, KEPT + 10, KEPT]


def test_only_what_is_new_is_to_be_shown() -> None:
    view = RoomView("garden")

    assert [view.apply(posted(1)), view.apply(posted(1)), view.apply(posted(2))] == [True, False, True]
