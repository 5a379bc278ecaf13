"""Rooms that nobody is in are dropped, but not from under someone who enters."""

from nexus.protocol import commands as c
from nexus.protocol.replies import Done
from nexus.server.chores import DROP_IDLE_EVERY
from tests.world.node import World


def test_a_room_is_not_dropped_while_someone_enters_it() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    ann.says("hello")
    ann.ask(c.Leave, room="garden")
    world.clock.advance(DROP_IDLE_EVERY)  # the first look finds it empty
    ann.join("garden")
    ann.ask(c.Leave, room="garden")
    world.threads.held = True
    ref = ann.sends(c.Join, room="garden")

    world.clock.advance(DROP_IDLE_EVERY)  # the second one too, yet she is at the door
    world.threads.release()
    world.settle()

    assert isinstance(ann.reply(ref), Done)


def test_a_room_where_nobody_was_for_two_looks_is_dropped() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    ann.ask(c.Leave, room="garden")

    world.clock.advance(2 * DROP_IDLE_EVERY)

    assert not world.node.active_rooms.by_id
