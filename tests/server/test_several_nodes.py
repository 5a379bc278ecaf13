"""Two nodes on one store are one chat, whatever becomes of what they tell each other."""

import pytest

from nexus.ports import Unavailable
from nexus.protocol import commands as c
from nexus.protocol import events as e
from nexus.protocol.replies import Done
from nexus.settings import Settings
from tests.world.node import World
from tests.world.people import Person, events_of
from tests.world.together import Together


def names(person: Person, room: str = "garden") -> set[str]:
    """Who is in a room, as someone asks for it."""
    return {one.name for one in person.ask(c.Who, room=room).members or () if one.here}


def test_what_is_said_on_one_node_is_heard_on_the_other() -> None:
    both = Together()
    ann, bo = both.near.guest("Ann", "garden"), both.far.guest("Bo", "garden")
    ann.says("hello")
    both.settles()
    bo.says("hello yourself")
    both.settles()
    assert ann.texts() == bo.texts() == ["hello", "hello yourself"]


def test_an_idle_room_whose_only_announcement_was_lost_has_it_within_two_seconds() -> None:
    both = Together()
    ann, bo = both.near.guest("Ann", "garden"), both.far.guest("Bo", "garden")
    both.passes(3)
    ann.says("hello")
    both.is_silent(2.1)
    assert bo.texts() == ["hello"]


@pytest.mark.parametrize("seed", range(20))
def test_announcements_that_are_lost_repeated_late_or_out_of_order_change_nothing(seed: int) -> None:
    both = Together(seed)
    people = [both.near.guest("Ann", "garden"), both.far.guest("Bo", "garden"), both.far.guest("Cy", "garden")]
    said = []
    for number in range(60):
        person = people[number % 3]
        person.says(f"{person.name} {number}")
        said.append(f"{person.name} {number}")
        both.passes(0.1)
    both.passes(4)
    assert [person.texts() for person in people] == [said] * 3


def test_the_check_asks_again_where_the_store_could_not_answer() -> None:
    both = Together()
    ann, bo = both.near.guest("Ann", "garden"), both.far.guest("Bo", "garden")
    ann.says("hello")
    both.far.threads.unreadable = True
    both.is_silent(3)
    assert bo.texts() == []
    both.far.threads.unreadable = False
    both.is_silent(2.1)
    assert bo.texts() == ["hello"]


def test_who_knows_more_than_a_node_that_was_told_nothing_goes_on_there_without_a_reset() -> None:
    both = Together()
    ann = both.near.guest("Ann", "garden")
    both.far.guest("Cy", "garden")
    bo = both.near.connect("Bo")
    session = bo.hello().session
    bo.join()
    for number in range(3):
        ann.says(f"hello {number}")
    newest = bo.heard(e.Posted)[-1]
    both.loses()
    bo.drops()
    ann.says("meanwhile")
    both.loses()

    again = both.far.connect("Bo")
    again.hello(name=None, session=session, resume={"garden": {"seq": newest.seq, "at": newest.at}})

    assert again.heard(e.Reset) == []
    assert again.texts() == ["meanwhile"]


def test_what_a_node_was_not_told_of_can_be_named_there() -> None:
    both = Together()
    ann, bo = both.near.guest("Ann", "garden"), both.near.member("Bo", "garden")
    both.far.guest("Cy", "garden")
    both.passes(3)
    ann.says("hello")
    newest = bo.heard(e.Posted)[-1].seq
    both.loses()
    device = both.far.connect("Bo")
    hello = device.hello(name="Bo", password="correct horse")
    both.loses()
    assert [room.head for room in hello.rooms or ()] == [newest]
    assert isinstance(device.ask(c.Read, room="garden", seq=newest), Done)

    ann.says("hello again")
    both.loses()
    page = device.ask(c.History, room="garden", around=newest + 1)
    page = device.ask(c.History, room="garden", around=newest + 1)
    assert [one.text for one in events_of(page.events) if isinstance(one, e.Posted)][-1] == "hello again"

    ann.says("once more")
    both.loses()
    assert isinstance(device.ask(c.Report, room="garden", seq=newest + 2), Done)


def test_an_event_that_a_node_cannot_read_is_read_from_the_log() -> None:
    both = Together()
    ann, bo = both.near.guest("Ann", "garden"), both.far.guest("Bo", "garden")
    both.settles()
    ann.says("x" * 8000)
    for _ in range(40):
        ann.sends(c.Post, room="garden", text="y" * 8000)
    both.settles()
    assert len(bo.texts()) == 41


def test_people_on_another_node_are_here() -> None:
    both = Together()
    ann = both.near.guest("Ann", "garden")
    both.passes(0.5)
    bo = both.far.connect("Bo")
    bo.hello()
    done = bo.join()
    assert done.here == ["Ann", "Bo"]
    assert done.online == 2
    both.passes(1)
    assert ann.heard(e.Presence)[-1].here == ["Bo"]
    assert names(ann) == names(bo) == {"Ann", "Bo"}
    bo.ask(c.Leave, room="garden")
    both.passes(1)
    assert ann.heard(e.Presence)[-1].gone == ["Bo"]
    assert names(ann) == {"Ann"}


def test_who_is_here_is_right_a_moment_after_what_was_told_of_it_was_lost() -> None:
    both = Together()
    ann, _, dot = both.near.guest("Ann", "garden"), both.far.guest("Bo", "garden"), both.far.guest("Dot", "garden")
    dot.ask(c.Leave, room="garden")
    both.is_silent(1)
    assert names(ann) == {"Ann"}
    both.passes(3)
    assert names(ann) == {"Ann", "Bo"}


@pytest.mark.parametrize("seed", range(10))
def test_who_is_here_is_right_whatever_becomes_of_announcements(seed: int) -> None:
    both = Together(seed)
    ann, bo = both.near.guest("Ann", "garden"), both.far.guest("Bo", "garden")
    for number in range(12):
        guest = (both.near, both.far)[number % 2].guest(f"Guest{number}", "garden")
        both.passes(0.3)
        if number % 3:
            guest.drops() if number % 2 else guest.ask(c.Leave, room="garden")
        both.passes(0.3)
    both.random = None
    both.passes(8)
    assert names(ann) == names(bo)
    assert len(names(ann)) == 2 + 8


def test_the_people_of_a_node_that_died_are_gone_and_their_names_are_kept_for_the_grace_time() -> None:
    both = Together()
    ann, bo = both.near.guest("Ann", "garden"), both.far.guest("Bo", "garden")
    both.passes(1)
    both.far.dies()
    both.passes(5)
    assert names(ann) == {"Ann"}
    assert ann.heard(e.Presence)[-1].gone == ["Bo"]
    assert both.near.connect("Bo").refused(c.Hello, name="Bo").code == "name_taken"
    again = both.near.connect("Bo")
    again.hello(session=bo.secret, resume={"garden": {"seq": 0, "at": 0}})
    assert names(ann) == {"Ann", "Bo"}
    again.drops()
    both.passes(Settings().session.grace + 1)
    assert both.near.connect("Bo").hello(name="Bo").you is not None


def test_the_name_of_someone_who_did_not_come_back_from_a_node_that_died_is_free_after_the_grace_time() -> None:
    both = Together()
    both.far.guest("Bo", "garden")
    both.far.dies()
    both.passes(Settings().session.grace + 20)
    assert both.near.connect("Bo").hello(name="Bo").you is not None


def test_a_node_that_starts_ends_no_session_of_those_that_live() -> None:
    both = Together()
    ann, bo = both.near.guest("Ann", "garden"), both.far.guest("Bo", "garden")
    third = World(beside=both.near)
    both.passes(Settings().session.grace + 5)
    assert third.connect("Bo").refused(c.Hello, name="Bo").code == "name_taken"
    ann.says("hello")
    both.settles()
    assert bo.texts() == ["hello"]


def test_a_session_goes_on_at_another_node_though_the_first_believes_it_alive() -> None:
    both = Together()
    ann, bo = both.near.guest("Ann", "garden"), both.far.guest("Bo", "garden")
    ann.says("before")
    both.settles()
    again = both.near.connect("Bo")
    again.hello(session=bo.secret, resume={"garden": {"seq": 1, "at": 0}})
    both.settles()
    assert bo.closed
    assert bo.heard(e.Goodbye)[0].code == "replaced"
    ann.says("after")
    both.passes(Settings().session.grace + 5)
    assert again.texts() == ["after"]
    assert names(ann) == {"Ann", "Bo"}
    assert both.far.connect("Bo").refused(c.Hello, name="Bo").code == "name_taken"


def test_a_session_that_went_on_elsewhere_is_let_go_also_where_nobody_was_told() -> None:
    both = Together()
    bo = both.far.guest("Bo", "garden")
    both.passes(3)
    again = both.near.connect("Bo")
    again.hello(session=bo.secret)
    both.is_silent(2.1)
    assert bo.closed
    assert not again.closed


def test_a_session_comes_back_to_the_node_that_it_left_before_that_heard_of_it() -> None:
    both = Together()
    bo = both.far.guest("Bo", "garden")
    both.passes(3)
    there = both.near.connect("Bo")
    there.hello(session=bo.secret)
    both.loses()
    back = both.far.connect("Bo")
    back.hello(session=bo.secret)
    both.passes(5)
    assert there.closed
    assert not back.closed


def test_typing_and_read_marks_travel() -> None:
    both = Together()
    ann, bo = both.near.member("Ann", "garden"), both.far.guest("Bo", "garden")
    device = both.far.connect("Ann")
    device.hello(name="Ann", password="correct horse")
    device.join()
    both.passes(1)
    bo.says("hello")
    both.settles()
    ann.ask(c.Read, room="garden", seq=2)
    ann.ask(c.Typing, room="garden")
    both.passes(1)
    assert [(one.seq, one.unread) for one in device.heard(e.Read)][-1] == (2, 0)
    assert [one.by for one in bo.heard(e.Typing)] == ["Ann"]


def test_a_rename_is_heard_on_all_nodes() -> None:
    both = Together()
    ann, bo = both.near.guest("Ann", "garden"), both.far.guest("Bo", "garden")
    both.passes(1)
    ann.ask(c.Rename, name="Eve")
    both.passes(1)
    assert bo.heard(e.Renamed) == [e.Renamed(from_="Ann", to="Eve", guest=True)]
    assert names(bo) == {"Eve", "Bo"}


@pytest.mark.parametrize("is_lost", [False, True])
def test_an_account_that_is_renamed_is_so_on_its_other_node(is_lost: bool) -> None:
    both = Together()
    ann = both.near.member("Ann", "garden")
    device = both.far.connect("Ann")
    device.hello(name="Ann", password="correct horse")
    device.join()
    both.passes(3)
    ann.ask(c.Rename, name="Eve")
    both.is_silent(2.1) if is_lost else both.settles()
    device.says("I am Eve")
    both.passes(3)
    assert ann.heard(e.Posted)[-1].by == "Eve"
    assert names(ann) == names(device) == {"Eve"}


def test_what_is_said_in_a_room_that_one_belongs_to_and_is_not_in_is_counted_once_on_another_node() -> None:
    both = Together()
    ann, bo = both.near.guest("Ann", "garden"), both.far.member("Bo", "garden")
    bo.drops()
    back = both.far.connect("Bo")
    back.hello(name="Bo", password="correct horse")
    both.passes(200)  # nobody is in the garden there any more, and it is not in use
    assert not both.far.node.active_rooms.by_id
    for text in ("one", "two"):
        ann.says(text)
        both.near.air.arrive(again=True)
        both.settles()
    both.passes(2)
    assert [brief.by for event in back.heard(e.News) for brief in event.posts] == ["Ann", "Ann"]


def test_one_node_at_a_time_does_what_is_for_all() -> None:
    both = Together()
    near, far = both.near.node.chores.nodes, both.far.node.chores.nodes
    assert near is not None
    assert far is not None
    assert (near.leads, far.leads) == (True, False)
    both.near.dies()
    both.passes(5)
    assert far.leads


def test_a_node_that_was_given_up_looks_at_everything_when_it_is_back() -> None:
    both = Together()
    bo = both.far.guest("Bo", "garden")
    both.passes(3)
    both.far.cluster.fail = Unavailable("The database cannot be reached.")
    both.is_silent(5)
    again = both.near.connect("Bo")
    again.hello(session=bo.secret)
    both.loses()
    both.far.cluster.fail = None
    both.is_silent(1.1)
    assert bo.closed
    assert not again.closed


def test_all_nodes_show_one_link_for_the_first_administrator_until_somebody_is_it() -> None:
    both = Together()
    near, far = (world.does(world.node.accounts.invite_admin(fresh=False)) for world in (both.near, both.far))
    assert near == far
    ann = both.far.guest("Ann")
    ann.ask(c.Register, name="Ann", password="correct horse", invite=near)
    assert both.near.does(both.near.node.accounts.invite_admin(fresh=False)) == ""


def test_a_node_tells_how_much_it_lacks_and_that_it_was_read() -> None:
    both = Together()
    ann, bo = both.near.guest("Ann", "garden"), both.far.guest("Bo", "garden")
    both.passes(3)
    far = both.far.node.chores.nodes
    assert far is not None
    assert far.behind == 0
    for text in ("one", "two"):
        ann.says(text)
    while not bo.texts():
        both.is_silent(0.05)
    assert far.behind == 2
    assert bo.texts() == ["one", "two"]
    both.is_silent(1.1)
    near = both.near.node.chores.nodes
    assert near is not None
    assert [row.behind for row in near.known] == [0, 2]
    both.is_silent(2.1)
    assert far.behind == 0


def test_a_node_that_went_is_told_as_gone_for_a_while_and_does_not_count() -> None:
    both = Together()
    near = both.near.node.chores.nodes
    assert near is not None
    both.far.dies()
    both.passes(5)
    assert [row.gone for row in near.known] == [False, True]
    assert len(near.all) == 1


def test_nodes_go_by_one_clock_though_their_machines_do_not() -> None:
    both = Together()
    ann, bo = both.near.guest("Ann", "garden"), both.far.guest("Bo", "garden")
    both.near.heart.ahead, both.far.heart.ahead = -3_600_000, 3_600_000
    both.passes(1.1)
    assert both.near.heart.wall() == both.far.heart.wall() == both.near.clock.wall()
    for person in (bo, ann, bo):
        person.says("hello")
        both.passes(0.5)
    times = [event.at for event in ann.heard(e.Posted)]
    assert [late - times[0] for late in times] == [0, 500, 1000]
