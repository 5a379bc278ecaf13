"""What is said in rooms that one belongs to and is not in is counted all the same, and none of it is heard."""

from nexus.client.view import RoomView
from nexus.protocol import commands as c
from nexus.protocol.events import Member, News, Posted, Read, Renamed
from nexus.protocol.replies import Done
from nexus.protocol.types import Brief, Position
from tests.world.node import World
from tests.world.people import Person


def elsewhere(world: World, name: str) -> Person:
    """Another device of an account, which is in none of its rooms."""
    person = world.connect(name)
    person.hello(name=name, password="correct horse")
    return person


def test_who_belongs_to_a_room_and_is_not_in_it_hears_once_that_something_was_said_and_by_whom() -> None:
    world = World()
    ann, _ = world.member("Ann", "garden"), world.member("Bo", "garden")
    phone = elsewhere(world, "Bo")
    ann.says("one")
    done = ann.says("two, @Bo and @here")
    assert phone.heard(News) == []

    world.clock.advance(1.0)
    assert done.seq is not None
    assert done.at is not None
    briefs = [Brief(done.seq - 1, "Ann"), Brief(done.seq, "Ann", mentions=("Bo",), here=True)]
    assert phone.heard(News) == [News(room="garden", last=Position(done.seq, done.at), posts=briefs)]
    assert phone.heard(Posted) == []
    assert ann.heard(News) == []
    world.clock.advance(5.0)
    assert len(phone.heard(News)) == 1


def test_strangers_guests_and_people_who_were_taken_out_hear_nothing_of_it() -> None:
    world = World()
    ann, bo, cy = world.member("Ann"), world.member("Bo"), world.guest("Cy")
    room = ann.ask(c.Create, title="plans", kind="private").room
    assert room is not None
    ann.join(room.name)
    ann.ask(c.Add, room=room.name, name="Bo")
    ann.says("secret", room=room.name)
    ann.ask(c.Remove, room=room.name, name="Bo")
    world.clock.advance(2.0)
    for person in (bo, cy):
        assert person.heard(News) == []


def test_what_is_said_while_one_says_hello_is_told_by_new_counts() -> None:
    world = World()
    ann, _ = world.member("Ann", "garden"), world.member("Bo", "garden")
    token = world.connect("Bo").hello(name="Bo", password="correct horse").token
    phone = world.connect("Bo")
    world.threads.held = True
    phone.sends(c.Hello, token=token)
    while not any(isinstance(frame, Done) for frame in phone.frames):
        ann.sends(c.Post, room="garden", text="missed")
        world.settle()
        world.clock.advance(2.0)
        assert world.threads.work()
        world.threads.arrive()
        world.settle()
    world.threads.held = False
    world.threads.release()
    world.clock.advance(2.0)

    (told,) = [one for one in phone.heard(Done)[0].rooms or [] if one.name == "garden"]
    view = RoomView("garden", own=lambda event: event.by == "Bo")
    view.told(told)
    for event in phone.heard(News) + phone.heard(Read):
        view.apply(event)
    assert view.unread == len(ann.texts())


def test_a_connection_that_takes_no_bytes_is_told_the_counts_once_it_does() -> None:
    world = World()
    ann, _ = world.member("Ann", "garden"), world.member("Bo", "garden")
    phone = elsewhere(world, "Bo")
    phone.paused = True
    ann.says("one")
    ann.says("two")
    world.clock.advance(3.0)
    assert phone.heard(News) == []
    phone.paused = False
    world.clock.advance(1.0)
    assert [(one.unread, one.mentions) for one in phone.heard(Read)] == [(2, 0)]


def test_a_thousand_messages_are_told_at_once_without_waiting_for_more() -> None:
    world = World()
    ann, _ = world.member("Ann", "garden"), world.member("Bo", "garden")
    phone = elsewhere(world, "Bo")
    for number in range(1000):
        ann.sends(c.Post, room="garden", text=str(number), nonce=str(number))
    world.settle()
    assert sum(len(one.posts) for one in phone.heard(News)) == 1000


def test_of_a_room_that_one_just_left_nothing_is_heard() -> None:
    world = World()
    ann, bo = world.member("Ann", "garden"), world.member("Bo", "garden")
    phone = elsewhere(world, "Bo")
    ann.says("one")
    bo.ask(c.Leave, room="garden")
    world.clock.advance(2.0)
    assert phone.heard(News) == []
    assert [one.member for one in phone.heard(Member)] == [False]


def test_who_belongs_to_a_room_with_someone_hears_their_new_name_without_being_in_it() -> None:
    world = World()
    ann, bo = world.member("Ann"), world.member("Bo")
    room = ann.ask(c.Direct, names=["Bo"]).room
    assert room is not None
    ann.join(room.name)
    ann.says("Hello", room=room.name)
    phone = elsewhere(world, "Ann")
    stranger = world.member("Cy", "shed")
    bo.ask(c.Rename, name="Bob")
    assert [(one.from_, one.to) for one in phone.heard(Renamed)] == [("Bo", "Bob")]
    assert stranger.heard(Renamed) == []


def test_a_message_that_was_deleted_is_unread_for_nobody_in_a_room_one_is_not_in() -> None:
    world = World()
    ann, _ = world.member("Ann", "garden"), world.member("Bo", "garden")
    phone = elsewhere(world, "Bo")
    seq = ann.says("gone soon, @Bo").seq
    world.clock.advance(2.0)
    ann.ask(c.Delete, room="garden", seq=seq)
    world.clock.advance(2.0)
    assert [(one.unread, one.mentions) for one in phone.heard(Read)] == [(0, 0)]
