"""The verb that reads the replies to a message: in order, by pages, bounded."""

from nexus.protocol import commands as c
from nexus.protocol.events import Posted
from nexus.settings import Limits
from tests.world.node import World
from tests.world.people import Person, events_of


def texts(person: Person, **fields: object) -> list[str]:
    """What the replies to the first message say."""
    done = person.ask(c.Replies, **{"room": "garden", "seq": 1, **fields})
    return [event.text for event in events_of(done.events) if isinstance(event, Posted)]


def test_replies_come_in_order_and_by_pages() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    ann.ask(c.Post, room="garden", text="Who brings cake?")
    for number in range(5):
        bo.ask(c.Post, room="garden", text=f"{number}", reply_to=1)
        bo.ask(c.Post, room="garden", text="something else")

    newest = ann.ask(c.Replies, room="garden", seq=1, limit=2)
    first, last = events_of(newest.events)
    assert isinstance(first, Posted)
    assert isinstance(last, Posted)
    assert (first.text, last.text, newest.more) == ("3", "4", True)
    assert texts(ann, limit=2, before=first.seq) == ["1", "2"]
    assert texts(ann) == ["0", "1", "2", "3", "4"]
    assert ann.ask(c.Replies, room="garden", seq=1).more is False
    assert texts(ann, seq=2) == []


def test_deleted_replies_are_left_out() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    ann.ask(c.Post, room="garden", text="Who brings cake?")
    done = ann.ask(c.Post, room="garden", text="me", reply_to=1)
    ann.ask(c.Delete, room="garden", seq=done.seq)

    assert texts(ann) == []


def test_a_page_of_long_replies_is_bounded_in_bytes() -> None:
    world = World(limits=Limits(page_bytes=20_000))
    ann = world.guest("Ann", "garden")
    ann.ask(c.Post, room="garden", text="Tell me all")
    for _ in range(6):
        ann.ask(c.Post, room="garden", text="x" * 6000, reply_to=1)

    page = ann.ask(c.Replies, room="garden", seq=1)

    assert page.more
    assert 1 <= len(page.events or ()) <= 4


def test_a_room_that_one_may_not_read_is_refused() -> None:
    world = World()
    ann = world.guest("Ann")

    assert ann.refused(c.Replies, room="nowhere", seq=1).code == "not_found"
