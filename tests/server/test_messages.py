"""What one does with a message: edit, delete, react, pin; by whom, once, and seen by everyone alike."""

from typing import Any

import pytest

from nexus.protocol import commands as c
from nexus.protocol import events as e
from nexus.protocol.codec import encode
from nexus.protocol.types import Person as Reactor
from nexus.settings import Limits, Messages, Pace
from tests.world.node import World
from tests.world.people import LINES, Person, events_of

THUMB, HEART = "\U0001f44d", "❤️"
VERBS: list[tuple[type[c.Command], dict[str, Any]]] = [
    (c.Edit, {"text": "hello, all"}),
    (c.Delete, {}),
    (c.React, {"emoji": THUMB}),
    (c.Unreact, {"emoji": THUMB}),
    (c.Pin, {}),
    (c.Unpin, {}),
]


def message(person: Person) -> e.Posted:
    """The room's first message as the history tells it."""
    return next(one for one in person.history() if isinstance(one, e.Posted))


def newcomers(world: World, name: str) -> e.Posted:
    """The room's first message as someone gets it who enters now."""
    newcomer = world.connect(name)
    newcomer.hello()
    newcomer.join(last=200)
    return newcomer.heard(e.Posted)[0]


def admin(world: World, *rooms: str) -> Person:
    person = world.connect("Eve")
    person.hello()
    invite = world.does(world.node.accounts.invite_admin())
    person.ask(c.Register, name="Eve", password="correct horse", invite=invite)
    for room in rooms:
        person.join(room)
    return person


def in_memory(world: World) -> bytes:
    """All that the tail of the one room holds, as events and as frames."""
    (room,) = world.node.active_rooms.by_id.values()
    tail = room.tail
    return encode(tail.events) + b"".join(tail.frames(LINES, tail.first - 1, tail.last, 1000))


def test_the_pins_of_a_room_are_listed_for_everyone_who_may_read_it() -> None:
    world = World()
    eve, cy = admin(world, "garden"), world.guest("Cy")
    for text in ("one", "two"):
        eve.ask(c.Pin, room="garden", seq=eve.says(text).seq)

    pins = events_of(cy.ask(c.Pins, room="garden").events)
    assert [(pin.text, pin.pinned) for pin in pins if isinstance(pin, e.Posted)] == [("two", True), ("one", True)]
    assert cy.refused(c.Pins, room="nowhere").code == "not_found"


def test_an_edit_is_an_event_and_the_message_has_its_text_from_then_on() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    ann.says("helo")

    done = ann.ask(c.Edit, room="garden", seq=1, text="hello")

    assert done.seq == 2
    (edited,) = bo.heard(e.Edited)
    assert (edited.seq, edited.by, edited.guest, edited.target, edited.text) == (2, "Ann", True, 1, "hello")
    assert (message(bo).text, message(bo).edited, message(bo).changed) == ("hello", edited.at, 2)
    assert newcomers(world, "Cy") == message(bo)


def test_of_two_edits_only_the_last_text_is_left() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    ann.says("one")
    ann.ask(c.Edit, room="garden", seq=1, text="two")
    ann.ask(c.Edit, room="garden", seq=1, text="three")

    assert [one.text for one in ann.history() if isinstance(one, e.Edited)] == [None, "three"]
    assert message(ann).text == "three"
    tail = in_memory(world)
    assert b"three" in tail
    assert b"one" not in tail
    assert b"two" not in tail


def test_a_deletion_leaves_a_message_without_text_reactions_and_pin() -> None:
    world = World()
    ann, bo = world.member("Ann", "garden"), world.member("Bo", "garden")
    seq = ann.says("hello").seq
    assert seq is not None
    ann.ask(c.Edit, room="garden", seq=seq, text="hello, all")
    bo.ask(c.React, room="garden", seq=seq, emoji=THUMB)
    bo.ask(c.Pin, room="garden", seq=seq)

    done = ann.ask(c.Delete, room="garden", seq=seq)

    gone = message(bo)
    assert (gone.text, gone.deleted, gone.edited, gone.pinned, gone.reactions) == ("", True, None, False, {})
    assert gone.changed == done.seq
    assert newcomers(world, "Cy") == gone
    assert [one.text for one in bo.history() if isinstance(one, e.Edited)] == [None]
    assert b"hello" not in in_memory(world)
    assert bo.heard(e.Deleted)[0].target == seq


def test_people_react_once_each_per_emoji_and_take_it_back() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.member("Bo", "garden")
    ann.says("hello")
    first = message(ann).seq

    one = ann.ask(c.React, room="garden", seq=first, emoji=THUMB)
    again = ann.ask(c.React, room="garden", seq=first, emoji=THUMB)
    bo.ask(c.React, room="garden", seq=first, emoji=THUMB)
    bo.ask(c.React, room="garden", seq=first, emoji="❤")

    assert one.seq == again.seq
    assert message(ann).reactions == {THUMB: [Reactor("Ann", guest=True), Reactor("Bo")], HEART: [Reactor("Bo")]}
    assert newcomers(world, "Cy") == message(ann)
    ann.ask(c.Unreact, room="garden", seq=first, emoji=THUMB)
    bo.ask(c.Unreact, room="garden", seq=first, emoji=HEART)
    assert message(ann).reactions == {THUMB: [Reactor("Bo")]}
    assert newcomers(world, "Dot") == message(ann)
    assert ann.refused(c.Unreact, room="garden", seq=first, emoji=THUMB).code == "not_found"


def test_a_reaction_carries_the_name_of_today() -> None:
    world = World()
    bo = world.member("Bo", "garden")
    seq = bo.says("hello").seq
    assert seq is not None
    bo.ask(c.React, room="garden", seq=seq, emoji=THUMB)

    bo.ask(c.Rename, name="Bob")

    assert message(bo).reactions == {THUMB: [Reactor("Bob")]}
    assert newcomers(world, "Cy") == message(bo)


def test_members_pin_and_unpin() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.member("Bo", "garden")
    ann.says("hello")
    first = message(ann).seq

    pinned = bo.ask(c.Pin, room="garden", seq=first)

    assert bo.ask(c.Pin, room="garden", seq=first).seq == pinned.seq
    assert message(ann).pinned
    assert ann.heard(e.Pinned)[0].target == first
    assert ann.refused(c.Unpin, room="garden", seq=first).code == "forbidden"
    bo.ask(c.Unpin, room="garden", seq=first)
    assert not message(ann).pinned
    assert bo.refused(c.Unpin, room="garden", seq=first).code == "not_found"


@pytest.mark.parametrize(("verb", "fields"), VERBS[:2], ids=["edit", "delete"])
def test_only_an_author_edits_and_deletes(verb: type[c.Command], fields: dict[str, Any]) -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    ann.says("hello")

    refused = bo.refused(verb, room="garden", seq=1, **fields)

    assert refused.code == "forbidden"
    assert "Ann" in refused.message
    assert message(bo).text == "hello"


def test_an_administrator_deletes_any_message_from_anywhere_and_edits_none() -> None:
    world = World()
    ann, eve = world.guest("Ann", "garden"), admin(world)
    ann.says("hello")

    assert eve.refused(c.Edit, room="garden", seq=1, text="no").code == "not_joined"
    eve.join("garden")
    assert eve.refused(c.Edit, room="garden", seq=1, text="no").code == "forbidden"
    eve.ask(c.Leave, room="garden")
    eve.ask(c.Delete, room="garden", seq=1)

    assert message(ann).deleted
    assert [(one.by, one.name, one.targets) for one in ann.heard(e.Purged)] == [("Eve", "Ann", [1])]


def test_an_edit_that_comes_too_late_is_refused_with_the_limit() -> None:
    world = World(messages=Messages(edit_within=600))
    ann = world.guest("Ann", "garden")
    ann.says("helo")
    ann.ask(c.Edit, room="garden", seq=1, text="hello", nonce="e1")
    world.clock.advance(601)

    refused = ann.refused(c.Edit, room="garden", seq=1, text="bye")

    assert refused.code == "forbidden"
    assert "10 minutes" in refused.message
    assert ann.ask(c.Edit, room="garden", seq=1, text="hello", nonce="e1").seq == 2, "A retry is never too late."
    ann.ask(c.Delete, room="garden", seq=1)


@pytest.mark.parametrize(("verb", "fields"), VERBS)
def test_what_is_no_message_or_deleted_is_not_found(verb: type[c.Command], fields: dict[str, Any]) -> None:
    world = World()
    bo = world.member("Bo", "garden")
    seq = bo.says("hello").seq
    bo.ask(c.Delete, room="garden", seq=seq)

    for wrong in (0, 1, seq, 99):
        assert bo.refused(verb, room="garden", seq=wrong, **fields).code == "not_found"


@pytest.mark.parametrize(("verb", "fields"), VERBS)
def test_one_has_to_be_in_the_room(verb: type[c.Command], fields: dict[str, Any]) -> None:
    world = World()
    world.guest("Ann", "garden").says("hello")
    cy = world.guest("Cy")

    assert cy.refused(verb, room="garden", seq=1, **fields).code == "not_joined"


@pytest.mark.parametrize(
    ("text", "code"), [("", "bad_request"), ("\0", "bad_request"), ("x" * 101, "too_large")], ids=repr
)
def test_an_edit_is_held_to_the_rules_of_texts(text: str, code: str) -> None:
    world = World(limits=Limits(text=100))
    ann = world.guest("Ann", "garden")
    ann.says("hello")

    assert ann.refused(c.Edit, room="garden", seq=1, text=text).code == code


@pytest.mark.parametrize("emoji", ["", "a", "+1", "lol", THUMB * 2, THUMB + " ", "\u200d", "\x1b[1m", "1"])
def test_a_reaction_is_one_emoji(emoji: str) -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    ann.says("hello")

    refused = ann.refused(c.React, room="garden", seq=1, emoji=emoji)

    assert refused.code == "bad_request"
    assert "emoji" in refused.message


def test_reactions_to_a_message_are_limited() -> None:
    world = World(messages=Messages(emoji=2, reactions=3))
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    ann.says("hello")
    ann.ask(c.React, room="garden", seq=1, emoji=THUMB)
    ann.ask(c.React, room="garden", seq=1, emoji=HEART)

    assert "2 different emoji" in ann.refused(c.React, room="garden", seq=1, emoji="\U0001f331").message
    bo.ask(c.React, room="garden", seq=1, emoji=THUMB)
    assert bo.refused(c.React, room="garden", seq=1, emoji=HEART).code == "too_many"


@pytest.mark.parametrize(("verb", "fields"), [*VERBS[:3], VERBS[4]])
def test_the_same_nonce_again_does_nothing_twice(verb: type[c.Command], fields: dict[str, Any]) -> None:
    world = World()
    bo, cy = world.member("Bo", "garden"), world.guest("Cy", "garden")
    seq = bo.says("hello", nonce="n1").seq
    first = bo.ask(verb, room="garden", seq=seq, nonce="n2", **fields)
    cy.forgets()

    again = bo.ask(verb, room="garden", seq=seq, nonce="n2", **fields)

    assert again.seq == first.seq
    assert not cy.heard(e.RoomEvent)
    assert bo.refused(c.Post, room="garden", text="another", nonce="n2").code == "nonce_reused"


def test_a_retry_of_a_message_that_was_edited_or_deleted_returns_its_seq() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    ann.says("helo", nonce="n1")
    ann.ask(c.Edit, room="garden", seq=1, text="hello", nonce="e1")
    ann.ask(c.Edit, room="garden", seq=1, text="hello!", nonce="e2")

    assert ann.says("helo", nonce="n1").seq == 1
    assert ann.refused(c.Post, room="garden", text="hello", nonce="n1").code == "nonce_reused"
    assert ann.ask(c.Edit, room="garden", seq=1, text="hello", nonce="e1").seq == 2
    assert ann.refused(c.Edit, room="garden", seq=1, text="hallo", nonce="e1").code == "nonce_reused"

    ann.ask(c.Delete, room="garden", seq=1)

    assert ann.says("helo", nonce="n1").seq == 1
    assert ann.ask(c.Edit, room="garden", seq=1, text="hello!", nonce="e2").seq == 3


def test_someone_who_was_away_gets_the_events_and_the_messages_as_they_are() -> None:
    world = World(limits=Limits(tail_events=1, tail_bytes=131_072))
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    ann.says("known")
    at = bo.heard(e.Posted)[0].at
    bo.drops()
    ann.says("helo")
    ann.ask(c.Edit, room="garden", seq=2, text="hello")
    ann.ask(c.Delete, room="garden", seq=1)

    again = world.connect("Bo")
    again.hello(session=bo.secret, resume={"garden": {"seq": 1, "at": at}})

    heard = again.heard(e.RoomEvent)
    assert [type(one) for one in heard] == [e.Posted, e.Edited, e.Deleted]
    assert isinstance(heard[0], e.Posted)
    assert (heard[0].text, heard[0].changed) == ("hello", 3)


def test_what_is_done_to_messages_spends_the_pace_of_posts() -> None:
    world = World(pace=Pace(posts=1, posts_burst=3, commands=0, address=0, logins=0))
    ann = world.guest("Ann", "garden")
    ann.says("hello")
    ann.ask(c.Edit, room="garden", seq=1, text="two")
    ann.ask(c.Edit, room="garden", seq=1, text="three")

    refused = ann.refused(c.Edit, room="garden", seq=1, text="four")

    assert refused.code == "too_fast"
    assert refused.retry_after


def test_a_deletion_that_was_not_stored_is_refused_and_changes_nothing() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    ann.says("hello")

    def fail(_: str) -> None:
        raise OSError("no space left on device")

    world.store.fail = fail
    assert ann.refused(c.Delete, room="garden", seq=1).code == "unavailable"
    world.store.fail = None
    assert message(bo).text == "hello"
    assert ann.ask(c.Delete, room="garden", seq=1).seq == 2
    assert [one.seq for one in bo.heard(e.Deleted)] == [2]


def test_another_nodes_events_change_what_newcomers_here_get() -> None:
    near = World(together=True)
    far = World(beside=near)
    ann, bo = near.guest("Ann", "garden"), far.guest("Bo", "garden")
    ann.says("helo")
    ann.ask(c.React, room="garden", seq=1, emoji=THUMB)
    ann.ask(c.Edit, room="garden", seq=1, text="hello")
    while near.air:
        near.air.arrive()

    assert [type(one) for one in bo.heard(e.RoomEvent)] == [e.Posted, e.Reacted, e.Edited]
    assert newcomers(far, "Cy") == message(ann)
