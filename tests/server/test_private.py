"""Private rooms, and those between a few people: who is in them, and that for all others they do not exist."""

import re
from typing import Any

import pytest

from nexus.protocol import commands as c
from nexus.protocol.codec import encode
from nexus.protocol.events import Joined, Left, Member, Notice, Promoted, Removed
from nexus.protocol.types import Position
from tests.server.private_rooms import lives, private
from tests.world.node import World
from tests.world.people import Person


def test_a_private_room_has_an_id_for_its_name_and_belongs_to_who_made_it() -> None:
    ann = World().member("Ann")

    room = ann.ask(c.Create, kind="private", title="  Plans  for spring ", topic="Bulbs").room

    assert room is not None
    assert room.name.startswith("p-")
    assert (room.kind, room.title, room.topic) == ("private", "Plans for spring", "Bulbs")
    assert (room.member, room.role) == (True, "owner")
    told = login(ann.world, "Ann").ask(c.Rooms).rooms
    assert told is not None
    assert [(one.name, one.title, one.role) for one in told] == [(room.name, "Plans for spring", "owner")]


def test_two_private_rooms_may_have_one_title_and_a_title_is_no_name() -> None:
    ann = World().member("Ann")
    assert private(ann) != private(ann)
    assert ann.refused(c.History, room="Plans").code == "not_found"
    assert ann.refused(c.Create, kind="private", title=" ").code == "bad_request"
    assert ann.refused(c.Create, kind="private", title="x" * 101).code == "too_large"


def test_guests_make_no_private_rooms_and_nobody_chooses_an_id() -> None:
    world = World()
    ann, cy = world.member("Ann"), world.guest("Cy")
    room = private(ann)
    assert cy.refused(c.Create, kind="private", title="Plans").code == "forbidden"
    refusals = [cy.refused(c.Create, room=name) for name in (room, f"p-{'a' * 20}")]
    assert {refusal.code for refusal in refusals} == {"name_invalid"}


def test_who_is_added_reads_all_its_history_on_every_device() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo")
    room = private(ann)
    ann.says("before Bo", room)

    ann.ask(c.Add, room=room, name="bo")

    assert bo.heard(Member) == [Member(room=room, member=True, name="Bo", role="member", by="Ann")]
    bo.join(room, last=10)
    assert bo.texts(room) == ["before Bo"]
    bo.says("hello", room)
    assert ann.texts(room) == ["before Bo", "hello"]
    joined = ann.heard(Joined)[-1]
    assert (joined.by, joined.added) == ("Bo", "Ann")


def test_who_is_removed_hears_nothing_more_on_any_device_and_says_nothing_more() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo")
    room = private(ann)
    ann.ask(c.Add, room=room, name="Bo")
    second = world.connect("Bo")
    second.hello(name="Bo", password="correct horse")
    for device in (bo, second):
        device.join(room)
    bo.forgets()
    second.forgets()

    ann.ask(c.Remove, room=room, name="Bo", reason="It is a surprise.")
    ann.says("about the cake", room)

    for device in (bo, second):
        gone = Member(room=room, member=False, name="Bo", role="none", by="Ann")
        assert device.heard(Member) == [gone]
        assert [one.text for one in device.heard(Notice)] == ["Ann took you out of 'Plans' (It is a surprise.)."]
        assert device.texts(room) == []
        assert device.heard(Removed) == []
        assert device.refused(c.Post, room=room, text="but why").code == "not_joined"
        for command in (c.History, c.Join, c.Who, c.Pins):
            assert device.refused(command, room=room).code == "not_found"
        assert device.ask(c.Search, query="cake").hits == []
    assert [event.by for event in ann.heard(Left)] == []
    assert ann.heard(Removed)[-1].name == "Bo"


def test_what_was_on_its_way_behind_a_removal_is_not_stored() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo")
    room = private(ann)
    ann.ask(c.Add, room=room, name="Bo")
    bo.join(room)
    world.threads.held = True
    removing = ann.sends(c.Remove, room=room, name="Bo")
    world.settle()
    world.threads.release()  # whom it is about was read; the removal is written now
    world.settle()
    posting = bo.sends(c.Post, room=room, text="too late", nonce="n")
    world.threads.held = False
    world.threads.release()
    world.settle()

    assert ann.reply(removing).ref == removing
    assert getattr(bo.reply(posting), "code", "") == "not_joined"
    assert [type(record.event) for record in world.log(1)][-1] is Removed
    assert bo.refused(c.Post, room=room, text="too late", nonce="n").code == "not_joined"


def test_a_removed_session_that_resumes_is_told_and_serves_nothing() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo")
    room = private(ann)
    ann.ask(c.Add, room=room, name="Bo")
    bo.join(room)
    secret = bo.secret
    bo.drops()
    ann.ask(c.Remove, room=room, name="Bo")
    ann.says("about the cake", room)
    again = world.connect("Bo")

    told = again.hello(session=secret, resume={room: Position(1)}).rooms

    assert told == []
    assert again.texts(room) == []
    assert [one.text for one in again.heard(Notice)] == [f"There is no room '{room}'."]


def test_rights_are_those_of_the_rank_in_the_room() -> None:
    world = World()
    ann, bo, cy, dot = (world.member(name) for name in ("Ann", "Bo", "Cy", "Dot"))
    room = private(ann)
    for name in ("Bo", "Cy"):
        ann.ask(c.Add, room=room, name=name)
    assert bo.refused(c.Add, room=room, name="Dot").code == "forbidden"
    assert bo.refused(c.Remove, room=room, name="Cy").code == "forbidden"
    assert bo.refused(c.Configure, room=room, title="Mine").code == "not_joined"
    bo.join(room)
    assert bo.refused(c.Configure, room=room, title="Mine").code == "forbidden"

    ann.ask(c.Promote, room=room, name="Bo", role="moderator")

    bo.ask(c.Add, room=room, name="Dot")
    bo.ask(c.Remove, room=room, name="Cy")
    assert bo.ask(c.Configure, room=room, title="Ours").room is not None
    assert bo.refused(c.Remove, room=room, name="Ann").code == "forbidden"
    assert bo.refused(c.Promote, room=room, name="Dot", role="owner").code == "forbidden"
    assert bo.refused(c.Promote, room=room, name="Dot", role="moderator").code == "forbidden"
    assert bo.refused(c.Configure, room=room, archived=True).code == "forbidden"
    assert dot.refused(c.Promote, room=room, name="Dot", role="owner").code == "forbidden"
    assert cy.refused(c.Who, room=room).code == "not_found"
    assert ann.refused(c.Promote, room=room, name="Ann", role="member").code == "forbidden"
    members = {one.name: one.place for one in ann.ask(c.Who, room=room).members or ()}
    assert members == {"Ann": "owner", "Bo": "moderator", "Dot": "member"}


def test_when_the_last_owner_leaves_the_longest_moderator_follows_else_the_longest_member() -> None:
    world = World()
    ann, bo, cy, dot = (world.member(name) for name in ("Ann", "Bo", "Cy", "Dot"))
    room = private(ann)
    for one in (bo, cy, dot):
        ann.ask(c.Add, room=room, name=one.name)
        one.join(room)
        world.clock.advance(1)
    ann.ask(c.Promote, room=room, name="Cy", role="moderator")

    ann.ask(c.Leave, room=room)
    assert [(one.name, one.role) for one in bo.heard(Promoted)][-1] == ("Cy", "owner")
    cy.ask(c.Promote, room=room, name="Bo", role="moderator")
    cy.ask(c.Leave, room=room)
    bo.ask(c.Leave, room=room)

    assert {one.name: one.place for one in dot.ask(c.Who, room=room).members or ()} == {"Dot": "owner"}
    assert ann.refused(c.Join, room=room).code == "not_found"


def test_an_administrator_of_the_server_reads_no_private_room() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo")
    assert bo.session is not None
    bo.session.role = "admin"
    room = private(ann)
    ann.says("secret", room)
    for command in (c.History, c.Join, c.Who):
        assert bo.refused(command, room=room).code == "not_found"
    assert bo.refused(c.Delete, room=room, seq=2).code == "not_found"
    assert bo.refused(c.Remove, room=room, name="Ann").code == "not_found"
    assert bo.ask(c.Search, query="secret").hits == []


# --- between a few people -------------------------------------------------------------------------


def test_the_same_people_get_the_same_room_no_matter_who_asks_and_in_any_order() -> None:
    world = World()
    ann, bo, _ = (world.member(name) for name in ("Ann", "Bo", "Cy"))
    first = ann.ask(c.Direct, names=["Bo", "Cy"]).room
    assert first is not None
    assert (first.kind, first.people) == ("direct", ["Ann", "Bo", "Cy"])
    for person, names in ((ann, ["cy", "Bo", "Ann"]), (bo, ["Cy", "Ann"])):
        again = person.ask(c.Direct, names=names).room
        assert again is not None
        assert again.name == first.name
    alone = ann.ask(c.Direct, names=[]).room
    assert alone is not None
    assert (alone.name != first.name, alone.people) == (True, ["Ann"])


def test_the_others_learn_of_a_direct_room_with_its_first_message() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo")
    room = ann.ask(c.Direct, names=["Bo"]).room
    assert room is not None
    ann.join(room.name)
    assert bo.heard(Member) == []
    assert bo.ask(c.Rooms).rooms == []

    ann.says("hello Bo", room.name)

    assert bo.heard(Member) == [Member(room=room.name, member=True)]
    bo.join(room.name, last=5)
    assert bo.texts(room.name) == ["hello Bo"]


def test_leaving_a_direct_room_hides_it_until_the_next_message() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo")
    made = ann.ask(c.Direct, names=["Bo"]).room
    assert made is not None
    room = made.name
    ann.join(room)
    ann.says("one", room)
    bo.join(room)
    bo.ask(c.Leave, room=room)
    assert bo.ask(c.Rooms).rooms == []
    world.crash()
    ann, bo = (login(world, name) for name in ("Ann", "Bo"))
    assert bo.ask(c.Rooms).rooms == []
    ann.join(room)

    ann.says("two", room)

    assert [one.member for one in bo.heard(Member)] == [True]
    assert [one.name for one in bo.ask(c.Rooms).rooms or ()] == [room]
    assert ann.refused(c.Remove, room=room, name="Bo").code == "forbidden"
    assert ann.refused(c.Add, room=room, name="Bo").code == "forbidden"


def login(world: World, name: str) -> Person:
    """Someone who comes back with their password."""
    person = world.connect(name)
    person.hello(name=name, password="correct horse")
    return person


@pytest.mark.parametrize("name", ["Nobody", "Cy"])
def test_who_has_no_account_cannot_be_reached(name: str) -> None:
    world = World()
    ann, _ = world.member("Ann"), world.guest("Cy")
    assert ann.refused(c.Direct, names=[name]).message == f"{name} cannot be reached."
    assert world.guest("Dot").refused(c.Direct, names=["Ann"]).code == "forbidden"
    assert ann.refused(c.Direct, names=[f"Bo{number}" for number in range(20)]).code == "not_found"


# --- for everyone else it does not exist ----------------------------------------------------------

PROBES: list[tuple[type[c.Command], dict[str, Any]]] = [
    (c.Join, {}),
    (c.Leave, {}),
    (c.Post, {"text": "hello"}),
    (c.Edit, {"seq": 3, "text": "hello"}),
    (c.Delete, {"seq": 3}),
    (c.React, {"seq": 3, "emoji": "👍"}),
    (c.Unreact, {"seq": 3, "emoji": "👍"}),
    (c.Pin, {"seq": 3}),
    (c.Unpin, {"seq": 3}),
    (c.Pins, {}),
    (c.Replies, {"seq": 3}),
    (c.History, {}),
    (c.History, {"around": 3}),
    (c.Search, {"query": "secret"}),
    (c.Search, {"query": "secret", "room": None}),
    (c.Typing, {}),
    (c.Read, {"seq": 3}),
    (c.Level, {"level": "nothing"}),
    (c.Who, {}),
    (c.Create, {}),
    (c.Configure, {"topic": "hello"}),
    (c.Configure, {"name": "meadow"}),
    (c.Configure, {"name": "meadow", "kind": "open", "confirm": True}),
    (c.Add, {"name": "Cy"}),
    (c.Remove, {"name": "Ann"}),
    (c.Promote, {"name": "Ann", "role": "owner"}),
    (c.Destroy, {}),
    (c.Destroy, {"confirm": True}),
    (c.Report, {"seq": 3}),
    (c.Invite, {}),
    (c.Invites, {}),
    *[(c.Why, {"verb": verb}) for verb in ("join", "post", "history", "add", "promote", "invite", "purge", "destroy")],
]


@pytest.mark.parametrize("kind", ["guest", "member", "admin"])
def test_every_answer_is_the_one_of_a_world_without_the_room(kind: str) -> None:
    with_room, without = answers(kind, there=True), answers(kind, there=False)
    assert with_room == without
    assert any("not_found" in answer for answer in with_room)


def answers(kind: str, *, there: bool) -> list[str]:
    """What someone is told who asks for everything, in a world with a private room or without."""
    world = World()
    ann, bo = world.member("Ann", "garden"), world.member("Bo", "garden")
    room = f"p-{'a' * 20}"
    if there:
        room = lives(ann, bo)
        bo.says("a reply", room, reply_to=3)
        direct = ann.ask(c.Direct, names=["Bo"]).room
        assert direct is not None
        ann.join(direct.name)
        ann.says("secret between us", direct.name)
        ann.ask(c.Create, kind="private", title="Secret from us", from_=direct.name, history=True)
        moderated(ann, bo, room)
    cy = world.guest("Cy", "garden") if kind == "guest" else world.member("Cy", "garden")
    assert cy.session is not None
    cy.session.role = kind
    cy.forgets()
    said = [cy.reply(cy.sends(command, **{"room": room} | fields)) for command, fields in PROBES]
    said.append(cy.reply(cy.sends(c.Search, query=f"secret in:{room}")))
    said.append(cy.reply(cy.sends(c.Create, kind="private", title="Mine", from_=room, history=True)))
    for command, fields in (
        (c.Rooms, {}),
        (c.Search, {"query": "from:Ann"}),
        (c.Search, {"query": "after:2000-01-01"}),
        (c.History, {"room": "garden"}),
        (c.Who, {"room": "garden"}),
        (c.Acts, {}),
        (c.Undo, {"act": 1}),
        (c.Undo, {"act": 1 << 52}),
        (c.Reports, {}),
    ):
        said.append(cy.reply(cy.sends(command, **fields)))
    told = [encode(one).decode() for one in [*said, *cy.frames]]
    return [re.sub(r'"person":"g[^"]+"', "", one.replace(room, "THE-ROOM")) for one in told]


@pytest.mark.parametrize("opened", [True, False])
def test_what_a_room_was_called_is_told_to_anyone_who_may_find_it_and_to_nobody_else(opened: bool) -> None:
    world = World()
    ann, cy = world.member("Ann", "garden"), world.guest("Cy", "garden")
    room = private(ann)
    ann.says("secret", room)
    if opened:
        ann.ask(c.Configure, room=room, kind="open", name="plans", confirm=True)
    else:
        ann.ask(c.Configure, room=room, title="Plans for spring")
    before = [encode(frame).decode() for frame in cy.frames]
    assert not any(room in frame or "plans" in frame.casefold() for frame in before)  # who was not in it hears nothing
    told = cy.ask(c.Rooms).rooms or []
    assert [one.former for one in told if one.name == "plans"] == ([[room]] if opened else [])
    reply = cy.reply(cy.sends(c.History, room=room))
    assert getattr(reply, "code", None) == (None if opened else "not_found")


def moderated(ann: Person, bo: Person, room: str) -> None:
    """What is done in private rooms by those whose they are."""
    seq = bo.says("unkind", room).seq
    assert (ann.ask(c.Delete, room=room, seq=seq).act or 0) > 1 << 52
    another = private(ann, "More plans")
    ann.ask(c.Undo, act=ann.ask(c.Destroy, room=another, confirm=True).act)
    ann.ask(c.Destroy, room=another, confirm=True)
