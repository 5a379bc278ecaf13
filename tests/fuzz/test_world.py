"""Commands in any order from several connections, on a whole node in memory; two bystanders notice nothing."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nexus.protocol.codec import BadFrame, decode
from nexus.protocol.codes import CODES
from nexus.protocol.events import Goodbye, Presence
from nexus.protocol.replies import Done, Refused
from tests.fuzz import material
from tests.world.node import World
from tests.world.people import Person

moves = st.lists(
    st.tuples(st.integers(0, 3), material.texts | material.commands.map(lambda command: json.dumps(command).encode()))
    | st.tuples(st.integers(0, 3), st.sampled_from(("drop", "stuck", "drain", "time"))),
    max_size=40,
)


class Crowd:
    """Connections that say anything; one that has ended is opened again."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sent: dict[int, int] = {}
        self.people = [world.connect(f"Cy{index}") for index in range(4)]

    def move(self, index: int, what: Any) -> None:
        """One does something."""
        person = self.people[index]
        if person.closed:
            self.people[index] = person = self.world.connect(f"Cy{index}")
        match what:
            case "drop":
                person.drops()
            case "stuck":
                person.stuck = True
            case "drain":
                person.drains()
            case "time":
                self.world.clock.advance(1)
            case _:
                self.say(person, what)
        self.world.settle()

    def say(self, person: Person, payload: bytes) -> None:
        """A payload arrives, as through a socket."""
        try:
            command = decode(payload)
        except BadFrame as bad:
            if not person.held_commands and not person.paused:
                self.world.chat.refuse(person.connection, bad.ref, bad)
        else:
            person.waiting.append(command)
            person.go_on()


def check(person: Person) -> None:
    """Whatever was heard is no fault of the server's."""
    for told in person.frames:
        assert not isinstance(told, Refused) or (told.code in CODES and told.code != "internal"), told
    assert not person.closed or person.close_code is None or isinstance(person.frames[-1], Goodbye)


@given(moves)
def test_any_input_leads_only_to_refusals_and_goodbyes(script: list[tuple[int, Any]]) -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")
    world.clock.advance(1)
    ann.forgets()
    bo.forgets()
    crowd = Crowd(world)

    for index, what in script:
        crowd.move(index, what)
        for person in crowd.people:
            check(person)

    assert [told for told in (*ann.frames, *bo.frames) if not isinstance(told, Presence)] == []
    assert isinstance(ann.says("Did you notice anything?"), Done)
    assert bo.texts() == ["Did you notice anything?"]
