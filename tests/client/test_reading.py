"""What a server says, as a client takes it, also where a later version says it."""

import json
from typing import Any

import msgspec
import pytest

from nexus.client.reading import Unknown, read_frame, read_page
from nexus.protocol.codec import encode
from nexus.protocol.events import Posted, Typing
from nexus.protocol.replies import Done, Refused

LATER: dict[str, Any] = {"type": "polled", "room": "garden", "seq": 2, "at": 1002, "by": "Ann", "choices": ["a", "b"]}


def test_what_is_known_is_read_as_what_it_is() -> None:
    for said in (
        Posted(room="garden", seq=1, at=1001, by="Ann", text="hello"),
        Typing(room="garden", by="Ann"),
        Done(ref=1),
        Refused(2, "not_found", "There is no such room."),
    ):
        assert read_frame(encode(said)) == read_frame(encode(said).decode()) == said


def test_an_entry_of_a_later_type_keeps_its_place_and_all_that_it_said() -> None:
    event = read_frame(json.dumps(LATER))

    assert isinstance(event, Unknown)
    assert (event.type, event.room, event.seq, event.at) == ("polled", "garden", 2, 1002)
    assert json.loads(event.raw) == LATER


def test_an_entry_of_a_known_type_that_cannot_be_read_keeps_its_place_too() -> None:
    assert read_frame('{"type":"posted","room":"garden","seq":2,"at":1002,"by":"Ann","text":{"bold":1}}') == Unknown(
        "posted", "garden", 2, 1002, b'{"type":"posted","room":"garden","seq":2,"at":1002,"by":"Ann","text":{"bold":1}}'
    )


@pytest.mark.parametrize(
    "said",
    [
        '{"type":"waved","by":"Ann"}',
        '{"type":"waved","room":"garden","by":"Ann"}',
        '{"type":"watched","room":"garden","seq":3}',  # as `read`: about an event, and none itself
        '{"type":"polled","room":"garden","seq":-1,"at":1}',
        '{"type":"done","ref":1,"room":7}',
        '{"room":"garden","seq":3,"at":1003}',
        "[1]",
        "{",
        "",
    ],
)
def test_unknown_fields_are_ignored(said: str) -> None:
    assert read_frame(said) is None


def test_a_page_of_history_holds_the_entries_of_a_later_type_in_their_places() -> None:
    events = [encode(Posted(room="garden", seq=seq, at=1000 + seq, by="Ann", text="m")) for seq in (1, 3)]
    page = [msgspec.Raw(one) for one in (events[0], json.dumps(LATER).encode(), events[1])]

    assert [event.seq for event in read_page(page)] == [1, 2, 3]
