"""People who try what is not theirs: in every order, on two connections at once, and after it was taken from them."""

import re
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from nexus.protocol import commands as c
from nexus.protocol.codec import encode
from nexus.protocol.replies import Done, Refused
from tests.server.private_rooms import lives, private
from tests.server.test_moderation import of_role
from tests.server.test_private import PROBES
from tests.world.node import World
from tests.world.people import Person

# --- a world with a private room, and the same one without it ---------------------------------------

NOWHERE = f"p-{'a' * 20}"

NAMES = ("ROOM", "ROOM", "garden", "plans", "secret-plans", "Secret plans", "meadow", f"p-{'b' * 20}")
"""What rooms are called that somebody asks for: ROOM is the private one."""

ELSEWHERE: list[tuple[type[c.Command], dict[str, Any]]] = [
    (c.Create, {"kind": "private", "title": "Secret plans", "room": None}),
    (c.Create, {"kind": "private", "title": "Mine", "from_": "ROOM", "room": None, "history": True}),
    (c.Configure, {"name": "plans"}),
    (c.Join, {"last": 5}),
    (c.Rooms, {}),
    (c.Direct, {"names": ["Ann"]}),
    (c.Search, {"query": "in:ROOM secret", "room": None}),
    (c.Search, {"query": "from:Ann", "room": None}),
    (c.Acts, {}),
    (c.Undo, {"act": 1 << 52}),
    (c.Reports, {}),
    (c.Bans, {}),
    (c.Rename, {"name": "Plans"}),
    (c.Invite, {"room": None}),
    (c.Uninvite, {"invite": 1}),
    (c.Report, {"room": "garden", "seq": 1}),
]

tries = st.lists(st.tuples(st.sampled_from(PROBES + ELSEWHERE), st.sampled_from(NAMES)), min_size=1, max_size=12)


class Both:
    """Cy in two worlds that differ by one private room and what goes on there."""

    def __init__(self, role: str) -> None:
        self.rooms: list[str] = []
        self.people: list[Person] = []
        for there in (True, False):
            world = World()
            ann, bo = world.member("Ann", "garden"), world.member("Bo", "garden")
            self.rooms.append(lives(ann, bo) if there else NOWHERE)
            cy = world.guest("Cy", "garden") if role == "guest" else world.member("Cy", "garden")
            assert cy.session is not None
            if role not in ("guest", "member"):
                account = world.durable.accounts[3]
                world.durable.accounts[3] = type(account)(3, "Cy", role, account.hash)
                cy.session.role = role
            cy.forgets()
            self.people.append(cy)

    def say(self, command: type[c.Command], name: str, fields: dict[str, Any]) -> None:
        """The same in both; whatever is heard of it is the same."""
        told = []
        for cy, room in zip(self.people, self.rooms, strict=True):
            said = {"room": name} | fields if "room" in command.__struct_fields__ else dict(fields)
            given = {
                key: value.replace("ROOM", room) if isinstance(value, str) else value for key, value in said.items()
            }
            cy.reply(cy.sends(command, **given))
            told.append([scrubbed(encode(frame).decode().replace(room, "ROOM")) for frame in cy.frames])
            cy.forgets()
        assert told[0] == told[1], (command, name, fields)


def scrubbed(frame: str) -> str:
    """Without what is drawn by lot."""
    made = re.sub(r'"(name|room|title)":"p-[a-z2-7]{20}"', r'"\1":"p-"', frame)
    return re.sub(r'"(person|code|url)":"[^"]+"', "", made)


@pytest.mark.parametrize("role", ["guest", "member", "admin", "bot"])
def test_no_order_of_commands_tells_a_world_with_a_private_room_from_one_without(role: str) -> None:
    @settings(max_examples=25, deadline=None, derandomize=True, database=None)
    @given(tries)
    def check(said: list[tuple[tuple[type[c.Command], dict[str, Any]], str]]) -> None:
        both = Both(role)
        for (command, fields), name in said:
            both.say(command, name, fields)

    check()


# --- on two connections at once --------------------------------------------------------------------

TAKEN: list[tuple[type[c.Command], dict[str, Any]]] = [
    (c.Remove, {"room": "ROOM", "name": "Bo"}),
    (c.Mute, {"name": "Bo"}),
    (c.Ban, {"name": "Bo"}),
    (c.Configure, {"room": "ROOM", "posting": "moderators"}),
    (c.Configure, {"room": "ROOM", "archived": True}),
    (c.Destroy, {"room": "ROOM", "confirm": True}),
]
SAID: list[tuple[type[c.Command], dict[str, Any]]] = [
    (c.Post, {"text": "behind it"}),
    (c.Edit, {"seq": 3, "text": "behind it"}),
    (c.React, {"seq": 3, "emoji": "👍"}),
    (c.Pin, {"seq": 3}),
]


def takes(world: World, ann: Person, command: type[c.Command], fields: dict[str, Any]) -> None:
    """Ann's command is stored just now, and nobody has heard so."""
    durable = world.durable

    def known() -> tuple[int, int]:
        return len(durable.acts), len(durable.records)

    before = known()
    world.threads.held = True
    ann.sends(command, **fields)
    while known() == before:
        world.threads.arrive()
        world.settle()
        world.threads.work()


@pytest.mark.parametrize(("taking", "fields"), TAKEN)
def test_nothing_is_stored_behind_what_took_the_right_whichever_connection_says_it(
    taking: type[c.Command], fields: dict[str, Any]
) -> None:
    for command, said in SAID:
        world = World()
        ann, bo = of_role(world, "Ann", "owner"), world.member("Bo")
        room = private(ann, "Plans")
        ann.ask(c.Add, room=room, name="Bo")
        bo.join(room)
        assert bo.says("a word", room).seq == 3
        phone = world.connect("Bo")
        phone.hello(name="Bo", password="correct horse")
        phone.join(room)
        takes(world, ann, taking, {key: room if value == "ROOM" else value for key, value in fields.items()})
        refs = [(one, one.sends(command, room=room, **said)) for one in (bo, phone)]
        world.settle()
        world.threads.held = False
        world.threads.release()
        world.settle()
        for one, ref in refs:
            replies = [frame for frame in one.frames if isinstance(frame, Done | Refused) and frame.ref == ref]
            assert all(isinstance(reply, Refused) for reply in replies), (taking, command, replies)
        assert "behind it" not in str(world.durable.records), (taking, command)


def test_a_moderator_who_is_none_any_more_does_nothing_that_was_on_its_way() -> None:
    for command, fields in (
        (c.Ban, {"name": "Cy"}),
        (c.Mute, {"name": "Cy"}),
        (c.Pause, {}),
        (c.Limit, {"name": "Cy"}),
    ):
        world = World()
        ann, bo, _ = of_role(world, "Ann", "owner"), of_role(world, "Bo", "admin"), world.member("Cy")
        takes(world, ann, c.Promote, {"name": "Bo", "role": "member"})
        ref = bo.sends(command, **fields)
        world.settle()
        world.threads.held = False
        world.threads.release()
        assert isinstance(bo.reply(ref), Refused), command
        assert [act.verb for act in world.durable.acts.values()] == ["role"], command


# --- after it was taken ----------------------------------------------------------------------------


def test_who_was_removed_is_told_what_a_stranger_is_told_whatever_they_ask() -> None:
    world = World()
    ann, bo, cy = world.member("Ann"), world.member("Bo"), world.member("Cy")
    room = lives(ann, bo)
    assert len(bo.ask(c.Search, query="secret").hits or []) == 5
    ann.ask(c.Remove, room=room, name="Bo")
    again = world.connect("Bo")
    again.hello(name="Bo", password="correct horse", session=bo.secret)
    again.forgets()
    for command, fields in PROBES:
        told = [one.reply(one.sends(command, **{"room": room} | fields)) for one in (again, cy)]
        words = [scrubbed(re.sub(r'"ref":\d+', "", encode(one).decode())) for one in told]
        assert words[0] == words[1], (command, fields)
    assert again.refused(c.Search, query=f"secret in:{room}").code == "not_found"
    for query in ("secret", "from:Ann", "oh"):
        assert again.ask(c.Search, query=query).hits == []
    assert "secret" not in str(again.frames)
