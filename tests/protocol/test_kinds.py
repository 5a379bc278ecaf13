"""The table of kinds: every event has its row, and comes back from a store as it went."""

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.protocol import events as e
from nexus.protocol import kinds

COMMON: dict[str, Any] = {"room": "garden", "seq": 7, "at": 1000, "by": "Bo"}


def test_every_event_of_a_log_has_one_row() -> None:
    assert sorted(kind.event.__name__ for kind in kinds.KINDS) == sorted(
        event.__name__ for event in get_args(e.LogEvent)
    )


def test_the_numbers_are_those_that_were_stored_first() -> None:
    assert {kind.event: kind.number for kind in kinds.KINDS} == {
        e.Posted: 1,
        e.Joined: 2,
        e.Left: 3,
        e.Configured: 4,
        e.Edited: 5,
        e.Deleted: 6,
        e.Reacted: 7,
        e.Unreacted: 8,
        e.Pinned: 9,
        e.Unpinned: 10,
        e.Removed: 11,
        e.Promoted: 12,
        e.Purged: 13,
        e.Restored: 14,
        e.Destroyed: 15,
        e.Revived: 16,
    }


@given(st.sampled_from(kinds.KINDS), st.text(min_size=1), st.integers(1, 99), st.booleans())
def test_an_event_comes_back_from_its_columns(kind: kinds.Kind, text: str, target: int, guest: bool) -> None:
    fields: dict[str, Any] = {kind.text: text} if kind.text else {}
    fields |= {kind.target: target} if kind.target else {}
    event = kind.event(**COMMON, guest=guest, **fields)

    columns = kinds.columns(event)

    assert columns[0] == kind.number
    assert kinds.restore(*columns, **COMMON, guest=guest) == event
    assert kinds.text_of(event) == (text if kind.text else "")
    assert kinds.target_of(event) == (target if kind.target else None)


@pytest.mark.parametrize(("kind", "text"), [(e.Posted, ""), (e.Edited, None), (e.Configured, "")])
def test_a_text_that_is_gone_is_nothing_or_empty(kind: type[e.RoomEvent], text: str | None) -> None:
    event = kinds.restore(kinds.BY_EVENT[kind].number, "", 1, None, **COMMON)

    assert getattr(event, kinds.BY_EVENT[kind].text) == text


def test_an_event_of_a_later_version_keeps_all_that_it_has() -> None:
    event = kinds.restore(99, "words", 3, '{"colour":"red"}', **COMMON)

    assert kinds.columns(event) == (99, "words", 3, '{"colour":"red"}')
    assert (kinds.text_of(event), kinds.target_of(event)) == ("words", 3)


class Moved(e.RoomEvent):
    """The message `target` now stands in another room."""

    target: int
    to: str
    upside: bool = False


def test_what_a_kind_has_beyond_the_columns_is_its_data(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = kinds.Kind(number=50, event=Moved, phrase="moved", target="target")
    by_event: dict[type[e.RoomEvent], kinds.Kind] = {**kinds.BY_EVENT, Moved: kind}
    monkeypatch.setattr(kinds, "BY_EVENT", by_event)
    monkeypatch.setitem(kinds.BY_NUMBER, 50, kind)
    event = Moved(**COMMON, target=3, to="shed", upside=True)

    number, text, target, data = kinds.columns(event)

    assert (number, text, target) == (50, "", 3)
    assert msgspec.json.decode(data or "") == {"to": "shed", "upside": True}
    assert kinds.restore(number, text, target, data, **COMMON) == event
    assert kinds.restore(number, text, target, '{"to":"shed"}', **COMMON) == Moved(**COMMON, target=3, to="shed")
