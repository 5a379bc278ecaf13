"""A reply that says one has an account now may be lost: who asks again, and knows the password, is told the same."""

import pytest

from nexus.protocol import commands as c
from nexus.protocol.replies import Done, Refused
from nexus.settings import Accounts, Pace
from tests.world.node import World
from tests.world.people import Person

PASSWORD = "correct horse"


def signs_up(world: World, name: str = "Ann", password: str = PASSWORD, **fields: str) -> Done | Refused:
    """A first hello that makes an account."""
    person = world.connect(name)
    return person.reply(person.sends(c.Hello, name=name, password=password, register=True, **fields))


def code(reply: Done | Refused) -> str:
    return reply.code if isinstance(reply, Refused) else "done"


def accounts(world: World) -> list[str]:
    return [account.name for account in world.durable.accounts.values()]


def test_a_first_hello_that_made_an_account_may_be_said_again() -> None:
    world = World()
    assert code(signs_up(world)) == "done"
    again = signs_up(world)
    assert isinstance(again, Done)
    assert (again.you.name, again.you.guest) == ("Ann", False)  # type: ignore[union-attr]
    assert world.connect("Ann").hello(token=again.token).you == again.you
    assert accounts(world) == ["Ann"]


def test_two_hellos_on_their_way_at_once_make_one_account() -> None:
    world = World()
    people = [world.connect("Ann") for _ in range(2)]
    refs = [one.sends(c.Hello, name="Ann", password=PASSWORD, register=True) for one in people]
    assert [code(one.reply(ref)) for one, ref in zip(people, refs, strict=True)] == ["done", "done"]
    assert accounts(world) == ["Ann"]


def test_an_invitation_that_was_spent_on_it_is_not_needed_again() -> None:
    world = World(accounts=Accounts(register="invited"))
    invite = world.does(world.node.accounts.invite_admin())
    assert [code(signs_up(world, invite=invite)) for _ in range(2)] == ["done", "done"]
    assert code(signs_up(world, "Bo", invite=invite)) == "unauthorised"
    assert code(signs_up(world)) == "forbidden"  # who needs an invitation and brings none learns nothing of names


def test_for_all_others_the_name_is_taken() -> None:
    world = World()
    signs_up(world)
    wrong = signs_up(world, password="not the same")
    assert isinstance(wrong, Refused)
    assert (wrong.code, "'Ann2' is free" in wrong.message) == ("name_taken", True)
    assert code(signs_up(world, "Аnn")) == "name_taken"  # it only looks like hers
    world.guest("Bo")
    assert code(signs_up(world, "Bo")) == "name_taken"


def test_passwords_cannot_be_guessed_by_registering() -> None:
    world = World(pace=Pace(posts=0, commands=0, address=0, logins=0.01, logins_burst=3))
    signs_up(world)
    for number in range(5):
        assert code(signs_up(world, password=f"a wild guess {number}")) == "name_taken"
    assert code(signs_up(world)) == "name_taken", "nobody looks at a password any more"
    assert world.connect("Ann").refused(c.Hello, name="Ann", password=PASSWORD).code == "too_fast"
    assert world.node.counters.failed_logins == 3
    world.clock.advance(200)
    assert code(signs_up(world)) == "done"


def guest(world: World) -> Person:
    ann = world.guest("Ann", "garden")
    ann.says("hello")
    return ann


@pytest.mark.parametrize("kind", [c.Register, c.Login])
def test_a_guest_whose_reply_was_lost_asks_again(kind: type[c.Register | c.Login]) -> None:
    world = World()
    ann = guest(world)
    if kind is c.Login:
        signs_up(world, "Anne")
    name = "Anne" if kind is c.Login else "Ann"
    ann.sends(kind, name=name, password=PASSWORD)
    world.settle()
    ann.drops()
    again = world.connect("Ann")
    again.hello(session=ann.secret, resume={})
    done = again.ask(kind, name=name, password=PASSWORD)
    assert (done.you.name, done.you.guest) == (name, False)  # type: ignore[union-attr]
    assert world.connect("Ann").hello(token=done.token).you == done.you
    assert again.refused(kind, name=name, password="not the same").code == "unauthorised"
    assert again.refused(kind, name="Bo", password=PASSWORD).code == "bad_request"


def test_the_session_goes_on_with_the_login_that_it_was_told_last() -> None:
    world = World()
    ann = guest(world)
    ann.ask(c.Register, name="Ann", password=PASSWORD)
    ann.ask(c.Register, name="Ann", password=PASSWORD)
    first, second = ann.ask(c.Logins).logins or []
    assert (first.current, second.current) == (False, True)
    ann.ask(c.Revoke, login=first.id)
    ann.says("still here")
    ann.ask(c.Revoke, login=second.id)
    world.settle()
    assert ann.closed


def test_a_guest_whose_account_was_made_and_who_is_none_yet_becomes_one() -> None:
    world = World()
    ann = guest(world)
    ann.sends(c.Register, name="Ann", password=PASSWORD)
    while not accounts(world):
        world.clock.step()
    ann.drops()
    world.settle()
    again = world.connect("Ann")
    again.hello(session=ann.secret, resume={})
    done = again.ask(c.Register, name="Ann", password=PASSWORD)
    assert done.token
    assert accounts(world) == ["Ann"]
