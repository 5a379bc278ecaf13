"""What is decided about people on one node holds on the other at once, and a moment later where nobody was told."""

from collections.abc import Callable

import pytest

from nexus.protocol import commands as c
from nexus.protocol import events as e
from nexus.protocol import operating as o
from tests.world.node import World
from tests.world.people import Person
from tests.world.together import Together

Told = Callable[[Together], None]


def told(both: Together) -> None:
    """The other node hears of it at once."""
    both.settles()


def untold(both: Together) -> None:
    """Nobody is told, and two seconds pass."""
    both.is_silent(2.1)


@pytest.fixture(params=[told, untold])
def learns(request: pytest.FixtureRequest) -> Told:
    """How the other node learns of something."""
    return request.param  # type: ignore[no-any-return]


def town() -> tuple[Together, Person, Person]:
    """Ann owns the server, on one node; Bo has an account, and is on the other."""
    both = Together()
    ann = both.near.member("Ann", "garden")
    both.near.does(both.near.node.operating.answer(o.SetRole("Ann", "owner")))
    bo = both.far.member("Bo", "garden")
    both.passes(4)
    return both, ann, bo


def enters(world: World, name: str) -> Person:
    """Another device of someone."""
    person = world.connect(name)
    person.hello(name=name, password="correct horse")
    return person


def test_a_ban_ends_the_session_on_the_other_node(learns: Told) -> None:
    both, ann, bo = town()
    ann.ask(c.Ban, name="Bo")
    learns(both)
    assert bo.closed
    assert both.far.connect("Bo").refused(c.Hello, name="Bo", password="correct horse").code


def test_a_guest_on_the_other_node_can_be_banned_and_removed(learns: Told) -> None:
    both, ann, _ = town()
    cy, dot = both.far.guest("Cy", "garden"), both.far.guest("Dot", "garden")
    both.passes(3)
    ann.ask(c.Ban, name="Cy")
    ann.ask(c.Remove, room="garden", name="Dot")
    learns(both)
    assert cy.closed
    assert dot.refused(c.Post, room="garden", text="still here").code == "not_joined"


def test_a_mute_is_told_on_the_other_node(learns: Told) -> None:
    both, ann, bo = town()
    ann.ask(c.Mute, name="Bo")
    learns(both)
    assert [one.text for one in bo.heard(e.Notice)] == ["A moderator muted you."]
    assert bo.refused(c.Post, room="garden", text="hello").code == "forbidden"
    assert bo.refused(c.Typing, room="garden").code == "forbidden"
    ann.ask(c.Unmute, name="Bo")
    learns(both)
    bo.says("hello again")


def test_who_is_taken_out_hears_nothing_more_on_the_other_node(learns: Told) -> None:
    both, ann, bo = town()
    room = ann.ask(c.Create, kind="private", title="Secrets").room
    assert room is not None
    ann.join(room.name)
    ann.ask(c.Add, room=room.name, name="Bo")
    learns(both)
    bo.join(room.name)
    both.passes(3)
    ann.ask(c.Remove, room=room.name, name="Bo")
    ann.says("he is gone", room.name)
    learns(both)
    assert bo.texts(room.name) == []
    assert bo.refused(c.Join, room=room.name).code == "not_found"


def test_someone_who_is_brought_into_a_room_knows_it_on_the_other_node(learns: Told) -> None:
    both, ann, bo = town()
    room = ann.ask(c.Create, kind="private", title="Secrets").room
    assert room is not None
    ann.ask(c.Add, room=room.name, name="Bo")
    learns(both)
    assert [one.room for one in bo.heard(e.Member) if one.room == room.name and one.member] == [room.name]


def test_a_role_is_another_one_on_the_other_node(learns: Told) -> None:
    both, _, bo = town()
    both.near.does(both.near.node.operating.answer(o.SetRole("Bo", "moderator")))
    learns(both)
    assert bo.heard(e.Yourself)[-1].role == "moderator"
    assert bo.ask(c.Acts).acts is not None


def test_a_login_that_is_revoked_ends_its_session_on_the_other_node(learns: Told) -> None:
    both, _, bo = town()
    device = enters(both.near, "Bo")
    both.passes(3)
    mine = [one for one in device.ask(c.Logins).logins or () if not one.current]
    device.ask(c.Revoke, login=mine[0].id)
    learns(both)
    assert bo.closed
    assert not device.closed


def test_a_password_that_is_changed_ends_the_other_sessions_on_all_nodes(learns: Told) -> None:
    both, _, bo = town()
    device = enters(both.near, "Bo")
    both.passes(3)
    device.ask(c.Password, old="correct horse", new="battery staple")
    learns(both)
    assert bo.closed
    assert not device.closed


def test_a_pause_holds_on_all_nodes(learns: Told) -> None:
    both, ann, _ = town()
    cy = both.far.guest("Cy", "garden")
    both.passes(3)
    ann.ask(c.Pause, on=True)
    learns(both)
    assert cy.refused(c.Post, room="garden", text="hello").code
    assert both.far.connect("Dot").refused(c.Hello, name="Dot").code == "forbidden"
    ann.ask(c.Pause, on=False)
    learns(both)
    cy.says("hello")


def test_whom_one_ignores_is_ignored_on_ones_other_node(learns: Told) -> None:
    both, _, bo = town()
    device = enters(both.near, "Bo")
    both.passes(3)
    device.ask(c.Ignore, name="Ann")
    learns(both)
    assert [one.name for one in bo.heard(e.Ignored)] == ["Ann"]


def test_a_room_that_is_deleted_is_gone_on_the_other_node(learns: Told) -> None:
    both, ann, bo = town()
    ann.ask(c.Create, room="shed")
    ann.join("shed")
    bo.join("shed")
    both.passes(3)
    both.near.does(both.near.node.operating.answer(o.DeleteRoom("shed", "shed")))
    learns(both)
    assert bo.refused(c.Post, room="shed", text="hello").code in ("not_joined", "not_found")


def test_who_comes_back_while_their_leaving_is_looked_at_stays() -> None:
    both, _, bo = town()
    device = enters(both.near, "Bo")
    device.join()
    both.passes(3)
    both.far.threads.held = True
    device.ask(c.Leave, room="garden")
    while both.near.air:
        both.near.air.arrive()
    both.far.threads.work()  # it is read that Bo does not belong there, which is not so any more when that arrives
    device.join()
    while both.near.air:
        both.near.air.arrive()
    both.far.threads.held = False
    both.far.threads.release()
    both.passes(3)
    assert bo.session is not None
    assert list(bo.session.member_of.values()) == ["member"]
    bo.join()
    bo.says("I am back")


def test_two_roles_given_in_a_row_end_with_the_last() -> None:
    both, _, bo = town()
    for role in ("moderator", "member", "admin"):
        both.near.does(both.near.node.operating.answer(o.SetRole("Bo", role)))
    both.passes(3)
    assert bo.heard(e.Yourself)[-1].role == "admin"
    assert bo.session is not None
    assert bo.session.role == "admin"
