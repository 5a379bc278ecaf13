"""What moderators of the server do to people, and how it is taken back."""

import pytest
from msgspec.structs import replace

from nexus.protocol import commands as c
from nexus.protocol.events import Goodbye, Notice
from nexus.protocol.types import ActInfo
from nexus.settings import Moderation
from tests.world.node import World
from tests.world.people import Person

HERE, THERE = "192.0.2.1", "198.51.100.7"


def of_role(world: World, name: str, role: str) -> Person:
    """Someone of a role on the server."""
    person = world.member(name, "garden")
    assert person.session is not None
    account = person.session.account
    assert account is not None
    becomes(world, account, role)
    person.session.role = role
    return person


def becomes(world: World, account: int, role: str) -> None:
    """An account has another role, though nobody was told."""
    world.durable.accounts[account] = replace(world.durable.accounts[account], role=role)


def acts(person: Person) -> list[ActInfo]:
    """What was done, the newest first."""
    return person.ask(c.Acts).acts or []


def test_who_is_muted_says_nothing_in_any_way_until_it_is_over() -> None:
    world = World()
    ann, bo = of_role(world, "Ann", "moderator"), world.member("Bo", "garden", "kitchen")
    seq = bo.says("hello").seq or 0
    bo.says("hello", "kitchen")

    act = ann.ask(c.Mute, name="bo", minutes=10, reason="Calm down.").act

    assert act == 1
    assert [one.text for one in bo.heard(Notice)] == ["A moderator muted you for 10 minutes (Calm down.)."]
    for room in ("garden", "kitchen"):
        refused = bo.refused(c.Post, room=room, text="but")
        assert (refused.code, "10 minutes" in refused.message) == ("forbidden", True)
    for command, fields in ((c.Edit, {"text": "x"}), (c.React, {"emoji": "👍"}), (c.Pin, {})):
        assert bo.refused(command, room="garden", seq=seq, **fields).code == "forbidden"
    assert bo.refused(c.Typing, room="garden").code == "forbidden"
    bo.ask(c.Delete, room="garden", seq=seq)
    world.clock.advance(601)
    bo.says("sorry")


def test_a_mute_holds_over_a_restart_and_another_device_and_for_who_is_away() -> None:
    world = World()
    ann, bo = of_role(world, "Ann", "moderator"), world.member("Bo", "garden")
    bo.drops()
    world.clock.advance(world.settings.session.grace + 1)
    ann.ask(c.Mute, name="Bo")
    world.crash()
    again = world.connect("Bo")
    again.hello(name="Bo", password="correct horse")
    again.join("garden")
    assert "muted you" in again.refused(c.Post, room="garden", text="hello").message


def test_a_guest_is_muted_by_a_message_of_theirs_even_if_another_has_their_name_by_now() -> None:
    world = World()
    ann, cy = of_role(world, "Ann", "moderator"), world.guest("Cy", "garden")
    seq = cy.says("noise").seq
    cy.ask(c.Rename, name="Dot")
    other = world.guest("Cy", "garden")
    ann.ask(c.Mute, room="garden", seq=seq)
    assert cy.refused(c.Post, room="garden", text="more noise").code == "forbidden"
    other.says("hello")


def test_who_is_banned_is_out_at_once_and_does_not_come_back_in() -> None:
    world = World()
    ann, bo = of_role(world, "Ann", "moderator"), world.member("Bo", "garden")
    token = bo.ask(c.Password, old="correct horse", new="horse battery").token
    secret = bo.secret

    ann.ask(c.Ban, name="Bo", hours=24, reason="Spam.")

    assert [goodbye.code for goodbye in bo.heard(Goodbye)] == ["banned"]
    assert bo.closed
    again = world.connect("Bo")
    assert again.refused(c.Hello, token=token).code == "unauthorised"
    assert again.refused(c.Hello, session=secret).code == "unauthorised"
    assert again.refused(c.Hello, name="Bo", password="horse battery").code == "forbidden"
    world.clock.advance(86_401)
    again.hello(name="Bo", password="horse battery")


def test_who_said_something_and_left_is_kept_out_by_where_they_came_from() -> None:
    world = World()
    ann, cy = of_role(world, "Ann", "moderator"), world.connect("Cy", address=THERE)
    cy.hello()
    cy.join()
    seq = cy.says("buy").seq
    cy.ask(c.Logout)
    world.crash()
    again = world.connect("Ann")
    again.hello(name="Ann", password="correct horse")
    again.ask(c.Ban, room="garden", seq=seq, address=True, confirm=True)

    assert world.connect("Dee", address=THERE).refused(c.Hello, name="Dee").code == "forbidden"
    world.connect("Eve", address=HERE).hello()
    assert ann.name == "Ann"


def test_where_guests_came_from_is_forgotten_after_some_days() -> None:
    world = World(moderation=Moderation(sources=2))
    ann, cy = of_role(world, "Ann", "moderator"), world.connect("Cy", address=THERE)
    cy.hello()
    cy.join()
    seq = cy.says("buy").seq
    cy.ask(c.Logout)
    world.clock.advance(3 * 86_400)

    assert ann.refused(c.Ban, room="garden", seq=seq, address=True, confirm=True).code == "not_found"
    assert THERE not in str(world.durable.origins)


def test_a_ban_with_the_address_says_first_whom_it_hits_and_then_lets_no_guest_in_from_there() -> None:
    world = World()
    ann = of_role(world, "Ann", "moderator")
    bad, beside = (world.connect(name, address=THERE) for name in ("Cy", "Dot"))
    for one in (bad, beside):
        one.hello()
        one.join("garden")
    bo = world.connect("Bo", address=THERE)
    bo.hello()
    bo.ask(c.Register, name="Bo", password="correct horse")

    looked = ann.ask(c.Ban, name="Cy", address=True)
    assert (looked.act, looked.others, bad.closed) == (None, 1, False)
    ann.ask(c.Ban, name="Cy", address=True, confirm=True)

    assert (bad.closed, beside.closed, bo.closed) == (True, True, False)
    for name in ("Cy", "Fay"):
        assert world.connect(name, address=THERE).refused(c.Hello, name=name).code == "forbidden"
    assert world.connect("Fay", address=THERE).refused(c.Hello, name="Fay", password="x" * 9, register=True).code == (
        "forbidden"
    )
    world.connect("Fay", address=HERE).hello()
    world.crash()
    ann = login(world, "Ann")
    assert world.connect("Cy", address=THERE).refused(c.Hello, name="Cy").code == "forbidden"
    (ban,) = ann.ask(c.Bans).bans or []
    assert (ban.name, ban.by, ban.address, THERE in str(ban)) == ("Cy", "Ann", True, False)
    ann.ask(c.Unban, ban=ban.ban)
    world.connect("Cy", address=THERE).hello()


def login(world: World, name: str) -> Person:
    """Someone who comes back with their password."""
    person = world.connect(name)
    person.hello(name=name, password="correct horse")
    return person


def test_nobody_reaches_those_beside_or_above_themselves() -> None:
    world = World()
    people = {role: of_role(world, f"Of{role}", role) for role in ("member", "moderator", "admin", "owner")}
    ranks = list(people)
    for mine, person in people.items():
        for theirs, other in people.items():
            may = ranks.index(mine) > 0 and ranks.index(mine) > ranks.index(theirs)
            reply = person.reply(person.sends(c.Mute, name=other.name, minutes=1))
            assert (getattr(reply, "code", "") != "forbidden") is may, (mine, theirs)
    guest = world.guest("Cy")
    for command, fields in (
        (c.Mute, {"name": "Ofmember"}),
        (c.Ban, {"name": "Ofmember"}),
        (c.Bans, {}),
        (c.Acts, {}),
        (c.Undo, {"act": 1}),
        (c.Unban, {"ban": 1}),
    ):
        assert guest.refused(command, **fields).code == "forbidden"


def test_roles_are_given_below_ones_own_and_an_owner_steps_down_alone() -> None:
    world = World()
    people = {role: of_role(world, f"Of{role}", role) for role in ("member", "moderator", "admin", "owner")}
    admin, owner, member = people["admin"], people["owner"], people["member"]
    assert member.refused(c.Promote, name="Ofmember", role="admin").code == "forbidden"
    assert people["moderator"].refused(c.Promote, name="Ofmember", role="moderator").code == "forbidden"
    assert admin.refused(c.Promote, name="Ofmember", role="admin").code == "forbidden"
    assert admin.refused(c.Promote, name="Ofowner", role="member").code == "forbidden"
    admin.ask(c.Promote, name="Ofmember", role="moderator")
    assert member.session is not None
    assert member.session.role == "moderator"
    owner.ask(c.Promote, name="Ofadmin", role="owner")
    assert owner.refused(c.Promote, name="Ofadmin", role="member").code == "forbidden"
    admin.ask(c.Promote, name="Ofadmin", role="member")
    assert admin.session is not None
    assert admin.session.role == "member"


def test_every_act_is_listed_and_taken_back_wholly() -> None:
    world = World()
    ann, bo = of_role(world, "Ann", "admin"), world.member("Bo", "garden")
    muted = ann.ask(c.Mute, name="Bo", reason="Loud.").act or 0
    ann.ask(c.Undo, act=muted)
    assert bo.heard(Notice)[-1].text == "You may talk again."
    bo.says("back again")
    promoted = ann.ask(c.Promote, name="Bo", role="moderator") and acts(ann)[0].act
    ann.ask(c.Undo, act=promoted)
    assert bo.session is not None
    assert bo.session.role == "member"
    banned = ann.ask(c.Ban, name="Bo").act or 0
    ann.ask(c.Undo, act=banned)
    login(world, "Bo").join("garden")

    told = [(act.verb, act.name, act.by, act.undone, act.undoes) for act in reversed(acts(ann))]
    assert told == [
        ("mute", "Bo", "Ann", True, 0),
        ("unmute", "Bo", "Ann", False, muted),
        ("role", "Bo", "Ann", True, 0),
        ("role", "Bo", "Ann", False, promoted),
        ("ban", "Bo", "Ann", True, 0),
        ("unban", "Bo", "Ann", False, banned),
    ]
    assert ann.refused(c.Undo, act=muted).code == "forbidden"


def test_an_act_is_not_taken_back_where_something_changed_since_or_too_late() -> None:
    world = World()
    ann, bo = of_role(world, "Ann", "admin"), world.member("Bo", "garden")
    first = ann.ask(c.Mute, name="Bo", minutes=1).act or 0
    second = ann.ask(c.Mute, name="Bo").act or 0
    assert "changed since" in ann.refused(c.Undo, act=first).message
    world.clock.advance(72 * 3600 + 1)
    assert "too long ago" in ann.refused(c.Undo, act=second).message
    ann.ask(c.Unmute, name="Bo")
    bo.says("at last")
    assert ann.refused(c.Undo, act=99).code == "not_found"
    assert ann.refused(c.Unmute, name="Bo").code == "not_found"


def test_a_right_that_is_lost_while_it_waits_is_no_right() -> None:
    world = World()
    ann, bo = of_role(world, "Ann", "moderator"), world.member("Bo", "garden")
    world.threads.held = True
    ref = ann.sends(c.Ban, name="Bo")
    world.settle()
    account = ann.session.account if ann.session else None
    assert account is not None
    becomes(world, account, "member")
    world.threads.held = False
    world.threads.release()
    world.settle()
    assert getattr(ann.reply(ref), "code", "") == "forbidden"
    assert not bo.closed


@pytest.mark.parametrize("command", [c.Mute, c.Ban])
def test_a_reason_has_an_end_and_somebody_has_to_be_meant(command: type[c.Command]) -> None:
    world = World()
    ann, _ = of_role(world, "Ann", "moderator"), world.member("Bo")
    assert ann.refused(command, name="Bo", reason="x" * 501).code == "too_large"
    assert ann.refused(command).code == "bad_request"
    assert ann.refused(command, name="Nobody").code == "not_found"
    assert ann.refused(command, person="a999").code == "not_found"
    assert ann.refused(command, person="a999", name="Bo").message == "There is nobody 'a999'."  # the id decides
    assert ann.refused(command, room="garden", seq=3).code == "not_found"
