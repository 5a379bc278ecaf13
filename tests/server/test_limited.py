"""Limited accounts: they find the rooms that they were brought into and the people in them, and nothing else."""

from typing import Any

import pytest

from nexus.protocol import commands as c
from nexus.protocol.codec import encode
from nexus.protocol.events import Member, Notice, Yourself
from nexus.protocol.types import Position
from tests.server.private_rooms import private
from tests.server.test_moderation import acts, of_role
from tests.server.test_private import PROBES, login
from tests.world.node import World
from tests.world.people import Person

PASSWORD = "correct horse"


def limited(world: World, owner: Person, name: str = "Cy", room: str = "garden") -> Person:
    """Someone who made an account by an invitation of an owner that limits it to a room."""
    code = owner.ask(c.Invite, room=room, limited=True).code
    person = world.connect(name)
    person.hello(name=name, password=PASSWORD, register=True, invite=code)
    person.join(room)
    return person


def test_who_comes_by_a_limited_invitation_is_told_so_and_is_in_the_room_and_in_no_other() -> None:
    world = World()
    ann = of_role(world, "Ann", "owner")
    ann.join("kitchen")
    made = ann.ask(c.Invite, room="garden", limited=True)
    cy = world.connect("Cy")

    done = cy.hello(name="Cy", password=PASSWORD, register=True, invite=made.code)

    assert done.you is not None
    assert (done.you.limited, done.you.role) == (True, "member")
    assert [(room.name, room.member) for room in done.rooms or ()] == [("garden", True)]
    assert [room.name for room in cy.ask(c.Rooms).rooms or ()] == ["garden"]
    (told,) = ann.ask(c.Invites, room="garden").invites or []
    assert (told.limited, told.uses, told.used) == (True, 0, ["Cy"])
    ann.ask(c.Add, room="kitchen", name="Cy")
    cy.join("kitchen")
    assert {room.name for room in cy.ask(c.Rooms).rooms or ()} == {"garden", "kitchen"}
    again = login(world, "Cy").ask(c.Rooms).rooms or ()
    assert {room.name for room in again} == {"garden", "kitchen"}


def test_a_limited_invitation_is_for_a_room() -> None:
    world = World()
    assert of_role(world, "Ann", "owner").refused(c.Invite, limited=True).code == "bad_request"


def test_a_guest_who_becomes_a_limited_account_leaves_the_rooms_that_are_not_its() -> None:
    world = World()
    ann = of_role(world, "Ann", "owner")
    ann.join("kitchen")
    code = ann.ask(c.Invite, room="garden", limited=True).code
    cy = world.guest("Cy", "garden", "kitchen")

    cy.ask(c.Register, name="Cy", password=PASSWORD, invite=code)

    assert [one.room for one in cy.heard(Member) if not one.member] == ["kitchen"]
    ann.says("not for Cy", "kitchen")
    assert "not for Cy" not in cy.texts("kitchen")
    assert cy.refused(c.History, room="kitchen").code == "not_found"
    ann.says("for Cy")
    assert cy.texts()[-1] == "for Cy"


def test_it_makes_neither_rooms_nor_invitations_not_even_where_it_moderates() -> None:
    world = World()
    ann = of_role(world, "Ann", "owner")
    cy = limited(world, ann)
    ann.ask(c.Promote, room="garden", name="Cy", role="moderator")
    for command, fields in (
        (c.Create, {"room": "attic"}),
        (c.Create, {"kind": "private", "title": "Plans"}),
        (c.Invite, {"room": "garden"}),
        (c.Invite, {}),
    ):
        assert cy.refused(command, **fields).code == "forbidden"
    assert cy.refused(c.Join, room="lobby").code == "not_found"
    assert cy.refused(c.Join, room="attic").code == "not_found"
    assert world.durable.rooms_by_key.keys() == {"garden"}


def test_it_talks_with_the_people_in_its_rooms_and_with_anyone_who_writes_to_it() -> None:
    world = World()
    ann, bo, dee = of_role(world, "Ann", "owner"), world.member("Bo", "garden"), world.member("Dee", "kitchen")
    cy = limited(world, ann)
    with_bo = cy.ask(c.Direct, names=["Bo"]).room
    assert with_bo is not None
    cy.join(with_bo.name)
    cy.says("hello Bo", with_bo.name)
    assert cy.ask(c.Direct, names=[]).room is not None
    assert cy.refused(c.Direct, names=["Dee"]).message == "Dee cannot be reached."
    made = dee.ask(c.Direct, names=["Cy"]).room
    assert made is not None
    assert cy.refused(c.Direct, names=["Dee"]).message == "Dee cannot be reached."
    dee.join(made.name)
    dee.says("hello Cy", made.name)
    assert cy.heard(Member)[-1] == Member(room=made.name, member=True)
    assert cy.ask(c.Direct, names=["Dee"]).room is not None
    bo.ask(c.Leave, room="garden")
    assert cy.ask(c.Direct, names=["Bo"]).room is not None, "they talked, so they know each other"


def test_an_administrator_lifts_it_and_sets_it_and_takes_either_back() -> None:
    world = World()
    ann, bo = of_role(world, "Ann", "admin"), of_role(world, "Bo", "moderator")
    ann.join("kitchen")
    cy = limited(world, ann)
    assert bo.refused(c.Unlimit, name="Cy").code == "forbidden"
    assert cy.refused(c.Unlimit, name="Cy").code == "forbidden"

    ann.ask(c.Unlimit, name="Cy")

    assert cy.heard(Yourself) == [Yourself(role="member")]
    assert [one.text for one in cy.heard(Notice)] == ["From now on you find all open rooms."]
    cy.join("kitchen")
    act = ann.ask(c.Limit, name="Cy", reason="As agreed.").act
    assert cy.heard(Yourself)[-1] == Yourself(role="member", limited=True)
    assert {room.name for room in cy.ask(c.Rooms).rooms or ()} == {"garden", "kitchen"}, "those it belongs to stay"
    cy.ask(c.Leave, room="kitchen")
    assert cy.refused(c.Join, room="kitchen").code == "not_found"
    ann.ask(c.Undo, act=act)
    cy.join("kitchen")
    assert [(one.verb, one.name) for one in reversed(acts(ann))] == [
        ("unlimit", "Cy"),
        ("limit", "Cy"),
        ("unlimit", "Cy"),
    ]


def test_roles_and_limits_exclude_each_other() -> None:
    world = World()
    ann, bo = of_role(world, "Ann", "owner"), of_role(world, "Bo", "moderator")
    cy = limited(world, ann)
    assert ann.refused(c.Promote, name="Cy", role="admin").code == "forbidden"
    assert ann.refused(c.Limit, name="Bo").code == "forbidden"
    assert ann.refused(c.Limit, name=world.guest("Dot").name).code == "not_found"
    assert (cy.session and cy.session.role, bo.session and bo.session.limited) == ("member", False)


def test_what_was_on_its_way_when_it_was_limited_enters_nothing() -> None:
    world = World()
    ann, cy = of_role(world, "Ann", "owner"), world.member("Cy", "garden")
    ann.join("kitchen")
    world.threads.held = True
    limiting = ann.sends(c.Limit, name="Cy")
    world.settle()
    world.threads.release()  # whom it is about was read; the change is written now
    world.settle()
    joining = cy.sends(c.Join, room="kitchen")
    making = cy.sends(c.Create, room="attic")
    world.threads.held = False
    world.threads.release()
    world.settle()

    assert ann.reply(limiting).ref == limiting
    assert getattr(cy.reply(joining), "code", "") == "not_found"
    assert getattr(cy.reply(making), "code", "") == "forbidden"


# --- for it, nothing else exists ------------------------------------------------------------------

ALIKE = "kitchеn"
"""The name of the kitchen with a letter of another script, which everyone else is told of."""

OF_PEOPLE: list[tuple[type[c.Command], dict[str, Any]]] = [
    (c.Direct, {"names": ["Zed"]}),
    (c.Direct, {"names": ["Ann", "Zed"]}),
    (c.Add, {"room": "garden", "name": "Zed"}),
    (c.Add, {"room": "garden", "person": "a4"}),
    (c.Remove, {"room": "garden", "name": "Zed"}),
    (c.Remove, {"room": "garden", "person": "a4"}),
    (c.Promote, {"room": "garden", "name": "Zed", "role": "member"}),
    (c.Promote, {"name": "Zed", "role": "member"}),
    (c.Limit, {"name": "Zed"}),
    (c.Mute, {"name": "Zed"}),
    (c.Post, {"room": "garden", "text": "Where is @Zed, and @ann?"}),
    (c.Search, {"query": "from:Zed"}),
    (c.Search, {"query": "secret"}),
    (c.Search, {"query": "secret in:kitchen"}),
    (c.Search, {"query": "after:2000-01-01", "limit": 50}),
    (c.Who, {"room": "garden"}),
    (c.Rooms, {}),
    (c.Invites, {"room": "garden"}),
    (c.Acts, {}),
]


@pytest.mark.parametrize("place", ["member", "moderator"])
def test_every_answer_is_the_one_of_a_world_without_the_rest(place: str) -> None:
    alone = answers(place, there=False)
    assert answers(place, there=True) == alone
    assert any("not_found" in answer for answer in alone)
    assert any('"mentions":["Ann"]' in answer for answer in alone)


def answers(place: str, *, there: bool) -> list[str]:
    """What a limited account is told that asks for everything, in a world with other rooms and people or without."""
    world = World()
    ann = of_role(world, "Ann", "owner")
    world.member("Bo", "garden")
    cy = limited(world, ann)
    ann.ask(c.Promote, room="garden", name="Cy", role=place)
    ann.says("@Cy, the roses are for you")
    cy.forgets()
    if there:
        lives_on(world, ann)
    world.clock.advance(5)
    said = [cy.reply(cy.sends(command, **fields)) for command, fields in OF_PEOPLE]
    for room in ("kitchen", ALIKE, "lobby"):
        said += [cy.reply(cy.sends(command, **{"room": room} | fields)) for command, fields in PROBES]
        said.append(cy.reply(cy.sends(c.Report, room=room, seq=3, reason="Rude.")))
    again = world.connect("Cy")
    rooms = again.hello(name="Cy", password=PASSWORD, resume={"kitchen": Position(1), "garden": Position(1)}).rooms
    said += [cy.reply(cy.sends(c.Leave, room="garden")), cy.reply(cy.sends(c.Join, room="garden"))]
    told = [encode(one).decode() for one in [*said, *cy.frames, *again.heard(Notice), *(rooms or ())]]
    assert said[-1].ref == cy.ref
    return told


def lives_on(world: World, ann: Person) -> None:
    """All that is none of Cy's business."""
    zed, eve = world.member("Zed", "kitchen"), world.guest("Eve", "kitchen")
    for number in range(5):
        zed.says(f"secret {number} @Cy @here", "kitchen")
    ann.join("kitchen")
    zed.ask(c.Pin, room="kitchen", seq=3)
    eve.says("a reply", "kitchen", reply_to=3)
    plans = private(ann, "Secret plans")
    ann.ask(c.Add, room=plans, name="Zed")
    ann.says("secret @Cy", plans)
    zed.ask(c.Direct, names=["Ann"])
    zed.ask(c.Direct, names=["Cy"])
    zed.ask(c.Rename, name="Zora")
    zed.ask(c.Rename, name="Zed")
    world.guest("Fay", "lobby").says("secret", "lobby")
