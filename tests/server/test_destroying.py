"""Rooms that their owners take away: they are there for nobody, until that is undone or nothing is left of them."""

from typing import Any

import pytest

from nexus.protocol import commands as c
from nexus.protocol.events import Destroyed, Member, Notice, Posted, Revived
from nexus.protocol.types import Position
from tests.server.private_rooms import private
from tests.server.test_moderation import acts, of_role
from tests.server.test_private import PROBES, login
from tests.world.node import World
from tests.world.people import Person

HOURS = 3600


class Garden:
    """Ann made the garden; Bo belongs to it, Cy is there as a guest."""

    def __init__(self, **settings: Any) -> None:
        self.world = world = World(**settings)
        self.ann = world.member("Ann")
        self.ann.ask(c.Create, room="garden", topic="What grows")
        self.ann.join("garden")
        self.bo, self.cy = world.member("Bo", "garden"), world.guest("Cy", "garden")
        self.bo.says("roses @Ann")
        self.cy.says("and tulips")

    def goes(self, **fields: Any) -> int:
        """Ann deletes it; the number of the act."""
        return self.ann.ask(c.Destroy, room="garden", confirm=True, **fields).act or 0


def texts(person: Person, room: str = "garden") -> list[str]:
    """What stands in a room."""
    return [event.text for event in person.history(room) if isinstance(event, Posted)]


def test_it_is_said_first_what_goes_and_nothing_is_done() -> None:
    garden = Garden()
    refused = garden.ann.refused(c.Destroy, room="garden")
    assert refused.code == "bad_request"
    assert refused.message == "2 messages and 2 members go with 'garden'; confirm that you want to delete it."
    garden.bo.says("still here")


def test_the_room_is_there_for_nobody_any_more_and_everybody_learns_it_live() -> None:
    garden = Garden()
    away = login(garden.world, "Bo")
    for person in (garden.ann, garden.bo, garden.cy, away):
        person.forgets()

    garden.goes(reason="It is winter.")

    for person in (garden.ann, garden.bo, garden.cy, away):
        assert person.heard(Member) == [Member(room="garden", member=False, role="none", by="Ann")]
        assert [one.text for one in person.heard(Notice)] == ["Ann deleted the room 'garden'."]
        assert person.heard(Destroyed) == []
    garden.world.clock.advance(120)  # presence, and what else comes late
    assert garden.bo.texts() == []


@pytest.mark.parametrize("name", ["Ann", "Bo", "Cy", "Eve"])
def test_every_answer_is_the_one_of_a_world_where_nobody_made_it(name: str) -> None:
    assert answers(name, there=True) == answers(name, there=False)


def answers(name: str, *, there: bool) -> list[str]:
    """What is answered to everything that somebody asks about a room that was deleted, or never made."""
    world = World(rooms=rooms_of_members())
    people = {one: world.member(one) for one in ("Ann", "Bo")} | {"Cy": world.guest("Cy")}
    people["Eve"] = of_role_without_a_room(world, "Eve", "moderator")
    if there:
        people["Ann"].ask(c.Create, room="shed", topic="Tools")
        for one in people.values():
            one.join("shed")
        for _ in range(5):
            people["Ann"].says("secret roses @Bo @here", "shed")
        people["Ann"].ask(c.Destroy, room="shed", confirm=True)
    person = people[name]
    probes = [(command, fields) for command, fields in PROBES if command not in (c.Join, c.Create)]
    said = [person.reply(person.sends(command, **{"room": "shed"} | fields)) for command, fields in probes]
    said += [person.reply(person.sends(c.Join, room="shed"))] if name == "Cy" else []
    said += [person.reply(person.sends(command)) for command in (c.Rooms, c.Reports, c.Bans)]
    said.append(person.reply(person.sends(c.Search, query="secret in:shed")))
    said += [person.reply(person.sends(c.Invite, room="shed")), person.reply(person.sends(c.Destroy, room="shed"))]
    return [str(one.__class__(**{**fields_of(one), "ref": 0})) for one in said]


def fields_of(struct: Any) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def rooms_of_members() -> Any:
    from nexus.settings import Rooms

    return Rooms(create="members")


def of_role_without_a_room(world: World, name: str, role: str) -> Person:
    person = of_role(world, name, role)
    person.ask(c.Leave, room="garden")
    return person


def test_nobody_takes_its_name_meanwhile_and_who_joins_makes_no_other() -> None:
    garden = Garden()
    garden.goes()
    assert garden.bo.refused(c.Create, room="garden").code == "name_taken"
    assert garden.bo.refused(c.Create, room="gardеn").code == "name_taken"  # with a Cyrillic letter
    assert garden.bo.refused(c.Join, room="garden").message == "There is no room 'garden'."
    assert garden.cy.refused(c.Join, room="garden").code == "not_found"


def test_a_session_that_resumes_it_is_told_and_goes_on_without_it() -> None:
    garden = Garden()
    secret = garden.bo.secret
    garden.bo.drops()
    garden.goes()
    again = garden.world.connect("Bo")
    done = again.hello(session=secret, name="Bo", resume={"garden": Position(1)})
    assert done.rooms == []
    assert [one.text for one in again.heard(Notice)] == ["There is no room 'garden'."]


def test_it_comes_back_with_all_that_was_in_it() -> None:
    garden = Garden()
    ann, bo = garden.ann, garden.bo
    ann.ask(c.Promote, room="garden", name="Bo", role="moderator")
    bo.ask(c.Read, room="garden", seq=4)
    before, who = texts(ann), [(one.name, one.place) for one in ann.ask(c.Who, room="garden").members or ()]
    act = garden.goes()
    garden.world.clock.advance(HOURS)
    bo.forgets()

    ann.ask(c.Undo, act=act)

    assert bo.heard(Member) == [Member(room="garden", member=True, name="Bo", role="moderator", by="Ann")]
    joined = bo.join("garden", last=0)
    assert joined.room is not None
    assert (joined.room.topic, joined.room.read, joined.room.role) == ("What grows", 4, "moderator")
    assert texts(bo) == before
    ann.join("garden")
    now = [(one.name, one.place) for one in ann.ask(c.Who, room="garden").members or () if not one.guest]
    assert now == [one for one in who if one[1]]
    assert [type(event) for event in ann.history()][-2:] == [Destroyed, Revived]
    assert len(bo.ask(c.Search, query="roses").hits or ()) == 1
    bo.says("home again")
    assert ann.texts()[-1] == "home again"
    assert [(one.verb, one.name, one.room, one.undone) for one in acts(ann)] == [
        ("revive", "garden", "garden", False),
        ("destroy", "garden", "garden", True),
    ]
    assert ann.refused(c.Undo, act=act).code == "forbidden"


def test_only_its_owners_and_administrators_delete_an_open_room_and_bring_it_back() -> None:
    garden = Garden()
    world, bo, cy = garden.world, garden.bo, garden.cy
    mo, eve = of_role(world, "Mo", "moderator"), of_role(world, "Eve", "admin")
    for person in (bo, cy, mo):
        assert person.refused(c.Destroy, room="garden", confirm=True).code == "forbidden"
    act = eve.ask(c.Destroy, room="garden", confirm=True, reason="Spam.").act
    assert [(one.verb, one.by, one.reason) for one in acts(mo)] == [("destroy", "Eve", "Spam.")]
    for person in (bo, cy, mo):
        assert person.refused(c.Undo, act=act).code == "forbidden"
    assert bo.refused(c.Acts).code == "forbidden"
    assert [one.verb for one in acts(garden.ann)] == ["destroy"], "It was her room."
    garden.ann.ask(c.Undo, act=act)
    assert texts(bo) == ["roses @Ann", "and tulips"]


def test_nobody_deletes_a_direct_room_nor_where_everyone_begins() -> None:
    world = World()
    ann, _, eve = world.member("Ann"), world.member("Bo"), of_role(world, "Eve", "owner")
    direct = ann.ask(c.Direct, names=["Bo"]).room
    assert direct is not None
    assert ann.refused(c.Destroy, room=direct.name, confirm=True).code == "forbidden"
    eve.join(world.settings.rooms.first)
    assert eve.refused(c.Destroy, room=world.settings.rooms.first, confirm=True).code == "forbidden"


def test_what_was_on_its_way_behind_it_is_not_stored() -> None:
    garden = Garden()
    world, bo = garden.world, garden.bo
    code = garden.ann.ask(c.Invite, room="garden").code
    dot = world.member("Dot")
    world.threads.held = True
    going = garden.ann.sends(c.Destroy, room="garden", confirm=True)
    world.settle()  # it is with the writer now
    sent = [
        bo.sends(c.Post, room="garden", text="too late", nonce="n"),
        bo.sends(c.React, room="garden", seq=2, emoji="👍"),
        dot.sends(c.Accept, code=code),
        garden.cy.sends(c.Post, room="garden", text="too late"),
    ]
    world.threads.held = False
    world.threads.release()
    world.settle()

    assert garden.ann.reply(going).ref == going
    replies = [bo.reply(sent[0]), bo.reply(sent[1]), dot.reply(sent[2]), garden.cy.reply(sent[3])]
    assert [getattr(reply, "code", "done") for reply in replies] == [
        "not_joined",
        "not_joined",
        "unauthorised",
        "not_joined",
    ]
    aside = world.durable.destroyed[1]
    assert aside.row.head == max(seq for room, seq in world.durable.records if room == 1)
    assert isinstance(world.durable.records[1, aside.row.head].event, Destroyed)


def test_after_a_while_nothing_is_left_and_the_name_is_free() -> None:
    garden = Garden()
    act = garden.goes()
    garden.world.clock.advance(72 * HOURS + 61)
    garden.world.settle()
    assert garden.ann.refused(c.Undo, act=act).code == "forbidden"
    assert "roses" not in str(garden.world.durable)
    garden.bo.join("garden")
    assert texts(garden.bo) == []
    garden.bo.says("a new one")
    assert garden.ann.ask(c.Search, query="one").hits != []
    assert [one.name for one in garden.ann.ask(c.Rooms).rooms or ()] == ["garden"]
    assert garden.bo.ask(c.Destroy, room="garden", confirm=True).act == act + 1


def test_what_its_author_erased_meanwhile_does_not_come_back() -> None:
    garden = Garden()
    act = garden.goes()
    garden.bo.ask(c.Erase, password="correct horse", messages="remove")
    garden.ann.ask(c.Undo, act=act)
    assert texts(garden.ann) == ["", "and tulips"]


# --- private rooms --------------------------------------------------------------------------------


def test_a_private_room_is_its_owners_to_delete_and_to_bring_back_and_nobody_else_learns_of_it() -> None:
    world = World()
    ann, bo, eve = world.member("Ann"), world.member("Bo"), of_role(world, "Eve", "owner")
    room = private(ann, "Plans")
    ann.ask(c.Add, room=room, name="Bo")
    ann.ask(c.Promote, room=room, name="Bo", role="moderator")
    ann.says("secret", room)
    assert eve.refused(c.Destroy, room=room, confirm=True).code == "not_found"
    assert bo.refused(c.Destroy, room=room, confirm=True).code == "forbidden"

    act = ann.ask(c.Destroy, room=room, confirm=True, reason="Done with it.").act or 0

    assert acts(eve) == []
    assert eve.refused(c.Undo, act=act).message == f"There is no act {act}; `acts` lists them."
    assert bo.refused(c.Acts).code == "forbidden"
    assert {bo.refused(c.Undo, act=number).message for number in (act, act + 1, 1)} == {
        "Only the moderators of this server may do that."
    }
    assert [(one.verb, one.name, one.room, one.reason) for one in acts(ann)] == [
        ("destroy", "Plans", room, "Done with it.")
    ]
    assert eve.ask(c.Mute, name="Bo").act == 1, "The number tells nothing of other acts."
    for person in (ann, bo, eve):
        assert person.refused(c.Join, room=room).code == "not_found"
    ann.ask(c.Undo, act=act)
    assert texts(bo, room) == ["secret"]
    assert acts(eve)[0].verb == "mute"
    assert len(acts(eve)) == 1


def test_of_a_private_room_not_even_the_reason_is_left() -> None:
    world = World()
    ann = world.member("Ann")
    room = private(ann, "Surprise party")
    ann.says("for Bo", room)
    ann.ask(c.Destroy, room=room, confirm=True, reason="Bo knows of the cake.")
    world.clock.advance(72 * HOURS + 61)
    world.settle()
    left = str(world.durable)
    assert [text for text in ("Surprise", "for Bo", "cake", room) if text in left] == []
