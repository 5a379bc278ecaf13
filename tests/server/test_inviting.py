"""Invitations to a room and to the server, and what comes of them."""

import pytest

from nexus.protocol import commands as c
from nexus.protocol.events import Joined, Member, Posted
from nexus.server.qr import qr_of
from nexus.settings import Accounts, Invites, Pace
from tests.server.private_rooms import private
from tests.server.test_moderation import of_role
from tests.world.node import World


def test_anyone_who_has_the_code_comes_into_the_room_with_all_its_history() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo")
    room = private(ann)
    ann.says("before Bo", room)
    made = ann.ask(c.Invite, room=room, uses=2)
    assert made.url == f"/invite/{made.code}"

    entered = bo.ask(c.Accept, code=made.code).room

    assert entered is not None
    assert (entered.name, entered.title, entered.role) == (room, "Plans", "member")
    bo.join(room, last=9)
    assert bo.texts(room) == ["before Bo"]
    assert (ann.heard(Joined)[-1].by, ann.heard(Joined)[-1].added) == ("Bo", "Ann")
    (told,) = ann.ask(c.Invites, room=room).invites or []
    assert (told.invite, told.by, told.uses, told.room, told.used) == (made.invite, "Ann", 1, room, ["Bo"])
    assert ann.heard(Member)[-1].name == "Bo"


def test_an_account_that_is_made_with_it_is_in_the_room_at_once_also_where_nobody_else_may_register() -> None:
    world = World(accounts=Accounts(register="invited"))
    ann = world.connect("Ann")
    ann.hello()
    ann.ask(c.Register, name="Ann", password="correct horse", invite=world.does(world.node.accounts.invite_admin()))
    code = ann.ask(c.Invite, room=private(ann)).code
    bo = world.connect("Bo")
    rooms = bo.hello(name="Bo", password="correct horse", register=True, invite=code).rooms
    assert [(room.title, room.member) for room in rooms or ()] == [("Plans", True)]
    cy = world.guest("Cy")
    assert cy.refused(c.Register, name="Cy", password="correct horse", invite=code).code == "unauthorised"
    assert cy.refused(c.Register, name="Cy", password="correct horse").code == "forbidden"
    server = ann.ask(c.Invite).code
    cy.ask(c.Register, name="Cy", password="correct horse", invite=server)


def test_who_may_not_add_people_may_not_invite_them_and_a_code_is_as_good_as_its_maker() -> None:
    world = World()
    ann, bo, cy = (world.member(name) for name in ("Ann", "Bo", "Cy"))
    room = private(ann)
    ann.ask(c.Add, room=room, name="Bo")
    assert bo.refused(c.Invite, room=room).code == "forbidden"
    assert cy.refused(c.Invite, room=room).code == "not_found"
    assert cy.refused(c.Invites, room=room).code == "not_found"
    assert bo.refused(c.Invite).code == "forbidden"
    ann.ask(c.Promote, room=room, name="Bo", role="moderator")
    code = bo.ask(c.Invite, room=room).code
    ann.ask(c.Promote, room=room, name="Bo", role="member")
    assert cy.refused(c.Accept, code=code).code == "unauthorised"


def test_a_code_is_taken_back_and_ends_by_itself() -> None:
    world = World()
    ann, bo, cy = (world.member(name) for name in ("Ann", "Bo", "Cy"))
    room = private(ann)
    made, short = ann.ask(c.Invite, room=room), ann.ask(c.Invite, room=room, hours=1)
    assert cy.refused(c.Uninvite, invite=made.invite).code == "not_found"
    ann.ask(c.Uninvite, invite=made.invite)
    assert bo.refused(c.Accept, code=made.code).code == "unauthorised"
    world.clock.advance(3601)
    assert bo.refused(c.Accept, code=short.code).code == "unauthorised"
    assert ann.ask(c.Invites, room=room).invites == []
    assert world.guest("Dot").refused(c.Accept, code=short.code).code == "forbidden"


@pytest.mark.parametrize("asked", [{"uses": 11}, {"hours": 25}])
def test_settings_bound_what_people_may_hand_out(asked: dict[str, int]) -> None:
    world = World(invites=Invites(uses=10, hours=24))
    ann = world.member("Ann")
    room = private(ann)
    assert ann.refused(c.Invite, room=room, **{"hours": 24} | asked).code == "bad_request"
    ann.ask(c.Invite, room=room, uses=10, hours=24)


def test_one_who_uses_a_code_twice_at_once_spends_it_once() -> None:
    world = World()
    ann, bo, cy = (world.member(name) for name in ("Ann", "Bo", "Cy"))
    code = ann.ask(c.Invite, room=private(ann)).code
    world.threads.held = True
    refs = [(person, person.sends(c.Accept, code=code)) for person in (bo, cy, bo)][:2]
    world.threads.held = False
    world.threads.release()
    world.settle()
    codes = [getattr(person.reply(ref), "code", None) for person, ref in refs]
    assert codes.count("unauthorised") == 1


def test_moderators_of_the_server_invite_into_open_rooms() -> None:
    world = World()
    ann, cy = of_role(world, "Ann", "moderator"), world.member("Cy")
    code = ann.ask(c.Invite, room="garden").code
    entered = cy.ask(c.Accept, code=code).room
    assert entered is not None
    assert entered.name == "garden"


def test_an_invitation_gives_a_role_below_its_makers_own() -> None:
    world = World()
    ann, bo, cy = of_role(world, "Ann", "owner"), of_role(world, "Bo", "admin"), world.member("Cy")
    room = private(cy)
    assert bo.refused(c.Invite, role="admin").code == "forbidden"
    assert bo.refused(c.Invite, room="garden", role="admin").code == "bad_request"
    assert cy.refused(c.Invite, room=room, role="admin").code == "bad_request"
    for person, fields, made in (
        (ann, {"role": "owner"}, "owner"),
        (bo, {"role": "moderator"}, "moderator"),
        (cy, {"room": room, "role": "owner"}, "member"),
    ):
        code = person.ask(c.Invite, **fields).code
        dot = world.connect(f"Dot{made}")
        you = dot.hello(name=dot.name, password="correct horse", register=True, invite=code).you
        assert you is not None
        assert you.role == made
        place = {one.name: one.place for one in cy.ask(c.Who, room=room).members or ()}.get(dot.name)
        assert place == ("owner" if "room" in fields else None)
    moderator = world.member("Eve")
    cy.ask(c.Add, room=room, name="Eve")
    cy.ask(c.Promote, room=room, name="Eve", role="moderator")
    assert moderator.refused(c.Invite, room=room, role="moderator").code == "forbidden"
    moderator.ask(c.Invite, room=room)


def test_who_came_by_a_code_is_known_after_it_is_spent_until_it_expires() -> None:
    world = World()
    ann, bo = of_role(world, "Ann", "owner"), world.member("Bo")
    code = ann.ask(c.Invite, room="garden", hours=2).code
    bo.ask(c.Accept, code=code)
    (told,) = ann.ask(c.Invites, room="garden").invites or []
    assert (told.uses, told.used) == (0, ["Bo"])
    world.clock.advance(2 * 3600)
    assert ann.ask(c.Invites, room="garden").invites == []


def test_the_link_comes_as_a_qr_code_where_the_client_says_from_where_it_has_the_page() -> None:
    world = World()
    ann = of_role(world, "Ann", "owner")
    assert ann.ask(c.Invite).qr is None
    made = ann.ask(c.Invite, page="https://chat.example.org/")
    assert made.qr == qr_of(f"https://chat.example.org/invite/{made.code}")
    assert {len(row) for row in made.qr} == {len(made.qr)}
    assert set("".join(made.qr)) == {"0", "1"}


def test_codes_that_are_not_valid_are_paced_by_where_they_come_from() -> None:
    world = World(pace=Pace(logins=0.1, logins_burst=1))
    ann, bo = of_role(world, "Ann", "owner"), world.member("Bo")
    code = ann.ask(c.Invite, room="garden").code
    cy = world.connect("Cy", address="198.51.100.7")
    cy.hello(name="Cy", password="correct horse", register=True)
    refused = [cy.refused(c.Accept, code=f"wrong{number}").code for number in range(21)]
    assert (set(refused[:20]), refused[20]) == ({"unauthorised"}, "too_fast")
    assert cy.refused(c.Accept, code=code).code == "too_fast"
    dot = world.connect("Dot", address="198.51.100.7")
    fields = {"name": "Dot", "password": "correct horse", "register": True, "invite": code}
    assert dot.refused(c.Hello, **fields).code == "too_fast"
    bo.ask(c.Accept, code=code)
    world.clock.advance(10)
    assert cy.refused(c.Accept, code=code).code == "unauthorised"


def test_who_is_taken_out_again_while_the_invitation_is_answered_reads_nothing() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo")
    room = private(ann)
    ann.says("secret", room)
    code = ann.ask(c.Invite, room=room).code
    world.threads.held = True
    removing, accepting = ann.sends(c.Remove, room=room, name="Bo"), bo.sends(c.Accept, code=code)
    world.settle()
    world.threads.release(2)  # Bo is in the room; the removal is written next, before Bo's answer is read
    world.settle()
    world.threads.work(1)
    world.threads.arrive()
    world.settle()
    assert bo.session is not None
    assert bo.session.member_of == {}
    world.threads.held = False
    world.threads.release()
    world.settle()

    assert ann.reply(removing).ref == removing
    assert getattr(bo.reply(accepting), "code", "") == "not_found"
    assert bo.refused(c.History, room=room).code == "not_found"
    assert bo.heard(Posted) == []
