"""Who is who: names, sessions, accounts, logins."""

import pytest

from nexus.protocol import commands as c
from nexus.protocol.events import Goodbye, Joined, Posted, Presence, Renamed
from nexus.protocol.replies import Done
from nexus.settings import Accounts
from tests.world.node import World

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
