"""Bots: made by those whose they are, by a token that is told once, and never more than their owner."""

from typing import Any

from nexus.protocol import commands as c
from nexus.protocol import operating as o
from nexus.protocol.events import Goodbye, Member, Posted, Promoted, Removed, Renamed
from nexus.settings import Accounts
from tests.world.node import World
from tests.world.people import Person


def bot(world: World, owner: Person, name: str = "Dot") -> Person:
    """A bot that has said hello with its token."""
    token = owner.ask(c.Bot, name=name).token
    assert token is not None
    dot = world.connect(name)
    dot.hello(token=token)
    return dot


def private_room(ann: Person, *names: str) -> str:
    made = ann.ask(c.Create, kind="private", title="Plans").room
    assert made is not None
    ann.join(made.name)
    for name in names:
        ann.ask(c.Add, room=made.name, name=name)
    return made.name


def test_a_bot_says_hello_with_its_token_and_talks() -> None:
    world = World()
    ann = world.member("Ann", "garden")
    dot = bot(world, ann)
    assert dot.session is not None
    assert (dot.session.you.name, dot.session.you.role, dot.session.you.guest) == ("Dot", "bot", False)
    dot.join("garden")
    dot.says("beep", "garden")
    assert ann.heard(Posted)[-1].by == "Dot"
    members = {one.name: (one.role, one.owner) for one in ann.ask(c.Who, room="garden").members or ()}
    assert members["Dot"] == ("bot", "Ann")


def test_bots_are_listed_get_another_token_and_are_ended_by_their_owner_alone() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo")
    dot = bot(world, ann)
    assert [one.name for one in ann.ask(c.Bots).bots or ()] == ["Dot"]
    assert bo.ask(c.Bots).bots == []
    assert bo.refused(c.Bot, name="Dot").code == "name_taken"
    assert bo.refused(c.Unbot, name="Dot").message == bo.refused(c.Unbot, name="Ann").message.replace("Ann", "Dot")
    again = bot(world, ann)
    assert dot.heard(Goodbye)[-1].code == "revoked"
    ann.ask(c.Unbot, name="Dot")
    assert again.heard(Goodbye)[-1].code == "revoked"
    assert ann.ask(c.Bots).bots == []


def test_a_bot_makes_no_bots_nor_rooms_and_has_no_password() -> None:
    world = World()
    dot = bot(world, world.member("Ann", "garden"))
    tries: list[tuple[type[c.Command], dict[str, Any]]] = [
        (c.Bot, {"name": "Dash"}),
        (c.Bots, {}),
        (c.Create, {"room": "shed"}),
        (c.Create, {"kind": "private", "title": "Mine"}),
        (c.Password, {"old": "", "new": "correct horse"}),
        (c.Erase, {"password": ""}),
        (c.Accept, {"code": "none"}),
        (c.Mute, {"name": "Ann"}),
    ]
    assert {dot.refused(kind, **fields).code for kind, fields in tries} == {"forbidden"}
    assert dot.refused(c.Join, room="nowhere").code == "not_found"
    assert world.connect("Dot").refused(c.Hello, name="Dot", password="").code == "unauthorised"


def test_as_many_bots_as_the_server_lets_a_person_have() -> None:
    world = World(accounts=Accounts(bots=1))
    ann = world.member("Ann")
    bot(world, ann)
    assert ann.refused(c.Bot, name="Dash").code == "too_many"
    assert world.guest("Cy").refused(c.Bot, name="Dash").code == "forbidden"


def test_a_bot_that_moderates_a_room_hides_messages_and_takes_people_out() -> None:
    world = World()
    ann, cy = world.member("Ann", "garden"), world.guest("Cy", "garden")
    dot = bot(world, ann)
    dot.join("garden")
    seq = cy.says("buy this", "garden").seq
    assert dot.refused(c.Delete, room="garden", seq=seq).code == "forbidden"
    ann.ask(c.Promote, room="garden", name="Dot", role="moderator")
    dot.ask(c.Delete, room="garden", seq=seq)
    dot.ask(c.Remove, room="garden", name="Cy")
    assert cy.refused(c.Post, room="garden", text="again").code == "not_joined"


def test_who_is_taken_out_of_a_private_room_hears_nothing_of_it_by_their_bot() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo")
    dot = bot(world, bo)
    room = private_room(ann, "Bo", "Dot")
    dot.join(room)
    ann.ask(c.Remove, room=room, name="Bo")
    ann.says("now we are alone", room)
    assert [one.name for one in dot.heard(Removed)] == []
    assert dot.heard(Member)[-1].role == "none"
    assert "alone" not in str(dot.frames)
    assert dot.refused(c.History, room=room).code == "not_found"
    assert [one.name for one in ann.heard(Removed)] == ["Bo", "Dot"]
    assert bo.refused(c.History, room=room).code == "not_found"


def test_nobody_brings_a_bot_into_a_private_room_without_its_owner() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo")
    dot = bot(world, bo)
    room = private_room(ann)
    assert ann.refused(c.Add, room=room, name="Dot").code == "forbidden"
    ann.ask(c.Add, room=room, name="Bo")
    ann.ask(c.Add, room=room, name="Dot")
    dot.join(room)
    bo.join(room)
    bo.ask(c.Leave, room=room)
    assert dot.refused(c.Post, room=room, text="beep").code in ("not_joined", "not_found")


def test_a_bot_moderates_no_more_than_its_owner() -> None:
    world = World()
    ann, bo = world.member("Ann", "garden"), world.member("Bo", "garden")
    dot = bot(world, bo)
    dot.join("garden")
    assert ann.refused(c.Promote, room="garden", name="Dot", role="moderator").code == "forbidden"
    for name in ("Bo", "Dot"):
        ann.ask(c.Promote, room="garden", name=name, role="moderator")
    ann.ask(c.Promote, room="garden", name="Bo", role="member")
    assert [(one.name, one.role) for one in dot.heard(Promoted)][-1] == ("Dot", "member")
    assert dot.refused(c.Remove, room="garden", name="Ann").code == "forbidden"


def test_a_bot_goes_with_its_owner_who_is_banned_limited_or_erased() -> None:
    for end in ("ban", "limit", "erase"):
        world = World()
        ann, bo = world.member("Ann", "garden"), world.member("Bo", "garden")
        assert ann.session is not None
        ann.session.role = "admin"
        world.durable.accounts[1] = type(world.durable.accounts[1])(1, "Ann", "admin", "")
        dot = bot(world, bo)
        dot.join("garden")
        if end == "erase":
            bo.ask(c.Erase, password="correct horse")
            assert [(one.from_, one.to) for one in ann.heard(Renamed)][-1][1] == "former member"
        else:
            ann.ask(c.Ban if end == "ban" else c.Limit, name="Bo")
        world.settle()
        assert dot.closed, end
        assert not any(one.account == 3 for one in world.durable.logins.values())


def test_the_operator_makes_lists_and_ends_bots() -> None:
    world = World()
    world.member("Ann")
    answer = world.does(world.node.operating.answer(o.MakeBot("Dot", "ann")))
    dot = world.connect("Dot")
    dot.hello(token=answer["token"])
    rows = world.does(world.node.operating.answer(o.Bots()))["users"]
    assert [(row["name"], row["owner"]) for row in rows] == [("Dot", "Ann")]
    world.does(world.node.operating.answer(o.EndBot("Dot")))
    assert dot.heard(Goodbye)[-1].code == "revoked"
    assert world.does(world.node.operating.answer(o.Bots()))["users"] == []
    acts = world.does(world.node.operating.answer(o.Audit()))["acts"]
    assert [act["verb"] for act in acts] == ["erase", "bot"]
