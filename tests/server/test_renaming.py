"""What a room becomes: renamed while people are in it, and opened to everyone."""

from typing import Any

import pytest

from nexus.protocol import commands as c
from nexus.protocol.events import Configured, Joined, Moved, Notice, Posted, Read
from nexus.protocol.replies import Done
from nexus.protocol.types import Position
from nexus.settings import Rooms
from tests.world.node import World
from tests.world.people import Person


def rename(person: Person, room: str = "garden", name: str = "meadow", **fields: Any) -> Done:
    return person.ask(c.Configure, room=room, name=name, **fields)


def rooms_in(person: Person) -> set[str]:
    """The names that the events of a page carry."""
    return {getattr(event, "room", "") for event in person.history("garden")}


def town(**settings: Any) -> tuple[World, Person, Person, Person]:
    """Ann made garden, Bo belongs to it, and Cy is a guest in it."""
    world = World(**settings)
    ann, bo, cy = world.member("Ann"), world.member("Bo"), world.guest("Cy")
    ann.ask(c.Create, room="garden")
    for person in (ann, bo, cy):
        person.join()
    return world, ann, bo, cy


def test_everyone_learns_the_new_name_and_what_comes_then_carries_it() -> None:
    _, ann, bo, cy = town()
    bo.says("before")
    done = rename(ann, name="Meadow")
    assert done.room is not None
    assert (done.room.name, done.room.former) == ("meadow", ["garden"])
    bo.says("by its old name")
    cy.says("by its new name", "meadow")
    for person in (ann, bo, cy):
        assert person.heard(Moved) == [Moved(room="meadow", from_="garden")]
        events = [frame for frame in person.frames if isinstance(frame, Configured | Posted)]
        assert [(one.room, getattr(one, "text", one.by)) for one in events] == [
            ("garden", "before"),
            ("meadow", "Ann"),
            ("meadow", "by its old name"),
            ("meadow", "by its new name"),
        ]
        assert rooms_in(person) == {"meadow"}
    assert [one.name for one in bo.ask(c.Rooms).rooms or ()] == ["meadow"]


def test_the_old_name_leads_there_for_every_command_and_after_a_restart() -> None:
    world, ann, bo, _ = town()
    bo.says("roses")
    rename(ann)
    world.crash()
    bo, dot = world.connect("Bo"), world.guest("Dot")
    bo.hello(name="Bo", password="correct horse")
    for person in (bo, dot):
        done = person.join("garden")
        assert done.room is not None
        assert (done.room.name, done.room.former) == ("meadow", ["garden"])
    for command, fields in (
        (c.Post, {"text": "hello"}),
        (c.React, {"seq": 3, "emoji": "👍"}),
        (c.History, {"around": 3}),
        (c.Pins, {}),
        (c.Typing, {}),
        (c.Read, {"seq": 3}),
        (c.Level, {"level": "nothing"}),
        (c.Who, {}),
    ):
        bo.ask(command, room="garden", **fields)
    assert len(bo.ask(c.Search, query="roses in:garden").hits or ()) == 1
    assert {event.room for event in dot.heard(Posted)} == {"meadow"}
    bo.ask(c.Leave, room="garden")
    assert bo.refused(c.Post, room="meadow", text="gone").code == "not_joined"


def test_a_session_resumes_by_the_old_name_and_misses_nothing() -> None:
    world, ann, bo, cy = town()
    heads = {person: Position(cy.heard(Joined)[-1].seq if person is bo else 1) for person in (bo, cy)}
    for person in (bo, cy):
        person.drops()
    ann.says("meanwhile")
    rename(ann)
    ann.says("then", "meadow")
    for person in (bo, cy):
        again = world.connect(person.name)
        done = again.hello(session=person.secret, resume={"garden": heads[person]})
        told = [(one.name, one.former, isinstance(one.here, list)) for one in done.rooms or ()]
        assert told == [("meadow", ["garden"], True)]
        assert again.texts("meadow") == ["meanwhile", "then"]
        assert again.heard(Notice) == []
    twice = world.connect("Cy")
    done = twice.hello(session=cy.secret, resume={"meadow": heads[cy], "garden": heads[cy]})
    assert [one.name for one in done.rooms or ()] == ["meadow"]


def test_who_is_behind_learns_the_name_first_and_gets_every_event_under_it() -> None:
    world, ann, bo, _ = town()
    bo.stuck = True
    for number in range(3):
        ann.says(f"{number}")
    rename(ann)
    world.node.active_rooms.forget_tails()
    ann.says("3", "meadow")
    bo.drains()
    said = [(frame.room, frame.text) for frame in bo.frames if isinstance(frame, Posted)]
    assert said == [("garden", "0"), ("meadow", "1"), ("meadow", "2"), ("meadow", "3")]
    moved = next(at for at, frame in enumerate(bo.frames) if isinstance(frame, Moved))
    first = next(at for at, frame in enumerate(bo.frames) if getattr(frame, "room", "") == "meadow")
    assert moved == first


def test_a_page_that_is_read_while_the_room_is_renamed_comes_under_the_right_name() -> None:
    world, ann, bo, _ = town()
    bo.stuck = True
    for number in range(3):
        ann.says(f"{number}")
    world.node.active_rooms.forget_tails()
    world.threads.held = True
    ref = ann.sends(c.Configure, room="garden", name="meadow")
    world.settle()
    bo.stuck = bo.paused = False
    world.chat.drained(bo.connection)
    world.settle()
    world.threads.work()  # the new name is stored, and nobody here knows it yet
    world.threads.work()  # a page is read, from a log in which the room is called so
    world.threads.held = False
    world.threads.release()
    world.settle()
    assert ann.reply(ref).ref == ref
    moved = next(at for at, frame in enumerate(bo.frames) if isinstance(frame, Moved))
    for at, frame in enumerate(bo.frames):
        if isinstance(frame, Posted):
            assert frame.room == ("garden" if at < moved else "meadow")
    assert [frame.text for frame in bo.frames if isinstance(frame, Posted)] == ["0", "1", "2"]


def test_what_was_on_its_way_under_the_old_name_is_delivered_under_the_new_one() -> None:
    world, ann, bo, _ = town()
    world.threads.held = True
    renaming = ann.sends(c.Configure, room="garden", name="meadow")
    world.settle()
    posting = bo.sends(c.Post, room="garden", text="meanwhile")
    world.settle()
    world.threads.held = False
    for _ in range(2):
        world.threads.release()
        world.settle()
    assert isinstance(ann.reply(renaming), Done)
    assert isinstance(bo.reply(posting), Done)
    assert ann.texts("meadow") == bo.texts("meadow") == ["meanwhile"]
    assert ann.texts("garden") == []


def test_devices_that_are_not_in_the_room_learn_it_too_and_read_marks_follow() -> None:
    world, ann, bo, _ = town()
    other = world.connect("Bo")
    other.hello(name="Bo", password="correct horse")
    ann.says("one")
    rename(ann)
    assert other.heard(Moved) == [Moved(room="meadow", from_="garden")]
    bo.ask(c.Read, room="garden", seq=4)
    assert [(one.room, one.seq, one.unread) for one in other.heard(Read)] == [("meadow", 4, 0)]


def test_moderators_rename_and_members_do_not() -> None:
    _, ann, bo, cy = town()
    for person in (bo, cy):
        refused = person.refused(c.Configure, room="garden", name="meadow")
        assert refused.message == "Only the moderators of this room change its name."
    ann.ask(c.Promote, room="garden", name="Bo", role="moderator")
    rename(bo)
    assert bo.session is not None
    cy.join("kitchen")
    assert bo.refused(c.Configure, room="kitchen", name="pantry").code == "not_joined"
    bo.session.role = "moderator"
    assert bo.refused(c.Configure, room="kitchen", name="pantry").code == "forbidden"  # as the store knows them


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("kitchen", "name_taken"),
        ("kltchen", "name_taken"),
        ("two words", "name_invalid"),
        ("", "name_invalid"),
        ("x" * 65, "name_invalid"),
        (f"p-{'a' * 20}", "name_invalid"),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_changes(name: str, code: str) -> None:
    _, ann, bo, _ = town()
    bo.join("kitchen")
    before = ann.history()
    assert ann.refused(c.Configure, room="garden", name=name, topic="new").code == code
    assert ann.history() == before


def test_the_same_name_again_is_no_change() -> None:
    _, ann, _, _ = town()
    before = ann.history()
    assert rename(ann, name="Garden").room is not None
    assert ann.history() == before


def test_another_room_takes_the_old_name_and_nothing_leads_astray() -> None:
    world, ann, bo, cy = town()
    ann.says("in the meadow")
    rename(ann)
    ann.ask(c.Create, room="garden")
    assert bo.refused(c.Post, room="garden", text="where?").code == "not_joined"
    done = bo.join("garden")
    assert done.room is not None
    assert done.room.name == "garden"
    bo.says("in the new garden")
    assert ann.texts("garden") == ["in the meadow"]
    assert [event.text for event in cy.history("garden") if isinstance(event, Posted)] == ["in the new garden"]
    told = {one.name: one.former for one in cy.ask(c.Rooms).rooms or ()}
    assert {name: former or None for name, former in told.items()} == {"garden": None, "meadow": None}
    world.crash()
    assert rooms_in(world.guest("Dot")) == {"garden"}


def test_of_two_that_are_renamed_to_one_name_one_is() -> None:
    world, ann, bo, _ = town()
    bo.ask(c.Create, room="kitchen")
    bo.join("kitchen")
    rooms = {ann: "garden", bo: "kitchen"}
    asked = [(person, person.sends(c.Configure, room=room, name="meadow")) for person, room in rooms.items()]
    world.settle()
    codes = [getattr(person.reply(ref), "code", None) or "done" for person, ref in asked]
    assert codes == ["done", "name_taken"]
    assert {one.name for one in bo.ask(c.Rooms).rooms or ()} == {"meadow", "kitchen"}


def arrives(world: World) -> None:
    """What the nodes have told each other is heard."""
    while len(world.air):
        world.air.arrive()
    world.settle()


def test_another_node_follows_a_rename() -> None:
    world, ann, _, _ = town(together=True)
    other = World(beside=world)
    dot = other.guest("Dot", "garden")
    rename(ann)
    arrives(world)
    assert dot.heard(Moved) == [Moved(room="meadow", from_="garden")]
    dot.says("by its old name")
    dot.says("by its new name", "meadow")
    arrives(world)
    assert ann.texts("meadow") == dot.texts("meadow") == ["by its old name", "by its new name"]


# --- opened to everyone ---------------------------------------------------------------------------


def plans(world: World) -> tuple[Person, Person, Person, str]:
    """Ann owns a private room, Bo is in it, and Cy is nobody there."""
    ann, bo, cy = (world.member(name, "garden") for name in ("Ann", "Bo", "Cy"))
    room = ann.ask(c.Create, kind="private", title="Plans").room
    assert room is not None
    ann.join(room.name)
    ann.ask(c.Add, room=room.name, name="Bo")
    bo.join(room.name)
    ann.says("secret", room.name)
    return ann, bo, cy, room.name


def test_an_owner_opens_a_private_room_and_all_its_history_is_everyones() -> None:
    world = World()
    ann, bo, cy, room = plans(world)
    ann.ask(c.Promote, room=room, name="Bo", role="moderator")
    opening = {"room": room, "name": "plans", "kind": "open"}
    assert bo.refused(c.Configure, **opening, confirm=True).code == "forbidden"
    asked = ann.refused(c.Configure, **opening)
    assert (asked.code, "all that was ever said" in asked.message) == ("bad_request", True)
    assert ann.refused(c.Configure, room=room, kind="open", confirm=True).code == "bad_request"
    assert ann.refused(c.Configure, **opening | {"name": "garden"}, confirm=True).code == "name_taken"
    assert cy.refused(c.History, room=room).code == "not_found"
    assert cy.refused(c.Configure, **opening, confirm=True).code == "not_found"

    done = ann.ask(c.Configure, **opening, confirm=True)

    assert done.room is not None
    assert (done.room.name, done.room.kind, bool(done.room.title)) == ("plans", "open", False)
    assert bo.heard(Moved) == [Moved(room="plans", from_=room)]
    assert (bo.heard(Configured)[-1].kind, bo.heard(Configured)[-1].name) == ("open", "plans")
    assert cy.heard(Moved) == []
    for name in ("plans", room):
        assert "secret" in [event.text for event in cy.history(name) if isinstance(event, Posted)]
    assert len(cy.ask(c.Search, query="secret").hits or ()) == 1
    joined = cy.join(room).room
    assert joined is not None
    assert joined.name == "plans"
    assert cy.says("hello", "plans").seq


def test_rooms_are_not_closed_and_those_between_people_stay_theirs() -> None:
    _, ann, _, _ = town()
    for kind in ("private", "direct"):
        assert ann.refused(c.Configure, room="garden", kind=kind, confirm=True).code == "forbidden"
    direct = ann.ask(c.Direct, names=["Bo"]).room
    assert direct is not None
    ann.join(direct.name)
    for fields in ({"kind": "open", "name": "us"}, {"kind": "private"}, {"name": "us"}):
        assert ann.refused(c.Configure, room=direct.name, **fields, confirm=True).code == "forbidden"
    mine = ann.ask(c.Create, kind="private", title="Mine").room
    assert mine is not None
    ann.join(mine.name)
    assert ann.refused(c.Configure, room=mine.name, name="mine").code == "forbidden"


def test_anyone_who_could_make_no_open_room_opens_none() -> None:
    world = World(rooms=Rooms(create="admins"))
    ann, bo = world.member("Ann"), world.member("Bo")
    assert ann.session is not None
    ann.session.role = "admin"
    room = ann.ask(c.Create, kind="private", title="Plans").room
    assert room is not None
    ann.ask(c.Add, room=room.name, name="Bo")
    ann.ask(c.Promote, room=room.name, name="Bo", role="owner")
    bo.join(room.name)
    opening = {"room": room.name, "kind": "open", "name": "plans", "confirm": True}
    assert bo.refused(c.Configure, **opening).code == "forbidden"
    assert ann.join(room.name).room is not None
    assert ann.ask(c.Configure, **opening).room is not None
