"""Who is who: names, sessions, accounts, logins."""

import unicodedata

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from nexus.core.changes import Rehash
from nexus.protocol import commands as c
from nexus.protocol.events import Goodbye, Joined, Posted, Presence, Renamed
from nexus.protocol.replies import Done, Refused
from nexus.server.passwords import hash_of_nothing
from nexus.settings import Accounts, Pace
from tests.world.node import QUICK, World

PASSWORD = "correct horse"


def test_two_who_claim_one_free_name_at_once_exactly_one_wins() -> None:
    world = World()
    ann, other = world.connect("Ann"), world.connect("Ann")

    refs = [ann.sends(c.Hello, name="Ann"), other.sends(c.Hello, name="ANN")]
    replies = [ann.reply(refs[0]), other.reply(refs[1])]

    assert sorted(isinstance(reply, Done) for reply in replies) == [False, True]
    refused = next(reply for reply in replies if type(reply).__name__ == "Refused")
    assert refused.code == "name_taken"
    assert "ANN2" in refused.message or "Ann2" in refused.message  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["alice", "ALICE", "аlice", "ａｌｉｃｅ"])
def test_names_that_look_like_anothers_are_taken(name: str) -> None:
    world = World()
    world.guest("Alice")

    assert world.connect("x").refused(c.Hello, name=name).code == "name_taken"


@pytest.mark.parametrize("name", ["", "   ", "a" * 1000, "a\u202eb", "a\x00b", "Ann Lee", "../x", "a\nb"])
def test_a_name_that_breaks_a_rule_is_refused_and_another_may_be_tried(name: str) -> None:
    world = World()
    cy = world.connect("Cy")

    refused = cy.refused(c.Hello, name=name)

    assert refused.code == "name_invalid"
    cy.hello()


def test_nothing_but_hello_is_taken_first() -> None:
    world = World()
    cy = world.connect("Cy")

    assert cy.refused(c.Join, room="garden").code == "unauthorised"
    assert cy.refused(c.Hello).code == "unauthorised"
    cy.hello()
    assert cy.refused(c.Hello, name="Dee").code == "bad_request"


def test_a_session_continues_on_the_newest_connection_only() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")

    second = world.connect("Bo")
    second.hello(session=bo.secret, resume={})
    second.join()
    ann.says("hello")

    assert [goodbye.code for goodbye in bo.heard(Goodbye)] == ["replaced"]
    assert bo.closed
    assert second.texts() == ["hello"]


def test_a_forged_session_is_refused() -> None:
    world = World()
    bo = world.guest("Bo")
    assert bo.secret is not None
    forged = ("A" if bo.secret[0] != "A" else "B") + bo.secret[1:]

    for secret in (forged, "nonsense", "é", ""):
        assert world.connect("Cy").refused(c.Hello, session=secret).code == "unauthorised"


def test_a_guests_rename_is_announced_and_older_messages_keep_the_name() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    ann.says("hello")

    you = ann.ask(c.Rename, name="Anna").you

    assert you is not None
    assert you.name == "Anna"
    assert bo.heard(Renamed) == [Renamed(from_="Ann", to="Anna", guest=True)]
    assert [event.by for event in bo.history()] == ["Ann"]  # type: ignore[union-attr]
    world.guest("Ann")
    assert world.connect("x").refused(c.Hello, name="anna").code == "name_taken"


def test_an_accounts_rename_shows_in_its_older_messages() -> None:
    world = World()
    ann, bo = world.member("Ann", "garden"), world.guest("Bo", "garden")
    ann.says("hello")

    ann.ask(c.Rename, name="Anna")
    ann.says("again")

    assert bo.heard(Renamed) == [Renamed(from_="Ann", to="Anna")]
    assert {event.by for event in bo.history()} == {"Anna"}  # type: ignore[union-attr]
    assert {event.by for event in world.guest("Cy", "garden").heard(Posted)} == {"Anna"}


def test_a_rename_reaches_only_people_who_share_a_room() -> None:
    world = World()
    ann, bo, cy = world.member("Ann", "garden"), world.guest("Bo", "garden"), world.guest("Cy", "kitchen")

    ann.ask(c.Rename, name="Anna")

    assert bo.heard(Renamed)
    assert not cy.heard(Renamed)


def test_a_guest_who_registers_keeps_the_name_and_becomes_a_member_of_the_rooms() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    bo = world.guest("Bo", "garden")
    world.clock.advance(1)
    ann.forgets()

    done = bo.ask(c.Register, name="Bo", password=PASSWORD)

    assert done.you is not None
    assert (done.you.guest, done.you.role) == (False, "member")
    assert done.token
    assert [event.by for event in ann.heard(Joined)] == ["Bo"]
    world.clock.advance(1)
    assert not ann.heard(Presence)
    bo.says("as a member")
    assert ann.heard(Posted)[-1].guest is False


def test_a_token_logs_in_and_a_revoked_one_does_not() -> None:
    world = World()
    bo = world.connect("Bo")
    bo.hello()
    token = bo.ask(c.Register, name="Bo", password=PASSWORD).token
    phone = world.connect("Bo")
    phone.hello(token=token, client="phone")

    logins = phone.ask(c.Logins).logins
    assert logins is not None
    assert [login.current for login in logins] == [True]
    phone.ask(c.Revoke, login=logins[0].id)
    world.settle()

    assert [goodbye.code for goodbye in bo.heard(Goodbye)] == ["revoked"]
    assert phone.closed
    assert world.connect("x").refused(c.Hello, token=token).code == "unauthorised"
    assert world.connect("x").refused(c.Hello, session=bo.secret).code == "unauthorised"


def test_one_cannot_revoke_anothers_login() -> None:
    world = World()
    bo, cy = world.member("Bo"), world.member("Cy")
    logins = bo.ask(c.Logins).logins
    assert logins is not None

    assert cy.refused(c.Revoke, login=logins[0].id).code == "not_found"
    assert cy.refused(c.Revoke, login="x").code == "not_found"
    assert cy.refused(c.Revoke, login="9" * 60).code == "not_found"


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
def test_whoever_is_here_in_any_way_is_not_locked_out_by_many_addresses(way: str) -> None:
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


def test_an_accounts_name_stays_its_own_while_nobody_is_here() -> None:
    world = World()
    world.member("Bo").drops()
    world.clock.advance(3600)
    world.crash()

    assert world.connect("x").refused(c.Hello, name="bo").code == "name_taken"


def test_an_invite_that_made_nobody_administrator_can_be_used_again() -> None:
    world = World()
    invite = world.does(world.node.accounts.invite_admin())
    world.member("Bo")
    ann = world.guest("Ann")

    assert ann.refused(c.Register, name="Bo", password=PASSWORD, invite=invite).code == "name_taken"
    you = ann.ask(c.Register, name="Ann", password=PASSWORD, invite=invite).you
    assert you is not None
    assert you.role == "admin"


def test_the_invite_makes_one_administrator_once() -> None:
    world = World(accounts=Accounts(register="invited"))
    invite = world.does(world.node.accounts.invite_admin())
    ann, cy = world.guest("Ann"), world.guest("Cy")

    assert cy.refused(c.Register, name="Cy", password=PASSWORD).code == "forbidden"
    assert cy.refused(c.Register, name="Cy", password=PASSWORD, invite="guess").code == "unauthorised"
    you = ann.ask(c.Register, name="Ann", password=PASSWORD, invite=invite).you
    assert you is not None
    assert you.role == "admin"
    assert cy.refused(c.Register, name="Cy", password=PASSWORD, invite=invite).code == "unauthorised"
    assert world.store.has_admin()


def test_a_short_password_is_refused_with_what_would_be_right() -> None:
    world = World()

    refused = world.guest("Bo").refused(c.Register, name="Bo", password="short")

    assert refused.code == "bad_request"
    assert "8" in refused.message


def test_logging_out_ends_the_session_at_once() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    bo = world.guest("Bo", "garden")
    world.clock.advance(1)
    ann.forgets()

    bo.ask(c.Logout)
    world.settle()
    world.clock.advance(1)

    assert [goodbye.code for goodbye in bo.heard(Goodbye)] == ["ended"]
    assert [event.gone for event in ann.heard(Presence)] == [["Bo"]]
    world.guest("Bo")


def test_leaving_on_purpose_is_immediate_and_frees_the_name() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    world.clock.advance(1)
    ann.forgets()

    bo.closed = True
    world.chat.lost(bo.connection, leaving=True)
    world.clock.advance(1)

    assert [event.gone for event in ann.heard(Presence)] == [["Bo"]]
    world.guest("Bo")


def test_sessions_of_an_earlier_start_end_after_the_grace_time() -> None:
    world = World()
    world.guest("Bo")
    world.crash()
    assert world.connect("x").refused(c.Hello, name="Bo").code == "name_taken"

    world.clock.advance(world.settings.session.grace + 1)

    world.guest("Bo")


def test_a_member_comes_back_after_a_crash_by_the_session_alone() -> None:
    world = World()
    bo = world.member("Bo", "garden")
    world.crash()

    again = world.connect("Bo")
    you = again.hello(session=bo.secret).you

    assert you is not None
    assert (you.name, you.guest) == ("Bo", False)
