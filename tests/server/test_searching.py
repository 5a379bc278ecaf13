"""How members find messages again: over all rooms or in one, page by page, as the messages are now."""

import pytest

from nexus.protocol import commands as c
from nexus.protocol import events as e
from nexus.settings import Limits
from tests.server.private_rooms import private
from tests.world.node import World
from tests.world.people import Person, events_of


def hits(person: Person, query: str, **more: object) -> list[tuple[str, int, str]]:
    """Where what was found stands, and what it says."""
    done = person.ask(c.Search, query=query, **more)
    found = events_of(done.hits)
    assert all(isinstance(hit, e.Posted) for hit in found)
    return [(hit.room, hit.seq, hit.text) for hit in found if isinstance(hit, e.Posted)]


def test_what_was_said_is_found_in_every_room_the_newest_first() -> None:
    world = World()
    ann = world.guest("Ann", "garden", "kitchen")
    ann.says("a red rose")
    ann.says("Tea, please", room="kitchen")
    ann.says("The ROSE tea")

    assert hits(ann, "rose") == [("garden", 2, "The ROSE tea"), ("garden", 1, "a red rose")]
    assert hits(ann, "tea") == [("garden", 2, "The ROSE tea"), ("kitchen", 1, "Tea, please")]
    assert hits(ann, "tea", room="kitchen") == [("kitchen", 1, "Tea, please")]
    assert hits(ann, "tea in:kitchen") == [("kitchen", 1, "Tea, please")]
    assert hits(ann, "lily") == []


def test_a_person_in_no_room_searches_the_open_ones() -> None:
    world = World()
    world.guest("Ann", "garden").says("rose")
    cy = world.guest("Cy")

    assert hits(cy, "rose from:ann") == [("garden", 1, "rose")]


def test_an_edit_and_a_deletion_are_followed_at_once() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    ann.says("rose")
    ann.says("rose again")
    ann.ask(c.Edit, room="garden", seq=1, text="tulip")
    ann.ask(c.Delete, room="garden", seq=2)

    assert hits(ann, "rose") == []
    assert hits(ann, "tulip") == [("garden", 1, "tulip")]


def test_pages_follow_each_other_without_a_gap() -> None:
    world = World()
    ann = world.guest("Ann", "garden", "kitchen")
    for number in range(7):
        ann.says(f"rose {number}", room="kitchen" if number % 2 else "garden")

    for room in (None, "garden"):
        found: list[str] = []
        before = None
        while True:
            done = ann.ask(c.Search, query="rose", room=room, before=before, limit=2)
            found += [hit.text for hit in events_of(done.hits) if isinstance(hit, e.Posted)]
            assert done.more is (done.next is not None)
            if done.next is None:
                break
            before = done.next
        assert found == [f"rose {number}" for number in range(6, -1, -1) if room is None or number % 2 == 0]


def test_a_page_has_no_more_bytes_than_one_of_history() -> None:
    world = World(limits=Limits(page_bytes=1000))
    ann = world.guest("Ann", "garden")
    for number in range(5):
        ann.says(f"rose {number} {'x' * 300}")

    first = ann.ask(c.Search, query="rose")
    assert (len(first.hits or []), first.more) == (2, True)
    assert [text[:6] for _, _, text in hits(ann, "rose", before=first.next)] == ["rose 2", "rose 1"]


@pytest.mark.parametrize(
    ("fields", "code", "why"),
    [
        ({"query": " "}, "bad_request", "needs a word"),
        ({"query": "rose in:nowhere"}, "not_found", "nowhere"),
        ({"query": "rose", "room": "nowhere"}, "not_found", "nowhere"),
        ({"query": "rose in:garden", "room": "kitchen"}, "bad_request", "garden"),
        ({"query": "before:never"}, "bad_request", "2026-05-01"),
    ],
)
def test_what_cannot_be_searched_is_refused_with_why(fields: dict[str, str], code: str, why: str) -> None:
    world = World()
    ann = world.guest("Ann", "garden", "kitchen")

    refused = ann.refused(c.Search, **fields)

    assert refused.code == code
    assert why in refused.message


def test_a_public_message_is_found_among_private_ones() -> None:
    world = World()
    ann, bo = world.member("Ann", "garden"), world.member("Bo", "garden")
    room = private(ann)
    ann.says("roses at home", room)
    ann.says("roses for all")
    ann.says("more roses at home", room)
    assert len(bo.ask(c.Search, query="roses").hits or ()) == 1
    assert len(ann.ask(c.Search, query="roses").hits or ()) == 3
