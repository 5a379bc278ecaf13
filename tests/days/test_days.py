"""Whole days, at full size: a class, a company, a public community under attack."""

from nexus.protocol import commands as c
from nexus.protocol.replies import Done, Refused
from tests.days.day import Day
from tests.days.resident import Resident


def test_a_class_of_thirty_has_its_day() -> None:
    """A lesson in which only the teacher talks, work in groups, and somebody who has to be quiet for an hour."""
    day = Day(seed=1)
    ann = day.registers("Ann")
    ann.tries(c.Create, room="biology", topic="cells")
    ann.enters("biology")
    pupils = [day.comes(f"pupil{number}") for number in range(30)]
    for one in pupils:
        one.enters("biology")
    day.lives(1, 60)

    ann.tries(c.Configure, room="biology", posting="moderators")
    assert isinstance(pupils[0].tries(c.Post, room="biology", text="but"), Refused)
    day.lives(1, 60)
    ann.tries(c.Configure, room="biology", posting="everyone", slow=0)
    for number in range(5):
        room = f"group{number}"
        for one in pupils[number::5]:
            day.people[one.name].enters(room)
    day.lives(4, 400)
    day.ends()
    assert len(day.said) > 200


def test_a_company_of_two_hundred_has_its_day() -> None:
    """Twenty private projects, whose people change at noon, and direct messages."""
    day = Day(seed=2)
    staff = [day.registers(f"person{number}") for number in range(200)]
    lobby = staff[0]
    lobby.enters("lobby")
    for one in staff[1:]:
        one.enters("lobby")
    projects = [project(day, number) for number in range(20)]
    day.lives(4, 500, every=[lambda one: writes_to(day, one)] * 3)

    for number, room in enumerate(projects):  # at noon some change over to the next project
        lead, moved = day.people[f"person{number}"], f"person{number + 20}"
        lead = lead.returns() if lead.closed else lead
        day.people[lead.name] = lead
        assert isinstance(lead.tries(c.Remove, room=room, name=moved), Done)
        heir = day.people[f"person{(number + 1) % 20}"]
        heir = day.people[heir.name] = heir.returns() if heir.closed else heir
        assert isinstance(heir.tries(c.Add, room=projects[(number + 1) % 20], name=moved), Done)
    day.lives(4, 700, every=[lambda one: writes_to(day, one)] * 3)
    day.ends()
    assert len(day.said) > 500


def project(day: Day, number: int) -> str:
    """A private room of ten: its lead and those who come in by being added."""
    lead = day.people[f"person{number}"]
    done = lead.tries(c.Create, kind="private", title=f"Project {number}")
    assert isinstance(done, Done)
    assert done.room is not None
    room = done.room.name
    for other in range(number + 20, 200, 20):
        assert isinstance(lead.tries(c.Add, room=room, name=f"person{other}"), Done)
        day.people[f"person{other}"].enters(room)
    lead.enters(room)
    return room


def writes_to(day: Day, one: Resident) -> None:
    """A direct message to one or two others."""
    names = [
        other for other in day.chance.sample(sorted(day.people), day.chance.choice((1, 1, 2))) if other != one.name
    ]
    done = one.tries(c.Direct, names=names)
    if isinstance(done, Done) and done.room is not None:
        one.enters(done.room.name)
        day.talks_in(one, done.room.name)
