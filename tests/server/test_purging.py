"""Messages that moderators hide, and let stand again."""

import pytest

from nexus.protocol import commands as c
from nexus.protocol.events import Posted, Purged, Restored
from nexus.protocol.replies import Refused
from tests.server.private_rooms import private
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


# --- a message of somebody else is deleted --------------------------------------------------------


def test_a_deletion_by_a_moderator_is_hidden_at_once_and_taken_back_wholly() -> None:
    world = World()
    ann, bo, cy = of_role(world, "Ann", "moderator"), world.member("Bo", "garden"), world.guest("Cy", "garden")
    seq = bo.says("spam @Cy").seq or 0
    cy.ask(c.React, room="garden", seq=seq, emoji="👎")

    done = ann.ask(c.Delete, room="garden", seq=seq, nonce="n1")

    assert ann.ask(c.Delete, room="garden", seq=seq, nonce="n1").act == done.act
    assert [(event.seq, event.by, event.name, event.targets) for event in cy.heard(Purged)] == [
        (done.seq, "Ann", "Bo", [seq])
    ]
    assert messages(cy) == [(seq, "")]
    assert [(act.act, act.verb, act.by, act.name, act.room) for act in acts(ann)] == [
        (done.act, "delete", "Ann", "Bo", "garden")
    ]
    world.clock.advance(60)
    ann.ask(c.Undo, act=done.act)
    assert [event.targets for event in cy.heard(Restored)] == [[seq]]
    (found,) = [event for event in cy.history() if isinstance(event, Posted)]
    assert (found.text, found.mentions, list(found.reactions)) == ("spam @Cy", ("Cy",), ["👎"])


@pytest.mark.parametrize(
    ("role", "of", "code"),
    [
        ("moderator", "admin", "forbidden"),
        ("moderator", "owner", "forbidden"),
        ("moderator", "moderator", "forbidden"),
        ("admin", "moderator", ""),
        ("admin", "owner", "forbidden"),
        ("owner", "admin", ""),
        ("member", "member", "forbidden"),
    ],
)
def test_who_deletes_what_others_said_stands_above_them(role: str, of: str, code: str) -> None:
    world = World()
    world.member("Eve", "garden")  # who owns it
    ann, bo = of_role(world, "Ann", role), of_role(world, "Bo", of)
    seq = bo.says("hello").seq
    reply = ann.reply(ann.sends(c.Delete, room="garden", seq=seq))
    assert (reply.code if isinstance(reply, Refused) else "") == code


def test_those_who_look_after_a_private_room_delete_and_take_back_in_it() -> None:
    world = World()
    ann, bo, cy, eve = (world.member(name) for name in ("Ann", "Bo", "Cy", "Eve"))
    room = private(ann)
    for person in (bo, cy):
        ann.ask(c.Add, room=room, name=person.name)
        person.join(room)
    ann.ask(c.Promote, room=room, name="Bo", role="moderator")
    by_ann, by_cy = ann.says("mine", room).seq, cy.says("unkind", room).seq or 0
    assert cy.refused(c.Delete, room=room, seq=by_ann).code == "forbidden"
    assert bo.refused(c.Delete, room=room, seq=by_ann).code == "forbidden"

    act = bo.ask(c.Delete, room=room, seq=by_cy).act

    assert [event.targets for event in cy.heard(Purged)] == [[by_cy]]
    assert [(one.act, one.verb, one.name) for one in acts(ann)] == [(act, "delete", "Cy")]
    for person in (cy, eve):
        assert person.refused(c.Acts).code == "forbidden"
        assert person.refused(c.Undo, act=act).code == "forbidden"
    ann.ask(c.Undo, act=act)
    assert dict(messages(cy, room))[by_cy] == "unkind"
    assert [event.by for event in cy.heard(Restored)] == ["Ann"], "Who took it back."


def test_what_its_author_deletes_stays_deleted_even_when_others_take_it_back() -> None:
    world = World()
    ann, bo = of_role(world, "Ann", "moderator"), world.member("Bo", "garden")
    seq = bo.says("spam").seq or 0
    act = ann.ask(c.Delete, room="garden", seq=seq).act
    bo.ask(c.Delete, room="garden", seq=seq)
    ann.ask(c.Undo, act=act)
    assert messages(bo) == [(seq, "")]


def test_ones_own_deletion_is_no_act() -> None:
    world = World()
    ann = of_role(world, "Ann", "moderator")
    seq = ann.says("oops").seq
    assert ann.ask(c.Delete, room="garden", seq=seq).act is None
    assert acts(ann) == []


def messages_of(world: World) -> list[tuple[int, str]]:
    """The same as it is stored."""
    events = [record.event for record in world.log(1)]
    return [(event.seq, event.text) for event in events if isinstance(event, Posted)]
