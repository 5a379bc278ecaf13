"""Passwords, invitations, logins, names that are kept: what somebody with an account may rely on."""

import pytest

from nexus.core.changes import AddInvite, AddReset
from nexus.core.inviting import digest
from nexus.protocol import commands as c
from nexus.protocol.events import Goodbye
from nexus.protocol.replies import Done, Refused
from nexus.settings import Accounts, Names, Pace, Rooms
from tests.world.node import World
from tests.world.people import Person

PASSWORD = "correct horse"
NEW = "battery staple"


def again(world: World, **fields: object) -> Person:
    """Bo says hello on another device."""
    person = world.connect("Bo")
    person.hello(name="Bo", **fields)
    return person


# --- changing the password -------------------------------------------------------------------------


def test_another_password_ends_every_other_login_and_session() -> None:
    world = World()
    bo = world.member("Bo", "garden")
    phone = again(world, password=PASSWORD)
    old = phone.ask(c.Logins).logins

    done = bo.ask(c.Password, old=PASSWORD, new=NEW)

    assert [goodbye.code for goodbye in phone.heard(Goodbye)] == ["revoked"]
    assert not bo.closed
    bo.says("still here")
    assert old is not None
    assert len(old) == 2
    assert len(bo.ask(c.Logins).logins or ()) == 1
    assert world.connect("Bo").refused(c.Hello, name="Bo", password=PASSWORD).code == "unauthorised"
    tablet = world.connect("Bo")
    tablet.hello(token=done.token)
    assert tablet.session is not None


def test_a_token_from_before_the_password_was_changed_is_worth_nothing() -> None:
    world = World()
    bo = world.connect("Bo")
    bo.hello()
    token = bo.ask(c.Register, name="Bo", password=PASSWORD).token
    bo.ask(c.Password, old=PASSWORD, new=NEW)

    assert world.connect("Bo").refused(c.Hello, token=token).code == "unauthorised"


def test_a_session_that_waits_is_over_when_the_password_was_changed() -> None:
    world = World()
    bo = world.member("Bo")
    phone = again(world, password=PASSWORD)
    phone.drops()
    bo.ask(c.Password, old=PASSWORD, new=NEW)

    assert world.connect("Bo").refused(c.Hello, session=phone.secret).code == "unauthorised"


def test_after_a_restart_the_session_that_changed_the_password_goes_on() -> None:
    world = World()
    bo = world.member("Bo")
    bo.ask(c.Password, old=PASSWORD, new=NEW)
    world.crash()

    back = world.connect("Bo")
    back.hello(session=bo.secret)
    assert back.ask(c.Logins).logins


def test_who_does_not_know_the_password_changes_nothing_and_is_slowed_down() -> None:
    world = World(pace=Pace(logins=0.1, logins_burst=3))
    bo = world.member("Bo")

    codes = [bo.refused(c.Password, old=f"guess {n}", new=NEW).code for n in range(5)]

    assert codes == ["unauthorised"] * 3 + ["too_fast"] * 2
    world.clock.advance(60)
    again(world, password=PASSWORD)


def test_guests_have_no_password() -> None:
    world = World()

    assert world.guest("Cy").refused(c.Password, old="x", new=NEW).code == "forbidden"


@pytest.mark.parametrize("password", ["password", "PassWord", "12345678", "trustno1", "Bobobobo"])
def test_a_password_that_is_guessed_first_is_refused(password: str) -> None:
    world = World()
    cy = world.guest("Cy")

    refused = cy.refused(c.Register, name="Bobobobo", password=password)

    assert refused.code == "bad_request"
    assert "password" in refused.message


# --- a forgotten password --------------------------------------------------------------------------


def reset(world: World, hours: float = 24) -> str:
    """The code of a link that the operator made for Bo."""
    account = world.store.account("bo")
    assert account is not None
    expires = world.clock.wall() + int(hours * 3_600_000)
    world.store.commit([], [AddReset(account.id, digest("code"), expires)])
    return "code"


def test_a_code_takes_the_place_of_a_forgotten_password() -> None:
    world = World()
    bo = world.member("Bo")
    code = reset(world)

    back = world.connect("Bo")
    done = back.ask(c.Hello, reset=code, password=NEW)

    assert done.you is not None
    assert done.you.name == "Bo"
    assert done.token is not None
    assert [goodbye.code for goodbye in bo.heard(Goodbye)] == ["revoked"]
    again(world, password=NEW)


def test_a_code_is_worth_something_once_and_for_a_while() -> None:
    world = World()
    world.member("Bo")
    world.connect("Bo").ask(c.Hello, reset=reset(world), password=NEW)

    assert world.connect("x").refused(c.Hello, reset="code", password=NEW).code == "unauthorised"
    reset(world, hours=1)
    world.clock.advance(3601)
    assert world.connect("x").refused(c.Hello, reset="code", password=NEW).code == "unauthorised"


def test_a_code_is_not_spent_on_a_password_that_is_too_short() -> None:
    world = World()
    world.member("Bo")
    code = reset(world)

    assert world.connect("x").refused(c.Hello, reset=code, password="short").code == "bad_request"
    world.connect("x").ask(c.Hello, reset=code, password=NEW)


# --- logins ----------------------------------------------------------------------------------------


def test_a_login_that_nobody_used_for_long_has_ended() -> None:
    world = World(accounts=Accounts(login_days=30))
    bo = world.connect("Bo")
    bo.hello()
    token = bo.ask(c.Register, name="Bo", password=PASSWORD).token
    bo.drops()
    world.clock.leap(29)
    world.connect("Bo").hello(token=token)  # that was a use
    world.clock.leap(29)
    world.connect("Bo").hello(token=token)
    world.clock.leap(31)

    assert world.connect("Bo").refused(c.Hello, token=token).code == "unauthorised"


def test_beyond_so_many_logins_the_one_unused_for_the_longest_ends() -> None:
    world = World(accounts=Accounts(logins=2))
    world.clock.advance(1)
    first = world.member("Bo")
    for _ in range(2):
        world.clock.advance(1)
        again(world, password=PASSWORD)

    assert [goodbye.code for goodbye in first.heard(Goodbye)] == ["revoked"]


def test_one_signs_out_everywhere_at_once() -> None:
    world = World()
    bo = world.member("Bo")
    phone = again(world, password=PASSWORD)

    bo.ask(c.Logout, everywhere=True)
    world.settle()

    assert [goodbye.code for goodbye in phone.heard(Goodbye)] == ["ended"]
    assert bo.closed
    assert world.store.logins(1) == []


# --- who may come in -------------------------------------------------------------------------------


def test_an_account_is_made_with_the_first_hello() -> None:
    world = World()
    bo = world.connect("Bo")

    done = bo.ask(c.Hello, name="Bo", password=PASSWORD, register=True)

    assert done.you is not None
    assert not done.you.guest
    assert done.token is not None


def test_guests_may_be_kept_out() -> None:
    world = World(guests="none")

    refused = world.connect("Cy").refused(c.Hello, name="Cy")

    assert refused.code == "forbidden"
    world.connect("Bo").ask(c.Hello, name="Bo", password=PASSWORD, register=True)


def test_a_guest_of_before_is_kept_out_after_the_setting_changed() -> None:
    world = World()
    cy = world.guest("Cy")
    world.settings = type(world.settings)(guests="none", pace=world.settings.pace)
    world.crash()

    assert world.connect("Cy").refused(c.Hello, session=cy.secret, name="Cy").code == "forbidden"


def test_guests_who_may_only_read_change_nothing() -> None:
    world = World(guests="read")
    world.member("Ann", "garden").says("hello")
    cy = world.guest("Cy", "garden")

    refused = [
        cy.refused(c.Post, room="garden", text="hi"),
        cy.refused(c.React, room="garden", seq=1, emoji="👍"),
        cy.refused(c.Typing, room="garden"),
        cy.refused(c.Create, room="shed"),
        cy.refused(c.Join, room="shed"),
        cy.refused(c.Configure, room="garden", topic="mine"),
    ]

    assert {one.code for one in refused} <= {"forbidden", "not_found"}
    assert cy.texts() == ["hello"]
    assert world.store.room("shed", "shed") is None
    cy.ask(c.Register, name="Cy", password=PASSWORD)
    cy.ask(c.Post, room="garden", text="hi")


@pytest.mark.parametrize(("guests", "create"), [("read", "everyone"), ("talk", "members"), ("talk", "admins")])
def test_anyone_who_comes_first_finds_the_first_room(guests: str, create: str) -> None:
    world = World(guests=guests, rooms=Rooms(create=create))  # type: ignore[arg-type]  # one of the literals

    world.guest("Cy", "lobby")


def test_where_nobody_registers_no_account_is_made_and_no_invitation_helps() -> None:
    world = World(accounts=Accounts(register="nobody"))

    assert world.guest("Bo").refused(c.Register, name="Bo", password=PASSWORD).code == "forbidden"


def test_an_invitation_makes_as_many_accounts_as_it_may_at_once() -> None:
    world = World(accounts=Accounts(register="invited"))
    world.store.commit([], [AddInvite(digest("code"), "member", 2, world.clock.wall())])
    people = [world.connect(name) for name in ("Ann", "Bo", "Cy")]

    refs = [one.sends(c.Hello, name=one.name, password=PASSWORD, invite="code") for one in people]
    world.settle()
    replies = [one.reply(ref) for one, ref in zip(people, refs, strict=True)]

    assert sorted(isinstance(reply, Done) for reply in replies) == [False, True, True]
    assert [reply.code for reply in replies if isinstance(reply, Refused)] == ["unauthorised"]


# --- names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["admin", "Admin", "MODERATOR", "supp0rt", "\u0430dmin"])
def test_a_name_of_those_who_run_the_server_is_nobody_elses(name: str) -> None:
    world = World()

    assert world.connect("x").refused(c.Hello, name=name).code == "name_invalid"
    assert world.guest("Cy").refused(c.Rename, name=name).code == "name_invalid"
    assert world.guest("Dot").refused(c.Register, name=name, password=PASSWORD).code == "name_invalid"


def test_an_administrator_may_be_called_so() -> None:
    world = World()
    invite = world.does(world.node.accounts.invite_admin())

    you = world.guest("Ann").ask(c.Register, name="Admin", password=PASSWORD, invite=invite).you

    assert you is not None
    assert (you.name, you.role) == ("Admin", "admin")


def test_a_name_that_an_account_gave_up_is_nobody_elses_for_a_while() -> None:
    world = World(names=Names(hold=30))
    bo = world.member("Bo")
    bo.ask(c.Rename, name="Robert")

    assert world.connect("x").refused(c.Hello, name="Bo").code == "name_taken"
    bo.ask(c.Rename, name="Bo")
    bo.ask(c.Rename, name="Robert")
    world.clock.leap(30)
    world.guest("Bo")
