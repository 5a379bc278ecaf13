"""What one may store in a day, alone and together with everyone behind the same address."""

import pytest

from nexus.core.overhead import Share
from nexus.core.quota import POCKET, Allowance, Daily
from nexus.protocol import commands as c
from nexus.protocol.replies import Refused
from nexus.settings import Limits, Pace, Session
from tests.world.node import World
from tests.world.people import Person

MANY = 100_000


def posts_until_refused(person: Person) -> int:
    """How many messages of 1,000 characters somebody gets stored."""
    for count in range(MANY):
        reply = person.reply(person.sends(c.Post, room="garden", text="x" * 1000))
        if isinstance(reply, Refused):
            assert reply.code == "too_many"
            assert reply.retry_after is not None
            return count
    raise AssertionError("It never ended.")


def test_one_person_stores_no_more_than_a_days_share_and_goes_on_as_it_comes_back() -> None:
    world = World(limits=Limits(day_bytes=100_000))
    ann = world.guest("Ann", "garden")

    assert 80 <= posts_until_refused(ann) <= 90
    world.clock.advance(12 * 3600)
    assert 40 <= posts_until_refused(ann) <= 50


def test_a_new_connection_is_no_new_share() -> None:
    world = World(limits=Limits(day_bytes=100_000))
    ann = world.guest("Ann", "garden")
    posts_until_refused(ann)

    again = world.connect("Ann")
    again.hello(session=ann.secret)
    again.join("garden")
    assert posts_until_refused(again) <= 5  # what is in a pocket


def test_all_from_one_address_share_a_day_and_others_have_their_own() -> None:
    world = World(limits=Limits(day_bytes_address=200_000))
    first = world.guest("Ann", "garden")
    posts_until_refused(first)

    other = world.guest("Bo", "garden")
    assert posts_until_refused(other) <= 5
    cy = world.connect("Cy", address="198.51.100.7")
    cy.hello()
    cy.join("garden")
    cy.says("hello")


def test_edits_and_topics_count_too() -> None:
    world = World(limits=Limits(day_bytes=10_000))
    ann = world.guest("Ann", "garden")
    ann.says("x")

    codes = [ann.reply(ann.sends(c.Edit, room="garden", seq=1, text=f"{n}" * 900)) for n in range(20)]
    assert any(isinstance(reply, Refused) and reply.code == "too_many" for reply in codes)
    topics = [ann.reply(ann.sends(c.Configure, room="garden", topic=f"{n}" * 100)) for n in range(50)]
    assert any(isinstance(reply, Refused) and reply.code == "too_many" for reply in topics)


def test_one_person_makes_no_more_rooms_than_a_days_share() -> None:
    world = World(limits=Limits(day_rooms=3))
    ann = world.guest("Ann")
    for number in range(3):
        ann.join(f"room-{number}")

    assert ann.refused(c.Join, room="another").code == "too_many"
    assert ann.refused(c.Create, room="another").code == "too_many"
    ann.join("room-1")
    world.clock.advance(8 * 3600)
    ann.join("another")


def test_all_from_one_address_share_the_rooms_too() -> None:
    world = World(limits=Limits(day_rooms_address=4))
    for number in range(4):
        world.guest(f"Guest{number}", f"room-{number}")

    assert world.guest("Ann").refused(c.Join, room="another").code == "too_many"


def test_an_administrator_makes_as_many_rooms_as_they_like() -> None:
    world = World(limits=Limits(day_rooms=1))
    ann = world.guest("Ann")
    ann.ask(c.Register, name="Ann", password="correct horse", invite=world.does(world.node.accounts.invite_admin()))

    for number in range(3):
        ann.join(f"room-{number}")


@pytest.mark.parametrize("command", ["topic", "join"])
def test_what_adds_a_row_is_paced_as_messages_are(command: str) -> None:
    world = World(pace=Pace(posts=1, posts_burst=4, commands=0, address=0, logins=0))
    bo = world.member("Bo", "garden")

    def once(number: int) -> list[Refused]:
        if command == "topic":
            replies = [bo.reply(bo.sends(c.Configure, room="garden", topic=f"topic {number}"))]
        else:
            replies = [bo.reply(bo.sends(kind, room="shed")) for kind in (c.Join, c.Leave)]
        return [reply for reply in replies if isinstance(reply, Refused)]

    refused = [reply for number in range(10) for reply in once(number)]
    assert refused
    assert {reply.code for reply in refused} <= {"too_fast", "not_joined"}
    assert len(world.log(1)) + len(world.log(2) if world.store.room("shed", "shed") else ()) <= 6


def test_names_that_nobody_is_at_are_held_for_so_many_from_one_address() -> None:
    world = World(session=Session(waiting=3))
    people = [world.guest(f"Guest{number}") for number in range(5)]
    for person in people:
        person.drops()

    world.guest("Guest0")
    world.guest("Guest1")
    assert world.connect("x").refused(c.Hello, name="Guest2").code == "name_taken"
    back = world.connect("Guest3")
    back.hello(session=people[3].secret)


def test_a_session_that_somebody_came_back_to_does_not_count_as_waiting() -> None:
    world = World(session=Session(waiting=1))
    ann = world.guest("Ann")
    for number in range(3):
        ann.drops()
        again = world.connect("Ann")
        again.hello(session=ann.secret)
        world.guest(f"Guest{number}").drops()
        ann = again
    ann.join("garden")


def test_unused_rooms_go_and_can_be_made_again() -> None:
    world = World()
    ann = world.guest("Ann", "junk", "garden", "here")
    ann.says("hello", room="garden")
    ann.ask(c.Create, room="quiet", topic="Be quiet")
    for room in ("junk", "garden"):
        ann.ask(c.Leave, room=room)

    world.clock.advance(23 * 3600)
    assert len(world.store.rooms(100)) == 4
    world.clock.advance(2 * 3600)

    assert {row.name for row in world.store.rooms(100)} == {"garden", "here", "quiet"}
    ann.join("junk")
    ann.says("again", room="junk")


def test_a_pocket_holds_what_was_taken_and_not_used() -> None:
    share = Share(0.0, 10_000, 0.0)
    allowance = Allowance((share,))

    assert allowance.spend(1000, 0.0)
    assert share.left == 10_000 - POCKET - 1000
    assert allowance.spend(POCKET, 0.0)
    assert share.left == 10_000 - POCKET - 1000
    assert allowance.spend(10_000, 0.0)
    assert not allowance.spend(POCKET + 1, 0.0)


def test_the_table_of_shares_is_bounded() -> None:
    daily = Daily(100)
    for number in range(10_100):
        daily.of(f"{number}", 0.0)

    assert len(daily._kept) == 10_000
