"""Private rooms that several tests need."""

from nexus.protocol import commands as c
from tests.world.people import Person


def private(owner: Person, title: str = "Plans") -> str:
    """A private room of its owner, who is in it."""
    room = owner.ask(c.Create, kind="private", title=title).room
    assert room is not None
    owner.join(room.name)
    return room.name


def lives(ann: Person, bo: Person) -> str:
    """A private room in which things happen; returns its name."""
    room = private(ann, "Secret plans")
    ann.ask(c.Add, room=room, name="Bo")
    bo.join(room)
    for number in range(5):
        ann.says(f"secret {number} @Cy @here", room)
    ann.ask(c.Pin, room=room, seq=3)
    ann.ask(c.Promote, room=room, name="Bo", role="moderator")
    bo.ask(c.Delete, room=room, seq=bo.says("oh", room).seq)
    ann.ask(c.Configure, room=room, title="Plans")
    ann.ask(c.Invite, room=room, uses=3)
    return room
