"""Whole days, at full size: a class, a company, a public community under attack."""

from itertools import count

from msgspec.structs import replace

from nexus.protocol import commands as c
from nexus.protocol.events import Posted
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
    """Twenty private projects, whose people change at noon, direct messages, and a consultant who sees one project."""
    day = Day(seed=2)
    staff = [day.registers(f"person{number}") for number in range(200)]
    lobby = staff[0]
    lobby.enters("lobby")
    for one in staff[1:]:
        one.enters("lobby")
    projects = [project(day, number) for number in range(20)]
    consultant = consults(day, projects[0])
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
    finds_one_project(day, day.people[consultant], projects[0])


def consults(day: Day, room: str) -> str:
    """Somebody from outside comes by a link into a project, and finds nothing else; returns their name."""
    done = day.people["person0"].tries(c.Invite, room=room, limited=True)
    assert isinstance(done, Done)
    cy = day.registers("consultant", done.code)
    cy.enters(room)
    assert isinstance(cy.tries(c.Join, room="lobby"), Refused)
    return cy.name


def finds_one_project(day: Day, cy: Resident, room: str) -> None:
    """In the evening it is that project, and who writes to them directly."""
    rooms = {one.name: one.kind for one in cy.ask(c.Rooms).rooms or []}
    assert rooms.pop(room) == "private"
    assert set(rooms.values()) <= {"direct"}
    colleagues = {member.name for member in cy.ask(c.Who, room=room).members or []}
    stranger = next(name for name in day.people if name not in colleagues)
    assert cy.refused(c.Direct, names=[stranger]).message == cy.refused(c.Direct, names=["x"]).message.replace(
        "x", stranger, 1
    )


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


THERE = "203.0.113.66"
"""Where the attack comes from."""


def test_a_community_of_two_thousand_has_its_day_under_attack() -> None:
    """Fifty throwaway guests of one address flood the lobby at noon, rename, drop, and come back under other names."""
    day = Day(seed=3)
    ann = day.registers("Ann")
    day.world.durable.accounts[ann.account] = replace(day.world.durable.accounts[ann.account], role="moderator")
    assert ann.session is not None
    ann.session.role = "moderator"
    for number in range(499):
        day.registers(f"member{number}")
    for number in range(1500):
        day.comes(f"guest{number}", address=f"198.51.{number % 100}.{number // 100}")
    for number, one in enumerate(day.people.values()):
        one.enters("lobby" if number % 10 == 0 else f"topic{number % 10}")
    day.lives(6, 600)

    seen = messages(day)
    seq = attack(day, THERE)
    ann = day.wakes(day.people["Ann"])
    flooded = messages(day)
    banned = ann.tries(c.Ban, room="lobby", seq=seq, address=True, confirm=True, hours=24, purge=24, reason="flood")
    assert isinstance(banned, Done)
    assert banned.count == 50 * 6
    assert not [one for one in day.present() if one.address == THERE]
    day.people = {name: one for name, one in day.people.items() if one.address != THERE}
    assert isinstance(Resident(day.world, "again", day.faults, THERE).tries(c.Hello, name="again"), Refused)
    assert messages(day) == seen
    assert ann.ask(c.Search, query="buy").hits == []

    ann.tries(c.Undo, act=banned.act)
    assert messages(day) == flooded
    ann.tries(c.Ban, room="lobby", seq=seq, address=True, confirm=True, purge=24)
    day.lives(6, 600)
    day.ends()


def test_an_attack_from_everywhere_is_ended_and_taken_back_by_one_act() -> None:
    """The same fifty come from fifty addresses, to a community that has a private room, too."""
    day = Day(seed=4)
    ann = day.registers("Ann")
    day.world.durable.accounts[ann.account] = replace(day.world.durable.accounts[ann.account], role="moderator")
    for number in range(20):
        day.registers(f"member{number}")
        day.comes(f"guest{number}", address=f"198.51.100.{number}")
    for one in list(day.people.values()):
        one.enters("lobby")
    lead = day.people["member0"]
    plans = lead.ask(c.Create, kind="private", title="Plans").room
    assert plans is not None
    for name in ("member0", "member1"):
        lead.tries(c.Add, room=plans.name, name=name)
        day.people[name].enters(plans.name)
    day.lives(6, 200)

    day.world.clock.advance(2 * 3600)  # what guests said before that stands
    ann = day.wakes(day.people["Ann"])
    seen, before = messages(day), set(day.people)
    attack(day)
    flooded = messages(day)
    paused = ann.ask(c.Pause, purge=1, reason="flood")
    assert (paused.count, messages(day)) == (50 * 6, seen)
    assert isinstance(Resident(day.world, "again", day.faults, "203.0.99.1").tries(c.Hello, name="again"), Refused)
    ann.ask(c.Undo, act=paused.act)
    assert messages(day) == flooded
    ann.ask(c.Pause, purge=1)
    ann.ask(c.Pause, on=False)
    assert messages(day) == seen
    day.people = {name: one for name, one in day.people.items() if name in before}
    day.lives(6, 200)
    day.ends()


def messages(day: Day) -> list[tuple[int, str]]:
    """What stands in the lobby."""
    lobby = day.world.log(day.world.durable.rooms_by_key["lobby"])
    return [(one.event.seq, one.event.text) for one in lobby if isinstance(one.event, Posted) and one.event.text]


def attack(day: Day, there: str = "") -> int:
    """Everyone says three things under two names, drops, and comes back as somebody new; the last seq of it."""
    names, seq = (f"spam{number}" for number in count()), 0
    for _ in range(2):
        for number in range(50):
            one = day.comes(next(names), there or f"203.0.{number}.1")
            one.enters("lobby")
            for _ in range(3):
                done = one.tries(c.Post, room="lobby", text="buy now")
                seq = done.seq or 0 if isinstance(done, Done) else seq
                one.tries(c.Rename, name=next(names))
            one.drops()
    return seq
