"""Which password is whose, and how often somebody may guess."""

import unicodedata

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from structlog.testing import capture_logs

from nexus.core.changes import Rehash
from nexus.protocol import commands as c
from nexus.protocol.replies import Done, Refused
from nexus.server.passwords import hash_of_nothing
from nexus.settings import Accounts, Pace
from tests.world.node import QUICK, World

PASSWORD = "correct horse"


def test_a_password_is_the_same_from_every_keyboard() -> None:
    composed, decomposed = "grüner-tee", unicodedata.normalize("NFD", "grüner-tee")
    world = World()
    for name, first, later in (("Ann", composed, decomposed), ("Bo", decomposed, composed)):
        world.guest(name).ask(c.Register, name=name, password=first)
        for password in (first, later):
            you = world.connect(name).ask(c.Hello, name=name, password=password).you
            assert you is not None
            assert not you.guest
        assert world.connect(name).refused(c.Hello, name=name, password="gruner-tee").code == "unauthorised"


def test_every_kind_of_blank_in_a_password_is_the_same() -> None:
    world = World()
    world.guest("Ann").ask(c.Register, name="Ann", password="green\u00a0tea at\u3000five")
    for password in ("green tea at five", "green\u202ftea at five"):
        assert world.connect("Ann").ask(c.Hello, name="Ann", password=password).you is not None
    for password in ("greentea at five", " green tea at five", "green tea at five\u00a0"):
        assert world.connect("Ann").refused(c.Hello, name="Ann", password=password).code == "unauthorised"


def test_a_password_that_an_earlier_version_hashed_in_another_form_goes_on() -> None:
    world = World()
    world.guest("Ann").ask(c.Register, name="Ann", password=PASSWORD)
    for form in (unicodedata.normalize("NFD", "grüner-tee"), "grüner\u00a0tee"):
        account = world.store.account("ann")
        assert account is not None
        world.store.commit([], [Rehash(account.id, account.hash, QUICK.hash(form))])

        assert world.connect("Ann").ask(c.Hello, name="Ann", password=form).you is not None


def test_looking_for_nobody_takes_the_same_work_as_for_someone() -> None:
    hasher = PasswordHasher()
    nothing = hash_of_nothing(hasher)
    assert not hasher.check_needs_rehash(nothing)  # the same parameters, so the same work
    with pytest.raises(VerifyMismatchError):
        hasher.verify(nothing, "anything")


def test_an_unknown_name_and_a_wrong_password_are_answered_alike() -> None:
    world = World()
    world.member("Bo")
    cy = world.guest("Cy")

    wrong = cy.refused(c.Login, name="Bo", password="wrong")
    unknown = cy.refused(c.Login, name="Nobody", password="wrong")
    at_hello = world.connect("x").refused(c.Hello, name="Bo", password="wrong")

    assert (wrong.code, wrong.message) == (unknown.code, unknown.message) == (at_hello.code, at_hello.message)


def test_passwords_cannot_be_tried_without_end() -> None:
    world = World(pace=Pace(logins=0.1, logins_burst=3))
    world.member("Bo")

    codes = [world.connect("x").refused(c.Hello, name="Bo", password="guess").code for _ in range(5)]

    assert codes == ["unauthorised"] * 3 + ["too_fast"] * 2
    world.clock.advance(11)
    assert world.connect("x").hello(name="Bo", password=PASSWORD).token


def guess(world: World, sources: range) -> list[str]:
    """What each source is told that tries one wrong password of Bo's."""
    people = [world.connect("x", address=f"198.51.100.{number}") for number in sources]
    return [one.refused(c.Hello, name="Bo", password="guess").code for one in people]


def test_many_addresses_get_hardly_further_than_one_and_lock_nobody_out() -> None:
    world = World(pace=Pace(logins=0.1, logins_burst=3))
    world.member("Bo")
    assert world.connect("x", address="192.0.2.7").hello(name="Bo", password=PASSWORD).token

    assert guess(world, range(10)) == ["unauthorised"] * 6 + ["too_fast"] * 4
    assert world.connect("x", address="192.0.2.7").hello(name="Bo", password=PASSWORD).token
    assert world.connect("x", address="192.0.2.8").refused(c.Hello, name="Bo", password=PASSWORD).code == "too_fast"


@pytest.mark.parametrize("way", ["register", "register in hello", "token", "session"])
def test_anyone_who_is_here_in_any_way_is_not_locked_out_by_many_addresses(way: str) -> None:
    world = World(pace=Pace(logins=0.1, logins_burst=3))
    token = (
        None
        if way.startswith("register")
        else world.connect("Bo").hello(name="Bo", password=PASSWORD, register=True).token
    )
    bo = world.connect("Bo", address="192.0.2.7")
    match way:
        case "register":
            bo.hello(name="Bo")
            bo.ask(c.Register, name="Bo", password=PASSWORD)
        case "register in hello":
            bo.hello(name="Bo", password=PASSWORD, register=True)
        case "token":
            bo.hello(token=token)
        case _:
            session = world.connect("Bo", address="192.0.2.9").hello(token=token).session
            bo.hello(session=session)
    bo.drops()

    assert guess(world, range(10)) == ["unauthorised"] * 6 + ["too_fast"] * 4
    assert world.connect("x", address="192.0.2.7").hello(name="Bo", password=PASSWORD).token


def test_one_source_that_fails_keeps_nobody_else_out() -> None:
    world = World(pace=Pace(logins=0.1, logins_burst=3))
    world.member("Bo")

    for _ in range(100):
        world.connect("x", address="198.51.100.1").refused(c.Hello, name="Bo", password="guess")
    assert world.connect("x", address="192.0.2.8").hello(name="Bo", password=PASSWORD).token


def test_right_passwords_count_for_nothing() -> None:
    world = World(pace=Pace(logins=0.1, logins_burst=3))
    world.member("Bo")
    people = [world.connect("x") for _ in range(100)]

    assert all(one.hello(name="Bo", password=PASSWORD).token for one in people)


def test_passwords_that_are_tried_at_once_are_counted_before_they_are_hashed() -> None:
    world = World(pace=Pace(logins=0.1, logins_burst=3))
    world.member("Bo")
    people = [world.connect("x") for _ in range(10)]

    refs = [one.sends(c.Hello, name="Bo", password="guess") for one in people]
    world.settle()
    replies = [one.reply(ref) for one, ref in zip(people, refs, strict=True)]
    assert [isinstance(one, Refused) and one.code for one in replies].count("unauthorised") == 3


@pytest.mark.parametrize("wrong", [0, 2, 3])
def test_a_class_that_comes_in_at_once_with_one_account_waits_for_one_another(wrong: int) -> None:
    world = World(pace=Pace(logins=0.1, logins_burst=3))
    world.member("Bo")
    people = [world.connect("x") for _ in range(40)]

    guesses = ["guess"] * wrong + [PASSWORD] * (len(people) - wrong)
    refs = [one.sends(c.Hello, name="Bo", password=said) for one, said in zip(people, guesses, strict=True)]
    world.settle()
    replies = [one.reply(ref) for one, ref in zip(people, refs, strict=True)]

    assert sum(isinstance(one, Done) for one in replies) == (0 if wrong == 3 else len(people) - wrong)
    refused = [one.code for one in replies if isinstance(one, Refused)]
    assert refused.count("unauthorised") == wrong
    assert refused.count("too_fast") == (len(people) - wrong if wrong == 3 else 0)


def test_passwords_hashed_at_once_are_limited() -> None:
    world = World(accounts=Accounts(hashing_waiting=2))
    people = [world.guest(f"Guest{number}") for number in range(4)]
    world.threads.held = True
    refs = [person.sends(c.Register, name=f"Member{number}", password=PASSWORD) for number, person in enumerate(people)]
    world.settle()
    world.threads.held = False
    world.threads.release()

    made = [isinstance(person.reply(ref), Done) for person, ref in zip(people, refs, strict=True)]

    assert sorted(made) == [False, True, True, True]  # one is hashed, and two wait


def test_the_log_says_who_came_in_who_failed_and_whose_login_ended() -> None:
    world = World()
    with capture_logs() as lines:
        world.guest("Ann").ask(c.Register, name="Ann", password=PASSWORD)
        world.connect("Ann").refused(c.Hello, name="Ann", password="wrong horse")
        phone = world.connect("Ann")
        phone.ask(c.Hello, name="Ann", password=PASSWORD)
        phone.ask(c.Logout)

    assert [line["event"] for line in lines] == [
        *("an account was made", "an account logged in", "a login failed", "a login was ended")
    ]  # the second time that she logged in was within the same second
    assert all(line["address"] for line in lines[:3])
    assert PASSWORD not in str(lines)
