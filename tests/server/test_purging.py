"""Messages that moderators hide, and let stand again."""

from nexus.protocol import commands as c
from nexus.protocol.events import Posted, Purged, Restored
from tests.server.test_moderation import acts, of_role
from tests.world.node import World
from tests.world.people import Person


def messages(person: Person, room: str = "garden") -> list[tuple[int, str]]:
    """What stands in a room: the seq and the text of each message, empty where it is gone."""
    events = person.history(room)
    return [(event.seq, "" if event.deleted else event.text) for event in events if isinstance(event, Posted)]


class Garden:
    """Bo says something long ago, and then much that nobody wants, which Cy reads."""

    def __init__(self) -> None:
        self.world = world = World()
        self.ann, self.bo = of_role(world, "Ann", "moderator"), world.member("Bo", "garden", "kitchen")
        self.cy = world.guest("Cy", "garden", "kitchen")
        self.bo.says("long ago")
        world.clock.advance(3600)
        self.since = world.clock.wall()
        self.seq = self.bo.says("spam @Cy").seq or 0
        self.cy.ask(c.React, room="garden", seq=self.seq, emoji="👎")
        edited = self.bo.says("spam").seq or 0
        self.bo.ask(c.Edit, room="garden", seq=edited, text="spam for sale")
        self.cy.says("please stop")
        self.bo.says("spam here too", "kitchen")

    def purge(self) -> int:
        """Ann hides it; the number of the act."""
        done = self.ann.ask(c.Purge, name="Bo", since=self.since, everywhere=True, reason="Spam.")
        assert done.count == 3
        return done.act or 0

    def unread(self) -> list[tuple[int | None, int | None]]:
        """What Cy has not read, by room."""
        return [(info.unread, info.mentions) for info in self.cy.ask(c.Rooms).rooms or ()]


def test_what_someone_said_since_a_time_is_hidden_everywhere() -> None:
    garden = Garden()
    cy, world = garden.cy, garden.world

    garden.purge()

    told = cy.heard(Purged)
    assert [(event.room, event.by, event.name, len(event.targets)) for event in told] == [
        ("garden", "Ann", "Bo", 2),
        ("kitchen", "Ann", "Bo", 1),
    ]
    assert [text for _, text in messages(cy)] == ["long ago", "", "", "please stop"]
    assert cy.ask(c.Search, query="spam").hits == []
    assert cy.ask(c.Search, query="sale").hits == []
    assert sorted(garden.unread()) == [(0, 0), (1, 0)]
    assert "spam" not in str([one.event for one in world.log(1) if isinstance(one.event, Posted)])
    newcomer = world.guest("Dot")
    newcomer.join("garden", last=50)
    assert "spam @Cy" not in newcomer.texts()


def test_what_was_hidden_stands_again_where_it_stood() -> None:
    garden = Garden()
    ann, cy = garden.ann, garden.cy
    before = {room: messages(cy, room) for room in ("garden", "kitchen")}, garden.unread()
    act = garden.purge()

    ann.ask(c.Undo, act=act)

    assert [(event.room, len(event.targets)) for event in cy.heard(Restored)] == [("garden", 2), ("kitchen", 1)]
    assert ({room: messages(cy, room) for room in ("garden", "kitchen")}, garden.unread()) == before
    (first,) = [event for event in cy.history() if isinstance(event, Posted) and event.seq == garden.seq]
    assert (first.mentions, list(first.reactions)) == (("Cy",), ["👎"])
    assert len(cy.ask(c.Search, query="spam").hits or ()) == 3
    assert [(act.verb, act.undone) for act in acts(ann)] == [("restore", False), ("purge", True)]
    late = garden.world.guest("Fay")
    late.join("garden", last=50)
    assert "spam @Cy" in late.texts()


def test_their_author_deletes_hidden_messages_for_good() -> None:
    world = World()
    ann, bo = of_role(world, "Ann", "moderator"), world.member("Bo", "garden")
    one, two = (bo.says(text).seq or 0 for text in ("mine", "mine too"))
    done = ann.ask(c.Purge, name="Bo", since=0, everywhere=True)
    bo.ask(c.Delete, room="garden", seq=one)
    ann.ask(c.Restore, act=done.act)
    assert messages(bo) == [(one, ""), (two, "mine too")]


def test_only_a_while_it_can_be_taken_back_and_then_nothing_is_left_of_it() -> None:
    world = World()
    ann, bo = of_role(world, "Ann", "moderator"), world.member("Bo", "garden")
    bo.says("spam")
    done = ann.ask(c.Purge, name="Bo", since=0, everywhere=True)
    world.clock.advance(72 * 3600 + 61)
    assert ann.refused(c.Undo, act=done.act).code == "forbidden"
    assert not world.durable.purged


def test_it_reaches_rooms_one_is_in_and_open_ones_and_no_others() -> None:
    world = World()
    ann, bo = of_role(world, "Ann", "moderator"), world.member("Bo", "garden")
    made = bo.ask(c.Create, kind="private", title="Secret").room
    assert made is not None
    bo.join(made.name)
    bo.says("a secret", made.name)
    bo.says("in the open")
    assert ann.ask(c.Purge, name="Bo", since=0, everywhere=True).count == 1
    assert messages(bo, made.name)[0][1] == "a secret"
    assert ann.refused(c.Purge, name="Bo", since=0, room=made.name).code == "not_found"


def test_a_purge_that_a_crash_interrupted_is_finished_by_the_next_start() -> None:
    world = World()
    ann, bo = of_role(world, "Ann", "moderator"), world.member("Bo", "garden")
    for number in range(250):
        bo.says(f"spam {number}")
    world.threads.held = True
    ann.sends(c.Purge, name="Bo", since=0, everywhere=True)
    world.settle()
    for _ in range(7):  # the act, the first look, and some of its messages
        world.threads.work()
        world.threads.arrive()
        world.settle()
    left = sum(text != "" for _, text in messages_of(world))
    assert 0 < left < 250

    world.crash()
    world.settle()

    assert [text for _, text in messages_of(world) if text] == []
    world.clock.advance(1)
    again = world.connect("Ann")
    again.hello(name="Ann", password="correct horse")
    again.ask(c.Undo, act=1)
    assert len([text for _, text in messages_of(world) if text]) == 250


def messages_of(world: World) -> list[tuple[int, str]]:
    """The same as it is stored."""
    events = [record.event for record in world.log(1)]
    return [(event.seq, event.text) for event in events if isinstance(event, Posted)]
