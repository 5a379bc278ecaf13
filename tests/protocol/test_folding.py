"""What an event does to an earlier message, and a new name to all that shows the old one; nothing given is changed."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from nexus.protocol import events as e
from nexus.protocol.codec import decode_event, encode
from nexus.protocol.folding import fold, rename
from nexus.protocol.types import Person

THUMB = "\U0001f44d"
COMMON: dict[str, Any] = {"room": "garden", "seq": 9, "at": 2000, "by": "Cy", "target": 1}


def message(**more: Any) -> e.Posted:
    return e.Posted(room="garden", seq=1, at=1000, by="Ann", text="hello", **more)


@pytest.mark.parametrize(
    ("before", "event", "after"),
    [
        (message(), e.Edited(**COMMON, text="hi"), {"text": "hi", "edited": 2000}),
        (message(), e.Edited(**COMMON), {"text": "hello", "edited": 2000}),
        (
            message(pinned=True, edited=1500, reactions={THUMB: [Person("Bo")]}),
            e.Deleted(**COMMON),
            {"text": "", "deleted": True, "edited": None, "pinned": False, "reactions": {}},
        ),
        (message(), e.Reacted(**COMMON, emoji=THUMB), {"reactions": {THUMB: [Person("Cy")]}}),
        (
            message(reactions={THUMB: [Person("Bo")]}),
            e.Reacted(**COMMON, guest=True, emoji=THUMB),
            {"reactions": {THUMB: [Person("Bo"), Person("Cy", True)]}},
        ),
        (
            message(reactions={THUMB: [Person("Cy", True), Person("Cy")]}),
            e.Unreacted(**COMMON, emoji=THUMB),
            {"reactions": {THUMB: [Person("Cy", True)]}},
        ),
        (message(reactions={THUMB: [Person("Cy")]}), e.Unreacted(**COMMON, emoji=THUMB), {"reactions": {}}),
        (message(), e.Unreacted(**COMMON, emoji=THUMB), {"reactions": {}}),
        (message(), e.Pinned(**COMMON), {"pinned": True}),
        (message(pinned=True), e.Unpinned(**COMMON), {"pinned": False}),
    ],
)
def test_a_message_after_an_event(before: e.Posted, event: e.Amendment, after: dict[str, Any]) -> None:
    kept = deepcopy(before)

    now = fold(before, event)

    assert before == kept
    expected = {field: getattr(before, field) for field in before.__struct_fields__} | {"changed": 9} | after
    assert {field: getattr(now, field) for field in now.__struct_fields__} == expected
    assert fold(now, event) is now, "It is folded in once."


def test_an_accounts_new_name_is_wherever_the_old_one_was() -> None:
    before = message(mentions=("Bo", "Ann"), reactions={THUMB: [Person("Ann"), Person("Ann", True)]})
    kept = deepcopy(before)

    now = rename(before, e.Renamed(from_="Ann", to="Anna"))

    assert before == kept
    assert (now.by, now.mentions) == ("Anna", ("Bo", "Anna"))
    assert now.reactions == {THUMB: [Person("Anna"), Person("Ann", True)]}


def test_a_guests_new_name_changes_no_message() -> None:
    before = message(mentions=("Ann",))

    assert rename(before, e.Renamed(from_="Ann", to="Anna", guest=True)) is before


VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "folding.json").read_text("utf-8"))
"""What the page folds alike (tests/engine)."""


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_a_message_folds_as_the_vector_says(vector: dict[str, Any]) -> None:
    before, event = (decode_event(json.dumps(vector[name]).encode()) for name in ("message", "event"))
    assert isinstance(before, e.Posted)

    now = rename(before, event) if isinstance(event, e.Renamed) else fold(before, event)  # type: ignore[arg-type]

    assert json.loads(encode(now)) == vector["after"]
